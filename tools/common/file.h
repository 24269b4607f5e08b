/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * file.h - files that are read and written at offsets
 *
 * Functions return 0 or a negative errno.
 */
#ifndef FILE_H
#define FILE_H

#include <stddef.h>
#include <stdint.h>

/* A file, or memory when fd is negative. */
struct file {
	int fd;
	uint8_t *memory;
	uint64_t bytes;
};

/* All bytes, or -EIO when the file ends before. */
int file_read(const struct file *f, void *to, size_t bytes, uint64_t offset);
int file_write(const struct file *f, const void *from, size_t bytes,
	       uint64_t offset);

/* Open for reading; bytes is its size. Also for block devices. */
int file_open(struct file *f, const char *path);

/*
 * Begin a file beside path; file_commit() gives it that name when it is
 * complete and on the disk, file_abort() removes it. Nobody else can read it.
 */
struct file_new {
	struct file file;
	const char *path;
	char *temporary;
};

int file_create(struct file_new *n, const char *path);
int file_commit(struct file_new *n);
void file_abort(struct file_new *n);

#endif /* FILE_H */
