// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * signature.c - signatures of statements, by the openssl program
 */
#include "signature.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "file.h"
#include "key.h"
#include "openssl.h"

static enum status read_back(const char *key, int fd, uint8_t *to,
			     size_t *bytes)
{
	off_t size = lseek(fd, 0, SEEK_END);
	struct file f = { .fd = fd };

	if (size < SIGNATURE_MIN || size > SIGNATURE_MAX)
		return say_refused(key, "no RSA key of 2048 to 4096 bits");
	*bytes = size;
	if (file_read(&f, to, *bytes, 0))
		return say_failed("openssl", "cannot read what it wrote", EIO);
	return DONE;
}

static enum status sign(const char *key, const char *source, int in, int out)
{
	char *argv[] = {
		"openssl", "dgst", "-sha256", "-binary", "-sign", (char *)key,
		*source ? "-passin" : NULL, (char *)source, NULL
	};

	if (!openssl_run(argv, in, out))
		return DONE;
	fprintf(stderr, "osti-sign: %s: cannot sign with this key%s\n", key,
		key_is_protected(key) ? "; is the passphrase right?" : "");
	return FAILED;
}

enum status signature_make(const char *key, const char *passphrase_file,
			   const uint8_t *body, size_t body_bytes,
			   uint8_t signature[SIGNATURE_MAX], size_t *bytes)
{
	struct key_passphrase p;
	enum status status = key_passphrase(key, passphrase_file,
					    key_is_protected(key), &p);
	int in, out;

	if (status)
		return status;
	in = openssl_file(body, body_bytes);
	out = openssl_file(NULL, 0);
	if (in < 0 || out < 0)
		status = say_failed(key, "no memory to sign with it", ENOMEM);
	else
		status = sign(key, p.source, in, out);
	if (!status)
		status = read_back(key, out, signature, bytes);
	if (in >= 0)
		close(in);
	if (out >= 0)
		close(out);
	key_passphrase_end(&p);
	return status;
}

/* The public key, in the form that "openssl dgst" takes. */
static enum status public_key(const char *key, int out)
{
	char * const from_certificate[] = {
		"openssl", "x509", "-in", (char *)key, "-pubkey", "-noout",
		NULL
	};
	char * const from_key[] = {
		"openssl", "pkey", "-pubin", "-in", (char *)key, "-pubout",
		NULL
	};

	if (openssl_run(key_is_certificate(key) ? from_certificate : from_key,
			STDIN_FILENO, out)) {
		fprintf(stderr, "osti-sign: %s: no public key and no certificate\n",
			key);
		return FAILED;
	}
	return DONE;
}

static enum status check(const char *path, int key, int in, int signature)
{
	char key_path[32], signature_path[32];
	char * const argv[] = {
		"openssl", "dgst", "-sha256", "-verify", key_path,
		"-signature", signature_path, NULL
	};
	/* It says "Verified OK" or that it failed, which is said here. */
	int words = openssl_file(NULL, 0);
	enum status status = DONE;
	int ret;

	if (words < 0)
		return say_failed(path, "no memory to verify it", ENOMEM);
	snprintf(key_path, sizeof(key_path), "/dev/fd/%d", key);
	snprintf(signature_path, sizeof(signature_path), "/dev/fd/%d",
		 signature);
	ret = openssl_run(argv, in, words);
	close(words);
	if (ret < 0)
		status = FAILED;
	else if (ret)
		status = say_refused(path, "it is not signed with this key, or was changed");
	return status;
}

enum status signature_check(const char *key, const char *path,
			    const uint8_t body[OSTI_START_BODY],
			    const uint8_t *signature, size_t bytes)
{
	int key_file = openssl_file(NULL, 0);
	int in = openssl_file(body, OSTI_START_BODY);
	int signature_file = openssl_file(signature, bytes);
	enum status status;

	if (key_file < 0 || in < 0 || signature_file < 0)
		status = say_failed(path, "no memory to verify it", ENOMEM);
	else
		status = public_key(key, key_file);
	if (!status)
		status = check(path, key_file, in, signature_file);
	if (key_file >= 0)
		close(key_file);
	if (in >= 0)
		close(in);
	if (signature_file >= 0)
		close(signature_file);
	return status;
}
