// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * osti-image - look at hibernation images, check them, take them apart
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "commands.h"
#include "log.h"

/* The image code calls this for a bug of its own. */
void panic(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	fputs("osti-image: ", stderr);
	vfprintf(stderr, fmt, args);
	fputc('\n', stderr);
	va_end(args);
	abort();
}

static enum status (*const functions[COMMANDS])(const struct options *o) = {
	[COMMAND_INSPECT] = command_inspect,
	[COMMAND_VERIFY] = command_verify,
	[COMMAND_UNPACK] = command_unpack,
	[COMMAND_PACK] = command_pack,
	[COMMAND_BENCH] = command_bench,
};

int main(int argc, char **argv)
{
	struct options o;
	enum status status;

	if (!options_parse(&o, argc, argv, &status))
		return status;
	return functions[o.command](&o);
}
