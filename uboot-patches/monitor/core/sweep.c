// SPDX-License-Identifier: GPL-2.0-only
/*
 * sweep.c - memory that is to be zeroed, in pieces and by several CPUs
 */
#include "sweep.h"

#include <stdatomic.h>

#include "board.h"
#include "deadline.h"
#include "lock.h"
#include "log.h"

#define FIRST		BOARD_ENGINE_BASE
#define RAM_END		(BOARD_RAM_BASE + CONFIG_OSTI_RAM_MIB * 1024ULL * 1024)
#define NR_BLOCKS	((RAM_END - FIRST) / SWEEP_BLOCK)
/* A CPU that does not end with a block within this is dead, and the device. */
#define WAIT_MS		10000

_Static_assert(FIRST % SWEEP_BLOCK == 0 && BOARD_SLOTS_BASE > FIRST,
	       "blocks begin with the engine's memory");

enum block_state {
	BLOCK_UNKNOWN,		/* with what power-on left in it */
	BLOCK_DIRTY,		/* somebody wrote to it */
	BLOCK_UNKNOWN_WANTED,
	BLOCK_DIRTY_WANTED,
	BLOCK_BUSY,		/* a CPU zeroes it */
	BLOCK_CLEARED,		/* it has */
	BLOCK_ZERO,
};

/*
 * The monitor has memory of slots in its own tables only from the wish on until
 * all of what was wished for is zero: WANTED, BUSY and CLEARED.
 */

/* A CPU that is done with a block says so without the lock. */
static atomic_uchar blocks[NR_BLOCKS];
/* No block below it is wanted. */
static uint64_t next;

static uint64_t index_of(pa_t addr)
{
	const uint64_t at = pa_value(addr);

	ASSERT(at >= FIRST && at <= RAM_END && at % SWEEP_BLOCK == 0);
	return (at - FIRST) / SWEEP_BLOCK;
}

static pa_t addr_of(uint64_t index)
{
	return pa_make(FIRST + index * SWEEP_BLOCK);
}

void sweep_init(void)
{
	uint64_t i;

	for (i = 0; i < NR_BLOCKS; i++)
		blocks[i] = BLOCK_UNKNOWN;
	next = NR_BLOCKS;
}

void sweep_soil(pa_t addr, uint64_t bytes)
{
	const uint64_t end = index_of(pa_add(addr, bytes));
	uint64_t i;

	LOCK_ASSERT_HELD();
	for (i = index_of(addr); i < end; i++) {
		ASSERT(blocks[i] == BLOCK_ZERO);
		blocks[i] = BLOCK_DIRTY;
	}
}

static bool is_wanted(uint64_t i)
{
	return blocks[i] == BLOCK_UNKNOWN_WANTED ||
	       blocks[i] == BLOCK_DIRTY_WANTED;
}

/* Those that are of slots; the engine's are always mapped. */
static void map(uint64_t first, uint64_t end,
		void (*how)(pa_t addr, uint64_t bytes))
{
	const uint64_t slots = index_of(pa_make(BOARD_SLOTS_BASE));

	if (first < slots)
		first = slots;
	if (first < end)
		how(addr_of(first), (end - first) * SWEEP_BLOCK);
}

static bool want(uint64_t i)
{
	if (blocks[i] == BLOCK_UNKNOWN)
		blocks[i] = BLOCK_UNKNOWN_WANTED;
	else if (blocks[i] == BLOCK_DIRTY)
		blocks[i] = BLOCK_DIRTY_WANTED;
	else
		return false;
	return true;
}

void sweep_want(pa_t addr, uint64_t bytes)
{
	const uint64_t end = index_of(pa_add(addr, bytes));
	uint64_t first = index_of(addr);
	uint64_t i;

	LOCK_ASSERT_HELD();
	if (first < next)
		next = first;
	for (i = first; i < end; i++)
		if (!want(i)) {
			map(first, i, arch_map);
			first = i + 1;
		}
	map(first, end, arch_map);
}

static bool is_zero(pa_t addr)
{
	const uint64_t *word = arch_phys(addr, SWEEP_BLOCK);
	uint64_t i;

	for (i = 0; i < SWEEP_BLOCK / sizeof(*word); i += 4)
		if (word[i] | word[i + 1] | word[i + 2] | word[i + 3])
			return false;
	return true;
}

/*
 * Of an unknown block nothing is known but that memory keeps things over a
 * reset. On many devices most of it is zero nevertheless, and reading is faster
 * than writing. The caches go first: what they have may not be what memory has.
 */
static void clear(uint64_t i, bool unknown)
{
	const pa_t addr = addr_of(i);

	if (unknown)
		arch_cache_flush(addr, SWEEP_BLOCK);
	if (!unknown || !is_zero(addr))
		arch_zero(addr, SWEEP_BLOCK);
	blocks[i] = BLOCK_CLEARED;
}

/* Take a block that is wanted; whether it is unknown. */
static bool take(uint64_t i)
{
	const bool unknown = blocks[i] == BLOCK_UNKNOWN_WANTED;

	blocks[i] = BLOCK_BUSY;
	return unknown;
}

bool sweep_step(void)
{
	uint64_t i;
	bool unknown;

	LOCK_ASSERT_HELD();
	while (next < NR_BLOCKS && !is_wanted(next))
		next++;
	if (next == NR_BLOCKS)
		return false;
	i = next++;
	unknown = take(i);
	lock_release();
	clear(i, unknown);
	lock_or_stop();
	return true;
}

/* All of them are cleared or zero: from now on they are zero. */
static void settle(uint64_t first, uint64_t end)
{
	uint64_t i;

	for (i = first; i < end; i++) {
		if (blocks[i] == BLOCK_CLEARED) {
			blocks[i] = BLOCK_ZERO;
			continue;
		}
		map(first, i, arch_unmap);
		first = i + 1;
	}
	map(first, end, arch_unmap);
}

bool sweep_done(pa_t addr, uint64_t bytes)
{
	const uint64_t first = index_of(addr);
	const uint64_t end = index_of(pa_add(addr, bytes));
	uint64_t i;

	LOCK_ASSERT_HELD();
	for (i = first; i < end; i++)
		if (blocks[i] != BLOCK_CLEARED && blocks[i] != BLOCK_ZERO)
			return false;
	settle(first, end);
	return true;
}

void sweep_finish(pa_t addr, uint64_t bytes)
{
	const uint64_t last = index_of(pa_add(addr, bytes));
	bool late = false;
	uint64_t end, i;

	LOCK_ASSERT_HELD();
	sweep_want(addr, bytes);
	/* Nothing else: a slot that is wanted, too, may be large. */
	for (i = index_of(addr); i < last; i++)
		if (is_wanted(i))
			clear(i, take(i));
	/* Others may be at some of them. */
	end = deadline_in_ms(WAIT_MS);
	while (!sweep_done(addr, bytes)) {
		if (late)
			panic("a CPU does not come back from zeroing");
		late = deadline_passed(end);
	}
}
