// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * freeze.c - the system call that freezes this OS, and what to do when a task
 * does not stop
 */
#include "daemon/freeze.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <systemd/sd-daemon.h>

#include "common/util.h"
#include "daemon/freezer.h"
#include "daemon/log.h"

/* No record of /dev/kmsg is longer (kernel/printk/printk.c, CONSOLE_EXT_LOG_MAX). */
#define RECORD_MAX 8192

/* What tasks get to stop at the first tries, in ms; at the last, what is set. */
static const unsigned int patience[] = { 3000, 6000 };

static void add_name(struct freeze_refusal *ret, const char *name, size_t n)
{
	static const char more[] = ", ...";
	size_t used = strlen(ret->names);
	const char *comma = used ? ", " : "";
	char *end = ret->names + used;
	size_t room = sizeof(ret->names) - used;

	if (strlen(comma) + n + sizeof(more) <= room)
		snprintf(end, room, "%s%.*s", comma, (int)n, name);
	else if (used < strlen(more) || strcmp(end - strlen(more), more) != 0)
		snprintf(end, room, "%s", more);
}

/*
 * "Freezing of tasks failed after 20.004 seconds (1 tasks refusing to freeze,
 * wq_busy=0):", from Linux 6.4 on "Freezing user space processes failed ...",
 * and then for each "task:jbd2/vda-8      state:S stack:0 ..."
 * (kernel/power/process.c, kernel/sched/core.c).
 */
static void parse_line(const char *line, size_t n, struct freeze_refusal *ret)
{
	static const char task[] = "task:";
	static const char state[] = " state:";
	const char *name;
	const char *end;

	if (memmem(line, n, "Freezing ", 9) &&
	    memmem(line, n, " failed after ", 14)) {
		ret->refused = true;
		ret->names[0] = '\0';
		return;
	}
	name = memmem(line, n, task, strlen(task));
	if (!ret->refused || !name)
		return;
	name += strlen(task);
	end = memmem(name, (size_t)(line + n - name), state, strlen(state));
	if (!end)
		return;
	while (end > name && end[-1] == ' ')
		end--;
	if (end > name)
		add_name(ret, name, (size_t)(end - name));
}

void freeze_parse(const char *record, struct freeze_refusal *ret)
{
	while (*record) {
		size_t n = strcspn(record, "\n");

		parse_line(record, n, ret);
		record += n;
		if (*record)
			record++;
	}
}

static void read_log(int log, struct freeze_refusal *ret)
{
	char record[RECORD_MAX + 1];
	ssize_t n;

	for (;;) {
		n = read(log, record, RECORD_MAX);
		if (n < 0 && (errno == EINTR || errno == EPIPE))
			continue;
		if (n <= 0)
			return;
		record[n] = '\0';
		freeze_parse(record, ret);
	}
}

static void tell(const char *what, unsigned int ms,
		 const struct freeze_refusal *refusal)
{
	log_notice(
		"tasks did not stop within %u s, so the %s is tried again: %s",
		ms / 1000, what, refusal->names);
	sd_notifyf(0, "STATUS=Tasks do not stop, the %s is tried again", what);
}

static int set_limit(unsigned int ms)
{
	int r = freezer_set_limit(ms);

	if (r < 0)
		log_warning(
			"the kernel's time for tasks to stop cannot be set to %u ms: %s",
			ms, strerror(-r));
	return r;
}

static int freeze_once(struct device *device, struct osti_ioc_switch *sw,
		       int log, struct freeze_refusal *ret)
{
	int r = device_switch(device, sw);

	*ret = (struct freeze_refusal){ .refused = false };
	if (r == -EBUSY && log >= 0)
		read_log(log, ret);
	return r;
}

int freeze_switch(struct device *device, struct osti_ioc_switch *sw,
		  const char *what, struct freeze_refusal *ret)
{
	_cleanup_close_ int log = -1;
	const struct osti_ioc_switch wanted = *sw;
	unsigned int own;
	bool early;
	size_t i;
	int r;

	log = freezer_log();
	r = log < 0 ? log : freezer_limit(&own);
	if (r < 0) {
		log_warning(
			"a task that does not stop before the %s is waited for as long as the kernel does: %s",
			what, strerror(-r));
		return freeze_once(device, sw, log, ret);
	}
	for (i = 0;; i++) {
		early = i < ARRAY_SIZE(patience) && patience[i] < own &&
			set_limit(patience[i]) == 0;
		if (!early)
			set_limit(own);
		*sw = wanted;
		r = freeze_once(device, sw, log, ret);
		if (!early || !ret->refused)
			break;
		tell(what, patience[i], ret);
	}
	if (early)
		set_limit(own);
	return r;
}
