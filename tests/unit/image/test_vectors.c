// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The published test vectors, which another implementation made.
 */
#include "fixture.h"

#include <stdlib.h>
#include <string.h>

#include <tomcrypt.h>

#include "image_crypto.h"
#include "vectors.h"

/* BLAKE2b without a key, as the vectors name long contents. */
static void digest(const uint8_t *in, size_t bytes, uint8_t *out)
{
	hash_state md;

	assert_int_equal(blake2b_256_init(&md), CRYPT_OK);
	assert_int_equal(blake2b_process(&md, in, bytes), CRYPT_OK);
	assert_int_equal(blake2b_done(&md, out), CRYPT_OK);
}

/* page_of() of make-vectors.py. */
static void page_of(uint32_t number, const uint8_t *label, size_t label_bytes,
		    uint8_t *page)
{
	uint32_t i;

	for (i = 0; i < PAGE / 64; i++) {
		uint32_t in[2] = { number, i };
		hash_state md;

		assert_int_equal(blake2b_init(&md, 64, label, label_bytes), 0);
		assert_int_equal(blake2b_process(&md, (void *)in, 8), CRYPT_OK);
		assert_int_equal(blake2b_done(&md, page + (size_t)64 * i), 0);
	}
}

static void load_keys(struct vectors *v, struct image_keys *keys)
{
	uint8_t root[OSTI_IMAGE_HASH];
	uint8_t name[OSTI_NAME_LEN];
	uint8_t slot_key[OSTI_IMAGE_HASH];

	vectors_open(v, "keys.txt");
	assert_int_equal(vectors_hex(v, "root", root, sizeof(root)), 32);
	assert_int_equal(vectors_hex(v, "name", name, sizeof(name)), 16);
	image_keys_slot(root, name, slot_key);
	image_keys_derive(slot_key, keys);
}

static void derivation_of_keys(void **state)
{
	uint8_t root[OSTI_IMAGE_HASH];
	uint8_t name[OSTI_NAME_LEN];
	uint8_t slot_key[OSTI_IMAGE_HASH];
	uint8_t device[OSTI_IMAGE_DEVICE];
	struct image_keys keys;
	struct vectors v;

	(void)state;
	load_keys(&v, &keys);
	vectors_hex(&v, "root", root, sizeof(root));
	vectors_hex(&v, "name", name, sizeof(name));
	image_keys_device(root, device);
	vectors_compare(&v, "device", device, sizeof(device));
	image_keys_slot(root, name, slot_key);
	vectors_compare(&v, "slot_key", slot_key, sizeof(slot_key));
	vectors_compare(&v, "page", keys.page, 32);
	vectors_compare(&v, "chunk_id", keys.chunk_id, 32);
	vectors_compare(&v, "chunk_key", keys.chunk_key, 32);
	vectors_compare(&v, "manifest_id", keys.manifest_id, 32);
	vectors_compare(&v, "manifest_key", keys.manifest_key, 32);
	vectors_close(&v);
}

/* RFC 8439, section 2.8.2, has a nonce that we never use; this one is ours. */
static void aead_refuses(void **state)
{
	static const uint8_t key[OSTI_IMAGE_HASH] = { 1 };
	static const uint8_t aad[16] = { 2 };
	uint8_t buf[100] = { 3 };
	uint8_t tag[OSTI_IMAGE_TAG];
	unsigned int i;

	(void)state;
	image_crypto_seal(key, aad, sizeof(aad), buf, sizeof(buf), tag);
	tag[15] ^= 0x80;
	assert_false(image_crypto_open(key, aad, sizeof(aad), buf, sizeof(buf),
				       tag));
	for (i = 0; i < sizeof(buf); i++)
		assert_int_equal(buf[i], 0);
}

static void chunk(const struct vectors *v, const struct image_keys *keys,
		  struct image_work *work, const char *name, uint8_t nr)
{
	uint8_t *pages = malloc((size_t)nr * PAGE);
	uint8_t hash[OSTI_IMAGE_HASH];
	uint8_t id[OSTI_IMAGE_HASH];
	char field[64];
	uint32_t i;

#define FIELD(what)	(snprintf(field, sizeof(field), "%s." what, name), field)
	assert_non_null(pages);
	for (i = 0; i < nr; i++)
		page_of(i, (const uint8_t *)"osti", 4,
			pages + (size_t)i * PAGE);
	assert_int_equal(vectors_number(v, FIELD("pages")), nr);
	image_crypto_mac(keys->page, pages, PAGE, hash);
	vectors_compare(v, FIELD("page0_hash"), hash, sizeof(hash));
	image_chunk_id(keys, pages, nr, id);
	vectors_compare(v, FIELD("id"), id, sizeof(id));
	memcpy(work->stored, pages, (size_t)nr * PAGE);
	image_chunk_encrypt(keys, work, id, nr, OSTI_IMAGE_CODEC_RAW,
			    nr * PAGE);
	assert_int_equal(vectors_number(v, FIELD("stored_bytes")),
			 nr * PAGE + OSTI_IMAGE_TAG);
	digest(work->stored, nr * PAGE + OSTI_IMAGE_TAG, hash);
	vectors_compare(v, FIELD("stored_blake2b"), hash, sizeof(hash));
	vectors_compare(v, FIELD("tag"), work->stored + nr * PAGE,
			OSTI_IMAGE_TAG);
	free(pages);
#undef FIELD
}

static void chunks(void **state)
{
	struct image_work *work = malloc(sizeof(*work));
	uint8_t table[OSTI_IMAGE_T_ENTRY] = { 0 };
	struct image_manifest m = { .chunks = 1, .table = table };
	struct image_keys keys;
	struct vectors v;
	uint8_t stored[256];
	size_t bytes;
	size_t i;

	(void)state;
	assert_non_null(work);
	load_keys(&v, &keys);
	vectors_close(&v);
	vectors_open(&v, "chunks.txt");
	chunk(&v, &keys, work, "raw", 1);
	chunk(&v, &keys, work, "raw64", 64);

	/* A block that another compressor made: only to be opened. */
	vectors_hex(&v, "lz4.id", table, OSTI_IMAGE_HASH);
	bytes = vectors_hex(&v, "lz4.stored", stored, sizeof(stored));
	table[OSTI_IMAGE_T_STORED] = bytes;
	table[OSTI_IMAGE_T_PAGES] = vectors_number(&v, "lz4.pages");
	table[OSTI_IMAGE_T_CODEC] = OSTI_IMAGE_CODEC_LZ4;
	assert_int_equal(image_chunk_open(&keys, work, &m, 0, stored, bytes),
			 OSTI_IMAGE_OK);
	for (i = 0; i < 3 * PAGE; i++)
		assert_int_equal(work->pages[i], 0xa5);
	vectors_close(&v);
	free(work);
}

/* Make the image of a vector file with our code. */
static void load_image(struct vectors *v, struct fixture *f, uint8_t *gic,
		       size_t gic_max)
{
	const char *pages = vectors_find(v, "pages");
	uint8_t label[64];
	size_t label_bytes;

	fixture_init(f, vectors_number(v, "partition"));
	vectors_hex(v, "root", f->root, sizeof(f->root));
	vectors_hex(v, "name", f->identity.name, OSTI_NAME_LEN);
	f->identity.slot = vectors_number(v, "slot");
	f->identity.generation = vectors_number(v, "generation");
	f->saved_at = vectors_number(v, "saved_at");
	f->info.entry = vectors_number(v, "entry");
	f->info.arg = vectors_number(v, "arg");
	f->info.cpu = vectors_number(v, "cpu");
	f->info.frozen_at = vectors_number(v, "frozen_at");
	f->info.counter = vectors_number(v, "counter");
	vectors_hex(v, "platform", f->info.platform, OSTI_IMAGE_HASH);
	f->info.gic = gic;
	f->info.gic_bytes = vectors_find(v, "gic") ?
			    vectors_hex(v, "gic", gic, gic_max) : 0;
	label_bytes = vectors_hex(v, "label", label, sizeof(label));
	assert_non_null(pages);
	while (*pages >= '0' && *pages <= '9') {
		char *end;
		unsigned long number = strtoul(pages, &end, 10);

		page_of(number, label, label_bytes,
			f->ram + number * PAGE);
		pages = *end == ',' ? end + 1 : end;
	}
	fixture_rekey(f);
	fixture_pack(f);
}

static void image(const char *file)
{
	uint8_t hash[OSTI_IMAGE_HASH];
	uint8_t gic[256];
	struct vectors v;
	struct fixture f;
	const char *pages;
	uint32_t i;

	vectors_open(&v, file);
	load_image(&v, &f, gic, sizeof(gic));
	vectors_compare(&v, "header", f.file, OSTI_IMAGE_H_ZERO);
	assert_int_equal(vectors_number(&v, "file_bytes"), f.bytes);
	vectors_compare(&v, "sealed_manifest", f.file + OSTI_IMAGE_HEADER,
			f.file[64] | f.file[65] << 8);
	digest(f.file, f.bytes, hash);
	vectors_compare(&v, "file_blake2b", hash, sizeof(hash));
	assert_int_equal(fixture_refusal(&f), OSTI_IMAGE_OK);

	pages = vectors_find(&v, "chunk_pages");
	assert_non_null(pages);
	for (i = 0; *pages >= '0' && *pages <= '9'; i++) {
		struct image_chunk chunk;
		char *end;

		fixture_chunk(&f, i, &chunk);
		assert_int_equal(chunk.pages, strtoul(pages, &end, 10));
		pages = *end == ',' ? end + 1 : end;
	}
	fixture_free(&f);
	vectors_close(&v);
}

static void image_empty(void **state)
{
	(void)state;
	image("image-empty.txt");
}

static void image_sparse(void **state)
{
	(void)state;
	image("image-sparse.txt");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(derivation_of_keys),
		cmocka_unit_test(aead_refuses),
		cmocka_unit_test(chunks),
		cmocka_unit_test(image_empty),
		cmocka_unit_test(image_sparse),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
