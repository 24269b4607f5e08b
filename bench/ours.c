// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ours.c - switchd-backup on this machine, with bench/host in the monitor's
 * place
 */
#include "ours.h"

#include <errno.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "clock.h"
#include "device.h"
#include "fail.h"

#define READY_MS 120000

/* Of any device; the bench has one. */
#define DEVICE	 "00112233445566778899aabbccddeeff"

static json_t *slot(void)
{
	static json_t *keys;
	json_t *object;

	if (!keys) {
		char *monitor = build_path("bench/host/monitor");
		char *text = host_output(
			(const char *const[]){ monitor, "keys", NULL });

		keys = json_loads(text, 0, NULL);
		free(text);
		free(monitor);
	}
	object = json_pack("{s:i,s:s}", "slot", 2, "name", "work");
	if (!keys || json_object_update(object, keys))
		test_fail("bench/host/monitor printed no keys");
	return object;
}

/* To be freed. @keep: of prune, how many backups. */
static char *make_job(const struct place *p, const char *operation, int keep)
{
	json_t *job = json_pack("{s:s,s:{s:s,s:s*,s:s*},s:s,s:{s:s,s:s,s:s},s:[o]}",
				"operation", operation, "repository", "url",
				p->url, "endpoint", p->endpoint, "credentials",
				p->credentials, "catalogue", p->state, "device",
				"id", DEVICE, "label", "bench", "host", "bench",
				"slots", slot());
	char *text;

	if (keep)
		json_object_set_new(job, "keep", json_pack("{s:i}", "last", keep));
	text = json_dumps(job, JSON_COMPACT);
	if (!text)
		test_fail("a job cannot be made");
	json_decref(job);
	return text;
}

/* ---- The process in the monitor's place ---------------------------------------- */

struct monitor {
	struct run run;
	const char *argv[6];
	char bytes[24];
	char *program;
	int listener, transfer;
	struct sockaddr_un address;
};

static void bind_monitor(struct monitor *m)
{
	struct sockaddr_un *a = &m->address;

	memset(a, 0, sizeof(*a));
	a->sun_family = AF_UNIX;
	/* Not a file: the first byte is 0. */
	snprintf(a->sun_path + 1, sizeof(a->sun_path) - 1, "osti-bench-%d",
		 getpid());
	m->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	m->transfer = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (m->listener < 0 || m->transfer < 0 ||
	    bind(m->listener, (struct sockaddr *)a, sizeof(*a)) ||
	    listen(m->listener, 64) ||
	    connect(m->transfer, (struct sockaddr *)a, sizeof(*a)))
		test_fail("a socket for bench/host/monitor: %s",
			  strerror(errno));
}

/* With its memory read: that is not what is measured. */
static void start_monitor(struct monitor *m, const char *what,
			  const struct memory *memory, const char *header)
{
	double end = clock_deadline_ms(READY_MS);
	char text[8] = "";

	memset(m, 0, sizeof(*m));
	bind_monitor(m);
	m->program = build_path("bench/host/monitor");
	snprintf(m->bytes, sizeof(m->bytes), "%llu",
		 (unsigned long long)memory->bytes);
	m->argv[0] = m->program;
	m->argv[1] = what;
	m->argv[2] = m->bytes;
	m->argv[3] = memory->path;
	m->argv[4] = header;
	m->run.argv = m->argv;
	m->run.socket = m->listener;
	/* As for the slot's own memory: no page faults for what it takes. */
	m->run.env[0] = "GLIBC_TUNABLES=glibc.malloc.hugetlb=1";
	run_start(&m->run);
	while (pread(m->run.out, text, 5, 0) != 5) {
		if (clock_now_ms() > end)
			test_fail("bench/host/monitor is not ready within %d ms",
				  READY_MS);
		usleep(1000);
	}
}

static void end_monitor(struct monitor *m, bool good)
{
	close(m->transfer);
	close(m->listener);
	run_wait(&m->run);
	if (good)
		run_check(&m->run);
	run_free(&m->run);
	free(m->program);
}

/* ---- switchd-backup -------------------------------------------------------------- */

struct helper {
	struct run run;
	const char *argv[2];
	char *program, *library, preload[600];
};

static void start_helper(struct helper *h, const struct place *p,
			 const char *operation, int transfer, int keep)
{
	char *job = make_job(p, operation, keep);

	memset(h, 0, sizeof(*h));
	h->program = build_path("switchd/host/switchd-backup");
	h->library = build_path("bench/host/transfer.so");
	h->argv[0] = h->program;
	h->run.argv = h->argv;
	h->run.input = job;
	h->run.fd3 = transfer;
	if (transfer) {
		snprintf(h->preload, sizeof(h->preload), "LD_PRELOAD=%s",
			 h->library);
		h->run.env[0] = h->preload;
	}
	run_start(&h->run);
	h->run.input = NULL;
	free(job);
}

static struct cost end_helper(struct helper *h, bool good)
{
	run_wait(&h->run);
	if (good)
		run_check(&h->run);
	run_free(&h->run);
	free(h->library);
	free(h->program);
	return (struct cost){ .s = h->run.s, .rss_mib = h->run.rss_mib };
}

void ours_init(const struct place *p)
{
	struct helper h;

	host_run((const char *const[]){ "mkdir", "-p", p->state, NULL });
	if (!p->endpoint)
		host_run((const char *const[]){ "mkdir", "-p",
			 p->url + strlen("file://"), NULL });
	start_helper(&h, p, "init", 0, 0);
	end_helper(&h, true);
}

struct cost ours_backup(const struct place *p, const struct memory *memory)
{
	struct monitor m;
	struct helper h;
	struct cost c;

	start_monitor(&m, "export", memory, NULL);
	start_helper(&h, p, "backup", m.transfer, 0);
	c = end_helper(&h, true);
	end_monitor(&m, true);
	return c;
}

void ours_backup_killed(const struct place *p, const struct memory *memory,
			void (*when)(void *data), void *data)
{
	struct monitor m;
	struct helper h;

	start_monitor(&m, "export", memory, NULL);
	start_helper(&h, p, "backup", m.transfer, 0);
	when(data);
	kill(h.run.pid, SIGKILL);
	end_helper(&h, false);
	end_monitor(&m, false);
}

/* The image's header, which opens a transfer; to be freed. */
static char *read_header(const struct place *p, double *s)
{
	const char *line, *header;
	json_t *result = NULL;
	struct helper h;
	char *copy;

	start_helper(&h, p, "show", 0, 0);
	run_wait(&h.run);
	run_check(&h.run);
	*s = h.run.s;
	line = strstr(h.run.text, "{\"result\":");
	if (line)
		result = json_loads(line, JSON_DISABLE_EOF_CHECK, NULL);
	header = json_string_value(
		json_object_get(json_object_get(result, "result"), "header"));
	if (!header)
		test_fail("switchd-backup shows no header: %s", h.run.text);
	copy = strdup(header);
	json_decref(result);
	run_free(&h.run);
	free(h.library);
	free(h.program);
	return copy;
}

struct cost ours_restore(const struct place *p, const struct memory *memory)
{
	struct monitor m;
	struct helper h;
	struct cost c;
	double show;
	char *header = read_header(p, &show);

	start_monitor(&m, "import", memory, header);
	start_helper(&h, p, "restore", m.transfer, 0);
	c = end_helper(&h, true);
	end_monitor(&m, true);
	free(header);
	/* switchd looks first, too. */
	c.s += show;
	return c;
}

void ours_prune(const struct place *p, int keep)
{
	struct helper h;

	start_helper(&h, p, "prune", 0, keep);
	end_helper(&h, true);
}
