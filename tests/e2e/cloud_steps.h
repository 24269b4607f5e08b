/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cloud_steps.h - what a person does to carry "work" away and back
 *
 * "personal" is the courier, with a repository on its private disk, which stands
 * for a disk that is carried from device to device; its own recovery key opens
 * that disk there.
 */
#ifndef E2E_CLOUD_STEPS_H
#define E2E_CLOUD_STEPS_H

#include "phone.h"

/* A backup of all of work's memory, on a machine that is busy. */
#define CLOUD_MS	300000

/* Rows of a recovery key, as switchctl prints them. */
#define CLOUD_KEY_ROWS	16

struct cloud_key {
	int nr;
	char row[CLOUD_KEY_ROWS][64];
};

/** cloud_use_disk() - let the courier's repository be on its private disk. */
void cloud_use_disk(struct phone *ph);

/** cloud_boot() - boot the courier from the menu, and use its disk. */
void cloud_boot(struct phone *ph);

/** cloud_run() - "switchctl COMMAND", which ends well and switches nowhere. */
void cloud_run(struct phone *ph, const char *command);

/** cloud_read_key() - the recovery key of the OS at the console. */
void cloud_read_key(struct phone *ph, struct cloud_key *key);

/**
 * cloud_other_device() - what carries the repository is in another device now
 * @own: the courier's key, without which its disk does not open.
 * @key: that of "work"; NULL: nobody types it.
 *
 * That has other keys, and a disk for "work" that was never used. It had no
 * power, is switched on and waits in its menu.
 */
void cloud_other_device(struct phone *ph, const struct cloud_key *own,
			const struct cloud_key *key);

/** cloud_check_disk() - is the file system of the OS at the console sound? */
void cloud_check_disk(struct phone *ph);

/**
 * cloud_ask() - "switchctl COMMAND" that brings a copy in, up to the question
 * @key: what the person at the console answers.
 */
void cloud_ask(struct phone *ph, const char *command, const char *key);

/** cloud_bring_in() - the same, the person agrees; "work" is frozen then. */
void cloud_bring_in(struct phone *ph, const char *command);

#endif /* E2E_CLOUD_STEPS_H */
