// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fuzz_repo.c - small objects of a repository, and names of objects
 *
 * Input: byte 0 says what the rest is: 0 a configuration, 1 a holder record,
 * 2 a list of packs to be deleted, 3 the front of a backup, 4 the key of an
 * object, 5 a sealed object.
 *
 * What is accepted is written again as it was.
 */
#include "fuzz.h"
#include "repo_config.h"
#include "repo_fossil.h"
#include "repo_front.h"
#include "repo_holder.h"
#include "repo_path.h"
#include "repo_seal.h"

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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const targets[])(const uint8_t *in, size_t bytes) = {
		config, holder, fossil, front, path, sealed,
	};
	uint8_t *exact;

	if (!size)
		return 0;
	exact = fuzz_copy(data + 1, size - 1);
	targets[data[0] % 6](exact, size - 1);
	free(exact);
	return 0;
}
