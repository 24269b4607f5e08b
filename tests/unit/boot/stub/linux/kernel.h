/* SPDX-License-Identifier: GPL-2.0-or-later */
/* linux/kernel.h - of U-Boot, as far as what is tested here needs it */
#define U64_MAX	UINT64_MAX
#define min(a, b)	((a) < (b) ? (a) : (b))
#define max(a, b)	((a) > (b) ? (a) : (b))
#define min_t(type, a, b) \
	((type)(a) < (type)(b) ? (type)(a) : (type)(b))
#define DIV_ROUND_UP(n, d)	(((n) + (d) - 1) / (d))
#define rounddown(x, y)	((x) - (x) % (y))
#define roundup(x, y)	(((x) + (y) - 1) / (y) * (y))
