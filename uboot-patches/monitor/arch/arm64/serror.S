/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * serror.S - the one place where EL2 takes SErrors
 */
#include "sysreg.h"

	.text
	.globl	serror_window, serror_window_start, serror_window_end

/*
 * serror_window(): let an SError that is pending come to EL2. Returns its
 * ESR_EL2, or 0. Uses x9, x10; own_serror in vectors.S x0, x11, x12.
 *
 * While HCR_EL2.AMO is 0 an SError is for EL1, and EL2 cannot take it whatever
 * PSTATE.A says. What is pending and not masked at an ISB is taken before the
 * next instruction: DDI 0487, section D1.3.4 "Prioritization and recognition of
 * interrupts". own_serror goes on at serror_window_end with A set, so that an
 * error source that does not stop costs one exception, not all time.
 */
serror_window:
	mov	x0, xzr
	mrs	x9, hcr_el2
	orr	x10, x9, #HCR_AMO
	msr	hcr_el2, x10
	isb
serror_window_start:
	msr	daifclr, #4
	isb
serror_window_end:
	msr	daifset, #4
	msr	hcr_el2, x9
	isb
	ret
