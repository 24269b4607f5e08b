/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * config.h - /etc/osti/switchd.conf
 */
#ifndef SWITCHD_CONFIG_H
#define SWITCHD_CONFIG_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "daemon/config_backup.h"
#include "daemon/keys.h"
#include "daemon/switcher.h"

#define CONFIG_PATH "/etc/osti/switchd.conf"
#define CONFIG_MAX_USERS 16
#define CONFIG_ERROR_MAX 512

struct config {
	/* [access] */
	gid_t group; /* (gid_t)-1: no group */
	uid_t users[CONFIG_MAX_USERS];
	size_t n_users;
	/* [keys] */
	struct keys_config keys;
	unsigned int override_ms; /* see presses.h */
	/* [start] */
	unsigned int mark_good_after_s; /* 0: never by itself */
	bool raise_least_version;
	/* [hooks] */
	unsigned int hook_timeout_ms;
	bool hook_units; /* where systemd is, see hook_unit.h */
	/* [logind] */
	enum switcher_logind block_locks;
	bool prepare; /* for sleep, see prepare.h */
	struct backup_config backup; /* [backup] */
	/* [paths] */
	char device[PATH_MAX];
	char socket[PATH_MAX];
	char hooks[PATH_MAX]; /* holds pre-freeze.d and post-resume.d */
	char input[PATH_MAX]; /* holds event* */
};

/*
 * What holds without a file. The group is "osti" if there is such a group; the
 * hot key is OSTI_HOTKEY, which the build was configured with.
 * Return: 0, or -EINVAL: OSTI_HOTKEY is not a hot key.
 */
int config_defaults(struct config *config);

/*
 * Sets defaults, then what the file says. On error the text at error names
 * file, line and what is wrong; config is then not to be used.
 * Return: 0, -EINVAL (content), or the error of opening or reading the file
 * (-ENOENT: there is none; then the defaults hold).
 */
int config_load(struct config *config, const char *path,
		char error[CONFIG_ERROR_MAX]);

#endif /* SWITCHD_CONFIG_H */
