/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pgtable_regs.h - fields of translation table descriptors
 *
 * Arm DDI 0487 (Arm ARM), section "VMSAv8-64 translation table format
 * descriptors" (D8.3), 4 KiB granule, 48-bit output addresses. The SMMU's
 * stage 1 uses the same format: Arm IHI 0070, section 3.4 "Address sizes" and
 * 5.4.1 "CD notes".
 */
#ifndef PGTABLE_REGS_H
#define PGTABLE_REGS_H

/* Both stages */
#define PTE_VALID		(1UL << 0)
#define PTE_TABLE_OR_PAGE	(1UL << 1)	/* clear: a block */
#define PTE_ADDR_MASK		0x0000fffffffff000UL
#define PTE_SH_INNER		(3UL << 8)
#define PTE_AF			(1UL << 10)

/* Stage 2 blocks and pages */
#define PTE_S2_MEMATTR_NORMAL	(0xfUL << 2)	/* inner, outer write-back */
#define PTE_S2_MEMATTR_NGNRE	(0x1UL << 2)	/* Device-nGnRE */
#define PTE_S2_AP_RO		(1UL << 6)
#define PTE_S2_AP_RW		(3UL << 6)
#define PTE_S2_XN		(2UL << 53)	/* at EL1 and EL0 */

/* Stage 1 blocks and pages */
#define PTE_S1_ATTR_INDEX_0	(0UL << 2)
#define PTE_S1_AP_RW_ALL	(1UL << 6)	/* also unprivileged */
#define PTE_S1_NG		(1UL << 11)	/* belongs to one ASID */
#define PTE_S1_PXN		(1UL << 53)
#define PTE_S1_UXN		(1UL << 54)

#endif /* PGTABLE_REGS_H */
