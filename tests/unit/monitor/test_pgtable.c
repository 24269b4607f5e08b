// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_pgtable.c - translation tables, checked by a walker of its own
 */
#include "test.h"

#include <string.h>

#include "host.h"
#include "pgtable.h"

#define KIB		1024UL
#define MIB		(1024 * KIB)
#define GIB		(1024 * MIB)
#define PAGE		(4 * KIB)
#define POOL		24

static struct pgtable_page root[PGTABLE_STAGE2_ROOT_PAGES]
	__attribute__((aligned(8192)));
static struct pgtable_page pool[POOL];
static struct pgtable t;

/* ---- The table, with addresses as plain numbers ------------------------------------- */

static int map(uint64_t ipa, uint64_t pa, uint64_t bytes,
	       enum pgtable_attr attr)
{
	return pgtable_map(&t, ipa_make(ipa), pa_make(pa), bytes, attr);
}

static int unmap(uint64_t ipa, uint64_t bytes)
{
	return pgtable_unmap(&t, ipa_make(ipa), bytes);
}

static int lookup(uint64_t ipa, uint64_t *number)
{
	pa_t pa = pa_make(*number);
	int ret = pgtable_lookup(&t, ipa_make(ipa), &pa);

	*number = pa_value(pa);
	return ret;
}

static void hide(uint64_t ipa, uint64_t bytes)
{
	pgtable_hide(&t, ipa_make(ipa), bytes);
}

static void show(uint64_t ipa, uint64_t bytes)
{
	pgtable_show(&t, ipa_make(ipa), bytes);
}

/* ---- The walker ---------------------------------------------------------------------- */

static void init(enum pgtable_format format)
{
	memset(root, 0x5a, sizeof(root));
	memset(pool, 0x5a, sizeof(pool));
	pgtable_init(&t, format, root, pool, POOL);
}

static int setup_stage2(void **state)
{
	(void)state;
	host_reset();
	init(PGTABLE_STAGE2);
	return 0;
}

static int setup_smmu(void **state)
{
	(void)state;
	host_reset();
	init(PGTABLE_SMMU);
	return 0;
}

/* The descriptor that maps an address as a walker without caches finds it. */
static uint64_t walk(uint64_t ipa, int *level)
{
	uint64_t index = t.format == PGTABLE_STAGE2 ? 1023 : 511;
	uint64_t table = (uintptr_t)root;
	uint64_t pte;
	int shift = 30;

	for (*level = 1; ; ++*level, shift -= 9, index = 511) {
		pte = host_device_read64(table + 8 * (ipa >> shift & index));
		if (!(pte & 1))
			return 0;
		if (*level == 3)
			return pte & 2 ? pte : 0;
		if (!(pte & 2))
			return pte;
		table = pte & 0xfffffffff000UL;
	}
}

static void assert_maps(uint64_t ipa, uint64_t pa, int want_level)
{
	uint64_t pte, bytes, found = 0;
	int level;

	pte = walk(ipa, &level);
	assert_int_not_equal(pte, 0);
	assert_int_equal(level, want_level);
	bytes = 1UL << (39 - 9 * level);
	assert_int_equal((pte & 0xfffffffff000UL) + ipa % bytes, pa);
	assert_int_equal(lookup(ipa, &found), 0);
	assert_int_equal(found, pa);
}

static void assert_unmapped(uint64_t ipa)
{
	uint64_t pa = 0;
	int level;

	assert_int_equal(walk(ipa, &level), 0);
	assert_int_equal(lookup(ipa, &pa), PGTABLE_E_UNMAPPED);
}

static void map_ok(uint64_t ipa, uint64_t pa, uint64_t bytes)
{
	assert_int_equal(map(ipa, pa, bytes, PGTABLE_NORMAL), 0);
}

static void unmap_ok(uint64_t ipa, uint64_t bytes)
{
	assert_int_equal(unmap(ipa, bytes), 0);
}

/* ---- Snapshots, for "nothing changed" -------------------------------------------- */

static struct {
	struct pgtable t;
	struct pgtable_page root[PGTABLE_STAGE2_ROOT_PAGES];
	struct pgtable_page pool[POOL];
} before;

static void snapshot(void)
{
	before.t = t;
	memcpy(before.root, root, sizeof(root));
	memcpy(before.pool, pool, sizeof(pool));
}

static void assert_unchanged(void)
{
	assert_memory_equal(&before.t, &t, sizeof(t));
	assert_memory_equal(before.root, root, sizeof(root));
	assert_memory_equal(before.pool, pool, sizeof(pool));
}

static void map_fails(uint64_t ipa, uint64_t pa, uint64_t bytes, int want)
{
	snapshot();
	assert_int_equal(map(ipa, pa, bytes, PGTABLE_NORMAL), want);
	assert_unchanged();
}

static void unmap_fails(uint64_t ipa, uint64_t bytes, int want)
{
	snapshot();
	assert_int_equal(unmap(ipa, bytes), want);
	assert_unchanged();
}

/* ---- Descriptors ------------------------------------------------------------------- */

static void test_empty(void **state)
{
	uint64_t pa = 0;

	(void)state;
	assert_unmapped(0);
	assert_unmapped(0x40000000);
	assert_unmapped((1UL << 40) - PAGE);
	assert_int_equal(lookup(1UL << 40, &pa), PGTABLE_E_RANGE);
	assert_int_equal(lookup(~0UL, &pa), PGTABLE_E_RANGE);
	assert_int_equal(pgtable_pool_left(&t), POOL);
	assert_int_equal(pa_value(pgtable_root(&t)), (uintptr_t)root);
}

static void test_stage2_descriptors(void **state)
{
	const uint64_t normal = 0x7fd;	/* AF, inner, RW, MemAttr 0xf, valid */
	const uint64_t device = 1UL << 54 | 0x4c5; /* XN, AF, RW, nGnRE */
	int level;

	(void)state;
	map_ok(0x40000000, 0x50000000, PAGE);
	assert_int_equal(walk(0x40000000, &level), 0x50000000 | normal | 2);
	assert_int_equal(level, 3);
	map_ok(0x40200000, 0x50200000, 2 * MIB);
	assert_int_equal(walk(0x40200000, &level), 0x50200000 | normal);
	assert_int_equal(level, 2);
	map_ok(0x80000000, 0xc0000000, GIB);
	assert_int_equal(walk(0x80000000, &level), 0xc0000000 | normal);
	assert_int_equal(level, 1);

	assert_int_equal(map(0x9000000, 0x9000000, PAGE,
			     PGTABLE_DEVICE), 0);
	assert_int_equal(walk(0x9000000, &level), 0x9000000 | device | 2);
	assert_int_equal(map(0x8000000000, 0x8000000000, GIB,
			     PGTABLE_DEVICE), 0);
	assert_int_equal(walk(0x8000000000, &level), 0x8000000000 | device);
}

/* What of RAM may be done: two bits for reading and writing, one for running. */
static void test_stage2_rights(void **state)
{
	const uint64_t xn = 1UL << 54;
	const uint64_t read = 0x77d;	/* AF, inner, R, MemAttr 0xf, valid */
	const uint64_t write = 0x7fd;
	int level;

	(void)state;
	assert_int_equal(map(0x40000000, 0x49000000, 2 * MIB,
			     PGTABLE_CODE), 0);
	assert_int_equal(walk(0x40000000, &level), 0x49000000 | read);
	assert_int_equal(map(0x40200000, 0x49200000, 2 * MIB + PAGE,
			     PGTABLE_DATA), 0);
	assert_int_equal(walk(0x40200000, &level), 0x49200000 | write | xn);
	assert_int_equal(walk(0x40400000, &level), 0x49400000 | write | xn | 2);
	assert_int_equal(map(0x1000000000, 0x80000000, GIB,
			     PGTABLE_READ), 0);
	assert_int_equal(walk(0x1000000000, &level), 0x80000000 | read | xn);
}

static void test_smmu_descriptors(void **state)
{
	/* UXN, PXN, nG, AF, inner, RW for all, attribute 0, valid */
	const uint64_t want = 3UL << 53 | 0xf41;
	enum pgtable_attr attr;
	uint64_t pa = 0;
	int level;

	(void)state;
	map_ok(0x40000000, 0x50000000, PAGE);
	assert_int_equal(walk(0x40000000, &level), 0x50000000 | want | 2);
	map_ok(0x40200000, 0x50200000, 2 * MIB);
	assert_int_equal(walk(0x40200000, &level), 0x50200000 | want);
	map_ok(0x1000000000, 0x80000000, GIB);
	assert_int_equal(walk(0x1000000000, &level), 0x80000000 | want);
	assert_int_equal(level, 1);
	map_ok((1UL << 39) - PAGE, 0x50001000, PAGE);
	assert_maps((1UL << 39) - PAGE, 0x50001000, 3);

	map_fails((1UL << 39) - PAGE, 0, 2 * PAGE, PGTABLE_E_RANGE);
	map_fails(1UL << 39, 0, PAGE, PGTABLE_E_RANGE);
	assert_int_equal(lookup(1UL << 39, &pa), PGTABLE_E_RANGE);
	snapshot();
	for (attr = PGTABLE_DEVICE; attr <= PGTABLE_READ; attr++)
		assert_int_equal(map(0x9000000, 0x9000000, PAGE,
				     attr), PGTABLE_E_ATTR);
	assert_unchanged();
}

/* The registers that go with the tables say the same as the builder. */
static void test_vtcr(void **state)
{
	const uint64_t vtcr = PGTABLE_VTCR_EL2;

	(void)state;
	assert_int_equal(64 - (vtcr & 0x3f), PGTABLE_STAGE2_BITS);
	assert_int_equal(vtcr >> 6 & 3, 1);	/* SL0: start at level 1 */
	assert_int_equal(vtcr >> 14 & 3, 0);	/* TG0: 4 KiB */
	assert_int_equal(vtcr >> 16 & 7, 2);	/* PS: 40 bit */
}

/* ---- Block sizes ------------------------------------------------------------------- */

static void test_largest_possible_blocks(void **state)
{
	const uint64_t ipa = 2 * GIB - 2 * MIB - PAGE;
	const uint64_t pa = 5 * GIB - 2 * MIB - PAGE;
	const uint64_t bytes = PAGE + 2 * MIB + GIB + 2 * MIB + PAGE;

	(void)state;
	map_ok(ipa, pa, bytes);
	assert_unmapped(ipa - PAGE);
	assert_maps(ipa, pa, 3);
	assert_maps(ipa + PAGE, pa + PAGE, 2);
	assert_maps(2 * GIB, 5 * GIB, 1);
	assert_maps(3 * GIB - 1, 6 * GIB - 1, 1);
	assert_maps(3 * GIB, 6 * GIB, 2);
	assert_maps(3 * GIB + 2 * MIB, 6 * GIB + 2 * MIB, 3);
	assert_unmapped(ipa + bytes);
	/* Two level 2 and two level 3 tables */
	assert_int_equal(pgtable_pool_left(&t), POOL - 4);
	unmap_ok(ipa, bytes);
	assert_int_equal(pgtable_pool_left(&t), POOL);
}

static void test_blocks_need_both_aligned(void **state)
{
	(void)state;
	/* 1 GiB, but the physical address is only 2 MiB aligned */
	map_ok(4 * GIB, 8 * GIB + 2 * MIB, GIB);
	assert_maps(4 * GIB, 8 * GIB + 2 * MIB, 2);
	assert_maps(5 * GIB - PAGE, 9 * GIB + 2 * MIB - PAGE, 2);
	/* 2 MiB, but the physical address is only 4 KiB aligned */
	map_ok(6 * GIB, 10 * GIB + PAGE, 2 * MIB);
	assert_maps(6 * GIB, 10 * GIB + PAGE, 3);
	/* ... or the input address */
	map_ok(7 * GIB + PAGE, 11 * GIB, 2 * MIB);
	assert_maps(7 * GIB + PAGE, 11 * GIB, 3);
	assert_unmapped(7 * GIB);
}

/* Nothing is cut to 32 bits anywhere, and both root tables are used. */
static void test_whole_input_range(void **state)
{
	(void)state;
	map_ok(0, 0, 1UL << 40);
	assert_int_equal(pgtable_pool_left(&t), POOL);
	assert_maps(0, 0, 1);
	assert_maps(0xffffffff, 0xffffffff, 1);
	assert_maps(0x100000000, 0x100000000, 1);
	assert_maps((1UL << 39) + 5, (1UL << 39) + 5, 1);
	assert_maps((1UL << 40) - 1, (1UL << 40) - 1, 1);
	assert_int_not_equal(root[1].entry[511], 0);
	unmap_ok(0, 1UL << 40);
	assert_unmapped(0);

	map_ok((1UL << 40) - PAGE, (1UL << 40) - PAGE, PAGE);
	assert_maps((1UL << 40) - 1, (1UL << 40) - 1, 3);
}

/* The boot manager's window and the devices of the board. */
static void test_board_layout(void **state)
{
	(void)state;
	map_ok(0x40000000, 0x50000000, 512 * MIB);
	map_ok(0x1000000000, 0x70000000, 512 * MIB);
	assert_maps(0x1000000000 + 511 * MIB, 0x70000000 + 511 * MIB, 2);
	assert_int_equal(map(0x8000000000, 0x8000000000,
			     0x8000000000, PGTABLE_DEVICE), 0);
	assert_int_equal(map(0x4010000000, 0x4010000000, PAGE,
			     PGTABLE_DEVICE), 0);
	assert_maps(0x4010000000, 0x4010000000, 3);
	assert_unmapped(0x4010001000);
	assert_int_equal(map(0x4010002000, 0x4010002000, PAGE,
			     PGTABLE_DEVICE), 0);
	unmap_ok(0x1000000000, 512 * MIB);
	assert_unmapped(0x1000000000);
	assert_maps(0x40000000, 0x50000000, 2);
}

/* ---- Errors -------------------------------------------------------------------------- */

static void test_map_bad_arguments(void **state)
{
	(void)state;
	map_fails(0x40000001, 0, PAGE, PGTABLE_E_ALIGN);
	map_fails(0x40000800, 0, PAGE, PGTABLE_E_ALIGN);
	map_fails(0x40000000, 0x800, PAGE, PGTABLE_E_ALIGN);
	map_fails(0x40000000, 0, PAGE + 1, PGTABLE_E_ALIGN);
	map_fails(0x40000000, 0, 0, PGTABLE_E_ALIGN);
	map_fails(-PAGE, 0, 2 * PAGE, PGTABLE_E_OVERFLOW);
	map_fails(0x40000000, 0, -PAGE, PGTABLE_E_OVERFLOW);
	map_fails(0x40000000, -PAGE, 2 * PAGE, PGTABLE_E_OVERFLOW);
	map_fails(1UL << 40, 0, PAGE, PGTABLE_E_RANGE);
	map_fails((1UL << 40) - PAGE, 0, 2 * PAGE, PGTABLE_E_RANGE);
	map_fails(0, 0, (1UL << 40) + PAGE, PGTABLE_E_RANGE);
	map_fails(0, 1UL << 40, PAGE, PGTABLE_E_RANGE);
	map_fails(0, (1UL << 40) - PAGE, 2 * PAGE, PGTABLE_E_RANGE);
}

static void test_map_overlap(void **state)
{
	(void)state;
	map_ok(4 * GIB + 2 * MIB, 0, 2 * MIB);	/* a block */
	map_ok(5 * GIB + PAGE, 0, PAGE);	/* a page */
	map_ok(6 * GIB, 0, GIB);		/* a big block */

	map_fails(4 * GIB + 2 * MIB, 0, 2 * MIB, PGTABLE_E_OVERLAP);
	map_fails(4 * GIB + 3 * MIB, 0, PAGE, PGTABLE_E_OVERLAP);
	map_fails(4 * GIB, 0, 2 * MIB + PAGE, PGTABLE_E_OVERLAP);
	map_fails(4 * GIB + 4 * MIB - PAGE, 0, 2 * PAGE, PGTABLE_E_OVERLAP);
	map_fails(4 * GIB, 0, GIB, PGTABLE_E_OVERLAP);
	map_fails(5 * GIB, 0, 2 * PAGE, PGTABLE_E_OVERLAP);
	map_fails(5 * GIB + PAGE, 0, 2 * PAGE, PGTABLE_E_OVERLAP);
	map_fails(5 * GIB, 0, 2 * MIB, PGTABLE_E_OVERLAP);
	map_fails(6 * GIB, 0, GIB, PGTABLE_E_OVERLAP);
	map_fails(7 * GIB - PAGE, 0, PAGE, PGTABLE_E_OVERLAP);
	map_fails(3 * GIB, 0, 8 * GIB, PGTABLE_E_OVERLAP);

	/* Next to each other is no overlap. */
	map_ok(4 * GIB, 0, 2 * MIB);
	map_ok(4 * GIB + 4 * MIB, 0, 2 * MIB);
	map_ok(5 * GIB, 0, PAGE);
	map_ok(5 * GIB + 2 * PAGE, 0, PAGE);
	map_ok(7 * GIB, 0, PAGE);
}

static void test_map_pool_exhausted(void **state)
{
	unsigned int i;

	(void)state;
	/* Each takes a level 2 and a level 3 table. */
	for (i = 0; i < POOL / 2; i++)
		map_ok(i * GIB, 0, PAGE);
	assert_int_equal(pgtable_pool_left(&t), 0);
	map_fails(i * GIB, 0, PAGE, PGTABLE_E_POOL);
	map_fails(2 * MIB, PAGE, 2 * MIB, PGTABLE_E_POOL);
	/* What needs no table still goes. */
	map_ok(i * GIB, 0, GIB);
	map_ok(PAGE, 0, PAGE);
	map_ok(2 * MIB, 0, 2 * MIB);
	/* A page that comes back can be used. */
	unmap_ok(3 * GIB, PAGE);
	assert_int_equal(pgtable_pool_left(&t), 2);
	map_ok(100 * GIB, 0, PAGE);
	assert_maps(100 * GIB, 0, 3);
	assert_int_equal(pgtable_pool_left(&t), 0);
	map_fails(101 * GIB, 0, PAGE, PGTABLE_E_POOL);
}

/* All pages of 1 TiB one by one would take for ever: it must notice first. */
static void test_map_pool_noticed_early(void **state)
{
	(void)state;
	map_fails(0, PAGE, (1UL << 40) - PAGE, PGTABLE_E_POOL);
}

static void test_map_needs_every_page_it_counts(void **state)
{
	(void)state;
	pgtable_init(&t, PGTABLE_STAGE2, root, pool, 4);
	/* A page at each end of a GiB border: two tables on both sides. */
	map_ok(GIB - PAGE, 0, 2 * PAGE);
	assert_int_equal(pgtable_pool_left(&t), 0);
	pgtable_init(&t, PGTABLE_STAGE2, root, pool, 3);
	map_fails(GIB - PAGE, 0, 2 * PAGE, PGTABLE_E_POOL);
}

static void test_unmap_errors(void **state)
{
	(void)state;
	map_ok(4 * GIB, 0, 4 * MIB);
	map_ok(5 * GIB, 0, GIB);
	map_ok(6 * GIB, 0, 2 * PAGE);
	unmap_fails(4 * GIB, 0, PGTABLE_E_ALIGN);
	unmap_fails(4 * GIB + 8, PAGE, PGTABLE_E_ALIGN);
	unmap_fails(4 * GIB, 100, PGTABLE_E_ALIGN);
	unmap_fails(-PAGE, 2 * PAGE, PGTABLE_E_OVERFLOW);
	unmap_fails(1UL << 40, PAGE, PGTABLE_E_RANGE);
	unmap_fails(3 * GIB, PAGE, PGTABLE_E_UNMAPPED);
	unmap_fails(4 * GIB, 6 * MIB, PGTABLE_E_UNMAPPED);
	unmap_fails(6 * GIB, 3 * PAGE, PGTABLE_E_UNMAPPED);
	unmap_fails(6 * GIB + 4 * MIB, 2 * MIB, PGTABLE_E_UNMAPPED);
	unmap_fails(4 * GIB, MIB, PGTABLE_E_SPLIT);
	unmap_fails(4 * GIB + PAGE, 4 * MIB - PAGE, PGTABLE_E_SPLIT);
	unmap_fails(5 * GIB, 2 * MIB, PGTABLE_E_SPLIT);
	unmap_fails(6 * GIB - PAGE, PAGE, PGTABLE_E_SPLIT);

	unmap_ok(4 * GIB + 2 * MIB, 2 * MIB);
	assert_maps(4 * GIB, 0, 2);
	assert_unmapped(4 * GIB + 2 * MIB);
	/* Two mappings in one call */
	unmap_ok(5 * GIB, GIB + PAGE);
	assert_unmapped(5 * GIB);
	assert_maps(6 * GIB + PAGE, PAGE, 3);
}

static void test_clear(void **state)
{
	(void)state;
	map_ok(4 * GIB, 0, GIB + 2 * MIB + PAGE);
	map_ok((1UL << 39) + PAGE, 0, PAGE);
	pgtable_clear(&t);
	assert_unmapped(4 * GIB);
	assert_unmapped(5 * GIB + 2 * MIB);
	assert_unmapped((1UL << 39) + PAGE);
	assert_int_equal(pgtable_pool_left(&t), POOL);
	map_ok(4 * GIB, 0, PAGE);
	assert_maps(4 * GIB, 0, 3);
	assert_unmapped(4 * GIB + PAGE);
}

/* A walker in the root finds each entry whole: no block of them is zeroed. */
static void test_clear_writes_words(void **state)
{
	(void)state;
	map_ok(GIB, 0, GIB);
	host_trace_clear();
	pgtable_clear(&t);
	assert_int_equal(host_trace_count(HOST_ZERO, (uintptr_t)root), 0);
	assert_int_equal(host_device_read64((uintptr_t)&root[0].entry[1]), 0);
	assert_true(host_trace_last(HOST_BARRIER, 0) >
		    host_trace_last(HOST_FLUSH, (uintptr_t)root));
}

/* ---- Hiding ------------------------------------------------------------------------ */

static void test_hide_and_show(void **state)
{
	struct pgtable_page was[PGTABLE_STAGE2_ROOT_PAGES];

	(void)state;
	map_ok(0, 7 * GIB, 2 * MIB);
	map_ok(GIB, 2 * MIB, GIB + 2 * MIB);
	map_ok(3 * GIB, 3 * GIB, GIB);
	map_ok(4 * GIB, 8 * GIB, PAGE);
	memcpy(was, root, sizeof(was));
	hide(GIB, 2 * GIB + PAGE);
	assert_unmapped(GIB);
	assert_unmapped(2 * GIB + 2 * MIB - 1);
	/* A block goes whole, however little of it was named. */
	assert_unmapped(3 * GIB);
	assert_unmapped(4 * GIB - 1);
	assert_maps(0, 7 * GIB, 2);
	assert_maps(4 * GIB, 8 * GIB, 3);
	/* Devices see it, too. */
	assert_int_equal(host_device_read64((uintptr_t)&root[0].entry[1]) & 1,
			 0);

	/* Once more changes nothing, and nothing gets in between. */
	hide(GIB, 2 * GIB + PAGE);
	map_fails(GIB, 0, 2 * MIB, PGTABLE_E_OVERLAP);
	map_fails(3 * GIB, 0, GIB, PGTABLE_E_OVERLAP);
	unmap_fails(GIB, 2 * MIB, PGTABLE_E_UNMAPPED);

	show(GIB, 2 * GIB + PAGE);
	assert_memory_equal(root, was, sizeof(was));
	assert_maps(GIB, 2 * MIB, 2);
	assert_maps(3 * GIB, 3 * GIB, 1);
	assert_int_equal(host_device_read64((uintptr_t)&root[0].entry[1]),
			 root[0].entry[1]);
}

/* Nothing is shown where nothing was mapped, nor after the end of it all. */
static void test_show_nothing(void **state)
{
	(void)state;
	show(0, 4 * GIB);
	assert_unmapped(0);
	map_ok(GIB, 0, 2 * MIB);
	hide(GIB, 2 * MIB);
	pgtable_clear(&t);
	show(GIB, 2 * MIB);
	assert_unmapped(GIB);
	map_ok(GIB, 0, 2 * MIB);
	expect_assert_failure(hide(GIB, 0));
	expect_assert_failure(show(GIB + 1, PAGE));
	expect_assert_failure(hide(1UL << 40, PAGE));
}

static void test_root_alignment(void **state)
{
	(void)state;
	expect_assert_failure(pgtable_init(&t, PGTABLE_STAGE2, &root[1], pool,
					   POOL));
	pgtable_init(&t, PGTABLE_SMMU, &root[1], pool, POOL);
}

/* A walker must never meet a table that it cannot see yet. */
static void test_table_reaches_memory_before_its_link(void **state)
{
	uint64_t l2, l3;
	long fl2, fl3, froot;

	(void)state;
	host_trace_clear();
	map_ok(GIB, 0, PAGE);
	l2 = root[0].entry[1] & ~0xfffUL & 0xfffffffff000UL;
	l3 = *(uint64_t *)(uintptr_t)l2 & 0xfffffffff000UL;
	fl3 = host_trace_last(HOST_FLUSH, l3);
	fl2 = host_trace_last(HOST_FLUSH, l2);
	froot = host_trace_last(HOST_FLUSH, (uintptr_t)&root[0].entry[1]);
	assert_true(fl3 >= 0 && fl2 > fl3 && froot > fl2);
	assert_true(host_trace_last(HOST_BARRIER, 0) > froot);
	/* No TLB is flushed here: that is the caller's. */
	assert_int_equal(host_trace_count(HOST_TLB, (uintptr_t)root), 0);
}

/* ---- Random operations against a list of what should be mapped ----------------------- */

#define MAX_RANGES	64

static struct range {
	uint64_t ipa, pa, bytes;
} ranges[MAX_RANGES];
static unsigned int nr_ranges;

static const struct range *range_at(uint64_t ipa)
{
	unsigned int i;

	for (i = 0; i < nr_ranges; i++)
		if (ipa >= ranges[i].ipa &&
		    ipa - ranges[i].ipa < ranges[i].bytes)
			return &ranges[i];
	return NULL;
}

static bool overlaps(uint64_t ipa, uint64_t bytes)
{
	unsigned int i;

	for (i = 0; i < nr_ranges; i++)
		if (ipa < ranges[i].ipa + ranges[i].bytes &&
		    ranges[i].ipa < ipa + bytes)
			return true;
	return false;
}

static void range_add(uint64_t ipa, uint64_t pa, uint64_t bytes)
{
	assert_true(nr_ranges < MAX_RANGES);
	ranges[nr_ranges++] = (struct range) { ipa, pa, bytes };
}

/* Take a part out of one range: what is left and right of it stays. */
static void range_cut(struct range *r, uint64_t ipa, uint64_t bytes)
{
	struct range old = *r;
	uint64_t end = old.ipa + old.bytes;

	*r = ranges[--nr_ranges];
	if (ipa > old.ipa)
		range_add(old.ipa, old.pa, ipa - old.ipa);
	if (ipa + bytes < end)
		range_add(ipa + bytes, old.pa + (ipa + bytes - old.ipa),
			  end - ipa - bytes);
}

static void check_one(uint64_t ipa)
{
	const struct range *r = range_at(ipa);
	uint64_t pte, pa;
	int level;

	pte = walk(ipa, &level);
	if (!r) {
		assert_int_equal(pte, 0);
		assert_int_equal(lookup(ipa, &pa),
				 PGTABLE_E_UNMAPPED);
		return;
	}
	assert_int_not_equal(pte, 0);
	assert_int_equal(lookup(ipa, &pa), 0);
	assert_int_equal(pa, r->pa + (ipa - r->ipa));
	assert_int_equal((pte & 0xfffffffff000UL) +
			 ipa % (1UL << (39 - 9 * level)), pa);
}

static uint64_t random_address(uint64_t *seed)
{
	uint64_t addr = test_random(seed) % 4 * GIB;

	addr += test_random(seed) % 4 * 2 * MIB;
	if (test_random(seed) % 2)
		addr += test_random(seed) % 6 * PAGE;
	else if (test_random(seed) % 4 == 0)
		addr += 2 * MIB - test_random(seed) % 3 * PAGE;
	return addr;
}

static uint64_t random_bytes(uint64_t *seed)
{
	static const uint64_t sizes[] = {
		PAGE, 2 * PAGE, 5 * PAGE, 2 * MIB, 2 * MIB - PAGE,
		2 * MIB + PAGE, 4 * MIB, GIB, GIB - 2 * MIB, GIB + 2 * MIB,
	};

	return sizes[test_random(seed) % ARRAY_SIZE(sizes)];
}

static void random_map(uint64_t *seed)
{
	uint64_t ipa = random_address(seed), pa = random_address(seed);
	uint64_t bytes = random_bytes(seed);
	int ret;

	if (nr_ranges > MAX_RANGES - 3)
		return;
	snapshot();
	ret = map(ipa, pa, bytes, PGTABLE_NORMAL);
	if (!ret) {
		assert_false(overlaps(ipa, bytes));
		range_add(ipa, pa, bytes);
		return;
	}
	assert_unchanged();
	if (ret == PGTABLE_E_OVERLAP)
		assert_true(overlaps(ipa, bytes));
	else
		assert_int_equal(ret, PGTABLE_E_POOL);
}

/* Would this unmap cut a block in two, or meet a hole? */
static bool can_unmap(uint64_t ipa, uint64_t bytes)
{
	uint64_t end = ipa + bytes, size, pte;
	int level;

	while (ipa < end) {
		pte = walk(ipa, &level);
		size = 1UL << (39 - 9 * level);
		if (!pte || ipa % size || end - ipa < size)
			return false;
		ipa += size;
	}
	return true;
}

static void random_unmap(uint64_t *seed)
{
	struct range *r;
	uint64_t ipa, bytes;
	bool whole = test_random(seed) % 2;
	int ret;

	if (!nr_ranges)
		return;
	r = &ranges[test_random(seed) % nr_ranges];
	ipa = r->ipa;
	bytes = r->bytes;
	if (!whole) {
		ipa += test_random(seed) % 3 * PAGE;
		bytes = random_bytes(seed);
	}
	snapshot();
	whole = whole || can_unmap(ipa, bytes);
	ret = unmap(ipa, bytes);
	if (!whole) {
		assert_true(ret == PGTABLE_E_UNMAPPED || ret == PGTABLE_E_SPLIT);
		assert_unchanged();
		return;
	}
	assert_int_equal(ret, 0);
	/* It can reach over the end of its range into the next one. */
	while (bytes) {
		uint64_t share;

		r = (struct range *)range_at(ipa);
		assert_non_null(r);
		share = r->ipa + r->bytes - ipa;
		if (share > bytes)
			share = bytes;
		range_cut(r, ipa, share);
		ipa += share;
		bytes -= share;
	}
}

static void run_random(uint64_t seed)
{
	unsigned int i, n;

	nr_ranges = 0;
	for (i = 0; i < 4000; i++) {
		if (test_random(&seed) % 5 < 3)
			random_map(&seed);
		else
			random_unmap(&seed);
		if (i % 500 == 499) {
			pgtable_clear(&t);
			nr_ranges = 0;
		}
		for (n = 0; n < 8; n++)
			check_one(random_address(&seed) +
				  test_random(&seed) % PAGE);
		for (n = 0; n < nr_ranges; n++) {
			check_one(ranges[n].ipa);
			check_one(ranges[n].ipa + ranges[n].bytes - 1);
		}
	}
	while (nr_ranges) {
		unmap_ok(ranges[0].ipa, ranges[0].bytes);
		range_cut(&ranges[0], ranges[0].ipa, ranges[0].bytes);
	}
	assert_int_equal(pgtable_pool_left(&t), POOL);
}

static void test_random_stage2(void **state)
{
	(void)state;
	run_random(0x1234567);
}

static void test_random_smmu(void **state)
{
	(void)state;
	run_random(0x89abcdef);
}

int main(void)
{
#define STAGE2(f)	cmocka_unit_test_setup(f, setup_stage2)
#define SMMU(f)		cmocka_unit_test_setup(f, setup_smmu)
	const struct CMUnitTest tests[] = {
		STAGE2(test_empty),
		STAGE2(test_stage2_descriptors),
		STAGE2(test_stage2_rights),
		SMMU(test_smmu_descriptors),
		STAGE2(test_vtcr),
		STAGE2(test_largest_possible_blocks),
		STAGE2(test_blocks_need_both_aligned),
		STAGE2(test_whole_input_range),
		STAGE2(test_board_layout),
		STAGE2(test_map_bad_arguments),
		STAGE2(test_map_overlap),
		STAGE2(test_map_pool_exhausted),
		STAGE2(test_map_pool_noticed_early),
		STAGE2(test_map_needs_every_page_it_counts),
		STAGE2(test_unmap_errors),
		STAGE2(test_clear),
		STAGE2(test_clear_writes_words),
		STAGE2(test_hide_and_show),
		STAGE2(test_show_nothing),
		STAGE2(test_root_alignment),
		STAGE2(test_table_reaches_memory_before_its_link),
		STAGE2(test_random_stage2),
		SMMU(test_random_smmu),
	};

	return cmocka_run_group_tests_name("monitor_pgtable", tests, NULL, NULL);
}
