/* SPDX-License-Identifier: GPL-2.0-or-later */
/* linux/compiler.h - of U-Boot, as far as what is tested here needs it */
#define barrier_data(p)	__asm__ volatile("" : : "r"(p) : "memory")
