/* SPDX-License-Identifier: GPL-2.0-or-later */
/* linux/sizes.h - of U-Boot, as far as what is tested here needs it */
#define SZ_1K	0x400
#define SZ_4K	0x1000
#define SZ_256K	0x40000
#define SZ_1M	0x100000
