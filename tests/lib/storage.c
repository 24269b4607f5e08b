// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * storage.c - what an emulated device keeps without power
 */
#include "storage.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "device.h"
#include "fail.h"

#define MAX_FILES	16

struct file {
	char *name;
	int fd;
};

struct storage {
	struct file files[MAX_FILES];
	int nr;
};

static char *join(const char *dir, const char *name)
{
	char *path;

	if (asprintf(&path, "%s/%s", dir, name) < 0)
		test_fail("out of memory");
	return path;
}

static unsigned int part_of(const char *name)
{
	if (!strcmp(name, "nv.img") || !strcmp(name, "flash.img"))
		return STORAGE_NV;
	if (!strcmp(name, "removable.img"))
		return STORAGE_REMOVABLE;
	return strcmp(name, "store.img") ? STORAGE_DATA : STORAGE_STORE;
}

/* ---- Files ------------------------------------------------------------------ */

static void set_file(struct storage *st, const char *name, int fd)
{
	int i;

	for (i = 0; i < st->nr; i++) {
		if (!strcmp(st->files[i].name, name)) {
			close(st->files[i].fd);
			st->files[i].fd = fd;
			return;
		}
	}
	if (st->nr == MAX_FILES)
		test_fail("storage: more than %d files", MAX_FILES);
	st->files[st->nr].name = strdup(name);
	if (!st->files[st->nr].name)
		test_fail("out of memory");
	st->files[st->nr++].fd = fd;
}

/* From now on only the descriptor leads to it. */
static void take_file(struct storage *st, const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);

	if (fd < 0 || unlink(path))
		test_fail("storage: cannot open and unlink %s: %s", path,
			  strerror(errno));
	set_file(st, basename(path), fd);
}

static void copy_range(int to, int from, off_t at, off_t end, const char *name)
{
	loff_t in = at, out = at;
	ssize_t n;

	while (in < end) {
		n = copy_file_range(from, &in, to, &out, end - in, 0);
		if (n <= 0)
			test_fail("storage: cannot copy %s: %s", name,
				  n ? strerror(errno) : "it got shorter");
	}
}

/* Holes stay holes: most of these files is one. */
static int copy_file(const struct file *file)
{
	const char *tmp = getenv("TMPDIR");
	off_t at = 0, end;
	struct stat st;
	int fd;

	if (!tmp)
		tmp = "/tmp";
	fd = open(tmp, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	if (fd < 0 || fstat(file->fd, &st) || ftruncate(fd, st.st_size))
		test_fail("storage: cannot make a file in %s: %s", tmp,
			  strerror(errno));
	while ((at = lseek(file->fd, at, SEEK_DATA)) >= 0) {
		end = lseek(file->fd, at, SEEK_HOLE);
		copy_range(fd, file->fd, at, end, file->name);
		at = end;
	}
	/* "no more data" */
	if (errno != ENXIO)
		test_fail("storage: lseek in %s: %s", file->name,
			  strerror(errno));
	return fd;
}

int storage_file(const struct storage *st, const char *name)
{
	int i;

	for (i = 0; i < st->nr; i++)
		if (!strcmp(st->files[i].name, name))
			return st->files[i].fd;
	test_fail("storage: there is no file %s", name);
}

/* ---- A new device ------------------------------------------------------------- */

static void take_image(struct storage *st, const char *dir, const char *from)
{
	char *to = join(dir, basename(from));

	host_run((const char *const[]){ "cp", "--sparse=always",
		 "--reflink=auto", from, to, NULL });
	take_file(st, to);
	free(to);
}

static void take_images(struct storage *st, const char *dir, const char *from,
			const char *what)
{
	char *pattern = join(from, what);
	glob_t found;
	size_t i;

	if (glob(pattern, 0, NULL, &found))
		test_fail("there is no %s; run make first", pattern);
	for (i = 0; i < found.gl_pathc; i++)
		take_image(st, dir, found.gl_pathv[i]);
	globfree(&found);
	free(pattern);
}

static void take_inside(struct storage *st, const char *dir, const char *from)
{
	take_images(st, dir, from, "data-*.img");
	take_images(st, dir, from, "store.img");
	take_images(st, dir, from, "exchange.img");
}

struct storage *storage_new(const char *dir, const char *saved)
{
	struct storage *st = calloc(1, sizeof(*st));
	char *images = build_path("images");
	const char *from = saved ? saved : images;

	if (!st)
		test_fail("out of memory");
	take_inside(st, dir, from);
	take_images(st, dir, from, "nv.img");
	take_images(st, dir, from, "removable.img");
	free(images);
	return st;
}

void storage_save(const struct storage *st, const char *dir)
{
	char from[64], *to;
	int i;

	for (i = 0; i < st->nr; i++) {
		snprintf(from, sizeof(from), "/proc/%d/fd/%d", getpid(),
			 st->files[i].fd);
		to = join(dir, st->files[i].name);
		host_run((const char *const[]){ "cp", "--sparse=always", from,
			 to, NULL });
		free(to);
	}
}

void storage_new_flash(struct storage *st, const char *dir, const char *firmware)
{
	char *path = join(dir, "flash.img");

	host_run((const char *const[]){ "cp", firmware, path, NULL });
	host_run((const char *const[]){ "truncate", "-s", "64M", path, NULL });
	take_file(st, path);
	free(path);
}

void storage_new_nv(struct storage *st, const char *dir)
{
	char *tool = build_path("osti-nv/osti-nv"), *path = join(dir, "nv.img");

	host_run((const char *const[]){ tool, "create", path, NULL });
	take_file(st, path);
	free(path);
	free(tool);
}

void storage_other(struct storage *st, const char *dir)
{
	char *images = build_path("images");

	take_inside(st, dir, images);
	storage_new_nv(st, dir);
	free(images);
}

/* ---- Copies -------------------------------------------------------------------- */

struct storage *storage_copy(const struct storage *st, unsigned int parts)
{
	struct storage *copy = calloc(1, sizeof(*copy));
	int i;

	if (!copy)
		test_fail("out of memory");
	for (i = 0; i < st->nr; i++)
		if (part_of(st->files[i].name) & parts)
			set_file(copy, st->files[i].name,
				 copy_file(&st->files[i]));
	return copy;
}

void storage_put(struct storage *st, const struct storage *saved)
{
	int i;

	for (i = 0; i < saved->nr; i++)
		set_file(st, saved->files[i].name,
			 copy_file(&saved->files[i]));
}

void storage_link(const struct storage *st, const char *dir)
{
	char target[64], *path;
	int i;

	for (i = 0; i < st->nr; i++) {
		snprintf(target, sizeof(target), "/proc/%d/fd/%d", getpid(),
			 st->files[i].fd);
		path = join(dir, st->files[i].name);
		if (symlink(target, path))
			test_fail("storage: cannot make the link %s: %s", path,
				  strerror(errno));
		free(path);
	}
}

void storage_free(struct storage *st)
{
	int i;

	if (!st)
		return;
	for (i = 0; i < st->nr; i++) {
		close(st->files[i].fd);
		free(st->files[i].name);
	}
	free(st);
}
