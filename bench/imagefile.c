// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * imagefile.c - the images in a device's store, by osti-image and the device's
 * root key
 */
#include "imagefile.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fail.h"
#include "store.h"

/* docs/nv-format.md: a sector with the root key comes first. */
#define KEY_OFFSET	16
#define KEY_BYTES	32

static json_t *run_tool(const char *const *argv)
{
	char *text = host_output(argv);
	json_error_t error;
	json_t *json = json_loads(text, 0, &error);

	if (!json)
		test_fail("osti-image %s printed no JSON: %s", argv[1],
			  error.text);
	free(text);
	return json;
}

/* Other processes find a file of ours by its descriptor. */
static void name_of(int fd, char path[64])
{
	snprintf(path, 64, "/proc/%d/fd/%d", getpid(), fd);
}

static int make_key_file(struct phone *ph)
{
	int nv = storage_file(device_storage(ph->dev), "nv.img");
	unsigned char key[KEY_BYTES];
	int fd = memfd_create("root-key", MFD_CLOEXEC);

	if (fd < 0)
		test_fail("memfd_create: %s", strerror(errno));
	if (pread(nv, key, sizeof(key), KEY_OFFSET) != sizeof(key) ||
	    write(fd, key, sizeof(key)) != sizeof(key))
		test_fail("cannot copy the root key out of the NV flash");
	return fd;
}

/* A command of osti-image about the image at that place of the store. */
static json_t *read_image(struct phone *ph, const char *command, uint64_t at)
{
	int key = make_key_file(ph);
	char *tool = build_path("osti-image/osti-image");
	char key_path[64], store_path[64], offset[24];
	json_t *json;

	name_of(key, key_path);
	name_of(storage_file(device_storage(ph->dev), "store.img"), store_path);
	snprintf(offset, sizeof(offset), "%llu", (unsigned long long)at);
	json = run_tool((const char *const[]){ tool, command, "--json",
			"--key-file", key_path, "--offset", offset, store_path,
			NULL });
	close(key);
	free(tool);
	return json;
}

static double number(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	if (!json_is_number(value))
		test_fail("osti-image did not print the number \"%s\"", key);
	return json_number_value(value);
}

/* The memory of an image, without its pages of zeroes, into a file. */
static void write_pages(const char *from, const char *to)
{
	static const char zeroes[4096];
	FILE *in = fopen(from, "r"), *out = fopen(to, "w");
	char page[4096];

	if (!in || !out)
		test_fail("cannot open %s or %s: %s", from, to,
			  strerror(errno));
	while (fread(page, sizeof(page), 1, in) == 1)
		if (memcmp(page, zeroes, sizeof(page)) &&
		    fwrite(page, sizeof(page), 1, out) != 1)
			test_fail("cannot write %s: %s", to, strerror(errno));
	if (ferror(in) || fclose(out))
		test_fail("cannot copy %s: %s", from, strerror(errno));
	fclose(in);
}

void imagefile_unpack(struct phone *ph, int slot, const char *path)
{
	char *tool = build_path("osti-image/osti-image");
	char key_path[64], store_path[64], offset[24];
	int key = make_key_file(ph);

	name_of(key, key_path);
	name_of(storage_file(device_storage(ph->dev), "store.img"), store_path);
	snprintf(offset, sizeof(offset), "%llu",
		 (unsigned long long)store_newest(ph, slot).at);
	unlink(path);
	host_run((const char *const[]){ tool, "unpack", "--key-file", key_path,
		 "--offset", offset, "--out", path, store_path, NULL });
	close(key);
	free(tool);
}

static double zstd_stream(struct phone *ph, int slot)
{
	char *ram = build_path("bench/image.ram");
	char *pages = build_path("bench/image.pages");
	char *packed = build_path("bench/image.zst");
	struct stat st;

	imagefile_unpack(ph, slot, ram);
	write_pages(ram, pages);
	host_run((const char *const[]){ "zstd", "-1", "-q", "-f", "-o", packed,
		 pages, NULL });
	if (stat(packed, &st))
		test_fail("%s: %s", packed, strerror(errno));
	unlink(ram);
	unlink(pages);
	unlink(packed);
	free(packed);
	free(pages);
	free(ram);
	return st.st_size;
}

void imagefile_read(struct phone *ph, int slot, struct imagefile *f)
{
	uint64_t at = store_newest(ph, slot).at;
	json_t *all = read_image(ph, "inspect", at);
	json_t *table = read_image(ph, "table", at), *chunk;
	size_t i;

	f->bytes = number(all, "file_bytes");
	f->front = f->bytes - number(all, "chunks_bytes");
	f->ram = number(all, "pages") * 4096;
	f->chunks = json_object();
	json_array_foreach(json_object_get(table, "chunk"), i, chunk) {
		json_object_set(f->chunks,
				json_string_value(json_object_get(chunk, "id")),
				json_object_get(chunk, "stored"));
	}
	if (!json_object_size(f->chunks))
		test_fail("osti-image listed no chunks");
	json_decref(table);
	json_decref(all);
	f->zstd1 = zstd_stream(ph, slot);
}

double imagefile_moved(const struct imagefile *f, const struct imagefile *old)
{
	double bytes = f->front;
	json_t *stored;
	const char *id;

	json_object_foreach(f->chunks, id, stored) {
		if (!json_object_get(old->chunks, id))
			bytes += json_number_value(stored);
	}
	return bytes;
}

void imagefile_free(struct imagefile *f)
{
	json_decref(f->chunks);
	f->chunks = NULL;
}

json_t *imagefile_host_bench(void)
{
	char *tool = build_path("osti-image/osti-image");
	json_t *json = run_tool((const char *const[]){ tool, "bench", "--json",
				NULL });

	free(tool);
	return json;
}
