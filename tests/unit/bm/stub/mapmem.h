/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mapmem.h - of U-Boot, as far as what is tested here needs it */
void *map_sysmem(u64 addr, unsigned long bytes);
u64 map_to_sysmem(const void *p);
