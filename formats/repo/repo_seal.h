/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * repo_seal.h - seal and open the metadata of a repository
 *
 * A sealed object is its digest, the ciphertext and a tag. The digest is a
 * keyed hash of what is sealed, of its kind and of the key it is stored under,
 * and the encryption key depends on it: no two contents have the same one, and
 * an object that was moved to another key does not open.
 */
#ifndef REPO_SEAL_H
#define REPO_SEAL_H

#include <stddef.h>
#include <stdint.h>

#include "repo_error.h"
#include "repo_keys.h"

enum repo_kind {
	REPO_KIND_BACKUP,
	REPO_KIND_PART,
	REPO_KIND_HOLDER,
	REPO_KIND_FOSSIL,
	REPO_KIND_SEGMENT,
};

/* Most bytes that can be sealed in one object. */
#define REPO_SEAL_MAX	(30U << 20)

/* Bytes of the object that has @bytes, at most REPO_SEAL_MAX, in it. */
size_t repo_seal_size(size_t bytes);

/* Write the object to @out, which has room for repo_seal_size(bytes). */
void repo_seal(const struct repo_keys *keys, enum repo_kind kind,
	       const char *path, const uint8_t *in, size_t bytes, uint8_t *out);

/*
 * Open the object of that size in place. *data is what is in it, a part of @buf.
 * Returns REPO_OK or REPO_E_TRUNCATED, _SIZE, _TAG, _PADDING; then what was
 * decrypted was wiped.
 */
int repo_open(const struct repo_keys *keys, enum repo_kind kind,
	      const char *path, uint8_t *buf, size_t size, uint8_t **data,
	      size_t *bytes);

#endif /* REPO_SEAL_H */
