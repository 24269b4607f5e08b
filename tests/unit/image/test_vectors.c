// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The published test vectors, which another implementation made.
 */
#include "fixture.h"

#include <stdio.h>
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
	struct image_frame_keys frame;
	uint8_t disk[OSTI_DISK_KEY_BYTES];
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
	vectors_compare(&v, "chunk_digest", keys.chunk_digest, 32);
	vectors_compare(&v, "chunk_key", keys.chunk_key, 32);
	vectors_compare(&v, "manifest_id", keys.manifest_id, 32);
	vectors_compare(&v, "manifest_key", keys.manifest_key, 32);
	image_keys_frame(slot_key, &frame);
	vectors_compare(&v, "header", frame.header, 32);
	vectors_compare(&v, "record", frame.record, 32);
	image_keys_disk(slot_key, disk);
	vectors_compare(&v, "disk", disk, sizeof(disk));
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

/* A name of a chunk's vector; the next call forgets it. */
static const char *field(const char *name, const char *what)
{
	static char text[64];

	snprintf(text, sizeof(text), "%s.%s", name, what);
	return text;
}

static void raw_chunk(const struct vectors *v, const struct image_keys *keys,
		      struct image_work *work, const char *name, uint8_t nr)
{
	uint32_t bytes = OSTI_IMAGE_C_DATA + nr * PAGE;
	uint8_t *pages = work->stored + OSTI_IMAGE_C_DATA;
	uint8_t hash[OSTI_IMAGE_HASH];
	uint32_t i;

	memset(work->stored, 0, OSTI_IMAGE_C_DATA);
	work->stored[OSTI_IMAGE_C_PAGES] = nr;
	for (i = 0; i < nr; i++)
		page_of(i, (const uint8_t *)"osti", 4,
			pages + (size_t)i * PAGE);
	assert_int_equal(vectors_number(v, field(name, "pages")), nr);
	image_crypto_mac(keys->page, pages, PAGE, hash);
	vectors_compare(v, field(name, "page0_hash"), hash, sizeof(hash));
	image_chunk_id(keys, pages, nr, hash);
	vectors_compare(v, field(name, "id"), hash, sizeof(hash));
	image_chunk_encrypt(keys, work, bytes, hash);
	vectors_compare(v, field(name, "digest"), hash, sizeof(hash));
	bytes += OSTI_IMAGE_TAG;
	assert_int_equal(vectors_number(v, field(name, "stored_bytes")), bytes);
	digest(work->stored, bytes, hash);
	vectors_compare(v, field(name, "stored_blake2b"), hash, sizeof(hash));
	vectors_compare(v, field(name, "tag"),
			work->stored + bytes - OSTI_IMAGE_TAG, OSTI_IMAGE_TAG);
}

/* Bytes that another compressor made: only to be opened. */
static void packed_chunk(const struct vectors *v, const struct image_keys *keys,
			 struct image_work *work, const char *name)
{
	uint8_t table[OSTI_IMAGE_T_ENTRY] = { 0 };
	uint8_t layout[OSTI_IMAGE_L_ENTRY] = { 0 };
	struct image_manifest m = {
		.chunks = 1, .table = table, .layout = layout,
	};
	uint8_t stored[256];
	size_t bytes;
	size_t i;

	vectors_hex(v, field(name, "id"), table + OSTI_IMAGE_T_ID,
		    OSTI_IMAGE_HASH);
	vectors_hex(v, field(name, "digest"), table + OSTI_IMAGE_T_DIGEST,
		    OSTI_IMAGE_HASH);
	bytes = vectors_hex(v, field(name, "stored"), stored, sizeof(stored));
	table[OSTI_IMAGE_T_STORED] = bytes;
	layout[OSTI_IMAGE_L_PAGES] = vectors_number(v, field(name, "pages"));
	assert_int_equal(image_chunk_open(keys, work, &m, 0, stored, bytes),
			 OSTI_IMAGE_OK);
	for (i = 0; i < 3 * PAGE; i++)
		assert_int_equal(work->pages[i], 0xa5);
}

static void chunks(void **state)
{
	struct image_work *work = malloc(sizeof(*work));
	struct image_keys keys;
	struct vectors v;

	(void)state;
	assert_non_null(work);
	load_keys(&v, &keys);
	vectors_close(&v);
	vectors_open(&v, "chunks.txt");
	raw_chunk(&v, &keys, work, "raw", 1);
	raw_chunk(&v, &keys, work, "raw64", 64);
	packed_chunk(&v, &keys, work, "lz4");
	packed_chunk(&v, &keys, work, "zstd");
	vectors_close(&v);
	free(work);
}

static void load_record(const struct vectors *v, struct image_record *r,
			uint8_t *gic, size_t gic_max)
{
	uint32_t i;

	r->entry = vectors_number(v, "entry");
	r->arg = vectors_number(v, "arg");
	r->cpu = vectors_number(v, "cpu");
	r->frozen_at = vectors_number(v, "frozen_at");
	r->counter = vectors_number(v, "counter");
	r->start = vectors_number(v, "start");
	r->kind = vectors_number(v, "kind");
	r->flags = vectors_number(v, "flags");
	vectors_hex(v, "platform", r->platform, OSTI_IMAGE_HASH);
	r->gic = gic;
	r->gic_bytes = vectors_find(v, "gic") ?
		       vectors_hex(v, "gic", gic, gic_max) : 0;
	r->attachments = vectors_number(v, "attachments");
	for (i = 0; i < r->attachments; i++) {
		struct image_attachment *a = &r->attachment[i];
		char name[32];

		snprintf(name, sizeof(name), "attachment%u", i);
		a->kind = vectors_number(v, field(name, "kind"));
		a->bytes = vectors_number(v, field(name, "bytes"));
		vectors_hex(v, field(name, "digest"), a->digest,
			    OSTI_IMAGE_HASH);
	}
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
	load_record(v, &f->record, gic, gic_max);
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

/* Where the chunks end. */
static void compare_chunks(const struct vectors *v, const struct fixture *f)
{
	const char *pages = vectors_find(v, "chunk_pages");
	uint32_t i;

	assert_non_null(pages);
	for (i = 0; *pages >= '0' && *pages <= '9'; i++) {
		struct image_chunk chunk;
		char *end;

		fixture_chunk(f, i, &chunk);
		assert_int_equal(chunk.pages, strtoul(pages, &end, 10));
		pages = *end == ',' ? end + 1 : end;
	}
}

static void image(const char *file)
{
	uint8_t record[OSTI_IMAGE_RECORD_MAX];
	uint8_t hash[OSTI_IMAGE_HASH];
	struct image_header header;
	struct vectors v;
	struct fixture f;
	uint8_t gic[256];
	size_t table;

	vectors_open(&v, file);
	load_image(&v, &f, gic, sizeof(gic));
	vectors_compare(&v, "record", record,
			image_record_write(&f.record, record));
	vectors_compare(&v, "header", f.file, OSTI_IMAGE_H_ZERO);
	assert_int_equal(image_header_parse(f.file, f.bytes, &header),
			 OSTI_IMAGE_OK);
	table = image_header_table(&header);
	digest(f.file + OSTI_IMAGE_HEADER, table, hash);
	vectors_compare(&v, "table_blake2b", hash, sizeof(hash));
	vectors_compare(&v, "sealed_manifest",
			f.file + OSTI_IMAGE_HEADER + table,
			header.manifest_bytes);
	assert_int_equal(vectors_number(&v, "file_bytes"), f.bytes);
	digest(f.file, f.bytes, hash);
	vectors_compare(&v, "file_blake2b", hash, sizeof(hash));
	assert_int_equal(fixture_refusal(&f), OSTI_IMAGE_OK);
	compare_chunks(&v, &f);
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
