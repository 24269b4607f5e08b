// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * file_dir.c - the directories of a file:// store
 */
#include "backup/file_dir.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backup/store_backend.h"
#include "backup/store_message.h"

int file_dir_root(const char *path)
{
	int dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return dir < 0 ? -errno : dir;
}

int file_dir_below(int dir, const char *name)
{
	int below = openat(dir, name,
			   O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (below >= 0)
		return below;
	return errno == ELOOP ? -ENOTDIR : -errno;
}

int file_dir_sync(int dir)
{
	/* Some file systems of FUSE cannot, and say so. */
	if (fsync(dir) == 0 || errno == EINVAL || errno == ENOTSUP)
		return 0;
	return -errno;
}

static int enter(int dir, const char *name, bool make)
{
	int below = file_dir_below(dir, name);
	int r;

	if (below != -ENOENT || !make)
		return below;
	if (mkdirat(dir, name, 0777) < 0 && errno != EEXIST)
		return -errno;
	/* What is written below is lost if this name is. */
	r = file_dir_sync(dir);
	return r < 0 ? r : file_dir_below(dir, name);
}

int file_dir_parent(int root, const char *key, bool make, const char **name)
{
	char segment[STORE_KEY_MAX + 1];
	const char *slash;
	int dir = fcntl(root, F_DUPFD_CLOEXEC, 0);
	int below;

	if (dir < 0)
		return -errno;
	for (; (slash = strchr(key, '/')); key = slash + 1) {
		assert(slash - key <= STORE_KEY_MAX);
		memcpy(segment, key, slash - key);
		segment[slash - key] = '\0';
		below = enter(dir, segment, make);
		close(dir);
		if (below < 0)
			return below;
		dir = below;
	}
	*name = key;
	return dir;
}

int file_failed(const struct store *store, struct store_request *r, int error)
{
	const char *op = store_op_text(r->op);

	switch (-error) {
	case ENOENT:
		return store_fail(r, STORE_E_NOT_FOUND,
				  "%s %s: there is no such object in %s", op,
				  r->key, store->name);
	case ENOSPC:
	case EDQUOT:
		return store_fail(
			r, STORE_E_FULL,
			"%s %s: %s: %s: make room there, or prune old backups",
			op, r->key, store->name, strerror(-error));
	case EACCES:
	case EPERM:
	case EROFS:
		return store_fail(
			r, STORE_E_DENIED,
			"%s %s: %s: %s: who makes backups must be allowed to read and write there",
			op, r->key, store->name, strerror(-error));
	case EISDIR:
	case ENOTDIR:
	case ELOOP:
		return store_fail(
			r, STORE_E_IO,
			"%s %s: in %s a directory, link or special file has the name of an object or of its directory: move it away",
			op, r->key, store->name);
	default:
		return store_fail(r, STORE_E_IO, "%s %s: %s: %s", op, r->key,
				  store->name, strerror(-error));
	}
}
