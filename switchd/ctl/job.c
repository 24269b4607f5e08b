// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * job.c - a job of switchd, from its beginning to its end
 */
#include "ctl/job.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "ctl/commands.h"
#include "ctl/output.h"
#include "ctl/progress.h"

struct job {
	bool json;
	int (*item)(json_t *item, void *data, struct fault *fault);
	void *data;
	struct progress progress;
};

static volatile sig_atomic_t cancelled;

static void on_signal(int signal)
{
	(void)signal;
	cancelled = 1;
}

/* A second one ends us as ever; the job goes on then. */
static void catch_signals(void)
{
	const struct sigaction action = {
		.sa_handler = on_signal,
		.sa_flags = SA_RESETHAND,
	};

	cancelled = 0;
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

static int64_t now_ms(void)
{
	struct timespec ts;

	/* Does not count the time that this OS is frozen. */
	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static int show_progress(struct job *job, json_t *value, struct fault *fault)
{
	struct progress_state state;
	json_int_t shared;
	json_int_t total;
	json_int_t moved;
	json_int_t done;

	if (commands_unpack(value, fault, "{s:s,s:I,s:I,s:I,s:I}", "phase",
			    &state.phase, "done", &done, "total", &total, "new",
			    &moved, "shared", &shared) < 0)
		return -1;
	state.done = (uint64_t)done;
	state.total = (uint64_t)total;
	state.bytes_new = (uint64_t)moved;
	state.bytes_shared = (uint64_t)shared;
	progress_show(&job->progress, &state, now_ms());
	return 0;
}

static void show_note(struct job *job, const char *note)
{
	progress_clear(&job->progress);
	fprintf(stderr, "switchctl: %s\n", note);
}

static int take_line(struct job *job, json_t *line, struct fault *fault)
{
	json_t *progress = json_object_get(line, "progress");
	json_t *item = json_object_get(line, "item");
	json_t *note = json_object_get(line, "note");

	if (job->json) {
		commands_print_json(line);
		return output_flush(fault);
	}
	if (progress)
		return show_progress(job, progress, fault);
	if (json_is_string(note))
		show_note(job, json_string_value(note));
	if (item && job->item) {
		progress_clear(&job->progress);
		return job->item(item, job->data, fault);
	}
	return 0;
}

/* Return: 1 = go on, 0 = that was the end, -1 = fault. */
static int take_reply(struct job *job, json_t *reply, json_t **result,
		      struct fault *fault)
{
	json_t *lines;
	json_t *line;
	json_t *end;
	size_t i;

	if (commands_unpack(reply, fault, "{s:o}", "lines", &lines) < 0)
		return -1;
	json_array_foreach(lines, i, line) {
		if (take_line(job, line, fault) < 0)
			return -1;
	}
	end = json_object_get(reply, "result");
	if (!end)
		return 1;
	*result = json_incref(end);
	return 0;
}

/* That it ended meanwhile is no error: its end comes next. */
static void cancel(struct connection *connection)
{
	json_auto_t *reply = NULL;
	struct fault fault;

	cancelled = 0;
	if (connection_call(connection, "backup-cancel", NULL,
			    COMMANDS_TIMEOUT_MS, &reply, &fault) < 0)
		fprintf(stderr, "switchctl: %s\n", fault.message);
}

int job_run(struct connection *connection, const char *method, json_t *params,
	    bool json,
	    int (*item)(json_t *item, void *data, struct fault *fault),
	    void *data, json_t **result, struct fault *fault)
{
	struct job job = { .json = json, .item = item, .data = data };
	json_t *reply = NULL;
	int r;

	progress_init(&job.progress, stderr, isatty(STDERR_FILENO));
	catch_signals();
	connection->streams = true;
	r = connection_call(connection, method, params, COMMANDS_TIMEOUT_MS,
			    &reply, fault);
	if (r < 0)
		return -1;
	json_decref(reply);
	do {
		if (cancelled)
			cancel(connection);
		reply = NULL;
		r = connection_call(connection, "backup-next", NULL, -1, &reply,
				    fault);
		if (r < 0)
			break;
		r = take_reply(&job, reply, result, fault);
		json_decref(reply);
	} while (r > 0);
	progress_clear(&job.progress);
	return r;
}
