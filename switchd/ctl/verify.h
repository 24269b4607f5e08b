/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * verify.h - checks the digests and the chain of an event ring
 *
 * The rules are those of OSTI_CALL_EVENT_READ in osti/abi.h. Records of other
 * contexts come without their content, so only their place in the chain can be
 * checked.
 */
#ifndef SWITCHCTL_VERIFY_H
#define SWITCHCTL_VERIFY_H

#include <stdbool.h>
#include <stdint.h>

#include <osti/ioctl.h>

#include "common/fault.h"

/* Zeroed = nothing was seen yet. */
struct verify {
	bool started; /* there was a state */
	bool began; /* there was a record after it */
	bool check_pending; /* the chain at check_next must be check_head */
	uint64_t next; /* sequence number that the next record must have */
	uint64_t check_next;
	uint64_t checked; /* records whose content was checked */
	uint64_t redacted; /* records without content */
	unsigned int chains; /* begun so far */
	uint8_t chain[32];
	uint8_t check_head[32];
};

/*
 * A state of the ring, taken before the records that follow it. The first one
 * is where the check begins.
 * Return: 0, or -1 and a FAULT_VERIFY.
 */
int verify_ring(struct verify *verify, const struct osti_ioc_ring *ring,
		struct fault *fault);

/*
 * The next record. Records from before the first state's oldest are passed
 * over: their chain value is gone.
 * Return: 0, or -1 and a FAULT_VERIFY.
 */
int verify_event(struct verify *verify, const struct osti_event *ev,
		 struct fault *fault);

/*
 * What follows is another chain: the log began anew. What the old one still had
 * to show is gone with it; the counts go on.
 */
void verify_anew(struct verify *verify);

/* No more records. Return: 0, or -1 and a FAULT_VERIFY: some are missing. */
int verify_end(const struct verify *verify, struct fault *fault);

#endif /* SWITCHCTL_VERIFY_H */
