// SPDX-License-Identifier: GPL-2.0-only
/*
 * keys.c - the slot keys, under which images of a slot are made and opened
 */
#include "keys.h"

#include "event.h"
#include "image_crypto.h"
#include "image_keys.h"
#include "lock.h"
#include "log.h"
#include "nv.h"

bool keys_slot(const struct context *slot, uint8_t key[OSTI_IMAGE_HASH])
{
	const uint8_t *root = nv_root_key();

	if (!root)
		return false;
	if (!nv_key(slot->id, key))
		image_keys_slot(root, (const uint8_t *)slot->name, key);
	return true;
}

bool keys_disk(const struct context *slot, uint8_t key[OSTI_DISK_KEY_BYTES])
{
	uint8_t slot_key[OSTI_IMAGE_HASH];

	if (!keys_slot(slot, slot_key))
		return false;
	image_keys_disk(slot_key, key);
	image_crypto_wipe(slot_key, sizeof(slot_key));
	return true;
}

void keys_device(uint8_t device[OSTI_IMAGE_DEVICE])
{
	image_keys_device(nv_root_key(), device);
}

uint64_t keys_origin(const struct context *slot)
{
	if (!nv_root_key())
		return OSTI_KEY_NONE;
	return nv_has_key(slot->id) ? OSTI_KEY_IMPORTED : OSTI_KEY_OWN;
}

/* An OS could have learned or used the key that the slot has. */
static bool any_ran(void)
{
	unsigned int i;

	for (i = 1; i <= context_slots(); i++)
		if (context_get(i)->entries)
			return true;
	return false;
}

int64_t keys_import(struct context *slot, const uint8_t key[OSTI_IMAGE_HASH])
{
	uint64_t generation;
	enum nv_state state;

	LOCK_ASSERT_HELD();
	nv_mend();
	if (nv_generation(slot->id, &generation, &state))
		return OSTI_E_HARDWARE;
	/* An image that is stored was made under the key that it has now. */
	if (any_ran() || slot->state != OSTI_SLOT_EMPTY ||
	    nv_has_key(slot->id) || nv_resumable(state))
		return OSTI_E_STATE;
	if (nv_set_key(slot->id, key))
		return OSTI_E_HARDWARE;
	event_add(OSTI_EV_KEY_IMPORTED, slot->id, 0, 0);
	log_info("slot %u: its key was imported", slot->id);
	return OSTI_OK;
}
