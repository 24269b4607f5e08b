// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * catalogue.c - what the courier remembers of a repository, in SQLite
 */
#include "backup/catalogue.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define VERSION 2
/* Another process may be writing. */
#define BUSY_MS 2000

struct catalogue {
	sqlite3 *db; /* NULL: it broke, and could not be made anew */
	char *path;
	uint8_t id[REPO_CONFIG_ID];
};

static const char schema[] =
	"CREATE TABLE about (version INTEGER, repository BLOB);"
	"CREATE TABLE object (key TEXT PRIMARY KEY, body BLOB) WITHOUT ROWID;"
	"CREATE TABLE pack (slot BLOB, id BLOB, body BLOB,"
	" PRIMARY KEY (slot, id)) WITHOUT ROWID;"
	"CREATE TABLE freeze (slot BLOB PRIMARY KEY, body BLOB) WITHOUT ROWID;";

static sqlite3_stmt *prepare(struct catalogue *c, const char *sql)
{
	sqlite3_stmt *stmt = NULL;

	if (!c->db || sqlite3_prepare_v2(c->db, sql, -1, &stmt, NULL))
		return NULL;
	return stmt;
}

static bool blob(sqlite3_stmt *stmt, int nr, const void *p, size_t bytes)
{
	return sqlite3_bind_blob64(stmt, nr, p, bytes, SQLITE_STATIC) ==
	       SQLITE_OK;
}

/* Is it ours, of this repository and of this version? */
static bool matches(struct catalogue *c)
{
	sqlite3_stmt *s = prepare(c, "SELECT version, repository FROM about");
	bool ok;

	ok = s && sqlite3_step(s) == SQLITE_ROW &&
	     sqlite3_column_int(s, 0) == VERSION &&
	     sqlite3_column_bytes(s, 1) == REPO_CONFIG_ID &&
	     memcmp(sqlite3_column_blob(s, 1), c->id, REPO_CONFIG_ID) == 0;
	sqlite3_finalize(s);
	return ok;
}

static bool fill(struct catalogue *c)
{
	sqlite3_stmt *s;
	bool ok;

	if (sqlite3_exec(c->db, schema, NULL, NULL, NULL))
		return false;
	s = prepare(c, "INSERT INTO about VALUES (?1, ?2)");
	ok = s && sqlite3_bind_int(s, 1, VERSION) == SQLITE_OK &&
	     blob(s, 2, c->id, REPO_CONFIG_ID) &&
	     sqlite3_step(s) == SQLITE_DONE;
	sqlite3_finalize(s);
	return ok;
}

static void close_db(struct catalogue *c)
{
	sqlite3_close(c->db);
	c->db = NULL;
}

static bool open_db(struct catalogue *c)
{
	if (sqlite3_open_v2(c->path, &c->db,
			    SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
				    SQLITE_OPEN_NOMUTEX,
			    NULL)) {
		close_db(c);
		return false;
	}
	sqlite3_busy_timeout(c->db, BUSY_MS);
	/* Power may fail: a cache that is lost then is no harm. */
	sqlite3_exec(c->db, "PRAGMA synchronous = OFF", NULL, NULL, NULL);
	return true;
}

/* Take the file away and begin a new one. */
static bool renew(struct catalogue *c)
{
	char journal[4096];

	close_db(c);
	snprintf(journal, sizeof(journal), "%s-journal", c->path);
	unlink(journal);
	unlink(c->path);
	if (open_db(c) && fill(c))
		return true;
	close_db(c);
	return false;
}

struct catalogue *catalogue_open(const char *path,
				 const uint8_t id[REPO_CONFIG_ID])
{
	struct catalogue *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	memcpy(c->id, id, REPO_CONFIG_ID);
	c->path = strdup(path);
	if (c->path && open_db(c) && matches(c))
		return c;
	if (c->path && renew(c))
		return c;
	catalogue_close(c);
	return NULL;
}

void catalogue_close(struct catalogue *c)
{
	if (!c)
		return;
	close_db(c);
	free(c->path);
	free(c);
}

/* The end of a statement; damage is found here. */
static void finish(struct catalogue *c, sqlite3_stmt *stmt)
{
	int error;

	sqlite3_finalize(stmt);
	if (!c->db)
		return;
	error = sqlite3_errcode(c->db);
	if (error == SQLITE_CORRUPT || error == SQLITE_NOTADB)
		renew(c);
}

static uint8_t *column_copy(sqlite3_stmt *stmt, int nr, size_t *bytes)
{
	const void *from = sqlite3_column_blob(stmt, nr);
	uint8_t *copy;

	*bytes = (size_t)sqlite3_column_bytes(stmt, nr);
	if (!from || !*bytes)
		return NULL;
	copy = malloc(*bytes);
	if (copy)
		memcpy(copy, from, *bytes);
	return copy;
}

bool catalogue_get(struct catalogue *c, const char *key, uint8_t **body,
		   size_t *bytes)
{
	sqlite3_stmt *s = prepare(c, "SELECT body FROM object WHERE key = ?1");

	*body = NULL;
	if (s && !sqlite3_bind_text(s, 1, key, -1, SQLITE_STATIC) &&
	    sqlite3_step(s) == SQLITE_ROW)
		*body = column_copy(s, 0, bytes);
	finish(c, s);
	return *body;
}

void catalogue_put(struct catalogue *c, const char *key, const uint8_t *body,
		   size_t bytes)
{
	sqlite3_stmt *s = prepare(c, "REPLACE INTO object VALUES (?1, ?2)");

	if (s && !sqlite3_bind_text(s, 1, key, -1, SQLITE_STATIC) &&
	    blob(s, 2, body, bytes))
		sqlite3_step(s);
	finish(c, s);
}

void catalogue_drop(struct catalogue *c, const char *key)
{
	sqlite3_stmt *s = prepare(c, "DELETE FROM object WHERE key = ?1");

	if (s && !sqlite3_bind_text(s, 1, key, -1, SQLITE_STATIC))
		sqlite3_step(s);
	finish(c, s);
}

/* The first key behind @after that is to be dropped; the caller free()s it. */
static char *find_unwanted(struct catalogue *c, const char *prefix,
			   const char *after,
			   bool (*keep)(const char *key, void *data),
			   void *data)
{
	sqlite3_stmt *s = prepare(
		c, "SELECT key FROM object WHERE key > ?1 ORDER BY key");
	char *found = NULL;

	if (s && !sqlite3_bind_text(s, 1, after, -1, SQLITE_STATIC)) {
		while (!found && sqlite3_step(s) == SQLITE_ROW) {
			const char *key =
				(const char *)sqlite3_column_text(s, 0);

			if (!key || strncmp(key, prefix, strlen(prefix)) != 0)
				break;
			if (!keep(key, data))
				found = strdup(key);
		}
	}
	finish(c, s);
	return found;
}

void catalogue_trim(struct catalogue *c, const char *prefix,
		    bool (*keep)(const char *key, void *data), void *data)
{
	char *at = strdup(prefix);

	while (at) {
		char *key = find_unwanted(c, prefix, at, keep, data);

		if (key)
			catalogue_drop(c, key);
		free(at);
		at = key;
	}
}

void catalogue_add_pack(struct catalogue *c, const uint8_t slot[REPO_SLOT],
			const uint8_t pack[REPO_KEY], const uint8_t *body,
			size_t bytes)
{
	sqlite3_stmt *s = prepare(c, "REPLACE INTO pack VALUES (?1, ?2, ?3)");

	if (s && blob(s, 1, slot, REPO_SLOT) && blob(s, 2, pack, REPO_KEY) &&
	    blob(s, 3, body, bytes))
		sqlite3_step(s);
	finish(c, s);
}

void catalogue_each_pack(struct catalogue *c, const uint8_t slot[REPO_SLOT],
			 void (*fn)(const uint8_t *pack, const uint8_t *body,
				    size_t bytes, void *data),
			 void *data)
{
	sqlite3_stmt *s =
		prepare(c, "SELECT id, body FROM pack WHERE slot = ?1");

	if (s && blob(s, 1, slot, REPO_SLOT))
		while (sqlite3_step(s) == SQLITE_ROW)
			if (sqlite3_column_bytes(s, 0) == REPO_KEY)
				fn(sqlite3_column_blob(s, 0),
				   sqlite3_column_blob(s, 1),
				   (size_t)sqlite3_column_bytes(s, 1), data);
	finish(c, s);
}

void catalogue_forget_packs(struct catalogue *c, const uint8_t slot[REPO_SLOT])
{
	sqlite3_stmt *s = prepare(c, "DELETE FROM pack WHERE slot = ?1");

	if (s && blob(s, 1, slot, REPO_SLOT))
		sqlite3_step(s);
	finish(c, s);
}

void catalogue_put_freeze(struct catalogue *c, const uint8_t slot[REPO_SLOT],
			  const uint8_t *body, size_t bytes)
{
	sqlite3_stmt *s = prepare(c, "REPLACE INTO freeze VALUES (?1, ?2)");

	if (s && blob(s, 1, slot, REPO_SLOT) && blob(s, 2, body, bytes))
		sqlite3_step(s);
	finish(c, s);
}

bool catalogue_get_freeze(struct catalogue *c, const uint8_t slot[REPO_SLOT],
			  uint8_t **body, size_t *bytes)
{
	sqlite3_stmt *s = prepare(c, "SELECT body FROM freeze WHERE slot = ?1");

	*body = NULL;
	if (s && blob(s, 1, slot, REPO_SLOT) && sqlite3_step(s) == SQLITE_ROW)
		*body = column_copy(s, 0, bytes);
	finish(c, s);
	return *body;
}
