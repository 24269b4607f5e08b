/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * storage.h - what an emulated device keeps without power
 *
 * Its private disks data-NAME.img, the store disk store.img, the NV flash nv.img, that
 * of the firmware, flash.img, if it is kept, an exchange disk exchange.img and a
 * removable disk removable.img, as files without a name that are gone with the test.
 */
#ifndef TEST_STORAGE_H
#define TEST_STORAGE_H

struct storage;

/* What to copy. */
#define STORAGE_NV	(1U << 0)	/* all flash */
#define STORAGE_STORE	(1U << 1)
#define STORAGE_DATA	(1U << 2)	/* private disks, exchange disk */
#define STORAGE_REMOVABLE	(1U << 3)
#define STORAGE_ALL	(STORAGE_NV | STORAGE_STORE | STORAGE_DATA | \
			 STORAGE_REMOVABLE)

/**
 * storage_new() - the storage of a new device, from the build's images
 * @dir:	directory for the time of this call, whose file system the files
 *		are on.
 * @saved:	directory of storage_save(), whose files it has instead; NULL for
 *		none.
 */
struct storage *storage_new(const char *dir, const char *saved);

/** storage_save() - copy all files into a directory, by their names. */
void storage_save(const struct storage *st, const char *dir);

/**
 * storage_copy() - copy some of it, or all
 * @parts:	STORAGE_*; the copy has these only.
 */
struct storage *storage_copy(const struct storage *st, unsigned int parts);

/** storage_put() - replace what a copy has by a copy of that. */
void storage_put(struct storage *st, const struct storage *saved);

/**
 * storage_new_flash() - give it a flash for the firmware that is kept
 * @dir:	as above.
 * @firmware:	what it begins with.
 */
void storage_new_flash(struct storage *st, const char *dir, const char *firmware);

/**
 * storage_new_nv() - replace the NV flash by that of another device
 * @dir:	as above.
 */
void storage_new_nv(struct storage *st, const char *dir);

/**
 * storage_other() - replace all but the removable disk by that of another device
 * @dir:	as above.
 */
void storage_other(struct storage *st, const char *dir);

/**
 * storage_file() - one of the files
 * @name:	such as "store.img".
 *
 * Return: a descriptor to read and write with, which remains the storage's; it
 * ends with the storage and when the file is replaced.
 */
int storage_file(const struct storage *st, const char *name);

/** storage_link() - let links in a directory lead to the files. */
void storage_link(const struct storage *st, const char *dir);

/** storage_free() - forget the files; NULL is fine. */
void storage_free(struct storage *st);

#endif /* TEST_STORAGE_H */
