/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cloud.h - benches of backups: bytes, time, memory and requests
 */
#ifndef BENCH_CLOUD_H
#define BENCH_CLOUD_H

#include "ours.h"

/** bench_cloud() - all of it. */
void bench_cloud(void);

/**
 * check_cloud() - one small backup and its restore, in a line of TAP
 *
 * What stands in the monitor's place here has to follow switchd-backup, and
 * otherwise only who runs the bench would notice that it does not.
 */
void check_cloud(void);

/* ---- Its parts ------------------------------------------------------------- */

/**
 * struct cloud_images - the memory of an OS at two times
 * @first:	after it has worked for a while.
 * @second:	after it was used for half a minute more.
 */
struct cloud_images {
	struct memory first, second;
};

/** cloud_images_make() - by an emulated device, into files of @dir. */
void cloud_images_make(struct cloud_images *images, const char *dir);

/** cloud_memory_make() - memory like that of an OS, as a file. */
struct memory cloud_memory_make(const char *path, uint64_t bytes);

/** cloud_memory_look() - count the pages of a file that are not zero. */
struct memory cloud_memory_look(const char *path);

/** cloud_peers() - bytes and rates beside restic and borg. */
void cloud_peers(const struct cloud_images *images, const char *dir);

/** cloud_way() - with a server that is near, and one that is far away. */
void cloud_way(const struct cloud_images *images, const char *dir);

/** cloud_rss() - how much memory switchd-backup needs. */
void cloud_rss(const char *dir);

/** cloud_phone() - on an emulated device: its timers, and push and pull. */
void cloud_phone(void);

#endif /* BENCH_CLOUD_H */
