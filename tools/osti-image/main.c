// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * osti-image - look at hibernation images, check them, take them apart
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "commands.h"
#include "log.h"
#include "report.h"

/* The image code calls this for a bug of its own. */
void panic(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	fputs(OSTI_TOOL ": ", stderr);
	vfprintf(stderr, fmt, args);
	fputc('\n', stderr);
	va_end(args);
	abort();
}

static const struct cli_command commands[COMMANDS] = {
	[COMMAND_INSPECT] = { "inspect", 1, 1, "IMAGE", command_inspect },
	[COMMAND_TABLE] = { "table", 1, 1, "IMAGE", command_table },
	[COMMAND_VERIFY] = { "verify", 1, 2, "IMAGE, or REPOSITORY BACKUP",
			     command_verify },
	[COMMAND_UNPACK] = { "unpack", 1, 1, "IMAGE", command_unpack },
	[COMMAND_PACK] = { "pack", 1, 1, "RAM", command_pack },
	[COMMAND_LIST] = { "list", 1, 1, "REPOSITORY", command_list },
	[COMMAND_FETCH] = { "fetch", 2, 2, "REPOSITORY BACKUP", command_fetch },
	[COMMAND_BENCH] = { "bench", 0, 1, "RAM", command_bench },
};

static const struct cli cli = {
	.help = options_help,
	.commands = commands,
	.nr_commands = COMMANDS,
	.options = options_table,
	.nr_options = OPTIONS,
	.apply = options_apply,
	.missing = options_missing,
	.usage = report_usage,
};

int main(int argc, char **argv)
{
	struct options o;

	options_init(&o);
	return cli_main(&cli, &o, argc, argv);
}
