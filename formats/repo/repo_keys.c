// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * repo_keys.c - from a slot's key to the keys of its part of a repository
 */
#include "repo_keys.h"

#include <tomcrypt.h>

#include "log.h"

static const uint8_t info_keys[] = "OSTI repository 1";

/* Infos are used without their NUL. */
#define INFO_BYTES(info)	(sizeof(info) - 1)

_Static_assert(sizeof(struct repo_keys) == 5 * REPO_KEY,
	       "HKDF's output is the struct");

static void derive(const uint8_t *key, const uint8_t *info,
		   unsigned long info_bytes, uint8_t *out, unsigned long bytes)
{
	/* Gives the same index every time. */
	int hash = register_hash(&blake2b_256_desc);

	ASSERT(hash >= 0);
	CHECK(hkdf(hash, NULL, 0, info, info_bytes, key, REPO_KEY, out,
		   bytes) == CRYPT_OK);
}

void repo_keys_derive(const uint8_t carrier[REPO_KEY], struct repo_keys *keys)
{
	derive(carrier, info_keys, INFO_BYTES(info_keys), (uint8_t *)keys,
	       sizeof(*keys));
}
