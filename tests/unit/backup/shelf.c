// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * shelf.c - a store disk with an image, as the boot manager leaves it
 */
#include "shelf.h"

#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "image_bytes.h"

#define SECTOR		512
#define FIRST		(2048 * SECTOR)
#define OTHERS		(64 * SECTOR)
/* The second table, in front of the last sector. */
#define COPY_BYTES	(33 * SECTOR)

static const uint8_t type_guid[16] = {
	0x4e, 0x6f, 0x3b, 0x8a, 0x0c, 0x5d, 0x0e, 0x4f,
	0x9b, 0x56, 0x4f, 0x53, 0x54, 0x49, 0x00, 0x01,
};

static void put_entry(uint8_t *entry, const char *name, uint64_t at,
		      uint64_t bytes)
{
	size_t i;

	memcpy(entry, type_guid, sizeof(type_guid));
	image_put64(entry + 32, at / SECTOR);
	image_put64(entry + 40, (at + bytes) / SECTOR - 1);
	for (i = 0; name[i]; i++)
		entry[56 + 2 * i] = (uint8_t)name[i];
}

static void put_table(uint8_t *table, uint64_t entries)
{
	memcpy(table, "EFI PART", 8);
	image_put64(table + 72, entries / SECTOR);
	image_put32(table + 80, 128);
	image_put32(table + 84, SHELF_ENTRY);
}

void shelf_make(struct shelf *s, const char *name, const uint8_t *image,
		size_t bytes, unsigned int area)
{
	const size_t area_bytes = (bytes + 4095) / 4096 * 4096;
	uint8_t *entries;

	memset(s, 0, sizeof(*s));
	s->partition = FIRST + OTHERS;
	/* What is left over behind the two areas is of no use. */
	s->partition_bytes = 2 * area_bytes + SECTOR;
	s->image = s->partition + area * area_bytes;
	s->size = (s->partition + s->partition_bytes + COPY_BYTES + 4095) /
		  4096 * 4096;
	s->bytes = calloc(1, s->size);
	assert_non_null(s->bytes);
	memcpy(s->bytes + s->image, image, bytes);
	entries = s->bytes + SHELF_ENTRIES;
	put_table(s->bytes + SHELF_TABLE, SHELF_ENTRIES);
	put_entry(entries, "other", FIRST, OTHERS);
	put_entry(entries + SHELF_ENTRY, name, s->partition,
		  s->partition_bytes);
	put_table(s->bytes + s->size - SECTOR, s->size - COPY_BYTES);
	memcpy(s->bytes + s->size - COPY_BYTES, entries, 2 * SHELF_ENTRY);
}

void shelf_free(struct shelf *s)
{
	free(s->bytes);
	memset(s, 0, sizeof(*s));
}
