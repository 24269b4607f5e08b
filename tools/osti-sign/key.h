/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * key.h - files of keys, and the passphrase of a private one
 *
 * A passphrase never comes into this program: openssl asks for it, or reads it.
 */
#ifndef KEY_H
#define KEY_H

#include <stdbool.h>
#include <stddef.h>

#include "status.h"

/* More than any key or certificate that is good for something has. */
#define KEY_MAX	65536

/* Is it a certificate? What cannot be read is for openssl to complain about. */
bool key_is_certificate(const char *path);

/*
 * How openssl gets a passphrase, for its "-passin" or "-passout". source is empty
 * if it asks for it at the terminal, else names fd.
 */
struct key_passphrase {
	char source[16];
	int fd;		/* -1: none */
};

/*
 * file: where the first line is the passphrase, or NULL: the terminal. Fails when
 * the file cannot be opened, or somebody had to be asked and there is no terminal,
 * so that nothing waits where nobody is. key_passphrase_end() ends what is open.
 */
enum status key_passphrase(const char *key, const char *file, bool needed,
			   struct key_passphrase *ret);
void key_passphrase_end(struct key_passphrase *p);

/* Is it a private key under a passphrase? */
bool key_is_protected(const char *path);

/*
 * Put a private key under a passphrase: PKCS #8, AES-256 under what scrypt makes of
 * the passphrase. to has room for KEY_MAX bytes. It is no secret then.
 */
enum status key_protect(const char *key, const char *passphrase_file, char *to,
			size_t *bytes);

#endif /* KEY_H */
