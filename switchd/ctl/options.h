/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * options.h - the command line of switchctl
 */
#ifndef SWITCHCTL_OPTIONS_H
#define SWITCHCTL_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

enum command {
	COMMAND_LIST,
	COMMAND_STATUS,
	COMMAND_SWITCH,
	COMMAND_HIBERNATE,
	COMMAND_POWEROFF,
	COMMAND_IMAGES,
	COMMAND_VERIFY,
	COMMAND_DROP,
	COMMAND_MARK_GOOD,
	COMMAND_BOOT_IMAGE,
	COMMAND_FIRMWARE,
	COMMAND_RECOVERY_KEY,
	COMMAND_DISK_KEY,
	COMMAND_INHIBIT,
	COMMAND_LOG,
	COMMAND_STATS,
	COMMAND_BACKUP,
	COMMAND_BACKUPS,
	COMMAND_RESTORE,
	COMMAND_VERIFY_BACKUP,
	COMMAND_FORGET,
	COMMAND_PRUNE,
	COMMAND_PUSH,
	COMMAND_PULL,
	COMMAND_BACKUP_CANCEL,
	COMMAND_REPO,
	COMMAND_VERSION,
	COMMAND_ASLEEP,
	COMMANDS
};

/* last, daily, weekly, monthly */
#define OPTIONS_KEEP 4

struct backup_options {
	const char *id; /* NULL: not given; of boot-image the file */
	bool has_upload;
	bool has_download;
	uint64_t limit_upload; /* bytes in a second, 0: no limit */
	uint64_t limit_download;
	int keep[OPTIONS_KEEP]; /* -1: not given */
	bool force; /* also of switch */
	bool read_data;
	bool dry_run;
};

struct options {
	enum command command;
	bool json;
	const char *socket;
	const char *target; /* what a command is about; NULL: it needs none */
	bool keep_older; /* mark-good */
	const char *device; /* recovery-key, disk-key */
	const char *file; /* boot-image and firmware install */
	const char *exchange; /* of these; NULL: where the device tree says */
	bool qr; /* recovery-key: as QR code */
	bool text; /* recovery-key: as text; neither or both: as both */
	bool yes; /* recovery-key: do not ask */
	const char *who; /* inhibit; NULL = name of the program */
	const char *why; /* inhibit */
	char **argv; /* inhibit: the program and its arguments */
	bool follow; /* log */
	bool verify; /* log */
	int count; /* stats: 1 to 64 */
	bool svg; /* stats: as a picture */
	struct backup_options backup;
};

/* Exit statuses, part of the interface: see switchctl(1). */
enum {
	STATUS_OK = 0,
	STATUS_FAILED = 1,
	STATUS_USAGE = 2,
	STATUS_UNREACHABLE = 3,
	STATUS_INHIBITED = 4,
	STATUS_DENIED = 5,
	STATUS_BUSY = 6,
	STATUS_NO_TARGET = 7,
	STATUS_HOOK = 8,
	STATUS_NOT_FROZEN = 9,
	STATUS_VERIFY = 10,
	STATUS_REFUSED = 11,
	STATUS_DECLINED = 12,
	STATUS_NO_IMAGE = 13,
	STATUS_SLOT_STATE = 14,
	STATUS_NO_STORE = 15,
	STATUS_REQUEST = 16,
	STATUS_NOT_SUPPORTED = 17,
	STATUS_NO_VERSION = 18,
	STATUS_NO_NV = 19,
	STATUS_NO_REPOSITORY = 20,
	STATUS_REPOSITORY = 21,
	STATUS_STORE = 22,
	STATUS_STORE_DENIED = 23,
	STATUS_STORE_FULL = 24,
	STATUS_EXISTS = 25,
	STATUS_NO_BACKUP = 26,
	STATUS_HELD = 27,
	STATUS_PUSHED = 28,
	STATUS_INTERRUPTED = 29,
	STATUS_CANCELLED = 30,
	STATUS_HELPER = 31,
	STATUS_ASLEEP_FAILED = 255, /* asleep, for ExecCondition= */
};

/*
 * Reads the command line. Help and version go to standard output, errors to
 * standard error. The strings stay argv's.
 * Return: -1 to go on with ret, else the exit status.
 */
int options_parse(int argc, char **argv, struct options *ret);

#endif /* SWITCHCTL_OPTIONS_H */
