// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * carry_device.c - the device of which images are made: its keys, what its slots
 * have in memory, and what must be true of it
 */
#include "carry.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "help.h"
#include "host.h"
#include "host_gic.h"
#include "image_bytes.h"

#define PAGE		OSTI_IMAGE_PAGE

void carry_key(uint8_t number, uint8_t key[MACHINE_KEY_BYTES])
{
	unsigned int i;

	for (i = 0; i < MACHINE_KEY_BYTES; i++)
		key[i] = number + 37 * i;
}

static void boot(void)
{
	context_get(CARRY_SLOT)->size = CARRY_BYTES;
}

void carry_boot(void)
{
	uint8_t key[MACHINE_KEY_BYTES];

	carry_key(1, key);
	machine_boot_provisioned(2, key);
	boot();
}

void carry_power_cycle(void)
{
	machine_power_cycle(2);
	boot();
}

static void key_of_slot(unsigned int slot, uint8_t key[OSTI_IMAGE_HASH])
{
	uint8_t root[MACHINE_KEY_BYTES];

	carry_key(1, root);
	image_keys_slot(root, (const uint8_t *)context_get(slot)->name, key);
}

void carry_image_keys(unsigned int slot, struct image_keys *keys)
{
	uint8_t key[OSTI_IMAGE_HASH];

	key_of_slot(slot, key);
	image_keys_derive(key, keys);
}

void carry_frame_keys(unsigned int slot, struct image_frame_keys *keys)
{
	uint8_t key[OSTI_IMAGE_HASH];

	key_of_slot(slot, key);
	image_keys_frame(key, keys);
}

static uint64_t next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static void fill_page(uint8_t *page, uint64_t seed, uint64_t nr, bool noise)
{
	uint64_t state = seed << 32 | (nr + 1);
	unsigned int i;

	for (i = 0; i < PAGE; i += 8) {
		uint64_t word = next_random(&state);

		/* What is not noise is short of letters: it gets smaller. */
		image_put64(page + i, noise ? word : word & 0x0101010101010101);
	}
}

#define ALIKE_FIRST	4200UL
#define ALIKE_PAGES	256

/* Runs, single pages, both sides of a segment's border, first and last page. */
static void fill(uint8_t *ram, uint64_t seed)
{
	uint64_t nr;

	/* Chunks that differ, but not in their size. */
	for (nr = 0; nr < ALIKE_PAGES; nr++)
		memset(ram + (ALIKE_FIRST + nr) * PAGE, seed + nr / 64, PAGE);
	for (nr = 0; nr < CARRY_PAGES; nr++) {
		bool used = nr < 3 || (nr >= 100 && nr < 300) ||
			    (nr > 400 && nr < 1000 && nr % 7 == seed % 7) ||
			    (nr >= 4090 && nr < 4102) || nr == CARRY_PAGES - 1;

		if (used)
			fill_page(ram + nr * PAGE, seed, nr, nr < 270);
	}
}

void carry_start(unsigned int slot)
{
	assert_int_equal(machine_call(OSTI_CALL_SLOT_OPEN, slot, 0, 0),
			 OSTI_OK);
	assert_int_equal(machine_start_open(slot).outcome, OUTCOME_ENTER);
	/* The OS has no use any more for what it was started with. */
	memset(host_memory(context_get(slot)->base, CARRY_BYTES), 0,
	       CARRY_BYTES);
}

void carry_freeze(unsigned int slot, uint64_t seed)
{
	carry_start(slot);
	fill(host_memory(context_get(slot)->base, CARRY_BYTES), seed);
	host_gic.bank[1].group = CARRY_GIC_GROUP;
	assert_int_equal(machine_suspend(OSTI_CONTEXT_BM, CARRY_ENTRY,
					 CARRY_ARG).outcome, OUTCOME_ENTER);
	assert_int_equal(context_get(slot)->state, OSTI_SLOT_FROZEN);
}

uint8_t *carry_contents(uint64_t seed)
{
	uint8_t *ram = calloc(1, CARRY_BYTES);

	assert_non_null(ram);
	fill(ram, seed);
	return ram;
}

void carry_assert_contents(unsigned int slot, uint64_t seed)
{
	uint8_t *want = carry_contents(seed);

	assert_memory_equal(host_memory(context_get(slot)->base, CARRY_BYTES),
			    want, CARRY_BYTES);
	free(want);
}

void carry_assert_generation(uint64_t generation, enum nv_state state)
{
	uint64_t found;
	enum nv_state is;

	assert_int_equal(nv_generation(CARRY_SLOT, &found, &is), 0);
	assert_int_equal(found, generation);
	assert_int_equal(is, state);
}

void carry_assert_clean(void)
{
	assert_true(machine_engine_is_gone());
	assert_false(help_is_there());
}
