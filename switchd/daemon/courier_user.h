/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * courier_user.h - who switchd-backup runs as
 */
#ifndef SWITCHD_COURIER_USER_H
#define SWITCHD_COURIER_USER_H

#include <sys/types.h>

#include "common/fault.h"

/* uid 0: it stays who we are, which is not root. */
struct courier_user {
	uid_t uid;
	gid_t gid;
};

/* Return: 0 and *ret, or -1 and a FAULT_HELPER: no such user, or it is root. */
int courier_user_find(const char *name, struct courier_user *ret,
		      struct fault *fault);

#endif /* SWITCHD_COURIER_USER_H */
