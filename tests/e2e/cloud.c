// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cloud - one OS backs the other up, and brings it back here or elsewhere
 *
 * "personal" is the courier, with a repository on its private disk, which stands
 * for a disk that is carried from device to device. "work" is what is carried.
 * The second device is the same one with another NV flash and an empty store.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fail.h"
#include "fixture.h"
#include "shell.h"
#include "store.h"

/* A backup of all of work's memory, on a machine that is busy. */
#define BACKUP_MS	300000
#define REPOSITORY	"/data/repository"

/* Rows of a recovery key, as switchctl prints them. */
#define KEY_ROWS_MAX	16

struct recovery_key {
	int nr;
	char row[KEY_ROWS_MAX][64];
};

/* What must be there again in "work". */
struct kept {
	struct vault vault;
	struct holder holder;
};

/* ---- The repository ---------------------------------------------------------- */

/* The image has a directory in memory; the private disk is kept. */
static void use_disk(struct phone *ph)
{
	shell_do(ph->dev, "mkdir -p %s", REPOSITORY);
	shell_do(ph->dev, "chown osti-backup:osti-backup %s", REPOSITORY);
	shell_do(ph->dev, "mount --bind %s /var/lib/osti/repository",
		 REPOSITORY);
}

static void run(struct phone *ph, const char *command)
{
	int id = shell_begin(ph->dev, "switchctl %s", command);
	int status = shell_end(ph->dev, id, BACKUP_MS);

	if (status)
		device_fail(ph->dev, "switchctl %s exits with %d", command,
			    status);
}

/* ---- The two OSes -------------------------------------------------------------- */

static struct phone *start(const char *name)
{
	const struct device_options opt = {
		.name = name, .files = steps_files(),
	};
	struct phone *ph = phone_start(&opt);

	phone_boot(ph, PERSONAL);
	use_disk(ph);
	run(ph, "repo init");
	return ph;
}

static void start_work(struct phone *ph, struct kept *kept)
{
	phone_key(ph, WORK);
	phone_up(ph, WORK);
	steps_vault_start(ph, &kept->vault);
	steps_holder_start(ph, &kept->holder);
}

static void check_work(struct phone *ph, struct kept *kept)
{
	steps_vault_check(ph, &kept->vault);
	steps_holder_check(ph, &kept->holder);
}

/* In the OS that the key is of. */
static void read_key(struct phone *ph, struct recovery_key *key)
{
	char *text = shell_run(ph->dev, NULL,
			       "switchctl recovery-key --text --yes");
	char *save, *line;

	key->nr = 0;
	for (line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		int row, at = 0;

		/* "  row 1   ABCDE FGHIJ ..." */
		if (sscanf(line, " row %d %n", &row, &at) != 1 || !at ||
		    row != key->nr + 1 || key->nr == KEY_ROWS_MAX)
			continue;
		snprintf(key->row[key->nr++], sizeof(key->row[0]), "%s",
			 line + at);
	}
	if (!key->nr)
		device_fail(ph->dev, "no row of a recovery key is shown");
	free(text);
}

/* In the boot menu, before an OS has run. */
static void type_key(struct phone *ph, const struct recovery_key *key)
{
	int i;

	device_send(ph->dev, "k");
	device_send(ph->dev, "2");
	device_expect(ph->dev, "osti: recovery key of slot 2", PHONE_MENU_MS);
	for (i = 0; i < key->nr; i++) {
		device_send(ph->dev, key->row[i]);
		device_send(ph->dev, "\r");
	}
	device_expect(ph->dev, "osti: slot 2 \\(work\\): its key is imported",
		      PHONE_MENU_MS);
}

/* ---- Back ------------------------------------------------------------------------ */

static void ask_restore(struct phone *ph, const char *command, const char *key)
{
	phone_ask(ph, command);
	device_expect(ph->dev, "wants a copy to take the place of slot 2",
		      PHONE_MENU_MS);
	device_expect(ph->dev, "y within", PHONE_MENU_MS);
	device_send(ph->dev, key);
}

static void restore(struct phone *ph, const char *command)
{
	int status;

	ask_restore(ph, command, "y");
	status = phone_answer(ph, PERSONAL);
	if (status)
		device_fail(ph->dev, "switchctl %s exits with %d", command,
			    status);
	assert_state(ph, WORK, "frozen");
}

static void test_goes_on_here(void **state)
{
	struct phone *ph = start("cloud-here");
	struct kept kept, then;

	(void)state;
	start_work(ph, &kept);
	phone_switch_key(ph, PERSONAL);
	run(ph, "backup work");
	assert_state(ph, WORK, "frozen");
	then = kept;

	/* It goes on after the backup, and comes back as it was before. */
	phone_switch_key(ph, WORK);
	check_work(ph, &kept);
	shell_do(ph->dev, "echo later >/tmp/later");
	phone_switch_key(ph, PERSONAL);

	/* Without a person nothing happens to it. */
	phone_hibernate(ph, WORK);
	ask_restore(ph, "restore work", "n");
	assert_int_not_equal(phone_answer(ph, PERSONAL), 0);
	phone_key(ph, WORK);
	phone_resumed(ph, WORK);
	shell_do(ph->dev, "cat /tmp/later");
	phone_switch_key(ph, PERSONAL);

	phone_hibernate(ph, WORK);
	restore(ph, "restore work");
	phone_switch_key(ph, WORK);
	check_work(ph, &then);
	shell_do(ph->dev, "! ls /tmp/later");
	phone_switch_key(ph, PERSONAL);

	/* Little is new the second time; the repository is sound. */
	run(ph, "backup work");
	run(ph, "repo check");
	run(ph, "verify-backup work");
	phone_stop(ph);
}

static void test_goes_on_elsewhere(void **state)
{
	struct phone *ph = start("cloud-elsewhere");
	struct recovery_key key;
	struct kept kept;
	int id;

	(void)state;
	start_work(ph, &kept);
	read_key(ph, &key);
	phone_switch_key(ph, PERSONAL);
	run(ph, "backup work");
	shell_do(ph->dev, "sync");
	device_cut_power(ph->dev);

	/* Another device, with the disk that the repository is on. */
	device_new_nv(ph->dev);
	phone_power_on(ph);
	phone_boot(ph, PERSONAL);
	use_disk(ph);
	/* It has no key of that work: there is nothing for it. */
	id = shell_begin(ph->dev, "switchctl restore work");
	assert_int_not_equal(shell_end(ph->dev, id, BACKUP_MS), 0);
	shell_do(ph->dev, "sync");
	device_cut_power(ph->dev);

	phone_power_on(ph);
	type_key(ph, &key);
	phone_boot(ph, PERSONAL);
	use_disk(ph);
	restore(ph, "restore work");
	phone_switch_key(ph, WORK);
	check_work(ph, &kept);
	phone_stop(ph);
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
	device_expect(ph->dev, "[1-9][0-9]? ?%", BACKUP_MS);
	phone_switch_key(ph, WORK);
	check_work(ph, &kept);
	/* Back there, the backup is begun again and comes to its end. */
	phone_key(ph, PERSONAL);
	if (phone_answer(ph, PERSONAL))
		run(ph, "backup work");
	assert_state(ph, WORK, "frozen");
	run(ph, "repo check");
	phone_switch_key(ph, WORK);
	check_work(ph, &kept);
	phone_stop(ph);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_goes_on_here),
		cmocka_unit_test(test_goes_on_elsewhere),
		cmocka_unit_test(test_switch_wins),
	};

	fixture_begin();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
