// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_psci.c - PSCI 1.1 and the SMC dispatcher, as a slot and as the boot
 * manager
 */
#include "test.h"

#include <string.h>

#include "event.h"
#include "host.h"
#include "host_power.h"
#include "machine.h"
#include "psci.h"

#define SECOND		arch_counter_hz()
#define UPPER		0xabcdef0100000000UL
#define ON32		PSCI_CPU_ON
#define ON64		PSCI_64(PSCI_CPU_ON)
#define SUSPEND32	PSCI_SYSTEM_SUSPEND
#define SUSPEND64	PSCI_64(PSCI_SYSTEM_SUSPEND)
#define INFO32		PSCI_AFFINITY_INFO
#define INFO64		PSCI_64(PSCI_AFFINITY_INFO)

/* Slot 1 of config.h runs on CPU 0 of 4, alone. */
#define SLOT1_END	(0x40000000UL + 512 * 1024 * 1024)

static int setup(void **state)
{
	(void)state;
	machine_boot(4);
	machine_start(1);
	return 0;
}

static int setup_bm(void **state)
{
	(void)state;
	machine_boot(4);
	return 0;
}

/* ---- Numbers ------------------------------------------------------------- */

static void test_version(void **state)
{
	struct machine_smc smc;

	(void)state;
	/* The identifier is w0: what lies above it says nothing. */
	smc = machine_smc(UPPER | PSCI_VERSION, 1, 2, 3);
	assert_int_equal(smc.outcome, OUTCOME_RETURN);
	assert_int_equal(smc.x[0], 0x00010001);
	/* Other registers are the caller's own. */
	machine_assert_kept(&smc, 0);
	assert_int_equal(machine_call(PSCI_MIGRATE_INFO_TYPE, 0, 0, 0), 2);
}

static void test_features(void **state)
{
	static const uint32_t supported[] = {
		0x84000000, 0x84000001, 0xc4000001, 0x84000002, 0x84000003,
		0xc4000003, 0x84000004, 0xc4000004, 0x84000006, 0x84000008,
		0x84000009, 0x8400000a, 0x8400000e, 0xc400000e, 0x80000000,
	};
	static const uint32_t bases[] = { 0x84000000, 0xc4000000 };
	unsigned int base, fn, i;

	(void)state;
	for (base = 0; base < ARRAY_SIZE(bases); base++) {
		for (fn = 0; fn < 0x40; fn++) {
			const uint32_t fid = bases[base] + fn;
			int64_t want = PSCI_NOT_SUPPORTED;

			for (i = 0; i < ARRAY_SIZE(supported); i++)
				if (supported[i] == fid)
					want = PSCI_SUCCESS;
			assert_int_equal(machine_call(PSCI_FEATURES, fid, 0, 0),
					 want);
			/* The argument has 32 bits. */
			assert_int_equal(machine_call(PSCI_FEATURES,
						      UPPER | fid, 0, 0), want);
			/* What it denies is denied. */
			if (want && fn < 0x20)
				assert_int_equal(machine_call(fid, 0, 0, 0),
						 PSCI_NOT_SUPPORTED);
		}
	}
	assert_int_equal(machine_call(PSCI_FEATURES, 0x80000000, 0, 0), 0);
	assert_int_equal(machine_call(PSCI_FEATURES, 0, 0, 0),
			 PSCI_NOT_SUPPORTED);
	/* An OS asks for what PSCI keeps for later: that is no offence. */
	assert_int_equal(machine_count_events(OSTI_EV_BAD_SMC), 0);
}

static void test_range(void **state)
{
	(void)state;
	assert_true(psci_is_call(0x84000000));
	assert_true(psci_is_call(0x8400001f));
	assert_true(psci_is_call(0xc4000000));
	assert_true(psci_is_call(0xc400001f));
	assert_false(psci_is_call(0x84000020));
	assert_false(psci_is_call(0xc4000020));
	assert_false(psci_is_call(0x83ffffff));
	assert_false(psci_is_call(0x04000000));
	assert_false(psci_is_call(0x80000000));
	assert_false(psci_is_call(0x86000000));
}

static void test_smccc(void **state)
{
	(void)state;
	assert_int_equal(machine_call(0x80000000, 0, 0, 0), 0x00010002);
	assert_int_equal(machine_call(0x80000001, 0x80000000, 0, 0), 0);
	assert_int_equal(machine_call(0x80000001, 0x80000001, 0, 0), 0);
	/* SMCCC_ARCH_WORKAROUND_1 */
	assert_int_equal(machine_call(0x80000001, 0x80008000, 0, 0), -1);
	assert_int_equal(machine_count_events(OSTI_EV_BAD_SMC), 0);
}

/* What the firmware below does for its CPUs, it does for an OS, too. */
static void test_workarounds(void **state)
{
	static const uint32_t fids[] = { 0x80008000, 0x80007fff, 0x80003fff };
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(fids); i++) {
		host_power.workaround = fids[i];
		host_power.workaround_features = 1;
		assert_int_equal(machine_call(0x80000001, fids[i], 0, 0), 1);
		assert_int_equal(machine_call(0x80000001,
					      fids[(i + 1) % 3], 0, 0), -1);
		assert_int_equal(machine_call(fids[i], i, 0, 0), 0);
		assert_int_equal(host_power.workarounds, i + 1);
		assert_int_equal(host_power.workaround_arg, i);
	}
	assert_int_equal(machine_count_events(OSTI_EV_BAD_SMC), 0);

	/* -2 of WORKAROUND_2: this CPU must not be asked for it. */
	host_power.workaround = 0x80007fff;
	host_power.workaround_features = -2;
	assert_int_equal(machine_call(0x80000001, 0x80007fff, 0, 0), -2);
	assert_int_equal(machine_call(0x80007fff, 1, 0, 0), -1);
	assert_int_equal(host_power.workarounds, ARRAY_SIZE(fids));

	/* Other calls of the firmware are not an OS's. */
	host_power.workaround = 0x82000000;
	host_power.workaround_features = 0;
	assert_int_equal(machine_call(0x80000001, 0x82000000, 0, 0), -1);
	assert_int_equal(machine_call(0x82000000, 0, 0, 0), -1);
	assert_int_equal(host_power.workarounds, ARRAY_SIZE(fids));
}

static void test_unknown(void **state)
{
	static const uint32_t fids[] = {
		0, 1, 0x04000000, 0x84000020, 0x83000000, 0x80008000,
		0x85000000, 0xffffffff,
	};
	struct event_record rec;
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(fids); i++)
		assert_int_equal(machine_call(fids[i], 0, 0, 0), -1);
	rec = machine_last_event(OSTI_EV_BAD_SMC);
	assert_int_equal(rec.arg[0], 0xffffffff);
	assert_int_equal(rec.arg[1], ARRAY_SIZE(fids));
	assert_int_equal(rec.what >> 16 & 0xff, 1);
}

/* ---- CPU_ON -------------------------------------------------------------- */

static void test_cpu_on(void **state)
{
	struct cpu_entry entry;

	(void)state;
	assert_int_equal(machine_call(ON64, 2, MACHINE_ENTRY,
				      0x123456789abcdef0), PSCI_SUCCESS);
	assert_true(host_power_enter(2, &entry));
	assert_int_equal(ipa_value(entry.pc), MACHINE_ENTRY);
	assert_int_equal(entry.arg, 0x123456789abcdef0);
	assert_int_equal(machine_call(ON64, 2, MACHINE_ENTRY, 0),
			 PSCI_ALREADY_ON);
	assert_int_equal(machine_call(ON64, 0, MACHINE_ENTRY, 0),
			 PSCI_ALREADY_ON);
	assert_int_equal(host_power.cpu[2].starts, 1);
}

/* The 32-bit call: nothing above bit 31 counts. */
static void test_cpu_on_32(void **state)
{
	struct cpu_entry entry;

	(void)state;
	assert_int_equal(machine_call(ON32, UPPER | 3, UPPER | MACHINE_ENTRY,
				      UPPER | 0x9abcdef0), PSCI_SUCCESS);
	assert_true(host_power_enter(3, &entry));
	assert_int_equal(ipa_value(entry.pc), MACHINE_ENTRY);
	assert_int_equal(entry.arg, 0x9abcdef0);
	/* In the 64-bit call it does. */
	assert_int_equal(machine_call(ON64, UPPER | 2, MACHINE_ENTRY, 0),
			 PSCI_INVALID_PARAMETERS);
	assert_int_equal(machine_call(ON64, 2, UPPER | MACHINE_ENTRY, 0),
			 PSCI_INVALID_ADDRESS);
}

static void test_cpu_on_pending(void **state)
{
	struct cpu_entry entry;

	(void)state;
	host_power.cpu[1].on_ticks = SECOND;
	assert_int_equal(machine_call(ON64, 1, MACHINE_ENTRY, 1), PSCI_SUCCESS);
	assert_int_equal(machine_call(ON64, 1, MACHINE_ENTRY + 4, 2),
			 PSCI_ON_PENDING);
	assert_int_equal(machine_call(INFO64, 1, 0, 0), PSCI_AFF_ON_PENDING);
	host_counter_now += 2 * SECOND;
	/* In the monitor, but not yet in EL1. */
	assert_int_equal(machine_call(ON64, 1, MACHINE_ENTRY + 4, 2),
			 PSCI_ON_PENDING);
	assert_int_equal(machine_call(INFO64, 1, 0, 0), PSCI_AFF_ON_PENDING);
	assert_true(host_power_enter(1, &entry));
	assert_int_equal(ipa_value(entry.pc), MACHINE_ENTRY);
	assert_int_equal(entry.arg, 1);
	assert_int_equal(machine_call(ON64, 1, MACHINE_ENTRY, 2),
			 PSCI_ALREADY_ON);
	assert_int_equal(machine_call(INFO64, 1, 0, 0), PSCI_AFF_ON);
}

static void test_no_such_cpu(void **state)
{
	static const uint64_t mpidrs[] = {
		4, 7, 8, 255, 0x100, 0x101, 0x80000001, 0x1000001,
		0x100000001, UINT64_MAX,
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(mpidrs); i++) {
		assert_int_equal(machine_call(ON64, mpidrs[i], MACHINE_ENTRY,
					      0), PSCI_INVALID_PARAMETERS);
		assert_int_equal(machine_call(INFO64, mpidrs[i], 0, 0),
				 PSCI_INVALID_PARAMETERS);
	}
	/* Before the address is looked at, as for every MPIDR. */
	assert_int_equal(machine_call(ON64, 4, 0, 0), PSCI_INVALID_PARAMETERS);
}

static const uint64_t bad_entries[] = {
	0, 0x3ffffffc, 0x40080001, 0x40080002, 0x40080003,
	SLOT1_END - 3, SLOT1_END, SLOT1_END + 4,
	0x09000000,			/* a device */
	0x1000000000,			/* the boot manager's window */
	0x140080000, UINT64_MAX, UINT64_MAX - 3, 0x8000000040080000,
};

static void test_cpu_on_bad_entry(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(bad_entries); i++)
		assert_int_equal(machine_call(ON64, 1, bad_entries[i], 0),
				 PSCI_INVALID_ADDRESS);
	assert_int_equal(host_power.cpu[1].starts, 0);
	assert_int_equal(machine_call(ON64, 1, SLOT1_END - 4, 0), PSCI_SUCCESS);
	assert_int_equal(machine_call(ON64, 2, 0x40000000, 0), PSCI_SUCCESS);
}

static void test_cpu_on_refused(void **state)
{
	(void)state;
	host_power.cpu[1].refusal = -6;
	assert_int_equal(machine_call(ON64, 1, MACHINE_ENTRY, 0),
			 PSCI_INTERNAL_FAILURE);
	assert_int_equal(machine_call(INFO64, 1, 0, 0), PSCI_AFF_OFF);
	host_power.cpu[1].refusal = 0;
	machine_cpu_on(1);
}

/* A CPU that helps the monitor is on, and not for the caller. */
static void test_cpu_on_helper(void **state)
{
	(void)state;
	host_power.cpu[2].on_ticks = SECOND;
	assert_true(cpu_call_helper(2));
	assert_int_equal(machine_call(ON64, 2, MACHINE_ENTRY, 0),
			 PSCI_ALREADY_ON);
	assert_int_equal(machine_call(INFO64, 2, 0, 0), PSCI_AFF_ON);
	host_counter_now += 2 * SECOND;
	assert_true(host_power_help(2));
	assert_int_equal(machine_call(ON64, 2, MACHINE_ENTRY, 0),
			 PSCI_ALREADY_ON);
	assert_int_equal(machine_call(INFO64, 2, 0, 0), PSCI_AFF_ON);
	/* It is no company for the last CPU. */
	assert_int_equal(machine_call(PSCI_CPU_OFF, 0, 0, 0), PSCI_DENIED);

	assert_int_equal(cpu_stop_helpers(), 0);
	assert_int_equal(machine_call(INFO64, 2, 0, 0), PSCI_AFF_OFF);
	host_power.cpu[2].on_ticks = 0;
	machine_cpu_on(2);
}

static void test_bm_sees_helper(void **state)
{
	(void)state;
	assert_true(cpu_call_helper(1));
	assert_int_equal(machine_call(INFO64, 1, 0, 0), PSCI_AFF_ON);
	assert_int_equal(machine_call(ON64, 1, MACHINE_ENTRY, 0), PSCI_DENIED);
	assert_int_equal(cpu_stop_helpers(), 0);
	assert_int_equal(machine_call(INFO64, 1, 0, 0), PSCI_AFF_OFF);
}

/* ---- CPU_OFF, AFFINITY_INFO ---------------------------------------------- */

static void cpu_off(unsigned int cpu)
{
	struct machine_smc smc;

	host_cpu = cpu;
	smc = machine_smc(PSCI_CPU_OFF, 0, 0, 0);
	assert_int_equal(smc.outcome, OUTCOME_CPU_OFF);
	host_cpu = 0;
	host_power_leave(cpu);
}

static void test_cpu_off(void **state)
{
	(void)state;
	machine_cpu_on(1);
	host_power.cpu[1].off_ticks = SECOND / 2;
	cpu_off(1);
	/* Until the firmware has its power, it is not off. */
	assert_int_equal(machine_call(INFO64, 1, 0, 0), PSCI_AFF_ON);
	host_counter_now += SECOND;
	assert_int_equal(machine_call(INFO64, 1, 0, 0), PSCI_AFF_OFF);
	machine_cpu_on(1);
}

/* Linux starts a CPU again as soon as it said that it goes. */
static void test_cpu_on_while_leaving(void **state)
{
	struct cpu_entry entry;

	(void)state;
	machine_cpu_on(1);
	host_power.cpu[1].off_ticks = SECOND / 2;
	cpu_off(1);
	assert_int_equal(machine_call(ON64, 1, MACHINE_ENTRY + 8, 9),
			 PSCI_SUCCESS);
	assert_int_equal(host_power.cpu[1].starts, 2);
	assert_true(host_power_enter(1, &entry));
	assert_int_equal(ipa_value(entry.pc), MACHINE_ENTRY + 8);

	host_power.cpu[1].off_ticks = HOST_POWER_NEVER;
	cpu_off(1);
	assert_int_equal(machine_call(ON64, 1, MACHINE_ENTRY, 0),
			 PSCI_INTERNAL_FAILURE);
	assert_int_equal(machine_call(INFO64, 1, 0, 0), PSCI_AFF_ON);
}

static void test_cpu_off_last(void **state)
{
	(void)state;
	assert_int_equal(machine_call(PSCI_CPU_OFF, 0, 0, 0), PSCI_DENIED);
	machine_cpu_on(1);
	cpu_off(1);
	assert_int_equal(machine_call(PSCI_CPU_OFF, 0, 0, 0), PSCI_DENIED);
	assert_int_equal(machine_call(INFO64, 0, 0, 0), PSCI_AFF_ON);
}

static void test_affinity_info(void **state)
{
	(void)state;
	assert_int_equal(machine_call(INFO64, 0, 0, 0), PSCI_AFF_ON);
	assert_int_equal(machine_call(INFO64, 3, 0, 0), PSCI_AFF_OFF);
	assert_int_equal(machine_call(INFO64, 0, 1, 0),
			 PSCI_INVALID_PARAMETERS);
	assert_int_equal(machine_call(INFO64, 0, UPPER, 0),
			 PSCI_INVALID_PARAMETERS);
	assert_int_equal(machine_call(INFO32, UPPER | 3, UPPER, 0),
			 PSCI_AFF_OFF);
	assert_int_equal(machine_call(INFO32, 0, 3, 0),
			 PSCI_INVALID_PARAMETERS);
}

/* ---- Suspends ------------------------------------------------------------ */

static void test_cpu_suspend(void **state)
{
	static const uint64_t bad[] = {
		1 << 16, 1 << 17, 1 << 23, 1 << 26, 1UL << 31, 0xffffffff,
	};
	struct machine_smc smc;
	unsigned int i;

	(void)state;
	smc = machine_smc(PSCI_CPU_SUSPEND, 0, 0, 0);
	assert_int_equal(smc.outcome, OUTCOME_STANDBY);
	assert_int_equal(smc.x[0], PSCI_SUCCESS);
	/* A state id; power_state has 32 bits in both forms. */
	smc = machine_smc(PSCI_64(PSCI_CPU_SUSPEND), UPPER | 0xffff, 0, 0);
	assert_int_equal(smc.outcome, OUTCOME_STANDBY);
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		assert_int_equal(machine_call(PSCI_CPU_SUSPEND, bad[i],
					      MACHINE_ENTRY, 0),
				 PSCI_INVALID_PARAMETERS);
		assert_int_equal(machine_call(PSCI_64(PSCI_CPU_SUSPEND),
					      bad[i], MACHINE_ENTRY, 0),
				 PSCI_INVALID_PARAMETERS);
	}
}

static void test_suspend(void **state)
{
	struct machine_smc smc;

	(void)state;
	host_power.wakes = true;
	smc = machine_smc(SUSPEND64, SLOT1_END - 4, UINT64_MAX, 0);
	assert_int_equal(smc.outcome, OUTCOME_ENTER);
	assert_int_equal(ipa_value(smc.entry.pc), SLOT1_END - 4);
	assert_int_equal(smc.entry.arg, UINT64_MAX);
	smc = machine_smc(SUSPEND32, UPPER | MACHINE_ENTRY, UINT64_MAX, 0);
	assert_int_equal(smc.outcome, OUTCOME_ENTER);
	assert_int_equal(ipa_value(smc.entry.pc), MACHINE_ENTRY);
	assert_int_equal(smc.entry.arg, UINT32_MAX);
	assert_int_equal(host_power.sleeps, 2);
}

static void test_suspend_denied(void **state)
{
	(void)state;
	host_power.wakes = true;
	host_power.cpu[2].on_ticks = SECOND;
	assert_int_equal(machine_call(ON64, 2, MACHINE_ENTRY, 0),
			 PSCI_SUCCESS);
	/* One CPU is on its way ... */
	assert_int_equal(machine_call(SUSPEND64, MACHINE_ENTRY, 0, 0),
			 PSCI_DENIED);
	host_counter_now += 2 * SECOND;
	assert_true(host_power_enter(2, &(struct cpu_entry) { 0 }));
	/* ... on ... */
	assert_int_equal(machine_call(SUSPEND64, MACHINE_ENTRY, 0, 0),
			 PSCI_DENIED);
	assert_int_equal(machine_call(SUSPEND32, 0, 0, 0), PSCI_DENIED);
	assert_int_equal(host_power.sleeps, 0);
	/* ... and going, which is as good as gone. */
	host_power.cpu[2].off_ticks = HOST_POWER_NEVER;
	cpu_off(2);
	assert_int_equal(machine_smc(SUSPEND64, MACHINE_ENTRY, 0, 0).outcome,
			 OUTCOME_ENTER);
}

static void test_suspend_bad_entry(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(bad_entries); i++)
		assert_int_equal(machine_call(SUSPEND64, bad_entries[i], 0, 0),
				 PSCI_INVALID_ADDRESS);
	assert_int_equal(host_power.sleeps, 0);
	assert_int_equal(machine_count_events(OSTI_EV_SUSPENDED), 0);
}

/* ---- The boot manager ---------------------------------------------------- */

static void test_bm(void **state)
{
	(void)state;
	assert_int_equal(machine_call(PSCI_VERSION, 0, 0, 0), 0x00010001);
	assert_int_equal(machine_call(ON64, 1, MACHINE_ENTRY, 0), PSCI_DENIED);
	assert_int_equal(machine_call(ON32, 99, 1, 0), PSCI_DENIED);
	assert_int_equal(host_power.cpu[1].starts, 0);
	assert_int_equal(machine_call(PSCI_CPU_OFF, 0, 0, 0), PSCI_DENIED);
	assert_int_equal(machine_call(SUSPEND64, MACHINE_ENTRY, 0, 0),
			 PSCI_DENIED);
	assert_int_equal(machine_call(SUSPEND32, MACHINE_ENTRY, 0, 0),
			 PSCI_DENIED);
	assert_int_equal(host_power.sleeps, 0);
	assert_int_equal(machine_call(INFO64, 1, 0, 0), PSCI_AFF_OFF);
	assert_int_equal(machine_smc(PSCI_CPU_SUSPEND, 0, 0, 0).outcome,
			 OUTCOME_STANDBY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_version, setup),
		cmocka_unit_test_setup(test_features, setup),
		cmocka_unit_test_setup(test_range, setup),
		cmocka_unit_test_setup(test_smccc, setup),
		cmocka_unit_test_setup(test_workarounds, setup),
		cmocka_unit_test_setup(test_unknown, setup),
		cmocka_unit_test_setup(test_cpu_on, setup),
		cmocka_unit_test_setup(test_cpu_on_32, setup),
		cmocka_unit_test_setup(test_cpu_on_pending, setup),
		cmocka_unit_test_setup(test_no_such_cpu, setup),
		cmocka_unit_test_setup(test_cpu_on_bad_entry, setup),
		cmocka_unit_test_setup(test_cpu_on_refused, setup),
		cmocka_unit_test_setup(test_cpu_on_helper, setup),
		cmocka_unit_test_setup(test_bm_sees_helper, setup_bm),
		cmocka_unit_test_setup(test_cpu_off, setup),
		cmocka_unit_test_setup(test_cpu_on_while_leaving, setup),
		cmocka_unit_test_setup(test_cpu_off_last, setup),
		cmocka_unit_test_setup(test_affinity_info, setup),
		cmocka_unit_test_setup(test_cpu_suspend, setup),
		cmocka_unit_test_setup(test_suspend, setup),
		cmocka_unit_test_setup(test_suspend_denied, setup),
		cmocka_unit_test_setup(test_suspend_bad_entry, setup),
		cmocka_unit_test_setup(test_bm, setup_bm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
