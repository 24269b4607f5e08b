// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_world.c - how the device changes hands, step by step
 *
 * spy.c checks at each step, in every test here: nobody has the device when a
 * slot is frozen, stopped, started or resumed; a slot that does not run is in
 * nobody's tables; memory is wiped when nobody reaches it; an empty slot is
 * zero.
 */
#include "test.h"

#include <string.h>

#include "context.h"
#include "event.h"
#include "host.h"
#include "host_gic.h"
#include "host_pci.h"
#include "host_power.h"
#include "host_smmu.h"
#include "machine.h"
#include "memory.h"
#include "pci.h"
#include "phase.h"
#include "power.h"
#include "psci.h"
#include "slot.h"
#include "spy.h"
#include "world.h"

#define SECOND		arch_counter_hz()
#define SUSPEND		PSCI_64(PSCI_SYSTEM_SUSPEND)
#define BM_ENTRY	0x40200000UL

static int setup_bm(void **state)
{
	(void)state;
	machine_boot(4);
	return 0;
}

/* Slot 2 is frozen, to go on at ENTRY2; slot 1 runs. */
#define ENTRY2	(MACHINE_ENTRY + 0x2000)
#define ARG2	0x2222222222222222UL

static int setup_two(void **state)
{
	(void)state;
	machine_boot(4);
	machine_start(2);
	assert_int_equal(machine_suspend(0, ENTRY2, ARG2).outcome,
			 OUTCOME_ENTER);
	machine_start(1);
	spy_reset();
	return 0;
}

static void assert_reason(unsigned int reason, unsigned int slot,
			  unsigned int last)
{
	struct machine_smc smc = machine_smc(OSTI_CALL_BM_REASON, 0, 0, 0);

	assert_int_equal(smc.x[0], OSTI_OK);
	assert_int_equal(smc.x[1], reason);
	assert_int_equal(smc.x[2], slot);
	assert_int_equal(smc.x[3], last);
}

static void assert_bm_entered(const struct machine_smc *smc)
{
	assert_int_equal(smc->outcome, OUTCOME_ENTER);
	assert_int_equal(ipa_value(smc->entry.pc), BM_ENTRY);
	assert_int_equal(smc->entry.arg, 0);
	assert_int_equal(world_current()->id, OSTI_CONTEXT_BM);
}

/*
 * The context has its memory, the shared functions and its own, and nobody
 * else has any of them.
 */
static void assert_has_device(unsigned int id)
{
	static const unsigned int shared[] = {
		MACHINE_NET, MACHINE_KEYBOARD, MACHINE_RNG
	};
	const int self = id;
	unsigned int i;

	assert_int_equal(world_current()->id, id);
	assert_int_equal(machine_cpu_reaches(id, OSTI_RAM_IPA), self);
	for (i = 0; i < 3; i++)
		assert_int_equal(machine_dma_reaches(shared[i], OSTI_RAM_IPA),
				 self);
	assert_int_equal(machine_dma_reaches(MACHINE_BOOT_DISK, OSTI_RAM_IPA),
			 id ? -1 : 0);
	for (i = 1; i <= CONFIG_OSTI_NR_SLOTS; i++)
		assert_int_equal(machine_dma_reaches(MACHINE_DISK(i),
						     OSTI_RAM_IPA),
				 i == id ? self : -1);
	for (i = 1; i <= CONFIG_OSTI_NR_SLOTS; i++)
		assert_int_equal(machine_dma_reaches(MACHINE_ALIAS(i),
						     OSTI_RAM_IPA), -1);
	assert_int_equal(machine_dma_reaches(MACHINE_REMOVABLE, OSTI_RAM_IPA),
			 id ? self : -1);
	assert_int_equal(machine_dma_reaches(MACHINE_STORE, OSTI_RAM_IPA), -1);
	/* A function that the board does not name. */
	assert_int_equal(machine_dma_reaches(0xf8, OSTI_RAM_IPA), -1);
}

static struct phase_record newest_phase(void)
{
	struct phase_record rec;

	assert_int_equal(phase_read(context_get(0), 0, &rec), OSTI_OK);
	return rec;
}

static void assert_phase(unsigned int source, unsigned int target,
			 unsigned int kind)
{
	struct phase_record rec = newest_phase();

	assert_int_equal(rec.source, source);
	assert_int_equal(rec.target, target);
	assert_int_equal(rec.kind, kind);
	assert_true(rec.time[OSTI_PHASE_MON_ENTER]);
	assert_true(rec.time[OSTI_PHASE_MON_EXIT] >
		    rec.time[OSTI_PHASE_MON_ENTER]);
}

/* ---- Power-on ------------------------------------------------------------ */

static void test_boot(void **state)
{
	struct cpu_entry entry;
	struct event_record rec;

	(void)state;
	machine_reset(4);
	machine_init();
	machine_mark(0);
	assert_int_equal(world_boot(&entry), OUTCOME_ENTER);
	assert_int_equal(ipa_value(entry.pc), BM_ENTRY);
	/* RAM of the last time is not shown to it. */
	assert_true(spy_find(0, "memory_wipe", 0) >= 0);
	assert_has_device(0);
	assert_reason(OSTI_REASON_POWER_ON, 0, 0);
	rec = machine_last_event(OSTI_EV_POWER_ON);
	assert_int_equal(rec.seq, 0);
	assert_int_equal(rec.arg[0], 4);
	assert_int_equal(rec.arg[1], CONFIG_OSTI_NR_SLOTS);
	assert_int_equal(machine_last_event(OSTI_EV_BM_ENTER).arg[0],
			 OSTI_REASON_POWER_ON);
	assert_phase(0, 0, OSTI_SWITCH_BM);
}

/* ---- Open, close, start -------------------------------------------------- */

static void test_open_close(void **state)
{
	(void)state;
	machine_mark(1);
	assert_int_equal(machine_call(OSTI_CALL_SLOT_OPEN, 1, 0, 0), OSTI_OK);
	assert_true(machine_is_zero(1));
	assert_int_equal(machine_cpu_reaches(0, OSTI_WINDOW_IPA), 1);
	assert_int_equal(machine_dma_reaches(MACHINE_BOOT_DISK,
					     OSTI_WINDOW_IPA), 1);
	assert_int_equal(machine_last_event(OSTI_EV_OPENED).what >> 16 & 0xff,
			 1);

	machine_mark(1);
	assert_int_equal(machine_call(OSTI_CALL_SLOT_CLOSE, 1, 0, 0), OSTI_OK);
	spy_assert_order("memory_close_window", 1, "arch_zero", 1);
	assert_true(machine_is_zero(1));
	assert_int_equal(machine_cpu_reaches(0, OSTI_WINDOW_IPA), -1);
	assert_int_equal(machine_dma_reaches(MACHINE_BOOT_DISK,
					     OSTI_WINDOW_IPA), -1);
	assert_int_equal(context_get(1)->state, OSTI_SLOT_EMPTY);
	assert_int_equal(machine_count_events(OSTI_EV_CLOSED), 1);
	assert_has_device(0);

	/* What is known to be zero is not wiped again. */
	host_trace_clear();
	assert_int_equal(machine_call(OSTI_CALL_SLOT_OPEN, 1, 0, 0), OSTI_OK);
	assert_int_equal(host_trace_count(HOST_ZERO,
					  pa_value(context_get(1)->base)), 0);
}

static void test_start(void **state)
{
	struct event_record rec;

	(void)state;
	host_gic.bank[1].enabled = 0xff;
	host_gic.bank[1].latch = 0xff;
	host_gic.ctlr |= 3;
	machine_start(1);
	spy_assert_order("memory_close_window", 1, "memory_revoke", 0);
	spy_assert_order("memory_revoke", 0, "pci_quiesce", MACHINE_BOOT_DISK);
	spy_assert_order("smmuv3_detach", MACHINE_BOOT_DISK, "gicv3_quiesce",
			 0);
	spy_assert_order("gicv3_quiesce", 0, "event_add", OSTI_EV_STARTED);
	spy_assert_order("event_add", OSTI_EV_STARTED, "smmuv3_attach",
			 MACHINE_DISK(1));
	spy_assert_order("memory_grant", 1, "smmuv3_attach", MACHINE_NET);

	assert_has_device(1);
	/* The boot manager is gone, as is what it saw of the slot. */
	assert_int_equal(machine_cpu_reaches(0, OSTI_RAM_IPA), -1);
	assert_int_equal(machine_cpu_reaches(0, OSTI_WINDOW_IPA), -1);
	assert_int_equal(machine_dma_reaches(MACHINE_NET, OSTI_WINDOW_IPA),
			 -1);
	/* Nothing of its interrupts. */
	assert_int_equal(host_gic.bank[1].enabled, 0);
	assert_int_equal(host_gic.bank[1].latch, 0);
	assert_int_equal(host_gic.ctlr & 3, 0);
	/* Nor of its devices. */
	assert_false(host_pci_is_live(MACHINE_NET));
	assert_int_equal(context_get(1)->state, OSTI_SLOT_RUNNING);
	assert_int_equal(context_get(1)->entries, 1);
	rec = machine_last_event(OSTI_EV_STARTED);
	assert_int_equal(rec.what >> 16 & 0xff, 1);
	assert_int_equal(rec.arg[0], MACHINE_ENTRY);
	assert_phase(0, 1, OSTI_SWITCH_BM);
}

/* ---- Suspend ------------------------------------------------------------- */

static void test_sleep(void **state)
{
	struct phase_record rec;
	struct machine_smc smc;

	(void)state;
	host_power.wakes = true;
	host_power.interrupt = 27;
	host_power.sleep_ticks = 10 * SECOND;
	smc = machine_smc(SUSPEND, MACHINE_ENTRY + 0x40, 7, 0);
	assert_int_equal(smc.outcome, OUTCOME_ENTER);
	assert_int_equal(ipa_value(smc.entry.pc), MACHINE_ENTRY + 0x40);
	assert_int_equal(smc.entry.arg, 7);
	assert_int_equal(host_power.sleeps, 1);
	spy_assert_order("event_add", OSTI_EV_SUSPENDED, "power_wait_interrupt",
			 0);
	spy_assert_order("power_wait_interrupt", 0, "event_add",
			 OSTI_EV_WOKEN);
	assert_int_equal(machine_last_event(OSTI_EV_SUSPENDED).arg[0],
			 MACHINE_ENTRY + 0x40);
	assert_int_equal(machine_last_event(OSTI_EV_WOKEN).arg[0], 27);
	/* Nothing changed hands. */
	assert_int_equal(spy_count("pci_quiesce", SPY_ANY), 0);
	assert_int_equal(spy_count("smmuv3_detach", SPY_ANY), 0);
	assert_int_equal(spy_count("gicv3_quiesce", SPY_ANY), 0);
	assert_has_device(1);
	assert_int_equal(context_get(1)->state, OSTI_SLOT_RUNNING);
	assert_int_equal(context_get(1)->entries, 1);
	assert_phase(1, 1, OSTI_SWITCH_SUSPEND);
	rec = newest_phase();
	assert_true(rec.slept >= 10 * SECOND && rec.slept < 11 * SECOND);
	assert_true(rec.time[OSTI_PHASE_MON_EXIT] >
		    rec.time[OSTI_PHASE_MON_ENTER] + rec.slept);
}

/* ---- Hot switch ---------------------------------------------------------- */

static void test_hot(void **state)
{
	struct event_record rec;
	struct machine_smc smc;

	(void)state;
	smc = machine_suspend(2, MACHINE_ENTRY + 0x40, 1);
	assert_int_equal(smc.outcome, OUTCOME_ENTER);
	assert_int_equal(ipa_value(smc.entry.pc), ENTRY2);
	assert_int_equal(smc.entry.arg, ARG2);

	spy_assert_order("gicv3_save", 0, "pci_quiesce", MACHINE_NET);
	spy_assert_order("pci_quiesce", MACHINE_NET, "smmuv3_detach",
			 MACHINE_NET);
	spy_assert_order("smmuv3_detach", MACHINE_DISK(1), "gicv3_quiesce", 0);
	spy_assert_order("gicv3_quiesce", 0, "slot_transition",
			 SLOT_EV_FREEZE);
	spy_assert_order("gicv3_quiesce", 0, "event_add", OSTI_EV_FROZEN);
	spy_assert_order("event_add", OSTI_EV_FROZEN, "event_add",
			 OSTI_EV_RESUMED);
	spy_assert_order("event_add", OSTI_EV_RESUMED, "smmuv3_attach",
			 MACHINE_NET);
	spy_assert_order("smmuv3_attach", MACHINE_DISK(2), "gicv3_restore", 0);
	spy_assert_order("gicv3_restore", 0, "phase_exit", 0);
	/* Each once, and no more than the slot's own. */
	assert_int_equal(spy_count("gicv3_save", SPY_ANY), 1);
	assert_int_equal(spy_count("gicv3_quiesce", SPY_ANY), 1);
	assert_int_equal(spy_count("gicv3_restore", SPY_ANY), 1);
	assert_int_equal(spy_count("smmuv3_detach", MACHINE_DISK(2)), 0);
	assert_int_equal(spy_count("smmuv3_attach", MACHINE_DISK(1)), 0);
	assert_int_equal(spy_count("smmuv3_attach", MACHINE_BOOT_DISK), 0);
	/* Memory stays where it is; the one's is hidden, the other's shown. */
	assert_int_equal(spy_count("memory_wipe", SPY_ANY), 0);
	assert_int_equal(spy_count("arch_zero", SPY_ANY), 0);
	assert_int_equal(spy_count("memory_revoke", SPY_ANY), 0);
	spy_assert_order("smmuv3_detach", MACHINE_DISK(1), "memory_hide", 1);
	spy_assert_order("memory_hide", 1, "slot_transition", SLOT_EV_FREEZE);
	spy_assert_order("slot_transition", SLOT_EV_RESUME, "memory_grant", 2);
	spy_assert_order("memory_grant", 2, "smmuv3_attach", MACHINE_NET);
	assert_int_equal(machine_cpu_reaches(1, OSTI_RAM_IPA), -1);

	assert_has_device(2);
	assert_int_equal(context_get(1)->state, OSTI_SLOT_FROZEN);
	assert_int_equal(context_get(2)->state, OSTI_SLOT_RUNNING);
	assert_int_equal(context_get(2)->entries, 2);
	assert_int_equal(context_get(2)->target, OSTI_TARGET_NONE);
	rec = machine_last_event(OSTI_EV_FROZEN);
	assert_int_equal(rec.what >> 16 & 0xff, 1);
	assert_int_equal(rec.arg[0], MACHINE_ENTRY + 0x40);
	rec = machine_last_event(OSTI_EV_RESUMED);
	assert_int_equal(rec.what >> 16 & 0xff, 2);
	assert_int_equal(rec.arg[0], ENTRY2);
	assert_phase(1, 2, OSTI_SWITCH_HOT);
	assert_int_equal(context_get(1)->frozen_at,
			 newest_phase().time[OSTI_PHASE_MON_ENTER]);

	/* And back, with what it left behind; no target is armed by now. */
	machine_mark(1);
	smc = machine_suspend(1, ENTRY2 + 4, 0);
	assert_int_equal(ipa_value(smc.entry.pc), MACHINE_ENTRY + 0x40);
	assert_int_equal(smc.entry.arg, 1);
	assert_false(machine_is_zero(1));
	assert_has_device(1);
	assert_int_equal(context_get(1)->target, OSTI_TARGET_NONE);
}

static void test_hot_interrupts(void **state)
{
	(void)state;
	/* What slot 1 set up, and what is pending for it. */
	host_gic.ctlr |= 3;
	host_gic.bank[2].enabled = 0x0f0f0f0f;
	host_gic.bank[2].edge = 0xffffffff;
	host_gic.bank[2].latch = 0x00000f00;
	host_gic.frame[1].bank.enabled = 0x12340000;
	host_gic.frame[1].waker = 0;
	assert_int_equal(machine_suspend(2, MACHINE_ENTRY, 0).outcome,
			 OUTCOME_ENTER);
	assert_int_equal(host_gic.bank[2].enabled, 0);
	assert_int_equal(host_gic.bank[2].latch, 0);
	assert_int_equal(host_gic.frame[1].bank.enabled, 0);
	assert_int_equal(machine_suspend(1, MACHINE_ENTRY, 0).outcome,
			 OUTCOME_ENTER);
	assert_int_equal(host_gic.ctlr & 3, 3);
	assert_int_equal(host_gic.bank[2].enabled, 0x0f0f0f0f);
	assert_int_equal(host_gic.bank[2].latch, 0x00000f00);
	assert_int_equal(host_gic.frame[1].bank.enabled, 0x12340000);
}

/* Slot 2 was frozen on CPU 0; slot 1 suspends on CPU 3. */
static void use_cpu3(void)
{
	machine_cpu_on(3);
	assert_int_equal(machine_smc(PSCI_CPU_OFF, 0, 0, 0).outcome,
			 OUTCOME_CPU_OFF);
	host_power_leave(0);
	host_cpu = 3;
	spy_reset();
}

static void test_other_cpu(void **state)
{
	struct cpu_entry entry;
	struct machine_smc smc;

	(void)state;
	use_cpu3();
	smc = machine_suspend(2, MACHINE_ENTRY + 0x40, 1);
	assert_int_equal(smc.outcome, OUTCOME_CPU_OFF);
	/* The other CPU is there before anything is taken from slot 1. */
	spy_assert_order("cpu_summon", 0, "phase_commit", OSTI_SWITCH_HOT);
	spy_assert_order("cpu_summon", 0, "gicv3_save", 0);
	spy_assert_order("cpu_summon", 0, "pci_quiesce", MACHINE_NET);
	assert_has_device(2);
	assert_int_equal(cpu_state(3), CPU_OFF);
	host_power_leave(3);
	host_cpu = 0;
	assert_true(host_power_enter(0, &entry));
	assert_int_equal(ipa_value(entry.pc), ENTRY2);
	assert_int_equal(entry.arg, ARG2);
	assert_true(cpu_alone());

	/* And slot 1 comes back where it was: on CPU 3. */
	smc = machine_suspend(1, ENTRY2, 0);
	assert_int_equal(smc.outcome, OUTCOME_CPU_OFF);
	host_power_leave(0);
	host_cpu = 3;
	assert_true(host_power_enter(3, &entry));
	assert_int_equal(ipa_value(entry.pc), MACHINE_ENTRY + 0x40);
	assert_int_equal(entry.arg, 1);
	assert_true(cpu_alone());
}

/* The slot's CPU does not come: slot 1 goes on as if nothing was. */
static void test_no_cpu(void **state)
{
	struct machine_smc smc;
	uint64_t events;

	(void)state;
	use_cpu3();
	machine_mark(1);
	host_power.cpu[0].refusal = -6;
	assert_int_equal(machine_call(OSTI_CALL_TARGET_ARM, 2, 0, 0), OSTI_OK);
	events = event_next(OSTI_RING_ACTS);
	smc = machine_smc(SUSPEND, MACHINE_ENTRY, 0, 0);
	assert_int_equal(smc.outcome, OUTCOME_RETURN);
	assert_int_equal(smc.x[0], PSCI_INTERNAL_FAILURE);

	host_power.cpu[0].refusal = 0;
	host_power.cpu[0].on_ticks = HOST_POWER_NEVER;
	smc = machine_smc(SUSPEND, MACHINE_ENTRY, 0, 0);
	assert_int_equal(smc.outcome, OUTCOME_RETURN);
	assert_int_equal(smc.x[0], PSCI_INTERNAL_FAILURE);

	assert_int_equal(event_next(OSTI_RING_ACTS), events);
	assert_int_equal(spy_count("gicv3_save", SPY_ANY), 0);
	assert_int_equal(spy_count("pci_quiesce", SPY_ANY), 0);
	assert_int_equal(spy_count("phase_commit", SPY_ANY), 0);
	assert_int_equal(context_get(1)->state, OSTI_SLOT_RUNNING);
	assert_int_equal(context_get(2)->state, OSTI_SLOT_FROZEN);
	assert_int_equal(context_get(1)->target, 2);
	assert_has_device(1);
	assert_false(machine_is_zero(1));
}

/* ---- To the boot manager and back ---------------------------------------- */

static void test_menu(void **state)
{
	struct machine_smc smc;

	(void)state;
	machine_mark(0);
	machine_mark(1);
	/* Each boot manager starts with a GIC as after reset. */
	memset(&context_get(0)->gic, 0xff, sizeof(struct gicv3_state));
	smc = machine_suspend(OSTI_CONTEXT_BM, MACHINE_ENTRY + 0x40, 1);
	assert_bm_entered(&smc);
	spy_assert_order("event_add", OSTI_EV_FROZEN, "memory_wipe", 0);
	spy_assert_order("memory_wipe", 0, "bm_load", 0);
	spy_assert_order("bm_load", 0, "memory_grant", 0);
	spy_assert_order("memory_grant", 0, "smmuv3_attach", MACHINE_BOOT_DISK);
	assert_has_device(0);
	assert_int_equal(host_gic.ctlr & 3, 0);
	assert_int_equal(host_gic.bank[1].enabled, 0);
	assert_int_equal(host_gic.frame[0].bank.enabled, 0);
	assert_reason(OSTI_REASON_MENU, 0, 1);
	assert_phase(1, 0, OSTI_SWITCH_COLD);
	assert_int_equal(context_get(1)->state, OSTI_SLOT_FROZEN);
	assert_false(machine_is_zero(1));

	spy_reset();
	smc = machine_smc(OSTI_CALL_SLOT_RESUME, 1, 0, 0);
	assert_int_equal(smc.outcome, OUTCOME_ENTER);
	assert_int_equal(ipa_value(smc.entry.pc), MACHINE_ENTRY + 0x40);
	assert_int_equal(smc.entry.arg, 1);
	spy_assert_order("memory_revoke", 0, "pci_quiesce", MACHINE_BOOT_DISK);
	spy_assert_order("pci_quiesce", MACHINE_BOOT_DISK, "gicv3_quiesce", 0);
	spy_assert_order("gicv3_quiesce", 0, "event_add", OSTI_EV_RESUMED);
	spy_assert_order("event_add", OSTI_EV_RESUMED, "gicv3_restore", 0);
	assert_int_equal(machine_cpu_reaches(0, OSTI_RAM_IPA), -1);
	assert_has_device(1);
	assert_false(machine_is_zero(1));
	assert_phase(0, 1, OSTI_SWITCH_BM);
}

static void test_cold(void **state)
{
	struct machine_smc smc;

	(void)state;
	smc = machine_suspend(3, MACHINE_ENTRY, 0);
	assert_bm_entered(&smc);
	assert_reason(OSTI_REASON_SWITCH, 3, 1);
	assert_int_equal(machine_last_event(OSTI_EV_BM_ENTER).what >> 16 & 0xff,
			 3);
	machine_start(3);
	assert_has_device(3);
	/* Three in a row, by hot switches. */
	assert_int_equal(ipa_value(machine_suspend(2, MACHINE_ENTRY, 0).entry.pc),
			 ENTRY2);
	assert_int_equal(machine_suspend(1, MACHINE_ENTRY, 0).outcome,
			 OUTCOME_ENTER);
	assert_int_equal(machine_suspend(3, MACHINE_ENTRY, 0).outcome,
			 OUTCOME_ENTER);
	assert_has_device(3);
}

static void test_resume_refused(void **state)
{
	(void)state;
	/* Slot 2 was frozen on CPU 0. */
	use_cpu3();
	assert_int_equal(machine_suspend(0, MACHINE_ENTRY, 0).outcome,
			 OUTCOME_ENTER);
	spy_reset();
	assert_int_equal(machine_call(OSTI_CALL_SLOT_RESUME, 3, 0, 0),
			 OSTI_E_STATE);
	host_power.cpu[0].refusal = -6;
	assert_int_equal(machine_call(OSTI_CALL_SLOT_RESUME, 2, 0, 0),
			 OSTI_E_HARDWARE);
	host_power.cpu[0].refusal = 0;
	assert_int_equal(machine_call(OSTI_CALL_SLOT_OPEN, 3, 0, 0), OSTI_OK);
	assert_int_equal(machine_call(OSTI_CALL_SLOT_RESUME, 2, 0, 0),
			 OSTI_E_STATE);
	assert_int_equal(machine_call(OSTI_CALL_SLOT_CLOSE, 3, 0, 0), OSTI_OK);
	assert_int_equal(spy_count("pci_quiesce", SPY_ANY), 0);
	assert_int_equal(spy_count("memory_revoke", OSTI_CONTEXT_BM), 0);
	assert_int_equal(spy_count("memory_revoke", 2), 0);
	assert_int_equal(context_get(2)->state, OSTI_SLOT_FROZEN);
	assert_has_device(0);

	assert_int_equal(machine_smc(OSTI_CALL_SLOT_RESUME, 2, 0, 0).outcome,
			 OUTCOME_CPU_OFF);
	assert_int_equal(spy_count("cpu_summon", 0), 2);
	assert_has_device(2);
}

/* ---- The end of a slot --------------------------------------------------- */

static void check_stop(uint32_t fid, unsigned int event, unsigned int reason)
{
	struct machine_smc smc;
	unsigned int cpu;

	/* With a CPU that sleeps, one that is slow, and one to come. */
	host_power.cpu[1].deaf = true;
	host_power.cpu[2].off_ticks = SECOND / 2;
	host_power.cpu[3].on_ticks = SECOND / 2;
	machine_cpu_on(1);
	machine_cpu_on(2);
	assert_int_equal(machine_call(PSCI_64(PSCI_CPU_ON), 3, MACHINE_ENTRY,
				      0), PSCI_SUCCESS);
	machine_mark(1);
	machine_mark(2);
	spy_reset();
	smc = machine_smc(fid, 0, 0, 0);
	assert_bm_entered(&smc);

	/* Again when its memory is taken back, where it has nothing any more. */
	assert_in_range(spy_find(0, "memory_revoke", 1), 0,
			spy_find(0, "cpu_stop_others", 0));
	spy_assert_order("cpu_stop_others", 0, "pci_quiesce", MACHINE_DISK(1));
	spy_assert_order("smmuv3_detach", MACHINE_DISK(1), "gicv3_quiesce", 0);
	spy_assert_order("gicv3_quiesce", 0, "arch_zero", 1);
	spy_assert_order("arch_zero", 1, "slot_transition", SLOT_EV_STOP);
	spy_assert_order("slot_transition", SLOT_EV_STOP, "event_add", event);
	spy_assert_order("event_add", event, "bm_load", 0);
	for (cpu = 1; cpu < 4; cpu++)
		assert_int_equal(host_power.cpu[cpu].state, HOST_POWER_OFF);
	assert_true(machine_is_zero(1));
	assert_int_equal(machine_cpu_reaches(1, OSTI_RAM_IPA), -1);
	assert_int_equal(context_get(1)->state, OSTI_SLOT_EMPTY);
	assert_int_equal(machine_last_event(event).what >> 16 & 0xff, 1);
	assert_reason(reason, 1, 1);
	assert_phase(1, 0, OSTI_SWITCH_COLD);
	assert_int_equal(host_power.offs + host_power.resets, 0);

	/* The frozen one is what it was. */
	assert_false(machine_is_zero(2));
	assert_int_equal(context_get(2)->state, OSTI_SLOT_FROZEN);
	smc = machine_smc(OSTI_CALL_SLOT_RESUME, 2, 0, 0);
	assert_int_equal(ipa_value(smc.entry.pc), ENTRY2);
	assert_has_device(2);
}

static void test_off(void **state)
{
	(void)state;
	check_stop(PSCI_SYSTEM_OFF, OSTI_EV_OFF, OSTI_REASON_OFF);
}

static void test_reset(void **state)
{
	(void)state;
	check_stop(PSCI_SYSTEM_RESET, OSTI_EV_RESET, OSTI_REASON_RESET);
}

/* Nothing of the slot's earlier life is told. */
static void test_start_again(void **state)
{
	(void)state;
	host_gic.ctlr |= 3;
	host_gic.bank[3].enabled = 0xff;
	assert_int_equal(machine_suspend(2, MACHINE_ENTRY, 0).outcome,
			 OUTCOME_ENTER);
	assert_int_equal(machine_suspend(1, MACHINE_ENTRY, 0).outcome,
			 OUTCOME_ENTER);
	assert_int_equal(host_gic.bank[3].enabled, 0xff);
	assert_int_equal(machine_smc(OSTI_CALL_SLOT_INFO, 1, 0, 0).x[3],
			 context_get(1)->frozen_at);
	assert_int_equal(machine_smc(PSCI_SYSTEM_OFF, 0, 0, 0).outcome,
			 OUTCOME_ENTER);
	machine_start(1);
	assert_int_equal(machine_smc(OSTI_CALL_SLOT_INFO, 1, 0, 0).x[3], 0);
	assert_int_equal(host_gic.bank[3].enabled, 0);
	assert_int_equal(machine_smc(OSTI_CALL_INFO, 0, 0, 0).x[7],
			 OSTI_TARGET_NONE);
}

static void assert_cut_off(unsigned int kind, unsigned int which)
{
	uint64_t seq;

	for (seq = event_oldest(OSTI_RING_ACTS);
	     seq < event_next(OSTI_RING_ACTS); seq++) {
		struct event_record rec;

		assert_int_equal(event_read(OSTI_RING_ACTS, seq,
					    context_get(0), &rec), OSTI_OK);
		if ((rec.what & 0xffff) == OSTI_EV_CUT_OFF &&
		    rec.arg[0] == kind && rec.arg[1] == which)
			return;
	}
	fail_msg("no event says that %u of kind %u was cut off", which, kind);
}

/*
 * A CPU stays. It costs the device the CPU, and nobody else anything: not even
 * its slot, which gets a table that the CPU does not know.
 */
static void test_stuck_cpu(void **state)
{
	const pa_t root = memory_root(context_get(1));
	const uint64_t *entry = host_memory(root, 8192);
	struct cpu_entry at;
	struct machine_smc smc;
	unsigned int i;

	(void)state;
	machine_cpu_on(1);
	machine_cpu_on(2);
	host_power.cpu[2].off_ticks = HOST_POWER_NEVER;
	machine_mark(1);
	machine_mark(2);
	spy_reset();
	smc = machine_smc(PSCI_SYSTEM_OFF, 0, 0, 0);
	assert_bm_entered(&smc);
	assert_true(machine_is_zero(1));
	assert_int_equal(context_get(1)->state, OSTI_SLOT_EMPTY);
	assert_cut_off(OSTI_CUT_CPU, 2);
	assert_non_null(strstr(host_log(), "CPU 2 does not answer"));

	machine_start(1);
	assert_has_device(1);
	assert_false(pa_equal(memory_root(context_get(1)), root));
	assert_int_not_equal(memory_vmid(context_get(1)), 1);
	for (i = 0; i < 1024; i++)
		assert_int_equal(entry[i], 0);
	/* For the slots it does not exist; the other does. */
	assert_int_equal(machine_call(PSCI_64(PSCI_CPU_ON), 2, MACHINE_ENTRY,
				      0), PSCI_INVALID_PARAMETERS);
	assert_int_equal(machine_call(PSCI_64(PSCI_AFFINITY_INFO), 2, 0, 0),
			 PSCI_INVALID_PARAMETERS);
	machine_cpu_on(1);

	/* It goes off when it comes, and is not used again. */
	host_power.cpu[2].off_ticks = 0;
	assert_false(host_power_enter(2, &at));
	assert_int_equal(host_power.cpu[2].state, HOST_POWER_OFF);
	assert_int_equal(machine_call(PSCI_64(PSCI_CPU_ON), 2, MACHINE_ENTRY,
				      0), PSCI_INVALID_PARAMETERS);

	/* The frozen slot is what it was. */
	smc = machine_smc(PSCI_SYSTEM_RESET, 0, 0, 0);
	assert_bm_entered(&smc);
	assert_false(machine_is_zero(2));
	assert_int_equal(ipa_value(machine_smc(OSTI_CALL_SLOT_RESUME, 2, 0, 0).entry.pc),
			 ENTRY2);
	assert_has_device(2);
}

/* As often as it can happen: each time with another table. */
static void test_all_other_cpus_stuck(void **state)
{
	unsigned int cpu;

	(void)state;
	for (cpu = 1; cpu < 4; cpu++) {
		host_power.cpu[cpu].off_ticks = HOST_POWER_NEVER;
		machine_cpu_on(cpu);
		assert_int_equal(machine_smc(PSCI_SYSTEM_OFF, 0, 0, 0).outcome,
				 OUTCOME_ENTER);
		machine_start(1);
		assert_has_device(1);
	}
	assert_int_equal(ipa_value(machine_suspend(2, MACHINE_ENTRY, 0).entry.pc), ENTRY2);
	assert_has_device(2);
}

/* ---- The end of the boot manager ----------------------------------------- */

static void test_bm_off(void **state)
{
	(void)state;
	expect_assert_failure(machine_smc(PSCI_SYSTEM_OFF, 0, 0, 0));
	assert_int_equal(host_power.offs, 1);
}

static void test_bm_reset(void **state)
{
	(void)state;
	expect_assert_failure(machine_smc(PSCI_SYSTEM_RESET, 0, 0, 0));
	assert_int_equal(host_power.resets, 1);
}

/* Off is a person's wish, even if a slot is frozen. */
static void test_bm_off_with_frozen(void **state)
{
	(void)state;
	assert_int_equal(machine_suspend(0, MACHINE_ENTRY, 0).outcome,
			 OUTCOME_ENTER);
	expect_assert_failure(machine_smc(PSCI_SYSTEM_OFF, 0, 0, 0));
	assert_int_equal(host_power.offs, 1);
}

static void test_bm_reset_with_frozen(void **state)
{
	struct machine_smc smc;

	(void)state;
	assert_int_equal(machine_suspend(0, MACHINE_ENTRY, 0).outcome,
			 OUTCOME_ENTER);
	assert_int_equal(machine_call(OSTI_CALL_SLOT_OPEN, 3, 0, 0), OSTI_OK);
	machine_mark(0);
	machine_mark(1);
	machine_mark(2);
	machine_mark(3);
	spy_reset();
	smc = machine_smc(PSCI_SYSTEM_RESET, 0, 0, 0);
	assert_bm_entered(&smc);
	assert_int_equal(host_power.resets, 0);
	spy_assert_order("memory_close_window", 3, "arch_zero", 3);
	spy_assert_order("memory_revoke", 0, "pci_quiesce", MACHINE_BOOT_DISK);
	spy_assert_order("gicv3_quiesce", 0, "memory_wipe", 0);
	spy_assert_order("memory_wipe", 0, "bm_load", 0);
	assert_reason(OSTI_REASON_RESTART, 0, 1);
	assert_phase(0, 0, OSTI_SWITCH_BM);
	/* What was open is empty, what was frozen is frozen. */
	assert_int_equal(context_get(3)->state, OSTI_SLOT_EMPTY);
	assert_true(machine_is_zero(3));
	assert_int_equal(machine_cpu_reaches(0, OSTI_WINDOW_IPA), -1);
	assert_int_equal(context_get(1)->state, OSTI_SLOT_FROZEN);
	assert_int_equal(context_get(2)->state, OSTI_SLOT_FROZEN);
	assert_false(machine_is_zero(1));
	assert_false(machine_is_zero(2));
	assert_has_device(0);
	machine_start(3);
	assert_has_device(3);
}

/* ---- Devices that do what they should not -------------------------------- */

/* The network card does not stop: slot 2 does not get it, nor does anybody. */
static void test_broken_function(void **state)
{
	(void)state;
	host_pci[MACHINE_NET].status = 0x0f;
	host_pci[MACHINE_NET].never_resets = true;
	assert_int_equal(machine_suspend(2, MACHINE_ENTRY, 0).outcome,
			 OUTCOME_ENTER);
	assert_non_null(strstr(host_log(),
			       "PCI function 01.0 does not stop: it stays cut off"));
	assert_cut_off(OSTI_CUT_PCI, MACHINE_NET);
	/* Nor can anybody see it, slots that were frozen before included. */
	assert_false(machine_sees_function(1, MACHINE_NET));
	assert_false(machine_sees_function(2, MACHINE_NET));
	assert_true(machine_sees_function(2, MACHINE_KEYBOARD));
	assert_int_equal(machine_dma_reaches(MACHINE_NET, OSTI_RAM_IPA), -1);
	assert_int_equal(machine_dma_reaches(MACHINE_KEYBOARD, OSTI_RAM_IPA), 2);
	assert_int_equal(machine_dma_reaches(MACHINE_DISK(2), OSTI_RAM_IPA),
			 2);

	/* Not even when it says that it has come to its senses. */
	host_pci[MACHINE_NET].never_resets = false;
	assert_int_equal(machine_suspend(1, MACHINE_ENTRY, 0).outcome,
			 OUTCOME_ENTER);
	assert_int_equal(machine_dma_reaches(MACHINE_NET, OSTI_RAM_IPA), -1);
	assert_int_equal(machine_suspend(0, MACHINE_ENTRY, 0).outcome,
			 OUTCOME_ENTER);
	assert_int_equal(machine_dma_reaches(MACHINE_NET, OSTI_RAM_IPA), -1);
	assert_int_equal(machine_dma_reaches(MACHINE_BOOT_DISK, OSTI_RAM_IPA),
			 0);
}

/* Of all functions that the two slots share or own, none is left. */
static void assert_all_cut_off(unsigned int slot)
{
	static const unsigned int shared[] = {
		MACHINE_NET, MACHINE_KEYBOARD, MACHINE_RNG
	};
	unsigned int i, id;

	for (i = 0; i < 3; i++) {
		assert_cut_off(OSTI_CUT_PCI, shared[i]);
		for (id = 0; id <= CONFIG_OSTI_NR_SLOTS; id++)
			assert_false(machine_sees_function(id, shared[i]));
	}
	assert_cut_off(OSTI_CUT_PCI, MACHINE_DISK(slot));
	assert_false(machine_sees_function(slot, MACHINE_DISK(slot)));
}

/*
 * The SMMU takes no commands. What was reset and is no bus master moves nothing,
 * so slot 1 is frozen; slot 2 goes on, without any of the functions.
 */
static void test_smmu_stuck(void **state)
{
	struct machine_smc smc;

	(void)state;
	host_pci[MACHINE_NET].status = 0x0f;
	machine_mark(1);
	host_smmu.cmdq_stuck = true;
	smc = machine_suspend(2, MACHINE_ENTRY, 0);
	assert_int_equal(smc.outcome, OUTCOME_ENTER);
	assert_int_equal(ipa_value(smc.entry.pc), ENTRY2);
	assert_int_equal(context_get(1)->state, OSTI_SLOT_FROZEN);
	assert_int_equal(world_current()->id, 2);
	assert_int_equal(machine_cpu_reaches(2, OSTI_RAM_IPA), 2);
	assert_false(machine_is_zero(1));
	assert_false(host_pci_is_live(MACHINE_NET));
	assert_all_cut_off(1);
	assert_cut_off(OSTI_CUT_PCI, MACHINE_DISK(2));

	/* Not even when it says that it has come to its senses. */
	host_smmu.cmdq_stuck = false;
	smc = machine_suspend(1, ENTRY2, 0);
	assert_int_equal(ipa_value(smc.entry.pc), MACHINE_ENTRY);
	assert_all_cut_off(1);
	assert_int_equal(machine_dma_reaches(MACHINE_NET, OSTI_RAM_IPA), -1);
}

/* It stops when the boot manager gives its window back. */
static void test_smmu_stuck_with_window(void **state)
{
	(void)state;
	assert_int_equal(machine_suspend(0, MACHINE_ENTRY, 0).outcome,
			 OUTCOME_ENTER);
	assert_int_equal(machine_call(OSTI_CALL_SLOT_OPEN, 3, 0, 0), OSTI_OK);
	assert_int_equal(machine_dma_reaches(MACHINE_BOOT_DISK,
					     OSTI_WINDOW_IPA), 3);
	host_pci[MACHINE_BOOT_DISK].status = 0x0f;
	host_smmu.cmdq_stuck = true;
	assert_int_equal(machine_call(OSTI_CALL_SLOT_CLOSE, 3, 0, 0), OSTI_OK);
	assert_cut_off(OSTI_CUT_PCI, MACHINE_BOOT_DISK);
	assert_false(host_pci_is_live(MACHINE_BOOT_DISK));
	assert_false(machine_sees_function(0, MACHINE_BOOT_DISK));
	assert_int_equal(host_pci_command(MACHINE_BOOT_DISK) & 4, 0);
	assert_true(machine_is_zero(3));
	/* The frozen ones can be resumed. */
	assert_int_equal(ipa_value(machine_smc(OSTI_CALL_SLOT_RESUME, 2, 0, 0).entry.pc),
			 ENTRY2);
	assert_int_equal(machine_cpu_reaches(2, OSTI_RAM_IPA), 2);
}

/* A function that neither stops nor can be detached: isolation is gone. */
static void test_both_locks_broken(void **state)
{
	(void)state;
	host_pci[MACHINE_NET].status = 0x0f;
	host_pci[MACHINE_NET].never_resets = true;
	host_smmu.cmdq_stuck = true;
	expect_assert_failure(machine_suspend(2, MACHINE_ENTRY, 0));
	assert_string_equal(host_panic_text(),
			    "PCI function 01.0 neither stops nor is it detached");
	assert_int_equal(context_get(1)->state, OSTI_SLOT_RUNNING);
	assert_int_equal(spy_count("smmuv3_attach", SPY_ANY), 0);
}

static void wedge_gic(void)
{
	host_gic.rwp_stuck = true;
}

static void wedge_redistributor(void)
{
	host_gic.waker_stuck[2] = true;
	host_gic.frame[2].waker = 6;	/* ProcessorSleep, ChildrenAsleep */
}

static void check_dead_redistributor(const char *step, void (*wedge)(void))
{
	struct machine_smc smc;

	spy_do_at(step, wedge);
	smc = machine_suspend(2, MACHINE_ENTRY, 0);
	assert_int_equal(smc.outcome, OUTCOME_ENTER);
	assert_int_equal(ipa_value(smc.entry.pc), ENTRY2);
	assert_has_device(2);
	assert_cut_off(OSTI_CUT_CPU, 2);
	assert_int_equal(machine_count_events(OSTI_EV_CUT_OFF), 1);
	assert_int_equal(machine_call(PSCI_64(PSCI_CPU_ON), 2, MACHINE_ENTRY,
				      0), PSCI_INVALID_PARAMETERS);
	machine_cpu_on(1);
	assert_int_equal(machine_smc(PSCI_SYSTEM_OFF, 0, 0, 0).outcome,
			 OUTCOME_ENTER);
	assert_int_equal(machine_smc(OSTI_CALL_SLOT_RESUME, 1, 0, 0).outcome,
			 OUTCOME_ENTER);
	assert_has_device(1);
}

/* Its registers are kept for nobody: the CPU is lost, and no more. */
static void test_redistributor_not_saved(void **state)
{
	(void)state;
	check_dead_redistributor("gicv3_save", wedge_redistributor);
}

static void test_redistributor_not_silent(void **state)
{
	(void)state;
	check_dead_redistributor("gicv3_quiesce", wedge_redistributor);
}

static void wedge_rwp(void)
{
	host_gic.redist_rwp_stuck[2] = true;
}

static void test_redistributor_not_settled(void **state)
{
	(void)state;
	check_dead_redistributor("gicv3_quiesce", wedge_rwp);
}

/* That of the CPU on which slot 2 would go on: slot 1 goes on instead. */
static void wedge_first_redistributor(void)
{
	host_gic.waker_stuck[0] = true;
	host_gic.frame[0].waker = 6;
}

static void test_redistributor_of_target(void **state)
{
	struct machine_smc smc;

	(void)state;
	use_cpu3();
	spy_do_at("gicv3_save", wedge_first_redistributor);
	assert_int_equal(machine_call(OSTI_CALL_TARGET_ARM, 2, 0, 0), OSTI_OK);
	smc = machine_smc(SUSPEND, MACHINE_ENTRY, 0, 0);
	assert_int_equal(smc.outcome, OUTCOME_RETURN);
	assert_int_equal(smc.x[0], PSCI_INTERNAL_FAILURE);
	assert_cut_off(OSTI_CUT_CPU, 0);
	assert_has_device(1);
	assert_int_equal(spy_count("pci_quiesce", SPY_ANY), 0);
	assert_int_equal(context_get(2)->state, OSTI_SLOT_FROZEN);
	/* It waited for the lock, and went. */
	assert_true(power_cpu_is_off(0));
	assert_true(cpu_alone());
}

/* That of the CPU on which it all happens: nobody can go on. */
static void test_redistributor_of_own_cpu(void **state)
{
	(void)state;
	spy_do_at("gicv3_save", wedge_first_redistributor);
	expect_assert_failure(machine_suspend(2, MACHINE_ENTRY, 0));
	assert_string_equal(host_panic_text(),
			    "CPU 0 takes no interrupts any more");
	assert_int_equal(context_get(1)->state, OSTI_SLOT_RUNNING);
	assert_int_equal(spy_count("smmuv3_attach", SPY_ANY), 0);
}

/* The distributor is everybody's: the device must not change hands. */
static void test_gic_not_silent(void **state)
{
	(void)state;
	spy_do_at("gicv3_quiesce", wedge_gic);
	expect_assert_failure(machine_suspend(2, MACHINE_ENTRY, 0));
	assert_string_equal(host_panic_text(),
			    "interrupts of context 1 do not stop");
	assert_int_equal(context_get(1)->state, OSTI_SLOT_RUNNING);
	assert_int_equal(spy_count("smmuv3_attach", SPY_ANY), 0);
}

static void test_gic_not_restored(void **state)
{
	(void)state;
	spy_do_at("gicv3_restore", wedge_gic);
	expect_assert_failure(machine_suspend(2, MACHINE_ENTRY, 0));
	assert_string_equal(host_panic_text(),
			    "interrupts of context 2 do not start");
	assert_null(world_current());
}

/* What is pending when an OS leaves is its own, and gone for the next. */
static void test_serror(void **state)
{
	struct event_record rec;

	(void)state;
	host_serror = 0xbe000011;
	assert_int_equal(machine_smc(PSCI_SYSTEM_RESET, 0, 0, 0).outcome,
			 OUTCOME_ENTER);
	assert_int_equal(host_serror, 0);
	rec = machine_last_event(OSTI_EV_TRAP);
	assert_int_equal(rec.what >> 16 & 0xff, 1);
	assert_int_equal(rec.arg[0], 0xbe000011);
	assert_int_equal(rec.arg[1], 1);
	assert_true(rec.seq < machine_last_event(OSTI_EV_RESET).seq);

	/* Nor does one of the boot manager reach the slot that it starts. */
	host_serror = 0xbe000000;
	machine_start(1);
	assert_int_equal(host_serror, 0);
	assert_int_equal(machine_last_event(OSTI_EV_TRAP).what >> 16 & 0xff, 0);
	assert_int_equal(machine_count_events(OSTI_EV_TRAP), 2);
}

/* All faults are those of whom they happened to, also what the queue lost. */
static void flood(bool as_qemu)
{
	unsigned int i;
	uint64_t pa;

	host_smmu.full_is_gerror = as_qemu;
	assert_int_equal(machine_call(OSTI_CALL_TARGET_ARM, 2, 0, 0), OSTI_OK);
	for (i = 0; i < 1000; i++)
		host_smmu_access(MACHINE_NET, 0x2000, false, &pa);
	assert_int_equal(machine_smc(SUSPEND, MACHINE_ENTRY, 0, 0).outcome,
			 OUTCOME_ENTER);
	assert_int_equal(machine_call(OSTI_CALL_SLOT_INFO, 1, 0, 0), OSTI_OK);
	/* 1, 2, 4 ... 128 */
	assert_int_equal(machine_count_events(OSTI_EV_DMA_FAULT), 8);
	assert_int_equal(machine_last_event(OSTI_EV_DMA_FAULT).what >> 16 &
			 0xff, 1);
}

static void test_flood_before_switch(void **state)
{
	(void)state;
	flood(false);
}

static void test_flood_before_switch_qemu(void **state)
{
	(void)state;
	flood(true);
}

static void test_dma_faults(void **state)
{
	struct event_record rec;
	unsigned int i;
	uint64_t pa;

	(void)state;
	/* Noticed with the next call of the slot ... */
	assert_int_not_equal(host_smmu_access(MACHINE_NET, 0x7ffff000, true,
					      &pa), 0);
	assert_int_equal(machine_count_events(OSTI_EV_DMA_FAULT), 0);
	assert_int_equal(machine_call(OSTI_CALL_TARGET_CANCEL, 0, 0, 0),
			 OSTI_OK);
	rec = machine_last_event(OSTI_EV_DMA_FAULT);
	assert_int_equal(rec.what >> 16 & 0xff, 1);
	assert_int_equal(rec.arg[0], 0x7ffff000);
	assert_int_equal(rec.arg[1], 1 | (uint64_t)MACHINE_NET << 32);

	/* ... or when it leaves, and counted for it, not for the next. */
	assert_int_not_equal(host_smmu_access(MACHINE_DISK(1), 0x1000, false,
					      &pa), 0);
	assert_int_equal(machine_smc(PSCI_SYSTEM_RESET, 0, 0, 0).outcome,
			 OUTCOME_ENTER);
	rec = machine_last_event(OSTI_EV_DMA_FAULT);
	assert_int_equal(rec.what >> 16 & 0xff, 1);
	assert_int_equal(rec.arg[0], 0x1000);
	assert_int_equal(rec.arg[1], 2 | (uint64_t)MACHINE_DISK(1) << 32);
	spy_assert_order("event_add", OSTI_EV_BM_ENTER, "gicv3_restore", 0);
	assert_true(rec.seq < machine_last_event(OSTI_EV_RESET).seq);

	/* A flood does not drown the ring. */
	for (i = 0; i < 1000; i++)
		host_smmu_access(MACHINE_NET, 0x2000, false, &pa);
	assert_int_equal(machine_call(OSTI_CALL_SLOT_INFO, 1, 0, 0), OSTI_OK);
	assert_in_range(machine_count_events(OSTI_EV_DMA_FAULT), 3, 12);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_boot),
		cmocka_unit_test_setup(test_open_close, setup_bm),
		cmocka_unit_test_setup(test_start, setup_bm),
		cmocka_unit_test_setup(test_sleep, setup_two),
		cmocka_unit_test_setup(test_hot, setup_two),
		cmocka_unit_test_setup(test_hot_interrupts, setup_two),
		cmocka_unit_test_setup(test_other_cpu, setup_two),
		cmocka_unit_test_setup(test_no_cpu, setup_two),
		cmocka_unit_test_setup(test_menu, setup_two),
		cmocka_unit_test_setup(test_cold, setup_two),
		cmocka_unit_test_setup(test_resume_refused, setup_two),
		cmocka_unit_test_setup(test_off, setup_two),
		cmocka_unit_test_setup(test_reset, setup_two),
		cmocka_unit_test_setup(test_start_again, setup_two),
		cmocka_unit_test_setup(test_stuck_cpu, setup_two),
		cmocka_unit_test_setup(test_all_other_cpus_stuck, setup_two),
		cmocka_unit_test_setup(test_bm_off, setup_bm),
		cmocka_unit_test_setup(test_bm_reset, setup_bm),
		cmocka_unit_test_setup(test_bm_off_with_frozen, setup_two),
		cmocka_unit_test_setup(test_bm_reset_with_frozen, setup_two),
		cmocka_unit_test_setup(test_broken_function, setup_two),
		cmocka_unit_test_setup(test_smmu_stuck, setup_two),
		cmocka_unit_test_setup(test_smmu_stuck_with_window, setup_two),
		cmocka_unit_test_setup(test_both_locks_broken, setup_two),
		cmocka_unit_test_setup(test_redistributor_not_saved, setup_two),
		cmocka_unit_test_setup(test_redistributor_not_silent,
				       setup_two),
		cmocka_unit_test_setup(test_redistributor_not_settled,
				       setup_two),
		cmocka_unit_test_setup(test_redistributor_of_target, setup_two),
		cmocka_unit_test_setup(test_redistributor_of_own_cpu,
				       setup_two),
		cmocka_unit_test_setup(test_gic_not_silent, setup_two),
		cmocka_unit_test_setup(test_gic_not_restored, setup_two),
		cmocka_unit_test_setup(test_serror, setup_two),
		cmocka_unit_test_setup(test_flood_before_switch, setup_two),
		cmocka_unit_test_setup(test_flood_before_switch_qemu,
				       setup_two),
		cmocka_unit_test_setup(test_dma_faults, setup_two),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
