// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Image to repository and back.
 */
#include "world.h"

#include <stdlib.h>
#include <string.h>

#define SIZE	(4 * MIB)

static void comes_back(void **state)
{
	struct courier c;
	struct world w;

	(void)state;
	world_begin(&w, SIZE);
	courier_begin(&c, &w, 1);
	courier_good_backup(&c);
	assert_true(c.result.bytes_new > SIZE / 2);
	assert_int_equal(c.result.bytes_shared, 0);
	assert_true(c.result.packs > 3);
	assert_int_equal(cloud_count(&w.cloud, "/packs/", NULL),
			 c.result.packs);
	assert_int_equal(world_check(&w), 1);
	assert_int_equal(courier_restore(&c, c.result.name, w.f.ram),
			 BACKUP_OK);
	courier_end(&c);
	world_end(&w);
}

static void nothing_is_in_clear(void **state)
{
	static const char marker[] = "a text that nobody else has";
	struct courier c;
	struct world w;
	size_t i;

	(void)state;
	world_begin(&w, SIZE);
	courier_begin(&c, &w, 1);
	memcpy(w.f.ram + 5 * PAGE, marker, sizeof(marker));
	courier_good_backup(&c);
	for (i = 0; i < w.cloud.nr; i++) {
		const struct fake_object *o = &w.cloud.objects[i];

		assert_null(memmem(o->body, o->bytes, marker, 12));
		assert_null(memmem(o->body, o->bytes, "first", 5));
		assert_null(memmem(o->body, o->bytes, "OSTI-IM", 7));
		assert_null(memmem(o->body, o->bytes, "OSTI-BK", 7));
	}
	courier_end(&c);
	world_end(&w);
}

/* The newest one is the one that was made last. */
static void order_is_that_of_making(void **state)
{
	char last[REPO_NAME];
	struct courier c;
	struct world w;

	(void)state;
	world_begin(&w, SIZE);
	courier_begin(&c, &w, 1);
	courier_good_backup(&c);
	strcpy(last, c.result.name);
	/* In the same second, and by a clock that is 10 minutes behind. */
	world_change(&w, 2);
	courier_good_backup(&c);
	assert_true(strcmp(last, c.result.name) < 0);
	strcpy(last, c.result.name);
	world_pass(&w, -600);
	world_change(&w, 3);
	courier_good_backup(&c);
	assert_true(strcmp(last, c.result.name) < 0);
	assert_int_equal(repo_name_time(c.result.name),
			 repo_name_time(last) + 1);
	/* A clock that was a day ahead is a mistake. */
	world_pass(&w, -WORLD_DAY);
	world_change(&w, 4);
	courier_good_backup(&c);
	assert_int_equal(repo_name_time(c.result.name), w.cloud.now);
	courier_end(&c);
	world_end(&w);
}

static void second_sends_what_is_new(void **state)
{
	uint64_t before;
	struct courier c;
	struct world w;
	char first[REPO_NAME];
	uint8_t *ram;

	(void)state;
	world_begin(&w, SIZE);
	courier_begin(&c, &w, 1);
	courier_good_backup(&c);
	strcpy(first, c.result.name);
	before = c.result.bytes_new;
	ram = malloc(SIZE);
	assert_non_null(ram);
	memcpy(ram, w.f.ram, SIZE);
	world_pass(&w, 60);
	world_change(&w, 7);
	courier_good_backup(&c);
	assert_true(c.result.bytes_new < before / 3);
	assert_true(c.result.bytes_shared > before / 2);
	assert_int_equal(world_check(&w), 2);
	assert_int_equal(courier_restore(&c, c.result.name, w.f.ram),
			 BACKUP_OK);
	assert_int_equal(courier_restore(&c, first, ram), BACKUP_OK);
	/* And nothing at all, if nothing is new. */
	world_pass(&w, 60);
	courier_good_backup(&c);
	assert_int_equal(c.result.packs, 0);
	assert_int_equal(c.result.bytes_new, 0);
	free(ram);
	courier_end(&c);
	world_end(&w);
}

/* Chunks that only the oldest backup has, in packs that both have. */
static void memory_that_comes_back(void **state)
{
	struct courier c;
	struct world w;
	uint8_t *ram;

	(void)state;
	world_begin(&w, SIZE);
	courier_begin(&c, &w, 1);
	ram = malloc(SIZE);
	assert_non_null(ram);
	memcpy(ram, w.f.ram, SIZE);
	courier_good_backup(&c);
	world_pass(&w, 60);
	world_change(&w, 8);
	courier_good_backup(&c);
	assert_true(c.result.bytes_new > 0);
	world_pass(&w, 60);
	memcpy(w.f.ram, ram, SIZE);
	courier_good_backup(&c);
	assert_int_equal(c.result.bytes_new, 0);
	assert_int_equal(world_check(&w), 3);
	assert_int_equal(courier_restore(&c, c.result.name, ram), BACKUP_OK);
	free(ram);
	courier_end(&c);
	world_end(&w);
}

static void known_chunks_are_not_made(void **state)
{
	struct model_source m;
	struct courier c;
	struct world w;

	(void)state;
	world_begin(&w, SIZE);
	courier_begin(&c, &w, 1);
	courier_good_backup(&c);
	world_pass(&w, 60);
	model_source_begin(&m, &w.f);
	assert_int_equal(upload_run(&c.repo, &m.source, &c.upload, &c.result,
				    &c.fault), BACKUP_OK);
	assert_int_equal(m.made, 0);
	assert_int_equal(m.haves, m.source.chunks);
	assert_false(m.commit || m.aborted);
	model_source_end(&m);
	courier_end(&c);
	world_end(&w);
}

static void equal_chunks_are_sent_once(void **state)
{
	struct courier c;
	struct world w;

	(void)state;
	world_begin(&w, SIZE);
	memset(w.f.ram, 0, SIZE);
	/* Chunks of 64 pages, if no page's hash ends one. */
	memset(w.f.ram, 0x77, SIZE);
	courier_begin(&c, &w, 1);
	c.upload.makers = 1;
	courier_good_backup(&c);
	assert_int_equal(c.result.packs, 1);
	assert_true(c.result.bytes_shared > c.result.bytes_new);
	assert_int_equal(courier_restore(&c, c.result.name, w.f.ram),
			 BACKUP_OK);
	courier_end(&c);
	world_end(&w);
}

static void empty_memory(void **state)
{
	struct courier c;
	struct world w;

	(void)state;
	world_begin(&w, 2 * MIB);
	memset(w.f.ram, 0, 2 * MIB);
	courier_begin(&c, &w, 1);
	courier_good_backup(&c);
	assert_int_equal(c.result.packs, 0);
	assert_int_equal(world_check(&w), 1);
	assert_int_equal(courier_restore(&c, c.result.name, w.f.ram),
			 BACKUP_OK);
	courier_end(&c);
	world_end(&w);
}

static void metadata_in_parts(void **state)
{
	struct courier c;
	struct world w;

	(void)state;
	world_begin(&w, SIZE);
	courier_begin(&c, &w, 1);
	c.upload.piece = 1000;
	courier_good_backup(&c);
	assert_true(cloud_count(&w.cloud, "/backups/", NULL) > 5);
	assert_int_equal(world_check(&w), 1);
	assert_int_equal(courier_restore(&c, c.result.name, w.f.ram),
			 BACKUP_OK);
	assert_int_equal(forget_run(&c.repo, c.result.name, &c.fault),
			 BACKUP_OK);
	assert_int_equal(cloud_count(&w.cloud, "/backups/", NULL), 0);
	/* More of them than there may be. */
	c.upload.piece = 100;
	assert_int_equal(courier_backup(&c), BACKUP_E_LIMIT);
	courier_end(&c);
	world_end(&w);
}

static void full_packs_have_one_size(void **state)
{
	unsigned int others = 0;
	struct courier c;
	struct world w;
	size_t i;

	(void)state;
	world_begin(&w, SIZE);
	courier_begin(&c, &w, 1);
	courier_good_backup(&c);
	for (i = 0; i < w.cloud.nr; i++)
		if (strstr(w.cloud.objects[i].key, "/packs/"))
			others += w.cloud.objects[i].bytes != WORLD_PACK;
	assert_true(others <= 1);
	courier_end(&c);
	world_end(&w);
}

static void many_packs_at_a_time(void **state)
{
	struct courier c;
	struct world w;

	(void)state;
	world_begin(&w, SIZE);
	courier_begin(&c, &w, 1);
	c.upload.makers = 4;
	c.upload.memory = 3 * WORLD_PACK;
	courier_good_backup(&c);
	/* No more than there are buffers. */
	assert_true(fake_most(c.store) <= 3);
	assert_int_equal(courier_restore(&c, c.result.name, w.f.ram),
			 BACKUP_OK);
	assert_true(fake_most(c.store) >= 2);
	courier_end(&c);
	world_end(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(comes_back),
		cmocka_unit_test(order_is_that_of_making),
		cmocka_unit_test(nothing_is_in_clear),
		cmocka_unit_test(second_sends_what_is_new),
		cmocka_unit_test(memory_that_comes_back),
		cmocka_unit_test(known_chunks_are_not_made),
		cmocka_unit_test(equal_chunks_are_sent_once),
		cmocka_unit_test(empty_memory),
		cmocka_unit_test(metadata_in_parts),
		cmocka_unit_test(full_packs_have_one_size),
		cmocka_unit_test(many_packs_at_a_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
