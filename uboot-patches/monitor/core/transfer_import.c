// SPDX-License-Identifier: GPL-2.0-only
/*
 * transfer_import.c - an image becomes a frozen slot
 */
#include "transfer_state.h"

#include "cpu.h"
#include "event.h"
#include "image_bytes.h"
#include "image_crypto.h"
#include "image_error.h"
#include "keys.h"
#include "log.h"
#include "nv.h"
#include "partition.h"
#include "platform.h"
#include "restore.h"
#include "slot.h"
#include "string.h"

#define t	transfer

static int64_t failed(enum transfer_op op, int error, uint64_t *why)
{
	return transfer_finish(END_EMPTY, op, error, why);
}

/* ---- Which image is it? ------------------------------------------------------------ */

static int check_mac(const struct context *slot, const uint8_t *head)
{
	struct image_frame_keys frame;
	uint8_t slot_key[OSTI_IMAGE_HASH];
	int err;

	CHECK(keys_slot(slot, slot_key));
	image_keys_frame(slot_key, &frame);
	err = image_frame_check(&frame, head);
	image_crypto_wipe(slot_key, sizeof(slot_key));
	image_crypto_wipe(&frame, sizeof(frame));
	return err;
}

/* Is it the local image that may be resumed? */
static int check_local(const struct context *slot,
		       const struct image_header *header)
{
	struct image_identity wanted;
	uint64_t generation;
	enum nv_state state;
	int err = nv_generation(slot->id, &generation, &state);

	ASSERT(!err);
	transfer_identify(slot, generation, &wanted);
	err = image_header_match(header, &wanted);
	if (!err && !nv_resumable(state))
		err = OSTI_IMAGE_E_GENERATION;
	return err;
}

/* The header is copied. */
int transfer_header(const struct context *slot, const uint8_t *head, bool copy,
		    struct image_header *header)
{
	int err = image_header_parse(head, OSTI_IMAGE_HEADER, header);

	if (!err && !copy)
		err = check_local(slot, header);
	if (!err)
		err = check_mac(slot, head);
	if (err)
		return err;
	/* It is genuine: what does not fit is of a slot of another size. */
	if (header->chunks > IMAGE_CHUNKS_MAX(slot->size) ||
	    header->manifest_bytes >
	    IMAGE_MANIFEST_MAX(slot->size) + OSTI_IMAGE_TAG)
		return OSTI_IMAGE_E_PARTITION;
	return OSTI_IMAGE_OK;
}

/* Nothing has begun. */
static int64_t refuse(const struct context *slot, int error,
		      uint64_t generation, uint64_t *why)
{
	event_add(OSTI_EV_REJECTED, slot->id, -error, generation);
	log_warn("slot %u: image %llu is refused: %s", slot->id,
		 (unsigned long long)generation, image_error_text(error));
	*why = -error;
	return OSTI_E_IMAGE;
}

int64_t transfer_genuine(const struct context *slot, const uint8_t *in,
			 struct image_header *header, uint64_t *why)
{
	int err;

	if (!nv_root_key())
		return OSTI_E_HARDWARE;
	memset(header, 0, sizeof(*header));
	err = transfer_header(slot, in, true, header);
	return err ? refuse(slot, err, header->identity.generation, why) :
		     OSTI_OK;
}

/* What cannot be used up at the end need not be begun. */
static bool can_use_up(const struct context *slot, bool copy)
{
	if (!copy)
		nv_mend();
	return nv_root_key() && !nv_doubtful(slot->id);
}

/* Memory for it: a partition, and the engine's. */
static int64_t make_room(struct context *slot)
{
	int64_t ret = partition_take(slot);

	if (ret)
		return ret;
	if (engine_load(slot->size))
		return OSTI_OK;
	partition_put(slot);
	return OSTI_E_HARDWARE;
}

int64_t transfer_import(const struct context *owner, struct context *slot,
			const uint8_t *header, uint64_t *bytes, uint64_t *why)
{
	const bool copy = owner->id != OSTI_CONTEXT_BM;
	int64_t ret;
	int err;

	ret = slot_may(slot, SLOT_EV_IMPORT);
	if (ret)
		return ret;
	if (!transfer_is_free())
		return OSTI_E_STATE;
	if (!can_use_up(slot, copy))
		return OSTI_E_HARDWARE;

	memcpy(t.head, header, sizeof(t.head));
	err = transfer_header(slot, t.head, copy, &t.header);
	ret = err ? refuse(slot, err, t.header.identity.generation, why) :
		    make_room(slot);
	if (ret) {
		transfer_init();
		return ret;
	}
	t.copy = copy;
	transfer_begin(owner, slot, STAGE_MANIFEST);
	CHECK(slot_transition(slot, SLOT_EV_IMPORT) == OSTI_OK);
	*bytes = image_header_first(&t.header) - OSTI_IMAGE_HEADER;
	return OSTI_OK;
}

/* ---- Table and manifest ---------------------------------------------------------------- */

/* Copy to one of two buffers that follow each other in the image. */
static void copy_in(uint64_t at, const uint8_t *buf, size_t bytes,
		    uint64_t part_at, uint64_t part_bytes, uint64_t memory)
{
	uint64_t from = at > part_at ? at : part_at;
	uint64_t to = at + bytes;

	if (to > part_at + part_bytes)
		to = part_at + part_bytes;
	if (from < to)
		memcpy(engine_memory(memory + (from - part_at), to - from),
		       buf + (from - at), to - from);
}

int64_t transfer_copy_in(uint64_t offset, const uint8_t *buf, size_t bytes)
{
	const uint64_t end = image_header_first(&t.header) - OSTI_IMAGE_HEADER;
	const uint64_t table = image_header_table(&t.header);

	if (offset < OSTI_IMAGE_HEADER ||
	    offset - OSTI_IMAGE_HEADER != t.written || bytes > end - t.written)
		return OSTI_E_INVALID;
	copy_in(t.written, buf, bytes, 0, table, ENGINE_TABLE);
	copy_in(t.written, buf, bytes, table, t.header.manifest_bytes,
		ENGINE_MANIFEST(t.slot->size));
	t.written += bytes;
	return OSTI_OK;
}

int64_t transfer_write(uint64_t offset, const uint8_t *buf, size_t bytes)
{
	int64_t ret = transfer_may(OP_WRITE);

	return ret ? ret : transfer_copy_in(offset, buf, bytes);
}

/*
 * The resume record is copied out of the manifest, and then proved: the engine
 * may have written anything there.
 */
static int take_record(void)
{
	const uint64_t at = ENGINE_MANIFEST(t.slot->size);
	uint8_t id[OSTI_IMAGE_HASH];
	uint32_t bytes;

	bytes = image_get32(engine_memory(at + OSTI_IMAGE_M_RECORD_BYTES, 4));
	if (bytes > sizeof(t.record_bytes))
		return OSTI_IMAGE_E_RECORD;
	memcpy(t.record_bytes, engine_memory(at + OSTI_IMAGE_M_FIXED, bytes),
	       bytes);
	image_frame_record(&t.frame, t.record_bytes, bytes, id);
	if (!image_crypto_equal(id, t.header.record_id, sizeof(id)))
		return OSTI_IMAGE_E_RECORD;
	return image_record_parse(t.record_bytes, bytes, &t.record);
}

/* It is genuine. Is it possible, and is it for this device and slot? */
static int check_record(void)
{
	const struct image_record *r = &t.record;
	uint8_t platform[OSTI_IMAGE_HASH];
	int err;

	platform_fingerprint(t.slot, platform);
	err = image_record_match(r, t.slot->size, platform);
	if (err)
		return err;
	if (r->kind != (t.copy ? OSTI_IMAGE_COPY : OSTI_IMAGE_LOCAL))
		return OSTI_IMAGE_E_KIND;
	if (r->cpu >= cpu_count())
		return OSTI_IMAGE_E_RESUME;
	if (!gicv3_image_ok(r->gic, r->gic_bytes))
		return OSTI_IMAGE_E_GIC;
	return OSTI_IMAGE_OK;
}

int transfer_opened(void)
{
	int err = t.alone.status;

	if (!err && t.alone.result[0] > t.slot->size / OSTI_IMAGE_PAGE)
		err = OSTI_IMAGE_E_ENGINE;
	if (!err)
		err = take_record();
	return err ? err : check_record();
}

/* The partition is zero: from now on the engine may reach it. */
static void show(void)
{
	struct engine_desk *desk = engine_memory(ENGINE_DESK, sizeof(*desk));

	memcpy(desk->manifest_id, t.header.manifest_id, OSTI_IMAGE_HASH);
	partition_use(t.slot);
	engine_show(t.slot, true);
	t.stage = STAGE_OPEN;
}

int64_t transfer_open(uint64_t *chunks, uint64_t *pages, uint64_t *why)
{
	int64_t ret = transfer_may(OP_OPEN);
	int err;

	if (ret)
		return ret;
	if (t.stage == STAGE_CLEAN)
		return transfer_clean(why);
	if (t.stage == STAGE_MANIFEST) {
		if (t.written + OSTI_IMAGE_HEADER <
		    image_header_first(&t.header))
			return OSTI_E_STATE;
		if (!partition_is_zero(t.slot))
			return transfer_wait(NULL);
		show();
	}
	if (!transfer_alone(ENGINE_OP_OPEN, t.header.manifest_bytes,
			    t.header.chunks, t.header.chunks_bytes))
		return transfer_wait(NULL);
	err = transfer_opened();
	if (err)
		return failed(OP_OPEN, err, why);
	t.stage = STAGE_PLACE;
	t.missing = t.header.chunks;
	*chunks = t.header.chunks;
	*pages = t.alone.result[0];
	return OSTI_OK;
}

/* ---- What is attached ----------------------------------------------------------------- */

static bool has_disk(void)
{
	uint32_t i;

	for (i = 0; i < t.record.attachments; i++)
		if (t.record.attachment[i].kind == OSTI_ATTACH_DISK)
			return true;
	return false;
}

int64_t transfer_may_write_disk(const struct context *owner,
				const struct context *slot)
{
	if (!transfer_carries(owner, slot) || t.stage != STAGE_PLACE ||
	    !has_disk())
		return OSTI_E_STATE;
	return restore_agreed(owner, slot, &t.header) ? OSTI_OK : OSTI_E_AGREE;
}

/* Is what the owner has what the image was made with? */
static bool is_attached(void)
{
	uint32_t i;

	if (t.attached != t.record.attachments)
		return false;
	for (i = 0; i < t.attached; i++) {
		const struct image_attachment *has = &t.attachment[i];
		const struct image_attachment *want = &t.record.attachment[i];

		if (has->kind != want->kind || has->bytes != want->bytes ||
		    !image_crypto_equal(has->digest, want->digest,
					sizeof(has->digest)))
			return false;
	}
	return true;
}

/* ---- Chunks ----------------------------------------------------------------------------- */

/* Empty the places whose chunks are good. */
static int settle(void)
{
	unsigned int i;

	for (i = 0; i < ENGINE_RING_PLACES; i++) {
		struct transfer_place *p = &t.place[i];

		if (!p->used || !p->job.done)
			continue;
		if (p->job.status)
			return p->job.status;
		p->used = false;
	}
	return OSTI_IMAGE_OK;
}

int64_t transfer_place(uint64_t index, const uint8_t *buf, uint64_t bytes,
		       uint64_t *missing, uint64_t *why)
{
	int64_t ret = transfer_may(OP_PLACE);
	struct transfer_place *p;
	int err;

	if (ret)
		return ret;
	if (t.stage == STAGE_CLEAN)
		return transfer_clean(why);
	if (index >= t.header.chunks)
		return OSTI_E_INVALID;
	err = settle();
	if (!err && bytes > OSTI_IMAGE_STORED_MAX)
		err = OSTI_IMAGE_E_CHUNK_SIZE;
	if (err)
		return failed(OP_PLACE, err, why);
	p = transfer_free_place();
	/* Twice the same chunk at once: one of them waits. */
	if (!p || transfer_find(index))
		return transfer_wait(NULL);
	memcpy(transfer_ring(p), buf, bytes);
	transfer_submit(p, index, ENGINE_OP_PLACE, index, p - t.place, bytes);
	transfer_note(index);
	*missing = t.missing;
	return OSTI_OK;
}

/* Are all chunks here and good, and what is attached? OSTI_AGAIN: not yet. */
static int64_t check(enum transfer_op op, uint64_t *why)
{
	int err;

	if (t.missing)
		return OSTI_E_STATE;
	err = settle();
	if (err)
		return failed(op, err, why);
	if (engine_pending())
		return transfer_wait(NULL);
	if (!is_attached())
		return failed(op, OSTI_IMAGE_E_ATTACHED, why);
	if (!t.verified)
		event_add(OSTI_EV_VERIFIED, t.slot->id,
			  t.header.identity.generation, 0);
	t.verified = true;
	return OSTI_OK;
}

int64_t transfer_check(uint64_t *why)
{
	int64_t ret = transfer_may(OP_CHECK);

	if (ret)
		return ret;
	return t.stage == STAGE_CLEAN ? transfer_clean(why) :
					check(OP_CHECK, why);
}

int64_t transfer_commit_import(uint64_t *why)
{
	int64_t ret = transfer_may(OP_COMMIT_IMPORT);

	if (ret)
		return ret;
	if (t.stage == STAGE_CLEAN)
		return transfer_clean(why);
	ret = check(OP_COMMIT_IMPORT, why);
	if (!ret && t.copy && !restore_agreed(t.owner, t.slot, &t.header))
		return OSTI_E_AGREE;
	return ret ? ret : transfer_finish(END_RESTORED, OP_COMMIT_IMPORT,
					   OSTI_IMAGE_OK, why);
}
