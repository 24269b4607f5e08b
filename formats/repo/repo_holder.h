/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * repo_holder.h - records of where a slot's OS lives
 *
 * They are a chain: the one with the highest number counts. Who wants to change
 * something creates the next number; of several only one can.
 */
#ifndef REPO_HOLDER_H
#define REPO_HOLDER_H

#include <stddef.h>
#include <stdint.h>

#include "repo_error.h"
#include "repo_path.h"

#define REPO_HOLDER	256	/* bytes */
#define REPO_DEVICE	16	/* of a device id */
#define REPO_LABEL	32	/* of a device's name for people */

enum repo_state {
	REPO_HELD = 1,		/* on a device */
	REPO_IN_CLOUD = 2,	/* as a backup, on no device */
};

struct repo_holder {
	uint32_t number;
	enum repo_state state;
	uint64_t time;			/* seconds since 1970 (UTC) */
	uint8_t device[REPO_DEVICE];	/* that wrote it, and has it if HELD */
	char label[REPO_LABEL + 1];
	char backup[REPO_NAME];		/* IN_CLOUD; HELD: it came from, or "" */
	uint8_t claim[REPO_DEVICE];	/* random: tells own records from others */
};

void repo_holder_write(const struct repo_holder *h, uint8_t out[REPO_HOLDER]);

/*
 * Returns REPO_OK or REPO_E_TRUNCATED, _SIZE, _MAGIC, _VERSION, _KIND, _TEXT,
 * _RESERVED.
 */
int repo_holder_parse(const uint8_t *in, size_t bytes, struct repo_holder *h);

#endif /* REPO_HOLDER_H */
