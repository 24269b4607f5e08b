/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * repo_front.h - a backup's metadata in several objects
 *
 * What does not fit into one object goes to parts, each an object of its own.
 * The front is what the backup's own object begins with: it names the digest of
 * every part, so that none can be left out, altered or be another backup's.
 */
#ifndef REPO_FRONT_H
#define REPO_FRONT_H

#include <stddef.h>
#include <stdint.h>

#include "repo_error.h"
#include "repo_keys.h"

#define REPO_PARTS_MAX	15
/* Bytes of the front with that many parts. */
#define REPO_FRONT(parts) (8 + (size_t)(parts) * REPO_KEY)
/* Bytes of metadata in each object, if nobody wants fewer. */
#define REPO_PIECE	(24U << 20)

/*
 * How many parts that many bytes need besides the backup's own object, of
 * @piece bytes each. Returns -1 when that is more than REPO_PARTS_MAX.
 */
int repo_front_parts(size_t bytes, size_t piece);

/* @digests are the first REPO_KEY bytes of the sealed parts, in order. */
void repo_front_write(unsigned int parts, const uint8_t *digests, uint8_t *out);

/*
 * *digests and *data point into @in, of that many bytes; *data_bytes of the
 * metadata are there. Returns REPO_OK or REPO_E_TRUNCATED, _SIZE, _RESERVED.
 */
int repo_front_parse(const uint8_t *in, size_t bytes, unsigned int *parts,
		     const uint8_t **digests, const uint8_t **data,
		     size_t *data_bytes);

#endif /* REPO_FRONT_H */
