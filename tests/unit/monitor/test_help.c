// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_help.c - images that all CPUs of the device work on
 */
#include "test.h"

#include <stdbool.h>
#include <string.h>

#include "carry.h"
#include "context.h"
#include "cpu.h"
#include "cpus.h"
#include "engine.h"
#include "event.h"
#include "help.h"
#include "host.h"
#include "host_power.h"
#include "lock.h"
#include "psci.h"
#include "spy.h"

#define CPUS	4
#define OTHER	2

/* What one CPU makes of CARRY_SLOT. */
static struct carry_image alone;
/* Blocks that each CPU has zeroed. */
static unsigned int zeroed[CPUS];

static struct context *slot(void)
{
	return context_get(CARRY_SLOT);
}

static void boot(unsigned int cpus)
{
	uint8_t key[MACHINE_KEY_BYTES];

	cpus_reset();
	carry_key(1, key);
	machine_boot_provisioned(cpus, key);
	slot()->size = CARRY_BYTES;
	carry_freeze(CARRY_SLOT, 1);
	memset(zeroed, 0, sizeof(zeroed));
}

static int setup_group(void **state)
{
	(void)state;
	boot(1);
	carry_export(CARRY_SLOT, &alone);
	assert_false(help_is_there());
	assert_int_equal(engine_model.cpus, 1);
	return 0;
}

static int teardown_group(void **state)
{
	(void)state;
	carry_free(&alone);
	return 0;
}

static int setup(void **state)
{
	(void)state;
	boot(CPUS);
	cpus_listening = ~0U;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	cpus_reset();
	return 0;
}

/* In the engine and in a block that is zeroed, each gives way to the others. */
static void give_way(void)
{
	if (host_cpu)
		cpus_pause();
	else
		cpus_run_all();
}

static void count_block(void)
{
	zeroed[host_cpu]++;
	give_way();
}

/* As main.c: a CPU that was powered on. */
static void main_cpu(void)
{
	const unsigned int self = host_cpu;

	lock_or_stop();
	assert_true(cpu_is_helper(self));
	assert_true(host_power_help(self));
	lock_release();
	help_loop();
	lock_or_stop();
	cpu_leave();
	lock_release();
	host_power_leave(self);
}

/* All that were called come. */
static void let_them_come(unsigned int cpus)
{
	unsigned int cpu;

	engine_model.meanwhile = give_way;
	spy_do_at("arch_zero", count_block);
	(void)arch_counter();
	lock_release();
	for (cpu = 1; cpu < cpus; cpu++) {
		assert_int_equal(host_power.cpu[cpu].state, HOST_POWER_WAITS);
		cpus_start(cpu, main_cpu);
	}
	lock_or_stop();
}

static void assert_gone(void)
{
	unsigned int cpu;

	for (cpu = 1; cpu < CPUS; cpu++) {
		assert_int_equal(cpu_state(cpu), CPU_OFF);
		assert_int_equal(host_power.cpu[cpu].state, HOST_POWER_OFF);
		assert_true(cpus_is_off(cpu));
	}
	assert_int_equal(machine_count_events(OSTI_EV_CUT_OFF), 0);
	carry_assert_clean();
}

/* ---- They come and go ------------------------------------------------------------- */

static void test_called(void **state)
{
	unsigned int cpu;

	(void)state;
	/* One that the firmware refuses, and one that is slow. */
	host_power.cpu[2].refusal = -6;
	host_power.cpu[3].on_ticks = arch_counter_hz();
	assert_false(help_is_there());
	help_call();
	assert_true(help_is_there());
	assert_int_equal(cpu_state(0), CPU_ON);
	assert_int_equal(cpu_state(1), CPU_HELPER_PENDING);
	assert_int_equal(cpu_state(2), CPU_OFF);
	assert_int_equal(cpu_state(3), CPU_HELPER_PENDING);
	/* Once. */
	help_call();
	for (cpu = 0; cpu < CPUS; cpu++)
		assert_int_equal(host_power.cpu[cpu].starts,
				 cpu == 1 || cpu == 3);
	host_power.cpu[3].off_ticks = 0;
	help_dismiss();
	assert_false(help_is_there());
	assert_int_equal(machine_count_events(OSTI_EV_CUT_OFF), 0);
	/* Those that are lost are not called. */
	cpu_cut_off(1);
	help_call();
	assert_int_equal(cpu_state(1), CPU_LOST);
	assert_int_equal(host_power.cpu[1].starts, 1);
}

/* Without work they nap, and look for some all the time. */
static void test_nap(void **state)
{
	const unsigned int before = host_naps;
	unsigned int i;

	(void)state;
	help_call();
	let_them_come(CPUS);
	for (i = 0; i < 10; i++)
		cpus_let_all();
	assert_int_equal(host_naps - before, 11 * (CPUS - 1));
	help_dismiss();
	assert_gone();
	assert_int_equal(engine_model.runs, 0);
}

/* A CPU that nobody waits for has longer slices than the caller. */
static void test_slices(void **state)
{
	struct carry_image image = { .slot = CARRY_SLOT };
	const uint64_t ms = arch_counter_hz() / 1000;

	(void)state;
	engine_model.slices = 50;
	carry_export_steps(&image, CARRY_SCANNING, CARRY_SCANNING);
	assert_true(engine_model.ticks < ms);
	let_them_come(2);
	cpus_let(1);
	assert_int_equal(engine_model.cpus, 3);
	assert_true(engine_model.ticks > 2 * ms);
	carry_abort_export();
	assert_int_equal(cpu_state(1), CPU_OFF);
}

/* ---- Images -------------------------------------------------------------------------- */

static void export(struct carry_image *image)
{
	memset(image, 0, sizeof(*image));
	image->slot = CARRY_SLOT;
	carry_export_steps(image, CARRY_SCANNING, CARRY_SCANNING);
	let_them_come(CPUS);
	carry_export_steps(image, CARRY_SCANNED, CARRY_READ);
}

static void assert_all_worked(void)
{
	assert_int_equal(engine_model.cpus, (1U << CPUS) - 1);
	engine_model.cpus = 0;
}

static void test_image(void **state)
{
	struct carry_image image;
	unsigned int cpu, sum = 0;

	(void)state;
	engine_model.slices = 2;
	export(&image);
	assert_all_worked();
	/* Chunks are the same, whoever makes them. */
	assert_int_equal(image.bytes, alone.bytes);
	assert_memory_equal(image.file + image.head, alone.file + alone.head,
			    alone.bytes - alone.head);
	assert_true(help_is_there());
	carry_commit_export();
	assert_gone();
	for (cpu = 0; cpu < CPUS; cpu++) {
		assert_true(zeroed[cpu] > 0);
		sum += zeroed[cpu];
	}
	assert_int_equal(sum, CARRY_BYTES / (2 << 20));

	cpus_reset();
	cpus_listening = ~0U;
	assert_int_equal(carry_import_steps(&image, CARRY_WRITING,
					    CARRY_WRITING), 0);
	let_them_come(CPUS);
	assert_int_equal(carry_import_steps(&image, CARRY_WRITTEN,
					    CARRY_CHECKED), 0);
	assert_all_worked();
	carry_commit_import();
	assert_gone();
	carry_assert_contents(CARRY_SLOT, 1);
	/* The OS has all CPUs as before. */
	assert_int_equal(machine_smc(OSTI_CALL_SLOT_RESUME, CARRY_SLOT, 0, 0)
			 .outcome, OUTCOME_ENTER);
	for (cpu = 1; cpu < CPUS; cpu++) {
		host_power.cpu[cpu].off_ticks = 0;
		machine_cpu_on(cpu);
	}
	carry_free(&image);
}

/* The table is sealed by one CPU when no other is at it. */
static void test_seal_alone(void **state)
{
	struct carry_image image = { .slot = CARRY_SLOT };

	(void)state;
	carry_export_steps(&image, CARRY_SCANNING, CARRY_CHUNKED);
	let_them_come(2);
	engine_model.slices = 2;
	/* A chunk is made once more, and CPU 1 is in the middle of it. */
	machine_smc(OSTI_CALL_EXPORT_CHUNK, 0, CARRY_BUFFER,
		    OSTI_IMAGE_STORED_MAX);
	cpus_let(1);
	assert_int_equal(engine_model.begun[ENGINE_OP_CHUNK],
			 engine_model.done[ENGINE_OP_CHUNK] + 1);
	assert_int_equal(machine_call(OSTI_CALL_EXPORT_SEAL, 0, 0, 0),
			 OSTI_AGAIN);
	assert_int_equal(engine_model.begun[ENGINE_OP_SEAL], 0);
	carry_export_steps(&image, CARRY_SEALED, CARRY_READ);
	assert_int_equal(engine_model.begun[ENGINE_OP_CHUNK],
			 engine_model.done[ENGINE_OP_CHUNK]);
	carry_abort_export();
	carry_free(&image);
}

/* Refused while they work on it. */
static void test_refused(void **state)
{
	struct carry_image image;

	(void)state;
	carry_export(CARRY_SLOT, &image);
	carry_commit_export();
	image.file[image.at[3] + 50] ^= 1;
	assert_int_equal(carry_import_steps(&image, CARRY_WRITING,
					    CARRY_WRITING), 0);
	let_them_come(CPUS);
	assert_int_equal(carry_import_steps(&image, CARRY_WRITTEN,
					    CARRY_CHECKED),
			 OSTI_IMAGE_E_CHUNK_TAG);
	assert_gone();
	assert_int_equal(slot()->state, OSTI_SLOT_EMPTY);
	assert_true(machine_is_zero(CARRY_SLOT));
	carry_free(&image);
}

static void test_abort(void **state)
{
	struct carry_image image;
	enum carry_export stage;

	for (stage = CARRY_SCANNING; stage <= CARRY_READ; stage++) {
		setup(state);
		engine_model.slices = 3;
		image = (struct carry_image) { .slot = CARRY_SLOT };
		carry_export_steps(&image, CARRY_SCANNING, CARRY_SCANNING);
		let_them_come(CPUS);
		cpus_let_all();
		carry_export_steps(&image, CARRY_SCANNED, stage);
		carry_abort_export();
		assert_gone();
		assert_int_equal(slot()->state, OSTI_SLOT_FROZEN);
		carry_assert_contents(CARRY_SLOT, 1);
		carry_free(&image);
	}
}

/* The boot manager crashes while others work for it. */
static void test_reset(void **state)
{
	struct carry_image image = { .slot = CARRY_SLOT };

	(void)state;
	engine_model.slices = 3;
	carry_export_steps(&image, CARRY_SCANNING, CARRY_SCANNING);
	let_them_come(CPUS);
	carry_export_steps(&image, CARRY_SCANNED, CARRY_CHUNKING);
	assert_int_equal(machine_smc(PSCI_SYSTEM_RESET, 0, 0, 0).outcome,
			 OUTCOME_ENTER);
	assert_gone();
	assert_int_equal(slot()->state, OSTI_SLOT_FROZEN);
	carry_assert_contents(CARRY_SLOT, 1);
	carry_free(&image);
}

/* ---- Some do not come back ------------------------------------------------------------- */

static void assert_lost(unsigned int cpu)
{
	struct event_record rec = machine_last_event(OSTI_EV_CUT_OFF);

	assert_int_equal(cpu_state(cpu), CPU_LOST);
	assert_int_equal(rec.arg[0], OSTI_CUT_CPU);
	assert_int_equal(rec.arg[1], cpu);
	carry_assert_clean();
}

/* The image is made without it, and so is the next. */
static void test_lost_in_engine(void **state)
{
	struct carry_image image;

	(void)state;
	image = (struct carry_image) { .slot = CARRY_SLOT };
	carry_export_steps(&image, CARRY_SCANNING, CARRY_SCANNED);
	let_them_come(2);
	machine_smc(OSTI_CALL_EXPORT_CHUNK, 0, CARRY_BUFFER,
		    OSTI_IMAGE_STORED_MAX);
	cpus_let(1);
	assert_int_equal(engine_model.cpus, 3);
	/* CPU 1 is in it for ever. */
	cpus_listening = 0;
	host_counter_now += 10 * arch_counter_hz();
	carry_export_steps(&image, CARRY_CHUNKING, CARRY_READ);
	assert_int_equal(cpu_state(1), CPU_LOST);
	assert_int_equal(image.bytes, alone.bytes);
	assert_memory_equal(image.file + image.head, alone.file + alone.head,
			    alone.bytes - alone.head);
	/* Nor is anybody waited for again. */
	host_power.cpu[2].off_ticks = 0;
	host_power.cpu[3].off_ticks = 0;
	carry_commit_export();
	assert_lost(1);
	assert_int_equal(machine_count_events(OSTI_EV_CUT_OFF), 1);
	assert_int_equal(carry_import(&image), 0);
	carry_commit_import();
	carry_assert_contents(CARRY_SLOT, 1);
	carry_free(&image);
}

/* It naps for ever: the image is safe, then it is given up. */
static void test_lost_in_nap(void **state)
{
	struct carry_image image;

	(void)state;
	image = (struct carry_image) { .slot = CARRY_SLOT };
	carry_export_steps(&image, CARRY_SCANNING, CARRY_READ);
	let_them_come(2);
	cpus_let(1);
	cpus_listening = 0;
	carry_commit_export();
	assert_lost(1);
	assert_int_equal(slot()->state, OSTI_SLOT_EMPTY);
	carry_assert_generation(1, NV_STORED);
	/* Should it come after all, it goes off. */
	assert_false(cpus_let(1));
	assert_int_equal(cpu_state(1), CPU_LOST);
	assert_int_equal(carry_import(&image), 0);
	carry_commit_import();
	carry_free(&image);
}

/* It was called and never came. */
static void test_never_came(void **state)
{
	struct carry_image image;

	(void)state;
	host_power.cpu[2].on_ticks = HOST_POWER_NEVER;
	carry_export(CARRY_SLOT, &image);
	assert_int_equal(cpu_state(2), CPU_HELPER_PENDING);
	carry_commit_export();
	assert_lost(2);
	assert_int_equal(cpu_state(1), CPU_OFF);
	assert_int_equal(cpu_state(3), CPU_OFF);
	carry_free(&image);
}

#define TEST(f)	cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_called),
		TEST(test_nap),
		TEST(test_slices),
		TEST(test_image),
		TEST(test_seal_alone),
		TEST(test_refused),
		TEST(test_abort),
		TEST(test_reset),
		TEST(test_lost_in_engine),
		TEST(test_lost_in_nap),
		TEST(test_never_came),
	};

	return cmocka_run_group_tests(tests, setup_group, teardown_group);
}
