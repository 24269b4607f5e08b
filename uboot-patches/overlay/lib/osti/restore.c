// SPDX-License-Identifier: GPL-2.0-only
/*
 * A slot comes back from the store
 *
 * The monitor proves everything. What is compared here only keeps reads within
 * the slot's own area.
 */

#include <common.h>
#include <malloc.h>
#include <mapmem.h>
#include <asm/unaligned.h>
#include <linux/sizes.h>
#include <osti/abi.h>
#include <osti/bm/call.h>
#include <osti/bm/error.h>
#include <osti/bm/hibernate.h>
#include <osti/bm/keys.h>
#include <osti/bm/progress.h>
#include <osti/bm/restore.h>
#include <osti/bm/room.h>
#include <osti/bm/saved.h>
#include <osti/bm/slots.h>
#include <osti/bm/store.h>
#include <osti/image.h>
#include "image_error.h"

/* Entries of the chunk table that are asked for at once; see osti/abi.h. */
#define TABLE_ENTRIES	OSTI_TABLE_MAX

/**
 * struct import - an image that is read
 * @slot:	of which slot
 * @saved:	what is known of it
 * @buf:	piece of the image, OSTI_STAGE large
 * @table:	piece of its table of chunks
 * @pos:	offset of @buf in the image, a multiple of OSTI_STORE_UNIT
 * @fill:	bytes in @buf
 */
struct import {
	const struct osti_slot *slot;
	struct osti_saved *saved;
	u8 *buf;
	u8 *table;
	u64 pos;
	u64 fill;
};

static int refused_image(const struct import *im, int error)
{
	osti_error("slot %u (%s): its image is refused: %s (generation %llu, area %c); it stays in the store",
		   im->slot->nr, im->slot->name, image_error_text(error),
		   im->saved->generation, OSTI_AREA_NAME(im->saved->area));
	im->saved->state = OSTI_SAVED_REFUSED;
	im->saved->error = error;
	osti_saved_note(im->slot, im->saved);

	return -EKEYREJECTED;
}

/* The monitor ends an import whose image it refuses; others are aborted. */
static int call_failed(const struct import *im, const char *what, s64 status,
		       const struct osti_regs *regs)
{
	if (status == OSTI_E_IMAGE)
		return refused_image(im, -(int)regs->x[1]);

	return osti_call_refused(what, im->slot, status);
}

static int stopped(const struct import *im)
{
	if (!osti_keys_escape())
		return 0;
	osti_progress_end();
	printf("osti: stopped by Esc: slot %u (%s) stays in the store\n",
	       im->slot->nr, im->slot->name);

	return -ECANCELED;
}

/* Have bytes of the image from an offset on in the buffer, and more behind. */
static int stage(struct import *im, u64 offset, u64 bytes)
{
	const struct osti_store *store = &im->saved->store;
	int ret;

	if (offset >= im->pos && offset + bytes <= im->pos + im->fill)
		return 0;
	im->fill = 0;
	im->pos = rounddown(offset, OSTI_STORE_UNIT);
	/* Nobody has proved these numbers yet. */
	if (offset > store->area_bytes || bytes > store->area_bytes - offset ||
	    offset - im->pos + bytes > OSTI_STAGE)
		return refused_image(im, OSTI_IMAGE_E_TRUNCATED);
	im->fill = min_t(u64, OSTI_STAGE, store->area_bytes - im->pos);
	/* Not more than there is: the rest of the area has no meaning. */
	im->fill = min_t(u64, im->fill, roundup(max(im->saved->bytes,
						    offset + bytes),
						OSTI_STORE_UNIT) - im->pos);
	ret = osti_store_read(store, im->saved->area, im->pos, im->buf,
			      im->fill);
	if (ret == -ECANCELED)
		printf("osti: stopped by Esc: slot %u (%s) stays in the store\n",
		       im->slot->nr, im->slot->name);
	else if (ret == -ETIMEDOUT)
		osti_error("slot %u (%s): the store disk does not answer: it stays there",
			   im->slot->nr, im->slot->name);
	else if (ret)
		osti_error("slot %u (%s): its image cannot be read from the store disk (%d): replace the disk",
			   im->slot->nr, im->slot->name, ret);

	return ret;
}

static const u8 *staged(const struct import *im, u64 offset)
{
	return im->buf + (offset - im->pos);
}

static int begin_import(struct import *im, struct osti_regs *regs)
{
	s64 status;
	int ret;

	ret = stage(im, 0, OSTI_IMAGE_HEADER);
	if (ret)
		return ret;
	status = osti_call(OSTI_CALL_IMPORT_BEGIN, im->slot->nr,
			   map_to_sysmem(im->buf), 0, regs);
	switch (status) {
	case OSTI_OK:
		return 0;
	case OSTI_E_NO_ROOM:
		/* Said by whoever knows whether room can be made. */
		return -ENOMEM;
	case OSTI_E_HARDWARE:
		osti_error("slot %u (%s): cannot be resumed from its image: the device has no NV memory that can be trusted and written: see what the switch monitor said when it started",
			   im->slot->nr, im->slot->name);
		return -EIO;
	default:
		return call_failed(im, "take its image", status, regs);
	}
}

/* The table, too, which stands before it. */
static int import_manifest(struct import *im, u64 bytes, u64 *chunks)
{
	u64 end = OSTI_IMAGE_HEADER + bytes;
	u64 offset, piece;
	struct osti_regs regs;
	s64 status;
	int ret;

	for (offset = OSTI_IMAGE_HEADER; offset < end; offset += piece) {
		piece = min_t(u64, end - offset, OSTI_COPY_MAX);
		ret = stage(im, offset, piece);
		if (ret)
			return ret;
		status = osti_call(OSTI_CALL_IMPORT_WRITE, offset,
				   map_to_sysmem(staged(im, offset)), piece,
				   &regs);
		if (status)
			return call_failed(im, "take its manifest", status,
					   &regs);
	}
	status = osti_call_through(OSTI_CALL_IMPORT_OPEN, 0, 0, 0, &regs);
	if (status)
		return call_failed(im, "open its manifest", status, &regs);
	*chunks = regs.x[1];

	return 0;
}

/* Bytes of a chunk in the image. */
static int chunk_bytes(const struct import *im, u64 chunk, u32 *bytes)
{
	u64 in_piece = chunk % TABLE_ENTRIES;
	struct osti_regs regs;
	s64 status;

	if (!in_piece) {
		status = osti_call(OSTI_CALL_IMAGE_TABLE, chunk,
				   map_to_sysmem(im->table), TABLE_ENTRIES,
				   &regs);
		if (status)
			return call_failed(im, "tell the sizes of its chunks",
					   status, &regs);
	}
	*bytes = get_unaligned_le32(im->table + in_piece * OSTI_IMAGE_T_ENTRY +
				    OSTI_IMAGE_T_STORED);

	return 0;
}

static int import_chunks(struct import *im, u64 offset, u64 chunks)
{
	struct osti_regs regs;
	s64 status;
	u64 i;
	u32 bytes;
	int ret;

	for (i = 0; i < chunks; i++) {
		ret = chunk_bytes(im, i, &bytes);
		if (!ret)
			ret = stage(im, offset, bytes);
		if (!ret)
			ret = stopped(im);
		if (ret)
			return ret;
		status = osti_call_through(OSTI_CALL_IMPORT_CHUNK, i,
					   map_to_sysmem(staged(im, offset)),
					   bytes, &regs);
		if (status)
			return call_failed(im, "take a chunk", status, &regs);
		offset += bytes;
		osti_progress(i + 1, chunks, 0, 100);
	}
	/* The last ones are still being looked at. */
	status = osti_call_through(OSTI_CALL_IMPORT_CHECK, 0, 0, 0, &regs);
	if (status)
		return call_failed(im, "verify its chunks", status, &regs);

	return 0;
}

static void abort_import(const struct osti_slot *slot)
{
	struct osti_regs regs;
	s64 status;

	status = osti_call_through(OSTI_CALL_IMPORT_ABORT, 0, 0, 0, &regs);
	/* It is over already when the monitor refused the image. */
	if (status && status != OSTI_E_STATE)
		osti_call_refused("empty it again", slot, status);
}

static int missing(const struct osti_slot *slot, const struct osti_saved *saved)
{
	if (saved->store_err)
		osti_store_explain(slot, saved->store_err);
	if (saved->state == OSTI_SAVED_NONE) {
		osti_error("slot %u (%s): there is no image of it", slot->nr,
			   slot->name);
		return -ENOENT;
	}
	osti_error("slot %u (%s): its image is missing: generation %llu is not in the store: attach the store disk that has it",
		   slot->nr, slot->name, saved->generation);

	return -ENOENT;
}

/* Return: 0: the slot is RESTORING, with all of its memory, else it is EMPTY */
static int import(const struct osti_slot *slot, struct osti_saved *saved)
{
	struct import im = { .slot = slot, .saved = saved };
	struct osti_regs regs;
	u64 manifest, chunks;
	int ret;

	im.buf = memalign(OSTI_STORE_UNIT, OSTI_STAGE);
	im.table = malloc(TABLE_ENTRIES * OSTI_IMAGE_T_ENTRY);
	if (!im.buf || !im.table) {
		osti_error("slot %u (%s): the boot manager has no memory left to read its image: restart the boot manager",
			   slot->nr, slot->name);
		ret = -ENOBUFS;
		goto out;
	}
	ret = begin_import(&im, &regs);
	if (ret)
		goto out;
	manifest = regs.x[1];
	osti_progress_begin();
	ret = import_manifest(&im, manifest, &chunks);
	if (!ret)
		ret = import_chunks(&im, OSTI_IMAGE_HEADER + manifest, chunks);
	osti_progress_end();
	if (ret)
		abort_import(slot);

out:
	free(im.table);
	free(im.buf);

	return ret;
}

int osti_restore(const struct osti_device *dev, const struct osti_slot *slot)
{
	struct osti_saved saved;
	struct osti_regs regs;
	s64 status;
	int ret;

	ret = osti_saved_get(slot, &saved);
	if (ret)
		return ret;
	if (saved.state == OSTI_SAVED_NONE ||
	    saved.state == OSTI_SAVED_MISSING)
		return missing(slot, &saved);
	printf("osti: resuming slot %u (%s) from its image: generation %llu\n",
	       slot->nr, slot->name, saved.generation);
	do {
		ret = import(slot, &saved);
	} while (ret == -ENOMEM && !osti_room_make(dev, slot));
	if (ret)
		return ret;
	status = osti_call_through(OSTI_CALL_IMPORT_COMMIT, 0, 0, 0, &regs);
	if (status) {
		osti_call_refused("use its image up", slot, status);
		abort_import(slot);
		return -EIO;
	}
	saved.state = OSTI_SAVED_NONE;
	saved.error = OSTI_IMAGE_OK;

	return osti_saved_note(slot, &saved);
}

int osti_restore_verify(const struct osti_slot *slot, struct osti_saved *saved)
{
	int ret;

	if (saved->state == OSTI_SAVED_NONE ||
	    saved->state == OSTI_SAVED_MISSING)
		return missing(slot, saved);
	printf("osti: verifying the image of slot %u (%s): generation %llu\n",
	       slot->nr, slot->name, saved->generation);
	ret = import(slot, saved);
	if (ret == -ENOMEM)
		osti_error("slot %u (%s): its image cannot be verified: there is no free memory of %llu MiB: hibernate another slot",
			   slot->nr, slot->name, slot->bytes / SZ_1M);
	if (ret)
		return ret;
	abort_import(slot);
	printf("osti: slot %u (%s): its image is good: generation %llu\n",
	       slot->nr, slot->name, saved->generation);
	saved->state = OSTI_SAVED_STORED;
	saved->error = OSTI_IMAGE_OK;

	return osti_saved_note(slot, saved);
}
