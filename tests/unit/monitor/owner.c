// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * owner.c - what the owner of a device does with a private key
 */
#include "owner.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#define DIR	"tests/unit/monitor/start/"

static FILE *open_file(const char *name, const char *suffix)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), DIR "%s%s", name, suffix);
	f = fopen(path, "rb");
	assert_non_null(f);
	return f;
}

static EVP_PKEY *read_key(const char *name)
{
	FILE *f = open_file(name, ".key");
	EVP_PKEY *key = PEM_read_PrivateKey(f, NULL, NULL, NULL);

	fclose(f);
	assert_non_null(key);
	return key;
}

void owner_sign(const char *key, const void *msg, size_t bytes, uint8_t *sig)
{
	EVP_PKEY *pkey = read_key(key);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	size_t len = EVP_PKEY_get_size(pkey);

	/* RSASSA-PKCS1-v1_5 is what libcrypto does when nothing else is said. */
	assert_int_equal(EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL,
					    pkey), 1);
	assert_int_equal(EVP_DigestSign(ctx, sig, &len, msg, bytes), 1);
	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(pkey);
}

void owner_sign_raw(const char *key, const uint8_t *em, uint8_t *sig)
{
	EVP_PKEY *pkey = read_key(key);
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(pkey, NULL);
	size_t len = EVP_PKEY_get_size(pkey);

	assert_int_equal(EVP_PKEY_sign_init(ctx), 1);
	assert_int_equal(EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_NO_PADDING), 1);
	assert_int_equal(EVP_PKEY_sign(ctx, sig, &len, em, len), 1);
	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(pkey);
}

size_t owner_read(const char *name, uint8_t *buf, size_t room)
{
	FILE *f = open_file(name, "");
	size_t bytes = fread(buf, 1, room, f);

	fclose(f);
	return bytes;
}
