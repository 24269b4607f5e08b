// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fuzz.c - 100000 calls that make no sense, half of them in each slot
 *
 * Runs in both slots. Each answer must be one that the contract knows, all
 * registers that are no results must be kept, and afterwards the
 * neighbour's memory is as it was. Calls that would rightly end or stop the
 * program are left out: see harmless().
 */
#include "lib/arch.h"
#include "lib/cpu.h"
#include "lib/gic.h"
#include "lib/kept.h"
#include "lib/mem.h"
#include "lib/rand.h"
#include "lib/report.h"
#include "lib/smc.h"
#include "lib/switch.h"
#include "../lib/osti_calls.h"

#define SEED		0xf0220001
#define SEED_1		0xf022000000000011
#define SEED_2		0xf022000000000022
#define CALLS		50000
#define PER_REPORT	10000

static struct rand rand_state;

static uint64_t own_seed(void)
{
	return self.slot == 1 ? SEED_1 : SEED_2;
}

static uint64_t any(void)
{
	return rand_next(&rand_state);
}

static uint64_t below(uint64_t limit)
{
	return rand_below(&rand_state, limit);
}

/* An argument: the interesting ones more often than chance would. */
static uint64_t argument(void)
{
	switch (below(12)) {
	case 0:
		return 0;
	case 1:
		return below(16);
	case 2:
		return -below(16);
	case 3:
		return 1UL << below(64);
	case 4:
		return (1UL << below(64)) - 1;
	case 5:
		return self.ram_base + below(self.ram_bytes);
	case 6:
		return self.ram_end - 8 + below(16);
	case 7:
		return PHYS_RAM_BASE + below(2UL << 30);
	case 8:
		return OSTI_WINDOW_IPA + below(1UL << 30);
	case 9:
		return below(1UL << 32);
	default:
		return any();
	}
}

static uint32_t identifier(void)
{
	switch (below(8)) {
	case 0:
	case 1:
	case 2:
		/* Calls of the monitor, and some numbers beside them */
		return OSTI_CALL_INFO + below(0x50);
	case 3:
		return 0x8600ff00 + below(8);
	case 4:
		return PSCI_VERSION + below(0x20);
	case 5:
		return (PSCI_VERSION | PSCI_SMC64) + below(0x20);
	case 6:
		return SMCCC_VERSION + below(4) + (below(2) ? 0x8000 : 0);
	default:
		return any();
	}
}

/* Would the call, done right, not come back or disturb this program? */
static bool harmless(const struct smc_regs *regs)
{
	uint32_t id = regs->x[0];
	bool wide = id & PSCI_SMC64;
	uint64_t first = wide ? regs->x[1] : (uint32_t)regs->x[1];
	uint64_t second = wide ? regs->x[2] : (uint32_t)regs->x[2];

	if (id == PSCI_CPU_OFF || id == PSCI_SYSTEM_OFF ||
	    id == PSCI_SYSTEM_RESET)
		return false;
	switch (id & ~PSCI_SMC64) {
	case PSCI_SYSTEM_SUSPEND:
		return first % 4 || first < self.ram_base ||
		       first >= self.ram_end;
	case PSCI_CPU_ON:
		return !first || first >= self.nr_cpus || second % 4 ||
		       second < self.ram_base || second >= self.ram_end;
	case PSCI_CPU_SUSPEND:
		/* StateType 0 is standby, and nothing would wake it. */
		return first >> 16 & 1;
	default:
		return true;
	}
}

/*
 * A transfer may come to begin by chance, and then goes on by chance; the next
 * switch ends it.
 */
static bool transfer_status_known(int64_t status)
{
	return status == OSTI_OK || status == OSTI_AGAIN ||
	       status == OSTI_E_INVALID || status == OSTI_E_DENIED ||
	       status == OSTI_E_STATE || status == OSTI_E_RANGE ||
	       status == OSTI_E_HARDWARE || status == OSTI_E_IMAGE ||
	       status == OSTI_E_NO_ROOM || status == OSTI_E_AGREE;
}

static bool status_known(uint32_t id, int64_t status)
{
	const struct osti_call *call = osti_call_find(id);

	if (call && call->who == FROM_BM)
		return status == OSTI_E_DENIED;
	if (call && call->who == FROM_OWNER)
		return transfer_status_known(status);
	switch (id) {
	case OSTI_CALL_EXPORT_BEGIN:
	case OSTI_CALL_IMPORT_BEGIN:
	case OSTI_CALL_EXPORT_STORED:
		return transfer_status_known(status);
	case OSTI_CALL_DISK_SHOW:
		/* The neighbour's, while that is frozen; nobody agrees to more. */
		return status == OSTI_OK || status == OSTI_E_INVALID ||
		       status == OSTI_E_STATE || status == OSTI_E_NO_DISK;
	case OSTI_CALL_DISK_HIDE:
		return status == OSTI_OK || status == OSTI_E_INVALID;
	case OSTI_CALL_SLOT_KEY:
	case OSTI_CALL_DISK_KEY:
		return status == OSTI_OK;
	case OSTI_CALL_CARRIER_KEY:
		return status == OSTI_OK || status == OSTI_E_INVALID;
	case OSTI_CALL_RESTORE_ASK:
		return status == OSTI_E_INVALID || status == OSTI_E_RANGE ||
		       status == OSTI_E_IMAGE;
	case OSTI_CALL_COUNT:
		return status > 0;
	case OSTI_CALL_UID:
		return (uint32_t)status == OSTI_UID_0;
	case OSTI_CALL_REVISION:
		return status == OSTI_ABI_MAJOR;
	case OSTI_CALL_INFO:
	case OSTI_CALL_FIRMWARE_INFO:
		return status == OSTI_OK;
	case OSTI_CALL_EVENT_INFO:
	case OSTI_CALL_SLOT_INFO:
	case OSTI_CALL_TARGET_ARM:
		return status == OSTI_OK || status == OSTI_E_INVALID;
	case OSTI_CALL_TARGET_CANCEL:
		return status == OSTI_OK;
	case OSTI_CALL_PHASE_MARK:
		return status == OSTI_OK || status == OSTI_E_INVALID ||
		       status == OSTI_E_STATE;
	case OSTI_CALL_PHASE_READ:
		return status == OSTI_OK || status == OSTI_E_EMPTY;
	case OSTI_CALL_EVENT_READ:
		return status == OSTI_OK || status == OSTI_E_EMPTY ||
		       status == OSTI_E_INVALID;
	case OSTI_CALL_IMAGE_INFO:
		return status == OSTI_OK || status == OSTI_E_INVALID;
	case OSTI_CALL_START_GOOD:
		return status == OSTI_OK || status == OSTI_E_INVALID ||
		       status == OSTI_E_HARDWARE;
	case OSTI_CALL_REQUEST_RESULT:
		return status == OSTI_E_EMPTY;
	case OSTI_CALL_RESUME_INFO:
		return status == OSTI_OK;
	default:
		break;
	}
	switch (id & ~PSCI_SMC64) {
	case PSCI_VERSION:
		return (int32_t)status == 0x10001 ||
		       (int32_t)status == PSCI_NOT_SUPPORTED;
	case PSCI_CPU_ON:
	case PSCI_SYSTEM_SUSPEND:
	case PSCI_CPU_SUSPEND:
		return (int32_t)status <= PSCI_NOT_SUPPORTED &&
		       (int32_t)status >= PSCI_INVALID_ADDRESS;
	case PSCI_AFFINITY_INFO:
	case PSCI_FEATURES:
	case PSCI_MIGRATE_INFO_TYPE:
		return (int32_t)status >= PSCI_INVALID_PARAMETERS;
	default:
		break;
	}
	/* Arm's architecture calls may exist; nothing else does. */
	if (id >> 24 == 0x80)
		return (int32_t)status >= PSCI_NOT_SUPPORTED ||
		       (int32_t)status == PSCI_INVALID_PARAMETERS;
	return (int32_t)status == PSCI_NOT_SUPPORTED;
}

static void check_answer(unsigned int n, const struct smc_regs *before,
			 const struct smc_regs *after)
{
	const uint32_t id = before->x[0];
	const int64_t status = after->x[0];

	check(status_known(id, status),
	      "call %u: 0x%x (0x%lx, 0x%lx, 0x%lx) gave %ld", n, id,
	      before->x[1], before->x[2], before->x[3], status);
	kept_check(before, after);
}

static void test_fuzz(void)
{
	struct smc_regs before, after;
	unsigned int n, i, done = 0, skipped = 0;

	test_begin("fuzz");
	rand_state.state = SEED + self.slot;
	while (done < CALLS) {
		for (i = 0; i < 31; i++)
			before.x[i] = i < 7 ? argument() : any();
		/* The upper half of x0 is no part of the identifier. */
		before.x[0] = (below(4) ? 0 : any() << 32) | identifier();
		if (!harmless(&before)) {
			skipped++;
			continue;
		}
		after = before;
		n = done++;
		smc_call(&after);
		check_answer(n, &before, &after);
		if (done % PER_REPORT == 0)
			report_note("%u calls", done);
	}
	report_note("%u left out", skipped);
	test_end();
}

/* The monitor goes on as if nothing had been. */
static void test_afterwards(void)
{
	struct smc_regs regs;
	unsigned int i;

	test_begin("afterwards");
	check_status("TARGET_CANCEL",
		     osti_call(&regs, OSTI_CALL_TARGET_CANCEL, 0, 0), OSTI_OK);
	osti_call(&regs, OSTI_CALL_INFO, 0, 0);
	check_eq("armed target", regs.x[7], OSTI_TARGET_NONE);
	check_eq("own slot", regs.x[1], self.slot);
	check_eq("own RAM", regs.x[4], self.ram_bytes);
	check_status("PSCI_VERSION", psci(PSCI_VERSION, 0, 0, 0), 0x10001);
	for (i = 1; i < self.nr_cpus; i++)
		check_status("state of another CPU", cpu_state(i),
			     PSCI_AFFINITY_OFF);
	osti_call(&regs, OSTI_CALL_SLOT_INFO, self.slot, 0);
	check_eq("own state", regs.x[1], OSTI_SLOT_RUNNING);
	osti_call(&regs, OSTI_CALL_SLOT_INFO, other_slot(), 0);
	check_eq("state of the other slot", regs.x[1], OSTI_SLOT_FROZEN);
	test_end();
}

static void check_record(unsigned int ring, uint64_t seq)
{
	struct smc_regs regs;
	unsigned int type, slot;

	if (!check(osti_call(&regs, OSTI_CALL_EVENT_READ, seq, ring) == OSTI_OK,
		   "event %lu of ring %u cannot be read", seq, ring))
		return;
	type = regs.x[3] & 0xffff;
	slot = regs.x[3] >> 16 & 0xff;
	check_eq("sequence number", regs.x[1], seq);
	if (type == OSTI_EV_REDACTED)
		check(!(regs.x[2] | regs.x[3] | regs.x[4] | regs.x[5]),
		      "redacted event %lu tells something", seq);
	else if (ring == OSTI_RING_OFFENCES)
		check(slot == self.slot, "event %lu of type %u is about slot %u",
		      seq, type, slot);
}

/* Offences of the neighbour are none of our business, and ours are known. */
static void test_events(void)
{
	struct smc_regs regs;
	unsigned int ring;
	uint64_t seq, next;

	test_begin("events");
	check(osti_event_find(0, OSTI_EV_BAD_CALL, OSTI_ANY) >= 0 ||
	      osti_event_find(0, OSTI_EV_BAD_SMC, OSTI_ANY) >= 0,
	      "no offence was recorded");
	/* All the noise has not washed away what was before. */
	check(osti_event_find(0, OSTI_EV_STARTED, OSTI_ANY) >= 0,
	      "the start of this slot has left the event ring");
	for (ring = 0; ring < OSTI_RINGS; ring++) {
		osti_call(&regs, OSTI_CALL_EVENT_INFO, ring, 0);
		for (seq = regs.x[1], next = regs.x[2]; seq < next; seq++)
			check_record(ring, seq);
	}
	test_end();
}

static void test_memory(const char *name)
{
	uint64_t where = 0;

	test_begin(name);
	check(mem_intact(own_seed(), &where), "0x%lx has changed", where);
	test_end();
}

void payload_main(void)
{
	report_start("fuzz");
	gic_init();
	mem_fill(own_seed());
	/* Both slots are filled before either begins. */
	switch_to(other_slot(), 0);
	/* Slot 1 is first, slot 2 comes when that is done. */
	if (self.slot == 2)
		test_memory("memory-after-neighbour");
	test_fuzz();
	test_afterwards();
	test_events();
	test_memory("own-memory");
	if (self.slot == 1) {
		switch_to(other_slot(), 0);
		test_memory("memory-after-neighbour");
		finish_pair();
	}
	switch_to(other_slot(), 0);
	finish_pair();
}
