// SPDX-License-Identifier: GPL-2.0-only
/*
 * transfer.c - one image on its way out of a slot or into it: what its ways have
 * in common
 */
#include "transfer_state.h"

#include "arch.h"
#include "board.h"
#include "disk.h"
#include "event.h"
#include "help.h"
#include "image_crypto.h"
#include "image_error.h"
#include "keys.h"
#include "lock.h"
#include "log.h"
#include "nv.h"
#include "partition.h"
#include "restore.h"
#include "slot.h"
#include "string.h"
#include "sweep.h"

_Static_assert(ENGINE_BYTES(LARGEST) <= BOARD_ENGINE_SIZE,
	       "the engine has room for the largest slot");
_Static_assert(ENGINE_RING_PLACES + 1 <= ENGINE_QUEUE,
	       "every job can wait at once");

struct transfer transfer;

#define t	transfer

void transfer_init(void)
{
	memset(&t, 0, sizeof(t));
}

bool transfer_active(void)
{
	return t.stage != STAGE_NONE;
}

const struct context *transfer_owner(void)
{
	return t.owner;
}

bool transfer_carries(const struct context *owner, const struct context *slot)
{
	return t.stage != STAGE_NONE && t.stage != STAGE_CLEAN &&
	       t.owner == owner && t.slot == slot;
}

bool transfer_is_free(void)
{
	return t.stage == STAGE_NONE && !slot_any(OSTI_SLOT_LOADING);
}

static bool is_export(void)
{
	return t.slot->state != OSTI_SLOT_RESTORING;
}

/* ---- Which call is for which stage --------------------------------------------- */

#define AT(stage)	(1U << STAGE_##stage)

/* docs/state-machines.md has this table, too. */
static const uint16_t stages_of[OPS] = {
	[OP_TABLE] = AT(CHUNKS) | AT(KNOWN) | AT(SEAL) | AT(SEALED) | AT(PLACE),
	[OP_SCAN] = AT(SCAN),
	[OP_CHUNK] = AT(CHUNKS),
	[OP_HAVE] = AT(CHUNKS) | AT(KNOWN),
	[OP_SEAL] = AT(CHUNKS) | AT(KNOWN) | AT(SEAL),
	[OP_READ] = AT(SEALED),
	[OP_COMMIT_EXPORT] = AT(SEALED),
	[OP_ATTACH] = AT(SCAN) | AT(CHUNKS) | AT(KNOWN) | AT(PLACE),
	[OP_ABORT_EXPORT] = AT(SCAN) | AT(CHUNKS) | AT(GIVE) | AT(REOPEN) |
			    AT(KNOWN) | AT(SEAL) | AT(SEALED),
	[OP_GIVE] = AT(GIVE),
	[OP_REOPEN] = AT(GIVE) | AT(REOPEN),
	[OP_WRITE] = AT(MANIFEST),
	[OP_OPEN] = AT(MANIFEST) | AT(OPEN),
	[OP_PLACE] = AT(PLACE),
	[OP_CHECK] = AT(PLACE),
	[OP_COMMIT_IMPORT] = AT(PLACE),
	[OP_ABORT_IMPORT] = AT(MANIFEST) | AT(OPEN) | AT(PLACE),
};

int64_t transfer_may(enum transfer_op op)
{
	/* Every call about an image begins here. */
	LOCK_ASSERT_HELD();
	/* What ends it is called until it has; to give up is always possible. */
	if (t.stage == STAGE_CLEAN)
		return op == t.ended_by ||
		       op == (is_export() ? OP_ABORT_EXPORT : OP_ABORT_IMPORT) ?
		       OSTI_OK : OSTI_E_STATE;
	return stages_of[op] & 1U << t.stage ? OSTI_OK : OSTI_E_STATE;
}

/* ---- Keys ---------------------------------------------------------------------- */

void transfer_begin(const struct context *owner, struct context *slot,
		    enum transfer_stage stage)
{
	struct engine_desk *desk = engine_memory(ENGINE_DESK, sizeof(*desk));
	uint8_t slot_key[OSTI_IMAGE_HASH];

	LOCK_ASSERT_HELD();
	CHECK(keys_slot(slot, slot_key));
	image_keys_derive(slot_key, &desk->keys);
	image_keys_frame(slot_key, &t.frame);
	image_crypto_wipe(slot_key, sizeof(slot_key));
	desk->packing = t.copy ? (struct image_packing)IMAGE_PACKING_COPY :
				 (struct image_packing)IMAGE_PACKING_LOCAL;
	desk->manifest = ENGINE_MANIFEST(slot->size);
	t.owner = owner;
	t.slot = slot;
	t.stage = stage;
	/* Only the boot manager has CPUs to spare. */
	if (owner->id == OSTI_CONTEXT_BM)
		help_call();
}

void transfer_identify(const struct context *slot, uint64_t generation,
		       struct image_identity *id)
{
	memset(id, 0, sizeof(*id));
	id->slot = slot->id;
	id->generation = generation;
	memcpy(id->name, slot->name, sizeof(id->name));
	keys_device(id->device);
}

/* ---- Jobs ---------------------------------------------------------------------- */

static void submit(struct engine_job *job, uint64_t op, uint64_t a, uint64_t b,
		   uint64_t c)
{
	*job = (struct engine_job) { .op = op, .arg = { a, b, c } };
	CHECK(engine_submit(job));
}

bool transfer_alone(uint64_t op, uint64_t a, uint64_t b, uint64_t c)
{
	if (!t.alone_used) {
		submit(&t.alone, op, a, b, c);
		t.alone_used = true;
	}
	if (!t.alone.done)
		return false;
	t.alone_used = false;
	return true;
}

void transfer_submit(struct transfer_place *p, uint32_t number, uint64_t op,
		     uint64_t a, uint64_t b, uint64_t c)
{
	p->used = true;
	p->number = number;
	submit(&p->job, op, a, b, c);
}

struct transfer_place *transfer_find(uint32_t number)
{
	unsigned int i;

	for (i = 0; i < ENGINE_RING_PLACES; i++)
		if (t.place[i].used && t.place[i].number == number)
			return &t.place[i];
	return NULL;
}

struct transfer_place *transfer_free_place(void)
{
	unsigned int i;

	for (i = 0; i < ENGINE_RING_PLACES; i++)
		if (!t.place[i].used)
			return &t.place[i];
	return NULL;
}

uint8_t *transfer_ring(const struct transfer_place *p)
{
	return engine_memory(ENGINE_RING(p - t.place), OSTI_IMAGE_STORED_MAX);
}

bool transfer_noted(uint32_t number)
{
	return t.seen[number / 8] & 1U << number % 8;
}

void transfer_note(uint32_t number)
{
	if (transfer_noted(number))
		return;
	t.seen[number / 8] |= 1U << number % 8;
	t.missing--;
}

int64_t transfer_wait(const struct engine_job *first)
{
	help_yourself(first);
	return OSTI_AGAIN;
}

/* ---- The end -------------------------------------------------------------------- */

/* Does the slot keep its memory? */
static bool keeps(enum transfer_end end)
{
	return end == END_COPIED || end == END_KEPT || end == END_RESTORED;
}

static void begin_end(enum transfer_end end)
{
	if (t.stage != STAGE_CLEAN)
		engine_end();
	if (!keeps(end))
		partition_drop(t.slot);
	image_crypto_wipe(&t.frame, sizeof(t.frame));
	t.end = end;
	t.stage = STAGE_CLEAN;
}

static bool is_clean(void)
{
	return engine_is_clean() &&
	       (keeps(t.end) || partition_is_zero(t.slot));
}

static void stored(struct context *slot, uint64_t generation)
{
	const uint64_t total = image_header_total(&t.header);

	slot->frozen_at = 0;
	slot->version = 0;
	slot->disk_key = false;
	memset(&slot->origin, 0, sizeof(slot->origin));
	restore_forget(slot);
	event_add(OSTI_EV_SAVED, slot->id, generation, total);
	log_info("slot %u: image %llu is stored, %llu bytes", slot->id,
		 (unsigned long long)generation, (unsigned long long)total);
}

static void copied(const struct context *slot)
{
	const uint64_t total = image_header_total(&t.header);

	event_add(OSTI_EV_COPIED, slot->id, t.owner->id, total);
	log_debug("slot %u: there is a copy of it, %llu bytes", slot->id,
		  (unsigned long long)total);
}

static void restored(struct context *slot, uint64_t generation,
		     uint64_t number)
{
	const struct image_record *r = &t.record;

	slot->resume.entry = ipa_make(r->entry);
	slot->resume.arg = r->arg;
	slot->resume.cpu = r->cpu;
	gicv3_image_read(r->gic, &slot->gic);
	slot->frozen_at = arch_counter();
	slot->origin.fresh = true;
	slot->origin.copy = t.copy;
	slot->origin.generation = generation;
	slot->origin.number = number;
	slot->origin.counter = r->counter;
	slot->origin.saved_at = t.header.saved_at;
	slot->version = r->start;
	slot->disk_key = r->flags & OSTI_IMAGE_F_DISK_KEY;
	slot->tries = 0;
	memset(&slot->answer, 0, sizeof(slot->answer));
	restore_forget(t.owner);
	event_add(OSTI_EV_RESTORED, slot->id, generation, t.copy);
	log_debug("slot %u: %s %llu is %s, the slot is frozen", slot->id,
		  t.copy ? "a copy of image" : "image",
		  (unsigned long long)generation,
		  t.copy ? "in it" : "used up");
}

/*
 * Before it goes on, so that no cut of power lets it go on twice. A copy is not
 * used up, but takes a number, and the image of what the slot was ends with it.
 */
static int use_up(const struct context *slot, uint64_t *number)
{
	*number = t.header.identity.generation;
	return t.copy ? nv_begin(slot->id, number) :
			nv_consume(slot->id, *number);
}

/* All is zero. */
static int64_t complete(void)
{
	const uint64_t generation = t.header.identity.generation;
	struct context *slot = t.slot;
	bool commit = t.end == END_STORED || t.end == END_RESTORED;
	uint64_t number;

	if (t.end == END_RESTORED && use_up(slot, &number))
		return OSTI_E_HARDWARE;

	help_dismiss();
	if (!keeps(t.end))
		partition_free(slot);
	/* A slot whose stored image is copied has no part in it. */
	if (!t.stored)
		CHECK(slot_transition(slot, commit ? SLOT_EV_COMMIT :
				      SLOT_EV_ABORT) == OSTI_OK);
	if (t.end == END_STORED)
		stored(slot, generation);
	else if (t.end == END_RESTORED)
		restored(slot, generation, number);
	else if (t.end == END_COPIED)
		copied(slot);
	else
		log_debug("slot %u is %s again", slot->id,
			  slot_state_name(slot->state));
	image_crypto_wipe(&t, sizeof(t));
	return OSTI_OK;
}

int64_t transfer_clean(uint64_t *reason)
{
	const int why = t.why;
	int64_t ret;

	LOCK_ASSERT_HELD();
	if (!is_clean())
		return transfer_wait(NULL);
	ret = complete();
	if (ret || !why)
		return ret;
	*reason = -why;
	return OSTI_E_IMAGE;
}

int64_t transfer_finish(enum transfer_end end, enum transfer_op op, int why,
			uint64_t *reason)
{
	const uint64_t generation = t.header.identity.generation;

	LOCK_ASSERT_HELD();
	if (why) {
		event_add(OSTI_EV_REJECTED, t.slot->id, -why, generation);
		log_warn("slot %u: image %llu is refused: %s", t.slot->id,
			 (unsigned long long)generation, image_error_text(why));
	} else {
		disk_end(t.slot);
	}
	t.ended_by = op;
	t.why = why;
	begin_end(end);
	return transfer_clean(reason);
}

/* What was committed goes on to its end, all else goes back. */
static void turn_back(void)
{
	disk_end(t.slot);
	if (t.stage != STAGE_CLEAN)
		begin_end(is_export() ? END_KEPT : END_EMPTY);
	else if (t.end == END_RESTORED)
		begin_end(END_EMPTY);
	t.why = OSTI_IMAGE_OK;
}

static int64_t give_up(enum transfer_op op)
{
	uint64_t reason;
	int64_t ret = transfer_may(op);

	if (ret)
		return ret;
	turn_back();
	t.ended_by = op;
	return transfer_clean(&reason);
}

int64_t transfer_abort_export(void)
{
	return give_up(OP_ABORT_EXPORT);
}

int64_t transfer_abort_import(void)
{
	return give_up(OP_ABORT_IMPORT);
}

void transfer_abort(void)
{
	LOCK_ASSERT_HELD();
	if (t.stage == STAGE_NONE)
		return;
	turn_back();
	engine_clean();
	if (!keeps(t.end))
		sweep_finish(t.slot->base, t.slot->size);
	CHECK(complete() == OSTI_OK);
}

void transfer_leave(const struct context *ctx)
{
	if (t.owner == ctx)
		transfer_abort();
}

/* ---- Images that nobody can resume any more ------------------------------------- */

bool transfer_wants_consent(const struct context *slot)
{
	/* What failed may have been over in a moment. */
	nv_mend();
	return nv_doubtful(slot->id);
}

/* A person agreed to what NV memory cannot take: @generation, 0 = not known. */
static void forfeit(const struct context *slot, uint64_t generation)
{
	nv_forfeit(slot->id);
	event_add(OSTI_EV_DROPPED, slot->id, generation, 0);
	log_warn("slot %u: no image of it is resumed until the device was off",
		 slot->id);
}

int64_t transfer_give_up(const struct context *slot, bool agreed)
{
	bool doubtful = transfer_wants_consent(slot);
	uint64_t generation = 0;
	enum nv_state state;
	int err = nv_generation(slot->id, &generation, &state);

	LOCK_ASSERT_HELD();
	/* Where nothing can be resumed there is nothing to give up. */
	if (!doubtful && (err || !nv_resumable(state)))
		return OSTI_OK;
	if (doubtful || nv_consume(slot->id, generation)) {
		if (!agreed)
			return OSTI_E_AGREE;
		forfeit(slot, generation);
		return OSTI_OK;
	}
	event_add(OSTI_EV_DROPPED, slot->id, generation, 0);
	log_info("slot %u: its image %llu is given up", slot->id,
		 (unsigned long long)generation);
	return OSTI_OK;
}

/* ---- Both ------------------------------------------------------------------------ */

int64_t transfer_table(uint64_t first, uint8_t *buf, uint64_t *entries)
{
	int64_t ret = transfer_may(OP_TABLE);

	if (ret)
		return ret;
	if (first > t.header.chunks)
		return OSTI_E_INVALID;
	if (*entries > t.header.chunks - first)
		*entries = t.header.chunks - first;
	memcpy(buf, engine_memory(ENGINE_TABLE + first * OSTI_IMAGE_T_ENTRY,
				  *entries * OSTI_IMAGE_T_ENTRY),
	       *entries * OSTI_IMAGE_T_ENTRY);
	return OSTI_OK;
}

int64_t transfer_attach(uint32_t kind, uint64_t bytes,
			const uint8_t digest[OSTI_IMAGE_HASH])
{
	int64_t ret = transfer_may(OP_ATTACH);
	struct image_attachment *a;

	LOCK_ASSERT_HELD();
	if (ret)
		return ret;
	if (t.attached == (is_export() ? t.wanted : OSTI_IMAGE_ATTACHMENTS_MAX))
		return OSTI_E_INVALID;
	a = &t.attachment[t.attached++];
	a->kind = kind;
	a->bytes = bytes;
	memcpy(a->digest, digest, sizeof(a->digest));
	return OSTI_OK;
}
