/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * owner.h - what the owner of a device does with a private key
 *
 * By libcrypto, with the keys of tests/unit/monitor/start.
 */
#ifndef OWNER_H
#define OWNER_H

#include <stddef.h>
#include <stdint.h>

#define OWNER_KEY	"owner"		/* the one that the device under test has */
#define OWNER_OTHER_KEY	"other"
#define OWNER_4096_KEY	"owner4096"

/* Sign as a start statement is; @sig has as many bytes as the key's modulus. */
void owner_sign(const char *key, const void *msg, size_t bytes, uint8_t *sig);
/* @sig = @em to the private exponent, whatever @em is. */
void owner_sign_raw(const char *key, const uint8_t *em, uint8_t *sig);

/* Read a file of tests/unit/monitor/start, of at most @room bytes. Its length. */
size_t owner_read(const char *name, uint8_t *buf, size_t room);

#endif /* OWNER_H */
