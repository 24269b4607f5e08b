// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_lock.c - whoever changes the monitor's state has its lock
 */
#include "test.h"

#include <string.h>

#include "call.h"
#include "cfi.h"
#include "cpu.h"
#include "device.h"
#include "disk.h"
#include "engine.h"
#include "event.h"
#include "help.h"
#include "host.h"
#include "keys.h"
#include "lock.h"
#include "machine.h"
#include "memory.h"
#include "nv.h"
#include "partition.h"
#include "phase.h"
#include "pl031.h"
#include "psci.h"
#include "restore.h"
#include "rtc.h"
#include "slot.h"
#include "smccc.h"
#include "smmuv3.h"
#include "start.h"
#include "sweep.h"
#include "transfer.h"
#include "world.h"

static int setup(void **state)
{
	(void)state;
	machine_reset(3);
	machine_init();
	return 0;
}

/* The call is refused without the lock, for that reason alone. */
#define assert_needs_lock(call)						\
	do {								\
		lock_release();						\
		expect_assert_failure(call);				\
		lock_or_stop();						\
		assert_non_null(strstr(host_panic_text(), "lock_held()")); \
	} while (0)

/* One function of each file that has state; arguments do not matter. */
static void test_needed(void **state)
{
	struct context *slot = context_get(1);
	uint64_t regs[SMCCC_REGS] = { 0 };
	struct cpu_entry entry = { 0 };
	int64_t ret;

	(void)state;
	assert_needs_lock(smccc_handle(regs, &entry));
	assert_needs_lock(call_handle(OSTI_CALL_REVISION, regs, &entry));
	assert_needs_lock(psci_call(PSCI_VERSION, regs, &ret, &entry));
	assert_needs_lock(world_open(slot));
	assert_needs_lock(slot_transition(slot, SLOT_EV_OPEN));
	assert_needs_lock(partition_get(slot));
	assert_needs_lock(sweep_step());
	assert_needs_lock(memory_hide(slot));
	assert_needs_lock(device_give(slot));
	assert_needs_lock(disk_leave(slot));
	assert_needs_lock(smmuv3_flush(1));
	assert_needs_lock(cpu_stop_others());
	assert_needs_lock(help_call());
	assert_needs_lock(engine_load(slot->size));
	assert_needs_lock(transfer_abort());
	assert_needs_lock(restore_forget(slot));
	assert_needs_lock(start_matches(slot, NULL));
	assert_needs_lock(keys_import(slot, NULL));
	assert_needs_lock(nv_mend());
	assert_needs_lock(cfi_erase(CFI_NV, 0));
	assert_needs_lock(event_add(OSTI_EV_ARMED, 1, 0, 0));
	assert_needs_lock(phase_request());
	assert_needs_lock(rtc_leave(slot));
	assert_needs_lock(pl031_clear());
	assert_needs_lock(arch_map(pa_make(0), 0));
}

/* With it all goes its way, and it is there once. */
static void test_taken_once(void **state)
{
	(void)state;
	assert_true(lock_held());
	expect_assert_failure(lock_or_stop());
	lock_release();
	assert_false(lock_held());
	expect_assert_failure(lock_release());
	lock_or_stop();
	assert_int_equal(machine_call(OSTI_CALL_SLOT_OPEN, 1, 0, 0), OSTI_OK);
	assert_true(lock_held());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_needed, setup),
		cmocka_unit_test_setup(test_taken_once, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
