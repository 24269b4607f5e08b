/* SPDX-License-Identifier: GPL-2.0-or-later */
/* asm/byteorder.h - of U-Boot, as far as what is tested here needs it */
#define cpu_to_be64(v)	__builtin_bswap64(v)
