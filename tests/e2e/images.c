// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * images - boot images that must not be started
 *
 * The boot disk of each test has the good image of "personal" and a spoilt one
 * of "work". The boot manager must say what is wrong, keep the menu, and leave
 * a frozen slot resumable.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fail.h"
#include "fixture.h"
#include "shell.h"

#define ERROR_MS	60000
#define BOOTARGS	"loglevel=4"	/* stands in the signed configuration */

/* Larger than all memory that the boot manager has. */
#define OVERSIZE	(400LL << 20)

static const char *work_image(void)
{
	static char *path;

	if (!path) {
		host_run((const char *const[]){ "mkdir", "-p",
			 build_path("tests/e2e/disks"), NULL });
		path = build_path("tests/e2e/disks/%s.itb", phone_name(WORK));
	}
	return path;
}

static int open_copy(void)
{
	char *good = build_path("images/%s.itb", phone_name(WORK));
	int fd;

	host_run((const char *const[]){ "cp", good, work_image(), NULL });
	free(good);
	fd = open(work_image(), O_RDWR | O_CLOEXEC);
	if (fd < 0)
		test_fail("cannot open %s: %s", work_image(), strerror(errno));
	return fd;
}

static void flip_bit(int fd, off_t at)
{
	unsigned char byte;

	if (pread(fd, &byte, 1, at) != 1)
		test_fail("cannot read byte %lld of %s", (long long)at,
			  work_image());
	byte ^= 0x10;
	if (pwrite(fd, &byte, 1, at) != 1)
		test_fail("cannot write byte %lld of %s", (long long)at,
			  work_image());
}

static off_t file_size(int fd)
{
	struct stat st;

	if (fstat(fd, &st))
		test_fail("fstat of %s: %s", work_image(), strerror(errno));
	return st.st_size;
}

/* A boot disk with the good image and, unless it is missing, the spoilt one. */
static char *make_disk(bool missing)
{
	char *good = build_path("images/%s.itb", phone_name(PERSONAL));
	char *disk = build_path("tests/e2e/disks/boot.img");

	host_run((const char *const[]){ "images/mkdisk", "boot", disk, good,
		 missing ? NULL : work_image(), NULL });
	free(good);
	return disk;
}

static struct phone *start(const char *name, bool missing)
{
	char *disk = make_disk(missing);
	const struct device_options opt = { .name = name, .boot_image = disk };
	struct phone *ph = phone_start(&opt);

	free(disk);
	return ph;
}

/* The slot was to be started: it is refused and the menu comes again. */
static void expect_refusal(struct phone *ph, const char *error)
{
	device_expect(ph->dev, error, ERROR_MS);
	phone_menu(ph);
}

static void check_from_menu(const char *name, bool missing, const char *error)
{
	struct phone *ph = start(name, missing);

	phone_choose(ph, WORK);
	expect_refusal(ph, error);
	/* The menu is alive: it takes the next key. */
	phone_choose(ph, WORK);
	expect_refusal(ph, error);
	phone_stop(ph);
}

/* ... while the other slot is frozen: it must come back whole. */
static void test_flipped_bit_in_kernel(void **state)
{
	int fd = open_copy();
	struct phone *ph;
	struct vault v;

	(void)state;
	flip_bit(fd, file_size(fd) / 3);
	close(fd);
	ph = start("images-kernel", false);
	phone_boot(ph, PERSONAL);
	steps_vault_start(ph, &v);
	phone_key(ph, WORK);
	expect_refusal(ph, "bad hash of its kernel");
	phone_choose(ph, PERSONAL);
	phone_back(ph, PERSONAL);
	steps_vault_check(ph, &v);
	assert_state(ph, WORK, "empty");
	phone_command(ph, WORK);
	expect_refusal(ph, "bad hash of its kernel");
	phone_choose(ph, PERSONAL);
	phone_back(ph, PERSONAL);
	steps_vault_check(ph, &v);
	phone_stop(ph);
}

static void test_flipped_bit_in_ramdisk(void **state)
{
	int fd = open_copy();

	(void)state;
	/* The kernel comes first; what is signed stands behind both. */
	flip_bit(fd, file_size(fd) - file_size(fd) / 50);
	close(fd);
	check_from_menu("images-ramdisk", false, "bad hash of its ramdisk");
}

/* Text of the configuration: that is what the signature itself is for. */
static void test_changed_command_line(void **state)
{
	int fd = open_copy();
	off_t size = file_size(fd);
	char *bytes = malloc(size), *at;

	(void)state;
	assert_non_null(bytes);
	assert_int_equal(pread(fd, bytes, size, 0), size);
	at = memmem(bytes, size, BOOTARGS, strlen(BOOTARGS));
	assert_non_null(at);
	flip_bit(fd, at - bytes);
	free(bytes);
	close(fd);
	check_from_menu("images-bootargs", false, "bad signature");
}

static void test_missing_file(void **state)
{
	(void)state;
	check_from_menu("images-missing", true, "not found on the boot disk");
}

static void test_truncated_file(void **state)
{
	int fd = open_copy();

	(void)state;
	assert_int_equal(ftruncate(fd, file_size(fd) / 2), 0);
	close(fd);
	check_from_menu("images-truncated", false, "truncated");
}

static void test_too_large_file(void **state)
{
	int fd = open_copy();

	(void)state;
	assert_int_equal(ftruncate(fd, OVERSIZE), 0);
	close(fd);
	check_from_menu("images-large", false, "too large");
}

static void test_not_an_image(void **state)
{
	int fd = open_copy();

	(void)state;
	flip_bit(fd, 0);
	close(fd);
	check_from_menu("images-other", false, "not a boot image");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_flipped_bit_in_kernel),
		cmocka_unit_test(test_flipped_bit_in_ramdisk),
		cmocka_unit_test(test_changed_command_line),
		cmocka_unit_test(test_missing_file),
		cmocka_unit_test(test_truncated_file),
		cmocka_unit_test(test_too_large_file),
		cmocka_unit_test(test_not_an_image),
	};

	fixture_begin();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
