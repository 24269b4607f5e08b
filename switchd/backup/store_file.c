// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * store_file.c - a store in a directory
 *
 * Its directory is opened for each request: a disk that is not in use can be
 * unmounted, and one that was mounted later is found.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backup/file_dir.h"
#include "backup/store_backend.h"
#include "backup/store_message.h"
#include "backup/store_url.h"
#include "common/util.h"

/* A link is no object, and a FIFO must not make us wait. */
static int open_object(int root, const char *key)
{
	const char *name;
	int dir = file_dir_parent(root, key, false, &name);
	int fd;

	if (dir < 0)
		return dir;
	fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		fd = -errno;
	close(dir);
	return fd;
}

static int read_all(int fd, struct store_request *r, size_t n)
{
	r->got = malloc(n ? n : 1);
	if (!r->got)
		return -ENOMEM;
	while (r->got_bytes < n) {
		ssize_t got = pread(fd, r->got + r->got_bytes, n - r->got_bytes,
				    (off_t)(r->offset + r->got_bytes));

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (got == 0)
			break;
		r->got_bytes += got;
	}
	return 0;
}

static int get(const struct store *store, int root, struct store_request *r)
{
	_cleanup_close_ int fd = open_object(root, r->key);
	struct stat st;
	uint64_t n;
	int error;

	if (fd < 0)
		return file_failed(store, r, fd);
	if (fstat(fd, &st) < 0)
		return file_failed(store, r, -errno);
	if (!S_ISREG(st.st_mode))
		return file_failed(store, r, -EISDIR);
	n = (uint64_t)st.st_size > r->offset ? st.st_size - r->offset : 0;
	if (r->bytes && n > r->bytes)
		n = r->bytes;
	if (n > STORE_OBJECT_MAX)
		return store_fail(
			r, STORE_E_LIMIT,
			"GET %s: the file in %s has %lld bytes, an object has at most %u: it is none of ours",
			r->key, store->name, (long long)st.st_size,
			STORE_OBJECT_MAX);
	error = read_all(fd, r, n);
	return error < 0 ? file_failed(store, r, error) : STORE_OK;
}

static int discard(const struct store *store, int root, struct store_request *r)
{
	const char *name;
	_cleanup_close_ int dir = file_dir_parent(root, r->key, false, &name);
	int error = 0;

	if (dir == -ENOENT)
		return STORE_OK;
	if (dir < 0)
		return file_failed(store, r, dir);
	if (unlinkat(dir, name, 0) == 0)
		error = file_dir_sync(dir);
	else if (errno != ENOENT)
		error = -errno;
	return error < 0 ? file_failed(store, r, error) : STORE_OK;
}

static int no_root(const struct store *store, struct store_request *r,
		   int error)
{
	if (error != -ENOENT && error != -ENOTDIR)
		return file_failed(store, r, error);
	return store_fail(
		r, STORE_E_NO_STORE,
		"%s %s: there is no directory %s: connect and mount the disk, or make the directory",
		store_op_text(r->op), r->key, store->name);
}

static int carry_out(struct store *store, struct store_request *r)
{
	_cleanup_close_ int root = file_dir_root(store->own);

	if (root < 0)
		return no_root(store, r, root);
	switch (r->op) {
	case STORE_GET:
		return get(store, root, r);
	case STORE_PUT:
	case STORE_CREATE:
		return file_put(store, root, r);
	case STORE_DELETE:
		return discard(store, root, r);
	default:
		return file_list(store, root, r);
	}
}

static void file_run(struct store *store, int ms)
{
	struct store_request *r = store_next(store);

	(void)ms;
	if (!r)
		return;
	store->counts.requests++;
	if (carry_out(store, r) == STORE_OK) {
		store->counts.sent += r->body_bytes;
		store->counts.received += r->got_bytes;
	}
	store_ready(store, r);
}

static void file_close(struct store *store)
{
	free(store->own);
}

/* It has a request only while it carries it out. */
static struct store_request *file_any(struct store *store)
{
	(void)store;
	return NULL;
}

static void file_drop(struct store *store, struct store_request *r)
{
	(void)store;
	(void)r;
	abort();
}

static const struct store_backend file_backend = {
	.close = file_close,
	.run = file_run,
	.any = file_any,
	.drop = file_drop,
};

int store_file_open(struct store *store, const struct store_url *url,
		    char *message, size_t room)
{
	store->backend = &file_backend;
	store->own = strdup(url->dir);
	if (!store->own)
		return store_say(message, room, STORE_E_IO, "out of memory");
	return STORE_OK;
}
