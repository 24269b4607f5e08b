// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_osti_nv.c - the tool that makes a device's flash, and the monitor that
 * finds it
 */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "board.h"
#include "host.h"
#include "host_flash.h"
#include "image_keys.h"
#include "nv.h"

#define KEY_AT	16	/* docs/nv-format.md */

static char dir[] = "/tmp/osti-nv-test.XXXXXX";
static char file[sizeof(dir) + 16], other[sizeof(dir) + 16];
static char output[4096];

/* Run the tool; its words, good and bad, are in output. */
static int run(const char *arguments, const char *path)
{
	char command[512];
	size_t n;
	FILE *p;
	int status;

	snprintf(command, sizeof(command), "%s %s %s 2>&1", OSTI_NV, arguments,
		 path);
	p = popen(command, "r");
	assert_non_null(p);
	n = fread(output, 1, sizeof(output) - 1, p);
	output[n] = '\0';
	status = pclose(p);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void expect(const char *text)
{
	if (!strstr(output, text))
		fail_msg("'%s' is not in: %s", text, output);
}

static void load(const char *path)
{
	FILE *in = fopen(path, "r");

	assert_non_null(in);
	assert_int_equal(fread(host_flash.data, 1, HOST_FLASH_BYTES, in),
			 HOST_FLASH_BYTES);
	fclose(in);
}

static void save(const char *path)
{
	FILE *out = fopen(path, "r+");

	assert_non_null(out);
	assert_int_equal(fwrite(host_flash.data, 1, HOST_FLASH_BYTES, out),
			 HOST_FLASH_BYTES);
	assert_int_equal(fclose(out), 0);
}

static int setup(void **state)
{
	(void)state;
	host_reset();
	host_flash_add();
	unlink(file);
	unlink(other);
	return run("create", file);
}

static int setup_group(void **state)
{
	(void)state;
	if (!mkdtemp(dir))
		return -1;
	snprintf(file, sizeof(file), "%s/nv.img", dir);
	snprintf(other, sizeof(other), "%s/other.img", dir);
	return 0;
}

static int teardown_group(void **state)
{
	(void)state;
	unlink(file);
	unlink(other);
	/* Fails if the tool has left a file behind. */
	return rmdir(dir);
}

static void test_create(void **state)
{
	struct stat st;
	unsigned int i, set = 0;

	(void)state;
	assert_string_equal(output, "");
	assert_int_equal(stat(file, &st), 0);
	assert_int_equal(st.st_size, BOARD_NV_SIZE);
	assert_int_equal(st.st_mode, S_IFREG | 0600);
	assert_true(st.st_blocks < 2 * (long)HOST_FLASH_BYTES / 512);

	load(file);
	assert_int_equal(nv_init(), 0);
	assert_string_equal(host_log(), "");
	assert_int_equal(host_flash.programs, 0);
	assert_memory_equal(nv_root_key(), host_flash.data + KEY_AT,
			    NV_KEY_BYTES);
	/* All that is not written yet is blank. */
	for (i = 0; i < HOST_FLASH_BYTES; i++)
		set += host_flash.data[i] != 0xff;
	assert_true(set <= NV_ROOT_BYTES + NV_ENTRY_BYTES);
	/* 256 random bits that are nearly all equal are not random. */
	for (i = set = 0; i < 8 * NV_KEY_BYTES; i++)
		set += nv_root_key()[i / 8] >> i % 8 & 1;
	assert_in_range(set, 64, 192);
}

static void test_keys_differ(void **state)
{
	uint8_t key[NV_KEY_BYTES];

	(void)state;
	load(file);
	memcpy(key, host_flash.data + KEY_AT, NV_KEY_BYTES);
	assert_int_equal(run("create", other), 0);
	load(other);
	assert_memory_not_equal(key, host_flash.data + KEY_AT, NV_KEY_BYTES);
}

static void test_never_overwrites(void **state)
{
	static uint8_t before[HOST_FLASH_BYTES];

	(void)state;
	load(file);
	memcpy(before, host_flash.data, sizeof(before));
	assert_int_equal(run("create", file), 3);
	expect("nv.img: not overwritten");
	load(file);
	assert_memory_equal(host_flash.data, before, sizeof(before));
}

static void test_show(void **state)
{
	uint8_t device[OSTI_IMAGE_DEVICE];
	char line[64];
	unsigned int i;
	uint64_t gen;

	(void)state;
	assert_int_equal(run("show", file), 0);
	expect("\nlog      epoch 1, 1 of 256 entries\n");
	assert_null(strstr(output, "slot"));

	load(file);
	image_keys_device(host_flash.data + KEY_AT, device);
	snprintf(line, sizeof(line), "device   ");
	for (i = 0; i < sizeof(device); i++)
		snprintf(line + 9 + 2 * i, 3, "%02x", device[i]);
	expect(line);

	assert_int_equal(nv_init(), 0);
	assert_int_equal(nv_store(2, 7), 0);
	assert_int_equal(nv_store(1, 41), 0);
	assert_int_equal(nv_consume(1, 41), 0);
	assert_int_equal(nv_begin(3, &gen), 0);
	assert_int_equal(nv_raise_floor(2, 12), 0);
	assert_int_equal(nv_raise_floor(4, 3), 0);
	assert_int_equal(nv_set_clock(4, -7200), 0);
	assert_int_equal(nv_set_clock(5, 0), 0);
	save(file);
	assert_int_equal(run("show", file), 0);
	expect(line);
	expect("epoch 1, 9 of 256 entries\n"
	       "slot 1   generation 41 consumed\n"
	       "slot 2   generation 7 stored\n"
	       "slot 2   least version 12\n"
	       "slot 3   generation 1 begun\n"
	       "slot 4   least version 3\n"
	       "slot 4   clock -7200 s\n"
	       "slot 5   clock +0 s\n");
	assert_null(strstr(output, "slot 6"));
}

/* Not even a part of it, in no spelling. */
static void test_show_hides_key(void **state)
{
	char hex[2 * NV_KEY_BYTES + 1];
	unsigned int i;

	(void)state;
	assert_int_equal(run("show", file), 0);
	load(file);
	for (i = 0; i < NV_KEY_BYTES; i++)
		snprintf(hex + 2 * i, 3, "%02x", host_flash.data[KEY_AT + i]);
	for (i = 0; i + 8 <= 2 * NV_KEY_BYTES; i += 2) {
		char part[9] = { 0 };

		memcpy(part, hex + i, 8);
		assert_null(strstr(output, part));
	}
}

static void test_refusals(void **state)
{
	(void)state;
	assert_int_equal(run("show", "/nonexistent"), 3);
	expect("/nonexistent: cannot open it: No such file");
	assert_int_equal(run("create", "/nonexistent/nv.img"), 3);
	assert_int_equal(run("show", dir), 1);
	assert_int_equal(truncate(file, BOARD_NV_SIZE - 1), 0);
	assert_int_equal(run("show", file), 1);
	expect("not a file of 67108864 bytes");
	assert_int_equal(truncate(file, 0), 0);
	assert_int_equal(truncate(file, BOARD_NV_SIZE), 0);
	assert_int_equal(run("show", file), 1);
	expect("has no root key");

	unlink(file);
	assert_int_equal(run("create", file), 0);
	load(file);
	host_flash.data[KEY_AT] ^= 1;
	save(file);
	assert_int_equal(run("show", file), 1);
	expect("is damaged");
}

static void test_usage(void **state)
{
	(void)state;
	assert_int_equal(run("", ""), 2);
	expect("osti-nv: what shall be done?");
	assert_int_equal(run("destroy", file), 2);
	assert_int_equal(run("create", ""), 2);
	assert_int_equal(run("--help", ""), 0);
	expect("Usage: osti-nv");
	assert_int_equal(run("--version", ""), 0);
	expect("osti-nv ");
}

int main(void)
{
#define TEST(f)	cmocka_unit_test_setup(f, setup)
	const struct CMUnitTest tests[] = {
		TEST(test_create),
		TEST(test_keys_differ),
		TEST(test_never_overwrites),
		TEST(test_show),
		TEST(test_show_hides_key),
		TEST(test_refusals),
		TEST(test_usage),
	};

	return cmocka_run_group_tests_name("osti_nv", tests, setup_group,
					   teardown_group);
}
