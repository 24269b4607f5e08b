// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fuzz_repo_backup.c - metadata of a backup, as it was decrypted
 *
 * What is accepted names no byte outside a pack and no pack outside its list,
 * and is written again as it was.
 */
#include "fuzz.h"
#include "repo_backup.h"
#include "repo_pack.h"

static void check_places(const struct repo_backup *b)
{
	uint64_t total = 0;
	uint32_t i;

	for (i = 0; i < b->header.chunks; i++) {
		struct repo_place place = repo_backup_place(b, i);
		uint64_t bytes;

		CHECK(place.pack < b->packs);
		repo_backup_pack(b, place.pack, &bytes);
		CHECK(bytes <= REPO_PACK_MAX);
		CHECK((uint64_t)place.offset + place.bytes <= bytes);
		total += place.bytes;
	}
	CHECK(total == b->header.chunks_bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *exact = fuzz_copy(data, size);
	struct repo_backup b;
	int error;

	error = repo_backup_parse(exact, size, &b);
	CHECK(error <= 0 && error >= REPO_E_LAST);
	if (!error) {
		uint8_t *again = malloc(size);

		check_places(&b);
		CHECK(again && repo_backup_size(&b) == size);
		repo_backup_write(&b, again);
		CHECK(!memcmp(exact, again, size));
		free(again);
	}
	free(exact);
	return 0;
}
