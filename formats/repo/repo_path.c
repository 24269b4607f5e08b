// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * repo_path.c - keys of the objects of a repository
 */
#include "repo_path.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "image_crypto.h"
#include "log.h"
#include "repo_front.h"

#define NAME_DIGITS	16
#define HOLDER_DIGITS	8

static const char digits[] = "0123456789abcdef";

static const char *const folders[] = {
	[REPO_PACKS] = "packs",
	[REPO_BACKUPS] = "backups",
	[REPO_HOLDERS] = "holder",
	[REPO_FOSSILS] = "fossils",
	[REPO_SEGMENTS] = "segments",
};

static void to_hex(const uint8_t *bytes, size_t nr, char *text)
{
	size_t i;

	for (i = 0; i < nr; i++) {
		text[2 * i] = digits[bytes[i] >> 4];
		text[2 * i + 1] = digits[bytes[i] & 15];
	}
	text[2 * nr] = '\0';
}

static int digit(char c)
{
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* That many digits of that base, whatever is behind them. */
static bool number(const char *text, unsigned int nr, unsigned int base,
		   uint64_t *value)
{
	*value = 0;
	for (; nr; nr--, text++) {
		int d = digit(*text);

		if (d < 0 || (unsigned int)d >= base)
			return false;
		*value = *value * base + (unsigned int)d;
	}
	return true;
}

static const char *last_segment(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

void repo_path_folder(const uint8_t slot[REPO_SLOT], enum repo_folder folder,
		      char path[REPO_PATH])
{
	char hex[2 * REPO_SLOT + 1];

	to_hex(slot, REPO_SLOT, hex);
	snprintf(path, REPO_PATH, "%s/%s/", hex, folders[folder]);
}

void repo_name_make(const struct repo_keys *keys, uint64_t time,
		    const uint8_t *plain, uint64_t bytes, char name[REPO_NAME])
{
	uint8_t hash[REPO_KEY];
	char hex[NAME_DIGITS + 1];

	image_crypto_mac(keys->name, plain, bytes, hash);
	to_hex(hash, NAME_DIGITS / 2, hex);
	snprintf(name, REPO_NAME, "%016" PRIx64 "-%s", time, hex);
}

bool repo_name_ok(const char *name)
{
	uint64_t value;

	return strlen(name) == REPO_NAME - 1 && name[NAME_DIGITS] == '-' &&
	       number(name, NAME_DIGITS, 16, &value) &&
	       number(name + NAME_DIGITS + 1, NAME_DIGITS, 16, &value);
}

uint64_t repo_name_time(const char *name)
{
	uint64_t value;

	CHECK(number(name, NAME_DIGITS, 16, &value));
	return value;
}

/* Append to the folder's path; keys are never longer than they may be. */
static void append(char *path, const char *text)
{
	size_t length = strlen(path);

	ASSERT(length + strlen(text) < REPO_PATH);
	strcpy(path + length, text);
}

static void path_id(const uint8_t slot[REPO_SLOT], enum repo_folder folder,
		    const uint8_t id[REPO_KEY], char path[REPO_PATH])
{
	char hex[2 * REPO_KEY + 1];

	to_hex(id, REPO_KEY, hex);
	repo_path_folder(slot, folder, path);
	append(path, hex);
}

void repo_path_pack(const uint8_t slot[REPO_SLOT], const uint8_t id[REPO_KEY],
		    char path[REPO_PATH])
{
	path_id(slot, REPO_PACKS, id, path);
}

void repo_path_segment(const uint8_t slot[REPO_SLOT],
		       const uint8_t id[REPO_KEY], char path[REPO_PATH])
{
	path_id(slot, REPO_SEGMENTS, id, path);
}

void repo_path_backup(const uint8_t slot[REPO_SLOT], const char *name,
		      unsigned int part, char path[REPO_PATH])
{
	char suffix[16];

	repo_path_folder(slot, REPO_BACKUPS, path);
	append(path, name);
	if (!part)
		return;
	snprintf(suffix, sizeof(suffix), ".%u", part);
	append(path, suffix);
}

void repo_path_holder(const uint8_t slot[REPO_SLOT], uint32_t nr,
		      char path[REPO_PATH])
{
	char text[16];

	ASSERT(nr && nr <= REPO_HOLDER_MAX);
	snprintf(text, sizeof(text), "%08" PRIu32, nr);
	repo_path_folder(slot, REPO_HOLDERS, path);
	append(path, text);
}

void repo_path_fossil(const uint8_t slot[REPO_SLOT], const char *name,
		      char path[REPO_PATH])
{
	repo_path_folder(slot, REPO_FOSSILS, path);
	append(path, name);
}

static bool path_is_id(const char *path, uint8_t id[REPO_KEY])
{
	const char *hex = last_segment(path);
	uint64_t value;
	size_t i;

	if (strlen(hex) != 2 * REPO_KEY)
		return false;
	for (i = 0; i < REPO_KEY; i++) {
		if (!number(hex + 2 * i, 2, 16, &value))
			return false;
		id[i] = (uint8_t)value;
	}
	return true;
}

bool repo_path_is_pack(const char *path, uint8_t id[REPO_KEY])
{
	return path_is_id(path, id);
}

bool repo_path_is_segment(const char *path, uint8_t id[REPO_KEY])
{
	return path_is_id(path, id);
}

bool repo_path_is_backup(const char *path, char name[REPO_NAME],
			 unsigned int *part)
{
	const char *text = last_segment(path);
	size_t length = strlen(text);
	uint64_t value = 0;
	size_t more;

	if (length < REPO_NAME - 1)
		return false;
	memcpy(name, text, REPO_NAME - 1);
	name[REPO_NAME - 1] = '\0';
	if (!repo_name_ok(name))
		return false;
	text += REPO_NAME - 1;
	more = length - (REPO_NAME - 1);
	if (more && (*text != '.' || more < 2 || more > 3 || text[1] == '0' ||
		     !number(text + 1, more - 1, 10, &value)))
		return false;
	*part = (unsigned int)value;
	return value <= REPO_PARTS_MAX;
}

bool repo_path_is_holder(const char *path, uint32_t *nr)
{
	const char *text = last_segment(path);
	uint64_t value;

	if (strlen(text) != HOLDER_DIGITS ||
	    !number(text, HOLDER_DIGITS, 10, &value) || !value)
		return false;
	*nr = (uint32_t)value;
	return true;
}

bool repo_path_is_fossil(const char *path, char name[REPO_NAME])
{
	const char *text = last_segment(path);

	if (!repo_name_ok(text))
		return false;
	strcpy(name, text);
	return true;
}
