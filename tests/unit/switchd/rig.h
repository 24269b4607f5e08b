/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rig.h - a device with a repository in a directory: switchd, switchctl and
 * switchd-backup as programs, with a fake device and a fake monitor
 *
 * Its slot 2, "work", is frozen; its own is slot 1. All of these end the test on
 * an error.
 */
#ifndef TEST_SWITCHD_RIG_H
#define TEST_SWITCHD_RIG_H

#include "programs.h"

/* Whoever the helper runs as: not root. */
const char *helper_user(void);
/* A directory that is the helper's. */
void make_his(struct fixture *f, const char *name);

/* What of a device its configuration tells. */
struct rig_config {
	const char *home;	/* directory with the repository */
	const char *state;	/* directory of its own, below that of the fixture */
	const char *label;
	const char *more;	/* settings of [backup] */
};

void configure_as(struct fixture *f, const struct rig_config *c);
/* The device that setup_backup() makes. */
void configure(struct fixture *f, const char *more);

/* Memory of a slot: a pattern that no two pages have, from the seed on. */
void write_ram(struct fixture *f, unsigned int slot, uint32_t seed);
#define DISK_BYTES (3u * 256 * 1024 + 4096)
/* Of a slot: noise but for one block, which everybody may write. */
void write_disk(struct fixture *f, unsigned int slot, uint32_t seed);
/* A slot's state as the fake monitor tells it. */
void set_state(struct fixture *f, unsigned int slot, const char *value);
#define EMPTY "0"
#define FROZEN "3"

bool same_files(struct fixture *f, const char *a, const char *b);
/* Waits until there is no job. */
void wait_idle(struct fixture *f);

/*
 * Memory and disk of work from that seed on, in a freeze of their own; a small
 * slot with small packs, so that there is more than one.
 */
void freeze(struct fixture *f, uint32_t what);

/* More than a time of grace goes by for a device, and for a repository. */
void pass_grace(struct fixture *f);
void age_repository(const char *dir);

/* A file of the fixture; the text is good for three more calls. */
const char *in(struct fixture *f, const char *name);
/* Runs a command there, which has to work. */
void shell(struct fixture *f, const char *command);

/* Counts events of the device (event_fake.h) from here on. */
void count_events(struct fixture *f);
unsigned int events(struct fixture *f);
/* Holds the event of that number, or what it is. */
void hold_event(struct fixture *f, const char *which);
/*
 * Waits until it is held. Return: for let_go(), or -1: switchctl has ended
 * before, with *status.
 */
int wait_held(struct fixture *f, pid_t asker, int *status);
void let_go(struct fixture *f, int fd);

/* For cmocka: not started; started; with a repository and a backup of work. */
int setup_backup(void **state);
int setup_running(void **state);
int setup_saved(void **state);

#endif /* TEST_SWITCHD_RIG_H */
