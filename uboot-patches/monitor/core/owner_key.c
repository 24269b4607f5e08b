// SPDX-License-Identifier: GPL-2.0-only
/*
 * owner_key.c - the owner's public key, which is data of the firmware image
 */
#include "owner_key.h"

#include "board.h"
#include "flash.h"
#include "image_bytes.h"
#include "log.h"
#include "string.h"

static struct signature_key key;

int owner_key_init(void)
{
	uint8_t page[OWNER_KEY_BYTES];

	flash_read(BOARD_FLASH_OWNER, page, sizeof(page));
	if (memcmp(page, OWNER_KEY_MAGIC, 8))
		return OWNER_KEY_E_NONE;
	if (image_get32(page + OWNER_KEY_ZERO) ||
	    image_get64(page + OWNER_KEY_ZERO2) ||
	    !signature_key_make(&key, image_get32(page + OWNER_KEY_BITS),
				page + OWNER_KEY_EXPONENT,
				page + OWNER_KEY_MODULUS))
		return OWNER_KEY_E_BAD;
	return OWNER_KEY_OK;
}

const struct signature_key *owner_key(void)
{
	ASSERT(key.bits);
	return &key;
}
