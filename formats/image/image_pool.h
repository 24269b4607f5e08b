/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * image_pool.h - memory for libtomcrypt's HKDF and HMAC
 *
 * They ask for a few small blocks while a key is derived, and give all of them
 * back. libtomcrypt is compiled with XMALLOC and XFREE set to these. Blocks are
 * zeroed when they come back, because HMAC leaves its key in one.
 *
 * Not reentrant: see image_keys.h.
 */
#ifndef IMAGE_POOL_H
#define IMAGE_POOL_H

#include <stddef.h>

/* Returns NULL when bytes is too much or all blocks are in use. */
void *image_pool_alloc(size_t bytes);
/* Takes back what image_pool_alloc() gave; NULL is allowed. */
void image_pool_free(void *block);

#endif /* IMAGE_POOL_H */
