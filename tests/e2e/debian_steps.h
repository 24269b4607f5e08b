/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * debian_steps.h - what tests do at the console of a Debian system
 *
 * Needs "make debian".
 */
#ifndef E2E_DEBIAN_STEPS_H
#define E2E_DEBIAN_STEPS_H

#include "phone.h"

/* The first boot writes a whole system, and it is three times that when others run. */
#define DEBIAN_FIRST_MS		1200000
#define DEBIAN_RUNNING_MS	600000

/**
 * debian_start() - a device with Debian on its disks that was never on, at its menu
 * @name: as in struct device_options.
 */
struct phone *debian_start(const char *name);

/**
 * debian_start_desktop() - the same with a display, and with the desktop's Debian in
 * "personal"; "work" is the small system of other tests
 */
struct phone *debian_start_desktop(const char *name);

/** debian_user, debian_password - who was set up, for logging in. */
extern const char debian_user[], debian_password[];

/** debian_first_user() - wait for a first boot's question, and answer it. */
void debian_first_user(struct phone *ph, int slot);

/** debian_log_in() - wait for the login, and get a shell of root's for tests. */
void debian_log_in(struct phone *ph, int slot);

/** debian_check_running() - nothing has failed, and the journal has no error. */
void debian_check_running(struct phone *ph);

#endif /* E2E_DEBIAN_STEPS_H */
