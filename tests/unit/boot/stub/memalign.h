/* SPDX-License-Identifier: GPL-2.0-or-later */
#define ALLOC_CACHE_ALIGN_BUFFER(type, name, size)	type name[size]
