// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_call.c - the OSTI calls, with good and with hostile arguments
 */
#include "test.h"

#include <stdbool.h>
#include <string.h>

#include <osti/firmware.h>

#include "../../lib/osti_calls.h"
#include "board.h"
#include "call.h"
#include "context.h"
#include "event.h"
#include "host.h"
#include "host_power.h"
#include "machine.h"
#include "phase.h"
#include "psci.h"
#include "spy.h"
#include "statement.h"

#define SLOTS		CONFIG_OSTI_NR_SLOTS
#define SLOT1_BYTES	(CONFIG_OSTI_SLOT1_MIB * 1024UL * 1024)

static int setup_bm(void **state)
{
	(void)state;
	machine_boot(2);
	return 0;
}

/* ---- The list of calls ----------------------------------------------------- */

enum { ANY = FROM_ANY, BM = FROM_BM, OWN = FROM_OWNER };

static const struct {
	uint32_t fid;
	unsigned int who, results, again;
} listed[] = {
#define CALL(name, handler, who, results, again) \
	{ OSTI_CALL_##name, who, results, again },
#include "../../../uboot-patches/monitor/core/call_list.h"
};

/* What the monitor dispatches by says what the contract says. */
static void test_list(void **state)
{
	unsigned int i, k;

	(void)state;
	assert_int_equal(ARRAY_SIZE(listed), OSTI_CALLS);
	for (i = 0; i < ARRAY_SIZE(listed); i++) {
		const struct osti_call *call = osti_call_find(listed[i].fid);

		assert_non_null(call);
		assert_int_equal(listed[i].who, call->who);
		assert_int_equal(listed[i].results, call->ok);
		assert_int_equal(listed[i].again, call->again);
		for (k = 0; k < i; k++)
			assert_int_not_equal(listed[i].fid, listed[k].fid);
	}
}

/* ---- All calls ----------------------------------------------------------- */

static const uint64_t values[] = {
	0, 1, 2, SLOTS, SLOTS + 1, 6, 7, 8, 9, 63, 64, OSTI_TARGET_NONE, 0x100,
	0x101, 511, 512, 1024, 1025, OSTI_START_MIN, OSTI_START_MAX, 0x10000, 0x100000, 0x3fffffff,
	OSTI_RAM_IPA, 0x40080000, 0x40080001, 0x47fff000, 0x48000000,
	0x5ffffff8, 0x60000000, OSTI_WINDOW_IPA, 0x100000001, INT64_MAX,
	1UL << 63, UINT64_MAX - 7, UINT64_MAX,
};

static void check_result(const struct machine_smc *smc)
{
	const unsigned int named = smc_results(smc->before[0], smc->x[0]);
	const int64_t status = smc->x[0];
	unsigned int i;

	if (status != OSTI_AGAIN)
		assert_in_range(-status, 0, -OSTI_E_LAST);
	assert_int_not_equal(status, OSTI_E_NOT_SUPPORTED);
	machine_assert_kept(smc, named);
	/* Those that hold what is no argument tell whether they were named. */
	for (i = 4; i < SMCCC_REGS; i++)
		if (named & X(i) && smc->x[i] == smc->before[i])
			fail_msg("call %lx did not set x%u", smc->before[0], i);
}

static void test_all_as_slot(void **state)
{
	unsigned int n, a, b;

	(void)state;
	for (n = 0; n < OSTI_CALLS; n++) {
		for (a = 0; a < ARRAY_SIZE(values); a++) {
			for (b = 0; b < ARRAY_SIZE(values); b++) {
				struct machine_smc smc;

				smc = machine_smc(osti_calls[n].fid, values[a],
						  values[b], values[a]);
				assert_int_equal(smc.outcome, OUTCOME_RETURN);
				check_result(&smc);
				if (osti_calls[n].who == FROM_BM)
					assert_int_equal(smc.x[0],
							 OSTI_E_DENIED);
				if (osti_calls[n].who == FROM_OWNER)
					assert_int_equal(smc.x[0],
							 OSTI_E_STATE);
			}
		}
	}
	/* All of it did nothing to the slots. */
	assert_int_equal(context_get(1)->state, OSTI_SLOT_RUNNING);
	assert_int_equal(context_get(2)->state, OSTI_SLOT_FROZEN);
	assert_int_equal(context_get(3)->state, OSTI_SLOT_EMPTY);
}

/* Those that another call must have come before. */
static bool goes_on(uint32_t fid)
{
	return fid > OSTI_CALL_EXPORT_BEGIN && fid != OSTI_CALL_IMPORT_BEGIN;
}

static struct machine_smc make_call(uint32_t fid, uint64_t a, uint64_t b)
{
	if (fid != OSTI_CALL_SLOT_START)
		return machine_smc(fid, a, b, b & ~7UL);
	/* So that it could be a good one. */
	machine_call(OSTI_CALL_SLOT_OPEN, 1, 0, 0);
	return machine_smc5(fid, a, b, b & ~7UL, b, 0);
}

/*
 * Every call as the boot manager; it starts again as @setup makes it for each,
 * and when one has entered a slot. How often that was. Slot 1 is open when a
 * start is asked for, but none of the values points to a statement.
 */
static unsigned int make_all_calls(void **state, CMFixtureFunction setup)
{
	unsigned int n, a, b, entered = 0;

	for (n = 0; n < OSTI_CALLS; n++) {
		if (!goes_on(osti_calls[n].fid))
			setup(state);
		for (a = 0; a < ARRAY_SIZE(values); a++) {
			for (b = 0; b < ARRAY_SIZE(values); b++) {
				struct machine_smc smc =
					make_call(osti_calls[n].fid, values[a],
						  values[b]);

				if (smc.outcome == OUTCOME_RETURN) {
					check_result(&smc);
					continue;
				}
				assert_int_equal(smc.outcome, OUTCOME_ENTER);
				assert_int_equal(osti_calls[n].fid,
						 OSTI_CALL_SLOT_RESUME);
				setup(state);
				entered++;
			}
			spy_reset();
		}
	}
	return entered;
}

static void test_all_as_bm(void **state)
{
	assert_int_equal(make_all_calls(state, setup_bm), 0);
}

/* Slot 2 is frozen, and this device can have images. */
static int setup_images(void **state)
{
	static const uint8_t key[MACHINE_KEY_BYTES] = { 1 };

	(void)state;
	machine_boot_provisioned(2, key);
	machine_start(2);
	assert_int_equal(machine_suspend(0, MACHINE_ENTRY, 0).outcome,
			 OUTCOME_ENTER);
	return 0;
}

static void test_all_as_bm_images(void **state)
{
	/* Slot 2 is resumed each time that it is named. */
	assert_int_equal(make_all_calls(state, setup_images),
			 ARRAY_SIZE(values));
	/* Not one of these values is an image. */
	assert_int_not_equal(machine_count_events(OSTI_EV_REJECTED), 0);
	assert_int_equal(machine_count_events(OSTI_EV_RESTORED), 0);
	assert_int_equal(context_get(2)->state, OSTI_SLOT_FROZEN);
}

static void test_unknown(void **state)
{
	static const uint32_t fids[] = {
		0xc6000013, 0xc600001f, 0xc600002d, 0xc600002f, 0xc600003d,
		0xc600003f, 0xc6000047, 0xc600004f, 0xc6000054, 0xc600ffff, 0x86000000,
		0x86000030, 0x8600ff02, 0x8600ff04, 0xc600ff00, 0xc600ff01,
		0xc600ff03,
	};
	struct machine_smc smc;
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(fids); i++) {
		smc = machine_smc(fids[i], 1, 2, 3);
		assert_int_equal(smc.outcome, OUTCOME_RETURN);
		assert_int_equal(smc.x[0], OSTI_E_NOT_SUPPORTED);
		machine_assert_kept(&smc, 0);
	}
	assert_false(call_is_osti(0x46000000));
	assert_false(call_is_osti(0x87000000));
	assert_false(call_is_osti(0xc5000000));
}

/* Would the call, done right, not come back? */
static bool ends_caller(uint32_t fid)
{
	return fid == PSCI_SYSTEM_OFF || fid == PSCI_SYSTEM_RESET;
}

/* Whoever answers, and whatever: only what the contract names has changed. */
static void check_registers(uint64_t a, uint64_t b, uint64_t c)
{
	struct machine_smc smc;
	unsigned int n;
	uint64_t fid;

	for (n = 0; n < SMC_IDS; n++) {
		for (fid = smc_ids[n].first; fid <= smc_ids[n].last; fid++) {
			if (ends_caller(fid))
				continue;
			smc = machine_smc(fid, a, b, c);
			assert_true(smc.outcome == OUTCOME_RETURN ||
				    smc.outcome == OUTCOME_STANDBY);
			machine_assert_kept(&smc, smc_results(fid, smc.x[0]));
		}
	}
}

static void test_registers(void **state)
{
	(void)state;
	check_registers(1, 0, 0);
	check_registers(0x1111111111111111, 0x2222222222222222,
			0x3333333333333333);
	check_registers(UINT64_MAX, UINT64_MAX, UINT64_MAX);
}

static void test_queries(void **state)
{
	struct machine_smc smc;

	(void)state;
	smc = machine_smc(OSTI_CALL_COUNT, 1, 2, 3);
	assert_int_equal(smc.x[0], OSTI_CALLS + 3);
	machine_assert_kept(&smc, 0);
	/* b7a58ec4-6f2d-4f0b-9d1c-0f5711054071 */
	smc = machine_smc(OSTI_CALL_UID, 1, 2, 3);
	assert_memory_equal(&smc.x[0], "\xb7\xa5\x8e\xc4\0\0\0\0", 8);
	assert_memory_equal(&smc.x[1], "\x6f\x2d\x4f\x0b\0\0\0\0", 8);
	assert_memory_equal(&smc.x[2], "\x9d\x1c\x0f\x57\0\0\0\0", 8);
	assert_memory_equal(&smc.x[3], "\x11\x05\x40\x71\0\0\0\0", 8);
	machine_assert_kept(&smc, X_TO(1, 3));
	smc = machine_smc(0xffffffff00000000 | OSTI_CALL_REVISION, 1, 2, 3);
	assert_int_equal(smc.x[0], OSTI_ABI_MAJOR);
	assert_int_equal(smc.x[1], OSTI_ABI_MINOR);
	machine_assert_kept(&smc, X(1));
	assert_int_equal(machine_count_events(OSTI_EV_BAD_CALL), 0);
}

/* ---- Information --------------------------------------------------------- */

static void test_info(void **state)
{
	struct machine_smc smc;

	(void)state;
	smc = machine_smc(OSTI_CALL_INFO, 0, 0, 0);
	assert_int_equal(smc.x[0], OSTI_OK);
	assert_int_equal(smc.x[1], 1);
	assert_int_equal(smc.x[2], SLOTS);
	assert_int_equal(smc.x[3], 2);
	assert_int_equal(smc.x[4], SLOT1_BYTES);
	assert_int_equal(smc.x[5], 0x40000000);
	assert_int_equal(smc.x[6], arch_counter_hz());
	assert_int_equal(smc.x[7], OSTI_TARGET_NONE);
	assert_int_equal(machine_call(OSTI_CALL_TARGET_ARM, 3, 0, 0), OSTI_OK);
	smc = machine_smc(OSTI_CALL_INFO, 0, 0, 0);
	assert_int_equal(smc.x[7], 3);
}

static void test_info_bm(void **state)
{
	struct machine_smc smc = machine_smc(OSTI_CALL_INFO, 0, 0, 0);

	(void)state;
	assert_int_equal(smc.x[1], 0);
	assert_int_equal(smc.x[4], 128 * 1024 * 1024);
	assert_int_equal(smc.x[7], OSTI_TARGET_NONE);
}

static void test_slot_info(void **state)
{
	struct machine_smc smc;

	(void)state;
	smc = machine_smc(OSTI_CALL_SLOT_INFO, 1, 0, 0);
	assert_int_equal(smc.x[0], OSTI_OK);
	assert_int_equal(smc.x[1], OSTI_SLOT_RUNNING);
	assert_int_equal(smc.x[2], SLOT1_BYTES);
	assert_int_equal(smc.x[3], 0);
	assert_int_equal(smc.x[4], 1);
	assert_memory_equal(&smc.x[5], "personal\0\0\0\0\0\0\0\0", 16);

	smc = machine_smc(OSTI_CALL_SLOT_INFO, 2, 0, 0);
	assert_int_equal(smc.x[1], OSTI_SLOT_FROZEN);
	assert_int_equal(smc.x[3], context_get(2)->frozen_at);
	assert_int_not_equal(smc.x[3], 0);
	assert_memory_equal(&smc.x[5], "work\0\0\0\0\0\0\0\0\0\0\0\0", 16);

	assert_int_equal(machine_call(OSTI_CALL_SLOT_INFO, 0, 0, 0),
			 OSTI_E_INVALID);
	assert_int_equal(machine_call(OSTI_CALL_SLOT_INFO, SLOTS + 1, 0, 0),
			 OSTI_E_INVALID);
	assert_int_equal(machine_call(OSTI_CALL_SLOT_INFO, 0x100000001, 0, 0),
			 OSTI_E_INVALID);
}

/* ---- Phases -------------------------------------------------------------- */

static int64_t mark(uint64_t phase)
{
	return machine_call(OSTI_CALL_PHASE_MARK, phase, 0, 0);
}

static void test_phase_mark(void **state)
{
	struct machine_smc smc;

	(void)state;
	assert_int_equal(mark(OSTI_PHASE_FROZEN), OSTI_E_STATE);
	assert_int_equal(mark(OSTI_PHASE_REQUEST), OSTI_E_INVALID);
	assert_int_equal(mark(OSTI_PHASE_MON_ENTER), OSTI_E_INVALID);
	assert_int_equal(mark(OSTI_PHASE_MON_EXIT), OSTI_E_INVALID);
	assert_int_equal(mark(OSTI_PHASES), OSTI_E_INVALID);
	assert_int_equal(mark(0x100000001), OSTI_E_INVALID);
	/* It was started last, so it may say when it is up, once. */
	assert_int_equal(mark(OSTI_PHASE_USER), OSTI_OK);
	assert_int_equal(mark(OSTI_PHASE_USER), OSTI_E_STATE);

	assert_int_equal(machine_call(OSTI_CALL_TARGET_ARM, 2, 0, 0), OSTI_OK);
	assert_int_equal(mark(OSTI_PHASE_FROZEN), OSTI_OK);
	assert_int_equal(mark(OSTI_PHASE_DEVICES), OSTI_OK);
	smc = machine_smc(PSCI_64(PSCI_SYSTEM_SUSPEND), MACHINE_ENTRY, 0, 0);
	assert_int_equal(smc.outcome, OUTCOME_ENTER);
	/* Now slot 2. */
	assert_int_equal(mark(OSTI_PHASE_RESUMED), OSTI_OK);
	assert_int_equal(mark(OSTI_PHASE_FROZEN), OSTI_E_STATE);
}

static void test_phase_read(void **state)
{
	struct machine_smc smc;
	uint64_t now;
	unsigned int i;

	(void)state;
	host_power.wakes = true;
	host_power.sleep_ticks = 123456;
	assert_int_equal(machine_smc(PSCI_SYSTEM_SUSPEND, MACHINE_ENTRY, 0, 0)
			 .outcome, OUTCOME_ENTER);
	smc = machine_smc(OSTI_CALL_PHASE_READ, 0, 0, 0);
	assert_int_equal(smc.x[0], OSTI_OK);
	/* Power-on, start of 2, its way to the menu, start of 1, this. */
	assert_int_equal(smc.x[1], 5);
	assert_int_equal(smc.x[2], 1 | 1 << 8 | OSTI_SWITCH_SUSPEND << 16);
	assert_true(smc.x[10] >= 123456);

	assert_int_equal(machine_suspend(2, MACHINE_ENTRY, 0).outcome,
			 OUTCOME_ENTER);
	assert_int_equal(mark(OSTI_PHASE_RESUMED), OSTI_OK);
	now = host_counter_now;
	smc = machine_smc(OSTI_CALL_PHASE_READ, 0, 0, 0);
	assert_int_equal(smc.x[2], 1 | 2 << 8 | OSTI_SWITCH_HOT << 16);
	assert_int_equal(smc.x[4], 0);		/* slot 1 did not mark them */
	assert_int_equal(smc.x[5], 0);
	assert_true(smc.x[3] && smc.x[3] < smc.x[6]);
	assert_true(smc.x[6] < smc.x[7] && smc.x[7] < smc.x[8]);
	assert_int_equal(smc.x[8], now);
	assert_int_equal(smc.x[9], 0);
	assert_int_equal(smc.x[10], 0);
	/* Slot 2 reads no record of slot 1 alone. */
	for (i = 1; i < 3; i++) {
		smc = machine_smc(OSTI_CALL_PHASE_READ, i, 0, 0);
		assert_int_equal(smc.x[0], OSTI_OK);
		assert_true((smc.x[2] & 0xff) == 2 ||
			    (smc.x[2] >> 8 & 0xff) == 2);
	}
	assert_int_equal(machine_call(OSTI_CALL_PHASE_READ, 3, 0, 0),
			 OSTI_E_EMPTY);
	assert_int_equal(machine_call(OSTI_CALL_PHASE_READ, UINT64_MAX, 0, 0),
			 OSTI_E_EMPTY);
}

/* ---- Events -------------------------------------------------------------- */

static void test_event_info(void **state)
{
	struct machine_smc smc;
	unsigned int ring;

	(void)state;
	assert_int_equal(machine_call(OSTI_CALL_SLOT_OPEN, 3, 0, 0),
			 OSTI_E_DENIED);
	for (ring = 0; ring < OSTI_RINGS; ring++) {
		smc = machine_smc(OSTI_CALL_EVENT_INFO, ring, 0, 0);
		assert_int_equal(smc.x[0], OSTI_OK);
		assert_int_equal(smc.x[1], 0);
		assert_int_equal(smc.x[2], event_next(ring));
		assert_memory_equal(&smc.x[4], event_chain_base(ring), 32);
		assert_memory_equal(&smc.x[8], event_chain_head(ring), 32);
	}
	assert_int_equal(event_next(OSTI_RING_OFFENCES), 1);
	assert_int_equal(machine_call(OSTI_CALL_EVENT_INFO, OSTI_RINGS, 0, 0),
			 OSTI_E_INVALID);
	assert_int_equal(machine_call(OSTI_CALL_EVENT_INFO, 1UL << 32, 0, 0),
			 OSTI_E_INVALID);
}

/* Every record of a ring as slot 1 may see it. How many it may not. */
static unsigned int read_all(unsigned int ring)
{
	struct event_record rec;
	struct machine_smc smc;
	unsigned int redacted = 0;
	uint64_t seq;

	for (seq = 0; seq < event_next(ring); seq++) {
		assert_int_equal(event_read(ring, seq, context_get(1), &rec),
				 OSTI_OK);
		smc = machine_smc(OSTI_CALL_EVENT_READ, seq, ring, 0);
		assert_int_equal(smc.x[0], OSTI_OK);
		assert_int_equal(smc.x[1], seq);
		assert_int_equal(smc.x[2], rec.time);
		assert_int_equal(smc.x[3], rec.what);
		assert_int_equal(smc.x[4], rec.arg[0]);
		assert_int_equal(smc.x[5], rec.arg[1]);
		assert_memory_equal(&smc.x[6], rec.digest, 32);
		if (smc.x[3] == OSTI_EV_REDACTED)
			redacted++;
	}
	assert_int_equal(machine_call(OSTI_CALL_EVENT_READ, seq, ring, 0),
			 OSTI_E_EMPTY);
	return redacted;
}

static void test_event_read(void **state)
{
	(void)state;
	/* Of slot 2: opened, started, armed, frozen; the menu; power-on's. */
	assert_int_equal(read_all(OSTI_RING_ACTS), 6);
	assert_int_equal(read_all(OSTI_RING_OFFENCES), 0);
	assert_int_equal(machine_call(OSTI_CALL_EVENT_READ, UINT64_MAX, 0, 0),
			 OSTI_E_EMPTY);
	assert_int_equal(machine_count_events(OSTI_EV_BAD_CALL), 0);
	assert_int_equal(machine_call(OSTI_CALL_EVENT_READ, 0, OSTI_RINGS, 0),
			 OSTI_E_INVALID);
	assert_int_equal(read_all(OSTI_RING_OFFENCES), 0);
	assert_int_equal(event_next(OSTI_RING_OFFENCES), 1);
}

/* a = function id | -status << 32, b counts. */
static void test_offence(void **state)
{
	struct event_record rec;

	(void)state;
	assert_int_equal(machine_call(OSTI_CALL_SLOT_OPEN, 3, 0, 0),
			 OSTI_E_DENIED);
	rec = machine_last_event(OSTI_EV_BAD_CALL);
	assert_int_equal(rec.what >> 16 & 0xff, 1);
	assert_int_equal(rec.arg[0], OSTI_CALL_SLOT_OPEN | 3UL << 32);
	assert_int_equal(rec.arg[1], 1);
	assert_int_equal(machine_call(OSTI_CALL_SLOT_INFO, 99, 0, 0),
			 OSTI_E_INVALID);
	rec = machine_last_event(OSTI_EV_BAD_CALL);
	assert_int_equal(rec.arg[0], OSTI_CALL_SLOT_INFO | 2UL << 32);
	assert_int_equal(rec.arg[1], 2);
	/* What a good caller meets too. */
	assert_int_equal(mark(OSTI_PHASE_FROZEN), OSTI_E_STATE);
	assert_int_equal(machine_call(OSTI_CALL_EVENT_READ, 999, 0, 0),
			 OSTI_E_EMPTY);
	assert_int_equal(machine_count_events(OSTI_EV_BAD_CALL), 2);
}

/* ---- Calls of the boot manager ------------------------------------------- */

static void test_bm_only(void **state)
{
	unsigned int n, slot;

	(void)state;
	for (n = 0; n < OSTI_CALLS; n++) {
		if (osti_calls[n].who != FROM_BM)
			continue;
		for (slot = 0; slot <= SLOTS + 1; slot++)
			assert_int_equal(machine_call(osti_calls[n].fid, slot,
						      MACHINE_ENTRY, 0),
					 OSTI_E_DENIED);
	}
	assert_int_equal(context_get(1)->state, OSTI_SLOT_RUNNING);
	assert_int_equal(context_get(2)->state, OSTI_SLOT_FROZEN);
	assert_int_equal(context_get(3)->state, OSTI_SLOT_EMPTY);
}

/* The device of these tests has the factory's firmware, in bank B. */
static void test_firmware_info(void **state)
{
	struct machine_smc smc = machine_smc(OSTI_CALL_FIRMWARE_INFO, 0, 0, 0);

	(void)state;
	assert_int_equal(smc.x[0], OSTI_OK);
	assert_int_equal(smc.x[1], 1);
	assert_int_equal(smc.x[2], 0);
	assert_int_equal(smc.x[3], 0);
	assert_int_equal(smc.x[4], OSTI_FIRMWARE_NONE);
	assert_int_equal(smc.x[5], 1);
	assert_int_equal(smc.x[6], OSTI_FIRMWARE_GOOD);
}

/* The rest is in test_firmware.c. */
static void test_firmware_arguments(void **state)
{
	static const struct {
		uint64_t ipa, bytes;
		int64_t status;
	} list[] = {
		{ OSTI_RAM_IPA, OSTI_FIRMWARE_MIN - 1, OSTI_E_INVALID },
		{ OSTI_RAM_IPA, OSTI_FIRMWARE_MAX + 1, OSTI_E_INVALID },
		{ OSTI_RAM_IPA, UINT64_MAX, OSTI_E_INVALID },
		{ 0, OSTI_FIRMWARE_MIN, OSTI_E_RANGE },
		{ OSTI_RAM_IPA + BOARD_BM_SIZE - 8, OSTI_FIRMWARE_MIN, OSTI_E_RANGE },
		{ UINT64_MAX - 7, OSTI_FIRMWARE_MIN, OSTI_E_RANGE },
		{ OSTI_RAM_IPA, OSTI_FIRMWARE_MIN, OSTI_E_FIRMWARE },
	};
	struct machine_smc smc;
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(list); i++) {
		smc = machine_smc(OSTI_CALL_FIRMWARE_BEGIN, list[i].ipa,
				  list[i].bytes, 0);
		assert_int_equal(smc.x[0], list[i].status);
	}
	assert_int_equal(smc.x[1], OSTI_FIRMWARE_E_SIGNATURE);
	assert_int_equal(machine_call(OSTI_CALL_FIRMWARE_ERASE, 0, 0, 0),
			 OSTI_E_STATE);
	assert_int_equal(machine_call(OSTI_CALL_FIRMWARE_WRITE, 0, OSTI_RAM_IPA, 0),
			 OSTI_E_INVALID);
	assert_int_equal(machine_call(OSTI_CALL_FIRMWARE_WRITE, 0, OSTI_RAM_IPA,
				      4097), OSTI_E_INVALID);
	assert_int_equal(machine_call(OSTI_CALL_FIRMWARE_WRITE, 0, 0, 4096),
			 OSTI_E_RANGE);
	assert_int_equal(machine_call(OSTI_CALL_FIRMWARE_WRITE, 0, OSTI_RAM_IPA,
				      4096), OSTI_E_STATE);
	assert_int_equal(machine_call(OSTI_CALL_FIRMWARE_FINISH, 0, 0, 0),
			 OSTI_E_STATE);
}

static void test_no_such_slot(void **state)
{
	static const uint32_t fids[] = {
		OSTI_CALL_SLOT_OPEN, OSTI_CALL_SLOT_CLOSE,
		OSTI_CALL_SLOT_START, OSTI_CALL_SLOT_RESUME,
		OSTI_CALL_START_CHECK, OSTI_CALL_BM_ANSWER, OSTI_CALL_IMAGE_INFO,
		OSTI_CALL_IMAGE_NOTE, OSTI_CALL_IMAGE_DROP,
		OSTI_CALL_IMAGE_RETIRE,
		OSTI_CALL_EXPORT_BEGIN, OSTI_CALL_IMPORT_BEGIN,
	};
	static const uint64_t bad[] = {
		0, SLOTS + 1, 8, 9, 0xff, 0x101, 0x100000001, UINT64_MAX,
	};
	unsigned int n, i;

	(void)state;
	for (n = 0; n < ARRAY_SIZE(fids); n++)
		for (i = 0; i < ARRAY_SIZE(bad); i++)
			assert_int_equal(machine_call(fids[n], bad[i],
						      MACHINE_ENTRY, 0),
					 OSTI_E_INVALID);
}

static void test_states(void **state)
{
	struct machine_smc smc;

	(void)state;
	assert_int_equal(machine_call(OSTI_CALL_SLOT_CLOSE, 1, 0, 0),
			 OSTI_E_STATE);
	assert_int_equal(machine_call(OSTI_CALL_SLOT_RESUME, 1, 0, 0),
			 OSTI_E_STATE);
	assert_int_equal((int64_t)statement_call(OSTI_CALL_SLOT_START, 1).x[0],
			 OSTI_E_STATE);
	smc = machine_smc(OSTI_CALL_SLOT_OPEN, 1, 0, 0);
	assert_int_equal(smc.x[0], OSTI_OK);
	assert_int_equal(smc.x[1], OSTI_WINDOW_IPA);
	assert_int_equal(smc.x[2], SLOT1_BYTES);
	/* One at a time. */
	assert_int_equal(machine_call(OSTI_CALL_SLOT_OPEN, 1, 0, 0),
			 OSTI_E_STATE);
	assert_int_equal(machine_call(OSTI_CALL_SLOT_OPEN, 2, 0, 0),
			 OSTI_E_STATE);
	assert_int_equal(context_get(2)->state, OSTI_SLOT_EMPTY);
	assert_int_equal(machine_call(OSTI_CALL_SLOT_CLOSE, 2, 0, 0),
			 OSTI_E_STATE);
	assert_int_equal(machine_call(OSTI_CALL_SLOT_CLOSE, 1, 0, 0), OSTI_OK);
	assert_int_equal(machine_call(OSTI_CALL_SLOT_OPEN, 2, 0, 0), OSTI_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_list),
		cmocka_unit_test_setup(test_all_as_slot, machine_setup_slot),
		cmocka_unit_test_setup(test_all_as_bm, setup_bm),
		cmocka_unit_test_setup(test_all_as_bm_images, setup_images),
		cmocka_unit_test_setup(test_unknown, machine_setup_slot),
		cmocka_unit_test_setup(test_unknown, setup_bm),
		cmocka_unit_test_setup(test_registers, machine_setup_slot),
		cmocka_unit_test_setup(test_registers, setup_bm),
		cmocka_unit_test_setup(test_queries, machine_setup_slot),
		cmocka_unit_test_setup(test_info, machine_setup_slot),
		cmocka_unit_test_setup(test_info_bm, setup_bm),
		cmocka_unit_test_setup(test_slot_info, machine_setup_slot),
		cmocka_unit_test_setup(test_phase_mark, machine_setup_slot),
		cmocka_unit_test_setup(test_phase_read, machine_setup_slot),
		cmocka_unit_test_setup(test_event_info, machine_setup_slot),
		cmocka_unit_test_setup(test_event_read, machine_setup_slot),
		cmocka_unit_test_setup(test_offence, machine_setup_slot),
		cmocka_unit_test_setup(test_bm_only, machine_setup_slot),
		cmocka_unit_test_setup(test_firmware_info, machine_setup_slot),
		cmocka_unit_test_setup(test_firmware_info, setup_bm),
		cmocka_unit_test_setup(test_firmware_arguments, setup_bm),
		cmocka_unit_test_setup(test_no_such_slot, setup_bm),
		cmocka_unit_test_setup(test_states, setup_bm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
