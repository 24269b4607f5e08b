/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * repo_fossil.h - lists of packs that are to be deleted
 */
#ifndef REPO_FOSSIL_H
#define REPO_FOSSIL_H

#include <stddef.h>
#include <stdint.h>

#include "repo_error.h"
#include "repo_keys.h"

/* A list of more packs than that is written as several. */
#define REPO_FOSSIL_MAX	100000U

struct repo_fossil {
	uint64_t time;		/* seconds since 1970, by the clock of who wrote */
	uint32_t packs;		/* 1 .. REPO_FOSSIL_MAX */
	const uint8_t *ids;	/* REPO_KEY bytes each, ascending */
};

size_t repo_fossil_size(uint32_t packs);
/* @out has room for repo_fossil_size(). */
void repo_fossil_write(const struct repo_fossil *f, uint8_t *out);

/*
 * f->ids points into @in. Returns REPO_OK or REPO_E_TRUNCATED, _SIZE, _MAGIC,
 * _VERSION, _RESERVED, _PACK (not in order).
 */
int repo_fossil_parse(const uint8_t *in, size_t bytes, struct repo_fossil *f);

#endif /* REPO_FOSSIL_H */
