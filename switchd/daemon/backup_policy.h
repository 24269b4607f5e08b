/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * backup_policy.h - backups that nobody asks for
 *
 * Every slot whose OS is frozen or hibernated, and ran since it was saved last, is
 * saved again when [backup] of switchd.conf says so. What was saved, and when, is noted on disk.
 * While the CPUs are busy with other work such a backup rests.
 */
#ifndef SWITCHD_BACKUP_POLICY_H
#define SWITCHD_BACKUP_POLICY_H

#include <stdbool.h>
#include <stdint.h>

#include <systemd/sd-event.h>

#include "daemon/backup.h"
#include "daemon/config_backup.h"
#include "daemon/device.h"

/* A failure is not repeated before that. */
#define BACKUP_POLICY_RETRY_S 3600

/* What stopped when: no two are equal of which the OS ran in between. */
struct backup_policy_stop {
	uint64_t number; /* entries of the slot, or generation of its image */
	uint64_t frozen_at; /* 0: it is an image */
};

/* What is known of a slot. */
struct backup_policy_slot {
	struct backup_policy_stop stop; /* as it was saved */
	bool saved;
	int64_t not_before; /* on CLOCK_BOOTTIME, in seconds; 0: at any time */
};

struct backup_policy;

/*
 * All of these stay the caller's and must live as long as the policy. With an
 * interval of 0 nothing ever happens.
 * Return: 0 and *ret, which the caller ends with backup_policy_free(), or a
 * negative errno.
 */
int backup_policy_new(sd_event *event, struct device *device,
		      struct backup_jobs *jobs,
		      const struct backup_config *config,
		      struct backup_policy **ret);
void backup_policy_free(struct backup_policy *policy); /* NULL is allowed */

/* ---- What it decides by, for tests --------------------------------------- */

/*
 * What there is to save of a slot; @image, if not NULL, is what the monitor knows
 * of its images. Return: false: nothing.
 */
bool backup_policy_stopped(const struct osti_ioc_slot *slot,
			   const struct osti_ioc_image *image,
			   struct backup_policy_stop *ret);

/* Has its OS run since it was saved, and is it time? */
bool backup_policy_is_due(const struct backup_policy_slot *known,
			  const struct backup_policy_stop *stop, int64_t now);

/* Is this minute of the day in the window, which may go over midnight? */
bool backup_policy_in_window(const struct backup_config *config,
			     unsigned int minute);

/*
 * Share of the last 10 s in which some task had to wait for a CPU, in percent,
 * from the text of /proc/pressure/cpu. Return: 0, or -EINVAL.
 */
int backup_policy_pressure(const char *text, double *ret);

/*
 * Is the device on mains, by a directory as /sys/class/power_supply is? True also
 * when that is not known.
 */
bool backup_policy_on_mains(const char *dir);

#endif /* SWITCHD_BACKUP_POLICY_H */
