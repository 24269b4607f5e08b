// SPDX-License-Identifier: GPL-2.0-only
/*
 * dtb.c - the device tree of a slot
 *
 * Words of a tree are big-endian (Devicetree Specification 0.3, chapter 5).
 */
#include "dtb.h"

#include "log.h"
#include "string.h"

#define WORD		4
#define NOP		4	/* FDT_NOP */
/* A property: token, length of its value, offset of its name; the value */
#define PROP_LEN_AT	4
#define PROP_VALUE_AT	12

static void put32(uint8_t *p, uint32_t val)
{
	val = __builtin_bswap32(val);
	memcpy(p, &val, sizeof(val));
}

static void put64(uint8_t *p, uint64_t val)
{
	put32(p, val >> 32);
	put32(p + WORD, val);
}

/* Leave out what lies between the two offsets. */
static void leave_out(uint8_t *tree, uint32_t from, uint32_t to)
{
	for (; from < to; from += WORD)
		put32(tree + from, NOP);
}

static void drop(uint8_t *tree, const struct dtb_place *place)
{
	leave_out(tree, place->at, place->at + place->bytes);
}

/* Let a property be as long as its value is. Returns where that goes: zeros. */
static uint8_t *resize(uint8_t *tree, const struct dtb_place *place,
		       uint32_t bytes)
{
	const uint32_t value_at = place->at + PROP_VALUE_AT;
	const uint32_t padded = (bytes + WORD - 1) & ~(WORD - 1U);

	/* The build has made it long enough for every value. */
	ASSERT(PROP_VALUE_AT + padded <= place->bytes);
	put32(tree + place->at + PROP_LEN_AT, bytes);
	memset(tree + value_at, 0, padded);
	leave_out(tree, value_at + padded, place->at + place->bytes);
	return tree + value_at;
}

/* Text of at most @room bytes, which need not have a NUL among them. */
static void set_text(uint8_t *tree, const struct dtb_place *place,
		     const char *text, uint32_t room)
{
	uint32_t n = 0;

	while (n < room && text[n])
		n++;
	memcpy(resize(tree, place, n + 1), text, n);
}

static void set_chosen(uint8_t *tree, const struct dtb_values *v)
{
	const struct dtb_template *t = &dtb_template;

	set_text(tree, &t->bootargs, v->cmdline, OSTI_START_CMDLINE - 1);
	if (v->ramdisk_bytes) {
		put64(resize(tree, &t->initrd_start, 8), v->ramdisk);
		put64(resize(tree, &t->initrd_end, 8),
		      v->ramdisk + v->ramdisk_bytes);
	} else {
		drop(tree, &t->initrd_start);
		drop(tree, &t->initrd_end);
	}
	memcpy(resize(tree, &t->kaslr_seed, DTB_KASLR_SEED), v->kaslr_seed,
	       DTB_KASLR_SEED);
	memcpy(resize(tree, &t->rng_seed, DTB_RNG_SEED), v->rng_seed,
	       DTB_RNG_SEED);
}

void dtb_write(const struct dtb_values *v, uint8_t *to)
{
	const struct dtb_template *t = &dtb_template;
	uint8_t *reg;
	unsigned int i;

	ASSERT(t->bytes <= DTB_MAX);
	memcpy(to, t->blob, t->bytes);
	for (i = v->cpus; i < OSTI_MAX_CPUS; i++)
		drop(to, &t->cpu[i]);
	reg = resize(to, &t->memory, 2 * 8);
	put64(reg, OSTI_RAM_IPA);
	put64(reg + 8, v->ram_bytes);
	put32(resize(to, &t->slot, WORD), v->slot);
	set_text(to, &t->name, v->name, OSTI_NAME_LEN);
	set_chosen(to, v);
}
