// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * inhibit.c - locks that forbid a switch for as long as they are held
 */
#include "daemon/inhibit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/foreign_text.h"

static int check_text(const char *what, const char *text, size_t max,
		      struct fault *fault)
{
	const unsigned char *c;

	if (!text[0] || strlen(text) > max) {
		fault_set(fault, FAULT_BAD_REQUEST,
			  "'%s' must have 1 to %zu bytes", what, max);
		return -1;
	}
	for (c = (const unsigned char *)text; *c; c++)
		if (*c < 0x20 || *c == 0x7f) {
			fault_set(fault, FAULT_BAD_REQUEST,
				  "'%s' must have no control characters", what);
			return -1;
		}
	return 0;
}

/* Root and all others take no lock from each other. */
static int check_limits(const struct inhibit *inhibit, uid_t uid,
			struct fault *fault)
{
	unsigned int max = uid ? INHIBIT_USER_LOCKS : INHIBIT_ROOT_LOCKS;
	const struct inhibit_lock *lock;
	unsigned int others = 0;
	unsigned int same = 0;

	for (lock = inhibit->locks; lock; lock = lock->next) {
		same += lock->uid == uid;
		others += lock->uid != 0;
	}
	if (same >= max) {
		fault_set(
			fault, FAULT_LIMIT,
			"user %u holds %u locks already, the most for one user",
			uid, same);
		return -1;
	}
	if (uid != 0 && others >= INHIBIT_OTHER_LOCKS) {
		fault_set(fault, FAULT_LIMIT,
			  "all users together hold %u locks already", others);
		return -1;
	}
	return 0;
}

int inhibit_take(struct inhibit *inhibit, const char *who, const char *why,
		 uid_t uid, pid_t pid, struct inhibit_lock **ret,
		 struct fault *fault)
{
	struct inhibit_lock **at = &inhibit->locks;
	struct inhibit_lock *lock;

	if (check_text("who", who, PROTOCOL_WHO_MAX, fault) < 0 ||
	    check_text("why", why, PROTOCOL_WHY_MAX, fault) < 0 ||
	    check_limits(inhibit, uid, fault) < 0)
		return -1;
	lock = calloc(1, sizeof(*lock));
	if (!lock) {
		fault_set(fault, FAULT_FAILED, "out of memory");
		return -1;
	}
	lock->id = ++inhibit->last_id;
	lock->uid = uid;
	lock->pid = pid;
	snprintf(lock->who, sizeof(lock->who), "%s", who);
	snprintf(lock->why, sizeof(lock->why), "%s", why);
	/* They end up on other people's terminals. */
	foreign_text_clean(lock->who);
	foreign_text_clean(lock->why);
	while (*at)
		at = &(*at)->next;
	*at = lock;
	inhibit->n++;
	*ret = lock;
	return 0;
}

void inhibit_release(struct inhibit *inhibit, struct inhibit_lock *lock)
{
	struct inhibit_lock **at = &inhibit->locks;

	while (*at != lock)
		at = &(*at)->next;
	*at = lock->next;
	inhibit->n--;
	free(lock);
}

int inhibit_check(const struct inhibit *inhibit, struct fault *fault)
{
	const struct inhibit_lock *lock = inhibit->locks;

	if (!lock)
		return 0;
	if (inhibit->n > 1)
		fault_set(
			fault, FAULT_INHIBITED,
			"inhibited by %s (process %d): %s; and by %u more, see 'switchctl status'",
			lock->who, (int)lock->pid, lock->why, inhibit->n - 1);
	else
		fault_set(fault, FAULT_INHIBITED,
			  "inhibited by %s (process %d): %s", lock->who,
			  (int)lock->pid, lock->why);
	return -1;
}
