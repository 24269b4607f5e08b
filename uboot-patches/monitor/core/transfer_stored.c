// SPDX-License-Identifier: GPL-2.0-only
/*
 * transfer_stored.c - an image that is stored becomes a copy
 *
 * Images of a slot and copies of it are sealed under the same keys, so the chunks
 * need not be touched: what says that it is a copy, and what is attached to it,
 * is in the resume record, and that is in the manifest. The engine opens and
 * seals it; it has no memory of the slot, which has none either.
 */
#include "transfer_state.h"

#include "log.h"
#include "nv.h"
#include "slot.h"
#include "string.h"

#define t	transfer

static int64_t failed(enum transfer_op op, int error, uint64_t *why)
{
	return transfer_finish(END_KEPT, op, error, why);
}

int64_t transfer_stored(const struct context *owner, struct context *slot,
			uint32_t attachments, uint64_t *generation)
{
	enum nv_state state;

	if (slot->state != OSTI_SLOT_EMPTY || !transfer_is_free())
		return OSTI_E_STATE;
	if (!nv_root_key() || nv_generation(slot->id, generation, &state))
		return OSTI_E_HARDWARE;
	if (!nv_resumable(state))
		return OSTI_E_STATE;
	if (!engine_load(slot->size))
		return OSTI_E_HARDWARE;
	t.stored = true;
	t.wanted = attachments;
	transfer_begin(owner, slot, STAGE_GIVE);
	engine_show(slot, false);
	return OSTI_OK;
}

bool transfer_carries_stored(const struct context *owner,
			     const struct context *slot)
{
	return transfer_carries(owner, slot) && t.stored;
}

static uint64_t behind_header(void)
{
	return image_header_first(&t.header) - OSTI_IMAGE_HEADER;
}

/* The header comes first and alone: it says how much there is of the others. */
static int64_t take_header(const uint8_t *buf, uint64_t *why)
{
	struct engine_desk *desk = engine_memory(ENGINE_DESK, sizeof(*desk));
	int err;

	memcpy(t.head, buf, sizeof(t.head));
	err = transfer_header(t.slot, t.head, false, &t.header);
	if (err)
		return failed(OP_GIVE, err, why);
	memcpy(desk->manifest_id, t.header.manifest_id, OSTI_IMAGE_HASH);
	t.begun = true;
	return OSTI_OK;
}

int64_t transfer_give(uint64_t offset, const uint8_t *buf, size_t bytes,
		      uint64_t *missing, uint64_t *why)
{
	int64_t ret = transfer_may(OP_GIVE);

	if (ret)
		return ret;
	if (t.stage == STAGE_CLEAN)
		return transfer_clean(why);
	if (t.begun)
		ret = transfer_copy_in(offset, buf, bytes);
	else if (!offset && bytes == OSTI_IMAGE_HEADER)
		ret = take_header(buf, why);
	else
		ret = OSTI_E_INVALID;
	if (!ret)
		*missing = behind_header() - t.written;
	return ret;
}

int64_t transfer_reopen(uint64_t *chunks, uint64_t *pages, uint64_t *why)
{
	int64_t ret = transfer_may(OP_REOPEN);
	int err;

	if (ret)
		return ret;
	if (t.stage == STAGE_CLEAN)
		return transfer_clean(why);
	if (!t.begun || t.written < behind_header())
		return OSTI_E_STATE;
	t.stage = STAGE_REOPEN;
	if (!transfer_alone(ENGINE_OP_OPEN, t.header.manifest_bytes,
			    t.header.chunks, t.header.chunks_bytes))
		return transfer_wait(NULL);
	err = transfer_opened();
	if (err)
		return failed(OP_REOPEN, err, why);
	t.stage = STAGE_KNOWN;
	t.copy = true;
	*chunks = t.header.chunks;
	*pages = t.alone.result[0];
	return OSTI_OK;
}

void transfer_stored_record(void)
{
	static uint8_t gic[GICV3_IMAGE_BYTES];
	struct engine_desk *desk = engine_memory(ENGINE_DESK, sizeof(*desk));
	struct image_record *r = &t.record;

	/* It lies where the record is written. */
	ASSERT(r->gic_bytes == sizeof(gic));
	memcpy(gic, r->gic, sizeof(gic));
	r->gic = gic;
	r->kind = OSTI_IMAGE_COPY;
	r->attachments = t.wanted;
	memcpy(r->attachment, t.attachment, sizeof(r->attachment));
	desk->record_bytes = transfer_record();
	memcpy(engine_memory(ENGINE_RECORD, desk->record_bytes),
	       t.record_bytes, desk->record_bytes);
}
