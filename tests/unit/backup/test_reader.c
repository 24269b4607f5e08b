// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What is written here is read by a program that knows only the document.
 */
#include "world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "repo_disk.h"

#define SIZE	(2 * MIB)
/* Decryption in Python takes its time. */
#define USED	(48 * PAGE)

static struct world w;
static struct courier c;
static char directory[64];
static char output[1 << 16];

static int setup(void **state)
{
	(void)state;
	strcpy(directory, "/tmp/osti-repository-XXXXXX");
	assert_non_null(mkdtemp(directory));
	world_begin(&w, SIZE);
	memset(w.f.ram, 0, SIZE);
	fixture_noise(w.f.ram + 3 * PAGE, USED, 71);
	fixture_text(w.f.ram + SIZE / 2, USED, 72);
	courier_begin(&c, &w, 1);
	return 0;
}

static int teardown(void **state)
{
	char command[128];

	(void)state;
	courier_end(&c);
	world_end(&w);
	snprintf(command, sizeof(command), "rm -rf %s", directory);
	assert_int_equal(system(command), 0);
	return 0;
}

static void write_hex(FILE *f, const uint8_t *bytes, size_t nr)
{
	size_t i;

	for (i = 0; i < nr; i++)
		fprintf(f, "%02x", bytes[i]);
	fputc('\n', f);
}

static void write_keys(bool slot)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), "%s/key", directory);
	f = fopen(path, "w");
	assert_non_null(f);
	if (slot) {
		write_hex(f, w.slot_key, REPO_KEY);
	} else {
		write_hex(f, w.slot, REPO_SLOT);
		write_hex(f, w.carrier, REPO_KEY);
	}
	assert_int_equal(fclose(f), 0);
}

/* Returns what popen() says; what the program says is in output. */
static int run_reader(bool slot)
{
	const char *d = directory;
	char command[512];
	size_t bytes;
	FILE *f;

	write_keys(slot);
	if (slot)
		snprintf(command, sizeof(command),
			 "python3 %s slot %s/key %s/r %s/image %s/memory %s/disk 2>&1",
			 READER, d, d, d, d, d);
	else
		snprintf(command, sizeof(command),
			 "python3 %s carrier %s/key %s/r 2>&1", READER, d, d);
	f = popen(command, "r");
	assert_non_null(f);
	bytes = fread(output, 1, sizeof(output) - 1, f);
	output[bytes] = '\0';
	return pclose(f);
}

static void export_cloud(void)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/r", directory);
	cloud_export(&w.cloud, path);
}

/* It says this, with the number behind it. */
static void says(const char *name, uint64_t value)
{
	char text[128];

	snprintf(text, sizeof(text), "\"%s\": %llu", name,
		 (unsigned long long)value);
	if (!strstr(output, text))
		print_error("no %s in %s\n", text, output);
	assert_non_null(strstr(output, text));
}

static void compare_file(const char *name, const uint8_t *bytes, size_t nr)
{
	uint8_t *got = malloc(nr + 1);
	char path[128];
	FILE *f;

	assert_non_null(got);
	snprintf(path, sizeof(path), "%s/%s", directory, name);
	f = fopen(path, "r");
	assert_non_null(f);
	assert_int_equal(fread(got, 1, nr + 1, f), nr);
	fclose(f);
	assert_memory_equal(got, bytes, nr);
	free(got);
}

static void reads_all_of_it(void **state)
{
	struct prune_result r;
	char first[REPO_NAME];

	(void)state;
	courier_good_backup(&c);
	strcpy(first, c.result.name);
	world_pass(&w, 30 * WORLD_DAY);
	fixture_noise(w.f.ram + 20 * PAGE, 2 * PAGE, 73);
	c.upload.piece = 1000;
	assert_int_equal(courier_push(&c, false), BACKUP_OK);
	assert_int_equal(courier_prune(&c, &r), BACKUP_OK);
	export_cloud();
	assert_int_equal(run_reader(false), 0);
	says("flags", 1);
	says("number", 1);
	says("state", 2);
	says("kind", REPO_PUSHED);
	says("new", c.result.bytes_new);
	says("shared", c.result.bytes_shared);
	assert_non_null(strstr(output, first));
	assert_non_null(strstr(output, c.result.name));
	assert_non_null(strstr(output, "\"label\": \"first\""));
	assert_non_null(strstr(output, "\"fossils\": []"));
}

static void reads_lists(void **state)
{
	struct fake_object *o;
	char pack[2 * REPO_KEY + 1];
	struct prune_result r;

	(void)state;
	courier_good_backup(&c);
	assert_int_equal(cloud_count(&w.cloud, "/packs/", &o), 1);
	strcpy(pack, strrchr(o->key, '/') + 1);
	assert_int_equal(forget_run(&c.repo, c.result.name, &c.fault),
			 BACKUP_OK);
	world_pass(&w, 8 * WORLD_DAY);
	assert_int_equal(courier_prune(&c, &r), BACKUP_OK);
	export_cloud();
	assert_int_equal(run_reader(false), 0);
	assert_non_null(strstr(output, "\"backups\": {}"));
	assert_non_null(strstr(output, pack));
}

static void reads_memory(void **state)
{
	(void)state;
	courier_good_backup(&c);
	world_pass(&w, 60);
	/* Chunks with each codec. */
	w.f.packing.codec = OSTI_IMAGE_CODEC_LZ4;
	fixture_text(w.f.ram + SIZE / 2 + USED, 10 * PAGE, 74);
	courier_good_backup(&c);
	export_cloud();
	assert_int_equal(run_reader(true), 0);
	compare_file("memory", w.f.ram, SIZE);
}

static void reads_disk(void **state)
{
	(void)state;
	memset(w.f.ram + SIZE / 2, 0, SIZE / 2);
	world_disk(&w, 4 * REPO_BLOCK + REPO_DISK_UNIT);
	/* Three of zeroes. */
	memset(w.disk.bytes + REPO_BLOCK, 0, 2 * REPO_BLOCK);
	courier_good_backup(&c);
	world_pass(&w, 60);
	w.disk.bytes[w.disk.size - 1] ^= 1;
	courier_good_backup(&c);
	export_cloud();
	assert_int_equal(run_reader(true), 0);
	says("disk", w.disk.size);
	compare_file("disk", w.disk.bytes, w.disk.size);
	compare_file("memory", w.f.ram, SIZE);
}

static void notices_what_is_wrong(void **state)
{
	struct fake_object *o;

	(void)state;
	courier_good_backup(&c);
	assert_int_equal(cloud_count(&w.cloud, "/backups/", &o), 1);
	o->body[o->bytes - 20] ^= 1;
	export_cloud();
	assert_int_not_equal(run_reader(false), 0);
	assert_non_null(strstr(output, "a tag is wrong"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		T(reads_all_of_it),
		T(reads_lists),
		T(reads_memory),
		T(reads_disk),
		T(notices_what_is_wrong),
#undef T
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
