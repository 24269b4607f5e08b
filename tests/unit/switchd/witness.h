/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * witness.h - looks into the repository of a fake device's slot 2, without the
 * programs that made it
 *
 * All of these end the test on an error.
 */
#ifndef TEST_SWITCHD_WITNESS_H
#define TEST_SWITCHD_WITNESS_H

#include <stdbool.h>
#include <stddef.h>

/* What is visible is whole. Return: number of backups. */
size_t witness_check(const char *repository, bool read_data);

/*
 * The last backup opens, and is of this memory and disk (NULL: it has none).
 * Return: false if it is of others.
 */
bool witness_last(const char *repository, const char *ram, const char *disk);

/* There is one of that, among others. */
bool witness_any(const char *repository, const char *ram, const char *disk);

/* Where the OS lives. */
struct witness_home {
	unsigned int number;	/* of the record; 0: it was never pushed */
	bool in_repository;
	char label[33];		/* of the device that said so */
};

void witness_home(const char *repository, struct witness_home *home);
/* Likewise, of the backup that the record names. */
bool witness_pushed(const char *repository, const char *ram, const char *disk);

/* Packs, and segments of disks. */
struct witness_packs {
	size_t used;		/* by backups */
	size_t listed;		/* of the others: to be deleted */
	size_t free;		/* and these are not */
};

void witness_packs(const char *repository, struct witness_packs *packs);

#endif /* TEST_SWITCHD_WITNESS_H */
