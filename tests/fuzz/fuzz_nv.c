// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fuzz_nv.c - the NV flash
 *
 * Input: byte 0 flags, bytes 1 and 2 how many bytes of sector 1 follow (modulo
 * what the log uses), those bytes, and the rest for sector 2; what is not given
 * is blank. Flags: 1 a good root key (else sector 0 begins as sector 1 does),
 * 2 every written entry gets a good MAC, 4 and the epoch and index of its place.
 *
 * Whatever the flash holds, the monitor either refuses it and writes nothing,
 * or works on it: generations rise, and what it said once holds.
 */
#include <string.h>

#include "board.h"
#include "cfi.h"
#include "fuzz.h"
#include "image_crypto.h"
#include "nv.h"

#define LOG_BYTES	(NV_ENTRIES * NV_ENTRY_BYTES)
#define MAC_AT		28
#define EPOCH_AT	16
#define INDEX_AT	24

static uint8_t flash[NV_SECTORS * BOARD_NV_SECTOR];
static unsigned int writes;

/* A flash without faults; the driver has its own tests. */
int cfi_init(enum cfi_flash which)
{
	(void)which;
	return 0;
}

void cfi_read(enum cfi_flash which, uint32_t offset, void *buf, size_t bytes)
{
	CHECK(which == CFI_NV);
	CHECK(offset <= sizeof(flash) && bytes <= sizeof(flash) - offset);
	memcpy(buf, flash + offset, bytes);
}

/* What is not blank is damage that the flash would report. */
int cfi_program(enum cfi_flash which, uint32_t offset, const void *data,
		size_t bytes)
{
	const uint8_t *in = data;
	int err = 0;
	size_t i;

	CHECK(which == CFI_NV && offset >= BOARD_NV_SECTOR && offset <= sizeof(flash) &&
	      bytes <= sizeof(flash) - offset);
	writes++;
	for (i = 0; i < bytes; i++) {
		flash[offset + i] &= in[i];
		if (flash[offset + i] != in[i])
			err = CFI_E_VERIFY;
	}
	return err;
}

int cfi_erase(enum cfi_flash which, uint32_t offset)
{
	CHECK(which == CFI_NV);
	CHECK(offset == BOARD_NV_SECTOR || offset == 2 * BOARD_NV_SECTOR);
	writes++;
	memset(flash + offset, 0xff, BOARD_NV_SECTOR);
	return 0;
}

void log_printf(int level, const char *fmt, ...)
{
	(void)level;
	(void)fmt;
}

/* Writing it failed: it stays as it is. */
static int is_void(const uint8_t *e)
{
	unsigned int i;

	for (i = 0; i < NV_SEAL_AT; i++)
		if (e[i])
			return 0;
	return 1;
}

static void authenticate(const uint8_t *log_key, unsigned int sector,
			 size_t bytes, int place)
{
	uint8_t *at = flash + sector * BOARD_NV_SECTOR;
	uint8_t *epoch = at + EPOCH_AT;
	uint32_t index;

	for (index = 0; index * NV_ENTRY_BYTES < bytes; index++) {
		uint8_t *e = at + index * NV_ENTRY_BYTES;

		if (is_void(e))
			continue;
		/* No flash lives so long that its epoch gets there. */
		e[EPOCH_AT + 7] = 0;
		if (place) {
			memmove(e + EPOCH_AT, epoch, 8);
			e[INDEX_AT] = index;
			e[INDEX_AT + 1] = index >> 8;
			e[INDEX_AT + 2] = 0;
			e[INDEX_AT + 3] = 0;
		}
		image_crypto_mac(log_key, e, MAC_AT, e + MAC_AT);
	}
}

static void fill(const uint8_t *data, size_t size)
{
	static const uint8_t key[NV_KEY_BYTES] = { 1, 2, 3 };
	uint8_t log_key[NV_KEY_BYTES];
	size_t first = (data[1] | data[2] << 8) % (LOG_BYTES + 1);
	size_t second;
	uint8_t flags = data[0];

	data += 3;
	size -= 3;
	if (first > size)
		first = size;
	second = size - first;
	if (second > LOG_BYTES)
		second = LOG_BYTES;
	memset(flash, 0xff, sizeof(flash));
	memcpy(flash + BOARD_NV_SECTOR, data, first);
	memcpy(flash + 2 * BOARD_NV_SECTOR, data + first, second);
	if (flags & 1)
		nv_format_root(flash, key);
	else
		memcpy(flash, data, first < 256 ? first : 256);
	nv_format_log_key(key, log_key);
	if (flags & 2) {
		authenticate(log_key, 1, first, flags & 4);
		authenticate(log_key, 2, second, flags & 4);
	}
}

struct memory {
	uint64_t generation[NV_SLOTS + 1];
	enum nv_state state[NV_SLOTS + 1];
	uint64_t floor[NV_SLOTS + 1];
	int64_t clock[NV_SLOTS + 1];
};

static void recall(struct memory *mem)
{
	unsigned int slot;

	memset(mem, 0, sizeof(*mem));
	for (slot = 1; slot <= NV_SLOTS; slot++) {
		CHECK(!nv_generation(slot, &mem->generation[slot],
				     &mem->state[slot]));
		CHECK((mem->state[slot] == NV_NONE) ==
		      (mem->generation[slot] == 0));
		mem->floor[slot] = nv_floor(slot);
		nv_clock(slot, &mem->clock[slot]);
	}
}

static void reopen(const struct memory *want)
{
	struct memory found;

	CHECK(!nv_init());
	recall(&found);
	CHECK(!memcmp(&found, want, sizeof(found)));
}

/* What comes next in the life of a slot's image; the rest is refused. */
static int go_on(struct memory *mem, unsigned int slot)
{
	uint64_t generation = mem->generation[slot];
	enum nv_state to;
	int err;

	if (mem->state[slot] != NV_BEGUN)
		CHECK(nv_store(slot, generation) == NV_E_GENERATION);
	if (mem->state[slot] != NV_STORED)
		CHECK(nv_retire(slot, generation) == NV_E_STATE);
	if (!nv_resumable(mem->state[slot]))
		CHECK(nv_consume(slot, generation) == NV_E_STATE);
	switch (mem->state[slot]) {
	case NV_BEGUN:
		to = NV_STORED;
		err = nv_store(slot, generation);
		break;
	case NV_STORED:
		to = NV_RETIRED;
		err = nv_retire(slot, generation);
		break;
	case NV_RETIRED:
		to = NV_CONSUMED;
		err = nv_consume(slot, generation);
		break;
	default:
		to = NV_BEGUN;
		err = nv_begin(slot, &generation);
		if (mem->generation[slot] == UINT64_MAX) {
			CHECK(err == NV_E_GENERATION || err == NV_E_WORN);
			return 0;
		}
		CHECK(generation == mem->generation[slot] + !err);
		break;
	}
	CHECK(!err || err == NV_E_WORN);
	if (!err) {
		mem->generation[slot] = generation;
		mem->state[slot] = to;
	}
	return err;
}

/* The least version rises, until there is no higher one. */
static int raise_floor(struct memory *mem, unsigned int slot)
{
	int err;

	CHECK(!nv_raise_floor(slot, mem->floor[slot]));
	if (mem->floor[slot] == UINT64_MAX)
		return 0;
	err = nv_raise_floor(slot, mem->floor[slot] + 1);
	CHECK(!err || err == NV_E_WORN);
	mem->floor[slot] += !err;
	CHECK(nv_floor(slot) == mem->floor[slot]);
	return err;
}

static int set_clock(struct memory *mem, unsigned int slot)
{
	int64_t found;
	int err = nv_set_clock(slot, -(mem->clock[slot] / 2) - 1);

	CHECK(!err || err == NV_E_WORN);
	if (err)
		return err;
	mem->clock[slot] = -(mem->clock[slot] / 2) - 1;
	CHECK(nv_clock(slot, &found) && found == mem->clock[slot]);
	return 0;
}

/* Use it until it had to compact once; nothing of other slots changes. */
static void use(struct memory *mem)
{
	unsigned int i;

	for (i = 0; i < NV_ENTRIES + 3 * NV_SLOTS; i++)
		if (i % 7 == 6 ? set_clock(mem, i % NV_SLOTS + 1) :
		    i % 5 == 4 ? raise_floor(mem, i % NV_SLOTS + 1) :
				 go_on(mem, i % NV_SLOTS + 1))
			return;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct memory mem;

	if (size < 3)
		return 0;
	fill(data, size);
	writes = 0;
	if (nv_init()) {
		CHECK(!writes && !nv_root_key());
		return 0;
	}
	CHECK(nv_root_key());
	recall(&mem);
	reopen(&mem);
	use(&mem);
	reopen(&mem);
	return 0;
}
