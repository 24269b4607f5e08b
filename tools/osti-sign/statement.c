// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * statement.c - the body of a start statement (osti/start.h)
 */
#include "statement.h"

#include <stdbool.h>
#include <string.h>

#include "image_bytes.h"
#include "start_statement.h"

static bool is_zero(const void *p, size_t bytes)
{
	const uint8_t *at = p;

	while (bytes && !*at) {
		at++;
		bytes--;
	}
	return !bytes;
}

/* Does the part lie behind the reserved memory, and end below 2^64? */
static bool is_placed(const struct part *p)
{
	return p->offset >= OSTI_START_RESERVED && p->offset % 4 == 0 &&
	       p->bytes <= UINT64_MAX - p->offset;
}

static const char *check_parts(const struct part *kernel,
			       const struct part *ramdisk)
{
	if (!kernel->bytes)
		return "the kernel is empty";
	if (!is_placed(kernel))
		return "the kernel is at an impossible place";
	if (is_zero(ramdisk, sizeof(*ramdisk)))
		return NULL;
	if (!ramdisk->bytes)
		return "the RAM disk is empty";
	if (!is_placed(ramdisk))
		return "the RAM disk is at an impossible place";
	if (ramdisk->offset < kernel->offset + kernel->bytes &&
	    kernel->offset < ramdisk->offset + ramdisk->bytes)
		return "kernel and RAM disk overlap";
	return NULL;
}

static const char *check_slots(const struct statement *s)
{
	bool end = false;
	unsigned int i;

	if (!s->slots[0][0])
		return "it names no slot";
	for (i = 0; i < OSTI_MAX_SLOTS; i++) {
		if (!s->slots[i][0])
			end = true;
		else if (end)
			return "it names a slot behind an empty name";
	}
	return NULL;
}

const char *statement_check(const struct statement *s)
{
	const char *wrong;

	if (!s->version)
		return "the version is 0";
	wrong = check_parts(&s->kernel, &s->ramdisk);
	return wrong ? wrong : check_slots(s);
}

static void decode_part(const struct start_part *from, struct part *to)
{
	to->offset = from->at;
	to->bytes = from->bytes;
	memcpy(to->hash, from->hash, OSTI_START_HASH);
}

const char *statement_decode(const uint8_t body[OSTI_START_BODY],
			     struct statement *s)
{
	const char *wrong = start_statement_wrong(body);
	struct start start;
	unsigned int i;

	memset(s, 0, sizeof(*s));
	if (wrong)
		return wrong;
	start_statement_read(body, &start);
	s->flags = start.flags;
	s->version = start.version;
	decode_part(&start.kernel, &s->kernel);
	decode_part(&start.ramdisk, &s->ramdisk);
	for (i = 0; i < OSTI_MAX_SLOTS; i++)
		memcpy(s->slots[i], body + OSTI_START_S_SLOTS +
		       i * OSTI_NAME_LEN, OSTI_NAME_LEN);
	memcpy(s->cmdline, start.cmdline, OSTI_START_CMDLINE);
	return statement_check(s);
}

void statement_encode(const struct statement *s, uint8_t body[OSTI_START_BODY])
{
	unsigned int i;

	memset(body, 0, OSTI_START_BODY);
	memcpy(body + OSTI_START_S_MAGIC, OSTI_START_MAGIC, 8);
	image_put64(body + OSTI_START_S_FLAGS, s->flags);
	image_put64(body + OSTI_START_S_VERSION, s->version);
	image_put64(body + OSTI_START_S_KERNEL, s->kernel.offset);
	image_put64(body + OSTI_START_S_KERNEL_LEN, s->kernel.bytes);
	image_put64(body + OSTI_START_S_RAMDISK, s->ramdisk.offset);
	image_put64(body + OSTI_START_S_RAMDISK_LEN, s->ramdisk.bytes);
	memcpy(body + OSTI_START_S_KERNEL_HASH, s->kernel.hash,
	       OSTI_START_HASH);
	memcpy(body + OSTI_START_S_RAMDISK_HASH, s->ramdisk.hash,
	       OSTI_START_HASH);
	for (i = 0; i < OSTI_MAX_SLOTS; i++)
		memcpy(body + OSTI_START_S_SLOTS + i * OSTI_NAME_LEN,
		       s->slots[i], OSTI_NAME_LEN);
	memcpy(body + OSTI_START_S_CMDLINE, s->cmdline,
	       strnlen(s->cmdline, OSTI_START_CMDLINE - 1));
}
