/* SPDX-License-Identifier: GPL-2.0-or-later */
/* In the boot manager's partition, which the monitor looks into. */
#define malloc		uboot_malloc
#define memalign	uboot_memalign
#define free		uboot_free

void *uboot_malloc(size_t bytes);
void *uboot_memalign(size_t align, size_t bytes);
void uboot_free(void *p);
