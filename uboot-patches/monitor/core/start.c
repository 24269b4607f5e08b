// SPDX-License-Identifier: GPL-2.0-only
/*
 * start.c - what may start in a slot
 */
#include "start.h"

#include <osti/image.h>

#include "arch.h"
#include "cpu.h"
#include "dtb.h"
#include "image_bytes.h"
#include "image_crypto.h"
#include "lock.h"
#include "nv.h"
#include "owner_key.h"
#include "string.h"

/* The statement that is looked at; its caller cannot reach it. */
static uint8_t statement[OSTI_START_MAX];

/* ---- Does it fit? ------------------------------------------------------------ */

/* No sum is formed before it is known to fit, so nothing can wrap. */
static bool fits(const struct context *slot, const struct start_part *p)
{
	return p->at >= OSTI_START_RESERVED && p->at < slot->size &&
	       p->bytes <= slot->size - p->at;
}

static bool all_fits(const struct context *slot, const struct start *s)
{
	const struct start_part *a = &s->kernel, *b = &s->ramdisk;

	if (!fits(slot, a))
		return false;
	if (!b->bytes)
		return true;
	return fits(slot, b) &&
	       (a->at + a->bytes <= b->at || b->at + b->bytes <= a->at);
}

int start_check(const struct context *slot, const uint8_t *buf, size_t bytes,
		struct start *out)
{
	LOCK_ASSERT_HELD();
	memset(out, 0, sizeof(*out));
	if (bytes != OSTI_START_BODY + owner_key()->bits / 8)
		return OSTI_START_E_SIGNATURE;
	memcpy(statement, buf, bytes);
	if (!signature_good(owner_key(), statement, OSTI_START_BODY,
			    statement + OSTI_START_BODY))
		return OSTI_START_E_SIGNATURE;
	start_statement_read(statement, out);
	if (start_statement_wrong(statement))
		return OSTI_START_E_FORMAT;
	if (!start_statement_names(statement, (const uint8_t *)slot->name))
		return OSTI_START_E_SLOT;
	if (out->version < nv_floor(slot->id))
		return OSTI_START_E_VERSION;
	if (!all_fits(slot, out))
		return OSTI_START_E_ROOM;
	return 0;
}

/* ---- What its memory holds ---------------------------------------------------- */

static bool matches(const struct context *slot, const struct start_part *p)
{
	const pa_t at = pa_add(slot->base, p->at);
	uint8_t hash[OSTI_START_HASH];

	/*
	 * The boot manager may have written around the caches, with attributes
	 * of its own choice, and left other bytes in them. The slot starts with
	 * its caches off and finds what memory has: that is to be hashed.
	 */
	arch_cache_flush(at, p->bytes);
	image_crypto_hash(arch_phys(at, p->bytes), p->bytes, hash);
	return image_crypto_equal(hash, p->hash, sizeof(hash));
}

int start_matches(const struct context *slot, const struct start *start)
{
	int why = 0;

	LOCK_ASSERT_HELD();
	arch_map(slot->base, slot->size);
	if (!matches(slot, &start->kernel))
		why = OSTI_START_E_KERNEL;
	else if (start->ramdisk.bytes && !matches(slot, &start->ramdisk))
		why = OSTI_START_E_RAMDISK;
	arch_unmap(slot->base, slot->size);
	return why;
}

/* ---- Its device tree ----------------------------------------------------------- */

/* One seed: keyed hash of all that makes it one that nobody was told before. */
static void make_seed(const uint8_t *key, const struct context *slot,
		      const struct start *start, const uint8_t *chance,
		      uint64_t use, uint8_t *seed)
{
	static uint64_t seeds;
	uint8_t numbers[5 * 8];
	struct image_mac mac;

	image_put64(numbers, use);
	image_put64(numbers + 8, arch_counter());
	image_put64(numbers + 16, slot->id);
	image_put64(numbers + 24, start->version);
	image_put64(numbers + 32, seeds++);
	image_crypto_mac_begin(&mac, key);
	image_crypto_mac_add(&mac, numbers, sizeof(numbers));
	image_crypto_mac_add(&mac, chance, OSTI_START_SEED);
	image_crypto_mac_done(&mac, seed);
}

/*
 * A device without a root key has no secret at all: there the seeds are as good
 * as the boot manager's chance. Starting must work there, too.
 */
static void make_seeds(const struct context *slot, const struct start *start,
		       const uint8_t *chance, struct dtb_values *v)
{
	static const uint8_t label[] = "OSTI start seeds";
	static const uint8_t no_key[OSTI_IMAGE_HASH];
	const uint8_t *root = nv_root_key();
	uint8_t key[OSTI_IMAGE_HASH], kaslr[OSTI_IMAGE_HASH];

	image_crypto_mac(root ? root : no_key, label, sizeof(label) - 1, key);
	make_seed(key, slot, start, chance, 1, kaslr);
	memcpy(v->kaslr_seed, kaslr, sizeof(v->kaslr_seed));
	make_seed(key, slot, start, chance, 2, v->rng_seed);
	image_crypto_wipe(key, sizeof(key));
	image_crypto_wipe(kaslr, sizeof(kaslr));
}

void start_place_tree(const struct context *slot, const struct start *start,
		      const uint8_t *chance)
{
	struct dtb_values v = {
		.ram_bytes = slot->size,
		.slot = slot->id,
		.name = slot->name,
		.cpus = cpu_count(),
		.cmdline = start->cmdline,
		.ramdisk = OSTI_RAM_IPA + start->ramdisk.at,
		.ramdisk_bytes = start->ramdisk.bytes,
	};

	LOCK_ASSERT_HELD();
	make_seeds(slot, start, chance, &v);
	arch_map(slot->base, OSTI_START_RESERVED);
	/* What the boot manager left around the tree goes. */
	arch_zero(slot->base, OSTI_START_RESERVED);
	dtb_write(&v, arch_phys(slot->base, OSTI_START_RESERVED));
	arch_cache_flush(slot->base, DTB_MAX);
	arch_unmap(slot->base, OSTI_START_RESERVED);
	image_crypto_wipe(&v, sizeof(v));
}
