// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * disk - the private disk of a slot is its own: encrypted under a key that only
 * its system gets, if the owner signed it for that
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fail.h"
#include "fixture.h"
#include "ready.h"
#include "shell.h"
#include "steps.h"

#define LUKS		"LUKS\xba\xbe\0\2"
#define PART		"OSTI-DISK-PART\n"
#define KEY_HASH	64	/* digits */

/* ---- What the file of the disk holds --------------------------------------------- */

static int disk_of(struct phone *ph, int slot)
{
	char name[64];

	snprintf(name, sizeof(name), "data-%s.img", phone_name(slot));
	return storage_file(device_storage(ph->dev), name);
}

static void read_disk(struct phone *ph, int slot, void *to, size_t bytes)
{
	if (pread(disk_of(ph, slot), to, bytes, 0) != (ssize_t)bytes)
		test_fail("cannot read the disk of %s: %s", phone_name(slot),
			  strerror(errno));
}

static void write_disk(struct phone *ph, int slot, const void *from,
		       size_t bytes)
{
	if (pwrite(disk_of(ph, slot), from, bytes, 0) != (ssize_t)bytes)
		test_fail("cannot write the disk of %s: %s", phone_name(slot),
			  strerror(errno));
}

static bool disk_has(struct phone *ph, int slot, const char *text)
{
	int fd = disk_of(ph, slot);
	off_t size = lseek(fd, 0, SEEK_END);
	char *bytes = malloc(size);
	bool has;

	if (!bytes)
		test_fail("out of memory");
	read_disk(ph, slot, bytes, size);
	has = memmem(bytes, size, text, strlen(text));
	free(bytes);
	return has;
}

static void assert_begins(struct phone *ph, int slot, const char *with,
			  size_t bytes)
{
	char found[64];

	read_disk(ph, slot, found, bytes);
	if (memcmp(found, with, bytes))
		device_fail(ph->dev, "the disk of %s does not begin with \"%.*s\"",
			    phone_name(slot), (int)bytes, with);
}

/* ---- What the OS at the console says ---------------------------------------------- */

static void key_hash(struct phone *ph, char hash[KEY_HASH + 1])
{
	char *text = shell_run(ph->dev, NULL,
			       "set -o pipefail; switchctl disk-key | sha256sum");

	if (strlen(text) < KEY_HASH)
		device_fail(ph->dev, "\"%s\" is no hash", text);
	memcpy(hash, text, KEY_HASH);
	hash[KEY_HASH] = '\0';
	free(text);
}

static void assert_same_key(struct phone *ph, const char *want)
{
	char hash[KEY_HASH + 1];

	key_hash(ph, hash);
	if (strcmp(hash, want))
		device_fail(ph->dev, "%s has another disk key than before",
			    phone_name(ph->at));
}

static void assert_mounted(struct phone *ph, bool mounted)
{
	int code;

	free(shell_run(ph->dev, &code, "grep '^/dev/mapper/data /data ext4 ' /proc/mounts"));
	if (!code != mounted)
		device_fail(ph->dev, "the disk of %s is %smounted",
			    phone_name(ph->at), mounted ? "not " : "");
}

/* ---- Tests ------------------------------------------------------------------------- */

static struct phone *start(const char *name, const char *boot_image)
{
	const struct device_options opt = {
		.name = name, .boot_image = boot_image,
	};

	return phone_start(&opt);
}

/* Both have made their disks, and run. */
static struct phone *start_both(const char *name)
{
	const struct device_options opt = { .name = name };

	return ready_start(&opt);
}

static void cut_and_boot(struct phone *ph, int slot)
{
	device_cut_power(ph->dev);
	phone_power_on(ph);
	phone_boot(ph, slot);
}

/* Whatever happens between, it is the same key, and no other slot's. */
static void test_own_key(void **state)
{
	char personal[KEY_HASH + 1], work[KEY_HASH + 1];
	char secret[SECRET_LEN + 1];
	struct phone *ph = start_both("disk");

	(void)state;
	assert_mounted(ph, true);
	key_hash(ph, personal);
	phone_switch_key(ph, WORK);
	assert_mounted(ph, true);
	key_hash(ph, work);
	if (!strcmp(personal, work))
		device_fail(ph->dev, "both slots have the same disk key");

	steps_secret(secret);
	steps_file_write(ph, "note", secret);
	phone_switch_key(ph, PERSONAL);
	phone_hibernate(ph, WORK);
	phone_key(ph, WORK);
	phone_resumed(ph, WORK);
	assert_same_key(ph, work);
	shell_do(ph->dev, "echo 3 >/proc/sys/vm/drop_caches");
	steps_file_check(ph, "note", secret);

	cut_and_boot(ph, WORK);
	assert_same_key(ph, work);
	steps_file_check(ph, "note", secret);
	device_cut_power(ph->dev);
	assert_begins(ph, WORK, LUKS, sizeof(LUKS) - 1);
	assert_begins(ph, PERSONAL, LUKS, sizeof(LUKS) - 1);
	if (disk_has(ph, WORK, secret))
		test_fail("what work wrote is on its disk in clear");
	phone_stop(ph);
}

/* Before there was a file in it. */
static void test_cut_while_made(void **state)
{
	struct phone *ph = start_both("disk-cut");

	(void)state;
	shell_do(ph->dev, "echo old >/data/note && "
		 "cryptsetup config --label osti-new /dev/vda && sync");
	cut_and_boot(ph, PERSONAL);
	assert_mounted(ph, true);
	shell_do(ph->dev, "! ls /data/note && echo new >/data/note && sync");
	cut_and_boot(ph, PERSONAL);
	steps_file_check(ph, "note", "new");
	phone_stop(ph);
}

/* Boots with what the disk holds, which the system is to leave as it is. */
static void boot_with(struct phone *ph, const char *content, size_t bytes,
		      const char *message)
{
	device_cut_power(ph->dev);
	write_disk(ph, PERSONAL, content, bytes);
	device_power_on(ph->dev);
	phone_menu(ph);
	phone_choose(ph, PERSONAL);
	device_expect(ph->dev, message, PHONE_BOOT_MS);
	phone_up(ph, PERSONAL);
	assert_mounted(ph, false);
	assert_begins(ph, PERSONAL, content, bytes);
}

static void test_left_alone(void **state)
{
	struct phone *ph = start("disk-foreign", NULL);

	(void)state;
	boot_with(ph, "something", 9, "neither new nor encrypted");
	boot_with(ph, PART, sizeof(PART), "only a part of one");
	boot_with(ph, LUKS, sizeof(LUKS) - 1, "does not open");
	phone_stop(ph);
}

/* A system that the owner signed, but not for what is on the disk. */
static char *boot_disk_without_key(void)
{
	char *itb = build_path("tests/e2e/disks/nokey/%s.itb",
			       phone_name(PERSONAL));
	char *ramdisk = build_path("images/%s.initramfs", phone_name(PERSONAL));
	char *disk = build_path("tests/e2e/disks/nokey.img");

	host_run((const char *const[]){ "mkdir", "-p",
		 build_path("tests/e2e/disks/nokey"), NULL });
	host_run((const char *const[]){ "env", "DISK_KEY=no", "images/mkfit",
		 build_dir(), phone_name(PERSONAL), ramdisk, itb, NULL });
	host_run((const char *const[]){ "images/mkdisk", "boot", disk, itb,
		 NULL });
	free(ramdisk);
	free(itb);
	return disk;
}

static void test_not_signed_for_it(void **state)
{
	static const char zero[64];
	char *disk = boot_disk_without_key();
	struct phone *ph = start("disk-no-key", disk);
	int code;

	(void)state;
	phone_choose(ph, PERSONAL);
	device_expect(ph->dev, "does not allow it to have the disk key",
		      PHONE_BOOT_MS);
	phone_up(ph, PERSONAL);
	assert_mounted(ph, false);
	free(shell_run(ph->dev, &code, "switchctl disk-key >/tmp/key"));
	if (code != 5 || shell_number(ph->dev, "wc -c </tmp/key"))
		device_fail(ph->dev, "switchctl disk-key exits with %d", code);
	if (phone_count(ph, "bad-call", PERSONAL) < 1)
		device_fail(ph->dev, "nothing tells that it was asked for");
	/* It could not even make a disk of its own there. */
	assert_begins(ph, PERSONAL, zero, sizeof(zero));
	phone_stop(ph);
	free(disk);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_own_key),
		cmocka_unit_test(test_cut_while_made),
		cmocka_unit_test(test_left_alone),
		cmocka_unit_test(test_not_signed_for_it),
	};

	fixture_begin();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
