// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * diskcarry - "personal" carries "work" with its disk, by /dev/osti alone
 *
 * tests/e2e/guest/diskcarry.c is the courier. It keeps what it carries in memory.
 */
#include <qemu-virt/board_pci.h>

#include "fail.h"
#include "fixture.h"
#include "ready.h"
#include "shell.h"

#define DISKCARRY	"/data/diskcarry"
#define DISK_MS		600000

/* What the tool says on its last line. */
static void carry(struct phone *ph, const char *args, const char *end)
{
	int id = shell_begin(ph->dev, DISKCARRY " %s", args);

	device_expect(ph->dev, end, DISK_MS);
	if (shell_end(ph->dev, id, DISK_MS))
		device_fail(ph->dev, "diskcarry %s failed", args);
}

static void assert_nothing_shown(struct phone *ph)
{
	shell_do(ph->dev, "cd /sys/bus/pci/devices && "
		 "! ls -d 0000:00:%02x.0 0000:00:%02x.0",
		 BOARD_PCI_ALIAS(WORK), BOARD_PCI_DISK(WORK));
}

static struct phone *start(const char *name, struct vault *vault)
{
	static struct device_file files[32];
	const struct device_options opt = { .name = name, .files = files };
	struct phone *ph;
	size_t n;

	for (n = 0; steps_files()[n].slot; n++)
		files[n] = steps_files()[n];
	files[n].slot = phone_name(PERSONAL);
	files[n].host = build_path("tests/e2e/guest/diskcarry");
	files[n].name = "diskcarry";
	ph = ready_start(&opt);
	phone_switch_key(ph, WORK);
	steps_vault_start(ph, vault);
	return ph;
}

/* A person presses the key; how it ends. */
static int bring_in(struct phone *ph, const char *key)
{
	int id = shell_begin(ph->dev, DISKCARRY " restore 2 /tmp/copy");

	device_expect(ph->dev, "y within", PHONE_MENU_MS);
	device_send(ph->dev, key);
	return shell_end(ph->dev, id, DISK_MS);
}

/* Memory and disk of one moment: what came later is in neither. */
static void test_restore(void **state)
{
	struct vault vault;
	struct phone *ph = start("disk-restore", &vault);

	(void)state;
	steps_file_write(ph, "before", "written before");
	phone_switch_key(ph, PERSONAL);
	shell_do(ph->dev, "mkdir /tmp/copy");
	carry(ph, "save 2 /tmp/copy", "saved");
	assert_nothing_shown(ph);
	assert_state(ph, WORK, "frozen");

	phone_switch_key(ph, WORK);
	steps_vault_check(ph, &vault);
	steps_file_write(ph, "before", "written later");
	steps_file_write(ph, "later", "written later");
	phone_switch_key(ph, PERSONAL);

	/* Without a person neither memory nor disk is what it was before. */
	phone_hibernate(ph, WORK);
	assert_int_not_equal(bring_in(ph, "n"), 0);
	assert_nothing_shown(ph);
	assert_int_equal(bring_in(ph, "y"), 0);
	assert_nothing_shown(ph);
	assert_state(ph, WORK, "frozen");

	phone_switch_key(ph, WORK);
	steps_vault_check(ph, &vault);
	shell_do(ph->dev, "echo 3 >/proc/sys/vm/drop_caches");
	steps_file_check(ph, "before", "written before");
	shell_do(ph->dev, "! ls /data/later");
	steps_file_write(ph, "later", "written after all");
	steps_file_check(ph, "later", "written after all");
	phone_stop(ph);
}

/* The key to the slot whose disk is being read. */
static void test_switch_wins(void **state)
{
	struct vault vault;
	struct phone *ph = start("disk-switch", &vault);

	(void)state;
	phone_switch_key(ph, PERSONAL);
	ph->begun[PERSONAL] = shell_begin(ph->dev, DISKCARRY " hold 2");
	device_expect(ph->dev, "holding", DISK_MS);
	phone_key(ph, WORK);
	phone_back(ph, WORK);
	steps_vault_check(ph, &vault);
	steps_file_write(ph, "mine", "again");
	steps_file_check(ph, "mine", "again");
	/* It was told that the disk is gone, and did not hang. */
	phone_key(ph, PERSONAL);
	assert_int_equal(phone_answer(ph, PERSONAL), 0);
	assert_nothing_shown(ph);
	/* It can be had again. */
	shell_do(ph->dev, "mkdir /tmp/copy");
	carry(ph, "save 2 /tmp/copy", "saved");
	phone_stop(ph);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_restore),
		cmocka_unit_test(test_switch_wins),
	};

	fixture_begin();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
