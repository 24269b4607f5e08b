/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * freezer.h - the kernel's freezer: how long it waits for a task, and what it
 * says of those that do not stop; a fake of tests is in its place
 */
#ifndef SWITCHD_FREEZER_H
#define SWITCHD_FREEZER_H

/*
 * How long all tasks together may take to stop, in ms
 * (Documentation/ABI/testing/sysfs-power, pm_freeze_timeout).
 * Return: 0, or a negative errno.
 */
int freezer_limit(unsigned int *ms);
int freezer_set_limit(unsigned int ms);

/*
 * Opens the kernel's log for what will be said from now on; the caller closes
 * it. A read never waits: it gives a record, of the format of
 * Documentation/ABI/testing/dev-kmsg, or no bytes, or EAGAIN when there is none;
 * EPIPE means that records were overwritten.
 * Return: the descriptor, or a negative errno.
 */
int freezer_log(void);

#endif /* SWITCHD_FREEZER_H */
