// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * flush.c - waits until disks have what was written, before this OS is frozen
 */
#include "daemon/flush.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <systemd/sd-daemon.h>

#include "common/util.h"
#include "daemon/dirty.h"
#include "daemon/log.h"

/* How often it is told how much is left. */
#define TELL_USEC (5 * USEC_PER_SEC)
/* /proc/meminfo has some 50 lines. */
#define MEMINFO_MAX 8192

struct flush {
	const char *what;
	flush_done done;
	void *userdata;
	pid_t pid;
	sd_event_source *child;
	sd_event_source *timer;
};

/* A value of /proc/meminfo in bytes, 0 if it is not there. */
static uint64_t value_of(const char *meminfo, const char *name)
{
	const char *at = strstr(meminfo, name);

	return at ? strtoull(at + strlen(name), NULL, 10) * 1024 : 0;
}

uint64_t flush_parse(const char *meminfo)
{
	return value_of(meminfo, "\nDirty:") +
	       value_of(meminfo, "\nWriteback:");
}

uint64_t flush_left(void)
{
	char text[MEMINFO_MAX];

	dirty_read(text, sizeof(text));
	return flush_parse(text);
}

static void tell(const struct flush *flush)
{
	const unsigned long long mib = flush_left() >> 20;

	log_notice("%llu MiB are to be written to disk before the %s", mib,
		   flush->what);
	sd_notifyf(0, "STATUS=Writing %llu MiB to disk before the %s", mib,
		   flush->what);
}

static int on_time(sd_event_source *source, uint64_t usec, void *userdata)
{
	struct flush *flush = userdata;
	int r;

	(void)usec;
	tell(flush);
	r = sd_event_source_set_time_relative(source, TELL_USEC);
	if (r < 0)
		return r;
	return sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
}

static int on_child(sd_event_source *source, const siginfo_t *si,
		    void *userdata)
{
	struct flush *flush = userdata;

	(void)source;
	(void)si;
	flush->pid = 0;
	/* flush may be gone after this. */
	flush->done(flush->userdata);
	return 0;
}

/* Holds nothing of ours: it cannot be ended before the disk is ready. */
static void run_child(void)
{
	close_range(0, ~0U, 0);
	dirty_write();
	_exit(0);
}

static int start(sd_event *event, struct flush *flush)
{
	int r;

	flush->pid = fork();
	if (flush->pid < 0)
		return -errno;
	if (flush->pid == 0)
		run_child();
	r = sd_event_add_child(event, &flush->child, flush->pid, WEXITED,
			       on_child, flush);
	if (r < 0)
		return r;
	return sd_event_add_time_relative(event, &flush->timer, CLOCK_MONOTONIC,
					  TELL_USEC, USEC_PER_SEC, on_time,
					  flush);
}

int flush_start(sd_event *event, const char *what, flush_done done,
		void *userdata, struct flush **ret)
{
	struct flush *flush;
	int r;

	if (flush_left() < FLUSH_LEAST)
		return 0;
	flush = calloc(1, sizeof(*flush));
	if (!flush)
		return -ENOMEM;
	flush->what = what;
	flush->done = done;
	flush->userdata = userdata;
	r = start(event, flush);
	if (r < 0) {
		flush_free(flush);
		return r;
	}
	tell(flush);
	*ret = flush;
	return 1;
}

void flush_free(struct flush *flush)
{
	if (!flush)
		return;
	sd_event_source_disable_unref(flush->child);
	sd_event_source_disable_unref(flush->timer);
	if (flush->pid > 0)
		kill(flush->pid, SIGKILL);
	free(flush);
}
