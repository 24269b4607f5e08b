// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fail.c - how the test library ends a test that cannot go on
 */
#include "fail.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static void default_handler(const char *message)
{
	fprintf(stderr, "%s\n", message);
	exit(1);
}

static test_fail_fn handler = default_handler;

void test_fail_handler(test_fail_fn fn)
{
	handler = fn ? fn : default_handler;
}

void test_fail(const char *fmt, ...)
{
	char *message = NULL;
	va_list ap;

	fflush(stdout);
	va_start(ap, fmt);
	if (vasprintf(&message, fmt, ap) < 0)
		message = NULL;
	va_end(ap);
	handler(message ? message : "out of memory while reporting a failure");
	abort();
}
