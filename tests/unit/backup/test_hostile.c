// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Objects that are missing, truncated, swapped or altered, and metadata that
 * only who has the carrier key could write.
 */
#include "world.h"

#include <stdlib.h>
#include <string.h>

#include "backup/check.h"
#include "image_bytes.h"

#define SIZE	(2 * MIB)

static struct world w;
static struct courier c;

static int setup(void **state)
{
	(void)state;
	world_begin(&w, SIZE);
	courier_begin(&c, &w, 1);
	courier_good_backup(&c);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	courier_end(&c);
	world_end(&w);
	return 0;
}

/* The last pack, for a test to do something to it. */
static struct fake_object *a_pack(void)
{
	struct fake_object *o;

	assert_true(cloud_count(&w.cloud, "/packs/", &o) > 1);
	return o;
}

static unsigned int told;
static char last_text[BACKUP_FAULT_MESSAGE];

static void note(const char *text, void *data)
{
	(void)data;
	told++;
	strcpy(last_text, text);
}

static void check(unsigned int bad_backups, uint32_t bad_packs)
{
	struct check_result r;

	told = 0;
	assert_int_equal(check_run(&c.repo, true, note, NULL, &r, &c.fault),
			 BACKUP_OK);
	assert_int_equal(r.bad_backups, bad_backups);
	assert_int_equal(r.bad_packs, bad_packs);
	assert_int_equal(told, bad_backups + bad_packs);
}

static void missing_pack(void **state)
{
	char key[STORE_KEY_MAX + 1];

	(void)state;
	strcpy(key, a_pack()->key);
	cloud_delete(&w.cloud, key);
	assert_int_equal(courier_restore(&c, c.result.name, NULL),
			 BACKUP_E_MISSING);
	assert_non_null(strstr(c.fault.message, key));
	check(1, 0);
	assert_non_null(strstr(last_text, key));
	/* A new backup sends what is missing. */
	world_pass(&w, 60);
	courier_good_backup(&c);
	assert_int_equal(courier_restore(&c, c.result.name, w.f.ram),
			 BACKUP_OK);
}

static void truncated_pack(void **state)
{
	struct fake_object *o = a_pack();

	(void)state;
	o->bytes /= 2;
	assert_int_equal(courier_restore(&c, c.result.name, NULL),
			 BACKUP_E_DAMAGED);
	assert_non_null(strstr(c.fault.message, o->key));
	check(1, 0);
	world_pass(&w, 60);
	courier_good_backup(&c);
	assert_int_equal(courier_restore(&c, c.result.name, w.f.ram),
			 BACKUP_OK);
}

static void altered_pack(void **state)
{
	struct fake_object *o = a_pack();

	(void)state;
	o->body[30] ^= 1;
	assert_int_equal(courier_restore(&c, c.result.name, NULL),
			 BACKUP_E_REFUSED);
	assert_non_null(strstr(c.fault.message, o->key));
	check(0, 1);
	assert_non_null(strstr(last_text, o->key));
}

static void swapped_packs(void **state)
{
	struct fake_object *objects = w.cloud.objects;
	/* Number 0 is a backup. */
	size_t one = 0, two = 0;
	uint8_t *body;
	size_t i;

	(void)state;
	for (i = 0; i < w.cloud.nr; i++) {
		if (!strstr(objects[i].key, "/packs/") ||
		    objects[i].bytes != WORLD_PACK)
			continue;
		two = one;
		one = i;
	}
	assert_true(one && two);
	body = objects[one].body;
	objects[one].body = objects[two].body;
	objects[two].body = body;
	assert_int_equal(courier_restore(&c, c.result.name, NULL),
			 BACKUP_E_REFUSED);
	check(0, 2);
}

static void altered_metadata(void **state)
{
	struct fake_object *o;
	size_t i;

	(void)state;
	assert_int_equal(cloud_count(&w.cloud, "/backups/", &o), 1);
	for (i = 0; i < o->bytes; i++) {
		o->body[i] ^= 1 << i % 8;
		assert_int_equal(courier_restore(&c, c.result.name, NULL),
				 BACKUP_E_DAMAGED);
		o->body[i] ^= 1 << i % 8;
	}
	assert_non_null(strstr(c.fault.message, o->key));
	o->body[50] ^= 1;
	check(1, 0);
	/* A backup does without it. */
	world_pass(&w, 60);
	courier_good_backup(&c);
	assert_int_equal(c.result.damaged, 1);
	o = cloud_find(&w.cloud, "osti-repository");
	assert_non_null(o);
	for (i = 0; i < o->bytes; i++) {
		struct repository repo;

		o->body[i] ^= 1 << i % 8;
		assert_true(repository_open(c.store, w.slot, w.carrier, &repo,
					    &c.fault));
		o->body[i] ^= 1 << i % 8;
	}
}

/* A backup under another name, or in another slot's folder. */
static void moved_metadata(void **state)
{
	static const char other[] = "00000000deadbeef-0123456789abcdef";
	struct fake_object *o;
	char path[REPO_PATH];

	(void)state;
	assert_int_equal(cloud_count(&w.cloud, "/backups/", &o), 1);
	repo_path_backup(w.slot, other, 0, path);
	strcpy(o->key, path);
	assert_int_equal(courier_restore(&c, other, NULL), BACKUP_E_DAMAGED);
}

static void missing_part(void **state)
{
	struct fake_object *o;
	char key[STORE_KEY_MAX + 1];

	(void)state;
	world_pass(&w, 60);
	c.upload.piece = 1000;
	courier_good_backup(&c);
	cloud_count(&w.cloud, c.result.name, &o);
	strcpy(key, o->key);
	cloud_delete(&w.cloud, key);
	assert_int_equal(courier_restore(&c, c.result.name, NULL),
			 BACKUP_E_MISSING);
	assert_non_null(strstr(c.fault.message, key));
	check(1, 0);
}

/* One that opens, of who has the carrier key, and is of another backup. */
static void another_part(void **state)
{
	char path[REPO_PATH];

	(void)state;
	world_pass(&w, 60);
	c.upload.piece = 1000;
	courier_good_backup(&c);
	repo_path_backup(w.slot, c.result.name, 2, path);
	assert_int_equal(repository_write(&c.repo, STORE_PUT, REPO_KIND_PART,
					  path, (const uint8_t *)path, 100,
					  NULL, &c.fault), BACKUP_OK);
	assert_int_equal(courier_restore(&c, c.result.name, NULL),
			 BACKUP_E_DAMAGED);
	assert_non_null(strstr(c.fault.message, path));
}

static void wrong_key(void **state)
{
	struct repository repo;
	struct backup b;

	(void)state;
	w.carrier[0] ^= 1;
	assert_int_equal(repository_open(c.store, w.slot, w.carrier, &repo,
					 &c.fault), BACKUP_OK);
	assert_int_equal(backups_load(&repo, c.result.name, &b, &c.fault),
			 BACKUP_E_DAMAGED);
	repository_close(&repo);
}

static void no_repository(void **state)
{
	static const uint8_t id[REPO_CONFIG_ID] = "again";
	struct repo_config config;
	struct repository repo;

	(void)state;
	assert_int_equal(repository_init(c.store, id, &config, &c.fault),
			 BACKUP_E_EXISTS);
	cloud_delete(&w.cloud, "osti-repository");
	assert_int_equal(repository_open(c.store, w.slot, w.carrier, &repo,
					 &c.fault), BACKUP_E_NONE);
	cloud_put(&w.cloud, "osti-repository", "something else", 14);
	assert_int_equal(repository_open(c.store, w.slot, w.carrier, &repo,
					 &c.fault), BACKUP_E_DAMAGED);
	assert_int_equal(repository_init(c.store, id, &config, &c.fault),
			 BACKUP_E_DAMAGED);
}

static void strangers_objects(void **state)
{
	static const char *const names[] = {
		"packs/x", "packs/", "backups/readme.txt", "holder/00000000",
		"holder/99999999x", "fossils/list", "other/x",
	};
	struct prune_result r;
	char path[REPO_PATH];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		repo_path_folder(w.slot, REPO_PACKS, path);
		strcpy(strstr(path, "packs/"), names[i]);
		cloud_put(&w.cloud, path, "?", 1);
	}
	world_pass(&w, 8 * WORLD_DAY);
	courier_good_backup(&c);
	assert_int_equal(courier_prune(&c, &r), BACKUP_OK);
	assert_int_equal(r.packs_marked, 0);
	assert_int_equal(world_check(&w), 2);
	assert_int_equal(courier_push(&c, false), BACKUP_OK);
}

/* ---- Metadata, in clear ------------------------------------------------------------------ */

struct plain {
	struct backup b;
	uint8_t *copy;
	size_t bytes;
};

static void plain_begin(struct plain *p)
{
	assert_int_equal(backups_load(&c.repo, c.result.name, &p->b, &c.fault),
			 BACKUP_OK);
	p->bytes = repo_backup_size(&p->b.info);
	p->copy = malloc(p->bytes + 1);
	assert_non_null(p->copy);
	memcpy(p->copy, p->b.plain, p->bytes);
}

static void plain_end(struct plain *p)
{
	free(p->copy);
	backups_free(&p->b);
}

static void plain_comes_back(void **state)
{
	uint8_t *again;
	struct plain p;

	(void)state;
	plain_begin(&p);
	assert_int_equal(p.b.info.kind, REPO_BACKUP);
	assert_string_equal(p.b.info.label, "first");
	assert_string_equal(p.b.info.host, "host");
	assert_int_equal(p.b.info.bytes_new, c.result.bytes_new);
	again = malloc(p.bytes);
	assert_non_null(again);
	repo_backup_write(&p.b.info, again);
	assert_memory_equal(again, p.b.plain, p.bytes);
	free(again);
	plain_end(&p);
}

static void plain_truncated(void **state)
{
	struct repo_backup b;
	struct plain p;
	size_t i;

	(void)state;
	plain_begin(&p);
	for (i = 0; i < p.bytes; i++) {
		uint8_t *exact = malloc(i ? i : 1);

		assert_non_null(exact);
		if (i)
			memcpy(exact, p.copy, i);
		assert_int_equal(repo_backup_parse(exact, i, &b),
				 REPO_E_TRUNCATED);
		free(exact);
	}
	assert_int_equal(repo_backup_parse(p.copy, p.bytes + 1, &b),
			 REPO_E_SIZE);
	plain_end(&p);
}

/* Whatever is wrong with it, a place never lies outside its pack. */
static void check_places(const struct repo_backup *b)
{
	uint32_t i;

	for (i = 0; i < b->header.chunks; i++) {
		struct repo_place place = repo_backup_place(b, i);
		uint64_t bytes;

		assert_true(place.pack < b->packs);
		repo_backup_pack(b, place.pack, &bytes);
		assert_true((uint64_t)place.offset + place.bytes <= bytes);
	}
}

static void plain_bit_flips(void **state)
{
	struct repo_backup b;
	unsigned int refused = 0;
	struct plain p;
	size_t i;

	(void)state;
	plain_begin(&p);
	for (i = 0; i < 8 * p.bytes; i++) {
		p.copy[i / 8] ^= 1 << i % 8;
		if (repo_backup_parse(p.copy, p.bytes, &b))
			refused++;
		else
			check_places(&b);
		p.copy[i / 8] ^= 1 << i % 8;
	}
	/* Sizes, places, zeroes and the order of packs. */
	assert_true(refused > 4096 * 7);
	plain_end(&p);
}

static void refuse(struct plain *p, size_t at, uint32_t value, int error)
{
	uint32_t saved = image_get32(p->copy + at);
	struct repo_backup b;

	image_put32(p->copy + at, value);
	assert_int_equal(repo_backup_parse(p->copy, p->bytes, &b), error);
	image_put32(p->copy + at, saved);
}

static void plain_refusals(void **state)
{
	size_t packs = 256, places, head, table;
	struct plain p;

	(void)state;
	plain_begin(&p);
	places = packs + p.b.info.packs * (size_t)REPO_PACK_ENTRY;
	head = places + p.b.info.header.chunks * (size_t)REPO_PLACE;
	table = head + OSTI_IMAGE_HEADER;
	refuse(&p, 0, 0, REPO_E_MAGIC);
	refuse(&p, 8, 3, REPO_E_VERSION);
	/* One with a disk, which has none. */
	refuse(&p, 8, 2, REPO_E_DISK);
	refuse(&p, 12, 0, REPO_E_KIND);
	refuse(&p, 12, 3, REPO_E_KIND);
	refuse(&p, 64, 0x0a0a0a0a, REPO_E_TEXT);
	refuse(&p, 160, 0xffffffff, REPO_E_SIZE);
	refuse(&p, 160, p.b.info.packs + 1, REPO_E_TRUNCATED);
	refuse(&p, 160, p.b.info.packs - 1, REPO_E_SIZE);
	refuse(&p, 164, 0xffffffff, REPO_E_SIZE);
	refuse(&p, 172, 0xffffffff, REPO_E_SIZE);
	refuse(&p, 176, 1, REPO_E_RESERVED);
	refuse(&p, 252, 1, REPO_E_RESERVED);
	refuse(&p, packs + REPO_KEY, 0, REPO_E_PACK);
	refuse(&p, packs + REPO_KEY, (16 << 20) + 1, REPO_E_PACK);
	refuse(&p, packs, 0xffffffff, REPO_E_PACK);
	refuse(&p, places, p.b.info.packs, REPO_E_PLACE);
	refuse(&p, places + 4, 0xffffffff, REPO_E_PLACE);
	refuse(&p, head, 0, REPO_E_HEADER);
	refuse(&p, head + OSTI_IMAGE_H_CHUNKS, 1, REPO_E_SIZE);
	refuse(&p, table + OSTI_IMAGE_T_STORED, 24, REPO_E_TABLE);
	refuse(&p, table + OSTI_IMAGE_T_STORED, OSTI_IMAGE_STORED_MAX + 1,
	       REPO_E_TABLE);
	refuse(&p, table + OSTI_IMAGE_T_STORED, 25, REPO_E_TABLE);
	plain_end(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		T(missing_pack),
		T(truncated_pack),
		T(altered_pack),
		T(swapped_packs),
		T(altered_metadata),
		T(moved_metadata),
		T(missing_part),
		T(another_part),
		T(wrong_key),
		T(no_repository),
		T(strangers_objects),
		T(plain_comes_back),
		T(plain_truncated),
		T(plain_bit_flips),
		T(plain_refusals),
#undef T
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
