// SPDX-License-Identifier: GPL-2.0-only
/*
 * start_statement.c - what a start statement says
 */
#include "start_statement.h"

#include <stddef.h>

#include "image_bytes.h"
#include "string.h"

void start_statement_read(const uint8_t *body, struct start *out)
{
	out->flags = image_get64(body + OSTI_START_S_FLAGS);
	out->version = image_get64(body + OSTI_START_S_VERSION);
	out->kernel.at = image_get64(body + OSTI_START_S_KERNEL);
	out->kernel.bytes = image_get64(body + OSTI_START_S_KERNEL_LEN);
	out->kernel.hash = body + OSTI_START_S_KERNEL_HASH;
	out->ramdisk.at = image_get64(body + OSTI_START_S_RAMDISK);
	out->ramdisk.bytes = image_get64(body + OSTI_START_S_RAMDISK_LEN);
	out->ramdisk.hash = body + OSTI_START_S_RAMDISK_HASH;
	out->cmdline = (const char *)body + OSTI_START_S_CMDLINE;
}

static bool is_zero(const uint8_t *p, size_t bytes)
{
	while (bytes && !p[bytes - 1])
		bytes--;
	return !bytes;
}

/* Is all zero behind the first NUL? True also when there is none. */
static bool is_padded(const uint8_t *text, size_t bytes)
{
	while (bytes && *text) {
		text++;
		bytes--;
	}
	return is_zero(text, bytes);
}

static const char *wrong_names(const uint8_t *body)
{
	const uint8_t *name = body + OSTI_START_S_SLOTS;
	unsigned int i;

	if (!name[0])
		return "it names no slot";
	for (i = 0; i < OSTI_MAX_SLOTS; i++, name += OSTI_NAME_LEN) {
		if (!is_padded(name, OSTI_NAME_LEN))
			return "a slot's name has bytes behind its end";
		if (i && name[0] && !name[-OSTI_NAME_LEN])
			return "it names a slot behind an empty name";
	}
	return NULL;
}

static const char *wrong_parts(const struct start *s)
{
	if (!s->kernel.bytes)
		return "the kernel is empty";
	if (s->kernel.at % 4)
		return "the kernel is at an impossible place";
	if (s->ramdisk.at % 4)
		return "the RAM disk is at an impossible place";
	if (!s->ramdisk.bytes &&
	    (s->ramdisk.at || !is_zero(s->ramdisk.hash, OSTI_START_HASH)))
		return "the RAM disk is empty";
	return NULL;
}

const char *start_statement_wrong(const uint8_t *body)
{
	static const uint8_t magic[] = OSTI_START_MAGIC;
	const char *wrong;
	struct start s;

	start_statement_read(body, &s);
	if (memcmp(body + OSTI_START_S_MAGIC, magic, 8))
		return "it is no start statement";
	if (s.flags & ~(uint64_t)OSTI_START_F_ALL)
		return "it has flags that are not known";
	if (image_get64(body + OSTI_START_S_ZERO))
		return "bytes that must be 0 are not";
	if (!s.version)
		return "the version is 0";
	wrong = wrong_parts(&s);
	if (!wrong)
		wrong = wrong_names(body);
	if (wrong)
		return wrong;
	if (s.cmdline[OSTI_START_CMDLINE - 1] ||
	    !is_padded((const uint8_t *)s.cmdline, OSTI_START_CMDLINE))
		return "the command line has no end, or bytes behind it";
	return NULL;
}

bool start_statement_names(const uint8_t *body, const uint8_t *name)
{
	const uint8_t *named = body + OSTI_START_S_SLOTS;
	unsigned int i;

	for (i = 0; i < OSTI_MAX_SLOTS; i++, named += OSTI_NAME_LEN)
		if (!memcmp(named, name, OSTI_NAME_LEN))
			return true;
	return false;
}
