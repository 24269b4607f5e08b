// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * clock.c - each slot has a real time clock of its own, and so has the boot
 * manager, which this program is too
 *
 * Slot 1 sets its clock far ahead and an alarm, slot 2 sets its own far back,
 * the boot manager tries the same. Nobody sees anything of the others' clocks,
 * and slot 1's alarm comes, though its time was while slot 2 ran.
 */
#include "lib/arch.h"
#include "lib/bm.h"
#include "lib/cpu.h"
#include "lib/gic.h"
#include "lib/probe.h"
#include "lib/report.h"
#include "lib/rtc.h"
#include "lib/smc.h"
#include "lib/switch.h"

/*
 * No device that runs this has a true time outside of these, no program takes
 * as long as A_WHILE, and what is set here is outside.
 */
#define TRUE_FROM	1600000000U	/* the year 2020 */
#define TRUE_TO		3000000000U	/* 2065 */
#define LATE		4000000000U	/* 2096 */
#define EARLY		1000000U	/* 1970 */
#define A_WHILE		100000U

#define ALARM_S		2

static uint32_t match;

static void check_true_time(void)
{
	const uint32_t now = mmio_read32(RTC_DR);

	check(now >= TRUE_FROM && now < TRUE_TO, "the clock says %u", now);
}

static void check_set_time(uint32_t set)
{
	const uint32_t now = mmio_read32(RTC_DR);

	check(now - set < A_WHILE, "the clock says %u, it was set to %u", now,
	      set);
	check_eq("RTCLR", mmio_read32(RTC_LR), set);
}

/* As after power-on. */
static void check_untouched(void)
{
	check_true_time();
	check_eq("RTCMR", mmio_read32(RTC_MR), 0);
	check_eq("RTCLR", mmio_read32(RTC_LR), 0);
	check_eq("RTCCR", mmio_read32(RTC_CR), 1);
	check_eq("RTCIMSC", mmio_read32(RTC_IMSC), 0);
	check_eq("RTCRIS", mmio_read32(RTC_RIS), 0);
	check_eq("RTCMIS", mmio_read32(RTC_MIS), 0);
	check(!gic_pending(0, INTID_RTC), "its interrupt is pending");
}

/* ---- Slot 1 ------------------------------------------------------------------ */

static void test_set(void)
{
	test_begin("set");
	check_untouched();
	mmio_write32(RTC_LR, LATE);
	check_set_time(LATE);
	test_end();
}

/* Widths and forms that are none of a PL031's, and one that sign-extends. */
static void test_odd_accesses(void)
{
	uint64_t val = 1;

	test_begin("odd-accesses");
	check(probe_read8(RTC_DR, &val) && !val, "read8 gave 0x%lx", val);
	check(probe_read16(RTC_DR, &val) && !val, "read16 gave 0x%lx", val);
	check(probe_read64(RTC_DR, &val) && !val, "read64 gave 0x%lx", val);
	check(probe_read32(RTC_BASE + 0x800, &val) && !val,
	      "no register gave 0x%lx", val);
	check(probe_write8(RTC_LR, 1) && probe_write16(RTC_LR, 1) &&
	      probe_write64(RTC_LR, 1) && probe_write32(RTC_BASE + 0x800, 1) &&
	      probe_write32(RTC_DR, 1), "a write aborts");
	check_set_time(LATE);
	__asm__ volatile("ldrsw %0, [%1]" : "=r"(val) : "r"(RTC_LR) : "memory");
	check_eq("ldrsw", val, (uint64_t)(int64_t)(int32_t)LATE);
	__asm__ volatile("ldr wzr, [%0]" :: "r"(RTC_DR) : "memory");
	check(!probe_ldp(RTC_DR) && fault_is_external(RTC_DR, EC_DABORT),
	      "ldp: ESR 0x%lx", fault()->esr);
	check(!probe_stp(RTC_LR) && fault_is_external(RTC_LR, EC_DABORT),
	      "stp: ESR 0x%lx", fault()->esr);
	check(!probe_ldxr(RTC_DR), "ldxr went through");
	check_eq("RTCPeriphID0", mmio_read32(RTC_ID), 0x31);
	check_eq("RTCPCellID3", mmio_read32(RTC_ID + 28), 0xb1);
	test_end();
}

static void test_back(void)
{
	test_begin("back");
	check_set_time(LATE);
	check_eq("RTCMR", mmio_read32(RTC_MR), match);
	check_eq("RTCIMSC", mmio_read32(RTC_IMSC), 1);
	check(mmio_read32(RTC_DR) - match < A_WHILE,
	      "slot 2 came back before 0x%x", match);
	test_end();
}

static void test_alarm(void)
{
	test_begin("alarm");
	gic_cpu_init();
	check_eq("RTCMIS", mmio_read32(RTC_MIS), 1);
	check_eq("interrupt", gic_take(), INTID_RTC);
	rtc_quiet();
	check_eq("RTCRIS", mmio_read32(RTC_RIS), 0);
	check(wait_for(!gic_pending(0, INTID_RTC), RTC_DEADLINE_MS),
	      "its interrupt stays");
	test_end();
}

/* One that came and was cleared does not come back with the next turn. */
static void test_once(void)
{
	test_begin("once");
	check_set_time(LATE);
	check_eq("RTCRIS", mmio_read32(RTC_RIS), 0);
	check(!gic_pending(0, INTID_RTC), "its interrupt is pending");
	test_end();
}

static void in_slot_1(void)
{
	gic_init();
	test_set();
	test_odd_accesses();
	gic_enable(0, INTID_RTC, false);
	rtc_alarm_in(ALARM_S);
	match = mmio_read32(RTC_MR);
	switch_to(2, 0);
	test_back();
	test_alarm();
	switch_to(2, 0);
	test_once();
	report_done();
}

/* ---- Slot 2 ------------------------------------------------------------------ */

static void test_other_slot(void)
{
	const uint64_t end = counter() + counter_ms(2 * ALARM_S * 1000);

	test_begin("other-slot");
	/* While the time of slot 1's alarm comes and goes. */
	while (counter() < end)
		check_untouched();
	mmio_write32(RTC_LR, EARLY);
	check_set_time(EARLY);
	test_end();
}

static void test_kept(void)
{
	test_begin("kept");
	check_set_time(EARLY);
	check_eq("RTCRIS", mmio_read32(RTC_RIS), 0);
	test_end();
}

static void in_slot_2(void)
{
	gic_init();
	gic_enable(0, INTID_RTC, false);
	test_other_slot();
	switch_to(1, 0);
	test_kept();
	report_totals();
	switch_to(1, 0);
	report_abort("slot 1 came back after the end");
}

/* ---- Boot manager ------------------------------------------------------------ */

static void test_boot_manager(void)
{
	test_begin("boot-manager");
	check_untouched();
	mmio_write32(RTC_LR, LATE);
	check_set_time(LATE);
	rtc_alarm();
	check_eq("RTCMIS", mmio_read32(RTC_MIS), 1);
	test_end();
}

static void as_boot_manager(void)
{
	if (bm_reason() == OSTI_REASON_POWER_ON)
		bm_start(1);
	if (bm_reason() != OSTI_REASON_SWITCH)
		report_abort("entered for reason %u", bm_reason());
	gic_init();
	test_boot_manager();
	report_totals();
	bm_start(2);
}

void payload_main(void)
{
	report_start("clock");
	if (self.slot == OSTI_CONTEXT_BM)
		as_boot_manager();
	if (self.slot == 1)
		in_slot_1();
	in_slot_2();
}
