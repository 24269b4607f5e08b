// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * say.c - what a tool tells its user when it cannot do what it should
 */
#include "say.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum status say_usage(const char *format, ...)
{
	va_list args;

	fputs(OSTI_TOOL ": ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputs("\nTry '" OSTI_TOOL " --help'.\n", stderr);
	return USAGE;
}

enum status say_refused(const char *path, const char *format, ...)
{
	va_list args;

	fprintf(stderr, OSTI_TOOL ": %s: ", path);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	return REFUSED;
}

enum status say_failed(const char *path, const char *what, int error)
{
	fprintf(stderr, OSTI_TOOL ": %s: %s: %s\n", path, what,
		strerror(abs(error)));
	return FAILED;
}
