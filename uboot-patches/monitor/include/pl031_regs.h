/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pl031_regs.h - registers of a PL031, the driver's and those that contexts see
 *
 * Source: Arm PrimeCell Real Time Clock (PL031) Technical Reference Manual,
 * DDI 0224, chapter 3 "Programmer's Model". All are 32 bits wide.
 */
#ifndef PL031_REGS_H
#define PL031_REGS_H

#define PL031_DR		0x000	/* seconds, read-only */
#define PL031_MR		0x004	/* raises the alarm when DR is the same */
#define PL031_LR		0x008	/* sets DR */
#define PL031_CR		0x00c
#define  PL031_CR_START		(1U << 0)	/* cannot be cleared */
#define PL031_IMSC		0x010	/* the alarm interrupts */
#define PL031_RIS		0x014	/* the alarm is raised */
#define PL031_MIS		0x018	/* both */
#define PL031_ICR		0x01c	/* clears the alarm, write-only */
#define  PL031_ALARM		(1U << 0)	/* of IMSC, RIS, MIS, ICR */
#define PL031_ID		0xfe0	/* 8 registers of 8 bits */

#endif /* PL031_REGS_H */
