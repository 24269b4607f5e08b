// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * statement.c - start statements for the machine of machine.h
 */
#include "statement.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "context.h"
#include "host.h"
#include "image_bytes.h"
#include "image_crypto.h"
#include "owner.h"

static uint8_t kernel[STATEMENT_KERNEL_BYTES];
static uint8_t ramdisk[STATEMENT_RAMDISK_BYTES];

static void make_parts(void)
{
	unsigned int i;

	for (i = 0; i < sizeof(kernel); i++)
		kernel[i] = i * 7 + 1;
	for (i = 0; i < sizeof(ramdisk); i++)
		ramdisk[i] = i * 5 + 3;
}

static uint8_t *bm_ram(uint64_t ipa)
{
	const struct context *bm = context_get(OSTI_CONTEXT_BM);

	return host_memory(pa_add(bm->base, (ipa - OSTI_RAM_IPA)), STATEMENT_BYTES);
}

void statement_put64(uint8_t *body, unsigned int field, uint64_t val)
{
	image_put64(body + field, val);
}

void statement_make(uint8_t body[OSTI_START_BODY], bool with_ramdisk)
{
	unsigned int i;

	make_parts();
	memset(body, 0, OSTI_START_BODY);
	memcpy(body + OSTI_START_S_MAGIC, OSTI_START_MAGIC, 8);
	image_put64(body + OSTI_START_S_VERSION, 1);
	image_put64(body + OSTI_START_S_KERNEL, STATEMENT_KERNEL);
	image_put64(body + OSTI_START_S_KERNEL_LEN, sizeof(kernel));
	image_crypto_hash(kernel, sizeof(kernel),
			  body + OSTI_START_S_KERNEL_HASH);
	if (with_ramdisk) {
		image_put64(body + OSTI_START_S_RAMDISK, STATEMENT_RAMDISK);
		image_put64(body + OSTI_START_S_RAMDISK_LEN, sizeof(ramdisk));
		image_crypto_hash(ramdisk, sizeof(ramdisk),
				  body + OSTI_START_S_RAMDISK_HASH);
	}
	for (i = 1; i <= context_slots(); i++)
		memcpy(body + OSTI_START_S_SLOTS + (i - 1) * OSTI_NAME_LEN,
		       context_get(i)->name, OSTI_NAME_LEN);
	memcpy(body + OSTI_START_S_CMDLINE, "quiet", 5);
}

void statement_sign(const uint8_t body[OSTI_START_BODY])
{
	uint8_t *to = bm_ram(STATEMENT_IPA);

	memcpy(to, body, OSTI_START_BODY);
	owner_sign(OWNER_KEY, body, OSTI_START_BODY, to + OSTI_START_BODY);
}

/* Every test wants it many times: it is signed once. */
static uint8_t good[STATEMENT_BYTES];

void statement_prepare(void)
{
	if (good[0])
		return;
	statement_make(good, false);
	owner_sign(OWNER_KEY, good, OSTI_START_BODY, good + OSTI_START_BODY);
}

void statement_good(void)
{
	statement_prepare();
	memcpy(bm_ram(STATEMENT_IPA), good, sizeof(good));
}

const uint8_t *statement_kernel(void)
{
	make_parts();
	return kernel;
}

void statement_fill(unsigned int slot)
{
	const pa_t base = context_get(slot)->base;

	make_parts();
	memcpy(host_memory(pa_add(base, STATEMENT_KERNEL), sizeof(kernel)), kernel,
	       sizeof(kernel));
	memcpy(host_memory(pa_add(base, STATEMENT_RAMDISK), sizeof(ramdisk)), ramdisk,
	       sizeof(ramdisk));
}

struct machine_smc statement_call(uint64_t fid, unsigned int slot)
{
	return machine_smc5(fid, slot, STATEMENT_IPA, STATEMENT_BYTES,
			    STATEMENT_SEED_IPA, 0);
}
