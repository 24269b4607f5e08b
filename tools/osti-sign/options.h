/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * options.h - the options of osti-sign
 */
#ifndef OPTIONS_H
#define OPTIONS_H

#include "cli.h"
#include "say.h"
#include "statement.h"

enum command {
	COMMAND_MAKE,
	COMMAND_SIGN,
	COMMAND_FIRMWARE,
	COMMAND_PROTECT,
	COMMAND_SHOW,
	COMMAND_VERIFY,
	COMMANDS
};

enum option {
	OPT_SLOT,
	OPT_VERSION,
	OPT_KERNEL,
	OPT_RAMDISK,
	OPT_CMDLINE,
	OPT_DISK_KEY,
	OPT_KEY,
	OPT_PASSPHRASE,
	OPTIONS
};

/* They begin as zeroes. */
struct options {
	const char *key;	/* NULL if not given, like the next three */
	const char *passphrase;	/* the file with it */
	const char *kernel;
	const char *ramdisk;
	/* Slots, version, flags and command line of what is to be made. */
	struct statement statement;
};

/* For struct cli. */
extern const char options_help[];
extern const struct cli_option options_table[OPTIONS];
bool options_apply(struct options *o, unsigned int option, const char *text);
const char *options_missing(const struct options *o, unsigned int command);

#endif /* OPTIONS_H */
