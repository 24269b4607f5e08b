// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * save.c - what the tool makes becomes a file
 */
#include "save.h"

#include "file.h"

enum status save_file(const char *path, const void *content, size_t bytes)
{
	struct file_new n;
	int error = file_create(&n, path);

	if (error)
		return say_failed(path, "cannot create it", error);
	error = file_write(&n.file, content, bytes, 0);
	if (error)
		file_abort(&n);
	else
		error = file_commit(&n);
	return error ? say_failed(path, "cannot write it", error) : DONE;
}
