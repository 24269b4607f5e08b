/* SPDX-License-Identifier: GPL-2.0-or-later */
#define barrier_data(p)	__asm__ volatile("" : : "r"(p) : "memory")
