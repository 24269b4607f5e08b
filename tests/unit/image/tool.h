/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tool.h - run osti-image as a person or a script does it, on files in a
 * directory of its own
 */
#ifndef TOOL_H
#define TOOL_H

#include "fixture.h"

/* What the files are made of: tool_setup() fills it in, tests put it back. */
extern struct fixture f;

/* The tool's words, good and bad. */
extern char output[65536];

/* "key", "ram" and "image" are there then. For groups of tests. */
int tool_setup(void **state);
int tool_teardown(void **state);

/* A path in the directory; the four last ones are good. */
const char *path(const char *name);
void write_file(const char *name, const void *from, size_t bytes);
size_t read_file(const char *name, uint8_t *to, size_t max);

/* Run the tool; returns what it exits with. */
int run(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Is the text in the output? */
void expect(const char *text);
/* A line of the tool's text for a number. */
void expect_number(const char *name, uint64_t value);

#endif /* TOOL_H */
