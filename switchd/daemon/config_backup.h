/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * config_backup.h - section [backup] of switchd.conf
 */
#ifndef SWITCHD_CONFIG_BACKUP_H
#define SWITCHD_CONFIG_BACKUP_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CONFIG_BACKUP_URL_MAX 512
#define CONFIG_BACKUP_NAME_MAX 64
#define CONFIG_BACKUP_KEEP 4
/* A repository has room for no more. */
#define CONFIG_BACKUP_LABEL_MAX 33

/* Texts are empty when they are not given. */
struct backup_config {
	/* Where backups go. */
	char repository[CONFIG_BACKUP_URL_MAX];
	char endpoint[CONFIG_BACKUP_URL_MAX];
	char region[CONFIG_BACKUP_NAME_MAX];
	char ca[PATH_MAX];
	char credentials[PATH_MAX];
	bool virtual_host;
	unsigned int parallel; /* 0: as the store likes */
	uint64_t limit_upload; /* bytes in a second; 0: none */
	uint64_t limit_download;
	/* When they are made by themselves. */
	unsigned int interval_s; /* 0: never */
	unsigned int window_begin; /* minutes of the day, local time */
	unsigned int window_end; /* equal to the begin: the whole day */
	bool only_on_mains;
	char networks[CONFIG_BACKUP_URL_MAX]; /* with commas; "": any */
	bool rest_when_busy;
	/* last, daily, weekly, monthly; all 0: everything is kept */
	unsigned int keep[CONFIG_BACKUP_KEEP];
	bool again_after_switch;
	/* Who makes them, and what this device is called there. */
	bool own_unit; /* where systemd is, see courier_unit.h */
	char user[CONFIG_BACKUP_NAME_MAX];
	char program[PATH_MAX];
	char state[PATH_MAX];
	char device_name[CONFIG_BACKUP_LABEL_MAX]; /* "": the host's name */
};

void config_backup_defaults(struct backup_config *config);

/*
 * Whether the network of that name is one for backups: "" is there when there is
 * none, NULL when it is not known, which is no reason against one.
 */
bool config_backup_has_network(const struct backup_config *config,
			       const char *name);

/* Number of a key, from 0 to 31, or -1: there is none of that name. */
int config_backup_key(const char *name);

/*
 * Sets what a key says. Return: 0, or -EINVAL and what is wrong with the value,
 * at why.
 */
int config_backup_set(struct backup_config *config, int key, const char *value,
		      char *why, size_t room);

#endif /* SWITCHD_CONFIG_BACKUP_H */
