// SPDX-License-Identifier: GPL-2.0-only
/*
 * A frozen slot goes to the store
 *
 * The order of what reaches the disk decides what a power cut can leave
 * behind: docs/boot-manager.md.
 */

#include <common.h>
#include <malloc.h>
#include <mapmem.h>
#include <linux/kernel.h>
#include <linux/sizes.h>
#include <osti/abi.h>
#include <osti/bm/call.h>
#include <osti/bm/error.h>
#include <osti/bm/hibernate.h>
#include <osti/bm/keys.h>
#include <osti/bm/progress.h>
#include <osti/bm/saved.h>
#include <osti/bm/slots.h>
#include <osti/bm/store.h>
#include <osti/image.h>
#include "image_error.h"

/* Percent of the bar when the memory is cut, and when the chunks are made. */
#define PERCENT_CUT	30
#define PERCENT_CHUNKS	95

/**
 * struct export - an image that is made
 * @slot:	of which slot
 * @store:	where to
 * @area:	in which area
 * @chunks:	number of chunks
 * @first:	offset of the first chunk in the image
 * @pos:	offset in the image of what is in @buf, a multiple of
 *		OSTI_STORE_UNIT
 * @fill:	bytes in @buf
 * @buf:	next bytes of the image
 * @seam:	the unit in which the manifest ends and the first chunk begins
 * @over:	the monitor has ended it
 * @head:	the image's header
 */
struct export {
	const struct osti_slot *slot;
	const struct osti_store *store;
	u32 area;
	u64 chunks;
	u64 first;
	u64 pos;
	size_t fill;
	u8 buf[OSTI_STAGE + OSTI_IMAGE_STORED_MAX];
	u8 seam[OSTI_STORE_UNIT];
	u8 head[OSTI_IMAGE_HEADER];
	bool over;
};

/* The monitor ends an export that it cannot make; others are aborted. */
static int call_failed(struct export *ex, const char *what, s64 status,
		       const struct osti_regs *regs)
{
	if (status != OSTI_E_IMAGE)
		return osti_call_refused(what, ex->slot, status);
	ex->over = true;
	osti_error("slot %u (%s): no image can be made of it: %s; it stays frozen",
		   ex->slot->nr, ex->slot->name,
		   image_error_text(-(int)regs->x[1]));

	return -EIO;
}

static int store_failed(const struct export *ex, int err)
{
	if (err == -ECANCELED)
		printf("osti: stopped by Esc: slot %u (%s) stays frozen\n",
		       ex->slot->nr, ex->slot->name);
	else if (err == -ETIMEDOUT)
		osti_error("slot %u (%s): the store disk does not answer: it stays frozen",
			   ex->slot->nr, ex->slot->name);
	else if (err == -ENOSPC)
		osti_error("slot %u (%s): its image does not fit the %llu MiB of an area of its partition in the store: make the partition larger",
			   ex->slot->nr, ex->slot->name,
			   ex->store->area_bytes / SZ_1M);
	else
		osti_error("slot %u (%s): the store disk cannot be written (%d): replace it",
			   ex->slot->nr, ex->slot->name, err);

	return err;
}

static int write_area(const struct export *ex, u64 offset, const void *buf,
		      u64 bytes)
{
	int ret = osti_store_write(ex->store, ex->area, offset, buf, bytes);

	return ret ? store_failed(ex, ret) : 0;
}

static int flush_store(const struct export *ex)
{
	int ret = osti_store_flush(ex->store);

	return ret ? store_failed(ex, ret) : 0;
}

static int stopped(const struct export *ex)
{
	if (!osti_keys_escape())
		return 0;
	osti_progress_end();
	printf("osti: stopped by Esc: slot %u (%s) stays frozen\n",
	       ex->slot->nr, ex->slot->name);

	return -ECANCELED;
}

/* From here on the area has no image, not even half of one. */
static int clear_header(struct export *ex)
{
	int ret = osti_store_clear(ex->store, ex->area);

	return ret ? store_failed(ex, ret) : 0;
}

static int cut(struct export *ex, u64 pages)
{
	struct osti_regs regs;
	s64 status;
	int ret;

	do {
		status = osti_call(OSTI_CALL_EXPORT_SCAN, 0, 0, 0, &regs);
		if (status != OSTI_OK && status != OSTI_AGAIN)
			return call_failed(ex, "cut its memory into chunks",
					   status, &regs);
		osti_progress(regs.x[1], pages, 0, PERCENT_CUT);
		ret = stopped(ex);
		if (ret)
			return ret;
	} while (status == OSTI_AGAIN);
	ex->chunks = regs.x[3];
	ex->first = regs.x[4];

	return 0;
}

/* Write what is staged; less than a unit is left when there is more to come. */
static int write_staged(struct export *ex, bool more)
{
	size_t bytes = rounddown(ex->fill, OSTI_STORE_UNIT);
	int ret;

	if (!more && bytes < ex->fill) {
		/* What is behind an image has no meaning. */
		bytes += OSTI_STORE_UNIT;
		memset(ex->buf + ex->fill, 0, bytes - ex->fill);
		ex->fill = bytes;
	}
	if (!bytes)
		return 0;
	if (ex->pos == rounddown(ex->first, OSTI_STORE_UNIT))
		memcpy(ex->seam, ex->buf, OSTI_STORE_UNIT);
	ret = write_area(ex, ex->pos, ex->buf, bytes);
	if (ret)
		return ret;
	ex->pos += bytes;
	ex->fill -= bytes;
	memcpy(ex->buf, ex->buf + bytes, ex->fill);

	return 0;
}

static int write_chunks(struct export *ex)
{
	struct osti_regs regs;
	s64 status;
	u64 i;
	int ret;

	/* The end of the manifest, which is not known yet, comes into the gap. */
	ex->pos = rounddown(ex->first, OSTI_STORE_UNIT);
	ex->fill = ex->first - ex->pos;
	for (i = 0; i < ex->chunks; i++) {
		status = osti_call_through(OSTI_CALL_EXPORT_CHUNK, i,
					   map_to_sysmem(ex->buf + ex->fill),
					   OSTI_IMAGE_STORED_MAX, &regs);
		if (status || regs.x[1] > OSTI_IMAGE_STORED_MAX)
			return call_failed(ex, "seal a chunk", status, &regs);
		ex->fill += regs.x[1];
		if (ex->fill >= OSTI_STAGE) {
			ret = write_staged(ex, true);
			if (ret)
				return ret;
		}
		osti_progress(i + 1, ex->chunks, PERCENT_CUT, PERCENT_CHUNKS);
		ret = stopped(ex);
		if (ret)
			return ret;
	}

	return write_staged(ex, false);
}

static int seal(struct export *ex, u64 *total)
{
	struct osti_regs regs;
	s64 status;

	status = osti_call_through(OSTI_CALL_EXPORT_SEAL, 0, 0, 0, &regs);
	if (status)
		return call_failed(ex, "seal its manifest", status, &regs);
	*total = regs.x[1];

	return 0;
}

/* Header, or table and manifest, from the start to its end in ascending order. */
static int read_sealed(const struct export *ex, u64 offset, void *buf,
		       u64 bytes)
{
	struct osti_regs regs;
	u64 done, piece;
	s64 status;

	for (done = 0; done < bytes; done += piece) {
		piece = min_t(u64, bytes - done, OSTI_COPY_MAX);
		status = osti_call(OSTI_CALL_EXPORT_READ, offset + done,
				   map_to_sysmem(buf + done), piece, &regs);
		if (status)
			return osti_call_refused("hand its header and manifest over",
					    ex->slot, status);
	}

	return 0;
}

static int write_manifest(struct export *ex)
{
	u64 offset, bytes, piece, gap;
	int ret;

	for (offset = OSTI_IMAGE_HEADER; offset < ex->first; offset += bytes) {
		bytes = min_t(u64, ex->first - offset, OSTI_STAGE);
		ret = read_sealed(ex, offset, ex->buf, bytes);
		if (ret)
			return ret;
		piece = roundup(bytes, OSTI_STORE_UNIT);
		gap = piece - bytes;
		/* Only the last piece has one: there the first chunk begins. */
		memcpy(ex->buf + bytes, ex->seam + OSTI_STORE_UNIT - gap, gap);
		ret = write_area(ex, offset, ex->buf, piece);
		if (ret)
			return ret;
	}

	return 0;
}

static int export(struct export *ex, u64 pages, u64 *total)
{
	int ret;

	ret = clear_header(ex);
	if (!ret)
		ret = cut(ex, pages);
	if (!ret)
		ret = write_chunks(ex);
	if (!ret)
		ret = seal(ex, total);
	if (!ret)
		ret = read_sealed(ex, 0, ex->head, OSTI_IMAGE_HEADER);
	if (!ret)
		ret = write_manifest(ex);
	/* A header must never be found without all that it stands for. */
	if (!ret)
		ret = flush_store(ex);
	if (!ret)
		ret = write_area(ex, 0, ex->head, OSTI_IMAGE_HEADER);
	if (!ret)
		ret = flush_store(ex);
	if (!ret)
		osti_progress(1, 1, PERCENT_CHUNKS, 100);
	osti_progress_end();

	return ret;
}

static int commit_failed(const struct osti_slot *slot, s64 status)
{
	if (status != OSTI_E_HARDWARE)
		return osti_call_refused("make its image the one to resume", slot,
				    status);
	osti_error("slot %u (%s): NV memory cannot be written, so its image cannot be the one to resume: see what the switch monitor said",
		   slot->nr, slot->name);

	return -EIO;
}

static int begin(const struct osti_slot *slot, u64 saved_at,
		 struct osti_regs *regs)
{
	s64 status = osti_call(OSTI_CALL_EXPORT_BEGIN, slot->nr, saved_at, 0,
			       regs);

	if (status == OSTI_E_HARDWARE) {
		osti_error("slot %u (%s): cannot be hibernated: the device has no NV memory that can be trusted and written: see what the switch monitor said when it started",
			   slot->nr, slot->name);
		return -EIO;
	}
	if (status)
		return osti_call_refused("make an image of it", slot, status);

	return 0;
}

static int make_image(struct export *ex, u64 saved_at, u64 *generation,
		      u64 *total)
{
	struct osti_regs regs;
	s64 status;
	int ret;

	ret = begin(ex->slot, saved_at, &regs);
	if (ret)
		return ret;
	*generation = regs.x[1];
	osti_progress_begin();
	ret = export(ex, regs.x[2], total);
	if (ret)
		goto abort;
	status = osti_call_through(OSTI_CALL_EXPORT_COMMIT, 0, 0, 0, &regs);
	if (!status)
		return 0;
	ret = commit_failed(ex->slot, status);
	/* NV memory may turn out to have it all the same. */
	clear_header(ex);

abort:
	if (ex->over)
		return ret;
	status = osti_call_through(OSTI_CALL_EXPORT_ABORT, 0, 0, 0, &regs);
	if (status)
		osti_call_refused("freeze it again", ex->slot, status);

	return ret;
}

bool osti_hibernate_possible(const struct osti_slot *slot)
{
	if (slot->state == OSTI_SLOT_FROZEN)
		return true;
	osti_error("slot %u (%s) is not frozen: nothing to hibernate",
		   slot->nr, slot->name);

	return false;
}

int osti_hibernate(const struct osti_device *dev, const struct osti_slot *slot)
{
	struct osti_saved saved;
	struct export *ex;
	u64 generation;
	int ret;

	printf("osti: hibernating slot %u (%s)\n", slot->nr, slot->name);
	ret = osti_saved_get(slot, &saved);
	if (ret)
		return ret;
	if (saved.store_err)
		return osti_store_explain(slot, saved.store_err);
	ex = memalign(OSTI_STORE_UNIT, sizeof(*ex));
	if (!ex) {
		osti_error("slot %u (%s): the boot manager has no memory left to hibernate it: restart the boot manager",
			   slot->nr, slot->name);
		return -ENOMEM;
	}
	ex->over = false;
	ex->slot = slot;
	ex->store = &saved.store;
	ex->area = saved.spare;
	ret = osti_saved_time(dev, &saved.saved_at);
	if (!ret)
		ret = make_image(ex, saved.saved_at, &generation, &saved.bytes);
	free(ex);
	if (ret)
		return ret;
	printf("osti: slot %u (%s) is stored: generation %llu, %llu KiB\n",
	       slot->nr, slot->name, generation,
	       DIV_ROUND_UP(saved.bytes, SZ_1K));
	saved.state = OSTI_SAVED_STORED;
	saved.error = OSTI_IMAGE_OK;
	osti_saved_note(slot, &saved);

	return 0;
}

int osti_hibernate_all(const struct osti_device *dev)
{
	struct osti_slot slot;
	int ret;

	/* The one that was frozen last gets the newest image. */
	while ((ret = osti_slots_longest(dev, &slot)) > 0) {
		ret = osti_hibernate(dev, &slot);
		if (ret)
			return ret;
	}

	return ret;
}
