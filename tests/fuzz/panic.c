// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * panic.c - a bug in the code under test is a finding
 */
#include <stdarg.h>

#include "fuzz.h"

void panic(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	fputc('\n', stderr);
	va_end(args);
	abort();
}
