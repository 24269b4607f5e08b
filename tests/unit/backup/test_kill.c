// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Every operation ends at every request, and is repeated: with OSTI_TEST_ALL in
 * every way, else in one or two of five. No backup that is visible ever lacks a pack, and
 * the second try does the work.
 */
#include "world.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "repo_disk.h"

#define SIZE	(2 * MIB)
#define MODES	5
/* Of the requests that one way is tried at, if not at all. */
#define STEP	3

/* A repository with a backup of older memory, to begin each run with. */
static struct world w;
static struct cloud base;
static uint8_t *old_ram;

static void begin_run(struct courier *c, uint8_t device, unsigned int at,
		      enum fake_mode mode)
{
	cloud_free(&w.cloud);
	cloud_copy(&w.cloud, &base);
	courier_begin(c, &w, device);
	/* Requests of opening do not count. */
	fake_faults(c->store)->at = fake_requests(c->store) + at;
	fake_faults(c->store)->mode = mode;
}

/* The first request at which this way is tried, and how many there are to the next. */
static unsigned int first(enum fake_mode mode)
{
	return getenv("OSTI_TEST_ALL") ? 1 : 1 + mode % STEP;
}

static unsigned int step(void)
{
	return getenv("OSTI_TEST_ALL") ? 1 : STEP;
}

/* Begin a run from here on. */
static void keep_base(void)
{
	cloud_free(&base);
	cloud_copy(&base, &w.cloud);
}

/* Was the fault behind the last request? Then all were tried. */
static bool beyond(struct courier *c)
{
	return fake_requests(c->store) < fake_faults(c->store)->at;
}

static int setup(void **state)
{
	struct courier c;

	(void)state;
	world_begin(&w, SIZE);
	w.f.record.attachments = 0;
	old_ram = malloc(SIZE);
	assert_non_null(old_ram);
	memcpy(old_ram, w.f.ram, SIZE);
	courier_begin(&c, &w, 1);
	courier_good_backup(&c);
	courier_end(&c);
	world_pass(&w, WORLD_DAY);
	world_change(&w, 11);
	fixture_noise(w.f.ram + SIZE / 4, SIZE / 4, 12);
	/* What is tried has a disk, too. */
	world_disk(&w, REPO_BLOCK + REPO_DISK_UNIT);
	keep_base();
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	cloud_free(&base);
	free(old_ram);
	world_end(&w);
	return 0;
}

static void repeat_backup(void)
{
	struct courier c;
	size_t before = world_check(&w);

	assert_true(before >= 1);
	world_pass(&w, 60);
	courier_begin(&c, &w, 1);
	courier_good_backup(&c);
	assert_int_equal(world_check(&w), before + 1);
	assert_int_equal(courier_restore(&c, c.result.name, w.f.ram),
			 BACKUP_OK);
	courier_end(&c);
}

static void backup(void **state)
{
	enum fake_mode mode;
	unsigned int runs = 0;

	(void)state;
	for (mode = 0; mode < MODES; mode++) {
		bool all = false;
		unsigned int at;

		for (at = first(mode); !all; at += step(), runs++) {
			struct courier c;
			int error;

			begin_run(&c, 1, at, mode);
			error = courier_backup(&c);
			all = beyond(&c);
			if (all)
				assert_int_equal(error, BACKUP_OK);
			/* What is said to be there is there. */
			if (!error)
				assert_int_equal(world_check(&w), 2);
			courier_end(&c);
			repeat_backup();
		}
		assert_true(at > 10);
	}
	print_message("%u runs\n", runs);
}

static void repeat_push(void)
{
	struct courier c, other;

	world_check(&w);
	world_pass(&w, 60);
	courier_begin(&c, &w, 1);
	assert_int_equal(courier_push(&c, false), BACKUP_OK);
	courier_begin(&other, &w, 2);
	assert_int_equal(courier_pull(&other, false, w.f.ram), BACKUP_OK);
	assert_int_equal(courier_push(&c, false), BACKUP_E_HELD);
	courier_end(&other);
	courier_end(&c);
}

static void push(void **state)
{
	enum fake_mode mode;

	(void)state;
	for (mode = 0; mode < MODES; mode++) {
		bool all = false;
		unsigned int at;

		for (at = first(mode); !all; at += step()) {
			struct repo_holder h;
			struct courier c, other;
			int error;

			begin_run(&c, 1, at, mode);
			error = courier_push(&c, false);
			all = beyond(&c);
			courier_end(&c);
			courier_begin(&other, &w, 2);
			assert_int_equal(holder_read(&other.repo, &h,
						     &other.fault), BACKUP_OK);
			courier_end(&other);
			/* Given up only if somebody can claim it. */
			if (!error)
				assert_true(h.number == 1 &&
					    h.state == REPO_IN_CLOUD);
			repeat_push();
		}
		assert_true(at > 12);
	}
}

static void pull(void **state)
{
	enum fake_mode mode;
	struct courier c;

	(void)state;
	courier_begin(&c, &w, 1);
	assert_int_equal(courier_push(&c, false), BACKUP_OK);
	courier_end(&c);
	keep_base();
	for (mode = 0; mode < MODES; mode++) {
		bool all = false;
		unsigned int at;

		for (at = first(mode); !all; at += step()) {
			begin_run(&c, 2, at, mode);
			if (!courier_pull(&c, false, w.f.ram))
				assert_true(at > 1);
			all = beyond(&c);
			courier_end(&c);
			courier_begin(&c, &w, 2);
			assert_int_equal(courier_pull(&c, false, w.f.ram),
					 BACKUP_OK);
			courier_end(&c);
			courier_begin(&c, &w, 1);
			assert_int_equal(courier_pull(&c, false, NULL),
					 BACKUP_E_HELD);
			courier_end(&c);
		}
		assert_true(at > 4);
	}
}

/* After both phases only what the one backup needs is there. */
static void finish_prune(void)
{
	struct prune_result result;
	struct courier c;
	unsigned int i;

	courier_begin(&c, &w, 1);
	for (i = 0; i < 3; i++) {
		assert_int_equal(courier_prune(&c, &result), BACKUP_OK);
		world_check(&w);
		world_pass(&w, 8 * WORLD_DAY);
	}
	assert_int_equal(world_check(&w), 1);
	assert_int_equal(cloud_count(&w.cloud, "/packs/", NULL) +
			 cloud_count(&w.cloud, "/segments/", NULL),
			 result.packs_used);
	assert_int_equal(cloud_count(&w.cloud, "/fossils/", NULL), 0);
	courier_end(&c);
}

static void try_prunes(void)
{
	enum fake_mode mode;

	for (mode = 0; mode < MODES; mode++) {
		bool all = false;
		unsigned int at;

		for (at = first(mode); !all; at += step()) {
			struct prune_result result;
			struct courier c;

			begin_run(&c, 1, at, mode);
			courier_prune(&c, &result);
			all = beyond(&c);
			courier_end(&c);
			assert_int_equal(world_check(&w), 1);
			finish_prune();
		}
		assert_true(at > 6);
	}
}

static void prune(void **state)
{
	struct prune_result result;
	struct courier c;
	char first[REPO_NAME];
	struct backup_names names;

	(void)state;
	courier_begin(&c, &w, 1);
	assert_int_equal(backups_names(&c.repo, &names, &c.fault), BACKUP_OK);
	strcpy(first, names.names[0]);
	free(names.names);
	/* No chunk is as before, so that nothing keeps the older pack. */
	fixture_noise(w.f.ram, SIZE, 13);
	courier_good_backup(&c);
	assert_int_equal(forget_run(&c.repo, first, &c.fault), BACKUP_OK);
	world_pass(&w, 8 * WORLD_DAY);
	keep_base();
	try_prunes();
	cloud_free(&w.cloud);
	cloud_copy(&w.cloud, &base);
	assert_int_equal(courier_prune(&c, &result), BACKUP_OK);
	assert_true(result.packs_marked > 0);
	world_pass(&w, 8 * WORLD_DAY);
	keep_base();
	try_prunes();
	courier_end(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(backup, setup, teardown),
		cmocka_unit_test_setup_teardown(push, setup, teardown),
		cmocka_unit_test_setup_teardown(pull, setup, teardown),
		cmocka_unit_test_setup_teardown(prune, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
