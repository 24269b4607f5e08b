/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fault.h - why a request was not carried out: a code for programs, a text
 * for people
 */
#ifndef SWITCHD_FAULT_H
#define SWITCHD_FAULT_H

#define FAULT_MESSAGE_MAX 512

enum fault_code {
	FAULT_FAILED, /* anything that has no code of its own */
	FAULT_BAD_REQUEST, /* not JSON, wrong types, too long */
	FAULT_UNKNOWN_METHOD,
	FAULT_DENIED, /* the peer may not talk to switchd */
	FAULT_LIMIT, /* too many connections or locks */
	FAULT_INHIBITED, /* somebody holds a lock */
	FAULT_BUSY, /* a switch is under way */
	FAULT_NO_TARGET, /* no such slot, or we are in it */
	FAULT_HOOK, /* a pre-freeze hook said no */
	FAULT_NOT_FROZEN, /* the kernel did not suspend */
	FAULT_DEVICE, /* /dev/osti gave an error */
	/* What the boot manager can answer to a request, OSTI_RESULT_*. */
	FAULT_REQUEST, /* it failed, or its outcome is not known */
	FAULT_REFUSED, /* the image is bad */
	FAULT_DECLINED, /* a person did not agree */
	FAULT_NO_IMAGE, /* there is no stored image */
	FAULT_SLOT_STATE, /* the slot is in no state for it */
	FAULT_NO_STORE, /* no store disk, or no place on it */
	FAULT_NOT_SUPPORTED, /* this device has no images at all */
	/* The start counts as good, but no version is refused because of it. */
	FAULT_NO_VERSION, /* by which it was started is not known */
	FAULT_NO_NV, /* NV memory cannot be written */
	/* Of backups. */
	FAULT_NO_REPOSITORY, /* there is none where it should be */
	FAULT_REPOSITORY, /* an object in it is damaged, missing or unknown */
	FAULT_STORE, /* no answer, or none that makes sense; or a disk failed */
	FAULT_STORE_DENIED, /* credentials, permissions, a wrong clock */
	FAULT_STORE_FULL, /* no space, or a quota is used up */
	FAULT_EXISTS, /* there is a repository already */
	FAULT_NO_BACKUP, /* no such backup */
	FAULT_HELD, /* the OS lives elsewhere */
	FAULT_PUSHED, /* it was pushed from here and not pulled again */
	FAULT_INTERRUPTED, /* a switch ended it; nothing is lost */
	FAULT_CANCELLED, /* somebody ended it; nothing is lost */
	FAULT_HELPER, /* switchd-backup failed */
	/* These two are switchctl's own. */
	FAULT_UNREACHABLE, /* switchd does not answer */
	FAULT_VERIFY, /* the log contradicts its digests */
	FAULT_CODES
};

struct fault {
	enum fault_code code;
	char message[FAULT_MESSAGE_MAX];
};

/*
 * Fills in the fault. A message that is too long is cut, control characters
 * in it become "?".
 */
void fault_set(struct fault *fault, enum fault_code code, const char *format,
	       ...) __attribute__((format(printf, 3, 4)));

/* The code's name in the protocol. Never NULL for a code below FAULT_CODES. */
const char *fault_name(enum fault_code code);

/* The code with that name; FAULT_FAILED for a name that is not known. */
enum fault_code fault_from_name(const char *name);

#endif /* SWITCHD_FAULT_H */
