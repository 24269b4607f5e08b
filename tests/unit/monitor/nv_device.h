/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nv_device.h - a device whose NV flash the tests of the NV state look into
 */
#ifndef NV_DEVICE_H
#define NV_DEVICE_H

#include <stdbool.h>
#include <stdint.h>

#include "board.h"
#include "nv.h"

#define LOG_1		BOARD_NV_SECTOR
#define LOG_2		(2 * BOARD_NV_SECTOR)
#define ENTRY(n)	((n) * NV_ENTRY_BYTES)

/* What the flash should say of each slot. */
struct memory {
	uint64_t generation[NV_SLOTS + 1];
	enum nv_state state[NV_SLOTS + 1];
	uint64_t floor[NV_SLOTS + 1];
	int64_t clock[NV_SLOTS + 1];
	uint8_t has_clock[NV_SLOTS + 1];
};

struct op {
	enum nv_state to;
	unsigned int slot;
	/* NV_BEGUN: the one that follows; or the value that enum nv_state tells */
	uint64_t generation;
};

extern const uint8_t root_key[NV_KEY_BYTES];
extern uint8_t log_key[NV_KEY_BYTES];

/* Setups: a device that was provisioned, and is on. */
int setup(void **state);
int setup_ready(void **state);

/* ---- What is in the flash -------------------------------------------------- */

/* Blank but for key and first header. */
void provision(void);
void put_header(uint64_t epoch);
void put_record(uint64_t epoch, uint32_t index, unsigned int slot,
		enum nv_state to, uint64_t value);

/* ---- What the device does --------------------------------------------------- */

/* Power on; what nv_init() returns. */
int power_on(void);
int do_op(const struct op *op);
/* Let the log have @left free entries, with something of every slot in it. */
void fill(struct memory *mem, uint32_t left);

/* ---- What it says ------------------------------------------------------------ */

/* After the change; the first only notes it. */
void remember(struct memory *mem, const struct op *op);
void recall(struct memory *mem);
void assert_memory(const struct memory *want);
void assert_slot(unsigned int slot, uint64_t generation, enum nv_state state);
void assert_logged(const char *text);

#endif /* NV_DEVICE_H */
