/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * repo_config.h - the object that makes a directory or bucket a repository
 *
 * It is public, and has a checksum against accidents only: who owns the store
 * can write what he likes. Nothing secret depends on it.
 */
#ifndef REPO_CONFIG_H
#define REPO_CONFIG_H

#include <stddef.h>
#include <stdint.h>

#include "repo_error.h"

#define REPO_CONFIG	96	/* bytes */
#define REPO_CONFIG_ID	16	/* of the repository's id */

/* The store refused to create an object twice, when it was tried. */
#define REPO_CONDITIONAL (1U << 0)

struct repo_config {
	uint8_t id[REPO_CONFIG_ID];
	uint32_t flags;
};

void repo_config_write(const struct repo_config *c, uint8_t out[REPO_CONFIG]);

/*
 * Returns REPO_OK or REPO_E_TRUNCATED, _SIZE, _MAGIC, _VERSION, _SUM, _RESERVED
 * (also a flag that is not known).
 */
int repo_config_parse(const uint8_t *in, size_t bytes, struct repo_config *c);

#endif /* REPO_CONFIG_H */
