// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cloud - one OS backs the other up, and brings it back here or elsewhere
 *
 * "personal" is the courier, with a repository on the removable disk, which is
 * carried from device to device. "work" is what is carried. Nothing else of the
 * first device gets to the second one.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cloud_steps.h"
#include "fail.h"
#include "fixture.h"
#include "ready.h"
#include "shell.h"

/* What must be there again in "work". */
struct kept {
	struct vault vault;
	struct holder holder;
};

/* ---- The two OSes -------------------------------------------------------------- */

static struct phone *start(const char *name)
{
	const struct device_options opt = {
		.name = name, .files = steps_files(), .removable = true,
	};
	struct phone *ph = ready_start(&opt);

	cloud_run(ph, "repo init");
	return ph;
}

static void start_work(struct phone *ph, struct kept *kept)
{
	phone_switch_key(ph, WORK);
	steps_vault_start(ph, &kept->vault);
	steps_holder_start(ph, &kept->holder);
}

static void check_work(struct phone *ph, struct kept *kept)
{
	steps_vault_check(ph, &kept->vault);
	steps_holder_check(ph, &kept->holder);
}

/* ---- Back ------------------------------------------------------------------------ */

/* A copy is made of its image in the store, which stays; then either goes on. */
static void save_what_hibernated(struct phone *ph, struct kept *kept)
{
	struct kept then;

	phone_switch_key(ph, WORK);
	check_work(ph, kept);
	steps_file_write(ph, "note", "before it hibernated");
	phone_switch_key(ph, PERSONAL);
	phone_hibernate(ph, WORK);
	cloud_run(ph, "backup work");
	assert_state(ph, WORK, "stored");
	then = *kept;

	phone_key(ph, WORK);
	phone_resumed(ph, WORK);
	check_work(ph, kept);
	steps_file_write(ph, "note", "of later");
	phone_switch_key(ph, PERSONAL);
	phone_hibernate(ph, WORK);
	cloud_bring_in(ph, "restore work");
	phone_switch_key(ph, WORK);
	check_work(ph, &then);
	steps_file_check(ph, "note", "before it hibernated");
	cloud_check_disk(ph);
}

static void test_goes_on_here(void **state)
{
	struct phone *ph = start("cloud-here");
	struct kept kept, then;

	(void)state;
	start_work(ph, &kept);
	steps_file_write(ph, "note", "of that moment");
	phone_switch_key(ph, PERSONAL);
	cloud_run(ph, "backup work");
	assert_state(ph, WORK, "frozen");
	then = kept;

	/* It goes on after the backup, and comes back as it was before. */
	phone_switch_key(ph, WORK);
	check_work(ph, &kept);
	shell_do(ph->dev, "echo later >/tmp/later");
	steps_file_write(ph, "note", "of later");
	phone_switch_key(ph, PERSONAL);

	/* Without a person nothing happens to it. */
	phone_hibernate(ph, WORK);
	cloud_ask(ph, "restore work", "n");
	assert_int_not_equal(phone_answer(ph, PERSONAL), 0);
	phone_key(ph, WORK);
	phone_resumed(ph, WORK);
	shell_do(ph->dev, "cat /tmp/later");
	phone_switch_key(ph, PERSONAL);

	phone_hibernate(ph, WORK);
	cloud_bring_in(ph, "restore work");
	phone_switch_key(ph, WORK);
	check_work(ph, &then);
	shell_do(ph->dev, "! ls /tmp/later");
	steps_file_check(ph, "note", "of that moment");
	cloud_check_disk(ph);
	phone_switch_key(ph, PERSONAL);

	/* Little is new the second time; the repository is sound. */
	cloud_run(ph, "backup work");
	cloud_run(ph, "repo check");
	cloud_run(ph, "verify-backup work");
	save_what_hibernated(ph, &then);
	phone_stop(ph);
}

#define IDENTITY	"/sys/class/misc/osti/identity"

static char *identity(struct phone *ph)
{
	return shell_run(ph->dev, NULL, "cat " IDENTITY);
}

/* Another device with the disk that the repository is on; its work is back. */
static char *go_on_elsewhere(struct phone *ph, const struct cloud_key *key)
{
	cloud_other_device(ph, key);
	phone_boot(ph, PERSONAL);
	cloud_bring_in(ph, "restore work");
	phone_switch_key(ph, WORK);
	return identity(ph);
}

static void test_goes_on_elsewhere(void **state)
{
	struct phone *ph = start("cloud-elsewhere");
	char *was, *is, *told, *other;
	struct kept kept, copy;
	struct cloud_key key;
	int id;

	(void)state;
	start_work(ph, &kept);
	cloud_read_key(ph, &key);
	steps_file_write(ph, "note", "of that moment");
	was = identity(ph);
	shell_do(ph->dev, "/data/watch " IDENTITY " /tmp/told");
	phone_switch_key(ph, PERSONAL);
	cloud_run(ph, "backup work");
	copy = kept;
	/* A switch does not make another system of it. */
	phone_switch_key(ph, WORK);
	is = identity(ph);
	assert_string_equal(was, is);
	free(is);
	shell_do(ph->dev, "! ls /tmp/told");
	steps_file_write(ph, "note", "of later");
	phone_switch_key(ph, PERSONAL);
	shell_do(ph->dev, "sync");
	device_cut_power(ph->dev);

	/* Another device, with the disk that the repository is on. */
	cloud_other_device(ph, NULL);
	phone_boot(ph, PERSONAL);
	/* It has no key of that work: there is nothing for it. */
	id = shell_begin(ph->dev, "switchctl restore work");
	assert_int_not_equal(shell_end(ph->dev, id, CLOUD_MS), 0);
	shell_do(ph->dev, "sync");
	device_cut_power(ph->dev);

	is = go_on_elsewhere(ph, &key);
	check_work(ph, &kept);
	told = shell_run(ph->dev, NULL, "cat /tmp/told");
	assert_string_equal(told, is);
	free(told);
	steps_file_check(ph, "note", "of that moment");
	cloud_check_disk(ph);
	device_cut_power(ph->dev);

	/* And a third one: the first number that it draws is another one, too. */
	other = go_on_elsewhere(ph, &key);
	check_work(ph, &copy);
	phone_stop(ph);
	assert_string_not_equal(was, is);
	assert_string_not_equal(was, other);
	assert_string_not_equal(is, other);
	free(was);
	free(is);
	free(other);
}

/* The key to the very slot that is on its way. */
static void test_switch_wins(void **state)
{
	struct phone *ph = start("cloud-switch");
	struct kept kept;

	(void)state;
	start_work(ph, &kept);
	phone_switch_key(ph, PERSONAL);
	phone_ask(ph, "backup work");
	device_expect(ph->dev, "[1-9][0-9]? ?%", CLOUD_MS);
	phone_switch_key(ph, WORK);
	check_work(ph, &kept);
	/* Back there, the backup is begun again and comes to its end. */
	phone_key(ph, PERSONAL);
	assert_int_equal(phone_answer(ph, PERSONAL), 0);
	assert_state(ph, WORK, "frozen");
	cloud_run(ph, "repo check");
	phone_switch_key(ph, WORK);
	check_work(ph, &kept);
	phone_stop(ph);
}

/* What is left behind by a push waits for a person, also after the power went. */
static void test_taken_back(void **state)
{
	struct phone *ph = start("cloud-back");
	struct kept kept;
	int id;

	(void)state;
	start_work(ph, &kept);
	phone_switch_key(ph, PERSONAL);
	phone_ask(ph, "push work");
	phone_stored(ph, WORK);
	device_expect(ph->dev, "slot 2 \\(work\\) lives elsewhere now",
		      PHONE_IMAGE_MS);
	assert_int_equal(phone_answer(ph, PERSONAL), 0);
	assert_state(ph, WORK, "retired");
	/* 28: it was pushed. */
	id = shell_begin(ph->dev, "switchctl switch work");
	assert_int_equal(shell_end(ph->dev, id, SHELL_MS), 28);
	shell_do(ph->dev, "sync");
	device_cut_power(ph->dev);

	/* Its image is the newest one, but nothing resumes it by itself. */
	device_power_on(ph->dev);
	device_expect(ph->dev, "osti: starting slot 1 \\(personal\\) in",
		      PHONE_MENU_MS);
	phone_choose(ph, WORK);
	device_expect(ph->dev, "was pushed and lives elsewhere", PHONE_MENU_MS);
	device_expect(ph->dev, "press 2 again to take it back", PHONE_MENU_MS);
	phone_choose(ph, WORK);
	phone_resumed(ph, WORK);
	check_work(ph, &kept);
	phone_stop(ph);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_goes_on_here),
		cmocka_unit_test(test_goes_on_elsewhere),
		cmocka_unit_test(test_switch_wins),
		cmocka_unit_test(test_taken_back),
	};

	fixture_begin();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
