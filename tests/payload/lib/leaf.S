/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * leaf.S - one access each, as leaf functions that an exception can leave
 *
 * x0 = address, x1 = value or where to put it. Result 0.
 */
	.arch	armv8-a+lse

	.macro	leaf name
	.globl	leaf_\name
leaf_\name:
	.endm

	.macro	done
	dsb	sy
	mov	x0, #0
	ret
	.endm

	.text
	leaf	read8
	ldrb	w2, [x0]
	str	x2, [x1]
	done

	leaf	read16
	ldrh	w2, [x0]
	str	x2, [x1]
	done

	leaf	read32
	ldr	w2, [x0]
	str	x2, [x1]
	done

	leaf	read64
	ldr	x2, [x0]
	str	x2, [x1]
	done

	leaf	write8
	strb	w1, [x0]
	done

	leaf	write16
	strh	w1, [x0]
	done

	leaf	write32
	str	w1, [x0]
	done

	leaf	write64
	str	x1, [x0]
	done

	leaf	ldp
	ldp	x2, x3, [x0]
	done

	leaf	stp
	stp	xzr, xzr, [x0]
	done

	leaf	ldr_q
	ldr	q0, [x0]
	done

	leaf	ldxr
	ldxr	x2, [x0]
	clrex
	done

	leaf	dc_zva
	dc	zva, x0
	done

	leaf	dc_civac
	dc	civac, x0
	done

	leaf	ldr_post
	mov	x3, x0
	ldr	w2, [x3], #4
	done

	leaf	ldadd
	mov	x2, #1
	ldadd	x2, x3, [x0]
	done

	/* Whatever is executed there must find its way back, or abort. */
	leaf	exec
	br	x0
