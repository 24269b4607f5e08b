// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * file.c - files that are read and written at offsets
 */
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int file_read(const struct file *f, void *to, size_t bytes, uint64_t offset)
{
	uint8_t *at = to;

	if (f->fd < 0) {
		if (offset > f->bytes || bytes > f->bytes - offset)
			return -EIO;
		memcpy(to, f->memory + offset, bytes);
		return 0;
	}
	while (bytes) {
		ssize_t n = pread(f->fd, at, bytes, (off_t)offset);

		if (n == 0)
			return -EIO;
		if (n < 0) {
			if (errno == EINTR)
				continue;
			return -errno;
		}
		at += n;
		offset += n;
		bytes -= n;
	}
	return 0;
}

int file_write(const struct file *f, const void *from, size_t bytes,
	       uint64_t offset)
{
	const uint8_t *at = from;

	if (f->fd < 0) {
		if (offset > f->bytes || bytes > f->bytes - offset)
			return -ENOSPC;
		memcpy(f->memory + offset, from, bytes);
		return 0;
	}
	while (bytes) {
		ssize_t n = pwrite(f->fd, at, bytes, (off_t)offset);

		if (n < 0) {
			if (errno == EINTR)
				continue;
			return -errno;
		}
		at += n;
		offset += n;
		bytes -= n;
	}
	return 0;
}

int file_open(struct file *f, const char *path)
{
	off_t end;
	int error;

	f->memory = NULL;
	f->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (f->fd < 0)
		return -errno;
	/* Knows also the size of a block device. */
	end = lseek(f->fd, 0, SEEK_END);
	if (end < 0) {
		error = -errno;
		close(f->fd);
		return error;
	}
	f->bytes = end;
	return 0;
}

int file_create(struct file_new *n, const char *path)
{
	size_t bytes = strlen(path) + sizeof(".XXXXXX");
	int error;

	n->path = path;
	n->temporary = malloc(bytes);
	if (!n->temporary)
		return -ENOMEM;
	snprintf(n->temporary, bytes, "%s.XXXXXX", path);
	n->file.memory = NULL;
	n->file.bytes = 0;
	n->file.fd = mkostemp(n->temporary, O_CLOEXEC);
	if (n->file.fd >= 0)
		return 0;
	error = -errno;
	free(n->temporary);
	return error;
}

int file_commit(struct file_new *n)
{
	int error = 0;

	if (fsync(n->file.fd) || rename(n->temporary, n->path)) {
		error = -errno;
		file_abort(n);
		return error;
	}
	if (close(n->file.fd))
		error = -errno;
	free(n->temporary);
	return error;
}

void file_abort(struct file_new *n)
{
	unlink(n->temporary);
	close(n->file.fd);
	free(n->temporary);
}
