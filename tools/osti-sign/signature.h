/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * signature.h - signatures of statements, by the openssl program
 */
#ifndef SIGNATURE_H
#define SIGNATURE_H

#include <stddef.h>
#include <stdint.h>

#include <osti/start.h>

#include "say.h"

#define SIGNATURE_MIN	(OSTI_START_MIN - OSTI_START_BODY)
#define SIGNATURE_MAX	(OSTI_START_MAX - OSTI_START_BODY)

/*
 * RSASSA-PKCS1-v1_5 with SHA-256. key is the file of a private key. If that is under
 * a passphrase, openssl reads it from the first line of passphrase_file, or asks at
 * the terminal if that is NULL; without a terminal nothing waits.
 */
enum status signature_make(const char *key, const char *passphrase_file,
			   const uint8_t *body, size_t body_bytes,
			   uint8_t signature[SIGNATURE_MAX], size_t *bytes);

/* key is the file of a public key or of a certificate; path is for messages. */
enum status signature_check(const char *key, const char *path,
			    const uint8_t body[OSTI_START_BODY],
			    const uint8_t *signature, size_t bytes);

#endif /* SIGNATURE_H */
