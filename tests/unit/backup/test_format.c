// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * formats/repo: what is written is read, and nothing else is.
 */
#include "test.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "image_bytes.h"
#include "image_crypto.h"
#include "image_keys.h"
#include "repo_config.h"
#include "repo_fossil.h"
#include "repo_front.h"
#include "repo_holder.h"
#include "repo_pack.h"
#include "repo_pad.h"
#include "repo_path.h"
#include "repo_seal.h"

static const uint8_t slot[REPO_SLOT] = { 0xab, 0xcd };

static void make_keys(struct repo_keys *keys)
{
	uint8_t carrier[REPO_KEY];

	memset(carrier, 0x11, sizeof(carrier));
	repo_keys_derive(carrier, keys);
}

/* ---- Keys and names ---------------------------------------------------------------- */

static void keys_differ(void **state)
{
	uint8_t slot_key[REPO_KEY] = { 1 }, other_key[REPO_KEY] = { 2 };
	uint8_t id[REPO_SLOT], other_id[REPO_SLOT];
	uint8_t carrier[REPO_KEY], other[REPO_KEY];
	struct repo_keys k;

	(void)state;
	image_keys_carrier(slot_key, id, carrier);
	image_keys_carrier(other_key, other_id, other);
	assert_memory_not_equal(id, other_id, sizeof(id));
	assert_memory_not_equal(carrier, other, sizeof(carrier));
	assert_memory_not_equal(carrier, slot_key, sizeof(carrier));
	repo_keys_derive(carrier, &k);
	assert_memory_not_equal(k.digest, k.seal, REPO_KEY);
	assert_memory_not_equal(k.pack, k.name, REPO_KEY);
	assert_memory_not_equal(k.digest, carrier, REPO_KEY);
}

static void paths(void **state)
{
	static const char name[] = "00000000deadbeef-0123456789abcdef";
	uint8_t id[REPO_KEY] = { 0xfe }, got_id[REPO_KEY];
	char path[REPO_PATH], got[REPO_NAME];
	unsigned int part;
	uint32_t number;

	(void)state;
	repo_path_pack(slot, id, path);
	assert_string_equal(path, "abcd0000000000000000000000000000/packs/"
		"fe00000000000000000000000000000000000000000000000000000000000000");
	assert_true(repo_path_is_pack(path, got_id));
	assert_memory_equal(id, got_id, sizeof(id));
	repo_path_backup(slot, name, 0, path);
	assert_true(repo_path_is_backup(path, got, &part));
	assert_string_equal(got, name);
	assert_int_equal(part, 0);
	repo_path_backup(slot, name, REPO_PARTS_MAX, path);
	assert_true(repo_path_is_backup(path, got, &part));
	assert_int_equal(part, REPO_PARTS_MAX);
	repo_path_holder(slot, 42, path);
	assert_string_equal(path,
			    "abcd0000000000000000000000000000/holder/00000042");
	assert_true(repo_path_is_holder(path, &number));
	assert_int_equal(number, 42);
	repo_path_fossil(slot, name, path);
	assert_true(repo_path_is_fossil(path, got));
	assert_int_equal(repo_name_time(name), 0xdeadbeef);
}

static void names_that_are_none(void **state)
{
	static const char *const bad[] = {
		"", "x/backups/", "x/backups/y",
		"x/backups/00000000deadbeef-0123456789abcde",
		"x/backups/00000000deadbeef_0123456789abcdef",
		"x/backups/00000000DEADBEEF-0123456789abcdef",
		"x/backups/00000000deadbeef-0123456789abcdef.",
		"x/backups/00000000deadbeef-0123456789abcdef.0",
		"x/backups/00000000deadbeef-0123456789abcdef.16",
		"x/backups/00000000deadbeef-0123456789abcdef.a",
		"x/backups/00000000deadbeef-0123456789abcdef.01",
		"x/backups/00000000deadbeef-0123456789abcdef.001",
		"x/backups/00000000deadbeef-0123456789abcdefx",
	};
	uint8_t id[REPO_KEY];
	char name[REPO_NAME];
	unsigned int part;
	uint32_t number;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		assert_false(repo_path_is_backup(bad[i], name, &part));
		assert_false(repo_path_is_pack(bad[i], id));
		assert_false(repo_path_is_holder(bad[i], &number));
	}
	assert_false(repo_path_is_fossil("x/fossils/1", name));
	assert_false(repo_path_is_holder("x/holder/00000000", &number));
	assert_false(repo_path_is_holder("x/holder/000000010", &number));
	assert_false(repo_path_is_holder("x/holder/0000000a", &number));
}

static void padding(void **state)
{
	uint64_t bytes;

	(void)state;
	assert_int_equal(repo_pad_size(0), 4096);
	assert_int_equal(repo_pad_size(4096), 4096);
	assert_int_equal(repo_pad_size(4097), 4352);
	assert_int_equal(repo_pad_size(8U << 20), 8U << 20);
	for (bytes = 4097; bytes < 1ULL << 40; bytes += bytes / 7) {
		uint64_t padded = repo_pad_size(bytes);

		assert_true(padded >= bytes && padded - bytes < bytes * 9 / 100);
		/* Padding what is padded changes nothing. */
		assert_int_equal(repo_pad_size(padded), padded);
	}
}

/* ---- Sealed objects ------------------------------------------------------------------ */

static void sealed_is_opened(void **state)
{
	static const size_t sizes[] = { 0, 1, 4088, 4089, 100000 };
	struct repo_keys keys;
	size_t i;

	(void)state;
	make_keys(&keys);
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		size_t size = repo_seal_size(sizes[i]), got;
		uint8_t *plain = calloc(1, sizes[i] + 1), *buf = malloc(size);
		uint8_t *data;

		assert_true(plain && buf);
		memset(plain, 0x5a, sizes[i]);
		repo_seal(&keys, REPO_KIND_BACKUP, "a/b", plain, sizes[i], buf);
		assert_int_equal(repo_open(&keys, REPO_KIND_BACKUP, "a/b", buf,
					   size, &data, &got), REPO_OK);
		assert_int_equal(got, sizes[i]);
		assert_memory_equal(data, plain, sizes[i]);
		free(buf);
		free(plain);
	}
}

static int try_open(const struct repo_keys *keys, enum repo_kind kind,
		    const char *path, const uint8_t *sealed, size_t size)
{
	uint8_t *copy = malloc(size ? size : 1);
	uint8_t *data;
	size_t bytes;
	int error;

	assert_non_null(copy);
	if (size)
		memcpy(copy, sealed, size);
	error = repo_open(keys, kind, path, copy, size, &data, &bytes);
	free(copy);
	return error;
}

static void sealed_is_bound(void **state)
{
	struct repo_keys keys, other;
	uint8_t carrier[REPO_KEY] = { 9 };
	uint8_t sealed[8192];
	size_t size = repo_seal_size(5), i;

	(void)state;
	make_keys(&keys);
	repo_keys_derive(carrier, &other);
	repo_seal(&keys, REPO_KIND_HOLDER, "a/b",
		  (const uint8_t *)"12345", 5, sealed);
	assert_int_equal(try_open(&keys, REPO_KIND_HOLDER, "a/b", sealed, size),
			 REPO_OK);
	assert_int_equal(try_open(&keys, REPO_KIND_HOLDER, "a/c", sealed, size),
			 REPO_E_TAG);
	assert_int_equal(try_open(&keys, REPO_KIND_FOSSIL, "a/b", sealed, size),
			 REPO_E_TAG);
	assert_int_equal(try_open(&other, REPO_KIND_HOLDER, "a/b", sealed,
				  size), REPO_E_TAG);
	for (i = 0; i < size; i++)
		assert_true(try_open(&keys, REPO_KIND_HOLDER, "a/b", sealed,
				     i) == (i <= 56 ? REPO_E_TRUNCATED :
						      REPO_E_TAG));
	for (i = 0; i < size; i++) {
		sealed[i] ^= 1 << i % 8;
		assert_int_equal(try_open(&keys, REPO_KIND_HOLDER, "a/b",
					  sealed, size), REPO_E_TAG);
		sealed[i] ^= 1 << i % 8;
	}
}

/* The same plaintext under two keys of objects shall not have one stream. */
static void sealed_differs_by_place(void **state)
{
	uint8_t a[8192], b[8192];
	struct repo_keys keys;

	(void)state;
	make_keys(&keys);
	repo_seal(&keys, REPO_KIND_HOLDER, "a/b", (const uint8_t *)"1", 1, a);
	repo_seal(&keys, REPO_KIND_HOLDER, "a/c", (const uint8_t *)"1", 1, b);
	assert_memory_not_equal(a, b, REPO_KEY);
	assert_memory_not_equal(a + REPO_KEY, b + REPO_KEY, REPO_KEY);
}

/* ---- Plain objects ------------------------------------------------------------------- */

static void config(void **state)
{
	struct repo_config c = { .flags = REPO_CONDITIONAL }, got;
	uint8_t out[REPO_CONFIG + 1];
	size_t i;

	(void)state;
	memset(c.id, 7, sizeof(c.id));
	repo_config_write(&c, out);
	assert_int_equal(repo_config_parse(out, REPO_CONFIG, &got), REPO_OK);
	assert_memory_equal(&c, &got, sizeof(c));
	for (i = 0; i < REPO_CONFIG; i++)
		assert_int_equal(repo_config_parse(out, i, &got),
				 REPO_E_TRUNCATED);
	assert_int_equal(repo_config_parse(out, REPO_CONFIG + 1, &got),
			 REPO_E_SIZE);
	for (i = 0; i < 8 * REPO_CONFIG; i++) {
		out[i / 8] ^= 1 << i % 8;
		assert_true(repo_config_parse(out, REPO_CONFIG, &got) < 0);
		out[i / 8] ^= 1 << i % 8;
	}
	/* What a later version might mean, with a good sum. */
	c.flags = 2;
	repo_config_write(&c, out);
	assert_int_equal(repo_config_parse(out, REPO_CONFIG, &got),
			 REPO_E_RESERVED);
}

static void holder(void **state)
{
	struct repo_holder h = {
		.number = 3, .state = REPO_IN_CLOUD, .time = 1800000000,
		.label = "kitchen", .backup = "00000000deadbeef-0123456789abcdef",
	}, got;
	uint8_t out[REPO_HOLDER + 1];
	size_t i;

	(void)state;
	memset(h.device, 1, sizeof(h.device));
	memset(h.claim, 2, sizeof(h.claim));
	repo_holder_write(&h, out);
	assert_int_equal(repo_holder_parse(out, REPO_HOLDER, &got), REPO_OK);
	assert_int_equal(got.number, 3);
	assert_int_equal(got.state, REPO_IN_CLOUD);
	assert_int_equal(got.time, 1800000000);
	assert_string_equal(got.label, "kitchen");
	assert_string_equal(got.backup, h.backup);
	assert_memory_equal(got.device, h.device, sizeof(h.device));
	assert_memory_equal(got.claim, h.claim, sizeof(h.claim));
	for (i = 0; i < REPO_HOLDER; i++)
		assert_int_equal(repo_holder_parse(out, i, &got),
				 REPO_E_TRUNCATED);
	assert_int_equal(repo_holder_parse(out, REPO_HOLDER + 1, &got),
			 REPO_E_SIZE);
	out[255] = 1;
	assert_int_equal(repo_holder_parse(out, REPO_HOLDER, &got),
			 REPO_E_RESERVED);
	out[255] = 0;
	out[48] = '\n';
	assert_int_equal(repo_holder_parse(out, REPO_HOLDER, &got),
			 REPO_E_TEXT);
	out[48] = 0;
	assert_int_equal(repo_holder_parse(out, REPO_HOLDER, &got),
			 REPO_E_TEXT);
	/* A name that somebody has typed badly, and one that is too long. */
	strcpy(h.label, "a\tb\x7f");
	repo_holder_write(&h, out);
	assert_int_equal(repo_holder_parse(out, REPO_HOLDER, &got), REPO_OK);
	assert_string_equal(got.label, "a?b?");
	memset(h.label, 'x', REPO_LABEL);
	repo_holder_write(&h, out);
	assert_int_equal(repo_holder_parse(out, REPO_HOLDER, &got), REPO_OK);
	assert_int_equal(strlen(got.label), REPO_LABEL);
	/* In the cloud, but in no backup. */
	h.backup[0] = '\0';
	repo_holder_write(&h, out);
	assert_int_equal(repo_holder_parse(out, REPO_HOLDER, &got),
			 REPO_E_KIND);
	h.state = REPO_HELD;
	repo_holder_write(&h, out);
	assert_int_equal(repo_holder_parse(out, REPO_HOLDER, &got), REPO_OK);
	h.number = 0;
	repo_holder_write(&h, out);
	assert_int_equal(repo_holder_parse(out, REPO_HOLDER, &got),
			 REPO_E_KIND);
}

static void fossil(void **state)
{
	uint8_t ids[3 * REPO_KEY] = { 0 }, out[256];
	struct repo_fossil f = { .time = 5, .packs = 3, .ids = ids }, got;
	size_t size = repo_fossil_size(3), i;

	(void)state;
	for (i = 0; i < 3; i++)
		ids[i * REPO_KEY] = (uint8_t)(i + 1);
	repo_fossil_write(&f, out);
	assert_int_equal(repo_fossil_parse(out, size, &got), REPO_OK);
	assert_int_equal(got.packs, 3);
	assert_int_equal(got.time, 5);
	assert_memory_equal(got.ids, ids, sizeof(ids));
	for (i = 0; i < size; i++)
		assert_int_equal(repo_fossil_parse(out, i, &got),
				 REPO_E_TRUNCATED);
	assert_int_equal(repo_fossil_parse(out, size + 1, &got), REPO_E_SIZE);
	ids[REPO_KEY] = 1;
	repo_fossil_write(&f, out);
	assert_int_equal(repo_fossil_parse(out, size, &got), REPO_E_PACK);
	image_put32(out + 12, 0xffffffff);
	assert_int_equal(repo_fossil_parse(out, size, &got), REPO_E_SIZE);
	image_put32(out + 12, 0);
	assert_int_equal(repo_fossil_parse(out, size, &got), REPO_E_SIZE);
}

static void front(void **state)
{
	uint8_t digests[2 * REPO_KEY], out[REPO_FRONT(2) + 3];
	const uint8_t *d, *data;
	unsigned int parts;
	size_t bytes, i;

	(void)state;
	assert_int_equal(repo_front_parts(0, 10), 0);
	assert_int_equal(repo_front_parts(10, 10), 0);
	assert_int_equal(repo_front_parts(11, 10), 1);
	assert_int_equal(repo_front_parts(160, 10), 15);
	assert_int_equal(repo_front_parts(161, 10), -1);
	memset(digests, 3, sizeof(digests));
	repo_front_write(2, digests, out);
	assert_int_equal(repo_front_parse(out, sizeof(out), &parts, &d, &data,
					  &bytes), REPO_OK);
	assert_int_equal(parts, 2);
	assert_int_equal(bytes, 3);
	assert_memory_equal(d, digests, sizeof(digests));
	for (i = 0; i < REPO_FRONT(2); i++)
		assert_int_equal(repo_front_parse(out, i, &parts, &d, &data,
						  &bytes), REPO_E_TRUNCATED);
	image_put32(out, 16);
	assert_int_equal(repo_front_parse(out, sizeof(out), &parts, &d, &data,
					  &bytes), REPO_E_SIZE);
}

static void packs_are_never_equal(void **state)
{
	uint8_t seed[REPO_KEY] = { 1 }, other[REPO_KEY] = { 2 };
	uint8_t a[4096], b[4096], id_a[REPO_KEY], id_b[REPO_KEY];
	struct repo_keys keys;

	(void)state;
	make_keys(&keys);
	memset(a, 0xcc, sizeof(a));
	memset(b, 0xcc, sizeof(b));
	repo_pack_finish(&keys, a, 4080, 4096, seed, id_a);
	repo_pack_finish(&keys, b, 4080, 4096, other, id_b);
	assert_memory_equal(a, b, 4080);
	assert_memory_not_equal(a + 4080, b + 4080, 16);
	assert_memory_not_equal(id_a, id_b, REPO_KEY);
	repo_pack_id(&keys, b, sizeof(b), id_a);
	assert_memory_equal(id_a, id_b, REPO_KEY);
	assert_int_equal(repo_pack_last_size(REPO_PACK_ROOM), REPO_PACK_BYTES);
	assert_int_equal(repo_pack_last_size(1), 4096);
}

static void errors_have_texts(void **state)
{
	int error;

	(void)state;
	for (error = 1; error >= REPO_E_LAST - 1; error--)
		assert_non_null(repo_error_text(error));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_differ),
		cmocka_unit_test(paths),
		cmocka_unit_test(names_that_are_none),
		cmocka_unit_test(padding),
		cmocka_unit_test(sealed_is_opened),
		cmocka_unit_test(sealed_is_bound),
		cmocka_unit_test(sealed_differs_by_place),
		cmocka_unit_test(config),
		cmocka_unit_test(holder),
		cmocka_unit_test(fossil),
		cmocka_unit_test(front),
		cmocka_unit_test(packs_are_never_equal),
		cmocka_unit_test(errors_have_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
