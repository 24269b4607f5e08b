/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * transfer.h - one image on its way out of a slot or into it
 *
 * The steps of the EXPORT and IMPORT calls of osti/abi.h, which has the order
 * and the errors. Numbers and buffers were checked by the caller, and buffers
 * belong to the owner, who makes the calls: what comes from one is copied before
 * it is checked. All functions are called with the monitor's lock held; those that
 * can return OSTI_AGAIN release it and take it again, and do so last.
 */
#ifndef TRANSFER_H
#define TRANSFER_H

#include <stdbool.h>
#include <stddef.h>

#include <osti/image.h>

#include "context.h"
#include "image_header.h"

/* Nothing is under way. Needs nv_init(). */
void transfer_init(void);
/* Is an image on its way? */
bool transfer_active(void);
/* Whose calls move it, or NULL. */
const struct context *transfer_owner(void);
/* Is @owner moving an image of @slot, whose end has not begun? */
bool transfer_carries(const struct context *owner, const struct context *slot);
/* End what is under way, at once; nothing is used up or made valid. */
void transfer_abort(void);
/* The context loses the device: the same, if it is the owner. */
void transfer_leave(const struct context *ctx);

/*
 * Is this the header, OSTI_IMAGE_HEADER bytes that nobody else can change, of an
 * image that was made under the slot's key, of whatever generation and device?
 * Returns OSTI_OK with *header, OSTI_E_HARDWARE (no key), or OSTI_E_IMAGE with
 * *why = -OSTI_IMAGE_E_*, which is recorded as an event.
 */
int64_t transfer_genuine(const struct context *slot, const uint8_t *in,
			 struct image_header *header, uint64_t *why);

/*
 * Must a person agree before the slot starts? An image of it may be lost, or
 * come back at a later power-on, since NV memory does not do what it should.
 */
bool transfer_wants_consent(const struct context *slot);

/*
 * The slot is about to start otherwise, or nobody wants its image: no image of
 * it can be resumed from now on. OSTI_OK also when there was none; OSTI_E_AGREE
 * when that cannot be written down and nobody @agreed, then nothing changed.
 */
int64_t transfer_give_up(const struct context *slot, bool agreed);

/* ---- Export ---------------------------------------------------------------- */

struct transfer_wish {
	uint64_t kind;		/* OSTI_IMAGE_LOCAL or OSTI_IMAGE_COPY */
	uint32_t attachments;	/* up to OSTI_IMAGE_ATTACHMENTS_MAX */
	uint64_t saved_at;	/* seconds since 1970 */
};

int64_t transfer_export(const struct context *owner, struct context *slot,
			const struct transfer_wish *wish,
			uint64_t *generation);

struct transfer_scan {
	uint64_t looked_at;	/* pages */
	uint64_t pages;		/* that are not zero */
	uint64_t chunks;
	uint64_t head_bytes;	/* header, table and sealed manifest */
};

/*
 * With OSTI_E_IMAGE *why is -OSTI_IMAGE_E_*, also below, and the export or
 * import is over. OSTI_AGAIN sets looked_at only.
 */
int64_t transfer_scan(struct transfer_scan *out, uint64_t *why);
/* Nothing was written to buf unless the result is OSTI_OK. */
int64_t transfer_chunk(uint64_t index, uint8_t *buf, uint64_t room,
		       uint64_t *stored, uint64_t *why);
int64_t transfer_have(uint64_t index, uint64_t stored,
		      const uint8_t digest[OSTI_IMAGE_HASH]);
int64_t transfer_seal(uint64_t *total, uint64_t *why);
int64_t transfer_read(uint64_t offset, uint8_t *buf, size_t bytes);
int64_t transfer_commit_export(void);
int64_t transfer_abort_export(void);

/* ---- Export of an image that is stored -------------------------------------- */

/* attachments are up to OSTI_IMAGE_ATTACHMENTS_MAX. */
int64_t transfer_stored(const struct context *owner, struct context *slot,
			uint32_t attachments, uint64_t *generation);
/* Is that what @owner does with @slot? */
bool transfer_carries_stored(const struct context *owner,
			     const struct context *slot);
int64_t transfer_give(uint64_t offset, const uint8_t *buf, size_t bytes,
		      uint64_t *missing, uint64_t *why);
int64_t transfer_reopen(uint64_t *chunks, uint64_t *pages, uint64_t *why);

/* ---- Import ---------------------------------------------------------------- */

int64_t transfer_import(const struct context *owner, struct context *slot,
			const uint8_t *header, uint64_t *bytes, uint64_t *why);
int64_t transfer_write(uint64_t offset, const uint8_t *buf, size_t bytes);
int64_t transfer_open(uint64_t *chunks, uint64_t *pages, uint64_t *why);
int64_t transfer_place(uint64_t index, const uint8_t *buf, uint64_t bytes,
		       uint64_t *missing, uint64_t *why);
int64_t transfer_check(uint64_t *why);
/*
 * Is @owner bringing a copy into @slot that is genuine and has a disk, and did a
 * person agree to it? OSTI_OK, OSTI_E_STATE or OSTI_E_AGREE.
 */
int64_t transfer_may_write_disk(const struct context *owner,
				const struct context *slot);
int64_t transfer_commit_import(uint64_t *why);
int64_t transfer_abort_import(void);

/* ---- Both ------------------------------------------------------------------- */

int64_t transfer_table(uint64_t first, uint8_t *buf, uint64_t *entries);
/* @kind is OSTI_ATTACH_*. */
int64_t transfer_attach(uint32_t kind, uint64_t bytes,
			const uint8_t digest[OSTI_IMAGE_HASH]);

#endif /* TRANSFER_H */
