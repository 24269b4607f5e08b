// SPDX-License-Identifier: GPL-2.0-only
/*
 * partition.c - which slot has which part of the device's RAM
 *
 * First fit over blocks of 2 MiB, the unit in which tables map memory. Zeroing
 * is what takes time, so what was zeroed when it came back is not zeroed again.
 */
#include "partition.h"

#include "board.h"
#include "log.h"
#include "memory.h"
#include "string.h"

#define MIB		(1024ULL * 1024)
#define BLOCK		(2 * MIB)
#define NR_BLOCKS \
	((BOARD_RAM_BASE + CONFIG_OSTI_RAM_MIB * MIB - BOARD_SLOTS_BASE) / BLOCK)

enum block_state {
	BLOCK_UNKNOWN,		/* free, with what power-on left in it */
	BLOCK_ZERO,		/* free */
	BLOCK_USED,
};

static uint8_t blocks[NR_BLOCKS];

static pa_t address_of(uint64_t block)
{
	return BOARD_SLOTS_BASE + block * BLOCK;
}

void partition_init(void)
{
	memset(blocks, BLOCK_UNKNOWN, sizeof(blocks));
}

static bool is_zero(pa_t addr)
{
	const uint64_t *word = arch_phys(addr, BLOCK);
	uint64_t i;

	for (i = 0; i < BLOCK / sizeof(*word); i += 4)
		if (word[i] | word[i + 1] | word[i + 2] | word[i + 3])
			return false;
	return true;
}

/*
 * Of the block nothing is known but that memory keeps things over a reset. On
 * many devices most of it is zero nevertheless, and reading is faster than
 * writing. The caches go first: what they have may not be what memory has.
 */
static void clear(pa_t addr)
{
	arch_cache_flush(addr, BLOCK);
	if (!is_zero(addr))
		arch_zero(addr, BLOCK);
}

/* First block of the lowest free range of that length, or NR_BLOCKS. */
static uint64_t find_free(uint64_t count)
{
	uint64_t start = 0;
	uint64_t i;

	for (i = 0; i < NR_BLOCKS; i++) {
		if (blocks[i] == BLOCK_USED)
			start = i + 1;
		else if (i + 1 - start == count)
			return start;
	}
	return NR_BLOCKS;
}

int64_t partition_get(struct context *slot)
{
	const uint64_t count = slot->size / BLOCK;
	const uint64_t first = find_free(count);
	uint64_t i;

	ASSERT(slot->id != OSTI_CONTEXT_BM && !slot->base);
	if (first == NR_BLOCKS)
		return OSTI_E_NO_ROOM;
	for (i = first; i < first + count; i++) {
		if (blocks[i] == BLOCK_UNKNOWN)
			clear(address_of(i));
		blocks[i] = BLOCK_USED;
	}
	slot->base = address_of(first);
	return OSTI_OK;
}

void partition_put(struct context *slot)
{
	const uint64_t first = (slot->base - BOARD_SLOTS_BASE) / BLOCK;
	uint64_t i;

	ASSERT(slot->base);
	/* Hidden is not gone: the tables must not outlive its memory. */
	memory_revoke(slot);
	memory_revoke_dma(slot);
	memory_wipe(slot);
	for (i = first; i < first + slot->size / BLOCK; i++) {
		ASSERT(blocks[i] == BLOCK_USED);
		blocks[i] = BLOCK_ZERO;
	}
	slot->base = 0;
}
