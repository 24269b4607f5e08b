/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * usage.h - the commands of switchctl: their options, and what --help says
 */
#ifndef SWITCHCTL_USAGE_H
#define SWITCHCTL_USAGE_H

#include "ctl/options.h"

/* Values of long options that have no short form. */
enum {
	OPT_JSON = 256,
	OPT_SOCKET,
	OPT_WHO,
	OPT_WHY,
	OPT_VERIFY,
	OPT_KEEP_OLDER,
	OPT_DEVICE,
	OPT_EXCHANGE,
	OPT_QR,
	OPT_TEXT,
	OPT_YES,
	OPT_FROM,
	OPT_LIMIT_UPLOAD,
	OPT_LIMIT_DOWNLOAD,
	OPT_FORCE,
	OPT_READ_DATA,
	OPT_DRY_RUN,
	OPT_SVG,
	/* In the order of backup_options.keep. */
	OPT_KEEP_LAST,
	OPT_KEEP_DAILY,
	OPT_KEEP_WEEKLY,
	OPT_KEEP_MONTHLY,
};

/* What follows the options of a command. */
enum arguments {
	ARGS_NONE,
	ARGS_TARGET, /* one */
	ARGS_MAYBE_TARGET, /* one or none */
	ARGS_TARGET_ID, /* one, and a backup of it */
	ARGS_TARGET_MAYBE_ID,
	ARGS_PROGRAM, /* a program and its arguments */
};

struct usage {
	const char *name;
	const char *synopsis;
	const char *summary;
	const char *options;
	const char *details;
	/* "+": options end at the first argument */
	const char *short_options;
	enum arguments arguments;
	/* options besides help, json and socket, zero-terminated */
	int own[8];
};

/* By enum command. */
extern const struct usage usage_commands[COMMANDS];

/* Help on standard output: of all, of one command. */
void usage_print(void);
void usage_print_command(const struct usage *command);

#endif /* SWITCHCTL_USAGE_H */
