/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * phase.h - when each phase of the last switches began (OSTI_CALL_PHASE_*)
 *
 * All functions are called with the monitor's lock held.
 */
#ifndef PHASE_H
#define PHASE_H

#include <stdint.h>

#include "context.h"

struct phase_record {
	uint64_t number;
	unsigned int source;
	unsigned int target;
	unsigned int kind;
	uint64_t time[OSTI_PHASES];
	uint64_t slept;
};

void phase_init(void);
/* The running context armed a target: its next suspend began now. */
void phase_request(void);
/* It will not come to that suspend. */
void phase_cancel(void);
/* A caller's mark; @phase comes from outside. See OSTI_CALL_PHASE_MARK. */
int64_t phase_mark(const struct context *caller, uint64_t phase);
/*
 * The suspend or start is certain: open its record. @entered is when the
 * monitor was called.
 */
void phase_commit(unsigned int source, unsigned int target, unsigned int kind,
		  uint64_t entered);
/* The target is about to be entered; @slept ticks passed asleep. */
void phase_exit(uint64_t slept);
/*
 * The n-th last record that concerns the reader. Returns OSTI_OK or
 * OSTI_E_EMPTY. @n comes from outside.
 */
int64_t phase_read(const struct context *reader, uint64_t n,
		   struct phase_record *out);

#endif /* PHASE_H */
