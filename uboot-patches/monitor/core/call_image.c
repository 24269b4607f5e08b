// SPDX-License-Identifier: GPL-2.0-only
/*
 * call_image.c - the OSTI calls about images
 *
 * Ranges and buffers are checked here, order and contents in transfer.c.
 */
#include "call.h"

#include <osti/image.h>

#include "arch.h"
#include "context.h"
#include "event.h"
#include "image_bytes.h"
#include "image_crypto.h"
#include "nv.h"
#include "rtc.h"
#include "slot.h"
#include "string.h"
#include "transfer.h"

/* ---- For every context ------------------------------------------------------ */

static uint64_t generation_state(enum nv_state state)
{
	switch (state) {
	case NV_NONE:
		return OSTI_GENERATION_NONE;
	case NV_STORED:
		return OSTI_GENERATION_STORED;
	case NV_RETIRED:
		return OSTI_GENERATION_RETIRED;
	default:
		/* A number that is given away has no image, either. */
		return OSTI_GENERATION_CONSUMED;
	}
}

int64_t call_image_info(struct call *c)
{
	const struct image_note *note;
	enum nv_state state;

	if (!context_is_slot(c->arg[1]))
		return OSTI_E_INVALID;
	if (nv_generation(c->arg[1], &c->res[2], &state))
		return OSTI_E_HARDWARE;
	note = &context_get(c->arg[1])->note;
	c->res[1] = generation_state(state);
	c->res[3] = note->note;
	c->res[4] = note->reason;
	c->res[5] = rtc_seconds(c->ctx, note->saved_at);
	c->res[6] = note->bytes;
	return OSTI_OK;
}

/*
 * Bytes that no other resume of this image got, here or elsewhere: a resumed
 * generation is used up, a copy gets a number of its own each time, and the root
 * key is the device's own.
 */
static void unique_bytes(const struct context *ctx, uint64_t out[4])
{
	static const uint8_t label[] = "osti resume id";
	uint8_t key[OSTI_IMAGE_HASH];
	uint8_t data[3 * 8];

	image_crypto_mac(nv_root_key(), label, sizeof(label) - 1, key);
	image_put64(data, ctx->id);
	image_put64(data + 8, ctx->origin.number);
	image_put64(data + 16, arch_counter());
	image_crypto_mac(key, data, sizeof(data), (uint8_t *)out);
	image_crypto_wipe(key, sizeof(key));
}

int64_t call_resume_info(struct call *c)
{
	const struct context *ctx = c->ctx;

	if (ctx->id == OSTI_CONTEXT_BM)
		return OSTI_E_DENIED;
	c->res[1] = ctx->resumed;
	c->res[2] = ctx->origin.generation;
	c->res[3] = ctx->origin.counter;
	c->res[4] = rtc_seconds(ctx, ctx->origin.saved_at);
	if (ctx->resumed == OSTI_RESUMED_IMAGE ||
	    ctx->resumed == OSTI_RESUMED_COPY)
		unique_bytes(ctx, &c->res[5]);
	return OSTI_OK;
}

/* ---- For the boot manager ---------------------------------------------------- */

int64_t call_image_note(struct call *c)
{
	struct context *slot;
	int64_t ret = call_slot(c, &slot);

	if (ret)
		return ret;
	if (c->arg[2] > OSTI_NOTE_LAST)
		return OSTI_E_INVALID;
	slot->note.note = c->arg[2];
	slot->note.reason = c->arg[3];
	slot->note.saved_at = c->arg[4];
	slot->note.bytes = c->arg[5];
	return OSTI_OK;
}

/* The empty slot that x1 names, and its image, which can be resumed. */
static int64_t waiting_image(struct call *c, struct context **slot,
			     uint64_t *generation, enum nv_state *state)
{
	int64_t ret = call_slot(c, slot);

	if (ret)
		return ret;
	nv_mend();
	if (nv_generation((*slot)->id, generation, state))
		return OSTI_E_HARDWARE;
	return nv_resumable(*state) && (*slot)->state == OSTI_SLOT_EMPTY ?
	       OSTI_OK : OSTI_E_STATE;
}

int64_t call_image_drop(struct call *c)
{
	struct context *slot;
	uint64_t generation;
	enum nv_state state;
	int64_t ret = waiting_image(c, &slot, &generation, &state);

	if (ret)
		return ret;
	return transfer_give_up(slot, false) ? OSTI_E_HARDWARE : OSTI_OK;
}

int64_t call_image_retire(struct call *c)
{
	struct context *slot;
	uint64_t generation;
	enum nv_state state;
	int64_t ret = waiting_image(c, &slot, &generation, &state);

	if (ret)
		return ret;
	if (state == NV_RETIRED)
		return OSTI_E_STATE;
	if (nv_retire(slot->id, generation))
		return OSTI_E_HARDWARE;
	event_add(OSTI_EV_RETIRED, slot->id, generation, 0);
	return OSTI_OK;
}

static bool between(uint64_t val, uint64_t max)
{
	return val >= 1 && val <= max;
}

int64_t call_export_begin(struct call *c)
{
	struct context *slot;
	const uint64_t attachments = c->arg[3] >> 8;
	const struct transfer_wish wish = {
		.kind = c->arg[3] & 0xff,
		.attachments = attachments,
		.saved_at = c->arg[2],
	};
	const bool copy = wish.kind == OSTI_IMAGE_COPY;
	int64_t ret = call_slot(c, &slot);

	if (ret)
		return ret;
	if ((wish.kind != OSTI_IMAGE_LOCAL && !copy) ||
	    attachments > (copy ? OSTI_IMAGE_ATTACHMENTS_MAX : 0))
		return OSTI_E_INVALID;
	if (!copy && c->ctx->id != OSTI_CONTEXT_BM)
		return OSTI_E_DENIED;
	ret = transfer_export(c->ctx, slot, &wish, &c->res[1]);
	if (ret)
		return ret;
	/* What the store has is about to change. */
	if (!copy)
		memset(&slot->note, 0, sizeof(slot->note));
	c->res[2] = slot->size / OSTI_IMAGE_PAGE;
	return OSTI_OK;
}

int64_t call_export_scan(struct call *c)
{
	struct transfer_scan scan = { 0 };
	uint64_t why = 0;
	int64_t ret = transfer_scan(&scan, &why);

	c->res[1] = ret == OSTI_E_IMAGE ? why : scan.looked_at;
	c->res[2] = scan.pages;
	c->res[3] = scan.chunks;
	c->res[4] = scan.head_bytes;
	return ret;
}

int64_t call_image_table(struct call *c)
{
	uint64_t entries = c->arg[3];
	uint8_t *buf;
	int64_t ret;

	if (!between(entries, OSTI_TABLE_MAX))
		return OSTI_E_INVALID;
	ret = call_buffer(c, c->arg[2], entries * OSTI_IMAGE_T_ENTRY, &buf);
	if (!ret)
		ret = transfer_table(c->arg[1], buf, &entries);
	c->res[1] = entries;
	return ret;
}

int64_t call_export_chunk(struct call *c)
{
	uint8_t *buf;
	int64_t ret = call_buffer(c, c->arg[2], c->arg[3], &buf);

	return ret ? ret : transfer_chunk(c->arg[1], buf, c->arg[3],
					  &c->res[1], &c->res[1]);
}

/* A digest in x3..x6. */
static void get_digest(const struct call *c, uint8_t digest[OSTI_IMAGE_HASH])
{
	unsigned int i;

	for (i = 0; i < OSTI_IMAGE_HASH / 8; i++)
		image_put64(digest + 8 * i, c->arg[3 + i]);
}

int64_t call_export_have(struct call *c)
{
	uint8_t digest[OSTI_IMAGE_HASH];

	get_digest(c, digest);
	return transfer_have(c->arg[1], c->arg[2], digest);
}

int64_t call_attach(struct call *c)
{
	uint8_t digest[OSTI_IMAGE_HASH];

	if (c->arg[1] != OSTI_ATTACH_DISK)
		return OSTI_E_INVALID;
	get_digest(c, digest);
	return transfer_attach(c->arg[1], c->arg[2], digest);
}

int64_t call_export_seal(struct call *c)
{
	return transfer_seal(&c->res[1], &c->res[1]);
}

/* A buffer for one READ or WRITE: x2 and x3. */
static int64_t copy_buffer(struct call *c, uint8_t **buf)
{
	if (!between(c->arg[3], OSTI_COPY_MAX))
		return OSTI_E_INVALID;
	return call_buffer(c, c->arg[2], c->arg[3], buf);
}

int64_t call_export_read(struct call *c)
{
	uint8_t *buf;
	int64_t ret = copy_buffer(c, &buf);

	return ret ? ret : transfer_read(c->arg[1], buf, c->arg[3]);
}

int64_t call_export_commit(struct call *c)
{
	(void)c;
	return transfer_commit_export();
}

int64_t call_export_abort(struct call *c)
{
	(void)c;
	return transfer_abort_export();
}

int64_t call_export_stored(struct call *c)
{
	struct context *slot;
	int64_t ret;

	if (c->ctx->id == OSTI_CONTEXT_BM)
		return OSTI_E_DENIED;
	ret = call_slot(c, &slot);
	if (ret)
		return ret;
	if (slot == c->ctx || c->arg[2] > OSTI_IMAGE_ATTACHMENTS_MAX)
		return OSTI_E_INVALID;
	return transfer_stored(c->ctx, slot, c->arg[2], &c->res[1]);
}

int64_t call_export_give(struct call *c)
{
	uint8_t *buf;
	int64_t ret = copy_buffer(c, &buf);

	return ret ? ret : transfer_give(c->arg[1], buf, c->arg[3], &c->res[1],
					 &c->res[1]);
}

int64_t call_export_open(struct call *c)
{
	return transfer_reopen(&c->res[1], &c->res[2], &c->res[1]);
}

int64_t call_import_begin(struct call *c)
{
	struct context *slot;
	uint8_t *buf;
	int64_t ret = call_slot(c, &slot);

	if (!ret)
		ret = call_buffer(c, c->arg[2], OSTI_IMAGE_HEADER, &buf);
	return ret ? ret : transfer_import(c->ctx, slot, buf, &c->res[1],
					   &c->res[1]);
}

int64_t call_import_write(struct call *c)
{
	uint8_t *buf;
	int64_t ret = copy_buffer(c, &buf);

	return ret ? ret : transfer_write(c->arg[1], buf, c->arg[3]);
}

int64_t call_import_open(struct call *c)
{
	return transfer_open(&c->res[1], &c->res[2], &c->res[1]);
}

int64_t call_import_chunk(struct call *c)
{
	uint8_t *buf;
	int64_t ret = call_buffer(c, c->arg[2], c->arg[3], &buf);

	return ret ? ret : transfer_place(c->arg[1], buf, c->arg[3],
					  &c->res[1], &c->res[1]);
}

int64_t call_import_check(struct call *c)
{
	return transfer_check(&c->res[1]);
}

int64_t call_import_commit(struct call *c)
{
	return transfer_commit_import(&c->res[1]);
}

int64_t call_import_abort(struct call *c)
{
	(void)c;
	return transfer_abort_import();
}
