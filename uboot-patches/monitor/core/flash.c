// SPDX-License-Identifier: GPL-2.0-only
/*
 * flash.c - the firmware image in flash, and the programs in it
 *
 * Flash is mapped as a device: whole, aligned reads only.
 */
#include "flash.h"

#include "board.h"
#include "log.h"
#include "string.h"

#define WORD	8
#define PAGE	4096

uint64_t flash_image;

_Static_assert(BOARD_BANK_A + BOARD_BANK_IMAGE + BOARD_IMAGE_SIZE ==
	       BOARD_BANK_B &&
	       BOARD_BANK_B + BOARD_BANK_IMAGE + BOARD_IMAGE_SIZE <=
	       BOARD_FLASH_SIZE, "two equal banks, and nothing between them");

/* Of each bank's image, in flash */
static const uint64_t images[BOARD_BANKS] = {
	BOARD_FLASH_BASE + BOARD_BANK_A + BOARD_BANK_IMAGE,
	BOARD_FLASH_BASE + BOARD_BANK_B + BOARD_BANK_IMAGE,
};

unsigned int flash_bank(void)
{
	unsigned int i;

	for (i = 0; i < BOARD_BANKS; i++)
		if (flash_image - images[i] < BOARD_IMAGE_SIZE)
			return i;
	panic("the monitor does not run from a bank of flash, but from 0x%lx",
	      (unsigned long)flash_image);
}

void flash_read(uint64_t offset, void *to, size_t bytes)
{
	const uint64_t image = images[flash_bank()];
	uint8_t *out = to;
	size_t i;

	ASSERT(offset % WORD == 0 && bytes % WORD == 0 &&
	       offset < BOARD_IMAGE_SIZE && bytes <= BOARD_IMAGE_SIZE - offset);
	for (i = 0; i < bytes; i += WORD) {
		const uint64_t word = arch_read64(pa_make(image + offset + i));

		memcpy(out + i, &word, WORD);
	}
}

/* Differences only: no sum of numbers from flash is formed. */
static bool fits(const struct flash_place *place,
		 const struct flash_header *header, uint64_t bytes)
{
	const uint64_t taken = header->size + (uint64_t)WORD;

	return header->size && header->offset % PAGE == 0 &&
	       header->size <= place->end - place->start - FLASH_PAYLOAD &&
	       header->offset < bytes && taken <= bytes - header->offset;
}

int flash_load(const struct flash_place *place, pa_t to, uint64_t bytes,
	       struct flash_header *header)
{
	const uint64_t from = images[flash_bank()] + place->start + FLASH_PAYLOAD;
	uint64_t *dst;
	uint64_t i;

	ASSERT(place->start % WORD == 0 && place->end <= BOARD_IMAGE_SIZE &&
	       place->start < place->end &&
	       place->end - place->start > FLASH_PAYLOAD && pa_aligned(to, WORD));
	flash_read(place->start, header, sizeof(*header));
	if (memcmp(header->magic, place->magic, sizeof(header->magic)))
		return FLASH_E_MAGIC;
	if (!fits(place, header, bytes))
		return FLASH_E_SIZE;

	to = pa_add(to, header->offset);
	dst = arch_phys(to, header->size + (uint64_t)WORD);
	for (i = 0; i * WORD < header->size; i++)
		dst[i] = arch_read64(pa_make(from + i * WORD));
	arch_cache_flush(to, header->size + (uint64_t)WORD);
	return FLASH_OK;
}
