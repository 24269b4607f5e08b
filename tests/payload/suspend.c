// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * suspend.c - SYSTEM_SUSPEND, with and without a switch, and interrupts
 *
 * Runs in both slots. First each slot alone: ordinary suspend. Then the two
 * switch to and fro, and each finds its interrupt controller as it left it
 * while the other uses it quite differently.
 */
#include "lib/arch.h"
#include "lib/cpu.h"
#include "lib/gic.h"
#include "lib/mem.h"
#include "lib/report.h"
#include "lib/rtc.h"
#include "lib/smc.h"
#include "lib/switch.h"
#include "lib/timer.h"

#define ROUNDS		8
#define DEADLINE_MS	10000

#define EL1		4
#define DAIF_ALL	0x3c0

static struct gic_state before, after;

static void check_entry(void)
{
	const uint64_t *dump = cpus[cpu_index()].dump;

	check_eq("context in x0", dump[0], (uint64_t)&cpus[cpu_index()]);
	check_eq("CurrentEL", dump[DUMP_CURRENTEL], EL1);
	check_eq("SPSel", dump[DUMP_SPSEL], 1);
	check_eq("DAIF", dump[DUMP_DAIF], DAIF_ALL);
	check_eq("SCTLR_EL1.M, C, I", dump[DUMP_SCTLR] & 0x1005, 0);
	check_eq("MPIDR_EL1", dump[DUMP_MPIDR] & 0xff00ffffff, cpu_index());
}

/*
 * Suspend with @intid to wake. It must be pending afterwards, and come; but
 * for the timer, which loses its state in SYSTEM_SUSPEND as all that is part
 * of a CPU.
 */
static void suspend_until(unsigned int intid, bool edge)
{
	int status;

	gic_enable(0, intid, edge);
	status = cpu_suspend(0);
	if (!check(status == CPU_RESUMED, "SYSTEM_SUSPEND gave %d", status))
		return;
	check_entry();
	gic_cpu_init();
	check(gic_enabled(0, intid), "interrupt %u is disabled now", intid);
	if (intid != INTID_CNTV)
		check_eq("interrupt after wake-up", gic_take(), intid);
}

/* The same; and the event ring names the interrupt. */
static void suspend_and_log(unsigned int intid, bool edge)
{
	uint64_t from = osti_event_next(OSTI_RING_ACTS);

	suspend_until(intid, edge);
	check(osti_event_find(from, OSTI_EV_WOKEN, intid) >= 0,
	      "no event says that interrupt %u woke it", intid);
}

static void test_timer_pending(void)
{
	test_begin("timer-pending");
	gic_init();
	timer_arm(0);
	check(wait_for(gic_pending(0, INTID_CNTV), DEADLINE_MS),
	      "the timer is not pending");
	suspend_and_log(INTID_CNTV, false);
	timer_stop();
	test_end();
}

static void test_timer_later(void)
{
	uint64_t begin;

	test_begin("timer-later");
	gic_init();
	begin = counter();
	timer_arm(200);
	suspend_and_log(INTID_CNTV, false);
	check(counter() - begin >= counter_ms(200),
	      "woke %lu ticks after the start, 200 ms are %lu",
	      counter() - begin, counter_ms(200));
	timer_stop();
	test_end();
}

static void test_edge_pending(void)
{
	test_begin("edge-pending");
	gic_init();
	gic_pend(0, INTID_UNUSED_A);
	suspend_and_log(INTID_UNUSED_A, true);
	check(!gic_pending(0, INTID_UNUSED_A), "pending again after its end");
	test_end();
}

static void test_level_pending(void)
{
	test_begin("level-pending");
	gic_init();
	rtc_alarm();
	suspend_and_log(INTID_RTC, false);
	check(gic_pending(0, INTID_RTC), "the level is lost");
	rtc_quiet();
	check(wait_for(!gic_pending(0, INTID_RTC), DEADLINE_MS),
	      "the level stays after the device dropped it");
	test_end();
}

/* Later, by seconds that the clock counts. */
static void test_alarm_later(void)
{
	test_begin("alarm-later");
	gic_init();
	rtc_alarm_in(2);
	suspend_and_log(INTID_RTC, false);
	check(mmio_read32(RTC_DR) >= mmio_read32(RTC_MR),
	      "woke at 0x%x, before 0x%x", mmio_read32(RTC_DR),
	      mmio_read32(RTC_MR));
	rtc_quiet();
	test_end();
}

/* Interrupts that are off in the GIC must not wake: the later one does. */
static void test_disabled_does_not_wake(void)
{
	uint64_t begin;

	test_begin("disabled-does-not-wake");
	gic_init();
	gic_enable(0, INTID_UNUSED_A, true);
	gic_disable(0, INTID_UNUSED_A);
	gic_pend(0, INTID_UNUSED_A);
	begin = counter();
	timer_arm(100);
	suspend_and_log(INTID_CNTV, false);
	check(counter() - begin >= counter_ms(100), "woke too early");
	check(gic_pending(0, INTID_UNUSED_A), "the edge is lost");
	timer_stop();
	test_end();
}

static void test_many_suspends(void)
{
	unsigned int i;

	test_begin("many-suspends");
	gic_init();
	for (i = 0; i < 50; i++) {
		timer_arm(i % 3);
		suspend_until(INTID_CNTV, false);
	}
	timer_stop();
	test_end();
}

static void test_cancel(void)
{
	struct smc_regs regs;

	test_begin("cancel");
	gic_init();
	check_status("TARGET_ARM",
		     osti_call(&regs, OSTI_CALL_TARGET_ARM, other_slot(), 0),
		     OSTI_OK);
	osti_call(&regs, OSTI_CALL_INFO, 0, 0);
	check_eq("armed target", regs.x[7], other_slot());
	check_status("TARGET_CANCEL",
		     osti_call(&regs, OSTI_CALL_TARGET_CANCEL, 0, 0), OSTI_OK);
	osti_call(&regs, OSTI_CALL_INFO, 0, 0);
	check_eq("armed target", regs.x[7], OSTI_TARGET_NONE);
	check_status("TARGET_CANCEL without a target",
		     osti_call(&regs, OSTI_CALL_TARGET_CANCEL, 0, 0), OSTI_OK);
	timer_arm(10);
	suspend_until(INTID_CNTV, false);
	timer_stop();
	test_end();
}

/* From a CPU other than the first, while that one is off. */
static int64_t other_cpu_status;
static bool other_cpu_switches;

static void suspend_here(uint64_t arg)
{
	(void)arg;
	wait_for(cpu_state(0) == PSCI_AFFINITY_OFF, DEADLINE_MS);
	if (!other_cpu_switches) {
		gic_cpu_init();
		gic_enable(1, INTID_CNTV, false);
		timer_arm(50);
		other_cpu_status = cpu_suspend(0);
	} else {
		switch_to(other_slot(), 0);
		other_cpu_status = CPU_RESUMED;
	}
	if (cpu_index() != 1)
		other_cpu_status = 100 + cpu_index();
	timer_stop();
	gic_disable(1, INTID_CNTV);
	cpus[0].status = CPU_RESUMED;
	cache_flush(&cpus[0], sizeof(cpus[0]));
	psci64(PSCI_CPU_ON, 0, (uint64_t)cpu_return_entry, (uint64_t)&cpus[0]);
}

static void test_other_cpu(const char *name, bool switches)
{
	if (self.nr_cpus < 2)
		return;
	test_begin(name);
	gic_init();
	other_cpu_status = 0;
	other_cpu_switches = switches;
	if (check(cpu_on(1, suspend_here, 0) == PSCI_SUCCESS, "CPU_ON failed")) {
		check_status("CPU_OFF of the boot CPU", cpu_leave(),
			     CPU_RESUMED);
		gic_cpu_init();
		check_status("SYSTEM_SUSPEND on CPU 1", other_cpu_status,
			     CPU_RESUMED);
		check_eq("context of CPU 1", cpus[1].dump[0],
			 (uint64_t)&cpus[1]);
		check_eq("MPIDR_EL1 at its entry",
			 cpus[1].dump[DUMP_MPIDR] & 0xff00ffffff, 1);
		check(wait_for(cpu_state(1) == PSCI_AFFINITY_OFF, DEADLINE_MS),
		      "CPU 1 did not go off");
	}
	test_end();
}

/*
 * At the very start: nothing of a neighbour's interrupts is visible, neither
 * state nor settings. The neighbour of slot 2 has just set all that there is.
 */
static void test_clean_gic(void)
{
	static const unsigned int kinds[] = { 0x100, 0x200, 0x300 };
	static const char *const names[] = { "enabled", "pending", "active" };
	unsigned int cpu, kind, i;
	uint32_t val, first;

	test_begin("clean-gic");
	for (kind = 0; kind < 3; kind++) {
		for (i = 1; i < 9; i++) {
			val = mmio_read32(GICD_BASE + kinds[kind] + i * 4);
			if (i == 1 && kind == 1)
				val &= ~0xffU;	/* lines of devices */
			check(!val, "interrupts from %u on are %s: 0x%x", i * 32,
			      names[kind], val);
		}
		for (cpu = 0; cpu < self.nr_cpus; cpu++) {
			val = mmio_read32(GICR_BASE + cpu * GICR_STRIDE +
					  0x10000 + kinds[kind]);
			if (kind == 1)
				val &= 0xffff;	/* lines of timers */
			/* SGIs may be hard-wired to enabled. */
			if (kind == 0)
				val &= ~0xffffU;
			check(!val, "interrupts of CPU %u are %s: 0x%x", cpu,
			      names[kind], val);
		}
	}
	/* Settings: whatever they are, the same for all interrupts. */
	first = mmio_read32(GICD_BASE + 0x400 + 32);
	for (i = 32; i < 288; i += 4) {
		val = mmio_read32(GICD_BASE + 0x400 + i);
		check(val == first, "priorities from %u on are 0x%x, others 0x%x",
		      i, val, first);
	}
	first = mmio_read32(GICD_BASE + 0xc00 + 8);
	for (i = 32; i < 288; i += 16) {
		val = mmio_read32(GICD_BASE + 0xc00 + i / 4);
		check(val == first, "triggers from %u on are 0x%x, others 0x%x",
		      i, val, first);
	}
	for (i = 32; i < 288; i++)
		check(mmio_read64(GICD_BASE + 0x6000 + i * 8) == 0,
		      "interrupt %u is routed to 0x%lx", i,
		      mmio_read64(GICD_BASE + 0x6000 + i * 8));
	for (cpu = 0; cpu < self.nr_cpus; cpu++) {
		first = mmio_read32(GICR_BASE + 0x10400);
		for (i = 0; i < 32; i += 4) {
			val = mmio_read32(GICR_BASE + cpu * GICR_STRIDE +
					  0x10400 + i);
			check(val == first,
			      "priorities of CPU %u from %u on are 0x%x, others 0x%x",
			      cpu, i, val, first);
		}
	}
	test_end();
}

static void compare_gic(void)
{
	unsigned int i;

	gic_read_state(self.nr_cpus, &after);
	for (i = 0; i < before.words; i++)
		check(before.val[i] == after.val[i],
		      "GIC register 0x%x was 0x%x, is 0x%x after the switch",
		      before.addr[i], before.val[i], after.val[i]);
}

/* All that software can set in the GIC outlives the neighbour's turn. */
static void test_gic_kept(void)
{
	unsigned int round;

	test_begin("gic-kept");
	for (round = 0; round < ROUNDS; round++) {
		gic_init();
		gic_scramble(self.nr_cpus, self.slot * 1000 + round);
		gic_read_state(self.nr_cpus, &before);
		switch_to(other_slot(), 0);
		check_entry();
		compare_gic();
	}
	test_end();
}

/*
 * An edge that was pending, one that was active, and a level that a device
 * holds: they come, or go on, after the switch back.
 */
static void test_pending_over_switch(void)
{
	bool first = self.slot == 1;
	unsigned int edge = first ? INTID_UNUSED_A : INTID_UNUSED_B;

	test_begin("pending-over-switch");
	gic_init();
	gic_enable(0, edge, true);
	gic_pend(0, edge);
	gic_activate(0, 170 + self.slot);
	/* Slot 1 has the level of its RTC, slot 2 must not hear of it. */
	if (first) {
		gic_enable(0, INTID_RTC, false);
		rtc_alarm();
	}
	switch_to(other_slot(), 0);
	gic_cpu_init();
	check(gic_active(0, 170 + self.slot), "the active interrupt is not");
	check(!gic_active(0, 170 + other_slot()),
	      "an interrupt of the neighbour is active here");
	if (first) {
		/* Equal priorities: the lower number first. */
		check_eq("first interrupt", gic_take(), INTID_RTC);
		rtc_quiet();
	}
	check_eq("edge", gic_take(), edge);
	check_eq("next interrupt", gic_take(), 1023);
	test_end();
}

void payload_main(void)
{
	report_start("suspend");
	test_clean_gic();
	test_timer_pending();
	test_timer_later();
	test_edge_pending();
	test_level_pending();
	test_alarm_later();
	test_disabled_does_not_wake();
	test_cancel();
	test_many_suspends();
	test_other_cpu("suspend-on-cpu-1", false);

	test_gic_kept();
	test_pending_over_switch();
	test_other_cpu("switch-on-cpu-1", true);
	finish_pair();
}
