// SPDX-License-Identifier: GPL-2.0-only
/*
 * partition.c - which slot has which part of the device's RAM
 *
 * First fit over blocks of 2 MiB, the unit in which tables map memory. What a
 * block has in it when nobody has it, is sweep.c's.
 */
#include "partition.h"

#include "board.h"
#include "lock.h"
#include "log.h"
#include "memory.h"
#include "string.h"
#include "sweep.h"

#define MIB		(1024ULL * 1024)
#define BLOCK		SWEEP_BLOCK
#define NR_BLOCKS \
	((BOARD_RAM_BASE + CONFIG_OSTI_RAM_MIB * MIB - BOARD_SLOTS_BASE) / BLOCK)

static bool used[NR_BLOCKS];

void partition_init(void)
{
	memset(used, 0, sizeof(used));
}

/* First block of the lowest free range of that length, or NR_BLOCKS. */
static uint64_t find_free(uint64_t count)
{
	uint64_t start = 0;
	uint64_t i;

	for (i = 0; i < NR_BLOCKS; i++) {
		if (used[i])
			start = i + 1;
		else if (i + 1 - start == count)
			return start;
	}
	return NR_BLOCKS;
}

int64_t partition_take(struct context *slot)
{
	const uint64_t count = slot->size / BLOCK;
	const uint64_t first = find_free(count);

	LOCK_ASSERT_HELD();
	ASSERT(slot->id != OSTI_CONTEXT_BM && !context_has_ram(slot));
	if (first == NR_BLOCKS)
		return OSTI_E_NO_ROOM;
	memset(used + first, true, count);
	slot->base = pa_make(BOARD_SLOTS_BASE + first * BLOCK);
	sweep_want(slot->base, slot->size);
	return OSTI_OK;
}

bool partition_is_zero(const struct context *slot)
{
	return sweep_done(slot->base, slot->size);
}

void partition_use(const struct context *slot)
{
	LOCK_ASSERT_HELD();
	ASSERT(partition_is_zero(slot));
	sweep_soil(slot->base, slot->size);
}

int64_t partition_get(struct context *slot)
{
	int64_t ret = partition_take(slot);

	if (ret)
		return ret;
	sweep_finish(slot->base, slot->size);
	partition_use(slot);
	return OSTI_OK;
}

void partition_drop(const struct context *slot)
{
	LOCK_ASSERT_HELD();
	ASSERT(context_has_ram(slot));
	/* Hidden is not gone: the tables must not outlive its memory. */
	memory_revoke(slot);
	memory_revoke_dma(slot);
	sweep_want(slot->base, slot->size);
}

void partition_free(struct context *slot)
{
	const uint64_t first = pa_offset(slot->base, pa_make(BOARD_SLOTS_BASE)) / BLOCK;
	uint64_t i;

	LOCK_ASSERT_HELD();
	ASSERT(context_has_ram(slot) && partition_is_zero(slot));
	for (i = first; i < first + slot->size / BLOCK; i++) {
		ASSERT(used[i]);
		used[i] = false;
	}
	slot->base = pa_make(0);
}

void partition_put(struct context *slot)
{
	partition_drop(slot);
	sweep_finish(slot->base, slot->size);
	partition_free(slot);
}
