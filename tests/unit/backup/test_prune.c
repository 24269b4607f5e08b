// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Forgetting and deleting, and what is kept.
 */
#include "world.h"

#include <stdlib.h>
#include <string.h>

#include "backup/inventory.h"

#define SIZE	(2 * MIB)

static struct world w;
static struct courier c;
static char first[REPO_NAME], second[REPO_NAME];

/* Two backups; only the second is whole in the end. */
static int setup(void **state)
{
	(void)state;
	world_begin(&w, SIZE);
	courier_begin(&c, &w, 1);
	courier_good_backup(&c);
	strcpy(first, c.result.name);
	world_pass(&w, 30 * WORLD_DAY);
	fixture_noise(w.f.ram + SIZE / 8, SIZE / 4, 31);
	courier_good_backup(&c);
	strcpy(second, c.result.name);
	world_pass(&w, 30 * WORLD_DAY);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	courier_end(&c);
	world_end(&w);
	return 0;
}

static void forget(const char *name)
{
	assert_int_equal(forget_run(&c.repo, name, &c.fault), BACKUP_OK);
}

static void good_prune(struct prune_result *result)
{
	assert_int_equal(courier_prune(&c, result), BACKUP_OK);
}

static void nothing_to_do(void **state)
{
	struct prune_result r;

	(void)state;
	good_prune(&r);
	assert_int_equal(r.packs_marked + r.packs_deleted + r.packs_waiting, 0);
	assert_true(r.packs_used > 0);
	assert_int_equal(cloud_count(&w.cloud, "/fossils/", NULL), 0);
}

static void two_phases(void **state)
{
	size_t before = cloud_count(&w.cloud, "/packs/", NULL);
	struct prune_result r;

	(void)state;
	forget(first);
	good_prune(&r);
	assert_true(r.packs_marked > 0 && r.bytes_marked > 0);
	assert_int_equal(r.packs_deleted, 0);
	assert_int_equal(cloud_count(&w.cloud, "/packs/", NULL), before);
	/* Too early: nothing new, and nothing goes. */
	world_pass(&w, PRUNE_GRACE - 60);
	good_prune(&r);
	assert_int_equal(r.packs_marked + r.packs_deleted, 0);
	assert_true(r.packs_waiting > 0);
	world_pass(&w, 60);
	good_prune(&r);
	assert_true(r.packs_deleted > 0 && r.bytes_deleted > 0);
	assert_int_equal(cloud_count(&w.cloud, "/packs/", NULL),
			 before - r.packs_deleted);
	assert_int_equal(cloud_count(&w.cloud, "/fossils/", NULL), 0);
	assert_int_equal(world_check(&w), 1);
	assert_int_equal(courier_restore(&c, second, w.f.ram), BACKUP_OK);
}

static void dry_run_changes_nothing(void **state)
{
	const struct prune_options o = { .dry_run = true };
	size_t before = w.cloud.nr, after;
	struct prune_result r;

	(void)state;
	forget(first);
	after = w.cloud.nr;
	assert_int_equal(before, after + 1);
	assert_int_equal(prune_run(&c.repo, &o, &r, &c.fault), BACKUP_OK);
	assert_int_equal(w.cloud.nr, after);
}

/* A backup that came while they were on the list, made by who did not see it. */
static void what_is_needed_again_stays(void **state)
{
	struct fake_object *o, *list;
	struct fake_object saved;
	struct prune_result r;
	uint8_t *body;

	(void)state;
	assert_int_equal(cloud_count(&w.cloud, first, &o), 1);
	saved = *o;
	body = malloc(o->bytes);
	assert_non_null(body);
	memcpy(body, o->body, o->bytes);
	forget(first);
	good_prune(&r);
	cloud_put(&w.cloud, saved.key, body, saved.bytes);
	free(body);
	world_pass(&w, 8 * WORLD_DAY);
	good_prune(&r);
	assert_true(r.packs_rescued > 0);
	assert_int_equal(r.packs_deleted, 0);
	assert_int_equal(cloud_count(&w.cloud, "/fossils/", &list), 0);
	assert_int_equal(world_check(&w), 2);
}

static void marked_packs_are_not_used(void **state)
{
	struct prune_result r;

	(void)state;
	forget(first);
	forget(second);
	good_prune(&r);
	assert_true(r.packs_marked > 0);
	world_pass(&w, 60);
	courier_good_backup(&c);
	assert_int_equal(c.result.bytes_shared, 0);
	world_pass(&w, 8 * WORLD_DAY);
	good_prune(&r);
	assert_true(r.packs_deleted > 0);
	assert_int_equal(r.packs_rescued, 0);
	assert_int_equal(world_check(&w), 1);
	assert_int_equal(courier_restore(&c, c.result.name, w.f.ram),
			 BACKUP_OK);
}

static void young_packs_are_left_alone(void **state)
{
	struct prune_result r;
	uint8_t id[REPO_KEY] = { 0xee };
	char path[REPO_PATH];

	(void)state;
	/* As of a backup that is being made. */
	repo_path_pack(w.slot, id, path);
	cloud_put(&w.cloud, path, "pack", 4);
	good_prune(&r);
	assert_int_equal(r.packs_young, 1);
	assert_int_equal(r.packs_marked, 0);
	world_pass(&w, 8 * WORLD_DAY);
	good_prune(&r);
	assert_int_equal(r.packs_marked, 1);
	world_pass(&w, 8 * WORLD_DAY);
	good_prune(&r);
	assert_int_equal(r.packs_deleted, 1);
	assert_null(cloud_find(&w.cloud, path));
}

static void may_not_delete(void **state)
{
	struct prune_result r;
	size_t packs = cloud_count(&w.cloud, "/packs/", NULL);

	(void)state;
	forget(first);
	good_prune(&r);
	world_pass(&w, 8 * WORLD_DAY);
	w.cloud.no_delete = true;
	good_prune(&r);
	assert_true(r.denied);
	assert_int_equal(r.packs_deleted, 0);
	assert_int_equal(cloud_count(&w.cloud, "/packs/", NULL), packs);
	assert_int_equal(forget_run(&c.repo, second, &c.fault), BACKUP_E_STORE);
	assert_int_equal(c.fault.store, STORE_E_DENIED);
	assert_int_equal(world_check(&w), 1);
	/* Nor overwrite: the clock then is the device's. */
	w.cloud.no_overwrite = true;
	good_prune(&r);
	/* And backups go on. */
	courier_good_backup(&c);
	w.cloud.no_delete = false;
	w.cloud.no_overwrite = false;
	good_prune(&r);
	assert_true(r.packs_deleted > 0);
	assert_int_equal(world_check(&w), 2);
}

static void damaged_backup_stops_it(void **state)
{
	struct prune_result r;
	struct fake_object *o;

	(void)state;
	forget(first);
	assert_int_equal(cloud_count(&w.cloud, second, &o), 1);
	o->body[100] ^= 1;
	assert_int_equal(courier_prune(&c, &r), BACKUP_E_DAMAGED);
	assert_non_null(strstr(c.fault.message, second));
	assert_int_equal(cloud_count(&w.cloud, "/fossils/", NULL), 0);
	forget(second);
	good_prune(&r);
	assert_true(r.packs_marked > 0);
}

static void damaged_list_is_named(void **state)
{
	struct prune_result r;
	struct fake_object *o;

	(void)state;
	forget(first);
	good_prune(&r);
	assert_int_equal(cloud_count(&w.cloud, "/fossils/", &o), 1);
	o->body[o->bytes - 1] ^= 1;
	assert_int_equal(courier_prune(&c, &r), BACKUP_E_DAMAGED);
	assert_non_null(strstr(c.fault.message, o->key));
	assert_int_equal(courier_backup(&c), BACKUP_E_DAMAGED);
	assert_int_equal(courier_restore(&c, second, w.f.ram), BACKUP_OK);
	cloud_delete(&w.cloud, o->key);
	good_prune(&r);
	assert_true(r.packs_marked > 0);
}

static void orphan_parts_go(void **state)
{
	struct prune_result r;

	(void)state;
	c.upload.piece = 1000;
	courier_good_backup(&c);
	assert_true(cloud_count(&w.cloud, c.result.name, NULL) > 4);
	world_pass(&w, 8 * WORLD_DAY);
	good_prune(&r);
	assert_true(cloud_count(&w.cloud, c.result.name, NULL) > 4);
	/* Killed between the backup itself and its parts. */
	{
		char path[REPO_PATH];

		repo_path_backup(w.slot, c.result.name, 0, path);
		cloud_delete(&w.cloud, path);
	}
	good_prune(&r);
	assert_int_equal(cloud_count(&w.cloud, c.result.name, NULL), 0);
	assert_int_equal(world_check(&w), 2);
}

static void unknown_is_named(void **state)
{
	(void)state;
	assert_int_equal(forget_run(&c.repo, "x", &c.fault), BACKUP_E_UNKNOWN);
	forget(first);
	assert_int_equal(forget_run(&c.repo, first, &c.fault),
			 BACKUP_E_UNKNOWN);
	assert_int_equal(courier_restore(&c, first, NULL), BACKUP_E_UNKNOWN);
}

/* ---- What is kept ------------------------------------------------------------------- */

static unsigned int kept(const struct retain_policy *p, const uint64_t *times,
			 size_t nr)
{
	bool keep[16];
	unsigned int bits = 0;
	size_t i;

	retain_select(p, times, nr, keep);
	for (i = 0; i < nr; i++)
		bits |= (unsigned int)keep[i] << i;
	return bits;
}

static void policies(void **state)
{
	/* 2026-11-29 was a Sunday, 30 a Monday. */
	static const uint64_t times[] = {
		1793534400,	/* 0 Sun 2026-11-01 12:00 */
		1795910400,	/* 1 Sun 2026-11-29 00:00 */
		1795996799,	/* 2 Sun 2026-11-29 23:59:59 */
		1795996800,	/* 3 Mon 2026-11-30 00:00 */
		1796083199,	/* 4 Mon 2026-11-30 23:59:59 */
		1796083200,	/* 5 Tue 2026-12-01 00:00 */
		1796083201,	/* 6 Tue 2026-12-01 00:00:01 */
	};
	struct retain_policy p = { 0 };

	(void)state;
	assert_int_equal(kept(&p, times, 7), 0x7f);
	p.last = 2;
	assert_int_equal(kept(&p, times, 7), 0x60);
	p = (struct retain_policy){ .daily = 3 };
	assert_int_equal(kept(&p, times, 7), 0x54);
	p = (struct retain_policy){ .weekly = 2 };
	assert_int_equal(kept(&p, times, 7), 0x44);
	p = (struct retain_policy){ .monthly = 2 };
	assert_int_equal(kept(&p, times, 7), 0x50);
	p = (struct retain_policy){ .monthly = 9, .last = 1 };
	assert_int_equal(kept(&p, times, 7), 0x50);
	p = (struct retain_policy){ .daily = 9 };
	assert_int_equal(kept(&p, times, 7), 0x55);
	assert_int_equal(kept(&p, times, 0), 0);
}

static void count(const char *name, bool keep, void *data)
{
	unsigned int *counts = data;

	(void)name;
	counts[keep]++;
}

static void policy_is_applied(void **state)
{
	const struct retain_policy one = { .last = 1 };
	unsigned int counts[2] = { 0 };
	int i;

	(void)state;
	for (i = 0; i < 3; i++) {
		world_pass(&w, WORLD_DAY);
		courier_good_backup(&c);
	}
	assert_int_equal(forget_by_policy(&c.repo, &one, true, count, counts,
					  &c.fault), BACKUP_OK);
	assert_int_equal(counts[0], 4);
	assert_int_equal(counts[1], 1);
	assert_int_equal(world_check(&w), 5);
	assert_int_equal(forget_by_policy(&c.repo, &one, false, count, counts,
					  &c.fault), BACKUP_OK);
	assert_int_equal(world_check(&w), 1);
	assert_int_equal(courier_restore(&c, c.result.name, w.f.ram),
			 BACKUP_OK);
}

static void policy_keeps_where_the_os_lives(void **state)
{
	const struct retain_policy one = { .last = 1 };
	unsigned int counts[2] = { 0 };
	struct courier other;

	(void)state;
	assert_int_equal(courier_push(&c, false), BACKUP_OK);
	assert_int_equal(forget_run(&c.repo, c.result.name, &c.fault),
			 BACKUP_E_NEEDED);
	world_pass(&w, WORLD_DAY);
	courier_good_backup(&c);
	assert_int_equal(forget_by_policy(&c.repo, &one, false, count, counts,
					  &c.fault), BACKUP_OK);
	assert_int_equal(counts[1], 2);
	courier_begin(&other, &w, 2);
	assert_int_equal(courier_pull(&other, false, w.f.ram), BACKUP_OK);
	courier_end(&other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		T(nothing_to_do),
		T(two_phases),
		T(dry_run_changes_nothing),
		T(what_is_needed_again_stays),
		T(marked_packs_are_not_used),
		T(young_packs_are_left_alone),
		T(may_not_delete),
		T(damaged_backup_stops_it),
		T(damaged_list_is_named),
		T(orphan_parts_go),
		T(unknown_is_named),
		cmocka_unit_test(policies),
		T(policy_is_applied),
		T(policy_keeps_where_the_os_lives),
#undef T
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
