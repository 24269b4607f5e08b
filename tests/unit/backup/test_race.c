// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Two devices at a time: at every request of the one the other does all it
 * wants, also when the first stands still for weeks meanwhile.
 */
#include "world.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "backup/catalogue.h"
#include "repo_disk.h"

#define SIZE	(2 * MIB)

static struct world w;
static struct cloud base;

/* What another device does in the middle. */
struct intruder {
	void (*act)(struct courier *other);
	unsigned int at;
	bool done;
};

static void intrude(const struct store_request *r, unsigned int number,
		    void *data)
{
	struct intruder *i = data;
	struct courier other;

	(void)r;
	if (number != i->at)
		return;
	i->done = true;
	courier_begin(&other, &w, 2);
	i->act(&other);
	courier_end(&other);
}

static int setup(void **state)
{
	struct courier c;

	(void)state;
	world_begin(&w, SIZE);
	w.f.record.attachments = 0;
	courier_begin(&c, &w, 1);
	courier_good_backup(&c);
	courier_end(&c);
	world_pass(&w, 30 * WORLD_DAY);
	world_change(&w, 21);
	world_disk(&w, REPO_BLOCK + REPO_DISK_UNIT);
	cloud_copy(&base, &w.cloud);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	cloud_free(&base);
	world_end(&w);
	return 0;
}

static void keep_base(void)
{
	cloud_free(&base);
	cloud_copy(&base, &w.cloud);
}

static void begin_run(struct courier *c, struct intruder *i, unsigned int at,
		      void (*act)(struct courier *other))
{
	cloud_free(&w.cloud);
	cloud_copy(&w.cloud, &base);
	courier_begin(c, &w, 1);
	*i = (struct intruder){ .act = act,
				.at = fake_requests(c->store) + at };
	fake_faults(c->store)->before = intrude;
	fake_faults(c->store)->data = i;
}

/* ---- Things to do ------------------------------------------------------------------- */

static void prune_once(struct courier *other)
{
	struct prune_result result;

	assert_int_equal(courier_prune(other, &result), BACKUP_OK);
}

/* The oldest backup: what only it needed is unused from now on. */
static void forget_oldest(struct courier *other)
{
	struct backup_names names;

	assert_int_equal(backups_names(&other->repo, &names, &other->fault),
			 BACKUP_OK);
	if (names.nr)
		assert_int_equal(forget_run(&other->repo, names.names[0],
					    &other->fault), BACKUP_OK);
	free(names.names);
}

static void forget_and_mark(struct courier *other)
{
	forget_oldest(other);
	prune_once(other);
}

/* The one in the middle stands still for weeks. */
static void forget_and_delete(struct courier *other)
{
	forget_and_mark(other);
	world_pass(&w, 8 * WORLD_DAY);
	prune_once(other);
	world_pass(&w, 8 * WORLD_DAY);
	prune_once(other);
	world_pass(&w, WORLD_DAY);
}

static void finish_marked(struct courier *other)
{
	world_pass(&w, 8 * WORLD_DAY);
	prune_once(other);
}

static void back_up(struct courier *other)
{
	courier_good_backup(other);
}

static void stand_still(struct courier *other)
{
	(void)other;
	world_pass(&w, 8 * WORLD_DAY);
}

/* ---- A backup in which others interfere ------------------------------------------------ */

static void backup_against(void (*act)(struct courier *other),
			   void (*then)(struct courier *other))
{
	unsigned int at;
	bool all = false;

	for (at = 1; !all; at++) {
		struct intruder i;
		struct courier c;
		int error;

		begin_run(&c, &i, at, act);
		error = courier_backup(&c);
		all = !i.done;
		if (error)
			print_error("at %u: %s\n", at, c.fault.message);
		/* It may have to send everything again, but it ends well. */
		assert_int_equal(error, BACKUP_OK);
		assert_int_equal(courier_restore(&c, c.result.name, w.f.ram),
				 BACKUP_OK);
		if (then)
			then(&c);
		assert_true(world_check(&w) >= 1);
		assert_int_equal(courier_restore(&c, c.result.name, w.f.ram),
				 BACKUP_OK);
		courier_end(&c);
	}
	assert_true(at > 8);
}

static void backup_and_prune(void **state)
{
	(void)state;
	backup_against(prune_once, finish_marked);
}

static void backup_and_forget(void **state)
{
	(void)state;
	backup_against(forget_and_mark, finish_marked);
}

static void frozen_in_backup(void **state)
{
	(void)state;
	backup_against(forget_and_delete, finish_marked);
}

/* What the older backup had is on a list already, or is just being deleted. */
static void backup_and_marked(void **state)
{
	struct courier c;

	(void)state;
	courier_begin(&c, &w, 1);
	forget_and_mark(&c);
	courier_end(&c);
	keep_base();
	backup_against(finish_marked, finish_marked);
	backup_against(stand_still, finish_marked);
}

static void two_backups(void **state)
{
	(void)state;
	backup_against(back_up, finish_marked);
}

/* ---- A prune in which others interfere --------------------------------------------------- */

static void prune_against(void (*act)(struct courier *other))
{
	unsigned int at;
	bool all = false;

	for (at = 1; !all; at++) {
		struct prune_result result;
		struct intruder i;
		struct courier c;
		int error;

		begin_run(&c, &i, at, act);
		error = courier_prune(&c, &result);
		all = !i.done;
		/* Frozen for days in the middle, it may say so. */
		assert_true(!error || error == BACKUP_E_BUSY);
		world_check(&w);
		finish_marked(&c);
		world_check(&w);
		finish_marked(&c);
		world_check(&w);
		courier_end(&c);
	}
	assert_true(at > 6);
}

static void backup_in_prune(void **state)
{
	struct courier c;

	(void)state;
	courier_begin(&c, &w, 1);
	forget_oldest(&c);
	keep_base();
	prune_against(back_up);
	/* And in its second phase. */
	prune_once(&c);
	world_pass(&w, 8 * WORLD_DAY);
	keep_base();
	prune_against(back_up);
	courier_end(&c);
}

static void prune_in_prune(void **state)
{
	struct courier c;

	(void)state;
	courier_begin(&c, &w, 1);
	courier_good_backup(&c);
	forget_and_mark(&c);
	courier_good_backup(&c);
	world_pass(&w, 8 * WORLD_DAY);
	keep_base();
	prune_against(prune_once);
	prune_against(forget_and_delete);
	courier_end(&c);
}

/* ---- A backup that knows of packs which a prune is just deleting ----------------------- */

static char notes[64], notes_now[80];

static void copy_notes(const char *from, const char *to)
{
	char buf[4096];
	FILE *in = fopen(from, "r"), *out = fopen(to, "w");
	size_t nr;

	assert_true(in && out);
	while ((nr = fread(buf, 1, sizeof(buf), in)) > 0)
		assert_int_equal(fwrite(buf, 1, nr, out), nr);
	assert_int_equal(fclose(out), 0);
	fclose(in);
}

/* An upload that is interrupted, of which only its maker knows. */
static void leave_packs(struct courier *maker)
{
	struct model_source m;

	snprintf(notes, sizeof(notes), "/tmp/osti-notes-%d", getpid());
	snprintf(notes_now, sizeof(notes_now), "%s-now", notes);
	maker->repo.catalogue = catalogue_open(notes, maker->repo.config.id);
	assert_non_null(maker->repo.catalogue);
	model_source_begin(&m, &w.f);
	m.fail_at = 12;
	m.error = -ESTALE;
	assert_int_equal(backup_run(&maker->repo, &m.source, &maker->upload,
				    &maker->result, &maker->fault),
			 BACKUP_E_INTERRUPTED);
	assert_true(maker->result.packs > 0);
	model_source_end(&m);
	catalogue_close(maker->repo.catalogue);
	maker->repo.catalogue = NULL;
}

/* Its maker goes on. */
static void go_on(struct courier *maker)
{
	copy_notes(notes, notes_now);
	maker->repo.catalogue = catalogue_open(notes_now,
					       maker->repo.config.id);
	assert_non_null(maker->repo.catalogue);
	courier_good_backup(maker);
	catalogue_close(maker->repo.catalogue);
	maker->repo.catalogue = NULL;
}

static void known_packs_in_prune(void **state)
{
	struct prune_result r;
	struct courier c;

	(void)state;
	courier_begin(&c, &w, 2);
	forget_oldest(&c);
	leave_packs(&c);
	world_pass(&w, 8 * WORLD_DAY);
	keep_base();
	prune_against(go_on);
	cloud_free(&w.cloud);
	cloud_copy(&w.cloud, &base);
	assert_int_equal(courier_prune(&c, &r), BACKUP_OK);
	assert_true(r.packs_marked > 0);
	world_pass(&w, 8 * WORLD_DAY);
	keep_base();
	prune_against(go_on);
	courier_end(&c);
	unlink(notes);
	unlink(notes_now);
}

/* ---- Two devices that want the same OS ------------------------------------------------------ */

static void pull_other(struct courier *other)
{
	int error = courier_pull(other, false, w.f.ram);

	assert_true(!error || error == BACKUP_E_HELD);
}

static void two_pulls(void **state)
{
	unsigned int at;
	bool all = false;
	struct courier c;

	(void)state;
	courier_begin(&c, &w, 3);
	assert_int_equal(courier_push(&c, false), BACKUP_OK);
	courier_end(&c);
	keep_base();
	for (at = 1; !all; at++) {
		struct repo_holder h;
		struct intruder i;
		int error;

		begin_run(&c, &i, at, pull_other);
		error = courier_pull(&c, false, w.f.ram);
		all = !i.done;
		assert_true(!error || error == BACKUP_E_HELD);
		/* Who was told that he has it is the one that has it. */
		assert_int_equal(holder_read(&c.repo, &h, &c.fault), BACKUP_OK);
		assert_int_equal(h.number, 2);
		assert_int_equal(h.state, REPO_HELD);
		assert_int_equal(h.device[0], error ? 2 : 1);
		courier_end(&c);
	}
	assert_true(at > 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(backup_and_prune, setup,
						teardown),
		cmocka_unit_test_setup_teardown(backup_and_forget, setup,
						teardown),
		cmocka_unit_test_setup_teardown(frozen_in_backup, setup,
						teardown),
		cmocka_unit_test_setup_teardown(backup_and_marked, setup,
						teardown),
		cmocka_unit_test_setup_teardown(two_backups, setup, teardown),
		cmocka_unit_test_setup_teardown(backup_in_prune, setup,
						teardown),
		cmocka_unit_test_setup_teardown(prune_in_prune, setup,
						teardown),
		cmocka_unit_test_setup_teardown(known_packs_in_prune, setup,
						teardown),
		cmocka_unit_test_setup_teardown(two_pulls, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
