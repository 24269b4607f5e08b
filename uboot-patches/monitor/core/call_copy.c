// SPDX-License-Identifier: GPL-2.0-only
/*
 * call_copy.c - the OSTI calls about slot keys, and about copies that come in
 */
#include "call.h"

#include <osti/image.h>

#include "event.h"
#include "image_bytes.h"
#include "image_crypto.h"
#include "image_keys.h"
#include "keys.h"
#include "restore.h"
#include "rtc.h"
#include "string.h"

#define KEY_REGS	(OSTI_IMAGE_HASH / 8)

static void to_regs(const uint8_t *bytes, uint64_t *reg, unsigned int count)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		reg[i] = image_get64(bytes + 8 * i);
}

int64_t call_slot_key(struct call *c)
{
	uint8_t key[OSTI_IMAGE_HASH];

	if (c->ctx->id == OSTI_CONTEXT_BM)
		return OSTI_E_DENIED;
	if (!keys_slot(c->ctx, key))
		return OSTI_E_HARDWARE;
	to_regs(key, &c->res[1], KEY_REGS);
	image_crypto_wipe(key, sizeof(key));
	event_add(OSTI_EV_KEY_READ, c->ctx->id, 0, 0);
	return OSTI_OK;
}

/* An OS whose start is not known was not allowed to. */
int64_t call_disk_key(struct call *c)
{
	uint8_t key[OSTI_DISK_KEY_BYTES];

	if (c->ctx->id == OSTI_CONTEXT_BM || !c->ctx->disk_key)
		return OSTI_E_DENIED;
	if (!keys_disk(c->ctx, key))
		return OSTI_E_HARDWARE;
	to_regs(key, &c->res[1], sizeof(key) / 8);
	image_crypto_wipe(key, sizeof(key));
	return OSTI_OK;
}

int64_t call_carrier_key(struct call *c)
{
	uint8_t id[OSTI_IMAGE_SLOT_ID], carrier[OSTI_IMAGE_HASH];
	uint8_t key[OSTI_IMAGE_HASH];
	struct context *slot;
	int64_t ret = call_slot(c, &slot);

	if (ret)
		return ret;
	if (!keys_slot(slot, key))
		return OSTI_E_HARDWARE;
	image_keys_carrier(key, id, carrier);
	image_crypto_wipe(key, sizeof(key));
	to_regs(id, &c->res[1], sizeof(id) / 8);
	to_regs(carrier, &c->res[3], KEY_REGS);
	image_crypto_wipe(carrier, sizeof(carrier));
	return OSTI_OK;
}

int64_t call_key_import(struct call *c)
{
	uint8_t key[OSTI_IMAGE_HASH];
	struct context *slot;
	int64_t ret = call_slot(c, &slot);
	unsigned int i;

	if (ret)
		return ret;
	/* What a caller gives that read no key. */
	if (!(c->arg[2] | c->arg[3] | c->arg[4] | c->arg[5]))
		return OSTI_E_INVALID;
	for (i = 0; i < KEY_REGS; i++)
		image_put64(key + 8 * i, c->arg[2 + i]);
	ret = keys_import(slot, key);
	image_crypto_wipe(key, sizeof(key));
	return ret;
}

int64_t call_restore_ask(struct call *c)
{
	uint8_t header[OSTI_IMAGE_HEADER];
	struct context *slot;
	uint8_t *buf;
	int64_t ret;

	if (c->ctx->id == OSTI_CONTEXT_BM)
		return OSTI_E_DENIED;
	ret = call_slot(c, &slot);
	if (!ret && slot == c->ctx)
		ret = OSTI_E_INVALID;
	if (!ret)
		ret = call_buffer(c, c->arg[2], sizeof(header), &buf);
	if (ret)
		return ret;
	memcpy(header, buf, sizeof(header));
	return restore_ask(c->ctx, slot, header, &c->res[1]);
}

int64_t call_restore_info(struct call *c)
{
	const struct restore_wish *wish = restore_wish();
	uint8_t device[OSTI_IMAGE_DEVICE];

	if (!wish)
		return OSTI_E_EMPTY;
	c->res[1] = wish->slot->id;
	c->res[2] = wish->asks->id;
	c->res[3] = wish->header.identity.generation;
	c->res[4] = wish->header.saved_at;
	to_regs(wish->header.identity.device, &c->res[5],
		OSTI_IMAGE_DEVICE / 8);
	keys_device(device);
	c->res[7] = !memcmp(device, wish->header.identity.device,
			    sizeof(device));
	return OSTI_OK;
}

int64_t call_restore_grant(struct call *c)
{
	struct context *slot;
	int64_t ret = call_slot(c, &slot);

	return ret ? ret : restore_grant(slot);
}
