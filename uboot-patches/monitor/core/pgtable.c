// SPDX-License-Identifier: GPL-2.0-only
/*
 * pgtable.c - translation tables for CPUs (stage 2) and for devices (SMMU)
 */
#include "pgtable.h"

#include "log.h"
#include "pgtable_regs.h"

#define LEVEL_FIRST	1
#define LEVEL_LAST	3

/* Bytes that one entry of a level maps: 1 GiB, 2 MiB, 4 KiB. */
static uint64_t entry_bytes(int level)
{
	return 1UL << (12 + 9 * (LEVEL_LAST - level));
}

/* The two tables of a concatenated root count as one of 1024 entries. */
static unsigned int entry_index(const struct pgtable *t, int level, ipa_t ipa)
{
	unsigned int entries = PGTABLE_ENTRIES;

	if (level == LEVEL_FIRST && t->format == PGTABLE_STAGE2)
		entries *= PGTABLE_STAGE2_ROOT_PAGES;
	return (ipa_value(ipa) / entry_bytes(level)) % entries;
}

/* How much of [ipa, ipa + bytes) lies under the entry that maps @ipa. */
static uint64_t entry_share(int level, ipa_t ipa, uint64_t bytes)
{
	uint64_t left = entry_bytes(level) - ipa_value(ipa) % entry_bytes(level);

	return bytes < left ? bytes : left;
}

static bool is_table(uint64_t pte, int level)
{
	return level < LEVEL_LAST && (pte & PTE_VALID) &&
	       (pte & PTE_TABLE_OR_PAGE);
}

static uint64_t *table_of(uint64_t pte)
{
	return arch_phys(pa_make(pte & PTE_ADDR_MASK), PGTABLE_PAGE);
}

static uint64_t *root_of(const struct pgtable *t)
{
	return t->root->entry;
}

static uint64_t root_bytes(const struct pgtable *t)
{
	return PGTABLE_PAGE * (t->format == PGTABLE_STAGE2 ?
			       PGTABLE_STAGE2_ROOT_PAGES :
			       PGTABLE_SMMU_ROOT_PAGES);
}

static uint64_t input_limit(const struct pgtable *t)
{
	return 1UL << (t->format == PGTABLE_STAGE2 ?
		       PGTABLE_STAGE2_BITS : PGTABLE_SMMU_BITS);
}

/* A walker reads entries while they change, so each is written in one piece. */
static void write_entry(uint64_t *entry, uint64_t val)
{
	*(volatile uint64_t *)entry = val;
}

static struct pgtable_page *page_get(struct pgtable *t)
{
	struct pgtable_page *page = t->free;

	if (page) {
		t->free = (struct pgtable_page *)(uintptr_t)page->entry[0];
		t->nr_free--;
	} else {
		ASSERT(t->used < t->pool_pages);
		page = &t->pool[t->used++];
	}
	arch_zero(arch_pa(page), PGTABLE_PAGE);
	return page;
}

/*
 * A walker may still have the page in its TLB until the caller flushes it: the
 * link to the next free page is not a valid entry, as pages are aligned.
 */
static void page_put(struct pgtable *t, struct pgtable_page *page)
{
	write_entry(&page->entry[0], (uintptr_t)t->free);
	t->free = page;
	t->nr_free++;
}

void pgtable_init(struct pgtable *t, enum pgtable_format format,
		  struct pgtable_page *root, struct pgtable_page *pool,
		  unsigned int pool_pages)
{
	t->format = format;
	t->root = root;
	t->pool = pool;
	t->pool_pages = pool_pages;
	ASSERT(pa_aligned(arch_pa(root), root_bytes(t)));
	pgtable_clear(t);
}

pa_t pgtable_root(const struct pgtable *t)
{
	return arch_pa(t->root);
}

unsigned int pgtable_pool_left(const struct pgtable *t)
{
	return t->pool_pages - t->used + t->nr_free;
}

void pgtable_clear(struct pgtable *t)
{
	uint64_t *entry = root_of(t);
	uint64_t *end = entry + root_bytes(t) / sizeof(*entry);

	/*
	 * Not arch_zero(): a walker may be on its way through the root, and to
	 * zero a block is not to write its words in one piece each.
	 */
	while (entry < end)
		write_entry(entry++, 0);
	arch_cache_flush(pgtable_root(t), root_bytes(t));
	arch_barrier();
	t->used = 0;
	t->nr_free = 0;
	t->free = NULL;
}

static int check_range(const struct pgtable *t, ipa_t ipa, uint64_t bytes)
{
	ipa_t end;

	if (!ipa_aligned(ipa, PGTABLE_PAGE) || bytes % PGTABLE_PAGE || !bytes)
		return PGTABLE_E_ALIGN;
	if (!ipa_sum(ipa, bytes, &end))
		return PGTABLE_E_OVERFLOW;
	if (ipa_value(end) > input_limit(t))
		return PGTABLE_E_RANGE;
	return 0;
}

/* Can an entry map this share by itself, without a table below it? */
static bool fits_entry(int level, pa_t pa, uint64_t share)
{
	return share == entry_bytes(level) && pa_aligned(pa, share);
}

/*
 * Is the range free, and how many tables does it need? @table is NULL where a
 * table does not exist yet. Gives up once @need exceeds what the pool has, so
 * that a huge range of small pages is not walked to its end.
 */
static int check_map(const struct pgtable *t, const uint64_t *table, int level,
		     ipa_t ipa, pa_t pa, uint64_t bytes, unsigned int *need)
{
	while (bytes) {
		uint64_t share = entry_share(level, ipa, bytes);
		uint64_t pte = table ? table[entry_index(t, level, ipa)] : 0;
		const uint64_t *next = NULL;
		int err;

		if (is_table(pte, level))
			next = table_of(pte);
		else if (pte)
			return PGTABLE_E_OVERLAP;

		if (next || !fits_entry(level, pa, share)) {
			if (!next && ++*need > pgtable_pool_left(t))
				return PGTABLE_E_POOL;
			err = check_map(t, next, level + 1, ipa, pa, share,
					need);
			if (err)
				return err;
		}
		ipa = ipa_add(ipa, share);
		pa = pa_add(pa, share);
		bytes -= share;
	}
	return 0;
}

static uint64_t stage2_attr(enum pgtable_attr attr)
{
	const uint64_t normal = PTE_S2_MEMATTR_NORMAL | PTE_SH_INNER;

	switch (attr) {
	case PGTABLE_DEVICE:
		return PTE_S2_MEMATTR_NGNRE | PTE_S2_AP_RW | PTE_S2_XN;
	case PGTABLE_CODE:
		return normal | PTE_S2_AP_RO;
	case PGTABLE_DATA:
		return normal | PTE_S2_AP_RW | PTE_S2_XN;
	case PGTABLE_READ:
		return normal | PTE_S2_AP_RO | PTE_S2_XN;
	default:
		return normal | PTE_S2_AP_RW;
	}
}

static uint64_t leaf(const struct pgtable *t, int level, pa_t pa,
		     enum pgtable_attr attr)
{
	uint64_t pte = pa_value(pa) | PTE_VALID | PTE_AF;

	if (level == LEVEL_LAST)
		pte |= PTE_TABLE_OR_PAGE;
	if (t->format == PGTABLE_SMMU)
		return pte | PTE_S1_ATTR_INDEX_0 | PTE_S1_AP_RW_ALL |
		       PTE_SH_INNER | PTE_S1_NG | PTE_S1_PXN | PTE_S1_UXN;
	return pte | stage2_attr(attr);
}

/* Enter what check_map() has found possible. A new table is linked last. */
static void do_map(struct pgtable *t, uint64_t *table, int level, ipa_t ipa,
		   pa_t pa, uint64_t bytes, enum pgtable_attr attr)
{
	uint64_t *first = &table[entry_index(t, level, ipa)];
	uint64_t *entry = first;

	for (; bytes; entry++) {
		uint64_t share = entry_share(level, ipa, bytes);

		if (is_table(*entry, level)) {
			do_map(t, table_of(*entry), level + 1, ipa, pa, share,
			       attr);
		} else if (fits_entry(level, pa, share)) {
			write_entry(entry, leaf(t, level, pa, attr));
		} else {
			struct pgtable_page *page = page_get(t);

			do_map(t, page->entry, level + 1, ipa, pa, share, attr);
			write_entry(entry, pa_value(arch_pa(page)) | PTE_VALID |
				    PTE_TABLE_OR_PAGE);
		}
		ipa = ipa_add(ipa, share);
		pa = pa_add(pa, share);
		bytes -= share;
	}
	arch_cache_flush(arch_pa(first), (entry - first) * sizeof(*entry));
}

int pgtable_map(struct pgtable *t, ipa_t ipa, pa_t pa, uint64_t bytes,
		enum pgtable_attr attr)
{
	int err = check_range(t, ipa, bytes);
	unsigned int need = 0;
	pa_t end;

	if (err)
		return err;
	if (!pa_aligned(pa, PGTABLE_PAGE))
		return PGTABLE_E_ALIGN;
	if (!pa_sum(pa, bytes, &end))
		return PGTABLE_E_OVERFLOW;
	if (pa_value(end) > 1UL << PGTABLE_OUTPUT_BITS)
		return PGTABLE_E_RANGE;
	if (t->format == PGTABLE_SMMU && attr != PGTABLE_NORMAL)
		return PGTABLE_E_ATTR;
	err = check_map(t, root_of(t), LEVEL_FIRST, ipa, pa, bytes, &need);
	if (err)
		return err;
	do_map(t, root_of(t), LEVEL_FIRST, ipa, pa, bytes, attr);
	arch_barrier();
	return 0;
}

static int check_unmap(const struct pgtable *t, const uint64_t *table,
		       int level, ipa_t ipa, uint64_t bytes)
{
	while (bytes) {
		uint64_t share = entry_share(level, ipa, bytes);
		uint64_t pte = table[entry_index(t, level, ipa)];
		int err = 0;

		if (!(pte & PTE_VALID))
			err = PGTABLE_E_UNMAPPED;
		else if (is_table(pte, level))
			err = check_unmap(t, table_of(pte), level + 1, ipa,
					  share);
		else if (share != entry_bytes(level))
			err = PGTABLE_E_SPLIT;
		if (err)
			return err;
		ipa = ipa_add(ipa, share);
		bytes -= share;
	}
	return 0;
}

static bool is_empty(const uint64_t *table)
{
	unsigned int i;

	for (i = 0; i < PGTABLE_ENTRIES; i++)
		if (table[i] & PTE_VALID)
			return false;
	return true;
}

static void do_unmap(struct pgtable *t, uint64_t *table, int level, ipa_t ipa,
		     uint64_t bytes)
{
	uint64_t *first = &table[entry_index(t, level, ipa)];
	uint64_t *entry = first;

	for (; bytes; entry++) {
		uint64_t share = entry_share(level, ipa, bytes);
		uint64_t pte = *entry;

		if (is_table(pte, level))
			do_unmap(t, table_of(pte), level + 1, ipa, share);
		if (!is_table(pte, level) || is_empty(table_of(pte)))
			write_entry(entry, 0);
		if (is_table(pte, level) && !*entry)
			page_put(t, (struct pgtable_page *)table_of(pte));
		ipa = ipa_add(ipa, share);
		bytes -= share;
	}
	arch_cache_flush(arch_pa(first), (entry - first) * sizeof(*entry));
}

int pgtable_unmap(struct pgtable *t, ipa_t ipa, uint64_t bytes)
{
	int err = check_range(t, ipa, bytes);

	if (!err)
		err = check_unmap(t, root_of(t), LEVEL_FIRST, ipa, bytes);
	if (err)
		return err;
	do_unmap(t, root_of(t), LEVEL_FIRST, ipa, bytes);
	arch_barrier();
	return 0;
}

/* Bits [63:1] of an entry that is not valid mean nothing to a walker. */
static void set_valid(struct pgtable *t, ipa_t ipa, uint64_t bytes,
		      uint64_t valid)
{
	uint64_t *first = root_of(t) + entry_index(t, LEVEL_FIRST, ipa);
	uint64_t *last = root_of(t) +
			 entry_index(t, LEVEL_FIRST, ipa_add(ipa, bytes - 1));
	uint64_t *entry;

	ASSERT(!check_range(t, ipa, bytes));
	for (entry = first; entry <= last; entry++)
		if (*entry)
			write_entry(entry, (*entry & ~PTE_VALID) | valid);
	arch_cache_flush(arch_pa(first), (last + 1 - first) * sizeof(*first));
	arch_barrier();
}

void pgtable_hide(struct pgtable *t, ipa_t ipa, uint64_t bytes)
{
	set_valid(t, ipa, bytes, 0);
}

void pgtable_show(struct pgtable *t, ipa_t ipa, uint64_t bytes)
{
	set_valid(t, ipa, bytes, PTE_VALID);
}

int pgtable_lookup(const struct pgtable *t, ipa_t ipa, pa_t *pa)
{
	const uint64_t *table = root_of(t);
	uint64_t pte;
	int level;

	if (ipa_value(ipa) >= input_limit(t))
		return PGTABLE_E_RANGE;
	for (level = LEVEL_FIRST; ; level++) {
		pte = table[entry_index(t, level, ipa)];
		if (!is_table(pte, level))
			break;
		table = table_of(pte);
	}
	if (!(pte & PTE_VALID))
		return PGTABLE_E_UNMAPPED;
	*pa = pa_make((pte & PTE_ADDR_MASK) |
		      ipa_value(ipa) % entry_bytes(level));
	return 0;
}
