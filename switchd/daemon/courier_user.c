// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * courier_user.c - who switchd-backup runs as
 */
#include "daemon/courier_user.h"

#include <pwd.h>
#include <string.h>
#include <unistd.h>

int courier_user_find(const char *name, struct courier_user *ret,
		      struct fault *fault)
{
	const struct passwd *entry;

	memset(ret, 0, sizeof(*ret));
	if (geteuid() != 0)
		return 0;
	entry = getpwnam(name);
	if (!entry) {
		fault_set(
			fault, FAULT_HELPER,
			"switchd-backup cannot be started: there is no user '%s'; 'systemd-sysusers' makes it, or name another one in [backup] of switchd.conf",
			name);
		return -1;
	}
	if (entry->pw_uid == 0) {
		fault_set(
			fault, FAULT_HELPER,
			"switchd-backup is not started as root: name another user in [backup] of switchd.conf");
		return -1;
	}
	ret->uid = entry->pw_uid;
	ret->gid = entry->pw_gid;
	return 0;
}
