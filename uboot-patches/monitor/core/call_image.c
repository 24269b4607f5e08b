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

#define TABLE_MAX	1024

/* ---- For every context ------------------------------------------------------ */

static int64_t image_info(struct call *c)
{
	const struct image_note *note;
	enum nv_state state;

	if (!context_is_slot(c->arg[1]))
		return OSTI_E_INVALID;
	if (nv_generation(c->arg[1], &c->res[2], &state))
		return OSTI_E_HARDWARE;
	note = &context_get(c->arg[1])->note;
	/* A number that is given away has no image, as one that is used up. */
	c->res[1] = state == NV_BEGUN ? OSTI_GENERATION_CONSUMED : state;
	c->res[3] = note->note;
	c->res[4] = note->reason;
	c->res[5] = rtc_seconds(c->ctx, note->saved_at);
	c->res[6] = note->bytes;
	c->results = CALL_RESULTS(1, 6);
	return OSTI_OK;
}

/*
 * Bytes that no other resume of this image got, here or elsewhere: a resumed
 * generation is used up, and the root key is the device's own.
 */
static void unique_bytes(const struct context *ctx, uint64_t out[4])
{
	static const uint8_t label[] = "osti resume id";
	uint8_t key[OSTI_IMAGE_HASH];
	uint8_t data[3 * 8];

	image_crypto_mac(nv_root_key(), label, sizeof(label) - 1, key);
	image_put64(data, ctx->id);
	image_put64(data + 8, ctx->origin.generation);
	image_put64(data + 16, arch_counter());
	image_crypto_mac(key, data, sizeof(data), (uint8_t *)out);
	image_crypto_wipe(key, sizeof(key));
}

static int64_t resume_info(struct call *c)
{
	const struct context *ctx = c->ctx;

	if (ctx->id == OSTI_CONTEXT_BM)
		return OSTI_E_DENIED;
	c->res[1] = ctx->resumed;
	c->res[2] = ctx->origin.generation;
	c->res[3] = ctx->origin.counter;
	c->res[4] = rtc_seconds(ctx, ctx->origin.saved_at);
	if (ctx->resumed == OSTI_RESUMED_IMAGE)
		unique_bytes(ctx, &c->res[5]);
	c->results = CALL_RESULTS(1, 8);
	return OSTI_OK;
}

/* ---- For the boot manager ---------------------------------------------------- */

static int64_t image_note(struct call *c)
{
	struct context *slot;
	int64_t ret = call_bm_slot(c, &slot);

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

static int64_t image_drop(struct call *c)
{
	struct context *slot;
	uint64_t generation;
	enum nv_state state;
	int64_t ret = call_bm_slot(c, &slot);

	if (ret)
		return ret;
	nv_mend();
	if (nv_generation(slot->id, &generation, &state))
		return OSTI_E_HARDWARE;
	if (state != NV_STORED || slot->state != OSTI_SLOT_EMPTY)
		return OSTI_E_STATE;
	return transfer_give_up(slot, false) ? OSTI_E_HARDWARE : OSTI_OK;
}

static bool between(uint64_t val, uint64_t max)
{
	return val >= 1 && val <= max;
}

static int64_t export_begin(struct call *c)
{
	struct context *slot;
	int64_t ret = call_bm_slot(c, &slot);

	if (!ret)
		ret = transfer_export(slot, c->arg[2], &c->res[1]);
	if (ret)
		return ret;
	/* What the store has is about to change. */
	memset(&slot->note, 0, sizeof(slot->note));
	c->res[2] = slot->size / OSTI_IMAGE_PAGE;
	c->results = CALL_RESULTS(1, 2);
	return OSTI_OK;
}

static int64_t export_scan(struct call *c)
{
	struct transfer_scan scan = { 0 };
	int64_t ret;

	if (!between(c->arg[1], OSTI_SCAN_MAX))
		return OSTI_E_INVALID;
	ret = transfer_scan(c->arg[1], &scan);
	c->res[1] = scan.looked_at;
	c->res[2] = scan.pages;
	c->res[3] = scan.chunks;
	c->res[4] = scan.head_bytes;
	c->results = ret == OSTI_AGAIN ? CALL_RESULTS(1, 1) :
					 CALL_RESULTS(1, 4);
	return ret;
}

static int64_t image_table(struct call *c)
{
	uint64_t entries = c->arg[3];
	uint8_t *buf;
	int64_t ret;

	if (!between(entries, TABLE_MAX))
		return OSTI_E_INVALID;
	ret = call_buffer(c->arg[2], entries * OSTI_IMAGE_T_ENTRY, &buf);
	if (!ret)
		ret = transfer_table(c->arg[1], buf, &entries);
	if (ret)
		return ret;
	c->res[1] = entries;
	c->results = CALL_RESULTS(1, 1);
	return OSTI_OK;
}

static int64_t export_chunk(struct call *c)
{
	uint32_t stored;
	uint8_t *buf;
	uint8_t codec;
	int64_t ret;

	ret = call_buffer(c->arg[2], c->arg[3], &buf);
	if (!ret)
		ret = transfer_chunk(c->arg[1], buf, c->arg[3], &stored,
				     &codec);
	if (ret)
		return ret;
	c->res[1] = stored;
	c->res[2] = codec;
	c->results = CALL_RESULTS(1, 2);
	return OSTI_OK;
}

static int64_t export_seal(struct call *c)
{
	int64_t ret;

	if (!between(c->arg[1], OSTI_SEAL_MAX))
		return OSTI_E_INVALID;
	ret = transfer_seal(c->arg[1], &c->res[1]);
	if (ret == OSTI_OK)
		c->results = CALL_RESULTS(1, 1);
	return ret;
}

static int64_t export_read(struct call *c)
{
	uint8_t *buf;
	int64_t ret;

	if (!between(c->arg[3], OSTI_COPY_MAX))
		return OSTI_E_INVALID;
	ret = call_buffer(c->arg[2], c->arg[3], &buf);
	return ret ? ret : transfer_read(c->arg[1], buf, c->arg[3]);
}

static int64_t export_commit(struct call *c)
{
	(void)c;
	return transfer_commit_export();
}

static int64_t export_abort(struct call *c)
{
	(void)c;
	if (!transfer_active() || !transfer_is_export())
		return OSTI_E_STATE;
	transfer_abort();
	return OSTI_OK;
}

static int64_t import_begin(struct call *c)
{
	struct context *slot;
	uint8_t *buf;
	int64_t ret = call_bm_slot(c, &slot);

	if (!ret)
		ret = call_buffer(c->arg[2], OSTI_IMAGE_HEADER, &buf);
	c->results = CALL_RESULTS(1, 1);
	return ret ? ret : transfer_import(slot, buf, &c->res[1], &c->res[1]);
}

static int64_t import_write(struct call *c)
{
	uint8_t *buf;
	int64_t ret;

	if (!between(c->arg[3], OSTI_COPY_MAX))
		return OSTI_E_INVALID;
	ret = call_buffer(c->arg[2], c->arg[3], &buf);
	return ret ? ret : transfer_write(c->arg[1], buf, c->arg[3]);
}

static int64_t import_open(struct call *c)
{
	int64_t ret;

	if (!between(c->arg[1], OSTI_SEAL_MAX))
		return OSTI_E_INVALID;
	ret = transfer_open(c->arg[1], &c->res[1], &c->res[2], &c->res[1]);
	if (ret == OSTI_OK)
		c->results = CALL_RESULTS(1, 2);
	return ret;
}

static int64_t import_chunk(struct call *c)
{
	uint8_t *buf;
	int64_t ret;

	ret = call_buffer(c->arg[2], c->arg[3], &buf);
	c->results = CALL_RESULTS(1, 1);
	return ret ? ret : transfer_place(c->arg[1], buf, c->arg[3],
					  &c->res[1], &c->res[1]);
}

static int64_t import_commit(struct call *c)
{
	(void)c;
	return transfer_commit_import();
}

static int64_t import_abort(struct call *c)
{
	(void)c;
	if (!transfer_active() || transfer_is_export())
		return OSTI_E_STATE;
	transfer_abort();
	return OSTI_OK;
}

int64_t call_image(uint32_t fid, struct call *c)
{
	switch (fid) {
	case OSTI_CALL_IMAGE_INFO:
		return image_info(c);
	case OSTI_CALL_RESUME_INFO:
		return resume_info(c);
	default:
		break;
	}
	if (c->ctx->id != OSTI_CONTEXT_BM)
		return OSTI_E_DENIED;
	switch (fid) {
	case OSTI_CALL_IMAGE_NOTE:
		return image_note(c);
	case OSTI_CALL_IMAGE_DROP:
		return image_drop(c);
	case OSTI_CALL_EXPORT_BEGIN:
		return export_begin(c);
	case OSTI_CALL_EXPORT_SCAN:
		return export_scan(c);
	case OSTI_CALL_IMAGE_TABLE:
		return image_table(c);
	case OSTI_CALL_EXPORT_CHUNK:
		return export_chunk(c);
	case OSTI_CALL_EXPORT_HAVE:
		return transfer_have(c->arg[1], c->arg[2], c->arg[3]);
	case OSTI_CALL_EXPORT_SEAL:
		return export_seal(c);
	case OSTI_CALL_EXPORT_READ:
		return export_read(c);
	case OSTI_CALL_EXPORT_COMMIT:
		return export_commit(c);
	case OSTI_CALL_EXPORT_ABORT:
		return export_abort(c);
	case OSTI_CALL_IMPORT_BEGIN:
		return import_begin(c);
	case OSTI_CALL_IMPORT_WRITE:
		return import_write(c);
	case OSTI_CALL_IMPORT_OPEN:
		return import_open(c);
	case OSTI_CALL_IMPORT_CHUNK:
		return import_chunk(c);
	case OSTI_CALL_IMPORT_COMMIT:
		return import_commit(c);
	case OSTI_CALL_IMPORT_ABORT:
		return import_abort(c);
	default:
		return OSTI_E_NOT_SUPPORTED;
	}
}
