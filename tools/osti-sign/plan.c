// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * plan.c - where kernel and RAM disk lie in a slot
 */
#include "plan.h"

#include <string.h>
#include <unistd.h>

#include <tomcrypt.h>

#include "file.h"

#define MIB	0x100000ULL

/* Linux, Documentation/arm64/booting.rst, "Call the kernel image" */
#define HEADER_BYTES	64
#define TEXT_OFFSET	8	/* 8 bytes */
#define IMAGE_SIZE	16	/* 8 bytes */
#define FLAGS		24	/* 8 bytes */
#define MAGIC		56
#define FLAG_BIG_ENDIAN	1

/* More memory than any slot can have (Kconfig). */
#define MEMORY_MAX	(1ULL << 40)

static uint8_t buffer[MIB];

enum status plan_measure(const char *path, struct part *part, uint8_t *head,
			 size_t head_bytes)
{
	struct file f;
	hash_state hash;
	uint64_t at;
	int error = file_open(&f, path);

	if (error)
		return say_failed(path, "cannot open it", error);
	part->bytes = f.bytes;
	blake2b_256_init(&hash);
	for (at = 0; at < f.bytes; at += sizeof(buffer)) {
		size_t bytes = f.bytes - at < sizeof(buffer) ?
			       f.bytes - at : sizeof(buffer);

		error = file_read(&f, buffer, bytes, at);
		if (error)
			break;
		blake2b_process(&hash, buffer, bytes);
		if (!at && head)
			memcpy(head, buffer,
			       bytes < head_bytes ? bytes : head_bytes);
	}
	close(f.fd);
	if (error)
		return say_failed(path, "cannot read it", error);
	if (!f.bytes)
		return say_refused(path, "it is empty");
	blake2b_done(&hash, part->hash);
	return DONE;
}

static uint64_t field(const uint8_t *head, unsigned int at)
{
	uint64_t value;

	LOAD64L(value, head + at);
	return value;
}

/* memory: what the kernel needs from its first byte on */
static enum status check_kernel(const char *path, const uint8_t *head,
				struct part *kernel, uint64_t *memory)
{
	uint64_t text_offset = field(head, TEXT_OFFSET);

	*memory = field(head, IMAGE_SIZE);
	if (memcmp(head + MAGIC, "ARM\x64", 4))
		return say_refused(path, "it is no arm64 Image: unpack it, if it is packed");
	if (!*memory || *memory > MEMORY_MAX || text_offset >= 2 * MIB ||
	    text_offset % 4)
		return say_refused(path, "it is older than Linux 3.17, or damaged");
	if (field(head, FLAGS) & FLAG_BIG_ENDIAN)
		return say_refused(path, "it is a big-endian kernel; a little-endian one is needed");
	if (*memory < kernel->bytes)
		*memory = kernel->bytes;
	kernel->offset = OSTI_START_RESERVED + text_offset;
	return DONE;
}

enum status plan_parts(const char *kernel, const char *ramdisk,
		       struct statement *s)
{
	uint8_t head[HEADER_BYTES] = { 0 };
	enum status status;
	uint64_t memory, end;

	status = plan_measure(kernel, &s->kernel, head, sizeof(head));
	if (!status)
		status = check_kernel(kernel, head, &s->kernel, &memory);
	if (status || !ramdisk)
		return status;
	end = s->kernel.offset + memory;
	s->ramdisk.offset = (end + 2 * MIB - 1) & ~(2 * MIB - 1);
	return plan_measure(ramdisk, &s->ramdisk, NULL, 0);
}
