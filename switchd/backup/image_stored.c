// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * image_stored.c - an image that hibernated to the store, as a copy
 */
#include "backup/image_stored.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <osti/abi.h>
#include <osti/image.h>
#include <osti/ioctl.h>

#include "backup/carry.h"
#include "image_bytes.h"

static struct image_stored *of_source(struct image_source *source)
{
	return (struct image_stored *)((char *)source -
				       offsetof(struct image_stored,
						device.source));
}

static struct image_stored *of_disk(struct image_disk *disk)
{
	return (struct image_stored *)((char *)disk -
				       offsetof(struct image_stored,
						device.disk));
}

static const uint8_t *entry(const struct image_stored *image, uint32_t index)
{
	return image->device.table + (size_t)index * OSTI_IMAGE_T_ENTRY;
}

/* ---- One disk at a time ---------------------------------------------------- */

static int show(struct image_stored *image, int access)
{
	struct osti_ioc_disk arg = { .access = (uint32_t)access };
	int r = 0;

	if (image->shown == access)
		return 0;
	if (image->shown != IMAGE_STORED_NONE)
		r = carry_disk_end(image->device.fd);
	image->shown = IMAGE_STORED_NONE;
	if (r == 0)
		r = carry_disk(image->device.fd, &arg);
	if (r < 0)
		return r;
	image->shown = access;
	image->shown_bytes = arg.bytes;
	return 0;
}

static int read_shown(struct image_stored *image, int access, uint64_t offset,
		      uint8_t *buf, size_t bytes)
{
	int r = show(image, access);

	return r < 0 ? r
		     : carry_disk_read(image->device.fd, offset, buf, bytes);
}

static int store_read(void *data, uint64_t offset, uint8_t *buf, size_t bytes)
{
	return read_shown(data, OSTI_DISK_STORE, offset, buf, bytes);
}

static int disk_open(struct image_disk *disk, uint64_t *bytes)
{
	struct image_stored *image = of_disk(disk);
	int r = show(image, OSTI_DISK_READ);

	*bytes = r < 0 ? 0 : image->shown_bytes;
	return r;
}

static int disk_read(struct image_disk *disk, uint64_t offset, uint8_t *buf,
		     size_t bytes)
{
	return read_shown(of_disk(disk), OSTI_DISK_READ, offset, buf, bytes);
}

/* ---- Its chunks ------------------------------------------------------------ */

static int tell(struct image_stored *image, uint32_t index, uint32_t stored,
		const uint8_t *digest)
{
	struct osti_ioc_have arg = { .chunk = index, .bytes = stored };
	int r;

	memcpy(arg.digest, digest, sizeof(arg.digest));
	r = carry_have(image->device.fd, &arg);
	return image_device_refused(&image->device, r, arg.reason);
}

/* What the image says itself is known. */
static int source_have(struct image_source *source, uint32_t index,
		       uint32_t stored, const uint8_t digest[32])
{
	struct image_stored *image = of_source(source);
	const uint8_t *own = entry(image, index);
	int r;

	if (stored == image_get32(own + OSTI_IMAGE_T_STORED) &&
	    memcmp(digest, own + OSTI_IMAGE_T_DIGEST, OSTI_IMAGE_HASH) == 0)
		return 0;
	r = tell(image, index, stored, digest);
	image->had[index] = r == 0;
	return r;
}

/* The repository has lost the one that it had: the image's own counts again. */
static int take_back(struct image_stored *image, uint32_t index)
{
	const uint8_t *own = entry(image, index);
	int r;

	if (!image->had[index])
		return 0;
	r = tell(image, index, image_get32(own + OSTI_IMAGE_T_STORED),
		 own + OSTI_IMAGE_T_DIGEST);
	if (r == 0)
		image->had[index] = false;
	return r;
}

static int source_chunk(struct image_source *source, uint32_t index,
			uint8_t *buf, size_t room, size_t *bytes)
{
	struct image_stored *image = of_source(source);
	uint64_t at = image->chunk_at[index];
	int r;

	*bytes = (size_t)(image->chunk_at[index + 1] - at);
	if (*bytes > room)
		return -EIO;
	r = take_back(image, index);
	if (r < 0)
		return r;
	return stored_disk_read(&image->store, image->place.offset + at, buf,
				*bytes);
}

/* Once: it changes no more after that, but can be read again. */
static int source_seal(struct image_source *source, uint8_t **head,
		       size_t *bytes)
{
	struct image_stored *image = of_source(source);
	struct osti_ioc_step arg = { 0 };
	int r = 0;

	if (!image->sealed)
		r = carry_seal(image->device.fd, &arg);
	if (r < 0)
		return image_device_refused(&image->device, r, arg.reason);
	image->sealed = true;
	return image_device_head(&image->device, head, bytes);
}

/* ---- The beginning --------------------------------------------------------- */

static int failed(const struct image_stored *image, int error, const char *what,
		  struct fault *fault)
{
	enum fault_code code = FAULT_DEVICE;

	if (error == -ESTALE || error == -ECANCELED)
		code = FAULT_INTERRUPTED;
	else if (error == -EBADMSG)
		code = FAULT_REFUSED;
	fault_set(fault, code, "%s: %s", what,
		  image_device_text(&image->device, error));
	return -1;
}

static int no_memory(struct fault *fault)
{
	fault_set(fault, FAULT_FAILED, "out of memory");
	return -1;
}

/* It has the size of the disk from here on. */
static int show_store(struct image_stored *image, struct fault *fault)
{
	int r = show(image, OSTI_DISK_STORE);

	if (r == -EOPNOTSUPP) {
		fault_set(
			fault, FAULT_DEVICE,
			"this board does not show the store: only what is frozen in memory can be saved here");
		return -1;
	}
	if (r < 0)
		return failed(image, r, "the store is not shown", fault);
	image->store.read = store_read;
	image->store.data = image;
	image->store.bytes = image->shown_bytes;
	return 0;
}

/* Where each chunk begins. The sum is what header and area have room for. */
static int locate_chunks(struct image_stored *image, struct fault *fault)
{
	const struct image_header *header = &image->place.header;
	uint64_t at = image_header_first(header);
	uint32_t i;

	image->chunk_at =
		calloc((size_t)header->chunks + 1, sizeof(*image->chunk_at));
	image->had = calloc((size_t)header->chunks + 1, sizeof(*image->had));
	if (!image->chunk_at || !image->had)
		return no_memory(fault);
	for (i = 0; i < header->chunks; i++) {
		image->chunk_at[i] = at;
		at += image_get32(entry(image, i) + OSTI_IMAGE_T_STORED);
	}
	image->chunk_at[i] = at;
	if (at == image_header_total(header))
		return 0;
	fault_set(
		fault, FAULT_REFUSED,
		"the image in the store is damaged: its chunks are not as long as its header says");
	return -1;
}

/* Table and, behind it, sealed manifest. */
static int read_table(struct image_stored *image, size_t *bytes,
		      struct fault *fault)
{
	const struct image_header *header = &image->place.header;
	int r;

	*bytes = (size_t)(image_header_first(header) - OSTI_IMAGE_HEADER);
	image->device.table = malloc(*bytes);
	if (!image->device.table)
		return no_memory(fault);
	r = stored_disk_read(&image->store,
			     image->place.offset + OSTI_IMAGE_HEADER,
			     image->device.table, *bytes);
	return r < 0 ? stored_place_failed(r, fault) : 0;
}

static int give(struct image_stored *image, size_t bytes, struct fault *fault)
{
	struct osti_ioc_piece header = {
		.data = (uint64_t)(uintptr_t)image->place.raw,
		.bytes = OSTI_IMAGE_HEADER,
	};
	struct image_device *device = &image->device;
	int r = carry_write(device->fd, &header);

	if (r < 0)
		image_device_refused(device, r, header.reason);
	else
		r = image_device_give(device, device->table, bytes);
	if (r < 0)
		return failed(image, r, "the image in the store is not taken",
			      fault);
	return 0;
}

static int prepare(struct image_stored *image, uint32_t slot, const char *name,
		   uint64_t generation, struct fault *fault)
{
	size_t bytes;

	if (show_store(image, fault) < 0 ||
	    stored_place_find(&image->store, slot, name, generation,
			      &image->place, fault) < 0 ||
	    read_table(image, &bytes, fault) < 0 ||
	    locate_chunks(image, fault) < 0)
		return -1;
	return give(image, bytes, fault);
}

int image_stored_open(struct image_stored *image, int fd, uint32_t slot,
		      const char *name, uint64_t generation,
		      struct fault *fault)
{
	struct image_source *source = &image->device.source;

	memset(image, 0, sizeof(*image));
	image_device_init(&image->device, fd, false);
	image->shown = IMAGE_STORED_NONE;
	source->have = source_have;
	source->chunk = source_chunk;
	source->seal = source_seal;
	image->device.disk.open = disk_open;
	image->device.disk.read = disk_read;
	if (prepare(image, slot, name, generation, fault) < 0)
		return -1;
	source->chunks = image->place.header.chunks;
	source->table = image->device.table;
	return 0;
}

void image_stored_close(struct image_stored *image)
{
	image_device_close(&image->device);
	stored_disk_free(&image->store);
	free(image->chunk_at);
	free(image->had);
}
