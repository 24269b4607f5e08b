/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * repo_path.h - keys of the objects of a repository
 *
 *   osti-repository                     what it is
 *   SLOT/packs/PACK                     chunks, and blocks of disks
 *   SLOT/segments/SEGMENT               part of a disk's table
 *   SLOT/backups/NAME                   a backup
 *   SLOT/backups/NAME.N                 what did not fit into it, N from 1
 *   SLOT/holder/NUMBER                  where the slot lives, from 1
 *   SLOT/fossils/NAME                   packs that are to be deleted
 *
 * SLOT is a slot id, PACK and SEGMENT are ids, all in hexadecimal; NAME is 16 digits
 * of seconds since 1970, '-', and 16 digits of a keyed hash; NUMBER has 8
 * decimal digits. So names sort by time and holders by number.
 */
#ifndef REPO_PATH_H
#define REPO_PATH_H

#include <stdbool.h>
#include <stdint.h>

#include "repo_keys.h"

#define REPO_PATH	201	/* bytes of a key's text with its NUL */
#define REPO_NAME	34	/* likewise of a NAME */
#define REPO_CONFIG_PATH "osti-repository"
#define REPO_HOLDER_MAX	99999999U

enum repo_folder {
	REPO_PACKS,
	REPO_BACKUPS,
	REPO_HOLDERS,
	REPO_FOSSILS,
	REPO_SEGMENTS,
};

/* "SLOT/packs/" and so on: a prefix of all keys in it. */
void repo_path_folder(const uint8_t slot[REPO_SLOT], enum repo_folder folder,
		      char path[REPO_PATH]);

/* Make a NAME of a time and the hash of what it names. */
void repo_name_make(const struct repo_keys *keys, uint64_t time,
		    const uint8_t *plain, uint64_t bytes, char name[REPO_NAME]);
/* Is that a NAME? */
bool repo_name_ok(const char *name);
/* Its seconds since 1970; only for a NAME. */
uint64_t repo_name_time(const char *name);

void repo_path_pack(const uint8_t slot[REPO_SLOT], const uint8_t id[REPO_KEY],
		    char path[REPO_PATH]);
void repo_path_segment(const uint8_t slot[REPO_SLOT],
		       const uint8_t id[REPO_KEY], char path[REPO_PATH]);
/* @name is a NAME; @part 0 is the backup itself. */
void repo_path_backup(const uint8_t slot[REPO_SLOT], const char *name,
		      unsigned int part, char path[REPO_PATH]);
/* @number is 1 .. REPO_HOLDER_MAX. */
void repo_path_holder(const uint8_t slot[REPO_SLOT], uint32_t number,
		      char path[REPO_PATH]);
void repo_path_fossil(const uint8_t slot[REPO_SLOT], const char *name,
		      char path[REPO_PATH]);

/*
 * What the last segment of a key says, as a store lists it. False when it is
 * none of that kind: others may put what they like into a bucket.
 */
bool repo_path_is_pack(const char *path, uint8_t id[REPO_KEY]);
bool repo_path_is_segment(const char *path, uint8_t id[REPO_KEY]);
bool repo_path_is_backup(const char *path, char name[REPO_NAME],
			 unsigned int *part);
bool repo_path_is_holder(const char *path, uint32_t *number);
bool repo_path_is_fossil(const char *path, char name[REPO_NAME]);

#endif /* REPO_PATH_H */
