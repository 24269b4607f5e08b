/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * smmuv3_regs.h - registers and memory structures of the SMMUv3
 *
 * Arm IHI 0070 (SMMU architecture, version 3): section 3.5 "Command and Event
 * queues", 4 "Commands", 5.2 "Stream Table Entry", 5.4 "Context Descriptor",
 * 6.3 "Register formats", 7.3 "Event records". Structures are arrays of
 * little-endian 64-bit words; DWn is the n-th.
 */
#ifndef SMMUV3_REGS_H
#define SMMUV3_REGS_H

/* ---- Registers, section 6.3 ------------------------------------------------ */

#define SMMU_IDR0		0x00000
#define  SMMU_IDR0_S1P		(1U << 1)
#define  SMMU_IDR0_TTF_AARCH64	(2U << 2)
#define  SMMU_IDR0_TTENDIAN(x)	(((x) >> 21) & 3)
#define   SMMU_TTENDIAN_BIG	3
#define  SMMU_IDR0_STALL(x)	(((x) >> 24) & 3)
#define   SMMU_STALL_FORCED	2
#define SMMU_IDR1		0x00004
#define  SMMU_IDR1_SIDSIZE(x)	((x) & 0x3f)
#define  SMMU_IDR1_EVENTQS(x)	(((x) >> 16) & 0x1f)
#define  SMMU_IDR1_CMDQS(x)	(((x) >> 21) & 0x1f)
#define  SMMU_IDR1_PRESET	(3U << 29)	/* tables or queues fixed */
#define SMMU_IDR5		0x00014
#define  SMMU_IDR5_OAS(x)	((x) & 7)
#define   SMMU_OAS_40_BIT	2
#define  SMMU_IDR5_GRAN4K	(1U << 4)

#define SMMU_CR0		0x00020
#define SMMU_CR0ACK		0x00024
#define  SMMU_CR0_SMMUEN	(1U << 0)
#define  SMMU_CR0_EVENTQEN	(1U << 2)
#define  SMMU_CR0_CMDQEN	(1U << 3)
#define SMMU_CR1		0x00028	/* 0: queues, tables not cached */
#define SMMU_CR2		0x0002c
#define  SMMU_CR2_RECINVSID	(1U << 1)	/* record C_BAD_STREAMID */
#define  SMMU_CR2_PTM		(1U << 2)	/* no TLBI from CPUs */
#define SMMU_GBPA		0x00044
#define  SMMU_GBPA_ABORT	(1U << 20)
#define  SMMU_GBPA_UPDATE	(1U << 31)
#define SMMU_IRQ_CTRL		0x00050
#define SMMU_IRQ_CTRLACK	0x00054
#define SMMU_GERROR		0x00060
#define SMMU_GERRORN		0x00064
#define  SMMU_GERROR_CMDQ	(1U << 0)
#define  SMMU_GERROR_EVENTQ	(1U << 2)	/* events could not be written */
#define SMMU_STRTAB_BASE	0x00080	/* 64 bit */
#define SMMU_STRTAB_BASE_CFG	0x00088	/* linear: log2 of the entries */
#define SMMU_CMDQ_BASE		0x00090	/* 64 bit */
#define SMMU_CMDQ_PROD		0x00098
#define SMMU_CMDQ_CONS		0x0009c
#define  SMMU_CMDQ_CONS_ERR(x)	(((x) >> 24) & 0x7f)
#define   SMMU_CERROR_ILL	1
#define   SMMU_CERROR_ABT	2
#define SMMU_EVENTQ_BASE	0x000a0	/* 64 bit */
#define SMMU_EVENTQ_PROD	0x100a8
#define SMMU_EVENTQ_CONS	0x100ac
#define  SMMU_EVENTQ_OVERFLOW	(1U << 31)	/* OVFLG, OVACKFLG */

#define SMMU_BASE_ADDR_MASK	0x000fffffffffffc0UL
#define SMMU_STRTAB_BASE_RA	(1UL << 62)	/* read-allocate hint */
#define SMMU_QUEUE_BASE_HINT	(1UL << 62)	/* CMDQ: RA, EVENTQ: WA */

/* ---- Commands, section 4 (DW0, DW1) ---------------------------------------- */

#define SMMU_CMD_BYTES		16
#define SMMU_CMD_OP(dw0)	((dw0) & 0xff)
#define SMMU_CMD_CFGI_STE	0x03UL
#define  SMMU_CFGI_STREAM(x)	((uint64_t)(x) << 32)	/* DW0 */
#define  SMMU_CFGI_LEAF		(1UL << 0)		/* DW1 */
#define SMMU_CMD_CFGI_ALL	0x04UL
#define  SMMU_CFGI_ALL_RANGE	31UL			/* DW1 */
#define SMMU_CMD_CFGI_CD_ALL	0x06UL
#define SMMU_CMD_TLBI_NH_ASID	0x11UL
#define  SMMU_TLBI_ASID(x)	((uint64_t)(x) << 48)	/* DW0 */
#define SMMU_CMD_TLBI_NSNH_ALL	0x30UL
#define SMMU_CMD_SYNC		0x46UL		/* CS 0: no signal, polled */

/* ---- Stream table entry, section 5.2 --------------------------------------- */

#define SMMU_STE_WORDS		8
#define SMMU_STE0_V		(1UL << 0)
#define SMMU_STE0_CONFIG_ABORT	(0UL << 1)	/* silently */
#define SMMU_STE0_CONFIG_S1	(5UL << 1)	/* stage 1, no stage 2 */
#define SMMU_STE0_CD_MASK	SMMU_BASE_ADDR_MASK
#define SMMU_STE1_SHCFG_IN	(1UL << 44)	/* shareability as incoming */

/* ---- Context descriptor, section 5.4 ---------------------------------------- */

#define SMMU_CD_WORDS		8
#define SMMU_CD0_T0SZ(x)	((uint64_t)(x) << 0)
#define SMMU_CD0_EPD1		(1UL << 30)
#define SMMU_CD0_V		(1UL << 31)
#define SMMU_CD0_IPS(x)		((uint64_t)(x) << 32)
#define SMMU_CD0_AA64		(1UL << 41)
#define SMMU_CD0_R		(1UL << 45)	/* record faults */
#define SMMU_CD0_A		(1UL << 46)	/* abort on fault */
#define SMMU_CD0_ASET		(1UL << 47)	/* ASID not shared with CPUs */
#define SMMU_CD0_ASID(x)	((uint64_t)(x) << 48)
#define SMMU_CD1_TTB0_MASK	0x000ffffffffffff0UL

/* ---- Event records, section 7.3 ---------------------------------------------- */

#define SMMU_EVENT_BYTES	32
#define SMMU_EVENT_WORDS	4
#define SMMU_EVENT0_TYPE(x)	((x) & 0xff)
#define SMMU_EVENT0_STREAM(x)	((uint32_t)((x) >> 32))
#define SMMU_EVENT1_READ	(1UL << 35)	/* RnW */

#endif /* SMMUV3_REGS_H */
