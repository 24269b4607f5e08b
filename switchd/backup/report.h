/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * report.h - what switchd-backup tells switchd: lines of JSON
 *
 *   {"progress": {"phase", "done", "total", "new", "shared"}}
 *   {"item": {...}}      one of a list
 *   {"note": "..."}      for people
 *   {"ask": true}        of a push: may the repository have the OS from now on?
 *                        It waits for JOB_AGREED
 *   {"result": {...}}    the last line, when all went well
 *   {"error": {"code", "message"}}    the last line, when it did not
 *
 * A switchd that is gone ends the program: nobody wants its work any more.
 */
#ifndef REPORT_H
#define REPORT_H

#include <jansson.h>

#include "backup/progress.h"
#include "common/fault.h"

/* Bytes of a line with its newline. */
#define REPORT_LINE_MAX 16384

/* Of how a transfer goes on; not more often than is of use. A progress_fn. */
void report_progress(const struct progress *p, void *data);

/* These take over the reference. */
void report_item(json_t *item);
void report_result(json_t *result);

void report_ask(void);
void report_note(const char *format, ...) __attribute__((format(printf, 1, 2)));
void report_fault(const struct fault *fault);

#endif /* REPORT_H */
