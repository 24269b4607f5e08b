// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * file_list.c - all keys of a file:// store
 *
 * What is no object is passed over: links, special files, and names that no
 * key has, as lost+found. A directory that cannot be read is an error: who
 * deletes what is in no list must have all of it.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "backup/file_dir.h"
#include "backup/store_backend.h"
#include "backup/store_url.h"

/* No writer needs so long for a file, unless it was frozen. */
#define STALE_SECONDS 3600

struct walk {
	const struct store *store;
	struct store_request *r;
	char path[STORE_KEY_MAX + 1];
};

static int walk_dir(struct walk *walk, int dir, size_t path_bytes);

/*
 * A temporary file of a writer that is dead: nobody holds its lock. A failure
 * costs space only, as where the disk is read-only, and the next list tries it.
 */
static void clean_temp(int dir, const char *name, const struct stat *st)
{
	int fd;

	if (!S_ISREG(st->st_mode) || time(NULL) - st->st_mtime < STALE_SECONDS)
		return;
	fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return;
	if (flock(fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK)
		(void)unlinkat(dir, name, 0);
	close(fd);
}

/* Can keys with the prefix lie in the directory at path? */
static bool may_hold(const char *path, const char *prefix)
{
	size_t n = strlen(path);

	if (strlen(prefix) <= n)
		return !strncmp(path, prefix, strlen(prefix));
	return !strncmp(path, prefix, n) && prefix[n] == '/';
}

static int walk_below(struct walk *walk, int dir, const char *name,
		      size_t path_bytes)
{
	int below;
	int r;

	if (!may_hold(walk->path, walk->r->key) || path_bytes >= STORE_KEY_MAX)
		return STORE_OK;
	below = file_dir_below(dir, name);
	if (below == -ENOENT || below == -ENOTDIR)
		return STORE_OK;
	if (below < 0)
		return file_failed(walk->store, walk->r, below);
	walk->path[path_bytes] = '/';
	r = walk_dir(walk, below, path_bytes + 1);
	return r;
}

/* One name of a directory whose path has path_bytes. */
static int visit(struct walk *walk, int dir, const char *name,
		 size_t path_bytes)
{
	size_t room = sizeof(walk->path) - path_bytes;
	size_t n = strlen(name);
	struct stat st;

	if (!strcmp(name, ".") || !strcmp(name, ".."))
		return STORE_OK;
	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT
			       ? STORE_OK
			       : file_failed(walk->store, walk->r, -errno);
	if (!strncmp(name, FILE_TEMP_PREFIX, strlen(FILE_TEMP_PREFIX)))
		clean_temp(dir, name, &st);
	if (!store_segment_ok(name) || n >= room)
		return STORE_OK;
	strcpy(walk->path + path_bytes, name);
	if (S_ISDIR(st.st_mode))
		return walk_below(walk, dir, name, path_bytes + n);
	if (!S_ISREG(st.st_mode) ||
	    strncmp(walk->path, walk->r->key, strlen(walk->r->key)) != 0)
		return STORE_OK;
	return store_entries_add(walk->r, walk->path, st.st_size, st.st_mtime);
}

/* Takes dir. */
static int walk_dir(struct walk *walk, int dir, size_t path_bytes)
{
	DIR *names = fdopendir(dir);
	struct dirent *entry;
	int r = STORE_OK;

	if (!names) {
		r = file_failed(walk->store, walk->r, -errno);
		close(dir);
		return r;
	}
	for (;;) {
		errno = 0;
		entry = readdir(names);
		if (!entry)
			break;
		r = visit(walk, dir, entry->d_name, path_bytes);
		if (r != STORE_OK)
			break;
	}
	if (r == STORE_OK && errno)
		r = file_failed(walk->store, walk->r, -errno);
	closedir(names);
	return r;
}

int file_list(const struct store *store, int root, struct store_request *r)
{
	struct walk walk = { .store = store, .r = r };
	const char *name;
	int dir;

	/* From the directory of the prefix on, not through all of the store. */
	dir = file_dir_parent(root, r->key, false, &name);
	if (dir == -ENOENT)
		return STORE_OK;
	if (dir < 0)
		return file_failed(store, r, dir);
	memcpy(walk.path, r->key, name - r->key);
	if (walk_dir(&walk, dir, name - r->key) != STORE_OK)
		return r->status;
	store_entries_sort(r);
	return STORE_OK;
}
