// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * report.c - what switchd-backup tells switchd: lines of JSON
 */
#include "backup/report.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/foreign_text.h"
#include "common/json_text.h"
#include "common/util.h"

#define PROGRESS_MS 200

static const char *const phases[] = {
	[PROGRESS_PLAN] = "plan",
	[PROGRESS_TRANSFER] = "transfer",
	[PROGRESS_FINISH] = "finish",
};

static void put(const char *text, size_t n)
{
	if (util_write(STDOUT_FILENO, text, n) < 0)
		exit(EXIT_FAILURE);
}

/* Takes over the reference. */
static void line(const char *what, json_t *value)
{
	json_t *object = json_object();
	char *text = NULL;
	size_t n;

	if (json_object_set_new(object, what, value) == 0)
		text = json_dumps(object, JSON_COMPACT);
	json_decref(object);
	n = text ? strlen(text) : 0;
	if (!text || n + 1 > REPORT_LINE_MAX) {
		fprintf(stderr, "switchd-backup: a line of %zu bytes\n", n);
		exit(EXIT_FAILURE);
	}
	/* The NUL at the end makes room for the newline. */
	text[n] = '\n';
	put(text, n + 1);
	free(text);
}

void report_progress(const struct progress *p, void *data)
{
	static enum progress_phase phase;
	static int64_t next;
	struct timespec ts;
	int64_t now;

	(void)data;
	clock_gettime(CLOCK_MONOTONIC, &ts);
	now = (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
	if (now < next && p->phase == phase)
		return;
	next = now + PROGRESS_MS;
	phase = p->phase;
	line("progress",
	     json_pack("{s:s,s:I,s:I,s:I,s:I}", "phase", phases[p->phase],
		       "done", (json_int_t)p->done, "total",
		       (json_int_t)p->total, "new", (json_int_t)p->bytes_new,
		       "shared", (json_int_t)p->bytes_shared));
}

void report_item(json_t *item)
{
	line("item", item);
}

void report_result(json_t *result)
{
	line("result", result);
}

void report_ask(void)
{
	line("ask", json_true());
}

void report_note(const char *format, ...)
{
	char text[FAULT_MESSAGE_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	foreign_text_clean(text);
	line("note", json_text(text));
}

void report_fault(const struct fault *fault)
{
	char text[FAULT_MESSAGE_MAX];

	snprintf(text, sizeof(text), "%s", fault->message);
	foreign_text_clean(text);
	line("error", json_pack("{s:s,s:o}", "code", fault_name(fault->code),
				"message", json_text(text)));
}
