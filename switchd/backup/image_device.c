// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * image_device.c - an image that comes from the monitor, or goes to it
 */
#include "backup/image_device.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <osti/abi.h>
#include <osti/image.h>

#include "backup/carry.h"
#include "common/util.h"
#include "image_error.h"
#include "image_header.h"

/* A slot has no more, so who says so is not the monitor. */
#define CHUNKS_MAX (OSTI_IMAGE_PARTITION_MAX / OSTI_IMAGE_PAGE)

static struct image_device *of_source(struct image_source *source)
{
	return (struct image_device *)((char *)source -
				       offsetof(struct image_device, source));
}

static struct image_device *of_sink(struct image_sink *sink)
{
	return (struct image_device *)((char *)sink -
				       offsetof(struct image_device, sink));
}

int image_device_refused(struct image_device *device, int error,
			 uint32_t reason)
{
	if (error == -EBADMSG)
		atomic_store(&device->reason, reason);
	return error;
}

/* The transfer's bytes are addresses to the kernel. */
static uint64_t address(const void *p)
{
	return (uint64_t)(uintptr_t)p;
}

/* The disk is given back first: the monitor takes it, whoever uses it. */
static int commit(struct image_device *device)
{
	struct osti_ioc_step arg = { 0 };
	int r = carry_disk_end(device->fd);

	if (r == 0)
		r = carry_commit(device->fd, &arg);
	return image_device_refused(device, r, arg.reason);
}

/* ---- Export -------------------------------------------------------------- */

static int read_table(struct image_device *device, uint32_t chunks)
{
	uint32_t at = 0;
	int r;

	device->table = calloc(chunks ? chunks : 1, OSTI_IMAGE_T_ENTRY);
	if (!device->table)
		return -ENOMEM;
	while (at < chunks) {
		struct osti_ioc_table arg = {
			.entries = address(device->table +
					   (size_t)at * OSTI_IMAGE_T_ENTRY),
			.first = at,
			.count = chunks - at < OSTI_TABLE_MAX ? chunks - at
							      : OSTI_TABLE_MAX,
		};

		r = carry_table(device->fd, &arg);
		if (r < 0)
			return image_device_refused(device, r, arg.reason);
		if (!arg.count || arg.count > chunks - at)
			return -EIO;
		at += arg.count;
	}
	return 0;
}

int image_device_scan(struct image_device *device,
		      void (*looked)(uint64_t pages, void *data), void *data)
{
	struct osti_ioc_scan scan;
	int r;

	do {
		memset(&scan, 0, sizeof(scan));
		r = carry_scan(device->fd, &scan);
		if (r < 0)
			return image_device_refused(device, r, scan.reason);
		if (looked)
			looked(scan.looked_at, data);
	} while (!scan.done);
	if (scan.chunks > CHUNKS_MAX)
		return -EIO;
	device->pages = scan.pages;
	device->source.chunks = scan.chunks;
	r = read_table(device, scan.chunks);
	device->source.table = device->table;
	return r;
}

static int source_have(struct image_source *source, uint32_t index,
		       uint32_t stored, const uint8_t digest[32])
{
	struct image_device *device = of_source(source);
	struct osti_ioc_have arg = { .chunk = index, .bytes = stored };
	int r;

	memcpy(arg.digest, digest, sizeof(arg.digest));
	r = carry_have(device->fd, &arg);
	return image_device_refused(device, r, arg.reason);
}

static int source_chunk(struct image_source *source, uint32_t index,
			uint8_t *buf, size_t room, size_t *bytes)
{
	struct image_device *device = of_source(source);
	struct osti_ioc_chunk arg = {
		.data = address(buf),
		.chunk = index,
		.bytes = room < UINT32_MAX ? (uint32_t)room : UINT32_MAX,
	};
	int r = carry_chunk(device->fd, &arg);

	if (r < 0)
		return image_device_refused(device, r, arg.reason);
	if (!arg.bytes || arg.bytes > room)
		return -EIO;
	*bytes = arg.bytes;
	return 0;
}

/* The image from @at up to @end, to where it belongs in @head. */
static int read_pieces(struct image_device *device, uint8_t *head, size_t at,
		       size_t end)
{
	int r;

	while (at < end) {
		size_t left = end - at;
		struct osti_ioc_piece arg = {
			.offset = at,
			.data = address(head + at),
			.bytes = left < OSTI_COPY_MAX ? (uint32_t)left
						      : OSTI_COPY_MAX,
		};

		r = carry_read(device->fd, &arg);
		if (r < 0)
			return image_device_refused(device, r, arg.reason);
		at += arg.bytes;
	}
	return 0;
}

/* The header is read already, and says how much there is. */
static int read_behind(struct image_device *device, uint8_t **head,
		       size_t *bytes)
{
	struct image_header header;
	uint8_t *more;

	if (image_header_parse(*head, OSTI_IMAGE_HEADER, &header) !=
	    OSTI_IMAGE_OK)
		return -EIO;
	*bytes = image_header_first(&header);
	more = realloc(*head, *bytes);
	if (!more)
		return -ENOMEM;
	*head = more;
	return read_pieces(device, more, OSTI_IMAGE_HEADER, *bytes);
}

int image_device_head(struct image_device *device, uint8_t **head,
		      size_t *bytes)
{
	uint8_t *buf = malloc(OSTI_IMAGE_HEADER);
	int r;

	if (!buf)
		return -ENOMEM;
	r = read_pieces(device, buf, 0, OSTI_IMAGE_HEADER);
	if (r == 0)
		r = read_behind(device, &buf, bytes);
	if (r < 0)
		free(buf);
	else
		*head = buf;
	return r;
}

static int source_seal(struct image_source *source, uint8_t **head,
		       size_t *bytes)
{
	struct image_device *device = of_source(source);
	struct osti_ioc_step arg = { 0 };
	int r = carry_seal(device->fd, &arg);

	if (r < 0)
		return image_device_refused(device, r, arg.reason);
	return image_device_head(device, head, bytes);
}

static int source_commit(struct image_source *source)
{
	return commit(of_source(source));
}

static void close_transfer(struct image_device *device)
{
	if (device->fd >= 0)
		close(device->fd);
	device->fd = -1;
}

static void source_abort(struct image_source *source)
{
	close_transfer(of_source(source));
}

/* ---- Import -------------------------------------------------------------- */

int image_device_give(struct image_device *device, const uint8_t *buf,
		      size_t bytes)
{
	struct osti_ioc_step step = { 0 };
	size_t at = 0;
	int r;

	while (at < bytes) {
		struct osti_ioc_piece arg = {
			.offset = OSTI_IMAGE_HEADER + at,
			.data = address(buf + at),
			.bytes = bytes - at < OSTI_COPY_MAX
					 ? (uint32_t)(bytes - at)
					 : OSTI_COPY_MAX,
		};

		r = carry_write(device->fd, &arg);
		if (r < 0)
			return image_device_refused(device, r, arg.reason);
		at += arg.bytes;
	}
	r = carry_open(device->fd, &step);
	device->pages = step.pages;
	return image_device_refused(device, r, step.reason);
}

/*
 * The descriptor was opened with the header of this backup. Were it another
 * one, the monitor would not believe what follows.
 */
static int sink_begin(struct image_sink *sink, const uint8_t *header)
{
	(void)header;
	return of_sink(sink)->fd < 0 ? -ESTALE : 0;
}

static int sink_head(struct image_sink *sink, const uint8_t *buf, size_t bytes)
{
	return image_device_give(of_sink(sink), buf, bytes);
}

static int sink_chunk(struct image_sink *sink, uint32_t index,
		      const uint8_t *buf, size_t bytes)
{
	struct image_device *device = of_sink(sink);
	struct osti_ioc_chunk arg = {
		.data = address(buf),
		.chunk = index,
		.bytes = (uint32_t)bytes,
	};
	int r;

	if (bytes > OSTI_IMAGE_STORED_MAX)
		return -EBADMSG;
	r = carry_chunk(device->fd, &arg);
	return image_device_refused(device, r, arg.reason);
}

static int sink_check(struct image_sink *sink)
{
	struct image_device *device = of_sink(sink);
	struct osti_ioc_step arg = { 0 };
	int r = carry_check(device->fd, &arg);

	return image_device_refused(device, r, arg.reason);
}

static int sink_commit(struct image_sink *sink)
{
	return commit(of_sink(sink));
}

static void sink_abort(struct image_sink *sink)
{
	close_transfer(of_sink(sink));
}

/* ---- The disk ------------------------------------------------------------ */

static struct image_device *of_disk(struct image_disk *disk)
{
	return (struct image_device *)((char *)disk -
				       offsetof(struct image_device, disk));
}

static int disk_open(struct image_disk *disk, uint64_t *bytes)
{
	struct image_device *device = of_disk(disk);
	struct osti_ioc_disk arg = {
		.access = device->import ? OSTI_DISK_WRITE : OSTI_DISK_READ,
	};
	int r = carry_disk(device->fd, &arg);

	*bytes = arg.bytes;
	return r;
}

static int disk_read(struct image_disk *disk, uint64_t offset, uint8_t *buf,
		     size_t bytes)
{
	return carry_disk_read(of_disk(disk)->fd, offset, buf, bytes);
}

static int disk_write(struct image_disk *disk, uint64_t offset,
		      const uint8_t *buf, size_t bytes)
{
	return carry_disk_write(of_disk(disk)->fd, offset, buf, bytes);
}

static int disk_zero(struct image_disk *disk, uint64_t offset, uint64_t bytes)
{
	struct osti_ioc_zero arg = { .offset = offset, .bytes = bytes };

	return carry_disk_zero(of_disk(disk)->fd, &arg);
}

static int disk_flush(struct image_disk *disk)
{
	return carry_disk_flush(of_disk(disk)->fd);
}

static int disk_attach(struct image_disk *disk, uint64_t bytes,
		       const uint8_t digest[32])
{
	struct osti_ioc_attach arg = { .kind = OSTI_ATTACH_DISK,
				       .bytes = bytes };

	memcpy(arg.digest, digest, sizeof(arg.digest));
	return carry_attach(of_disk(disk)->fd, &arg);
}

/* ---- Both ---------------------------------------------------------------- */

void image_device_init(struct image_device *device, int fd, bool import)
{
	memset(device, 0, sizeof(*device));
	device->fd = fd;
	device->source.have = source_have;
	device->source.chunk = source_chunk;
	device->source.seal = source_seal;
	device->source.commit = source_commit;
	device->source.abort = source_abort;
	device->sink.begin = sink_begin;
	device->sink.head = sink_head;
	device->sink.chunk = sink_chunk;
	device->sink.check = sink_check;
	device->sink.commit = sink_commit;
	device->sink.abort = sink_abort;
	device->import = import;
	device->disk = (struct image_disk){
		.open = disk_open,
		.read = disk_read,
		.write = disk_write,
		.zero = disk_zero,
		.flush = disk_flush,
		.attach = disk_attach,
	};
	device->source.disk = &device->disk;
	device->sink.disk = &device->disk;
}

void image_device_close(struct image_device *device)
{
	close_transfer(device);
	free(device->table);
	device->table = NULL;
	device->source.table = NULL;
}

const char *image_device_text(const struct image_device *device, int error)
{
	switch (error) {
	case -EBADMSG:
		return image_error_text(-(int)atomic_load(&device->reason));
	case -ESTALE:
	case -ECANCELED:
		return "a switch took the slot";
	case -ENOMEM:
		return "there is no memory for it; hibernate another slot";
	case -EACCES:
		return "no person agreed to this copy at the console";
	case -ENODATA:
		return "NV memory cannot be written";
	case -ENODEV:
		return "osti.ko has lost its device; see the kernel log (dmesg)";
	default:
		return strerror(-error);
	}
}

void image_device_explain(const struct image_device *device,
			  struct fault *fault)
{
	char message[FAULT_MESSAGE_MAX];

	if (!atomic_load(&device->reason))
		return;
	memcpy(message, fault->message, sizeof(message));
	fault_set(fault, FAULT_REFUSED, "%.300s: %s", message,
		  image_device_text(device, -EBADMSG));
}
