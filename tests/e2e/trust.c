// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * trust - only what the owner signed runs, and what does not run well does not
 * keep a person from the rest
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fail.h"
#include "fixture.h"
#include "shell.h"

#define BM_MS		180000
#define BM_PROMPT	"osti=> "

/* lib/osti/menu.c of the boot manager */
#define STARTS_MAX	3

static char *disk_path(const char *name)
{
	return build_path("tests/e2e/disks/%s", name);
}

/* A boot disk of that name with these files. */
static char *make_disk(const char *name, const char *a, const char *b)
{
	char *disk = disk_path(name);

	const char *const argv[] = { "images/mkdisk", "boot", disk, a, b, NULL };

	host_run(argv);
	return disk;
}

/* In the boot menu: press "c", and get the command shell. */
static void enter_shell(struct phone *ph)
{
	device_send(ph->dev, "c");
	device_expect(ph->dev, BM_PROMPT, BM_MS);
}

/* Run a command of U-Boot's that leads back to its prompt. */
static void shell_command(struct phone *ph, const char *command)
{
	device_send(ph->dev, command);
	device_send(ph->dev, "\n");
	device_expect(ph->dev, BM_PROMPT, BM_MS);
}

static struct phone *start(const char *name, const char *disk, bool shell)
{
	char *firmware = build_path("tests/e2e/with-shell/firmware.bin");
	const struct device_options opt = {
		.name = name, .boot_image = disk,
		.firmware = shell ? firmware : NULL,
	};
	struct phone *ph = phone_start(&opt);

	free(firmware);
	return ph;
}

/* The usual programs, in an image of that name for the owner of a certificate. */
static char *make_firmware(const char *name, const char *crt)
{
	char *selector = build_path("selector/selector.bin");
	char *monitor = build_path("monitor/monitor.bin");
	char *engine = build_path("engine/engine.bin");
	char *bm = build_path("u-boot/u-boot.bin"), *dir = disk_path("");
	char *firmware = disk_path(name);

	host_run((const char *const[]){ "mkdir", "-p", dir, NULL });
	if (crt)
		host_run((const char *const[]){ "scripts/mkfirmware", selector,
			 monitor, engine, bm, crt, firmware, NULL });
	else
		host_run((const char *const[]){ "scripts/mkfirmware", selector,
			 monitor, engine, bm, firmware, NULL });
	free(selector);
	free(monitor);
	free(engine);
	free(bm);
	free(dir);
	return firmware;
}

/* As a package has it. */
static void test_nobodys_firmware(void **state)
{
	char *firmware = make_firmware("nobody.bin", NULL);
	struct device *dev = device_start(&(struct device_options) {
		.name = "trust-nobody", .firmware = firmware,
	});

	(void)state;
	device_expect_errors(dev, true);
	device_expect(dev, "nobody owns this firmware", BM_MS);
	device_stop(dev);
	free(firmware);
}

/* It starts what is signed with the key that is in it, and nothing else. */
static void test_firmware_of_another_owner(void **state)
{
	char *firmware = make_firmware("other.bin",
				       "tests/unit/monitor/start/other.crt");
	struct phone *ph = phone_start(&(struct device_options) {
		.name = "trust-other", .firmware = firmware,
	});

	(void)state;
	phone_choose(ph, WORK);
	device_expect(ph->dev, "work.itb: bad signature", BM_MS);
	phone_stop(ph);
	free(firmware);
}

/*
 * Whoever has U-Boot's shell puts the key that it trusts into its device tree.
 * The boot image is signed with that key, as FIT and in its start statement.
 */
static void test_shell_key_swap(void **state)
{
	static const char *const ends[] = {
		"osti: entering slot 2", "work.itb: bad signature", NULL,
	};
	char *dir = disk_path("foreign"), *build = build_path(".");
	char *image = disk_path("foreign/work.itb");
	char *key = disk_path("foreign/key.dtb"), *disk;
	struct phone *ph;

	(void)state;
	host_run((const char *const[]){ "tests/e2e/mkforeign", build,
		 phone_name(WORK), dir, NULL });
	disk = make_disk("foreign.img", image, key);
	ph = start("trust-shell", disk, true);
	enter_shell(ph);
	/* The boot disk comes second, after the store. */
	shell_command(ph, "virtio scan");
	shell_command(ph, "load virtio 1 44000000 key.dtb");
	shell_command(ph, "fdt addr -c 44000000");
	device_send(ph->dev, "osti start 2\n");
	if (device_expect_any(ph->dev, ends, BM_MS)->index == 0)
		device_fail(ph->dev, "code that the owner did not sign was started");
	device_expect(ph->dev, BM_PROMPT, BM_MS);
	device_send(ph->dev, "osti log\n");
	device_expect(ph->dev, " 2  refused +0x1 ", BM_MS);
	phone_stop(ph);
	free(dir);
	free(build);
	free(image);
	free(key);
	free(disk);
}

/* The usual firmware has no shell to do this in. */
static void test_no_shell(void **state)
{
	static const char *const ends[] = {
		BM_PROMPT, "OSTI boot menu", NULL,
	};
	struct phone *ph = start("trust-no-shell", NULL, false);

	(void)state;
	device_send(ph->dev, "c\n");
	if (device_expect_any(ph->dev, ends, BM_MS)->index == 0)
		device_fail(ph->dev, "the boot menu led to a shell");
	phone_stop(ph);
}

/* A boot disk of that name on which the image of "work" is made with a setting. */
static char *make_work_disk(const char *name, const char *setting)
{
	char *good = build_path("images/%s.itb", phone_name(PERSONAL));
	char *ramdisk = build_path("images/%s.initramfs", phone_name(WORK));
	char *image = disk_path("work.itb"), *build = build_path(".");
	char *dir = disk_path(""), *disk;

	host_run((const char *const[]){ "mkdir", "-p", dir, NULL });
	host_run((const char *const[]){ "env", setting, "images/mkfit", build,
		 phone_name(WORK), ramdisk, image, NULL });
	disk = make_disk(name, good, image);
	free(good);
	free(ramdisk);
	free(image);
	free(build);
	free(dir);
	return disk;
}

/* One on which the kernel of "work" panics as soon as it is up: its init ends. */
static char *make_panicking_disk(void)
{
	return make_work_disk("panicking.img",
			      "BOOTARGS=console=ttyAMA0 panic=1 rdinit=/bin/busybox -- false");
}

/* What an OS has called good keeps what is older from starting in its slot. */
static void test_older_is_refused(void **state)
{
	char *newer = make_work_disk("version.img", "BOOT_VERSION=2");
	char *older = make_work_disk("older.img", "BOOT_VERSION=1");
	struct phone *ph = start("trust-older", newer, true);

	(void)state;
	phone_boot(ph, WORK);
	shell_do(ph->dev, "switchctl mark-good");
	shell_begin(ph->dev, "poweroff");
	phone_menu(ph);
	/* Any key, so that the menu waits. */
	device_send(ph->dev, "x");
	device_expect(ph->dev, "waiting for a key", BM_MS);
	/* Into the same file, which the device has open. */
	host_run((const char *const[]){ "cp", older, newer, NULL });
	phone_choose(ph, WORK);
	device_expect(ph->dev, "too old: it has version 1, and slot 2 .work. accepts 2 and later",
		      BM_MS);
	device_expect(ph->dev, "waiting for a key", BM_MS);
	enter_shell(ph);
	device_send(ph->dev, "osti log\n");
	device_expect(ph->dev, " 2  refused +0x4 ", BM_MS);
	/* The other slot never said so, and is not meant. */
	device_expect(ph->dev, BM_PROMPT, BM_MS);
	device_send(ph->dev, "osti menu\n");
	phone_menu(ph);
	phone_boot(ph, PERSONAL);
	phone_stop(ph);
	free(newer);
	free(older);
}

static void expect_starts(struct phone *ph, int starts)
{
	while (starts--) {
		device_expect(ph->dev, "osti: entering slot 2", PHONE_BOOT_MS);
		device_expect(ph->dev, "Kernel panic - not syncing",
			      PHONE_BOOT_MS);
	}
}

static void expect_no_more(struct phone *ph)
{
	static const char *const ends[] = {
		"osti: entering slot 2", "and no start was called good", NULL,
	};

	if (device_expect_any(ph->dev, ends, PHONE_BOOT_MS)->index == 0)
		device_fail(ph->dev, "%s was started again by itself",
			    phone_name(WORK));
}

static void test_panics_end_in_menu(void **state)
{
	char *disk = make_panicking_disk();
	struct phone *ph = start("trust-menu", disk, true);

	(void)state;
	device_expect_panics(ph->dev, true);
	phone_choose(ph, WORK);
	expect_starts(ph, STARTS_MAX);
	expect_no_more(ph);
	device_expect(ph->dev, "waiting for a key", BM_MS);
	/* A person may try it again. */
	phone_choose(ph, WORK);
	expect_starts(ph, 1);
	expect_no_more(ph);
	device_expect(ph->dev, "waiting for a key", BM_MS);
	enter_shell(ph);
	device_send(ph->dev, "osti log\n");
	device_expect(ph->dev, " 2  not-good ", BM_MS);
	phone_stop(ph);
	free(disk);
}

static void test_panics_end_in_frozen_slot(void **state)
{
	char *disk = make_panicking_disk();
	struct phone *ph = start("trust-frozen", disk, false);
	struct vault v;

	(void)state;
	phone_boot(ph, PERSONAL);
	steps_vault_start(ph, &v);
	device_expect_panics(ph->dev, true);
	phone_key(ph, WORK);
	expect_starts(ph, STARTS_MAX);
	expect_no_more(ph);
	/* Nobody presses a key. */
	device_expect(ph->dev, "osti: resuming slot 1", BM_MS);
	phone_back(ph, PERSONAL);
	steps_vault_check(ph, &v);
	assert_state(ph, WORK, "empty");
	phone_stop(ph);
	free(disk);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nobodys_firmware),
		cmocka_unit_test(test_firmware_of_another_owner),
		cmocka_unit_test(test_shell_key_swap),
		cmocka_unit_test(test_no_shell),
		cmocka_unit_test(test_older_is_refused),
		cmocka_unit_test(test_panics_end_in_menu),
		cmocka_unit_test(test_panics_end_in_frozen_slot),
	};

	fixture_begin();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
