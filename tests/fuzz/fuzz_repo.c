// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fuzz_repo.c - small objects of a repository, and names of objects
 *
 * Input: byte 0 says what the rest is: 0 a configuration, 1 a holder record,
 * 2 a list of packs to be deleted, 3 the front of a backup, 4 the key of an
 * object, 5 a sealed object, 6 bytes of a disk (u64), a number (u32) and the
 * segment of it with that number.
 *
 * What is accepted is written again as it was.
 */
#include "fuzz.h"
#include "image_bytes.h"
#include "repo_config.h"
#include "repo_fossil.h"
#include "repo_front.h"
#include "repo_holder.h"
#include "repo_pack.h"
#include "repo_path.h"
#include "repo_seal.h"
#include "repo_segment.h"

static void config(const uint8_t *in, size_t bytes)
{
	uint8_t again[REPO_CONFIG];
	struct repo_config c;

	if (repo_config_parse(in, bytes, &c))
		return;
	repo_config_write(&c, again);
	CHECK(bytes == sizeof(again) && !memcmp(in, again, bytes));
}

static void holder(const uint8_t *in, size_t bytes)
{
	uint8_t again[REPO_HOLDER];
	struct repo_holder h;

	if (repo_holder_parse(in, bytes, &h))
		return;
	CHECK(h.number && h.number <= REPO_HOLDER_MAX);
	CHECK(!h.backup[0] || repo_name_ok(h.backup));
	repo_holder_write(&h, again);
	CHECK(bytes == sizeof(again) && !memcmp(in, again, bytes));
}

static void fossil(const uint8_t *in, size_t bytes)
{
	struct repo_fossil f;
	uint8_t *again;

	if (repo_fossil_parse(in, bytes, &f))
		return;
	CHECK(bytes == repo_fossil_size(f.packs));
	again = malloc(bytes);
	CHECK(again);
	repo_fossil_write(&f, again);
	CHECK(!memcmp(in, again, bytes));
	free(again);
}

static void front(const uint8_t *in, size_t bytes)
{
	const uint8_t *digests, *data;
	unsigned int parts;
	size_t data_bytes;

	if (repo_front_parse(in, bytes, &parts, &digests, &data, &data_bytes))
		return;
	CHECK(parts <= REPO_PARTS_MAX);
	CHECK(digests + parts * REPO_KEY == data);
	CHECK(data + data_bytes == in + bytes);
}

static void path(const uint8_t *in, size_t bytes)
{
	static const uint8_t slot[REPO_SLOT];
	char text[REPO_PATH], again[REPO_PATH], name[REPO_NAME];
	uint8_t id[REPO_KEY];
	unsigned int part;
	uint32_t number;
	const char *last;

	if (bytes >= sizeof(text))
		bytes = sizeof(text) - 1;
	memcpy(text, in, bytes);
	text[bytes] = '\0';
	last = strrchr(text, '/') ? strrchr(text, '/') + 1 : text;
	again[0] = '\0';
	if (repo_path_is_pack(text, id))
		repo_path_pack(slot, id, again);
	else if (repo_path_is_backup(text, name, &part))
		repo_path_backup(slot, name, part, again);
	else if (repo_path_is_holder(text, &number) &&
		 number <= REPO_HOLDER_MAX)
		repo_path_holder(slot, number, again);
	else
		return;
	CHECK(!strcmp(strrchr(again, '/') + 1, last));
}

static void sealed(const uint8_t *in, size_t bytes)
{
	static const uint8_t carrier[REPO_KEY];
	struct repo_keys keys;
	size_t data_bytes;
	uint8_t *data;
	uint8_t *copy = fuzz_copy(in, bytes);

	repo_keys_derive(carrier, &keys);
	if (!repo_open(&keys, REPO_KIND_HOLDER, "a", copy, bytes, &data,
		       &data_bytes))
		CHECK(data + data_bytes <= copy + bytes);
	free(copy);
}

static void check_blocks(const struct repo_segment *s, uint64_t disk)
{
	uint32_t i;

	for (i = 0; i < s->blocks; i++) {
		struct repo_segment_block b = repo_segment_block(s, i);
		uint64_t first = (uint64_t)s->number * REPO_SEGMENT_BLOCKS;
		uint64_t bytes;

		CHECK(first + i < repo_disk_blocks(disk));
		if (repo_disk_is_zero(b.digest))
			continue;
		CHECK(b.pack < s->packs);
		repo_segment_pack(s, b.pack, &bytes);
		CHECK(bytes <= REPO_PACK_MAX);
		CHECK((uint64_t)b.offset + REPO_BLOCK_TAG +
		      repo_disk_block(disk, first + i) <= bytes);
	}
}

static void segment(const uint8_t *in, size_t bytes)
{
	struct repo_segment s;
	uint8_t *again;
	uint64_t disk;

	if (bytes < 12)
		return;
	disk = image_get64(in);
	if (repo_segment_parse(in + 12, bytes - 12, disk, image_get32(in + 8),
			       &s))
		return;
	CHECK(repo_segment_size(&s) == bytes - 12);
	check_blocks(&s, disk);
	again = malloc(bytes - 12);
	CHECK(again);
	repo_segment_write(&s, again);
	CHECK(!memcmp(in + 12, again, bytes - 12));
	free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const targets[])(const uint8_t *in, size_t bytes) = {
		config, holder, fossil, front, path, sealed, segment,
	};
	uint8_t *exact;

	if (!size)
		return 0;
	exact = fuzz_copy(data + 1, size - 1);
	targets[data[0] % 7](exact, size - 1);
	free(exact);
	return 0;
}
