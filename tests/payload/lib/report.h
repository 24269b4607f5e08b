/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * report.h - what a payload tells its runner
 *
 * One line each on the console, NAME is program/slot:
 *
 *   PAYLOAD NAME: start                      the program runs
 *   PAYLOAD NAME: test TEST: ok
 *   PAYLOAD NAME: test TEST: FAIL reason     first thing wrong in TEST
 *   PAYLOAD NAME: test TEST: also reason     further ones
 *   PAYLOAD NAME: note TEXT                  for the reader, and to step on
 *   PAYLOAD NAME: done N ok M failed         the last line
 *   PAYLOAD NAME: aborted reason             the last line, gone wrong
 *
 * Only the boot CPU may call these; other CPUs leave results in memory.
 */
#ifndef PAYLOAD_REPORT_H
#define PAYLOAD_REPORT_H

#include <stdbool.h>
#include <stdint.h>

void report_start(const char *program);
void report_note(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* Print the last line. */
void report_totals(void);
/* The same, and stop. */
void report_done(void) __attribute__((noreturn));
void report_abort(const char *fmt, ...)
	__attribute__((format(printf, 1, 2), noreturn));

void test_begin(const char *name);
void test_end(void);
void test_fail(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* True if @cond; else the test has failed for the reason given. */
#define check(cond, ...) ({						\
	bool ok_ = (cond);						\
									\
	if (!ok_)							\
		test_fail(__VA_ARGS__);					\
	ok_;								\
})

/* True if @got is @want. */
bool check_eq(const char *what, uint64_t got, uint64_t want);
bool check_status(const char *what, int64_t got, int64_t want);

#endif /* PAYLOAD_REPORT_H */
