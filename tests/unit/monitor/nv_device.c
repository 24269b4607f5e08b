// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * nv_device.c - a device whose NV flash the tests of the NV state look into
 */
#include "test.h"

#include <string.h>

#include "host.h"
#include "host_flash.h"
#include "nv_device.h"

const uint8_t root_key[NV_KEY_BYTES] = {
	0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07,
	0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f,
	0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17,
	0x18, 0x19, 0x1a, 0x1b, 0x1c, 0x1d, 0x1e, 0x1f,
};

uint8_t log_key[NV_KEY_BYTES];

static void put_entry(uint32_t at, const struct nv_entry *entry, bool sealed)
{
	nv_format_entry(log_key, entry, &host_flash.data[at]);
	if (sealed)
		memset(&host_flash.data[at + NV_SEAL_AT], 0, NV_SEAL_BYTES);
}

void put_header(uint64_t epoch)
{
	put_entry(nv_format_offset(epoch, 0),
		  &(struct nv_entry){ .epoch = epoch }, true);
}

void put_record(uint64_t epoch, uint32_t index, unsigned int slot,
		enum nv_state to, uint64_t value)
{
	put_entry(nv_format_offset(epoch, index), &(struct nv_entry){
			.epoch = epoch,
			.value = value,
			.index = index,
			.slot = slot,
			.state = to,
		}, true);
}

void provision(void)
{
	memset(host_flash.data, 0xff, host_flash.bytes);
	nv_format_root(host_flash.data, root_key);
	put_header(NV_FIRST_EPOCH);
}

int power_on(void)
{
	host_flash_reset();
	host_trace_clear();
	return nv_init();
}

int setup(void **state)
{
	(void)state;
	host_reset();
	host_flash_add();
	nv_format_log_key(root_key, log_key);
	provision();
	return 0;
}

int setup_ready(void **state)
{
	setup(state);
	assert_int_equal(power_on(), 0);
	return 0;
}

int do_op(const struct op *op)
{
	uint64_t generation = 0;
	int err;

	switch (op->to) {
	case NV_BEGUN:
		err = nv_begin(op->slot, &generation);
		assert_int_equal(generation, err ? 0 : op->generation);
		return err;
	case NV_STORED:
		return nv_store(op->slot, op->generation);
	case NV_FLOOR:
		return nv_raise_floor(op->slot, op->generation);
	case NV_CLOCK:
		return nv_set_clock(op->slot, op->generation);
	case NV_RETIRED:
		return nv_retire(op->slot, op->generation);
	default:
		return nv_consume(op->slot, op->generation);
	}
}

void remember(struct memory *mem, const struct op *op)
{
	if (op->to == NV_FLOOR) {
		mem->floor[op->slot] = op->generation;
		return;
	}
	if (op->to == NV_CLOCK) {
		mem->clock[op->slot] = op->generation;
		mem->has_clock[op->slot] = true;
		return;
	}
	mem->generation[op->slot] = op->generation;
	mem->state[op->slot] = op->to;
}

void recall(struct memory *mem)
{
	unsigned int slot;

	memset(mem, 0, sizeof(*mem));
	for (slot = 1; slot <= NV_SLOTS; slot++) {
		assert_int_equal(nv_generation(slot, &mem->generation[slot],
					       &mem->state[slot]), 0);
		mem->floor[slot] = nv_floor(slot);
		mem->has_clock[slot] = nv_clock(slot, &mem->clock[slot]);
	}
}

void assert_memory(const struct memory *want)
{
	struct memory found;

	recall(&found);
	assert_memory_equal(&found, want, sizeof(found));
}

void assert_slot(unsigned int slot, uint64_t generation, enum nv_state state)
{
	enum nv_state found_state;
	uint64_t found;

	assert_int_equal(nv_generation(slot, &found, &found_state), 0);
	assert_int_equal(found, generation);
	assert_int_equal(found_state, state);
}

void assert_logged(const char *text)
{
	if (!strstr(host_log(), text))
		fail_msg("'%s' is not in the log: %s", text, host_log());
}

/* What may follow, of each kind in turn. */
static enum nv_state next_state(enum nv_state is, uint32_t turn)
{
	if (is == NV_BEGUN && turn % 5)
		return NV_STORED;
	if (is == NV_STORED && turn % 7 == 1)
		return NV_RETIRED;
	if (nv_resumable(is) && turn % 3)
		return NV_CONSUMED;
	return turn % 2 ? NV_BEGUN : NV_STORED;
}

void fill(struct memory *mem, uint32_t left)
{
	struct op op;
	uint32_t i;

	recall(mem);
	for (i = 1; i < NV_ENTRIES - left; i++) {
		enum nv_state is;

		op.slot = i % NV_SLOTS + 1;
		if (i / NV_SLOTS % 4 == 3) {
			op.to = op.slot % 3 ? NV_FLOOR : NV_CLOCK;
			op.generation = i;
			assert_int_equal(do_op(&op), 0);
			remember(mem, &op);
			continue;
		}
		is = mem->state[op.slot];
		op.to = next_state(is, i);
		op.generation = mem->generation[op.slot];
		if (op.to == NV_BEGUN || (op.to == NV_STORED && is != NV_BEGUN))
			op.generation++;
		assert_int_equal(do_op(&op), 0);
		remember(mem, &op);
	}
	assert_memory(mem);
	assert_int_equal(host_flash.erases, 0);
}
