// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * repo_fields.c - fields that several objects of a repository have
 */
#include "repo_fields.h"

#include <string.h>

#include "image_bytes.h"
#include "repo_error.h"
#include "repo_keys.h"

int repo_fields_front(const uint8_t *in, const char *magic, uint32_t version)
{
	if (memcmp(in, magic, REPO_MAGIC) != 0)
		return REPO_E_MAGIC;
	if (image_get32(in + REPO_MAGIC) != version)
		return REPO_E_VERSION;
	return REPO_OK;
}

bool repo_fields_zero(const uint8_t *in, size_t bytes)
{
	size_t i;

	for (i = 0; i < bytes; i++)
		if (in[i])
			return false;
	return true;
}

static bool control(uint8_t c)
{
	return c < 0x20 || c == 0x7f;
}

void repo_fields_put_text(uint8_t *out, const char *text, size_t bytes)
{
	size_t length = strnlen(text, bytes);

	size_t i;

	memset(out, 0, bytes);
	for (i = 0; i < length; i++)
		out[i] = control((uint8_t)text[i]) ? '?' : (uint8_t)text[i];
}

bool repo_fields_get_text(const uint8_t *in, size_t bytes, char *text)
{
	size_t length = strnlen((const char *)in, bytes);
	size_t i;

	for (i = 0; i < length; i++)
		if (control(in[i]))
			return false;
	memcpy(text, in, length);
	text[length] = '\0';
	return repo_fields_zero(in + length, bytes - length);
}

bool repo_fields_ascending(const uint8_t *ids, size_t nr, size_t step)
{
	size_t i;

	for (i = 1; i < nr; i++)
		if (memcmp(ids + (i - 1) * step, ids + i * step,
			   REPO_KEY) >= 0)
			return false;
	return true;
}
