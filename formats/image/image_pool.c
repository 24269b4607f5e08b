// SPDX-License-Identifier: GPL-2.0-only
/*
 * image_pool.c - memory for libtomcrypt's HKDF and HMAC
 */
#include "image_pool.h"

#include <tomcrypt.h>

#include "log.h"

/* Two in hkdf(), one in hmac_memory(), three in hmac_init() and hmac_done(). */
#define BLOCKS		6
#define BLOCK_BYTES	512

static struct {
	unsigned char bytes[BLOCK_BYTES];
} __attribute__((aligned(16))) blocks[BLOCKS];
static unsigned char used[BLOCKS];

void *image_pool_alloc(size_t bytes)
{
	unsigned int i;

	if (bytes > BLOCK_BYTES)
		return NULL;
	for (i = 0; i < BLOCKS; i++) {
		if (used[i])
			continue;
		used[i] = 1;
		return blocks[i].bytes;
	}
	return NULL;
}

void image_pool_free(void *block)
{
	unsigned int i;

	if (!block)
		return;
	for (i = 0; i < BLOCKS; i++)
		if (block == blocks[i].bytes)
			break;
	ASSERT(i < BLOCKS && used[i]);
	zeromem(block, BLOCK_BYTES);
	used[i] = 0;
}
