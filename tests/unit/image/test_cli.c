// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * osti-image as a person or a script uses it.
 */
#include "fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char dir[] = "/tmp/osti-image-test.XXXXXX";
static char output[65536];
static struct fixture f;

static const char *path(const char *name)
{
	static char paths[4][128];
	static unsigned int next;
	char *p = paths[next++ % ARRAY_SIZE(paths)];

	snprintf(p, sizeof(paths[0]), "%s/%s", dir, name);
	return p;
}

static void write_file(const char *name, const void *from, size_t bytes)
{
	FILE *out = fopen(path(name), "w");

	assert_non_null(out);
	assert_int_equal(fwrite(from, 1, bytes, out), bytes);
	assert_int_equal(fclose(out), 0);
}

static size_t read_file(const char *name, uint8_t *to, size_t max)
{
	FILE *in = fopen(path(name), "r");
	size_t n;

	assert_non_null(in);
	n = fread(to, 1, max, in);
	fclose(in);
	return n;
}

/* Run the tool; its words, good and bad, are in output. */
static int run(const char *arguments)
{
	char command[1024];
	size_t n;
	FILE *p;
	int status;

	snprintf(command, sizeof(command), "%s %s 2>&1", OSTI_IMAGE, arguments);
	p = popen(command, "r");
	assert_non_null(p);
	n = fread(output, 1, sizeof(output) - 1, p);
	output[n] = '\0';
	status = pclose(p);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* %s of the format is a path in the test's directory. */
#define RUN(format, ...)						\
	(snprintf(line, sizeof(line), format, __VA_ARGS__), run(line))
static char line[1024];

static void expect(const char *text)
{
	if (!strstr(output, text))
		fail_msg("'%s' is not in: %s", text, output);
}

static int setup(void **state)
{
	(void)state;
	if (!mkdtemp(dir))
		return -1;
	fixture_init(&f, 4 * MIB);
	memset(f.identity.name, 0, OSTI_NAME_LEN);
	memcpy(f.identity.name, "work", 4);
	fixture_text(f.ram, MIB, 1);
	fixture_noise(f.ram + 2 * MIB, MIB / 2, 2);
	fixture_pack(&f);
	write_file("key", f.root, sizeof(f.root));
	write_file("ram", f.ram, 4 * MIB);
	write_file("image", f.file, f.bytes);
	return 0;
}

static int teardown(void **state)
{
	static const char * const names[] = {
		"key", "ram", "image", "out", "made", "made2", "bad", "hexkey",
		"store", "small",
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(names); i++)
		unlink(path(names[i]));
	fixture_free(&f);
	/* Fails if the tool has left a file behind. */
	return rmdir(dir);
}

static void inspect(void **state)
{
	(void)state;
	assert_int_equal(RUN("inspect %s", path("image")), 0);
	expect("name             work\n");
	expect("generation       7\n");
	expect("saved_at         2026-11-26 00:01:00 UTC\n");
	expect("authentic        no\n");
	assert_null(strstr(output, "entry"));
	assert_int_equal(RUN("inspect --key-file %s %s", path("key"),
			     path("image")), 0);
	expect("entry            0x40081234\n");
	expect("authentic        yes\n");
	assert_int_equal(RUN("inspect --json %s", path("image")), 0);
	expect("\"generation\": 7");
	expect("\"authentic\": false");
}

static void chunks(void **state)
{
	char id[2 * OSTI_IMAGE_HASH + 1];
	struct image_chunk chunk;
	char text[160];
	int lines = 0;
	unsigned int i;
	char *at;

	(void)state;
	fixture_chunk(&f, 3, &chunk);
	for (i = 0; i < OSTI_IMAGE_HASH; i++)
		snprintf(id + 2 * i, 3, "%02x", chunk.id[i]);
	assert_int_equal(RUN("inspect --chunks --key-file %s %s", path("key"),
			     path("image")), 0);
	snprintf(text, sizeof(text), "chunk            %s %u %u %u %u\n", id,
		 chunk.first, chunk.pages, chunk.codec, chunk.stored);
	expect(text);
	for (at = output; (at = strstr(at, "\nchunk  ")); at++)
		lines++;
	snprintf(text, sizeof(text), "\nchunks           %d\n", lines);
	expect(text);
	assert_int_equal(RUN("inspect --json --chunks --key-file %s %s",
			     path("key"), path("image")), 0);
	snprintf(text, sizeof(text), "\"id\": \"%s\"", id);
	expect(text);
	snprintf(text, sizeof(text), "\"stored\": %u\n", chunk.stored);
	expect(text);
	/* The table is sealed: without a key there is nothing to list. */
	assert_int_equal(RUN("inspect --chunks %s", path("image")), 2);
	expect("--key-file");
}

static void verify(void **state)
{
	(void)state;
	assert_int_equal(RUN("verify --key-file %s %s", path("key"),
			     path("image")), 0);
	expect("authentic        yes\n");
	assert_int_equal(RUN("verify --json --key-file %s %s --threads 3",
			     path("key"), path("image")), 0);
	expect("\"authentic\": true");
	expect("\"arg\": \"0x1122334455667788\"");
}

static void unpack(void **state)
{
	uint8_t *ram = malloc(4 * MIB + 1);
	struct stat st;

	(void)state;
	assert_non_null(ram);
	assert_int_equal(RUN("unpack --key-file %s --out %s %s", path("key"),
			     path("out"), path("image")), 0);
	assert_int_equal(read_file("out", ram, 4 * MIB + 1), 4 * MIB);
	assert_memory_equal(ram, f.ram, 4 * MIB);
	assert_int_equal(stat(path("out"), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	free(ram);
}

/* The same as the fixture makes, whatever the number of threads. */
static void pack(void **state)
{
	static const char common[] =
		"pack --key-file %s --out %s --name work --slot 2 --generation 7 "
		"--saved-at 1795651260 --frozen-at 1795651200 --threads %d "
		"--counter 0x123456789abc --entry 0x40081234 --cpu 1 "
		"--arg 0x1122334455667788 --gic %s --platform "
		"3333333333333333333333333333333333333333333333333333333333333333"
		" %s";
	uint8_t *made = malloc(f.bytes + 1);
	int threads;

	(void)state;
	assert_non_null(made);
	write_file("small", f.info.gic, f.info.gic_bytes);
	for (threads = 1; threads <= 4; threads++) {
		assert_int_equal(RUN(common, path("key"), path("made"), threads,
				     path("small"), path("ram")), 0);
		assert_int_equal(read_file("made", made, f.bytes + 1), f.bytes);
		assert_memory_equal(made, f.file, f.bytes);
	}
	free(made);
}

static void hexadecimal_key(void **state)
{
	char text[2 * OSTI_IMAGE_HASH + 2] = "";
	unsigned int i;

	(void)state;
	for (i = 0; i < OSTI_IMAGE_HASH; i++)
		snprintf(text + 2 * i, 4, "%02X\n", f.root[i]);
	write_file("hexkey", text, strlen(text));
	assert_int_equal(RUN("verify --key-file %s %s", path("hexkey"),
			     path("image")), 0);
	write_file("hexkey", text, strlen(text) - 2);
	assert_int_equal(RUN("verify --key-file %s %s", path("hexkey"),
			     path("image")), 3);
	expect("is not a key");
	assert_int_equal(RUN("verify --key-file %s %s", path("none"),
			     path("image")), 3);
	expect("No such file");
}

static void refused(void **state)
{
	struct image_chunk chunk;
	size_t at = fixture_chunk(&f, 3, &chunk);
	uint8_t key[OSTI_IMAGE_HASH];

	(void)state;
	f.file[at + 5] ^= 1;
	write_file("bad", f.file, f.bytes);
	f.file[at + 5] ^= 1;
	assert_int_equal(RUN("verify --key-file %s %s", path("key"),
			     path("bad")), 1);
	expect("chunk 3: a chunk was altered, or is another one (chunk-tag)");
	assert_int_equal(RUN("verify --json --key-file %s %s", path("key"),
			     path("bad")), 1);
	expect("\"code\": \"chunk-tag\"");
	expect("\"chunk\": 3");
	/* Nothing is left of what could not be unpacked. */
	assert_int_equal(RUN("unpack --key-file %s --out %s %s", path("key"),
			     path("made2"), path("bad")), 1);
	assert_int_equal(access(path("made2"), F_OK), -1);
	assert_int_equal(errno, ENOENT);

	write_file("bad", f.file, f.bytes - 1);
	assert_int_equal(RUN("inspect %s", path("bad")), 1);
	expect("(truncated)");
	write_file("bad", f.file, 100);
	assert_int_equal(RUN("inspect %s", path("bad")), 1);
	expect("(truncated)");
	write_file("bad", f.ram, MIB);
	assert_int_equal(RUN("inspect %s", path("bad")), 1);
	expect("(magic)");

	memset(key, 0x43, sizeof(key));
	write_file("bad", key, sizeof(key));
	assert_int_equal(RUN("verify --key-file %s %s", path("bad"),
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
	assert_int_equal(RUN("verify --offset 4096 --key-file %s %s",
			     path("key"), path("store")), 0);
	assert_int_equal(RUN("verify --key-file %s %s", path("key"),
			     path("store")), 1);
	expect("(magic)");
	assert_int_equal(RUN("inspect --offset 99999999 %s", path("store")), 1);
	expect("(truncated)");
	/* Without an offset the end is checked. */
	write_file("store", store + PAGE, f.bytes + PAGE);
	assert_int_equal(RUN("inspect %s", path("store")), 1);
	expect("(size)");
	assert_int_equal(RUN("inspect --offset 0 %s", path("store")), 0);
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
		"verify --chunks --key-file k x",
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		assert_int_equal(run(lines[i]), 2);
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
	assert_int_equal(RUN("inspect %s", path("none")), 3);
	expect("cannot open");
	write_file("small", f.ram, 4096);
	assert_int_equal(RUN("pack --key-file %s --out %s --name n %s",
			     path("key"), path("made2"), path("small")), 3);
	expect("must be a multiple of");
	assert_int_equal(RUN("pack --key-file %s --out %s/no/no --name n %s",
			     path("key"), path("none"), path("ram")), 3);
	expect("cannot create");
	assert_int_equal(RUN("pack --key-file %s --out %s --name n "
			     "--entry 0x50000000 %s", path("key"),
			     path("made2"), path("ram")), 1);
	expect("(resume)");
	assert_int_equal(access(path("made2"), F_OK), -1);
}

static void bench(void **state)
{
	(void)state;
	assert_int_equal(RUN("bench --json --threads 2 %s", path("ram")), 0);
	expect("\"export_mib_s\": ");
	expect("\"import_ratio\": ");
	expect("\"pages\": 384");
	assert_int_equal(run("bench --mib 2"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(inspect),
		cmocka_unit_test(chunks),
		cmocka_unit_test(verify),
		cmocka_unit_test(unpack),
		cmocka_unit_test(pack),
		cmocka_unit_test(hexadecimal_key),
		cmocka_unit_test(refused),
		cmocka_unit_test(offset),
		cmocka_unit_test(wrong_usage),
		cmocka_unit_test(files_that_fail),
		cmocka_unit_test(bench),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
