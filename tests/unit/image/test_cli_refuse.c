// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What osti-image does not take: images, keys, files, words.
 */
#include "tool.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void hexadecimal_key(void **state)
{
	char text[2 * OSTI_IMAGE_HASH + 2] = "";
	unsigned int i;

	(void)state;
	for (i = 0; i < OSTI_IMAGE_HASH; i++)
		snprintf(text + 2 * i, 4, "%02X\n", f.root[i]);
	write_file("hexkey", text, strlen(text));
	assert_int_equal(run("verify --key-file %s %s", path("hexkey"),
			     path("image")), 0);
	write_file("hexkey", text, strlen(text) - 2);
	assert_int_equal(run("verify --key-file %s %s", path("hexkey"),
			     path("image")), 3);
	expect("is no key");
	assert_int_equal(run("verify --key-file %s %s", path("none"),
			     path("image")), 3);
	expect("No such file");
}

/* The image with one byte changed, in the file "bad". */
static void write_bad(size_t at)
{
	f.file[at] ^= 1;
	write_file("bad", f.file, f.bytes);
	f.file[at] ^= 1;
}

/* Both commands that read all of it. */
static void expect_refused(const char *text)
{
	assert_int_equal(run("verify --key-file %s %s", path("key"),
			     path("bad")), 1);
	expect(text);
	/* Nothing is left of what could not be unpacked. */
	assert_int_equal(run("unpack --key-file %s --out %s %s", path("key"),
			     path("made2"), path("bad")), 1);
	assert_int_equal(access(path("made2"), F_OK), -1);
	assert_int_equal(errno, ENOENT);
}

static void refused_chunk(void **state)
{
	struct image_chunk chunk;
	size_t at = fixture_chunk(&f, 3, &chunk);

	(void)state;
	write_bad(at + 5);
	expect_refused("chunk 3: a chunk was altered, or is another one (chunk-tag)");
	assert_int_equal(run("verify --json --key-file %s %s", path("key"),
			     path("bad")), 1);
	expect("\"code\": \"chunk-tag\"");
	expect("\"chunk\": 3");
	/* What does not look at chunks does not see it. */
	assert_int_equal(run("inspect --key-file %s %s", path("key"),
			     path("bad")), 0);
}

/* Without a key nobody knows that a header was changed. */
static void refused_header(void **state)
{
	struct image_header header, other;

	(void)state;
	write_bad(OSTI_IMAGE_H_SAVED_AT);
	assert_int_equal(run("inspect %s", path("bad")), 0);
	expect("authentic        no\n");
	expect_refused("(tag)");
	assert_int_equal(run("inspect --key-file %s %s", path("key"),
			     path("bad")), 1);
	expect("(tag)");
	write_bad(OSTI_IMAGE_H_MAC + 31);
	expect_refused("(tag)");

	/* Of another record, by who can write headers. */
	assert_int_equal(image_header_parse(f.file, f.bytes, &header), 0);
	other = header;
	other.record_id[3] ^= 1;
	fixture_reframe(&f, &other);
	write_file("bad", f.file, f.bytes);
	fixture_reframe(&f, &header);
	expect_refused("(record)");
	assert_int_equal(run("inspect --key-file %s %s", path("key"),
			     path("bad")), 1);
	expect("(record)");
}

static void refused_table(void **state)
{
	size_t entry = OSTI_IMAGE_HEADER + 2 * OSTI_IMAGE_T_ENTRY;

	(void)state;
	write_bad(entry + OSTI_IMAGE_T_STORED);
	assert_int_equal(run("inspect %s", path("bad")), 1);
	expect("(table)");
	assert_int_equal(run("table %s", path("bad")), 1);
	expect_refused("(tag)");
	/* What an unproven table says of ids, only the key refutes. */
	write_bad(entry + OSTI_IMAGE_T_ID);
	assert_int_equal(run("table %s", path("bad")), 0);
	assert_int_equal(run("table --key-file %s %s", path("key"),
			     path("bad")), 1);
	expect("(tag)");
}

static void refused_form(void **state)
{
	uint8_t key[OSTI_IMAGE_HASH];

	(void)state;
	write_file("bad", f.file, f.bytes - 1);
	assert_int_equal(run("inspect %s", path("bad")), 1);
	expect("(truncated)");
	write_file("bad", f.file, 100);
	assert_int_equal(run("inspect %s", path("bad")), 1);
	expect("(truncated)");
	write_file("bad", f.ram, MIB);
	assert_int_equal(run("inspect %s", path("bad")), 1);
	expect("(magic)");
	/* Version 1 is refused by its name. */
	memcpy(f.file, OSTI_IMAGE_MAGIC_1, 8);
	write_file("bad", f.file, f.bytes);
	memcpy(f.file, OSTI_IMAGE_MAGIC, 8);
	assert_int_equal(run("inspect %s", path("bad")), 1);
	expect("older release");
	expect_refused("(old)");

	memset(key, 0x43, sizeof(key));
	write_file("bad", key, sizeof(key));
	assert_int_equal(run("verify --key-file %s %s", path("bad"),
			     path("image")), 1);
	expect("(device)");
}

/* In a store the image begins somewhere and has other things behind it. */
static void offset(void **state)
{
	uint8_t *store = calloc(1, f.bytes + 3 * PAGE);

	(void)state;
	assert_non_null(store);
	memcpy(store + PAGE, f.file, f.bytes);
	write_file("store", store, f.bytes + 3 * PAGE);
	assert_int_equal(run("verify --offset 4096 --key-file %s %s",
			     path("key"), path("store")), 0);
	assert_int_equal(run("verify --key-file %s %s", path("key"),
			     path("store")), 1);
	expect("(magic)");
	assert_int_equal(run("inspect --offset 99999999 %s", path("store")), 1);
	expect("(truncated)");
	/* Without an offset the end is checked. */
	write_file("store", store + PAGE, f.bytes + PAGE);
	assert_int_equal(run("inspect %s", path("store")), 1);
	expect("(size)");
	assert_int_equal(run("inspect --offset 0 %s", path("store")), 0);
	free(store);
}

static void wrong_usage(void **state)
{
	static const char * const lines[] = {
		"", "frobnicate", "inspect", "verify x", "inspect a b",
		"unpack --key-file k x", "inspect --out x y", "inspect --bogus",
		"pack --key-file k --out o x",
		"pack --key-file k --out o --name 12345678901234567 x",
		"pack --key-file k --out o --name n --slot 9 x",
		"pack --key-file k --out o --name n --platform 12 x",
		"bench --mib 3", "bench --threads 0", "inspect --offset -1 x",
		"bench --mib 99999999999999999999",
		"inspect --chunks --key-file k x", "table", "table --threads 2 x",
		"verify --codec lz4 --key-file k x", "bench --codec lzma",
		"bench --level 0", "bench --level 4", "bench --codec lz4 --level 1",
		"pack --key-file k --out o --name n --codec raw --level 1 x",
		"pack --key-file k --out o --name n --kind both x",
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		assert_int_equal(run("%s", lines[i]), 2);
		assert_true(strlen(output) > 10);
	}
	assert_int_equal(run("--help"), 0);
	expect("Usage:");
	assert_int_equal(run("--version"), 0);
	expect("osti-image ");
}

static void files_that_fail(void **state)
{
	(void)state;
	assert_int_equal(run("inspect %s", path("none")), 3);
	expect("cannot open");
	write_file("small", f.ram, 4096);
	assert_int_equal(run("pack --key-file %s --out %s --name n %s",
			     path("key"), path("made2"), path("small")), 3);
	expect("must be a multiple of");
	assert_int_equal(run("pack --key-file %s --out %s/no/no --name n %s",
			     path("key"), path("none"), path("ram")), 3);
	expect("cannot create");
	assert_int_equal(run("pack --key-file %s --out %s --name n "
			     "--entry 0x50000000 %s", path("key"),
			     path("made2"), path("ram")), 1);
	expect("(resume)");
	assert_int_equal(access(path("made2"), F_OK), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hexadecimal_key),
		cmocka_unit_test(refused_chunk),
		cmocka_unit_test(refused_header),
		cmocka_unit_test(refused_table),
		cmocka_unit_test(refused_form),
		cmocka_unit_test(offset),
		cmocka_unit_test(wrong_usage),
		cmocka_unit_test(files_that_fail),
	};

	return cmocka_run_group_tests(tests, tool_setup, tool_teardown);
}
