// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * repo_backup.c - what a repository says of one backup
 */
#include "repo_backup.h"

#include <string.h>

#include "image_bytes.h"
#include "repo_fields.h"
#include "repo_segment.h"

#define MAGIC	"OSTI-BK1"
/* The second has a disk. */
#define VERSION	1
#define VERSION_DISK	2

/* Offsets */
#define B_VERSION	8
#define B_KIND		12
#define B_TIME		16
#define B_BEGAN		24
#define B_NEW		32
#define B_SHARED	40
#define B_DEVICE	48
#define B_LABEL		64
#define B_HOST		96
#define B_PACKS		160
#define B_CHUNKS	164
#define B_HEAD		168
#define B_ZERO		176	/* of the first version */
#define B_DISK		176
#define B_BLOCK		184
#define B_SEGMENTS	188
#define B_DIGEST	192
#define B_DISK_ZERO	224
#define B_FIXED		256
/* Offset in an entry of the list of packs */

/* A chunk is prefix, a byte at least, and tag. */
#define STORED_MIN	(OSTI_IMAGE_C_DATA + 1 + OSTI_IMAGE_TAG)
#define HEAD_MAX \
	(OSTI_IMAGE_HEADER + (uint64_t)REPO_PACKS_MAX * OSTI_IMAGE_T_ENTRY + \
	 OSTI_IMAGE_MANIFEST_MAX + OSTI_IMAGE_TAG)

size_t repo_backup_size(const struct repo_backup *b)
{
	return B_FIXED + (size_t)b->packs * REPO_PACK_ENTRY +
	       (size_t)b->header.chunks * REPO_PLACE +
	       (size_t)b->disk.segments * REPO_KEY + b->head_bytes;
}

static void write_disk(const struct repo_backup_disk *disk, uint8_t *out)
{
	image_put32(out + B_VERSION, VERSION_DISK);
	image_put64(out + B_DISK, disk->bytes);
	image_put32(out + B_BLOCK, REPO_BLOCK);
	image_put32(out + B_SEGMENTS, disk->segments);
	memcpy(out + B_DIGEST, disk->digest, REPO_KEY);
}

static void write_fixed(const struct repo_backup *b, uint8_t *out)
{
	memset(out, 0, B_FIXED);
	memcpy(out, MAGIC, REPO_MAGIC);
	image_put32(out + B_VERSION, VERSION);
	image_put32(out + B_KIND, b->kind);
	image_put64(out + B_TIME, b->time);
	image_put64(out + B_BEGAN, b->began);
	image_put64(out + B_NEW, b->bytes_new);
	image_put64(out + B_SHARED, b->bytes_shared);
	memcpy(out + B_DEVICE, b->device, REPO_DEVICE);
	repo_fields_put_text(out + B_LABEL, b->label, REPO_LABEL);
	repo_fields_put_text(out + B_HOST, b->host, REPO_HOST);
	image_put32(out + B_PACKS, b->packs);
	image_put32(out + B_CHUNKS, b->header.chunks);
	image_put64(out + B_HEAD, b->head_bytes);
	if (b->disk.bytes)
		write_disk(&b->disk, out);
}

static uint8_t *put(uint8_t *out, const uint8_t *from, size_t bytes)
{
	if (bytes)
		memcpy(out, from, bytes);
	return out + bytes;
}

void repo_backup_write(const struct repo_backup *b, uint8_t *out)
{
	write_fixed(b, out);
	out = put(out + B_FIXED, b->pack_list,
		  (size_t)b->packs * REPO_PACK_ENTRY);
	out = put(out, b->places, (size_t)b->header.chunks * REPO_PLACE);
	out = put(out, b->disk.segment_list,
		  (size_t)b->disk.segments * REPO_KEY);
	put(out, b->head, b->head_bytes);
}

static int parse_disk(const uint8_t *in, struct repo_backup_disk *disk)
{
	disk->bytes = image_get64(in + B_DISK);
	disk->segments = image_get32(in + B_SEGMENTS);
	memcpy(disk->digest, in + B_DIGEST, REPO_KEY);
	if (!repo_fields_zero(in + B_DISK_ZERO, B_FIXED - B_DISK_ZERO))
		return REPO_E_RESERVED;
	if (!disk->bytes || disk->bytes % REPO_DISK_UNIT ||
	    image_get32(in + B_BLOCK) != REPO_BLOCK ||
	    disk->segments > REPO_SEGMENTS_MAX ||
	    disk->segments != repo_segments(disk->bytes))
		return REPO_E_DISK;
	return REPO_OK;
}

static int parse_fixed(const uint8_t *in, struct repo_backup *b)
{
	uint32_t kind = image_get32(in + B_KIND);

	if (kind != REPO_BACKUP && kind != REPO_PUSHED)
		return REPO_E_KIND;
	b->kind = (enum repo_backup_kind)kind;
	b->time = image_get64(in + B_TIME);
	b->began = image_get64(in + B_BEGAN);
	b->bytes_new = image_get64(in + B_NEW);
	b->bytes_shared = image_get64(in + B_SHARED);
	memcpy(b->device, in + B_DEVICE, REPO_DEVICE);
	b->packs = image_get32(in + B_PACKS);
	b->header.chunks = image_get32(in + B_CHUNKS);
	if (!repo_fields_get_text(in + B_LABEL, REPO_LABEL, b->label) ||
	    !repo_fields_get_text(in + B_HOST, REPO_HOST, b->host))
		return REPO_E_TEXT;
	if (image_get32(in + B_VERSION) == VERSION_DISK)
		return parse_disk(in, &b->disk);
	return repo_fields_zero(in + B_ZERO, B_FIXED - B_ZERO) ?
	       REPO_OK : REPO_E_RESERVED;
}

/* How long each part of it is, and whether all are there. */
static int parse_sizes(const uint8_t *in, size_t bytes, struct repo_backup *b)
{
	uint64_t head = image_get64(in + B_HEAD);
	uint64_t before;

	if (b->packs > REPO_PACKS_MAX || b->header.chunks > REPO_PACKS_MAX ||
	    head > HEAD_MAX)
		return REPO_E_SIZE;
	before = B_FIXED + (uint64_t)b->packs * REPO_PACK_ENTRY +
		 (uint64_t)b->header.chunks * REPO_PLACE +
		 (uint64_t)b->disk.segments * REPO_KEY;
	if (before + head > bytes)
		return REPO_E_TRUNCATED;
	if (before + head < bytes)
		return REPO_E_SIZE;
	b->pack_list = in + B_FIXED;
	b->places = b->pack_list + (size_t)b->packs * REPO_PACK_ENTRY;
	b->disk.segment_list = b->places +
			       (size_t)b->header.chunks * REPO_PLACE;
	b->head = in + before;
	b->head_bytes = head;
	return REPO_OK;
}

/* Header, table and manifest; the table's sizes are those of the header. */
static int parse_head(struct repo_backup *b)
{
	uint32_t chunks = b->header.chunks;
	uint64_t total = 0;
	uint32_t i;

	if (b->head_bytes < OSTI_IMAGE_HEADER ||
	    image_header_parse(b->head, b->head_bytes, &b->header))
		return REPO_E_HEADER;
	if (b->header.chunks != chunks ||
	    image_header_first(&b->header) != b->head_bytes)
		return REPO_E_SIZE;
	b->table = b->head + OSTI_IMAGE_HEADER;
	for (i = 0; i < chunks; i++) {
		uint32_t stored = repo_backup_place(b, i).bytes;

		if (stored < STORED_MIN || stored > OSTI_IMAGE_STORED_MAX)
			return REPO_E_TABLE;
		total += stored;
	}
	return total == b->header.chunks_bytes ? REPO_OK : REPO_E_TABLE;
}

static int parse_places(const struct repo_backup *b)
{
	uint64_t bytes;
	uint32_t i;

	for (i = 0; i < b->header.chunks; i++) {
		struct repo_place place = repo_backup_place(b, i);

		if (place.pack >= b->packs)
			return REPO_E_PLACE;
		repo_backup_pack(b, place.pack, &bytes);
		if ((uint64_t)place.offset + place.bytes > bytes)
			return REPO_E_PLACE;
	}
	return REPO_OK;
}

int repo_backup_parse(const uint8_t *in, size_t bytes, struct repo_backup *b)
{
	int error;

	memset(b, 0, sizeof(*b));
	if (bytes < B_FIXED)
		return REPO_E_TRUNCATED;
	error = repo_fields_front(in, MAGIC, VERSION);
	if (error == REPO_E_VERSION)
		error = repo_fields_front(in, MAGIC, VERSION_DISK);
	if (!error)
		error = parse_fixed(in, b);
	if (!error)
		error = parse_sizes(in, bytes, b);
	if (!error)
		error = parse_head(b);
	if (!error)
		error = repo_pack_list_check(b->pack_list, b->packs);
	return error ? error : parse_places(b);
}

const uint8_t *repo_backup_pack(const struct repo_backup *b, uint32_t pack,
				uint64_t *bytes)
{
	return repo_pack_listed(b->pack_list, pack, bytes);
}

const uint8_t *repo_backup_segment(const struct repo_backup *b, uint32_t nr)
{
	return b->disk.segment_list + (size_t)nr * REPO_KEY;
}

struct repo_place repo_backup_place(const struct repo_backup *b,
				    uint32_t chunk)
{
	const uint8_t *entry = b->places + (size_t)chunk * REPO_PLACE;

	return (struct repo_place){
		.pack = image_get32(entry),
		.offset = image_get32(entry + 4),
		.bytes = image_get32(b->table +
				     (size_t)chunk * OSTI_IMAGE_T_ENTRY +
				     OSTI_IMAGE_T_STORED),
	};
}
