// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_rtc.c - each context has a clock and an alarm of its own
 *
 * Registers and their numbers: Arm DDI 0224, as plain numbers.
 */
#include "test.h"

#include <string.h>

#include "host.h"
#include "host_power.h"
#include "host_rtc.h"
#include "machine.h"
#include "nv.h"
#include "pl031.h"
#include "psci.h"
#include "rtc.h"
#include "world.h"

#define DR	0x00
#define MR	0x04
#define LR	0x08
#define CR	0x0c
#define IMSC	0x10
#define RIS	0x14
#define MIS	0x18
#define ICR	0x1c

#define YEARS	315360000U	/* ten */

/* What the running context reads and writes. */
static uint32_t get(uint64_t offset)
{
	return rtc_read(world_current(), offset, 4);
}

static void put(uint64_t offset, uint32_t val)
{
	rtc_write(world_current(), offset, 4, val);
}

static void alarm_in(uint32_t seconds)
{
	put(ICR, 1);
	put(MR, get(DR) + seconds);
	put(IMSC, 1);
}

static void switch_to(unsigned int slot)
{
	assert_int_equal(machine_suspend(slot, MACHINE_ENTRY, 0).outcome,
			 OUTCOME_ENTER);
	assert_int_equal(world_current()->id, slot);
}

/* Nothing of another context's alarm is to be seen. */
static void assert_no_alarm(void)
{
	assert_int_equal(get(MR), 0);
	assert_int_equal(get(IMSC), 0);
	assert_int_equal(get(RIS), 0);
	assert_int_equal(get(MIS), 0);
	assert_false(host_rtc_line());
}

static void test_at_first(void **state)
{
	(void)state;
	assert_true(host_rtc.running);
	assert_int_equal(get(DR), MACHINE_NOW);
	assert_int_equal(get(LR), 0);
	assert_int_equal(get(CR), 1);
	assert_no_alarm();
	host_rtc_pass(5);
	assert_int_equal(get(DR), MACHINE_NOW + 5);
}

/* One sets its clock, nobody else's moves, and the hardware's neither. */
static void test_own_time(void **state)
{
	(void)state;
	put(LR, get(DR) + YEARS);
	assert_int_equal(get(LR), MACHINE_NOW + YEARS);
	host_rtc_pass(3);
	assert_int_equal(get(DR), MACHINE_NOW + YEARS + 3);
	switch_to(2);
	assert_int_equal(get(DR), MACHINE_NOW + 3);
	assert_int_equal(get(LR), 0);
	put(LR, 1000);
	assert_int_equal(get(DR), 1000);
	host_rtc_pass(4);
	switch_to(1);
	assert_int_equal(get(DR), MACHINE_NOW + YEARS + 7);
	assert_int_equal(get(LR), MACHINE_NOW + YEARS);
	switch_to(0);
	assert_int_equal(get(DR), MACHINE_NOW + 7);
	assert_int_equal(host_rtc.now, MACHINE_NOW + 7);
}

/* What the boot manager sets is gone with it. */
static void test_boot_manager(void **state)
{
	(void)state;
	switch_to(0);
	put(LR, 77);
	alarm_in(9);
	assert_int_equal(get(DR), 77);
	assert_int_equal(machine_smc(OSTI_CALL_SLOT_RESUME, 2, 0, 0).outcome,
			 OUTCOME_ENTER);
	assert_int_equal(get(DR), MACHINE_NOW);
	assert_no_alarm();
	host_rtc_pass(20);
	switch_to(0);
	assert_int_equal(get(DR), MACHINE_NOW + 20);
	assert_int_equal(get(LR), 0);
	assert_no_alarm();
}

/* A new OS in the slot finds its time as it was, but no alarm. */
static void test_restart(void **state)
{
	(void)state;
	put(LR, get(DR) - YEARS);
	alarm_in(10);
	assert_int_equal(machine_smc(PSCI_SYSTEM_RESET, 0, 0, 0).outcome,
			 OUTCOME_ENTER);
	assert_int_equal(get(DR), MACHINE_NOW);
	machine_start(1);
	assert_int_equal(get(DR), MACHINE_NOW - YEARS);
	host_rtc_pass(20);
	assert_no_alarm();
}

static void test_alarm(void **state)
{
	(void)state;
	put(LR, get(DR) + YEARS);
	alarm_in(2);
	assert_int_equal(get(IMSC), 1);
	assert_int_equal(get(MR), MACHINE_NOW + YEARS + 2);
	assert_int_equal(host_rtc.match, MACHINE_NOW + 2);
	host_rtc_pass(1);
	assert_false(host_rtc_line());
	host_rtc_pass(1);
	assert_true(host_rtc_line());
	assert_int_equal(get(RIS), 1);
	assert_int_equal(get(MIS), 1);
	put(IMSC, 0);
	assert_false(host_rtc_line());
	assert_int_equal(get(RIS), 1);
	assert_int_equal(get(MIS), 0);
	put(IMSC, 3);
	assert_int_equal(get(IMSC), 1);
	put(ICR, 0);
	assert_int_equal(get(RIS), 1);
	put(ICR, 1);
	assert_int_equal(get(RIS), 0);
	assert_false(host_rtc_line());
	/* It names one second, which is over. */
	host_rtc_pass(100);
	assert_int_equal(get(RIS), 0);
	/* Setting the clock to that second brings it again. */
	put(LR, get(MR));
	assert_true(host_rtc_line());
}

/* It is due while another runs, who sees nothing of it. */
static void test_alarm_meanwhile(void **state)
{
	(void)state;
	put(LR, get(DR) + YEARS);
	alarm_in(10);
	switch_to(2);
	assert_no_alarm();
	host_rtc_pass(50);
	assert_no_alarm();
	switch_to(1);
	assert_true(host_rtc_line());
	assert_int_equal(get(MR), MACHINE_NOW + YEARS + 10);
	put(ICR, 1);
	/* Once. */
	switch_to(2);
	host_rtc_pass(50);
	switch_to(1);
	assert_int_equal(get(RIS), 0);
}

/* It was raised before, was cleared before, or is due later. */
static void test_alarm_before_and_after(void **state)
{
	(void)state;
	alarm_in(1);
	host_rtc_pass(1);
	switch_to(2);
	assert_no_alarm();
	switch_to(1);
	assert_true(host_rtc_line());
	put(ICR, 1);
	/* In the very second in which it rose. */
	switch_to(2);
	switch_to(1);
	assert_false(host_rtc_line());

	alarm_in(10);
	switch_to(2);
	host_rtc_pass(9);
	switch_to(1);
	assert_false(host_rtc_line());
	host_rtc_pass(1);
	assert_true(host_rtc_line());

	alarm_in(10);
	switch_to(2);
	host_rtc_pass(10);
	switch_to(1);
	assert_true(host_rtc_line());
}

/* An alarm that does not interrupt is raised all the same. */
static void test_alarm_disabled(void **state)
{
	(void)state;
	alarm_in(10);
	put(IMSC, 0);
	switch_to(2);
	host_rtc_pass(20);
	switch_to(1);
	assert_int_equal(get(RIS), 1);
	assert_int_equal(get(MIS), 0);
	assert_false(host_rtc_line());
	put(IMSC, 1);
	assert_true(host_rtc_line());
}

/* Also where 32 bits end between setting and coming. */
static void test_wrap(void **state)
{
	(void)state;
	put(LR, UINT32_MAX);
	alarm_in(3);
	assert_int_equal(get(MR), 2);
	switch_to(2);
	host_rtc_pass(2);
	switch_to(1);
	assert_int_equal(get(DR), 1);
	assert_int_equal(get(RIS), 0);
	switch_to(2);
	host_rtc_pass(1);
	switch_to(1);
	assert_int_equal(get(RIS), 1);
	assert_int_equal(host_rtc.now, MACHINE_NOW + 3);
}

static void test_sleep(void **state)
{
	(void)state;
	host_power.wakes = true;
	host_power.interrupt = 34;
	alarm_in(5);
	assert_int_equal(machine_smc(PSCI_64(PSCI_SYSTEM_SUSPEND),
				     MACHINE_ENTRY, 0, 0).outcome,
			 OUTCOME_ENTER);
	/* What would wake it is in the hardware. */
	assert_true(host_rtc.enabled);
	assert_int_equal(host_rtc.match, MACHINE_NOW + 5);
}

static void test_identification(void **state)
{
	static const uint8_t ids[] = { 0x31, 0x10, 0x14, 0x00,
				       0x0d, 0xf0, 0x05, 0xb1 };
	unsigned int i;

	(void)state;
	for (i = 0; i < 8; i++)
		assert_int_equal(get(0xfe0 + 4 * i), ids[i]);
}

/* Every offset, width and value: an answer, and nothing of it elsewhere. */
static void test_odd_accesses(void **state)
{
	const struct context *slot = world_current();
	unsigned int offset, bytes;

	(void)state;
	put(MR, 0x12345678);
	for (offset = 0; offset < 4096; offset++) {
		for (bytes = 1; bytes <= 8; bytes *= 2) {
			if (bytes == 4 && offset % 4 == 0 &&
			    (offset <= ICR || offset >= 0xfe0))
				continue;
			assert_int_equal(rtc_read(slot, offset, bytes), 0);
			rtc_write(world_current(), offset, bytes, UINT64_MAX);
		}
	}
	/* Read-only registers. */
	put(DR, 1);
	put(CR, 0);
	put(RIS, 1);
	put(MIS, 1);
	put(0xfe0, 0);
	assert_int_equal(get(ICR), 0);
	assert_int_equal(get(DR), MACHINE_NOW);
	assert_int_equal(get(MR), 0x12345678);
	assert_int_equal(get(LR), 0);
	assert_int_equal(get(CR), 1);
	assert_int_equal(get(IMSC), 0);
	assert_int_equal(get(RIS), 0);
	assert_int_equal(get(0xfe0), 0x31);
}

/* A clock that does not do as it should costs its alarm, not the device. */
static void test_stuck(void **state)
{
	(void)state;
	alarm_in(1);
	switch_to(2);
	host_rtc_pass(1);
	host_rtc.stuck = true;
	switch_to(1);
	assert_non_null(strstr(host_log(), "alarm does not rise"));
	assert_int_equal(get(RIS), 0);
	assert_int_equal(host_rtc.match, MACHINE_NOW + 1);
}

/* Times that the boot manager tells are by its clock. */
static void test_seconds(void **state)
{
	(void)state;
	assert_int_equal(rtc_seconds(world_current(), 500), 500);
	put(LR, get(DR) + YEARS);
	assert_int_equal(rtc_seconds(world_current(), MACHINE_NOW),
			 MACHINE_NOW + YEARS);
	assert_int_equal(rtc_seconds(world_current(), 0), 0);
	assert_int_equal(rtc_seconds(world_current(), UINT64_MAX), UINT64_MAX);
	assert_int_equal(rtc_seconds(world_current(), 1UL << 32), 1UL << 32);
}

/* ---- Over power-off ------------------------------------------------------ */

static const uint8_t key[MACHINE_KEY_BYTES] = { 0x0c, 0x10, 0xcc };

static int setup_provisioned(void **state)
{
	(void)state;
	machine_boot_provisioned(1, key);
	machine_start(1);
	return 0;
}

/* What NV memory has for slot 1. */
static int64_t saved(void)
{
	int64_t seconds;

	return nv_clock(1, &seconds) ? seconds : 0;
}

/* The slot leaves the device and comes back. */
static void leave(void)
{
	switch_to(0);
	assert_int_equal(machine_smc(OSTI_CALL_SLOT_RESUME, 1, 0, 0).outcome,
			 OUTCOME_ENTER);
}

static void test_power_cycle(void **state)
{
	(void)state;
	put(LR, get(DR) - YEARS);
	assert_int_equal(saved(), 0);
	alarm_in(5);
	leave();
	assert_int_equal(saved(), -(int64_t)YEARS);
	machine_power_cycle(1);
	assert_int_equal(get(DR), MACHINE_NOW);
	machine_start(2);
	assert_int_equal(get(DR), MACHINE_NOW);
	switch_to(0);
	machine_start(1);
	assert_int_equal(get(DR), MACHINE_NOW - YEARS);
	assert_no_alarm();
	/* Half of 32 bits away, and more. */
	put(LR, get(DR) + 7 * YEARS);
	assert_int_equal(machine_smc(PSCI_SYSTEM_OFF, 0, 0, 0).outcome,
			 OUTCOME_ENTER);
	machine_power_cycle(1);
	machine_start(1);
	assert_int_equal(get(DR), MACHINE_NOW + 6 * YEARS);
}

static void test_slack(void **state)
{
	(void)state;
	leave();
	put(LR, get(DR) + 1);
	leave();
	assert_int_equal(saved(), 0);
	put(LR, get(DR) + 1);
	leave();
	assert_int_equal(saved(), 2);
	host_counter_now += 601 * arch_counter_hz();
	put(LR, get(DR) - 1);
	leave();
	assert_int_equal(saved(), 2);
	put(LR, get(DR) - 2);
	leave();
	assert_int_equal(saved(), -1);
}

/* Leaving by any way, or a new OS, gets no more of it. */
static void test_wear(void **state)
{
	uint64_t first;

	(void)state;
	put(LR, get(DR) + 10);
	leave();
	first = arch_counter();
	assert_int_equal(saved(), 10);
	put(LR, get(DR) + 10);
	leave();
	assert_int_equal(saved(), 10);
	machine_smc(PSCI_SYSTEM_RESET, 0, 0, 0);
	machine_start(1);
	leave();
	assert_int_equal(saved(), 10);
	host_counter_now = first + 590 * arch_counter_hz();
	leave();
	assert_int_equal(saved(), 10);
	host_counter_now = first + 600 * arch_counter_hz();
	leave();
	assert_int_equal(saved(), 20);
	assert_int_equal(get(DR), MACHINE_NOW + 20);
}

static void test_no_nv(void **state)
{
	(void)state;
	put(LR, get(DR) + YEARS);
	switch_to(2);
	assert_non_null(strstr(host_log(), "slot 1 has its own time only until"));
	switch_to(1);
	assert_int_equal(get(DR), MACHINE_NOW + YEARS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_at_first, machine_setup_slot),
		cmocka_unit_test_setup(test_own_time, machine_setup_slot),
		cmocka_unit_test_setup(test_boot_manager, machine_setup_slot),
		cmocka_unit_test_setup(test_restart, machine_setup_slot),
		cmocka_unit_test_setup(test_alarm, machine_setup_slot),
		cmocka_unit_test_setup(test_alarm_meanwhile,
				       machine_setup_slot),
		cmocka_unit_test_setup(test_alarm_before_and_after,
				       machine_setup_slot),
		cmocka_unit_test_setup(test_alarm_disabled, machine_setup_slot),
		cmocka_unit_test_setup(test_wrap, machine_setup_slot),
		cmocka_unit_test_setup(test_sleep, machine_setup_slot),
		cmocka_unit_test_setup(test_identification, machine_setup_slot),
		cmocka_unit_test_setup(test_odd_accesses, machine_setup_slot),
		cmocka_unit_test_setup(test_stuck, machine_setup_slot),
		cmocka_unit_test_setup(test_seconds, machine_setup_slot),
		cmocka_unit_test_setup(test_power_cycle, setup_provisioned),
		cmocka_unit_test_setup(test_slack, setup_provisioned),
		cmocka_unit_test_setup(test_wear, setup_provisioned),
		cmocka_unit_test_setup(test_no_nv, machine_setup_slot),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
