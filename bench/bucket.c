// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bucket.c - a bucket at a real server on this machine, near or far away
 */
#include "bucket.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "device.h"
#include "fail.h"

#define RGW		"tests/s3/rgw"
#define BUCKET		"bench"
#define PROGRESS_MS	60000
#define LOOK_US		2000

static char dir[512], credentials[600], endpoint[64];
static unsigned int logged_port, port;
static struct run far_away;
static const char *far_argv[4];
static FILE *requests;

void bucket_stop(void)
{
	if (far_away.pid)
		kill(far_away.pid, SIGKILL);
	far_away.pid = 0;
	if (dir[0])
		host_run((const char *const[]){ RGW, "stop", dir, NULL });
	dir[0] = '\0';
}

static void read_port(void)
{
	char path[600];
	FILE *f;

	snprintf(path, sizeof(path), "%s/ports", dir);
	f = fopen(path, "r");
	if (!f || fscanf(f, "PLAIN=%*u TLS=%*u FAULTY=%*u LOGGED=%u",
			 &logged_port) != 1)
		test_fail("%s has no port", path);
	fclose(f);
}

void bucket_start(const char *where)
{
	struct run rgw = {
		.argv = (const char *const[]){ RGW, "start", where, BUCKET, NULL },
		.env = { "RGW_BYTES=4294967296" },
	};
	char path[600];

	run_start(&rgw);
	run_wait(&rgw);
	run_check(&rgw);
	run_free(&rgw);
	snprintf(dir, sizeof(dir), "%s", where);
	atexit(bucket_stop);
	read_port();
	snprintf(credentials, sizeof(credentials), "%s/keys", dir);
	snprintf(path, sizeof(path), "%s/log/access", dir);
	requests = fopen(path, "r");
	if (!requests)
		test_fail("%s: %s", path, strerror(errno));
	bucket_far(0);
}

void bucket_far(int ms)
{
	char delay[16], where[16], text[16] = "";
	char *program;
	double end;

	if (far_away.pid) {
		kill(far_away.pid, SIGKILL);
		run_wait(&far_away);
		run_free(&far_away);
		far_away.pid = 0;
	}
	port = logged_port;
	if (ms) {
		program = build_path("bench/host/delay");
		snprintf(delay, sizeof(delay), "%d", ms);
		snprintf(where, sizeof(where), "%u", logged_port);
		far_argv[0] = program;
		far_argv[1] = delay;
		far_argv[2] = where;
		far_away.argv = far_argv;
		run_start(&far_away);
		end = clock_deadline_ms(PROGRESS_MS);
		while (!strchr(text, '\n')) {
			if (clock_now_ms() > end)
				test_fail("bench/host/delay names no port");
			usleep(LOOK_US);
			if (pread(far_away.out, text, sizeof(text) - 1, 0) < 0)
				test_fail("bench/host/delay: %s",
					  strerror(errno));
		}
		port = (unsigned int)atoi(text);
		free(program);
	}
	snprintf(endpoint, sizeof(endpoint), "http://127.0.0.1:%u", port);
}

struct place bucket_place(const char *name)
{
	struct place p = { .endpoint = endpoint, .credentials = credentials };

	snprintf(p.url, sizeof(p.url), "s3://" BUCKET "/osti-%s", name);
	snprintf(p.state, sizeof(p.state), "%.400s/state-%.50s", dir, name);
	ours_init(&p);
	return p;
}

struct restic bucket_restic(const char *name)
{
	struct restic r = { .open_s = 0 };
	char where[128];
	char state[600];

	snprintf(where, sizeof(where), "s3:%s/" BUCKET "/restic-%s", endpoint,
		 name);
	snprintf(state, sizeof(state), "%.400s/restic-%.50s", dir, name);
	restic_init(&r, where, state);
	return r;
}

static bool next_request(struct traffic *t)
{
	char line[1024], method[16], path[512];
	double received, sent;
	long at = ftell(requests);
	int status;

	clearerr(requests);
	/* A line that is being written is left for later. */
	if (!fgets(line, sizeof(line), requests) || !strchr(line, '\n')) {
		fseek(requests, at, SEEK_SET);
		return false;
	}
	if (sscanf(line, "%15s %d %lf %lf %511s", method, &status, &received,
		   &sent, path) != 5)
		test_fail("the server's log has a line that is none: %s", line);
	t->requests++;
	t->puts += !strcmp(method, "PUT") || !strcmp(method, "POST");
	t->lists += !strcmp(method, "GET") && strstr(path, "list-type=");
	t->gets += !strcmp(method, "GET") && !strstr(path, "list-type=");
	t->received += received;
	t->sent += sent;
	return true;
}

struct traffic bucket_traffic(void)
{
	struct traffic t = { 0 };

	while (next_request(&t))
		;
	return t;
}

void bucket_wait_received(double bytes)
{
	double end = clock_deadline_ms(PROGRESS_MS);
	struct traffic t = { 0 };
	long at = ftell(requests);

	while (t.received < bytes) {
		if (next_request(&t))
			continue;
		if (clock_now_ms() > end)
			test_fail("the server got %.0f bytes, expected %.0f within %d ms",
				  t.received, bytes, PROGRESS_MS);
		usleep(LOOK_US);
	}
	/* They count in the next bucket_traffic(). */
	fseek(requests, at, SEEK_SET);
}
