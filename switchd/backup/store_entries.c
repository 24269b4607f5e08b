// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * store_entries.c - what a LIST got
 */
#include <assert.h>
#include <string.h>

#include "backup/store_backend.h"
#include "backup/store_message.h"
#include "common/util.h"

#define FIRST_ROOM 64
/* 8 TiB of packs; a server that goes on for ever must not take all memory. */
#define ENTRIES_MAX (1U << 20)

/* Room is the next power of two: it need not be kept anywhere. */
static bool make_room(struct store_request *r)
{
	size_t n = r->nr_entries;
	struct store_entry *entries;

	if (n && (n < FIRST_ROOM || (n & (n - 1))))
		return true;
	n = n ? 2 * n : FIRST_ROOM;
	entries = reallocarray(r->entries, n, sizeof(*entries));
	if (!entries)
		return false;
	r->entries = entries;
	return true;
}

int store_entries_add(struct store_request *r, const char *key, uint64_t bytes,
		      time_t modified)
{
	struct store_entry *entry;

	assert(strlen(key) <= STORE_KEY_MAX);
	if (r->nr_entries == ENTRIES_MAX)
		return store_fail(
			r, STORE_E_LIMIT,
			"LIST %s: there are more than %u objects: use another directory or prefix for other data",
			r->key, ENTRIES_MAX);
	if (!make_room(r))
		return store_fail(r, STORE_E_IO, "LIST %s: out of memory",
				  r->key);
	entry = &r->entries[r->nr_entries++];
	strcpy(entry->key, key);
	entry->bytes = bytes;
	entry->modified = modified;
	return STORE_OK;
}

static int compare(const void *a, const void *b)
{
	const struct store_entry *left = a;
	const struct store_entry *right = b;

	return strcmp(left->key, right->key);
}

/* A key that came twice, as with a page that was asked for again, is one. */
void store_entries_sort(struct store_request *r)
{
	size_t n = 0;
	size_t i;

	if (r->nr_entries)
		qsort(r->entries, r->nr_entries, sizeof(*r->entries), compare);
	for (i = 0; i < r->nr_entries; i++)
		if (!n || strcmp(r->entries[n - 1].key, r->entries[i].key) != 0)
			r->entries[n++] = r->entries[i];
	r->nr_entries = n;
}
