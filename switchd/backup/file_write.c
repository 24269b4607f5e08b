// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * file_write.c - write an object of a file:// store, all of it or nothing
 *
 * It gets its name when its bytes are on the disk.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backup/file_dir.h"
#include "backup/store_backend.h"
#include "backup/store_message.h"
#include "common/util.h"

/* So often somebody takes our temporary file for a dead writer's. */
#define TRIES 5

struct temp {
	int dir;
	char name[sizeof(FILE_TEMP_PREFIX) + 16];
};

/* Locked for as long as its writer lives; file_list.c tries that lock. */
static int temp_open(struct temp *temp)
{
	uint64_t number;
	int fd;

	if (getrandom(&number, sizeof(number), 0) != sizeof(number))
		return -EIO;
	snprintf(temp->name, sizeof(temp->name), FILE_TEMP_PREFIX "%016" PRIx64,
		 number);
	fd = openat(temp->dir, temp->name,
		    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
	if (fd < 0)
		return -errno;
	/* Without locks, age alone says whether a writer is dead. */
	(void)flock(fd, LOCK_EX | LOCK_NB);
	return fd;
}

static int write_all(int fd, const uint8_t *bytes, size_t n)
{
	int error = util_write(fd, bytes, n);

	if (error)
		return error;
	return fsync(fd) < 0 ? -errno : 0;
}

/*
 * The name must not be there. A link says so on most file systems; FAT and
 * exFAT have none, but can rename so.
 */
static int name_new(const struct temp *temp, const char *name)
{
	if (linkat(temp->dir, temp->name, temp->dir, name, 0) == 0)
		return 0;
	if (errno != EPERM && errno != EOPNOTSUPP && errno != ENOSYS &&
	    errno != EMLINK)
		return -errno;
	if (renameat2(temp->dir, temp->name, temp->dir, name,
		      RENAME_NOREPLACE) == 0)
		return 0;
	return errno == EINVAL ? -EOPNOTSUPP : -errno;
}

static int name_any(const struct temp *temp, const char *name)
{
	if (renameat(temp->dir, temp->name, temp->dir, name) < 0)
		return -errno;
	return 0;
}

/* Is it there, and an object? Return: 0 = no, or -EEXIST, -EISDIR, -errno. */
static int look(int dir, const char *name)
{
	struct stat st;

	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 0 : -errno;
	return S_ISREG(st.st_mode) ? -EEXIST : -EISDIR;
}

static int write_in(int dir, const char *name, const struct store_request *r)
{
	struct temp temp = { .dir = dir };
	int error;
	int fd;

	error = look(dir, name);
	if (error < 0 && (error != -EEXIST || r->op == STORE_CREATE))
		return error;
	fd = temp_open(&temp);
	if (fd < 0)
		return fd == -ENOENT ? -EAGAIN : fd;
	error = write_all(fd, r->body, r->body_bytes);
	if (error == 0) {
		error = r->op == STORE_CREATE ? name_new(&temp, name)
					      : name_any(&temp, name);
		if (error == -ENOENT)
			error = -EAGAIN;
	}
	/* It is gone already where it was renamed. */
	(void)unlinkat(dir, temp.name, 0);
	/* Not before: the lock ends here. */
	close(fd);
	return error == 0 ? file_dir_sync(dir) : error;
}

int file_put(const struct store *store, int root, struct store_request *r)
{
	const char *name = NULL;
	int error = -EAGAIN;
	int tries;
	int dir;

	/* Frozen for an hour in the middle, its temporary file was removed. */
	for (tries = 0; tries < TRIES && error == -EAGAIN; tries++) {
		dir = file_dir_parent(root, r->key, true, &name);
		if (dir < 0)
			return file_failed(store, r, dir);
		error = write_in(dir, name, r);
		close(dir);
	}
	if (error == -EEXIST)
		return store_fail(r, STORE_E_EXISTS,
				  "CREATE %s: it is in %s already", r->key,
				  store->name);
	if (error == -EOPNOTSUPP)
		return store_fail(
			r, STORE_E_CONFIG,
			"CREATE %s: the file system of %s has neither hard links nor a rename that keeps what is there: use another one",
			r->key, store->name);
	return error < 0 ? file_failed(store, r, error) : STORE_OK;
}
