/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * backup_fault.h - why something about backups was not done: a code for
 * programs, a text for people
 */
#ifndef BACKUP_FAULT_H
#define BACKUP_FAULT_H

#define BACKUP_FAULT_MESSAGE 640

enum backup_code {
	BACKUP_OK = 0,
	BACKUP_E_STORE = -1, /* the store said no; fault->store says why */
	BACKUP_E_NONE = -2, /* there is no repository */
	BACKUP_E_EXISTS = -3, /* there is one already */
	BACKUP_E_FORM = -4, /* a repository that this program cannot use */
	BACKUP_E_DAMAGED = -5, /* an object is altered, truncated or swapped */
	BACKUP_E_MISSING = -6, /* an object that others need is not there */
	BACKUP_E_UNKNOWN = -7, /* no such backup */
	BACKUP_E_INTERRUPTED = -8, /* a person switched away, or it was ended */
	BACKUP_E_SOURCE = -9, /* what makes the image failed */
	BACKUP_E_SINK = -10, /* what takes the image failed */
	BACKUP_E_REFUSED = -11, /* what takes the image does not believe it */
	BACKUP_E_HELD = -12, /* the OS lives elsewhere */
	BACKUP_E_NEEDED = -13, /* what shall be deleted is needed */
	BACKUP_E_BUSY = -14, /* others were faster, again and again */
	BACKUP_E_MEMORY = -15, /* no memory, or no thread */
	BACKUP_E_LIMIT = -16, /* more than the format has room for */
	BACKUP_E_LAST = BACKUP_E_LIMIT
};

struct backup_fault {
	enum backup_code code;
	int store; /* with BACKUP_E_STORE: STORE_E_* */
	char message[BACKUP_FAULT_MESSAGE];
};

struct store_request;

/*
 * Fill in the fault and return its code. A text that is too long is cut,
 * control characters become "?".
 */
int backup_fault_set(struct backup_fault *fault, enum backup_code code,
		     const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The same for a request that failed; @what was to be done, as "reading X". */
int backup_fault_store(struct backup_fault *fault,
		       const struct store_request *r, const char *what);

/* No memory. */
int backup_fault_memory(struct backup_fault *fault);

#endif /* BACKUP_FAULT_H */
