/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * options.h - the options of osti-image
 */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "cli.h"
#include "image_chunk.h"
#include "image_header.h"
#include "image_record.h"

enum command {
	COMMAND_INSPECT,
	COMMAND_TABLE,
	COMMAND_VERIFY,
	COMMAND_UNPACK,
	COMMAND_PACK,
	COMMAND_LIST,
	COMMAND_FETCH,
	COMMAND_BENCH,
	COMMANDS
};

enum option {
	OPT_JSON,
	OPT_KEY_FILE,
	OPT_OUT,
	OPT_DISK,
	OPT_OFFSET,
	OPT_THREADS,
	OPT_MIB,
	OPT_CODEC,
	OPT_LEVEL,
	OPT_SLOT,
	OPT_NAME,
	OPT_GENERATION,
	OPT_SAVED_AT,
	OPT_FROZEN_AT,
	OPT_COUNTER,
	OPT_ENTRY,
	OPT_ARG,
	OPT_START,
	OPT_CPU,
	OPT_KIND,
	OPT_DISK_KEY,
	OPT_PLATFORM,
	OPT_DEVICE,
	OPT_GIC,
	OPTIONS
};

struct options {
	const char *key_file;		/* NULL: none was given */
	const char *out;
	const char *disk;		/* fetch: NULL: the image only */
	const char *gic_file;
	uint64_t offset;		/* where the image begins in the file */
	bool has_offset;
	unsigned int threads;		/* at least 1 */
	uint64_t mib;			/* bench */
	struct image_packing packing;
	bool has_level;
	/* pack: device only if has_device; record without sizes and GIC state */
	struct image_identity identity;
	bool has_device;
	uint64_t saved_at;
	struct image_record record;
};

/* What they are when nothing is given. */
void options_init(struct options *o);

/* The words for codecs and kinds of images; NULL where there is none. */
const char *options_codec(uint8_t codec);
const char *options_kind(uint32_t kind);

/* For struct cli. */
extern const char options_help[];
extern const struct cli_option options_table[OPTIONS];
bool options_apply(struct options *o, unsigned int option, const char *text);
const char *options_missing(const struct options *o, unsigned int command);

#endif /* OPTIONS_H */
