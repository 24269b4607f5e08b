/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * U-Boot's own arm_smccc_smc() returns x0 to x3 only; calls of osti/abi.h
 * return up to x11.
 */

#include <linux/linkage.h>

/*
 * void osti_smc(struct osti_regs *regs)
 *
 * In:  x0 = regs; loaded from it: x0..x6
 * Out: x0..x11 stored to it
 * Changes what the procedure call standard lets it change.
 */
ENTRY(osti_smc)
	stp	x29, x30, [sp, #-32]!
	mov	x29, sp
	str	x19, [sp, #16]
	mov	x19, x0
	ldp	x0, x1, [x19, #0]
	ldp	x2, x3, [x19, #16]
	ldp	x4, x5, [x19, #32]
	ldr	x6, [x19, #48]
	smc	#0
	stp	x0, x1, [x19, #0]
	stp	x2, x3, [x19, #16]
	stp	x4, x5, [x19, #32]
	stp	x6, x7, [x19, #48]
	stp	x8, x9, [x19, #64]
	stp	x10, x11, [x19, #80]
	ldr	x19, [sp, #16]
	ldp	x29, x30, [sp], #32
	ret
ENDPROC(osti_smc)
