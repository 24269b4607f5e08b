/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * smccc.h - every SMC of a context comes in here
 */
#ifndef SMCCC_H
#define SMCCC_H

#include "world.h"

/* Registers that OSTI calls may answer in: x0..x11. */
#define SMCCC_REGS	12

/* Numbers: Arm DEN 0028 ("SMCCC"), section 7. */
#define SMCCC_VERSION		0x80000000
#define SMCCC_ARCH_FEATURES	0x80000001
/* Against CVE-2022-23960, CVE-2018-3639 (x1: on or off), CVE-2017-5715 */
#define SMCCC_ARCH_WORKAROUND_3	0x80003fff
#define SMCCC_ARCH_WORKAROUND_2	0x80007fff
#define SMCCC_ARCH_WORKAROUND_1	0x80008000
/* Arm DEN 0098, section 2.4: is there a true random number generator? */
#define TRNG_VERSION		0x84000050
#define SMCCC_NOT_SUPPORTED	(-1)
#define SMCCC_VERSION_1_1	0x00010001
#define SMCCC_VERSION_1_2	0x00010002

/*
 * Answer an SMC: @x are the caller's x0..x11, changed in place. Takes the
 * caller for the running context. Monitor's lock is held.
 */
enum outcome smccc_handle(uint64_t x[SMCCC_REGS], struct cpu_entry *out);

#endif /* SMCCC_H */
