/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * console.h - a serial console: transcript, cursor and matches
 *
 * Everything that was received stays in the transcript. Matches are searched
 * from the cursor on, which then moves behind the match, so that a text is
 * matched once only. NUL and escape sequences of terminals are left out of the
 * transcript, carriage returns too.
 */
#ifndef TEST_CONSOLE_H
#define TEST_CONSOLE_H

#include <stdbool.h>
#include <stddef.h>

struct console;

#define CONSOLE_GROUPS	4

/**
 * struct console_match - where a pattern was found
 * @index:	which of the patterns.
 * @group:	matched text and up to three subexpressions, "" if there is
 *		none. Owned by the console, valid until the next search.
 * @ms:		host time at which the last byte of it was received.
 */
struct console_match {
	int index;
	const char *group[CONSOLE_GROUPS];
	double ms;
};

/**
 * console_new() - make a console of a connected stream
 * @fd:	socket or terminal; the console owns it and makes it non-blocking.
 * @log: path of a file for the raw transcript, or NULL for none.
 *
 * Return: the console, never NULL; fails the test when the log cannot be made.
 */
struct console *console_new(int fd, const char *log);

/**
 * console_connect() - go on with another stream
 * @fd:	as above; the old one is closed.
 *
 * The transcript goes on after a line that says so, with the cursor there.
 */
void console_connect(struct console *con, int fd);

/** console_free() - close and free; NULL is fine. */
void console_free(struct console *con);

/** console_fd() - the descriptor to poll for input. */
int console_fd(const struct console *con);

/**
 * console_read() - take in what has arrived, without waiting
 *
 * Return: false once the other side has closed the stream.
 */
bool console_read(struct console *con);

/**
 * console_write() - send bytes
 *
 * Waits while the other side does not take them; fails the test after 10 s.
 */
void console_write(struct console *con, const char *bytes, size_t len);

/**
 * console_search() - look for the first of some patterns after the cursor
 * @patterns: POSIX extended regular expressions; "^" and "$" match at lines.
 * @n:	number of them.
 * @m:	result.
 *
 * The match that begins first in the transcript wins. On success the cursor
 * moves behind it.
 *
 * Return: whether one was found.
 */
bool console_search(struct console *con, const char *const *patterns, int n,
		    struct console_match *m);

/** console_mark() - the cursor, as an offset into the transcript. */
size_t console_mark(const struct console *con);

/**
 * console_text() - the transcript between two offsets
 * @to: end, or a value beyond it for all that there is.
 *
 * Return: a new string, to be freed by the caller.
 */
char *console_text(const struct console *con, size_t from, size_t to);

/**
 * console_tail() - the last lines of the transcript
 *
 * Return: a new string, each line with a leading "  | ".
 */
char *console_tail(const struct console *con, int lines);

#endif /* TEST_CONSOLE_H */
