/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vector.S - the SIMD registers, which compilers do not touch here
 */
	/* vector_fill(word): both halves of Qn = word + n */
	.globl	vector_fill
vector_fill:
	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	dup	v\n\().2d, x0
	add	x0, x0, #1
	.endr
	.irp	n, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	dup	v\n\().2d, x0
	add	x0, x0, #1
	.endr
	ret

	/* vector_read(words): Q0..Q31 to 64 words */
	.globl	vector_read
vector_read:
	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	str	q\n, [x0], #16
	.endr
	.irp	n, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	str	q\n, [x0], #16
	.endr
	ret
