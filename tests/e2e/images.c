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

#define ERROR_MS	180000
#define BOOTARGS	"loglevel=4"	/* stands in the start statement */

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

static struct phone *start_disk(const char *name, const char *disk)
{
	const struct device_options opt = { .name = name, .boot_image = disk };

	return phone_start(&opt);
}

static struct phone *start(const char *name, bool missing)
{
	char *disk = make_disk(missing);
	struct phone *ph = start_disk(name, disk);

	free(disk);
	return ph;
}

/* The slot was to be started: it is refused and the menu comes again. */
static void expect_refusal(struct phone *ph, const char *error)
{
	device_expect(ph->dev, error, ERROR_MS);
	phone_menu(ph);
}

static void check_phone(struct phone *ph, const char *error)
{
	phone_choose(ph, WORK);
	expect_refusal(ph, error);
	/* The menu is alive: it takes the next key. */
	phone_choose(ph, WORK);
	expect_refusal(ph, error);
	phone_stop(ph);
}

static void check_from_menu(const char *name, bool missing, const char *error)
{
	check_phone(start(name, missing), error);
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
	/* It comes last. */
	flip_bit(fd, file_size(fd) - file_size(fd) / 50);
	close(fd);
	check_from_menu("images-ramdisk", false, "bad hash of its ramdisk");
}

/* Flip a bit of a text in the file. */
static void flip_text(const char *text)
{
	int fd = open_copy();
	off_t size = file_size(fd);
	char *bytes = malloc(size), *at;

	assert_non_null(bytes);
	assert_int_equal(pread(fd, bytes, size, 0), size);
	at = memmem(bytes, size, text, strlen(text));
	assert_non_null(at);
	flip_bit(fd, at - bytes);
	free(bytes);
	close(fd);
}

/* Text of the start statement: that is what the signature itself is for. */
static void test_changed_command_line(void **state)
{
	(void)state;
	flip_text(BOOTARGS);
	check_from_menu("images-bootargs", false, "bad signature");
}

static void test_not_signed(void **state)
{
	(void)state;
	/* The name of the property that leads to the start statement */
	flip_text("osti,statement");
	check_from_menu("images-unsigned", false, "not signed");
}

/* Make the image of "work" anew, with one thing that mkfit is told. */
static void make_image(const char *setting)
{
	char *ramdisk = build_path("images/%s.initramfs", phone_name(WORK));
	char *build = build_path(".");

	host_run((const char *const[]){ "env", setting, "images/mkfit", build,
		 phone_name(WORK), ramdisk, work_image(), NULL });
	free(build);
	free(ramdisk);
}

static void test_other_key(void **state)
{
	char *dir = build_path("tests/e2e/disks/keys");
	char setting[512];

	(void)state;
	host_run((const char *const[]){ "uboot-patches/mkkeys", dir, NULL });
	snprintf(setting, sizeof(setting), "KEY=%s/osti.key", dir);
	free(dir);
	make_image(setting);
	check_from_menu("images-key", false, "bad signature");
}

/* A good image, under the name of another one. */
static void test_image_of_other_slot(void **state)
{
	(void)state;
	make_image("SLOTS=" CONFIG_OSTI_SLOT1_NAME);
	check_from_menu("images-slot", false, "is for another slot");
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

/* ---- A file system that lies ------------------------------------------------- */

#define BLOCK	4096	/* images/mkdisk */

/* Linux, Documentation/filesystems/ext4: inodes, extent trees */
#define I_BLOCK		40
#define EXTENT_MAGIC	0xf30a
#define EXTENT_ENTRIES	2
#define EXTENT_FIRST	12	/* after the header */
#define EXTENT_START	8	/* in an extent; low half of its block */
#define INDEX_LEAF	4	/* in an index; low half of its block */

static void pwrite_all(int fd, const void *bytes, size_t n, off_t at)
{
	if (pwrite(fd, bytes, n, at) != (ssize_t)n)
		test_fail("cannot write to the boot disk: %s", strerror(errno));
}

static void write16(int fd, off_t at, uint16_t value)
{
	const unsigned char bytes[] = { value, value >> 8 };

	pwrite_all(fd, bytes, sizeof(bytes), at);
}

/* Where the extents of the spoilt image begin on the disk. */
static off_t find_extents(const char *disk)
{
	char *text = host_output((const char *const[]){
		"debugfs", "-R", "imap /" CONFIG_OSTI_SLOT2_NAME ".itb", disk,
		NULL });
	char *at = strstr(text, "located at block");
	unsigned long long block, offset;

	if (!at || sscanf(at, "located at block %llu, offset 0x%llx", &block,
			  &offset) != 2)
		test_fail("debugfs printed \"%s\"", text);
	free(text);
	return block * BLOCK + offset + I_BLOCK;
}

static void check_disk(const char *name, const char *disk)
{
	check_phone(start_disk(name, disk), "cannot be read");
}

/* An index that has itself as its only child. */
static void test_endless_extents(void **state)
{
	char *disk = make_disk(false);
	off_t root = find_extents(disk), child;
	unsigned char node[EXTENT_FIRST + 12] = {
		EXTENT_MAGIC & 0xff, EXTENT_MAGIC >> 8, 1, 0, 4, 0, 1, 0,
	};
	int fd = open(disk, O_RDWR | O_CLOEXEC);
	uint32_t block;

	(void)state;
	assert_true(fd >= 0);
	/* The first block of the file becomes the index. */
	assert_int_equal(pread(fd, &block, 4, root + EXTENT_FIRST +
			       EXTENT_START), 4);
	child = (off_t)block * BLOCK;
	memcpy(node + EXTENT_FIRST + INDEX_LEAF, &block, 4);
	pwrite_all(fd, node, sizeof(node), root);
	pwrite_all(fd, node, sizeof(node), child);
	close(fd);
	check_disk("images-endless", disk);
	free(disk);
}

/* More extents than there is room for, behind which other memory lies. */
static void test_too_many_extents(void **state)
{
	char *disk = make_disk(false);
	off_t root = find_extents(disk);
	int fd = open(disk, O_RDWR | O_CLOEXEC);

	(void)state;
	assert_true(fd >= 0);
	write16(fd, root + EXTENT_ENTRIES, 0xffff);
	close(fd);
	check_disk("images-extents", disk);
	free(disk);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_flipped_bit_in_kernel),
		cmocka_unit_test(test_flipped_bit_in_ramdisk),
		cmocka_unit_test(test_changed_command_line),
		cmocka_unit_test(test_not_signed),
		cmocka_unit_test(test_other_key),
		cmocka_unit_test(test_image_of_other_slot),
		cmocka_unit_test(test_missing_file),
		cmocka_unit_test(test_truncated_file),
		cmocka_unit_test(test_too_large_file),
		cmocka_unit_test(test_not_an_image),
		cmocka_unit_test(test_endless_extents),
		cmocka_unit_test(test_too_many_extents),
	};

	fixture_begin();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
