// SPDX-License-Identifier: GPL-2.0-only
/*
 * bm.c - the boot manager's image in flash
 */
#include "bm.h"

#include "board.h"
#include "context.h"
#include "log.h"
#include "string.h"

void bm_load(struct cpu_entry *entry)
{
	const struct context *bm = context_get(OSTI_CONTEXT_BM);
	pa_t src = BOARD_FLASH_BASE + BOARD_FLASH_BM;
	union {
		struct bm_header header;
		uint64_t word[sizeof(struct bm_header) / 8];
	} u;
	uint64_t *dst;
	uint64_t i;

	/* Flash is mapped as a device: whole, aligned reads only. */
	for (i = 0; i < sizeof(u.word) / sizeof(u.word[0]); i++)
		u.word[i] = arch_read64(src + 8 * i);

	if (memcmp(u.header.magic, BM_MAGIC, sizeof(u.header.magic)))
		panic("no boot manager in the firmware image: build it with 'make firmware'");
	if (!u.header.size || u.header.offset % 4096 ||
	    u.header.size > BOARD_FLASH_SIZE - BOARD_FLASH_BM - BM_PAYLOAD ||
	    !context_owns(bm, OSTI_RAM_IPA + (uint64_t)u.header.offset,
			  u.header.size + 8ULL))
		panic("boot manager of %u bytes at offset %x does not fit",
		      u.header.size, u.header.offset);

	dst = arch_phys(bm->base + u.header.offset, u.header.size + 8ULL);
	for (i = 0; 8 * i < u.header.size; i++)
		dst[i] = arch_read64(src + BM_PAYLOAD + 8 * i);
	arch_cache_flush(bm->base + u.header.offset, u.header.size + 8ULL);

	entry->pc = OSTI_RAM_IPA + u.header.offset;
	entry->arg = 0;
}
