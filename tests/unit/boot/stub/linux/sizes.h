/* SPDX-License-Identifier: GPL-2.0-or-later */
/* linux/sizes.h - of U-Boot, as far as what is tested here needs it */
#define SZ_1K	0x400
