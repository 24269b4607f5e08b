/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * options.h - the command line of osti-image
 */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "image_header.h"
#include "image_manifest.h"
#include "report.h"

enum command {
	COMMAND_INSPECT,
	COMMAND_VERIFY,
	COMMAND_UNPACK,
	COMMAND_PACK,
	COMMAND_BENCH,
	COMMANDS
};

struct options {
	enum command command;
	const char *file;		/* NULL: none was given */
	const char *key_file;
	const char *out;
	const char *gic_file;
	uint64_t offset;		/* where the image begins in the file */
	bool has_offset;
	bool chunks;			/* inspect: list them */
	unsigned int threads;		/* at least 1 */
	uint64_t mib;			/* bench */
	/* pack: identity without device; info without sizes and GIC state */
	struct image_identity identity;
	uint64_t saved_at;
	struct image_info info;
};

/*
 * Read the command line. When the result is false the program ends with
 * *status: help or version was printed, or what is wrong.
 */
bool options_parse(struct options *o, int argc, char **argv,
		   enum status *status);

#endif /* OPTIONS_H */
