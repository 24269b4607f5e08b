// SPDX-License-Identifier: GPL-2.0-or-later
#include "statement.h"

#include <stdbool.h>
#include <string.h>

static uint64_t load64(const uint8_t *p)
{
	uint64_t value = 0;
	int i;

	for (i = 7; i >= 0; i--)
		value = value << 8 | p[i];
	return value;
}

static void store64(uint8_t *p, uint64_t value)
{
	int i;

	for (i = 0; i < 8; i++)
		p[i] = value >> (8 * i);
}

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

/* A text that ends with NUL, and has nothing behind it. */
static bool is_text(const uint8_t *p, size_t bytes)
{
	size_t n = strnlen((const char *)p, bytes);

	return is_zero(p + n, bytes - n);
}

static void decode_parts(const uint8_t *body, struct statement *s)
{
	s->kernel.offset = load64(body + OSTI_START_S_KERNEL);
	s->kernel.bytes = load64(body + OSTI_START_S_KERNEL_LEN);
	memcpy(s->kernel.hash, body + OSTI_START_S_KERNEL_HASH,
	       OSTI_START_HASH);
	s->ramdisk.offset = load64(body + OSTI_START_S_RAMDISK);
	s->ramdisk.bytes = load64(body + OSTI_START_S_RAMDISK_LEN);
	memcpy(s->ramdisk.hash, body + OSTI_START_S_RAMDISK_HASH,
	       OSTI_START_HASH);
}

const char *statement_decode(const uint8_t body[OSTI_START_BODY],
			     struct statement *s)
{
	const uint8_t *cmdline = body + OSTI_START_S_CMDLINE;
	unsigned int i;

	memset(s, 0, sizeof(*s));
	if (memcmp(body + OSTI_START_S_MAGIC, OSTI_START_MAGIC, 8))
		return "it is no start statement";
	if (load64(body + OSTI_START_S_FLAGS))
		return "it has flags that are not known";
	if (load64(body + OSTI_START_S_ZERO))
		return "bytes that must be 0 are not";
	s->version = load64(body + OSTI_START_S_VERSION);
	decode_parts(body, s);
	for (i = 0; i < OSTI_MAX_SLOTS; i++) {
		const uint8_t *name = body + OSTI_START_S_SLOTS +
				      i * OSTI_NAME_LEN;

		if (!is_text(name, OSTI_NAME_LEN))
			return "a slot's name has bytes behind its end";
		memcpy(s->slots[i], name, OSTI_NAME_LEN);
	}
	if (cmdline[OSTI_START_CMDLINE - 1] ||
	    !is_text(cmdline, OSTI_START_CMDLINE))
		return "the command line has no end, or bytes behind it";
	memcpy(s->cmdline, cmdline, OSTI_START_CMDLINE);
	return statement_check(s);
}

void statement_encode(const struct statement *s, uint8_t body[OSTI_START_BODY])
{
	unsigned int i;

	memset(body, 0, OSTI_START_BODY);
	memcpy(body + OSTI_START_S_MAGIC, OSTI_START_MAGIC, 8);
	store64(body + OSTI_START_S_VERSION, s->version);
	store64(body + OSTI_START_S_KERNEL, s->kernel.offset);
	store64(body + OSTI_START_S_KERNEL_LEN, s->kernel.bytes);
	store64(body + OSTI_START_S_RAMDISK, s->ramdisk.offset);
	store64(body + OSTI_START_S_RAMDISK_LEN, s->ramdisk.bytes);
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
