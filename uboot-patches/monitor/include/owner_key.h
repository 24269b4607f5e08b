/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * owner_key.h - the owner's public key, which is data of the firmware image
 *
 * So one build of the firmware serves every owner: uboot-patches/put-owner writes
 * the key of a certificate to BOARD_FLASH_OWNER, where a device has
 *
 *   0   OWNER_KEY_MAGIC
 *   8   bits of the modulus, 32-bit little-endian
 *   12  zero, 32 bits
 *   16  exponent, 8 bytes, big-endian
 *   24  zero, 8 bytes
 *   32  modulus, bits / 8 bytes, big-endian
 *
 * Flash is the monitor's own and what it runs from, so the key is as trusted as
 * the code is.
 */
#ifndef OWNER_KEY_H
#define OWNER_KEY_H

#include "signature.h"

#define OWNER_KEY_MAGIC		"OSTI-KEY"
#define OWNER_KEY_BITS		8
#define OWNER_KEY_ZERO		12
#define OWNER_KEY_EXPONENT	16
#define OWNER_KEY_ZERO2		24
#define OWNER_KEY_MODULUS	32
#define OWNER_KEY_BYTES		(OWNER_KEY_MODULUS + SIGNATURE_MAX_BYTES)

enum {
	OWNER_KEY_OK = 0,
	OWNER_KEY_E_NONE = -1,	/* nobody owns this firmware yet */
	OWNER_KEY_E_BAD = -2,	/* it is no RSA key that can be used */
};

/* Read the key from flash. Called once at power-on. Returns OWNER_KEY_*. */
int owner_key_init(void);

/* What start statements are signed with; only after owner_key_init() was OK. */
const struct signature_key *owner_key(void);

#endif /* OWNER_KEY_H */
