/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * inhibit.h - locks that forbid a switch for as long as they are held
 */
#ifndef SWITCHD_INHIBIT_H
#define SWITCHD_INHIBIT_H

#include <stdint.h>
#include <sys/types.h>

#include "common/fault.h"
#include "common/protocol.h"

/*
 * Locks of root, of all others together, and of each of them; "status" has room
 * for the texts of all.
 */
#define INHIBIT_ROOT_LOCKS 32
#define INHIBIT_OTHER_LOCKS 32
#define INHIBIT_USER_LOCKS 8

struct inhibit_lock {
	struct inhibit_lock *next;
	uint64_t id; /* from 1, never used again */
	uid_t uid;
	pid_t pid;
	char who[PROTOCOL_WHO_MAX + 1];
	char why[PROTOCOL_WHY_MAX + 1];
};

/* Zeroed = no locks. */
struct inhibit {
	struct inhibit_lock *locks; /* the oldest first */
	uint64_t last_id;
	unsigned int n;
};

/*
 * Takes a lock for a process. who and why are copied; they are not empty, not
 * longer than PROTOCOL_WHO_MAX and PROTOCOL_WHY_MAX bytes, and have no control
 * characters, else FAULT_BAD_REQUEST. FAULT_LIMIT: as many as may be are held.
 * Return: 0 and *ret, which stays the inhibit's, or -1 and the fault.
 */
int inhibit_take(struct inhibit *inhibit, const char *who, const char *why,
		 uid_t uid, pid_t pid, struct inhibit_lock **ret,
		 struct fault *fault);
void inhibit_release(struct inhibit *inhibit, struct inhibit_lock *lock);

/*
 * Return: 0 if no lock is held, else -1 and a FAULT_INHIBITED that names the
 * oldest.
 */
int inhibit_check(const struct inhibit *inhibit, struct fault *fault);

#endif /* SWITCHD_INHIBIT_H */
