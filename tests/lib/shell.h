/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shell.h - run commands in the shell on a device's console
 */
#ifndef TEST_SHELL_H
#define TEST_SHELL_H

#include "device.h"

#define SHELL_MS	120000
#define SHELL_PROMPT	"[a-z0-9-]+# "

/**
 * shell_run() - run a command line and wait for its end
 * @code:	its exit code; NULL if the test shall fail unless it is 0.
 * @fmt:	printf format of the command, one line that may stand between
 *		braces, at most 800 characters. It must not read the console.
 *
 * The shell waits at its prompt. Lines of the kernel's and the monitor's
 * log that come in between are left out of the output.
 *
 * Return: what it printed, without the last newline; to be freed by the
 * caller.
 */
char *shell_run(struct device *dev, int *code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/** shell_do() - like shell_run(); must exit with 0, the output is dropped. */
void shell_do(struct device *dev, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/** shell_number() - like shell_run(); must exit with 0 and print one number. */
long long shell_number(struct device *dev, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/** shell_json() - like shell_run(); must exit with 0 and print JSON. */
json_t *shell_json(struct device *dev, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * shell_begin() - start a command and do not wait for its end
 *
 * For commands during which another OS takes over the console.
 *
 * Return: an id for shell_end().
 */
int shell_begin(struct device *dev, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * shell_end() - wait for the end of a command that shell_begin() started
 *
 * Return: its exit code.
 */
int shell_end(struct device *dev, int id, double ms);

#define SHELL_PATTERN_LEN	48

/**
 * shell_end_pattern() - what the console shows at the end of a command
 *
 * For waiting for it together with something else. The first subexpression is
 * the exit code. The prompt follows.
 */
void shell_end_pattern(int id, char pattern[SHELL_PATTERN_LEN]);

#endif /* TEST_SHELL_H */
