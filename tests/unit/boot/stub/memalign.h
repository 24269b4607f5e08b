/* SPDX-License-Identifier: GPL-2.0-or-later */
/* memalign.h - of U-Boot, as far as what is tested here needs it */
#define ALLOC_CACHE_ALIGN_BUFFER(type, name, size)	type name[size]
