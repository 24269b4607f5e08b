// SPDX-License-Identifier: GPL-2.0-only
/*
 * mkkey.c - the public key of a certificate as a constant of the monitor
 *
 * Usage: mkkey CERTIFICATE OUTPUT
 *
 * Runs on the build machine. OUTPUT defines start_key of include/signature.h,
 * with the numbers that U-Boot's Montgomery multiplication wants.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

/* As in signature.h, which is the monitor's and not for hosted programs. */
#define MIN_BITS	2048
#define MAX_BITS	4096
#define MAX_BYTES	(MAX_BITS / 8)

static const char *path;

static void die(const char *what)
{
	fprintf(stderr, "mkkey: %s: %s\n", path, what);
	exit(1);
}

static EVP_PKEY *read_key(void)
{
	FILE *f = fopen(path, "r");
	EVP_PKEY *key;
	X509 *crt;

	if (!f)
		die("cannot be opened");
	crt = PEM_read_X509(f, NULL, NULL, NULL);
	fclose(f);
	key = crt ? X509_get_pubkey(crt) : NULL;
	if (!key || !EVP_PKEY_is_a(key, "RSA"))
		die("holds no certificate of an RSA key in PEM form");
	X509_free(crt);
	return key;
}

static BIGNUM *number(const EVP_PKEY *key, const char *name)
{
	BIGNUM *n = NULL;

	if (!EVP_PKEY_get_bn_param(key, name, &n))
		die("the key is not complete");
	return n;
}

static BIGNUM *make_rr(const BIGNUM *n)
{
	BIGNUM *power = BN_new(), *rr = BN_new();
	BN_CTX *ctx = BN_CTX_new();

	if (!power || !rr || !ctx || !BN_set_bit(power, 2 * BN_num_bits(n)) ||
	    !BN_mod(rr, power, n, ctx))
		die("out of memory");
	BN_CTX_free(ctx);
	BN_free(power);
	return rr;
}

/* -1 / n mod 2^32, by Newton's method: each step doubles the right bits. */
static uint32_t make_n0inv(const BIGNUM *n)
{
	uint8_t bytes[MAX_BYTES];
	uint32_t low, inv = 1;
	int i;

	BN_bn2lebinpad(n, bytes, sizeof(bytes));
	low = bytes[0] | bytes[1] << 8 | bytes[2] << 16 |
	      (uint32_t)bytes[3] << 24;
	for (i = 0; i < 5; i++)
		inv *= 2 - low * inv;
	return -inv;
}

static void put_bytes(FILE *f, const BIGNUM *n, int bytes)
{
	uint8_t buf[MAX_BYTES];
	int i;

	BN_bn2binpad(n, buf, bytes);
	for (i = 0; i < bytes; i++)
		fprintf(f, "%s0x%02x,", i % 12 ? " " : "\n\t", buf[i]);
	fputs("\n}", f);
}

static void put_number(FILE *f, const char *name, const BIGNUM *n, int bytes)
{
	fprintf(f, "\nstatic const uint8_t %s[] __attribute__((aligned(8))) = {",
		name);
	put_bytes(f, n, bytes);
	fputs(";\n", f);
}

int main(int argc, char **argv)
{
	BIGNUM *n, *e, *rr;
	EVP_PKEY *key;
	int bits;
	FILE *f;

	if (argc != 3) {
		fputs("usage: mkkey CERTIFICATE OUTPUT\n", stderr);
		return 2;
	}
	path = argv[1];
	key = read_key();
	n = number(key, OSSL_PKEY_PARAM_RSA_N);
	e = number(key, OSSL_PKEY_PARAM_RSA_E);
	bits = BN_num_bits(n);
	if (bits < MIN_BITS || bits > MAX_BITS || bits % 32 || !BN_is_odd(n))
		die("the key has not 2048 to 4096 bits, a multiple of 32");
	if (BN_num_bits(e) < 2 || BN_num_bits(e) > 64 || !BN_is_odd(e))
		die("the key's exponent is even, below 3, or has over 64 bits");
	rr = make_rr(n);

	path = argv[2];
	f = fopen(path, "w");
	if (!f)
		die("cannot be written");
	fputs("/* Made by tools/mkkey.c */\n#include \"signature.h\"\n", f);
	put_number(f, "modulus", n, bits / 8);
	put_number(f, "rr", rr, bits / 8);
	fprintf(f, "\nconst struct signature_key start_key = {\n\t.bits = %d,\n\t.n0inv = 0x%08x,\n\t.exponent = {",
		bits, (unsigned int)make_n0inv(n));
	put_bytes(f, e, 8);
	fputs(",\n\t.modulus = modulus,\n\t.rr = rr,\n};\n", f);
	if (fclose(f))
		die("cannot be written");
	BN_free(n);
	BN_free(e);
	BN_free(rr);
	EVP_PKEY_free(key);
	return 0;
}
