/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * options.h - the command line of osti-sign
 */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>

#include "say.h"
#include "statement.h"

enum command {
	COMMAND_MAKE,
	COMMAND_SIGN,
	COMMAND_SHOW,
	COMMAND_VERIFY,
	COMMANDS,
};

struct options {
	enum command command;
	const char *key;	/* NULL if not given, like the next two */
	const char *kernel;
	const char *ramdisk;
	/* Slots, version and command line of what is to be made. */
	struct statement statement;
	const char *files[2];
};

/*
 * Parse what was given. If the result is false there is nothing to do, and
 * *status is to be exited with: an error was printed, or the help.
 */
bool options_parse(struct options *o, int argc, char **argv,
		   enum status *status);

#endif /* OPTIONS_H */
