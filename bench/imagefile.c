// SPDX-License-Identifier: GPL-2.0-or-later
#include "imagefile.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
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

static json_t *inspect(struct phone *ph, uint64_t at)
{
	int key = make_key_file(ph);
	char *tool = build_path("osti-image/osti-image");
	char key_path[64], store_path[64], offset[24];
	json_t *json;

	name_of(key, key_path);
	name_of(storage_file(device_storage(ph->dev), "store.img"), store_path);
	snprintf(offset, sizeof(offset), "%llu", (unsigned long long)at);
	json = run_tool((const char *const[]){ tool, "inspect", "--json",
			"--chunks", "--key-file", key_path, "--offset", offset,
			store_path, NULL });
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

void imagefile_read(struct phone *ph, int slot, struct imagefile *f)
{
	json_t *all = inspect(ph, store_newest(ph, slot).at), *chunk;
	size_t i;

	f->bytes = number(all, "file_bytes");
	f->sealed = f->bytes - number(all, "chunks_bytes");
	f->ram = number(all, "pages") * 4096;
	f->chunks = json_object();
	json_array_foreach(json_object_get(all, "chunk"), i, chunk) {
		json_object_set(f->chunks,
				json_string_value(json_object_get(chunk, "id")),
				json_object_get(chunk, "stored"));
	}
	if (!json_object_size(f->chunks))
		test_fail("osti-image listed no chunks");
	json_decref(all);
}

double imagefile_moved(const struct imagefile *f, const struct imagefile *old)
{
	double bytes = f->sealed;
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
