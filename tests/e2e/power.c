// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * power - an OS ends or restarts, and the other one does not notice
 */
#include <stdio.h>
#include <stdlib.h>

#include "fixture.h"
#include "shell.h"

static struct phone *get_phone(void)
{
	const struct device_options opt = {
		.name = "power", .files = steps_files(),
	};

	return fixture_phone(&opt);
}

/* The OS at the console ends by a command; the other resumes from the menu. */
static void end_and_resume_other(struct phone *ph, const char *command)
{
	int other = ph->at == PERSONAL ? WORK : PERSONAL;

	shell_begin(ph->dev, "%s", command);
	phone_menu(ph);
	phone_choose(ph, other);
	phone_back(ph, other);
}

/*
 * A slot with the console ends; the other keeps its process and file; the
 * ended one starts afresh, with its own disk as it was.
 */
static void check_end(int slot, const char *command)
{
	int other = slot == PERSONAL ? WORK : PERSONAL;
	struct phone *ph = get_phone();
	char note[SECRET_LEN + 1];
	struct vault v, gone;

	fixture_at(ph, slot);
	steps_secret(note);
	steps_vault_start(ph, &gone);
	steps_file_write(ph, "kept", note);
	fixture_at(ph, other);
	steps_vault_start(ph, &v);
	fixture_at(ph, slot);

	end_and_resume_other(ph, command);
	steps_vault_check(ph, &v);
	assert_state(ph, slot, "empty");
	/* Nothing of it is left in its memory. */
	assert_int_equal(steps_memory_find(ph, phone_slot_address(slot),
					   phone_slot_size(slot), gone.secret),
			 0);

	phone_key(ph, slot);
	phone_up(ph, slot);
	steps_file_check(ph, "kept", note);
	shell_do(ph->dev, "! ls /tmp/ask%d", gone.id);
	phone_switch_key(ph, other);
	steps_vault_check(ph, &v);
	fixture_at(ph, PERSONAL);
	fixture_pass(ph);
}

static void test_work_powers_off(void **state)
{
	(void)state;
	check_end(WORK, "poweroff");
}

static void test_personal_powers_off(void **state)
{
	(void)state;
	check_end(PERSONAL, "poweroff");
}

/* A reboot is a wish to have the same OS again. */
static void check_reboot(int slot, const char *command)
{
	int other = slot == PERSONAL ? WORK : PERSONAL;
	struct phone *ph = get_phone();
	struct vault v;

	fixture_at(ph, other);
	steps_vault_start(ph, &v);
	fixture_at(ph, slot);
	shell_begin(ph->dev, "%s", command);
	phone_up(ph, slot);
	assert_state(ph, other, "frozen");
	phone_switch_key(ph, other);
	steps_vault_check(ph, &v);
	fixture_at(ph, PERSONAL);
	fixture_pass(ph);
}

static void test_work_reboots(void **state)
{
	(void)state;
	check_reboot(WORK, "reboot");
}

static void test_personal_reboots(void **state)
{
	(void)state;
	check_reboot(PERSONAL, "reboot");
}

/* A kernel that resets without any shutdown, as after a crash. */
static void test_work_resets_hard(void **state)
{
	(void)state;
	check_reboot(WORK, "echo b >/proc/sysrq-trigger");
}

static void test_both_power_off(void **state)
{
	struct phone *ph = get_phone();

	(void)state;
	end_and_resume_other(ph, "poweroff");
	shell_begin(ph->dev, "poweroff");
	phone_menu(ph);
	phone_boot(ph, PERSONAL);
	assert_state(ph, WORK, "empty");
	phone_key(ph, WORK);
	phone_up(ph, WORK);
	phone_switch_key(ph, PERSONAL);
	fixture_pass(ph);
}

/* Nothing is left to run, and nobody presses a key. */
static void test_device_powers_off(void **state)
{
	struct phone *ph = get_phone();

	(void)state;
	end_and_resume_other(ph, "poweroff");
	shell_begin(ph->dev, "poweroff");
	device_off(ph->dev, PHONE_MENU_MS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_work_powers_off),
		cmocka_unit_test(test_personal_powers_off),
		cmocka_unit_test(test_work_reboots),
		cmocka_unit_test(test_personal_reboots),
		cmocka_unit_test(test_work_resets_hard),
		cmocka_unit_test(test_both_power_off),
		cmocka_unit_test(test_device_powers_off),
	};
	int ret;

	fixture_begin();
	ret = cmocka_run_group_tests(tests, NULL, NULL);
	fixture_end();
	return ret;
}
