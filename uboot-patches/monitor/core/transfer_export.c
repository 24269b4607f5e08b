// SPDX-License-Identifier: GPL-2.0-only
/*
 * transfer_export.c - a frozen slot becomes an image
 */
#include "transfer_state.h"

#include "arch.h"
#include "image_bytes.h"
#include "log.h"
#include "nv.h"
#include "platform.h"
#include "slot.h"
#include "string.h"

#define t	transfer

#define SEGMENT_PAGES	(OSTI_IMAGE_SEGMENT / OSTI_IMAGE_PAGE)

static uint32_t pages_of(const struct context *slot)
{
	return slot->size / OSTI_IMAGE_PAGE;
}

static uint32_t segments_of(const struct context *slot)
{
	return (pages_of(slot) + SEGMENT_PAGES - 1) / SEGMENT_PAGES;
}

/* The slot froze that many seconds ago by a clock that is not the monitor's. */
static uint64_t frozen_at(const struct context *slot, uint64_t saved_at)
{
	uint64_t ago = (arch_counter() - slot->frozen_at) / arch_counter_hz();

	return saved_at > ago ? saved_at - ago : 0;
}

size_t transfer_record(void)
{
	/* All of it is the monitor's own, and was checked when it came in. */
	const size_t bytes = image_record_write(&t.record, t.record_bytes);

	ASSERT(bytes);
	image_frame_record(&t.frame, t.record_bytes, bytes,
			   t.header.record_id);
	return bytes;
}

/*
 * What the monitor wants to know again, on the engine's desk and here. What will
 * be attached takes its room from the beginning: see attach().
 */
static void write_record(const struct context *slot, uint64_t saved_at)
{
	static uint8_t gic[GICV3_IMAGE_BYTES];
	struct engine_desk *desk = engine_memory(ENGINE_DESK, sizeof(*desk));
	struct image_record *r = &t.record;
	uint32_t i;

	gicv3_image_write(&slot->gic, gic);
	memset(r, 0, sizeof(*r));
	r->attachments = t.wanted;
	for (i = 0; i < t.wanted; i++)
		r->attachment[i].kind = OSTI_ATTACH_DISK;
	r->partition_bytes = slot->size;
	r->entry = ipa_value(slot->resume.entry);
	r->arg = slot->resume.arg;
	r->cpu = slot->resume.cpu;
	r->frozen_at = frozen_at(slot, saved_at);
	r->counter = slot->frozen_at;
	r->start = slot->version;
	r->kind = t.copy ? OSTI_IMAGE_COPY : OSTI_IMAGE_LOCAL;
	r->flags = slot->disk_key ? OSTI_IMAGE_F_DISK_KEY : 0;
	r->gic = gic;
	r->gic_bytes = sizeof(gic);
	platform_fingerprint(slot, r->platform);
	desk->record_bytes = transfer_record();
	memcpy(engine_memory(ENGINE_RECORD, desk->record_bytes),
	       t.record_bytes, desk->record_bytes);
}

/*
 * What is attached is known: into the record, and into the manifest, where the
 * engine has put the record and looks at it again only to seal it.
 */
static void attach(void)
{
	size_t bytes;

	if (!t.attached)
		return;
	memcpy(t.record.attachment, t.attachment, sizeof(t.attachment));
	bytes = transfer_record();
	memcpy(engine_memory(ENGINE_MANIFEST(t.slot->size) +
			     OSTI_IMAGE_M_FIXED, bytes), t.record_bytes, bytes);
}

/*
 * A number of its own, so that what an export leaves behind that never ends
 * cannot be taken for the image that has the number later. A copy is none that
 * could be resumed by its number.
 */
static int number(const struct context *slot, bool copy, uint64_t *generation)
{
	enum nv_state state;
	int err;

	if (!copy)
		return nv_begin(slot->id, generation);
	err = nv_generation(slot->id, generation, &state);
	if (!err && !*generation)
		*generation = 1;
	return err;
}

int64_t transfer_export(const struct context *owner, struct context *slot,
			const struct transfer_wish *wish, uint64_t *generation)
{
	const bool copy = wish->kind == OSTI_IMAGE_COPY;
	int64_t ret = slot_may(slot, SLOT_EV_EXPORT);

	if (ret)
		return ret;
	if (!transfer_is_free())
		return OSTI_E_STATE;
	/* An operating system must not be able to wear the flash. */
	if (!copy)
		nv_mend();
	if (!engine_load(slot->size))
		return OSTI_E_HARDWARE;
	if (number(slot, copy, generation)) {
		engine_end();
		return OSTI_E_HARDWARE;
	}

	t.copy = copy;
	transfer_begin(owner, slot, STAGE_SCAN);
	transfer_identify(slot, *generation, &t.header.identity);
	t.header.saved_at = wish->saved_at;
	t.wanted = wish->attachments;
	write_record(slot, wish->saved_at);
	t.missing = segments_of(slot);
	CHECK(slot_transition(slot, SLOT_EV_EXPORT) == OSTI_OK);
	engine_show(slot, false);
	log_debug("slot %u: %s %llu begins", slot->id,
		  copy ? "a copy as of image" : "image",
		  (unsigned long long)*generation);
	return OSTI_OK;
}

/* It cannot be made, and the slot stays frozen. */
static int64_t failed(enum transfer_op op, int error, uint64_t *why)
{
	return transfer_finish(END_KEPT, op, error, why);
}

/* ---- The table -------------------------------------------------------------------- */

static int look_at_segments(void)
{
	struct transfer_place *p;
	unsigned int i;

	for (i = 0; i < ENGINE_RING_PLACES; i++) {
		p = &t.place[i];
		if (!p->used || !p->job.done)
			continue;
		if (p->job.status)
			return p->job.status;
		transfer_note(p->number);
		p->used = false;
	}
	while (t.next < segments_of(t.slot)) {
		p = transfer_free_place();
		if (!p)
			break;
		transfer_submit(p, t.next, ENGINE_OP_SCAN, t.next, 0, 0);
		t.next++;
	}
	return t.missing ? OSTI_IMAGE_AGAIN : OSTI_IMAGE_OK;
}

/* What the engine says of the table, within what can be. */
static int take_table(void)
{
	const uint64_t *result = t.alone.result;

	if (t.alone.status)
		return t.alone.status;
	if (result[0] > pages_of(t.slot) ||
	    result[1] > IMAGE_CHUNKS_MAX(t.slot->size) ||
	    result[2] > IMAGE_MANIFEST_MAX(t.slot->size) + OSTI_IMAGE_TAG)
		return OSTI_IMAGE_E_ENGINE;
	t.pages = result[0];
	t.header.chunks = result[1];
	t.header.manifest_bytes = result[2];
	return OSTI_IMAGE_OK;
}

static int scan(void)
{
	int err;

	if (!t.begun) {
		if (!transfer_alone(ENGINE_OP_EXPORT, 0, 0, 0))
			return OSTI_IMAGE_AGAIN;
		if (t.alone.status)
			return t.alone.status;
		t.begun = true;
	}
	err = look_at_segments();
	if (err)
		return err;
	if (!transfer_alone(ENGINE_OP_FINISH, 0, 0, 0))
		return OSTI_IMAGE_AGAIN;
	return take_table();
}

int64_t transfer_scan(struct transfer_scan *out, uint64_t *why)
{
	int64_t ret = transfer_may(OP_SCAN);
	uint64_t looked_at;
	int err;

	if (ret)
		return ret;
	if (t.stage == STAGE_CLEAN)
		return transfer_clean(why);
	err = scan();
	looked_at = (uint64_t)(segments_of(t.slot) - t.missing) * SEGMENT_PAGES;
	out->looked_at = looked_at < pages_of(t.slot) ? looked_at :
							pages_of(t.slot);
	if (err == OSTI_IMAGE_AGAIN)
		return transfer_wait(NULL);
	if (err)
		return failed(OP_SCAN, err, why);
	out->pages = t.pages;
	out->chunks = t.header.chunks;
	out->head_bytes = image_header_first(&t.header);
	t.stage = STAGE_CHUNKS;
	t.next = 0;
	t.missing = t.header.chunks;
	memset(t.seen, 0, sizeof(t.seen));
	return OSTI_OK;
}

/* ---- Chunks ----------------------------------------------------------------------- */

static struct transfer_place *make(uint32_t index, struct transfer_place *p)
{
	if (p)
		transfer_submit(p, index, ENGINE_OP_CHUNK, index, p - t.place,
				0);
	return p;
}

/* A place whose chunk nobody came for. */
static struct transfer_place *left_over(void)
{
	unsigned int i;

	for (i = 0; i < ENGINE_RING_PLACES; i++)
		if (t.place[i].used && t.place[i].job.done)
			return &t.place[i];
	return NULL;
}

/* Begin what is likely wanted next, as far as there are places. */
static void work_ahead(uint32_t index)
{
	uint64_t end = (uint64_t)index + ENGINE_RING_PLACES;

	if (t.next <= index)
		t.next = index + 1;
	if (end > t.header.chunks)
		end = t.header.chunks;
	for (; t.next < end; t.next++) {
		if (transfer_noted(t.next) || transfer_find(t.next))
			continue;
		if (!make(t.next, transfer_free_place()))
			return;
	}
}

/* Can a chunk have that many bytes, its tag included? */
static bool can_be_stored(uint64_t bytes)
{
	return bytes > OSTI_IMAGE_C_DATA + OSTI_IMAGE_TAG &&
	       bytes <= OSTI_IMAGE_STORED_MAX;
}

/* Stored bytes of the chunk that is in its place, or the error. */
static int take_chunk(const struct transfer_place *p, uint64_t *stored)
{
	if (p->job.status)
		return p->job.status;
	*stored = p->job.result[0];
	return can_be_stored(*stored) ? OSTI_IMAGE_OK : OSTI_IMAGE_E_ENGINE;
}

int64_t transfer_chunk(uint64_t index, uint8_t *buf, uint64_t room,
		       uint64_t *stored, uint64_t *why)
{
	int64_t ret = transfer_may(OP_CHUNK);
	struct transfer_place *p;
	uint64_t bytes;
	int err;

	if (ret)
		return ret;
	if (t.stage == STAGE_CLEAN)
		return transfer_clean(why);
	if (index >= t.header.chunks)
		return OSTI_E_INVALID;
	t.asked = true;
	p = transfer_find(index);
	if (!p)
		p = make(index, transfer_free_place());
	if (!p)
		p = make(index, left_over());
	work_ahead(index);
	if (!p || !p->job.done)
		return transfer_wait(p ? &p->job : NULL);

	err = take_chunk(p, &bytes);
	if (err)
		return failed(OP_CHUNK, err, why);
	if (bytes > room)
		return OSTI_E_INVALID;
	memcpy(buf, transfer_ring(p), bytes);
	p->used = false;
	transfer_note(index);
	*stored = bytes;
	return OSTI_OK;
}

int64_t transfer_have(uint64_t index, uint64_t stored,
		      const uint8_t digest[OSTI_IMAGE_HASH])
{
	int64_t ret = transfer_may(OP_HAVE);
	uint8_t *entry;

	if (ret)
		return ret;
	/* The engine works ahead, and must not be at the same entry. */
	if (t.stage == STAGE_CLEAN || t.asked)
		return OSTI_E_STATE;
	if (index >= t.header.chunks || !can_be_stored(stored))
		return OSTI_E_INVALID;
	entry = engine_memory(ENGINE_TABLE + index * OSTI_IMAGE_T_ENTRY,
			      OSTI_IMAGE_T_ENTRY);
	memcpy(entry + OSTI_IMAGE_T_DIGEST, digest, OSTI_IMAGE_HASH);
	image_put32(entry + OSTI_IMAGE_T_STORED, stored);
	/* Of a stored image none is missing. */
	if (!t.stored)
		transfer_note(index);
	return OSTI_OK;
}

/* ---- Header and manifest ------------------------------------------------------------ */

static int take_seal(void)
{
	const struct engine_desk *desk = engine_memory(ENGINE_DESK,
						       sizeof(*desk));

	if (t.alone.status)
		return t.alone.status;
	if (t.alone.result[0] >
	    (uint64_t)t.header.chunks * OSTI_IMAGE_STORED_MAX)
		return OSTI_IMAGE_E_ENGINE;
	if (t.stored) {
		if (t.alone.result[1] >
		    IMAGE_MANIFEST_MAX(t.slot->size) + OSTI_IMAGE_TAG)
			return OSTI_IMAGE_E_ENGINE;
		t.header.manifest_bytes = t.alone.result[1];
	}
	t.header.chunks_bytes = t.alone.result[0];
	memcpy(t.header.manifest_id, desk->manifest_id, OSTI_IMAGE_HASH);
	image_frame_write(&t.frame, &t.header, t.head);
	return OSTI_IMAGE_OK;
}

int64_t transfer_seal(uint64_t *total, uint64_t *why)
{
	int64_t ret = transfer_may(OP_SEAL);
	int err;

	if (ret)
		return ret;
	if (t.stage == STAGE_CLEAN)
		return transfer_clean(why);
	if (t.missing || t.attached < t.wanted)
		return OSTI_E_STATE;
	t.stage = STAGE_SEAL;
	if (!t.alone_used) {
		/* Chunks that were made ahead and not wanted again. */
		if (engine_pending())
			return transfer_wait(NULL);
		if (t.stored)
			transfer_stored_record();
		else
			attach();
	}
	if (!transfer_alone(t.stored ? ENGINE_OP_RESEAL : ENGINE_OP_SEAL, 0, 0,
			    0))
		return transfer_wait(NULL);
	err = take_seal();
	if (err)
		return failed(OP_SEAL, err, why);
	t.stage = STAGE_SEALED;
	*total = image_header_total(&t.header);
	return OSTI_OK;
}

/* Copy what lies between two offsets of the image from one part of it. */
static void copy_part(uint64_t offset, uint8_t *buf, size_t bytes,
		      uint64_t part_at, const uint8_t *part, size_t part_bytes)
{
	uint64_t from = offset > part_at ? offset : part_at;
	uint64_t to = offset + bytes;

	if (to > part_at + part_bytes)
		to = part_at + part_bytes;
	if (from < to)
		memcpy(buf + (from - offset), part + (from - part_at),
		       to - from);
}

int64_t transfer_read(uint64_t offset, uint8_t *buf, size_t bytes)
{
	const uint64_t end = image_header_first(&t.header);
	const uint64_t table = image_header_table(&t.header);
	int64_t ret = transfer_may(OP_READ);

	if (ret)
		return ret;
	if (offset > end || bytes > end - offset)
		return OSTI_E_INVALID;
	copy_part(offset, buf, bytes, 0, t.head, sizeof(t.head));
	copy_part(offset, buf, bytes, sizeof(t.head),
		  engine_memory(ENGINE_TABLE, table), table);
	copy_part(offset, buf, bytes, sizeof(t.head) + table,
		  engine_memory(ENGINE_MANIFEST(t.slot->size),
				t.header.manifest_bytes),
		  t.header.manifest_bytes);
	if (offset <= t.head_read && offset + bytes > t.head_read)
		t.head_read = offset + bytes;
	return OSTI_OK;
}

int64_t transfer_commit_export(void)
{
	int64_t ret = transfer_may(OP_COMMIT_EXPORT);
	uint64_t why;

	if (ret)
		return ret;
	if (t.stage == STAGE_CLEAN)
		return transfer_clean(&why);
	if (t.head_read < image_header_first(&t.header))
		return OSTI_E_STATE;
	if (!t.copy && nv_store(t.slot->id, t.header.identity.generation))
		return OSTI_E_HARDWARE;
	return transfer_finish(t.copy ? END_COPIED : END_STORED,
			       OP_COMMIT_EXPORT, OSTI_IMAGE_OK, &why);
}
