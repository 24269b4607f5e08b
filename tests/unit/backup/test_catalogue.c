// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the courier remembers, and what it does without.
 */
#include "world.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "backup/catalogue.h"

#define SIZE	(2 * MIB)

static struct world w;
static struct courier c;
static char path[] = "/tmp/osti-catalogue-XXXXXX";

static void open_it(void)
{
	c.repo.catalogue = catalogue_open(path, c.repo.config.id);
	assert_non_null(c.repo.catalogue);
}

static void close_it(void)
{
	catalogue_close(c.repo.catalogue);
	c.repo.catalogue = NULL;
}

static int setup(void **state)
{
	int fd;

	(void)state;
	strcpy(path + strlen(path) - 6, "XXXXXX");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	close(fd);
	world_begin(&w, SIZE);
	courier_begin(&c, &w, 1);
	open_it();
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	close_it();
	courier_end(&c);
	world_end(&w);
	unlink(path);
	return 0;
}

static void objects_are_not_fetched_twice(void **state)
{
	unsigned int before, with, without;

	(void)state;
	courier_good_backup(&c);
	world_pass(&w, 60);
	before = fake_requests(c.store);
	courier_good_backup(&c);
	with = fake_requests(c.store) - before;
	close_it();
	world_pass(&w, 60);
	before = fake_requests(c.store);
	courier_good_backup(&c);
	without = fake_requests(c.store) - before;
	assert_true(with < without);
	open_it();
	assert_int_equal(courier_restore(&c, c.result.name, w.f.ram),
			 BACKUP_OK);
}

/* As if each of these had happened to the file between two runs. */
static void damage(int how)
{
	long size;
	FILE *f;

	close_it();
	f = fopen(path, "r+");
	assert_non_null(f);
	fseek(f, 0, SEEK_END);
	size = ftell(f);
	switch (how) {
	case 0:
		assert_int_equal(ftruncate(fileno(f), 0), 0);
		break;
	case 1:
		assert_int_equal(ftruncate(fileno(f), size / 2), 0);
		break;
	case 2:
		rewind(f);
		fputs("this is not a database at all, but long enough", f);
		break;
	default:
		/* Behind the first page, here and there. */
		for (long at = 4096 + how; at < size; at += 511) {
			fseek(f, at, SEEK_SET);
			fputc(0xa5, f);
		}
		break;
	}
	fclose(f);
	open_it();
}

static void damaged_files_are_no_error(void **state)
{
	char name[REPO_NAME], key[REPO_PATH];
	uint8_t *body;
	size_t bytes;
	int how;

	(void)state;
	courier_good_backup(&c);
	strcpy(name, c.result.name);
	for (how = 0; how < 8; how++) {
		damage(how);
		world_pass(&w, 60);
		courier_good_backup(&c);
		assert_int_equal(c.result.bytes_new, 0);
		assert_int_equal(courier_restore(&c, name, w.f.ram), BACKUP_OK);
		/* And it remembers again. */
		repo_path_backup(w.slot, name, 0, key);
		assert_true(catalogue_get(c.repo.catalogue, key, &body,
					  &bytes));
		free(body);
	}
}

static void another_repository(void **state)
{
	static const uint8_t id[REPO_CONFIG_ID] = "another one";
	struct catalogue *other;
	uint8_t *body;
	size_t bytes;

	(void)state;
	catalogue_put(c.repo.catalogue, "a", (const uint8_t *)"b", 1);
	assert_true(catalogue_get(c.repo.catalogue, "a", &body, &bytes));
	assert_int_equal(bytes, 1);
	free(body);
	close_it();
	other = catalogue_open(path, id);
	assert_non_null(other);
	assert_false(catalogue_get(other, "a", &body, &bytes));
	catalogue_close(other);
	open_it();
	assert_null(catalogue_open("/nowhere/at/all", id));
}

/* Interrupted after @chunks chunks; returns the packs that were sent. */
static uint32_t interrupted(unsigned int chunks, int error)
{
	struct model_source m;

	model_source_begin(&m, &w.f);
	m.fail_at = chunks;
	m.error = error;
	assert_int_equal(backup_run(&c.repo, &m.source, &c.upload, &c.result,
				    &c.fault),
			 error == -EIO ? BACKUP_E_SOURCE :
					 BACKUP_E_INTERRUPTED);
	assert_true(m.aborted && !m.commit);
	model_source_end(&m);
	assert_int_equal(world_check(&w), 0);
	return c.result.packs;
}

static void what_was_sent_counts(void **state)
{
	uint32_t packs = interrupted(10, -ESTALE);

	(void)state;
	assert_true(packs > 0);
	close_it();
	open_it();
	world_pass(&w, 60);
	courier_good_backup(&c);
	assert_true(c.result.bytes_shared > 0);
	assert_int_equal(cloud_count(&w.cloud, "/packs/", NULL),
			 packs + c.result.packs);
	assert_int_equal(courier_restore(&c, c.result.name, w.f.ram),
			 BACKUP_OK);
	/* Nothing of it is remembered any more. */
	assert_int_equal(forget_run(&c.repo, c.result.name, &c.fault),
			 BACKUP_OK);
	world_pass(&w, 60);
	courier_good_backup(&c);
	assert_int_equal(c.result.bytes_shared, 0);
}

static void again_and_again(void **state)
{
	uint32_t packs = 0;
	unsigned int i;

	(void)state;
	for (i = 1; i <= 13; i += 3) {
		packs += interrupted(i, i % 2 ? -ECANCELED : -EIO);
		world_pass(&w, 60);
	}
	courier_good_backup(&c);
	assert_int_equal(cloud_count(&w.cloud, "/packs/", NULL),
			 packs + c.result.packs);
	assert_int_equal(courier_restore(&c, c.result.name, w.f.ram),
			 BACKUP_OK);
}

/* The memory goes on in between: the same ids only where it is the same. */
static void changed_after_interruption(void **state)
{
	(void)state;
	interrupted(15, -ESTALE);
	world_change(&w, 61);
	/* Another compressor: equal ids, other bytes. */
	w.f.packing.codec = OSTI_IMAGE_CODEC_LZ4;
	world_pass(&w, 60);
	courier_good_backup(&c);
	assert_int_equal(world_check(&w), 1);
	assert_int_equal(courier_restore(&c, c.result.name, w.f.ram),
			 BACKUP_OK);
}

/* As long as it was, and still another. */
static void other_bytes_of_one_length(void **state)
{
	struct model_source m;

	(void)state;
	assert_true(interrupted(12, -ESTALE) > 0);
	world_pass(&w, 60);
	model_source_begin(&m, &w.f);
	m.twist = true;
	assert_int_equal(backup_run(&c.repo, &m.source, &c.upload, &c.result,
				    &c.fault), BACKUP_OK);
	model_source_end(&m);
	assert_int_equal(c.result.bytes_shared, 0);
}

/* What was sent may be gone, by a prune on another device. */
static void pruned_after_interruption(void **state)
{
	struct prune_result r;
	struct courier other;

	(void)state;
	assert_true(interrupted(12, -ESTALE) > 0);
	courier_begin(&other, &w, 2);
	world_pass(&w, 8 * WORLD_DAY);
	assert_int_equal(courier_prune(&other, &r), BACKUP_OK);
	assert_true(r.packs_marked > 0);
	world_pass(&w, 8 * WORLD_DAY);
	assert_int_equal(courier_prune(&other, &r), BACKUP_OK);
	assert_true(r.packs_deleted > 0);
	courier_end(&other);
	courier_good_backup(&c);
	assert_int_equal(c.result.bytes_shared, 0);
	assert_int_equal(courier_restore(&c, c.result.name, w.f.ram),
			 BACKUP_OK);
}

/* A backup that somebody else has forgotten is not read from here. */
static void forgotten_elsewhere(void **state)
{
	char name[REPO_NAME], key[REPO_PATH];
	struct backup_names names;
	struct courier other;
	uint8_t *body;
	size_t bytes;

	(void)state;
	courier_good_backup(&c);
	strcpy(name, c.result.name);
	repo_path_backup(w.slot, name, 0, key);
	assert_true(catalogue_get(c.repo.catalogue, key, &body, &bytes));
	free(body);
	assert_int_equal(backups_names(&c.repo, &names, &c.fault), BACKUP_OK);
	free(names.names);
	assert_true(catalogue_get(c.repo.catalogue, key, &body, &bytes));
	free(body);
	courier_begin(&other, &w, 2);
	assert_int_equal(forget_run(&other.repo, name, &other.fault),
			 BACKUP_OK);
	courier_end(&other);
	assert_int_equal(forget_run(&c.repo, name, &c.fault),
			 BACKUP_E_UNKNOWN);
	assert_false(catalogue_get(c.repo.catalogue, key, &body, &bytes));
	world_pass(&w, 60);
	courier_good_backup(&c);
	assert_int_equal(world_check(&w), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		T(objects_are_not_fetched_twice),
		T(damaged_files_are_no_error),
		T(another_repository),
		T(what_was_sent_counts),
		T(again_and_again),
		T(changed_after_interruption),
		T(other_bytes_of_one_length),
		T(pruned_after_interruption),
		T(forgotten_elsewhere),
#undef T
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
