// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * stored_place.c - where on the store disk an image lies that hibernated there
 */
#include "backup/stored_place.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "image_bytes.h"

#define SECTOR 512

/* A GUID partition table (UEFI 5.3). Its sums are not looked at: see below. */
#define GPT_MAGIC "EFI PART"
#define GPT_ENTRIES_AT 72 /* u64, sector */
#define GPT_ENTRIES 80 /* u32 */
#define GPT_ENTRY_BYTES 84 /* u32 */

#define ENTRY_BYTES 128 /* others have never been seen */
#define ENTRIES_MAX 128
#define ENTRY_FIRST 32 /* u64, sector */
#define ENTRY_LAST 40 /* u64, the last one that belongs to it */
#define ENTRY_NAME 56 /* UTF-16 */
#define ENTRY_CHARS 36

/* 8a3b6f4e-5d0c-4f0e-9b56-4f5354490001 */
static const uint8_t type_guid[16] = {
	0x4e, 0x6f, 0x3b, 0x8a, 0x0c, 0x5d, 0x0e, 0x4f,
	0x9b, 0x56, 0x4f, 0x53, 0x54, 0x49, 0x00, 0x01,
};

/* An area begins and ends at a multiple of this, from its partition on. */
#define AREA_UNIT 4096

struct search {
	struct stored_disk *disk;
	struct image_identity wanted;
	const char *name;
	struct stored_place *place;
	/* How far it came, for who is told. */
	bool table;
	bool partition;
};

int stored_place_failed(int error, struct fault *fault)
{
	if (error == -ESTALE || error == -ECANCELED)
		fault_set(fault, FAULT_INTERRUPTED,
			  "a person switched; nothing is lost");
	else
		fault_set(fault, FAULT_DEVICE,
			  "the store disk cannot be read: %s",
			  strerror(-error));
	return -1;
}

/* ---- An area --------------------------------------------------------------- */

/*
 * 1: it has the image that is wanted. Only the monitor knows which device this
 * is, and whether the image is genuine.
 */
static int look_at_area(struct search *s, uint64_t offset, uint64_t bytes)
{
	struct stored_place *place = s->place;
	int r;

	r = stored_disk_read(s->disk, offset, place->raw, OSTI_IMAGE_HEADER);
	if (r < 0)
		return r;
	if (image_header_parse(place->raw, OSTI_IMAGE_HEADER, &place->header))
		return 0;
	memcpy(s->wanted.device, place->header.identity.device,
	       OSTI_IMAGE_DEVICE);
	if (image_header_match(&place->header, &s->wanted) ||
	    image_header_total(&place->header) > bytes)
		return 0;
	place->offset = offset;
	return 1;
}

/* ---- The partition --------------------------------------------------------- */

static bool has_name(const uint8_t *entry, const char *name)
{
	size_t n = strlen(name);
	size_t i;

	if (n > ENTRY_CHARS)
		return false;
	for (i = 0; i < ENTRY_CHARS; i++) {
		const uint8_t *c = entry + ENTRY_NAME + 2 * i;

		if (c[1] || c[0] != (i < n ? (uint8_t)name[i] : 0))
			return false;
		if (i == n)
			break;
	}
	return true;
}

/* Two areas, A from its start and B behind A. */
static int look_at_partition(struct search *s, const uint8_t *entry)
{
	const uint64_t first = image_get64(entry + ENTRY_FIRST);
	const uint64_t last = image_get64(entry + ENTRY_LAST);
	uint64_t area;
	int r;

	if (first > last || last >= s->disk->bytes / SECTOR)
		return 0;
	area = (last - first + 1) * SECTOR / 2;
	area -= area % AREA_UNIT;
	if (!area)
		return 0;
	s->partition = true;
	r = look_at_area(s, first * SECTOR, area);
	return r ? r : look_at_area(s, first * SECTOR + area, area);
}

/* ---- The table ------------------------------------------------------------- */

static int look_at_entries(struct search *s, uint64_t offset, uint32_t nr)
{
	uint8_t entry[ENTRY_BYTES];
	uint32_t i;
	int r = 0;

	for (i = 0; i < nr && i < ENTRIES_MAX && r == 0; i++) {
		r = stored_disk_read(s->disk,
				     offset + (uint64_t)i * ENTRY_BYTES, entry,
				     sizeof(entry));
		if (r == 0 &&
		    memcmp(entry, type_guid, sizeof(type_guid)) == 0 &&
		    has_name(entry, s->name))
			r = look_at_partition(s, entry);
	}
	return r;
}

/* 0: it is not there. What its sums would tell, the image's header tells better. */
static int look_at_table(struct search *s, uint64_t sector)
{
	const uint64_t sectors = s->disk->bytes / SECTOR;
	uint8_t head[SECTOR];
	uint64_t entries;
	int r;

	r = stored_disk_read(s->disk, sector * SECTOR, head, sizeof(head));
	if (r < 0)
		return r;
	entries = image_get64(head + GPT_ENTRIES_AT);
	if (memcmp(head, GPT_MAGIC, 8) != 0 ||
	    image_get32(head + GPT_ENTRY_BYTES) != ENTRY_BYTES ||
	    entries >= sectors)
		return 0;
	s->table = true;
	return look_at_entries(s, entries * SECTOR,
			       image_get32(head + GPT_ENTRIES));
}

/* The second sector has it, and the last one again. */
static int look(struct search *s)
{
	const uint64_t sectors = s->disk->bytes / SECTOR;
	int r;

	if (sectors < 2)
		return 0;
	r = look_at_table(s, 1);
	/* It says that its parts lie where the disk has ended. */
	if (r == 0 || r == -ERANGE)
		r = look_at_table(s, sectors - 1);
	return r == -ERANGE ? 0 : r;
}

int stored_place_find(struct stored_disk *disk, uint32_t slot, const char *name,
		      uint64_t generation, struct stored_place *place,
		      struct fault *fault)
{
	struct search s = {
		.disk = disk,
		.wanted = { .slot = slot, .generation = generation },
		.name = name,
		.place = place,
	};
	int r;

	memcpy(s.wanted.name, name, strnlen(name, OSTI_NAME_LEN));
	r = look(&s);
	if (r > 0)
		return 0;
	if (r < 0)
		return stored_place_failed(r, fault);
	if (!s.table)
		fault_set(
			fault, FAULT_DEVICE,
			"the store disk has no partition table (GPT) that can be read");
	else if (!s.partition)
		fault_set(fault, FAULT_DEVICE,
			  "the store disk has no partition \"%s\" for images",
			  name);
	else
		fault_set(
			fault, FAULT_DEVICE,
			"the store disk has no image of %s of generation %llu, which the monitor knows of; the boot menu shows what it has",
			name, (unsigned long long)generation);
	return -1;
}
