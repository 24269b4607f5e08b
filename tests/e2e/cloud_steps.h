/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cloud_steps.h - what a person does to carry "work" away and back
 *
 * "personal" is the courier, with a repository on the removable disk, which is
 * carried from device to device; the device is to have one.
 */
#ifndef E2E_CLOUD_STEPS_H
#define E2E_CLOUD_STEPS_H

#include "phone.h"

/* A backup of all of work's memory, on a machine that is busy. */
#define CLOUD_MS	600000

/* Rows of a recovery key, as switchctl prints them. */
#define CLOUD_KEY_ROWS	16

struct cloud_key {
	int nr;
	char row[CLOUD_KEY_ROWS][64];
};

/* Where that is: the default of the images. */
#define CLOUD_REPOSITORY	"/media/osti"

/** cloud_run() - "switchctl COMMAND", which ends well and switches nowhere. */
void cloud_run(struct phone *ph, const char *command);

/** cloud_read_key() - the recovery key of the OS at the console. */
void cloud_read_key(struct phone *ph, struct cloud_key *key);

/**
 * cloud_other_device() - the removable disk is in another device now
 * @key: that of "work"; NULL: nobody types it.
 *
 * That was never used, has other keys, had no power, is switched on and waits in
 * its menu.
 */
void cloud_other_device(struct phone *ph, const struct cloud_key *key);

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
