// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What osti-image shows, makes and takes apart.
 */
#include "tool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Chunks of the image that no chunk before is equal to. */
static void count_distinct(uint32_t *chunks, uint64_t *bytes)
{
	struct fixture_image image;
	struct image_chunk a, b;
	uint32_t i, k;

	*chunks = 0;
	*bytes = 0;
	assert_int_equal(fixture_open(&f, &image), OSTI_IMAGE_OK);
	for (i = 0; image_manifest_chunk(&image.m, i, &a) == 0; i++) {
		for (k = 0; k < i; k++) {
			image_manifest_chunk(&image.m, k, &b);
			if (!memcmp(a.digest, b.digest, sizeof(a.digest)))
				break;
		}
		*chunks += k == i;
		*bytes += k == i ? a.stored : 0;
	}
	assert_true(*chunks < image.m.chunks);
	fixture_close(&image);
}

static void inspect(void **state)
{
	struct image_header header;
	uint32_t chunks;
	uint64_t bytes;

	(void)state;
	assert_int_equal(image_header_parse(f.file, f.bytes, &header), 0);
	count_distinct(&chunks, &bytes);
	assert_int_equal(run("inspect %s", path("image")), 0);
	expect("version          2\n");
	expect("name             work\n");
	expect("generation       7\n");
	expect("saved_at         2026-11-26 00:01:00 UTC\n");
	expect_number("file_bytes", f.bytes);
	expect_number("chunks", header.chunks);
	expect_number("chunks_bytes", header.chunks_bytes);
	expect_number("distinct_chunks", chunks);
	expect_number("distinct_bytes", bytes);
	expect("authentic        no\n");
	assert_null(strstr(output, "entry"));
	assert_int_equal(run("inspect --json %s", path("image")), 0);
	expect("\"generation\": 7");
	expect("\"authentic\": false");
}

static void inspect_record(void **state)
{
	(void)state;
	assert_int_equal(run("inspect --key-file %s %s", path("key"),
			     path("image")), 0);
	expect("kind             local\n");
	expect("entry            0x40081234\n");
	expect("start            77\n");
	expect("disk_key         no\n");
	expect("pages            576\n");
	expect("attachments      1\n");
	expect("attachment       1 4294967297 44444444");
	expect("authentic        yes\n");
	assert_int_equal(run("inspect --json --key-file %s %s", path("key"),
			     path("image")), 0);
	expect("\"kind\": \"local\"");
	expect("\"disk_key\": false");
	expect("\"bytes\": 4294967297");
	expect("\"authentic\": true");

	f.record.kind = OSTI_IMAGE_COPY;
	f.record.flags = OSTI_IMAGE_F_DISK_KEY;
	fixture_pack(&f);
	write_file("small", f.file, f.bytes);
	f.record.kind = OSTI_IMAGE_LOCAL;
	f.record.flags = 0;
	fixture_pack(&f);
	assert_int_equal(run("inspect --key-file %s %s", path("key"),
			     path("small")), 0);
	expect("kind             copy\n");
	expect("disk_key         yes\n");
}

static void hexadecimal(const uint8_t *bytes, char *text)
{
	unsigned int i;

	for (i = 0; i < OSTI_IMAGE_HASH; i++)
		snprintf(text + 2 * i, 3, "%02x", bytes[i]);
}

/* Line nr of the output. */
static const char *output_line(unsigned int nr)
{
	const char *at = output;

	while (nr-- && at) {
		at = strchr(at, '\n');
		at = at ? at + 1 : NULL;
	}
	assert_non_null(at);
	return at;
}

static void table(void **state)
{
	char id[2 * OSTI_IMAGE_HASH + 1], digest[2 * OSTI_IMAGE_HASH + 1];
	struct image_header header;
	struct image_chunk chunk;
	char text[256];

	(void)state;
	assert_int_equal(image_header_parse(f.file, f.bytes, &header), 0);
	fixture_chunk(&f, 3, &chunk);
	hexadecimal(chunk.id, id);
	hexadecimal(chunk.digest, digest);
	assert_int_equal(run("table %s", path("image")), 0);
	snprintf(text, sizeof(text), "%s %s %u\n", id, digest, chunk.stored);
	assert_memory_equal(output_line(3), text, strlen(text));
	/* A line for each chunk and nothing else. */
	assert_string_equal(output_line(header.chunks), "");

	assert_int_equal(run("table --key-file %s %s", path("key"),
			     path("image")), 0);
	snprintf(text, sizeof(text), "%s %s %u %u %u\n", id, digest,
		 chunk.stored, chunk.first, chunk.pages);
	assert_memory_equal(output_line(3), text, strlen(text));
	assert_string_equal(output_line(header.chunks), "");
}

static void table_as_json(void **state)
{
	char id[2 * OSTI_IMAGE_HASH + 1];
	struct image_chunk chunk;
	char text[160];

	(void)state;
	fixture_chunk(&f, 3, &chunk);
	hexadecimal(chunk.id, id);
	assert_int_equal(run("table --json %s", path("image")), 0);
	snprintf(text, sizeof(text), "\"id\": \"%s\"", id);
	expect(text);
	snprintf(text, sizeof(text), "\"stored\": %u\n", chunk.stored);
	expect(text);
	expect("\"authentic\": false");
	assert_null(strstr(output, "\"first\""));
	assert_int_equal(run("table --json --key-file %s %s", path("key"),
			     path("image")), 0);
	snprintf(text, sizeof(text), "\"first\": %u,\n", chunk.first);
	expect(text);
	expect("\"authentic\": true");
}

/* Nothing in it: no chunk is listed, and nothing else fails. */
static void no_chunks(void **state)
{
	uint8_t *ram = calloc(1, 2 * MIB);

	(void)state;
	assert_non_null(ram);
	write_file("small", ram, 2 * MIB);
	free(ram);
	assert_int_equal(run("pack --key-file %s --out %s --name n %s",
			     path("key"), path("made"), path("small")), 0);
	assert_int_equal(run("table %s", path("made")), 0);
	assert_string_equal(output, "");
	assert_int_equal(run("table --json %s", path("made")), 0);
	expect("\"chunk\": []");
	assert_int_equal(run("verify --key-file %s %s", path("key"),
			     path("made")), 0);
	expect_number("distinct_chunks", 0);
	assert_int_equal(run("bench --json %s", path("small")), 0);
	expect("\"export_ratio\": 0.0");
}

static void verify(void **state)
{
	(void)state;
	assert_int_equal(run("verify --key-file %s %s", path("key"),
			     path("image")), 0);
	expect("authentic        yes\n");
	assert_int_equal(run("verify --json --key-file %s %s --threads 3",
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
	assert_int_equal(run("unpack --key-file %s --out %s %s", path("key"),
			     path("out"), path("image")), 0);
	assert_int_equal(read_file("out", ram, 4 * MIB + 1), 4 * MIB);
	assert_memory_equal(ram, f.ram, 4 * MIB);
	assert_int_equal(stat(path("out"), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	free(ram);
}

/* Pack what the fixture has, but for attachments. */
static void pack_as_fixture(const char *more, int threads)
{
	static const char format[] =
		"pack --key-file %s --out %s --name work --slot 2 --generation 7 "
		"--saved-at 1795651260 --frozen-at 1795651200 --threads %d "
		"--counter 0x123456789abc --entry 0x40081234 --cpu 1 --start 77 "
		"--arg 0x1122334455667788 --gic %s --platform "
		"3333333333333333333333333333333333333333333333333333333333333333"
		" %s %s";
	uint8_t *made = malloc(f.bytes + 1);

	assert_non_null(made);
	assert_int_equal(run(format, path("key"), path("made"), threads,
			     path("small"), more, path("ram")), 0);
	assert_int_equal(read_file("made", made, f.bytes + 1), f.bytes);
	assert_memory_equal(made, f.file, f.bytes);
	free(made);
}

/* The same bytes as the fixture makes, whatever the number of threads. */
static void pack(void **state)
{
	int threads;

	(void)state;
	write_file("small", f.record.gic, f.record.gic_bytes);
	f.record.attachments = 0;
	fixture_pack(&f);
	for (threads = 1; threads <= 4; threads++)
		pack_as_fixture("", threads);
	f.record.kind = OSTI_IMAGE_COPY;
	f.record.flags = OSTI_IMAGE_F_DISK_KEY;
	f.packing = (struct image_packing)IMAGE_PACKING_COPY;
	fixture_pack(&f);
	pack_as_fixture("--kind copy --disk-key", 2);
	f.record.kind = OSTI_IMAGE_LOCAL;
	f.record.flags = 0;
	f.packing = (struct image_packing)IMAGE_PACKING_LOCAL;
	f.record.attachments = 1;
	fixture_pack(&f);
}

static void pack_codecs(void **state)
{
	static const struct {
		const char *options;
		struct image_packing packing;
	} cases[] = {
		{ "--codec raw", { OSTI_IMAGE_CODEC_RAW, 1 } },
		{ "--codec lz4", { OSTI_IMAGE_CODEC_LZ4, 1 } },
		{ "--codec zstd", { OSTI_IMAGE_CODEC_ZSTD, 2 } },
		{ "--level 1", { OSTI_IMAGE_CODEC_ZSTD, 1 } },
		{ "--codec zstd --level 3", { OSTI_IMAGE_CODEC_ZSTD, 3 } },
	};
	struct image_packing before = f.packing;
	unsigned int i;

	(void)state;
	write_file("small", f.record.gic, f.record.gic_bytes);
	f.record.attachments = 0;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		f.packing = cases[i].packing;
		fixture_pack(&f);
		pack_as_fixture(cases[i].options, 2);
		assert_int_equal(run("verify --key-file %s %s", path("key"),
				     path("made")), 0);
	}
	f.packing = before;
	f.record.attachments = 1;
	fixture_pack(&f);
}

static void bench(void **state)
{
	(void)state;
	assert_int_equal(run("bench --json --threads 2 %s", path("ram")), 0);
	expect("\"codec\": \"zstd\"");
	expect("\"level\": 2");
	expect("\"export_mib_s\": ");
	expect("\"compress_mib_s\": ");
	expect("\"import_ratio\": ");
	expect("\"pages\": 576");
	assert_int_equal(run("bench --mib 2 --codec lz4"), 0);
	expect("codec            lz4\n");
	assert_int_equal(run("bench --mib 2 --level 3"), 0);
	/* There is nothing to measure of a codec. */
	assert_int_equal(run("bench --mib 2 --codec raw"), 0);
	expect("compress_mib_s   0.000\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(inspect),
		cmocka_unit_test(inspect_record),
		cmocka_unit_test(table),
		cmocka_unit_test(table_as_json),
		cmocka_unit_test(no_chunks),
		cmocka_unit_test(verify),
		cmocka_unit_test(unpack),
		cmocka_unit_test(pack),
		cmocka_unit_test(pack_codecs),
		cmocka_unit_test(bench),
	};

	return cmocka_run_group_tests(tests, tool_setup, tool_teardown);
}
