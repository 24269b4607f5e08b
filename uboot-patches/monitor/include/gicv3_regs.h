/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * gicv3_regs.h - registers of the GICv3 distributor and redistributors
 *
 * Arm IHI 0069 (GICv3 and GICv4 architecture), sections 12.8 "The GIC
 * Distributor register map", 12.9 "register descriptions", 12.10 and 12.11 the
 * same for the Redistributor. Bits as seen when GICD_CTLR.DS is 1.
 */
#ifndef GICV3_REGS_H
#define GICV3_REGS_H

/* Distributor; one bit, 8 bits, 2 bits or 64 bits for each INTID */
#define GICD_CTLR		0x0000
#define  GICD_CTLR_GRP0		(1U << 0)
#define  GICD_CTLR_GRP1		(1U << 1)
#define  GICD_CTLR_ARE		(1U << 4)
#define  GICD_CTLR_DS		(1U << 6)
#define  GICD_CTLR_RWP		(1U << 31)
#define GICD_TYPER		0x0004
#define  GICD_TYPER_LINES(x)	(32 * (((x) & 0x1f) + 1))
#define  GICD_TYPER_ESPI	(1U << 8)	/* SPIs from INTID 4096 on */
#define  GICD_TYPER_NMI		(1U << 9)
#define GICD_PIDR2		0xffe8
#define  GICD_PIDR2_ARCH(x)	(((x) >> 4) & 0xf)
#define GICD_IROUTER		0x6000

/* At the same offset in the distributor and in a redistributor's SGI frame */
#define GIC_IGROUPR		0x0080
#define GIC_ISENABLER		0x0100
#define GIC_ICENABLER		0x0180
#define GIC_ISPENDR		0x0200
#define GIC_ICPENDR		0x0280
#define GIC_ISACTIVER		0x0300
#define GIC_ICACTIVER		0x0380
#define GIC_IPRIORITYR		0x0400
#define GIC_ICFGR		0x0c00
#define  GIC_ICFGR_EDGE		2U	/* of the two bits of an INTID */

/* Redistributor, control frame */
#define GICR_CTLR		0x0000
#define  GICR_CTLR_RWP		(1U << 3)
#define GICR_TYPER		0x0008	/* 64 bit */
#define  GICR_TYPER_PLPIS	(1UL << 0)
#define  GICR_TYPER_LAST	(1UL << 4)
#define  GICR_TYPER_PPINUM(x)	((x) >> 27 & 0x1f)	/* PPIs from 1056 on */
#define  GICR_TYPER_AFFINITY(x)	((uint32_t)((x) >> 32))
#define GICR_WAKER		0x0014
#define  GICR_WAKER_SLEEP	(1U << 1)	/* ProcessorSleep */
#define  GICR_WAKER_ASLEEP	(1U << 2)	/* ChildrenAsleep */
#define GICR_PROPBASER		0x0070	/* 64 bit */
#define GICR_PENDBASER		0x0078	/* 64 bit */

/* Redistributor, SGI and PPI frame */
#define GICR_SGI_FRAME		0x10000

#endif /* GICV3_REGS_H */
