/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pgtable.h - translation tables for CPUs (stage 2) and for devices (SMMU)
 *
 * Arm DDI 0487 (Arm ARM), chapter D8 "The AArch64 Virtual Memory System
 * Architecture"; 4 KiB granule, levels 1 to 3.
 *
 *   format           input    root                            registers
 *   PGTABLE_STAGE2   40 bit   two concatenated level 1 tables VTCR_EL2 =
 *                             8 KiB, aligned to its size      PGTABLE_VTCR_EL2
 *   PGTABLE_SMMU     39 bit   one level 1 table               CD.T0SZ = 25,
 *                                                             PGTABLE_SMMU_MAIR
 *
 * All memory is the caller's and static. No function here flushes a TLB:
 * after pgtable_unmap(), pgtable_hide() and pgtable_clear() the caller flushes
 * it (the CPUs' with arch_tlb_flush(), the SMMU's with smmuv3_flush()) before
 * it hands the memory that was mapped to somebody else, and before the next
 * pgtable_map() on the same table, which may use a page of the pool for another
 * range or fill an entry anew. That is the architecture's break-before-make (DDI 0487,
 * section "TLB maintenance: break-before-make"). After pgtable_map() alone
 * nothing needs to be flushed, because entries that are not valid are not
 * cached.
 *
 * The caller serialises calls for one table.
 */
#ifndef PGTABLE_H
#define PGTABLE_H

#include <stdint.h>

#include "arch.h"

#define PGTABLE_PAGE		0x1000UL
#define PGTABLE_ENTRIES		512
#define PGTABLE_STAGE2_ROOT_PAGES	2
#define PGTABLE_SMMU_ROOT_PAGES	1

/*
 * T0SZ = 24, SL0 = 1 (start at level 1), table walks inner shareable and
 * write-back, TG0 = 4 KiB, PS = 40 bit, RES1 (DDI 0487, "VTCR_EL2").
 */
#define PGTABLE_VTCR_EL2	0x80023558UL
#define PGTABLE_STAGE2_BITS	40
#define PGTABLE_SMMU_BITS	39
#define PGTABLE_OUTPUT_BITS	40
/* Attribute 0: normal memory, inner and outer write-back. */
#define PGTABLE_SMMU_MAIR	0xffUL

enum pgtable_format {
	PGTABLE_STAGE2,
	PGTABLE_SMMU,
};

enum pgtable_attr {
	PGTABLE_NORMAL,		/* RAM: write-back, inner shareable */
	/* Stage 2 only: */
	PGTABLE_DEVICE,		/* Device-nGnRE, never executed */
	PGTABLE_CODE,		/* RAM, never written */
	PGTABLE_DATA,		/* RAM, never executed */
	PGTABLE_READ,		/* RAM, neither written nor executed */
};

/* Errors; a function that returns one has changed nothing. */
enum pgtable_error {
	PGTABLE_E_ALIGN		= -1,	/* not a multiple of 4 KiB, or 0 bytes */
	PGTABLE_E_OVERFLOW	= -2,	/* ipa + bytes or pa + bytes wraps */
	PGTABLE_E_RANGE		= -3,	/* beyond what the format can express */
	PGTABLE_E_OVERLAP	= -4,	/* something is mapped or hidden there */
	PGTABLE_E_POOL		= -5,	/* no page left for another table */
	PGTABLE_E_ATTR		= -6,	/* not for a table of the SMMU */
	PGTABLE_E_UNMAPPED	= -7,	/* nothing is mapped (all or part) */
	PGTABLE_E_SPLIT		= -8,	/* part of a block: pgtable_unmap() */
};

struct pgtable_page {
	uint64_t entry[PGTABLE_ENTRIES];
} __attribute__((aligned(4096)));

struct pgtable {
	enum pgtable_format format;
	struct pgtable_page *root;
	struct pgtable_page *pool;
	unsigned int pool_pages;
	unsigned int used;	/* pages of the pool handed out once */
	unsigned int nr_free;	/* pages that came back since */
	struct pgtable_page *free;
};

/*
 * Make an empty table. @root has PGTABLE_*_ROOT_PAGES pages and is aligned to
 * all of them together; @pool has @pool_pages. Both belong to the table from
 * now on and outlive it.
 */
void pgtable_init(struct pgtable *t, enum pgtable_format format,
		  struct pgtable_page *root, struct pgtable_page *pool,
		  unsigned int pool_pages);

/* Physical address of the root, for VTTBR_EL2.BADDR or CD.TTB0. */
pa_t pgtable_root(const struct pgtable *t);

/* Pages of the pool that can still be used. */
unsigned int pgtable_pool_left(const struct pgtable *t);

/*
 * Map [ipa, ipa + bytes) to [pa, pa + bytes) for what @attr allows, with 1 GiB
 * and 2 MiB blocks wherever both addresses allow it, else with 4 KiB pages. The
 * tables are written through to memory: a walker sees the mapping
 * at the return, also one that does not look into caches.
 *
 * Returns 0 or PGTABLE_E_ALIGN, _OVERFLOW, _RANGE, _OVERLAP, _POOL, _ATTR.
 */
int pgtable_map(struct pgtable *t, ipa_t ipa, pa_t pa, uint64_t bytes,
		enum pgtable_attr attr);

/*
 * Unmap [ipa, ipa + bytes), all of which is mapped, by one call of
 * pgtable_map() or by several. A block goes as a whole: splitting one that is
 * in use needs a TLB flush in its middle, and no caller needs it.
 *
 * Returns 0 or PGTABLE_E_ALIGN, _OVERFLOW, _RANGE, _UNMAPPED, _SPLIT.
 */
int pgtable_unmap(struct pgtable *t, ipa_t ipa, uint64_t bytes);

/*
 * Translate one address as the hardware would.
 * Returns 0 with *pa set, or PGTABLE_E_RANGE or PGTABLE_E_UNMAPPED.
 */
int pgtable_lookup(const struct pgtable *t, ipa_t ipa, pa_t *pa);

/*
 * Hide all that the level 1 entries which [ipa, ipa + bytes) touches map: each
 * stands for 1 GiB and goes whole. pgtable_show() of the same range brings it
 * back as it was; until then nothing can be mapped or unmapped there. The time
 * does not depend on how much is mapped. Nothing happens where nothing is
 * mapped. The range is the caller's own: a bad one is a bug.
 */
void pgtable_hide(struct pgtable *t, ipa_t ipa, uint64_t bytes);
void pgtable_show(struct pgtable *t, ipa_t ipa, uint64_t bytes);

/*
 * Unmap everything, what is hidden too, and take all pages of the pool back.
 * A walker may use the table meanwhile.
 */
void pgtable_clear(struct pgtable *t);

#endif /* PGTABLE_H */
