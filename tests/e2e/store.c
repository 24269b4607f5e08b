// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * store.c - the store disk as somebody sees it who has the disk in hands
 */
#include "store.h"

#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <osti/image.h>

#include "clock.h"
#include "fail.h"

/* UEFI specification 2.10, section 5.3 "GUID Partition Table Disk Layout" */
#define SECTOR		512
#define GPT_TABLE	(2 * SECTOR)
#define GPT_ENTRY	128
#define GPT_FIRST	32
#define GPT_LAST	40
#define GPT_NAME	56	/* UTF-16 */

static int store(struct phone *ph)
{
	return storage_file(device_storage(ph->dev), "store.img");
}

static void read_at(struct phone *ph, void *buf, size_t len, uint64_t at)
{
	if (pread(store(ph), buf, len, at) != (ssize_t)len)
		test_fail("cannot read %zu bytes of the store at %llu", len,
			  (unsigned long long)at);
}

static uint64_t number(const unsigned char *p)
{
	uint64_t n;

	memcpy(&n, p, sizeof(n));
	return le64toh(n);
}

static bool has_name(const unsigned char *entry, const char *name)
{
	size_t i;

	for (i = 0; i <= strlen(name); i++)
		if (entry[GPT_NAME + 2 * i] != (unsigned char)name[i])
			return false;
	return true;
}

uint64_t store_area(struct phone *ph, int slot, int area)
{
	unsigned char entry[GPT_ENTRY];
	uint64_t first, bytes;
	int i;

	for (i = 0; i < OSTI_MAX_SLOTS; i++) {
		read_at(ph, entry, sizeof(entry), GPT_TABLE + i * GPT_ENTRY);
		if (!has_name(entry, phone_name(slot)))
			continue;
		first = number(entry + GPT_FIRST);
		bytes = (number(entry + GPT_LAST) + 1 - first) * SECTOR;
		return first * SECTOR +
			area * (bytes / STORE_AREAS / OSTI_IMAGE_PAGE *
				OSTI_IMAGE_PAGE);
	}
	test_fail("the store has no partition for %s", phone_name(slot));
}

bool store_image(struct phone *ph, int slot, int area,
		 struct store_image *image)
{
	uint64_t at = store_area(ph, slot, area);
	unsigned char header[OSTI_IMAGE_HEADER];

	read_at(ph, header, sizeof(header), at);
	if (memcmp(header, OSTI_IMAGE_MAGIC, strlen(OSTI_IMAGE_MAGIC)))
		return false;
	image->at = at;
	image->generation = number(header + OSTI_IMAGE_H_GENERATION);
	image->table = at + OSTI_IMAGE_HEADER;
	image->manifest = image->table +
		(number(header + OSTI_IMAGE_H_CHUNKS) & UINT32_MAX) *
		OSTI_IMAGE_T_ENTRY;
	image->chunks = image->manifest +
		number(header + OSTI_IMAGE_H_MANIFEST_BYTES);
	image->end = image->chunks + number(header + OSTI_IMAGE_H_CHUNKS_BYTES);
	return true;
}

struct store_image store_newest(struct phone *ph, int slot)
{
	struct store_image newest = { 0 }, image;
	int area;

	for (area = 0; area < STORE_AREAS; area++)
		if (store_image(ph, slot, area, &image) &&
		    image.generation > newest.generation)
			newest = image;
	if (!newest.at)
		test_fail("the store has no image of %s", phone_name(slot));
	return newest;
}

void store_write(struct phone *ph, uint64_t at, const void *bytes, size_t len)
{
	if (pwrite(store(ph), bytes, len, at) != (ssize_t)len)
		test_fail("cannot write %zu bytes of the store at %llu", len,
			  (unsigned long long)at);
}

void store_flip(struct phone *ph, uint64_t at)
{
	unsigned char byte;

	read_at(ph, &byte, 1, at);
	byte ^= 0x10;
	store_write(ph, at, &byte, 1);
}

static int find_between(const char *disk, off_t from, off_t to,
			const char *text)
{
	const char *at = disk + from;
	int found = 0;

	while ((at = memmem(at, disk + to - at, text, strlen(text)))) {
		found++;
		at++;
	}
	return found;
}

int store_find(struct phone *ph, const char *text)
{
	int fd = store(ph), found = 0;
	off_t from = 0, to;
	struct stat st;
	char *disk;

	if (fstat(fd, &st))
		test_fail("fstat of the store: %s", strerror(errno));
	disk = mmap(NULL, st.st_size, PROT_READ, MAP_SHARED, fd, 0);
	if (disk == MAP_FAILED)
		test_fail("mmap of the store: %s", strerror(errno));
	/* Most of it is a hole. */
	while ((from = lseek(fd, from, SEEK_DATA)) >= 0) {
		to = lseek(fd, from, SEEK_HOLE);
		found += find_between(disk, from, to, text);
		from = to;
	}
	munmap(disk, st.st_size);
	return found;
}

static void wait_io(struct phone *ph, uint64_t bytes, bool writes)
{
	double deadline = clock_deadline_ms(PHONE_IMAGE_MS);
	uint64_t io[2], begin;

	device_disk_io(ph->dev, "store", &io[0], &io[1]);
	begin = io[writes];
	while (io[writes] - begin < bytes) {
		if (clock_now_ms() > deadline)
			device_fail(ph->dev, "%llu bytes of the store were to be %s within %d ms, %llu were",
				    (unsigned long long)bytes,
				    writes ? "written" : "read", PHONE_IMAGE_MS,
				    (unsigned long long)(io[writes] - begin));
		device_follow(ph->dev);
		device_disk_io(ph->dev, "store", &io[0], &io[1]);
	}
}

void store_wait_written(struct phone *ph, uint64_t bytes)
{
	wait_io(ph, bytes, true);
}

void store_wait_read(struct phone *ph, uint64_t bytes)
{
	wait_io(ph, bytes, false);
}
