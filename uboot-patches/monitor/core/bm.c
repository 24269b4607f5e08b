// SPDX-License-Identifier: GPL-2.0-only
/*
 * bm.c - the boot manager's image in flash
 */
#include "bm.h"

#include "board.h"
#include "context.h"
#include "flash.h"
#include "log.h"

void bm_load(struct cpu_entry *entry)
{
	static const struct flash_place place = {
		.start = BOARD_FLASH_BM,
		.end = BOARD_IMAGE_SIZE,
		.magic = BM_MAGIC,
	};
	const struct context *bm = context_get(OSTI_CONTEXT_BM);
	struct flash_header header;

	switch (flash_load(&place, bm->base, bm->size, &header)) {
	case FLASH_OK:
		break;
	case FLASH_E_MAGIC:
		panic("no boot manager in the firmware image: build it with 'make firmware'");
	default:
		panic("boot manager of %u bytes at offset %x does not fit",
		      header.size, header.offset);
	}
	entry->pc = ipa_add(context_ram(), header.offset);
	entry->arg = 0;
}
