/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nv_log.h - what the NV flash says, without writing to it
 *
 * Of the flash it needs only cfi_read(), so that the host tool osti-nv reads an image file by
 * the same code.
 */
#ifndef NV_LOG_H
#define NV_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "nv_format.h"

#define NV_LOG_NONE	UINT32_MAX

struct nv_log {
	uint8_t root_key[NV_KEY_BYTES];
	uint8_t log_key[NV_KEY_BYTES];
	uint64_t epoch;
	uint32_t next;		/* index of the next entry; NV_ENTRIES = full */
	uint32_t unsealed;	/* last valid entry without seal, NV_LOG_NONE */
	uint8_t unsealed_slot;	/* what it is of; 0 = no slot */
	bool stale;		/* the epoch before can still be read */
	uint64_t firmware;	/* its least version, 0 = any */
	struct {
		uint64_t generation;
		uint8_t state;	/* of the image, enum nv_state */
		uint64_t floor;	/* least version that may start, 0 = any */
		uint64_t clock;	/* offset in seconds */
		bool has_clock;	/* that was written once */
		uint64_t key[NV_KEY_WORDS];	/* imported, sealed */
		uint8_t key_words;	/* of it are here; all: it counts */
	} slot[NV_SLOTS + 1];	/* by slot number; [0] is unused */
};

/*
 * Read root key and log. Returns 0, or NV_E_UNPROVISIONED, NV_E_VERSION,
 * or NV_E_DAMAGED, with the place logged; then @log must not be used.
 */
int nv_log_replay(struct nv_log *log);

/*
 * May this be what comes next for the slot, or the firmware? An image resumes once, in order, the
 * least version only rises, and a key that is whole stays.
 */
bool nv_log_follows(const struct nv_log *log, unsigned int slot,
		    uint64_t value, enum nv_state state);
/* It is written: the log says it now. */
void nv_log_note(struct nv_log *log, unsigned int slot, uint64_t value,
		 enum nv_state state);

#endif /* NV_LOG_H */
