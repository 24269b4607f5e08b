// SPDX-License-Identifier: GPL-2.0-only
/*
 * What went wrong, told to the person at the console
 */

#include <common.h>
#include <osti/bm/error.h>
#include <osti/bm/progress.h>

void osti_error(const char *fmt, ...)
{
	va_list args;

	osti_progress_end();
	puts("osti: error: ");
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	putc('\n');
}
