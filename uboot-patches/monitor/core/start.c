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
#include "nv.h"
#include "signature.h"
#include "string.h"

/* The statement that is looked at; its caller cannot reach it. */
static uint8_t statement[OSTI_START_MAX];

static uint64_t field(unsigned int at)
{
	return image_get64(statement + at);
}

/* ---- Is it one, and for this slot? ----------------------------------------- */

static bool is_zero(const uint8_t *p, size_t bytes)
{
	while (bytes && !p[bytes - 1])
		bytes--;
	return !bytes;
}

/* Is all zero behind the first NUL? True also when there is none. */
static bool is_padded(const uint8_t *text, size_t bytes)
{
	while (bytes && *text) {
		text++;
		bytes--;
	}
	return is_zero(text, bytes);
}

static bool names_ok(void)
{
	const uint8_t *name = statement + OSTI_START_S_SLOTS;
	unsigned int i;

	if (!name[0])
		return false;
	for (i = 0; i < OSTI_MAX_SLOTS; i++, name += OSTI_NAME_LEN) {
		if (!is_padded(name, OSTI_NAME_LEN))
			return false;
		if (i && name[0] && !name[-OSTI_NAME_LEN])
			return false;
	}
	return true;
}

static bool parts_ok(const struct start *s)
{
	if (!s->kernel.bytes || s->kernel.at % 4 || s->ramdisk.at % 4)
		return false;
	return s->ramdisk.bytes ||
	       (!s->ramdisk.at &&
		is_zero(s->ramdisk.hash, OSTI_START_HASH));
}

static bool format_ok(const struct start *s)
{
	static const uint8_t magic[] = OSTI_START_MAGIC;

	return !memcmp(statement + OSTI_START_S_MAGIC, magic, 8) &&
	       !field(OSTI_START_S_FLAGS) && !field(OSTI_START_S_ZERO) &&
	       s->version && parts_ok(s) && names_ok() &&
	       !s->cmdline[OSTI_START_CMDLINE - 1] &&
	       is_padded((const uint8_t *)s->cmdline, OSTI_START_CMDLINE);
}

static bool names_slot(const struct context *slot)
{
	const uint8_t *name = statement + OSTI_START_S_SLOTS;
	unsigned int i;

	for (i = 0; i < OSTI_MAX_SLOTS; i++, name += OSTI_NAME_LEN)
		if (!memcmp(name, slot->name, OSTI_NAME_LEN))
			return true;
	return false;
}

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

static void read_fields(struct start *s)
{
	s->version = field(OSTI_START_S_VERSION);
	s->kernel.at = field(OSTI_START_S_KERNEL);
	s->kernel.bytes = field(OSTI_START_S_KERNEL_LEN);
	s->kernel.hash = statement + OSTI_START_S_KERNEL_HASH;
	s->ramdisk.at = field(OSTI_START_S_RAMDISK);
	s->ramdisk.bytes = field(OSTI_START_S_RAMDISK_LEN);
	s->ramdisk.hash = statement + OSTI_START_S_RAMDISK_HASH;
	s->cmdline = (const char *)statement + OSTI_START_S_CMDLINE;
}

int start_check(const struct context *slot, const uint8_t *buf, size_t bytes,
		struct start *out)
{
	memset(out, 0, sizeof(*out));
	if (bytes != OSTI_START_BODY + start_key.bits / 8)
		return OSTI_START_E_SIGNATURE;
	memcpy(statement, buf, bytes);
	if (!signature_good(&start_key, statement, OSTI_START_BODY,
			    statement + OSTI_START_BODY))
		return OSTI_START_E_SIGNATURE;
	read_fields(out);
	if (!format_ok(out))
		return OSTI_START_E_FORMAT;
	if (!names_slot(slot))
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
	const pa_t at = slot->base + p->at;
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
	if (!matches(slot, &start->kernel))
		return OSTI_START_E_KERNEL;
	if (start->ramdisk.bytes && !matches(slot, &start->ramdisk))
		return OSTI_START_E_RAMDISK;
	return 0;
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

	make_seeds(slot, start, chance, &v);
	/* What the boot manager left around the tree goes. */
	arch_zero(slot->base, OSTI_START_RESERVED);
	dtb_write(&v, arch_phys(slot->base, OSTI_START_RESERVED));
	arch_cache_flush(slot->base, DTB_MAX);
	image_crypto_wipe(&v, sizeof(v));
}
