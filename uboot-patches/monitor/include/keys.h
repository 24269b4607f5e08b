/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * keys.h - the slot keys, under which images of a slot are made and opened
 *
 * A slot has the key that was imported for it, or else one that is made from the
 * device's root key and the slot's name. All functions are called with the
 * monitor's lock held.
 */
#ifndef KEYS_H
#define KEYS_H

#include <stdbool.h>
#include <stdint.h>

#include <osti/image.h>

#include "context.h"

/*
 * Copy a slot's key; the caller wipes it. False, and nothing copied, when there
 * is no NV memory that can be trusted.
 */
bool keys_slot(const struct context *slot, uint8_t key[OSTI_IMAGE_HASH]);
/* The same for its disk key, which is made of that. */
bool keys_disk(const struct context *slot, uint8_t key[OSTI_DISK_KEY_BYTES]);
/* The device's public name; there is NV memory that can be trusted. */
void keys_device(uint8_t device[OSTI_IMAGE_DEVICE]);
/* Where it is from: OSTI_KEY_*. */
uint64_t keys_origin(const struct context *slot);
/* As OSTI_CALL_KEY_IMPORT, whose errors it returns. */
int64_t keys_import(struct context *slot, const uint8_t key[OSTI_IMAGE_HASH]);

#endif /* KEYS_H */
