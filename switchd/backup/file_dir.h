/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * file_dir.h - the directories of a file:// store
 *
 * Segments of a key are opened one by one and no link is followed, so that
 * nobody who can write to a removable disk can lead us out of it.
 */
#ifndef FILE_DIR_H
#define FILE_DIR_H

#include <stdbool.h>

#include "backup/store.h"

/* Names of files that are no objects yet begin so; those of keys cannot. */
#define FILE_TEMP_PREFIX ".osti-"

/* Return: the store's directory, or -errno. The caller closes. */
int file_dir_root(const char *path);

/*
 * The directory below root that the last segment of a key is in; with make,
 * missing ones are made and are on the disk.
 * Return: it, which the caller closes, with the last segment in name; or -errno.
 */
int file_dir_parent(int root, const char *key, bool make, const char **name);

/* One directory below another. Return: it, or -errno: -ENOTDIR for a link. */
int file_dir_below(int dir, const char *name);

/* Names in it are on the disk now. Return: 0 or -errno. */
int file_dir_sync(int dir);

/* A request failed: its status and text from an errno. Return: the status. */
int file_failed(const struct store *store, struct store_request *r, int error);

/* All keys in the store. Return: r's status. */
int file_list(const struct store *store, int root, struct store_request *r);

/* PUT and CREATE. Return: r's status. */
int file_put(const struct store *store, int root, struct store_request *r);

#endif /* FILE_DIR_H */
