// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_engine_cpus.c - several CPUs in the image engine at the same time, some
 * of which do not come back
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
#include "host.h"
#include "host_power.h"
#include "lock.h"
#include "memory.h"
#include "slot.h"

#define CPUS	4
/* Longer than a CPU may be in a slice. */
#define TOO_LONG	(6 * arch_counter_hz())

static struct engine_job jobs[8];

static struct context *slot(void)
{
	return context_get(CARRY_SLOT);
}

static void echo(struct arch_thread *t)
{
	t->x[0] = OSTI_IMAGE_OK;
	t->x[1] += 100;
}

static void begin(void)
{
	assert_int_equal(slot_transition(slot(), SLOT_EV_EXPORT), OSTI_OK);
	assert_true(engine_load(slot()->size));
	engine_show(slot(), false);
}

static int setup(void **state)
{
	uint8_t key[MACHINE_KEY_BYTES];

	(void)state;
	cpus_reset();
	carry_key(1, key);
	machine_boot_provisioned(CPUS, key);
	slot()->size = CARRY_BYTES;
	carry_freeze(CARRY_SLOT, 1);
	memset(jobs, 0, sizeof(jobs));
	engine_model.job = echo;
	begin();
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	cpus_reset();
	return 0;
}

static void submit(unsigned int n, uint64_t op)
{
	jobs[n] = (struct engine_job) { .op = op, .arg = { n } };
	assert_true(engine_submit(&jobs[n]));
}

static void assert_echo(unsigned int n)
{
	assert_true(jobs[n].done);
	assert_int_equal(jobs[n].status, OSTI_IMAGE_OK);
	assert_int_equal(jobs[n].result[0], n + 100);
}

static bool step(const struct engine_job *first)
{
	return engine_step(first, ENGINE_SLICE_US);
}

/* In each slice: all CPUs but the first let the others go on. */
static void stay(void)
{
	if (host_cpu)
		cpus_pause();
}

/* What another CPU does: one slice of any job, in which it stays. */
static void one_slice(void)
{
	lock_or_stop();
	assert_true(engine_step(NULL, ENGINE_LONG_SLICE_US));
	lock_release();
}

/* CPU @cpu is in a slice when this returns. */
static void enter(unsigned int cpu)
{
	engine_model.meanwhile = stay;
	lock_release();
	cpus_start(cpu, one_slice);
	lock_or_stop();
	assert_true(engine_model.cpus & 1U << cpu);
	assert_false(cpus_is_off(cpu));
}

/* ---- All come back --------------------------------------------------------------- */

static void test_together(void **state)
{
	unsigned int cpu, i;

	(void)state;
	for (i = 0; i < 5; i++)
		submit(i, ENGINE_OP_CHUNK);
	for (cpu = 1; cpu < CPUS; cpu++)
		enter(cpu);
	/* Each has a job and a worker of its own. */
	assert_int_equal(engine_model.workers, 7);
	assert_int_equal(engine_pending(), 5);
	/* What somebody else does can be preferred, but not be done. */
	assert_true(step(&jobs[1]));
	assert_echo(3);
	assert_true(step(&jobs[1]));
	assert_echo(4);
	assert_false(step(&jobs[1]));
	for (cpu = 1; cpu < CPUS; cpu++) {
		assert_false(jobs[cpu - 1].done);
		assert_false(cpus_let(cpu));
		assert_echo(cpu - 1);
	}
	assert_int_equal(engine_pending(), 0);
}

/* The other's job ends while this CPU waits for the lock. */
static void test_handed_over(void **state)
{
	(void)state;
	engine_model.slices = 1;
	submit(0, ENGINE_OP_CHUNK);
	enter(1);
	assert_false(step(&jobs[0]));
	assert_false(cpus_let(1));
	/* It has left a slice, the job wants another one: this CPU's. */
	assert_false(jobs[0].done);
	assert_true(step(NULL));
	assert_echo(0);
	assert_int_equal(engine_model.begun[ENGINE_OP_CHUNK], 1);
}

/* It came back late, but it came before somebody had it for lost. */
static void test_late(void **state)
{
	(void)state;
	submit(0, ENGINE_OP_SEAL);
	enter(1);
	host_counter_now += 4 * arch_counter_hz();
	assert_false(step(NULL));
	host_counter_now += TOO_LONG;
	assert_false(cpus_let(1));
	assert_echo(0);
	assert_false(step(NULL));
	assert_int_equal(cpu_state(1), CPU_OFF);
}

/* ---- One does not ------------------------------------------------------------------ */

static void assert_lost(unsigned int cpu)
{
	struct event_record rec = machine_last_event(OSTI_EV_CUT_OFF);

	assert_int_equal(cpu_state(cpu), CPU_LOST);
	assert_int_equal(rec.arg[0], OSTI_CUT_CPU);
	assert_int_equal(rec.arg[1], cpu);
	assert_int_equal(machine_count_events(OSTI_EV_CUT_OFF), 1);
}

/* What can be done twice is done by another CPU. */
static void repeat(uint64_t op)
{
	const uint64_t root = pa_value(memory_engine_root());
	const uint16_t vmid = memory_engine_vmid();

	submit(0, op);
	submit(1, op);
	enter(1);
	host_counter_now += TOO_LONG;
	assert_true(step(NULL));
	assert_lost(1);
	/* It can have no translation of what others have now. */
	assert_int_not_equal(pa_value(memory_engine_root()), root);
	assert_int_not_equal(memory_engine_vmid(), vmid);
	assert_false(host_device_read64(root + 8) & 1);
	while (step(NULL))
		;
	assert_echo(0);
	assert_echo(1);
	/* Its worker is not used: it may still write down what it has. */
	assert_int_equal(engine_model.workers, 3);

	/* It comes after all: it goes off, and nothing has changed. */
	jobs[0].result[0] = 0;
	assert_false(cpus_let(1));
	assert_int_equal(jobs[0].result[0], 0);
	assert_int_equal(engine_pending(), 0);
	assert_int_equal(cpu_state(1), CPU_LOST);
}

static void test_lost_scan(void **state)
{
	(void)state;
	repeat(ENGINE_OP_SCAN);
}

static void test_lost_chunk(void **state)
{
	(void)state;
	repeat(ENGINE_OP_CHUNK);
}

static void test_lost_place(void **state)
{
	(void)state;
	repeat(ENGINE_OP_PLACE);
}

/* What may have been done by half cannot be done again. */
static void test_lost_alone(void **state)
{
	static const uint64_t ops[] = {
		ENGINE_OP_EXPORT, ENGINE_OP_FINISH, ENGINE_OP_SEAL,
		ENGINE_OP_OPEN,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(ops); i++) {
		setup(state);
		submit(0, ops[i]);
		enter(1);
		host_counter_now += TOO_LONG;
		assert_false(step(NULL));
		assert_lost(1);
		assert_true(jobs[0].done);
		assert_int_equal(jobs[0].status, OSTI_IMAGE_E_ENGINE);
			assert_int_equal(engine_pending(), 0);
		assert_false(step(NULL));
		cpus_let(1);
		assert_int_equal(jobs[0].status, OSTI_IMAGE_E_ENGINE);
	}
}

/* The other tables are taken from those who are well: nothing is their fault. */
static void test_lost_and_others(void **state)
{
	(void)state;
	submit(0, ENGINE_OP_CHUNK);
	submit(1, ENGINE_OP_SEAL);
	enter(1);
	host_counter_now += TOO_LONG / 2;
	enter(2);
	host_counter_now += TOO_LONG / 2;
	/* CPU 2 came later, so it is not late. */
	assert_true(step(NULL));
	assert_lost(1);
	assert_echo(0);
	/* Its old table is empty: what it does is a fault. */
	assert_false(cpus_let(2));
	assert_false(jobs[1].done);
	assert_true(step(NULL));
	assert_echo(1);
}

/* ---- The end of an image ------------------------------------------------------------- */

/* CPU 1 is in a job when the image ends, and another image begins. */
static void end_and_begin(void)
{
	engine_end();
	assert_int_equal(engine_pending(), 0);
	assert_false(step(NULL));
	engine_clean();
	assert_int_equal(slot_transition(slot(), SLOT_EV_ABORT), OSTI_OK);
	begin();
}

static void test_end(void **state)
{
	const uint64_t before = arch_counter();

	(void)state;
	cpus_listening = 1U << 1;
	submit(0, ENGINE_OP_SEAL);
	enter(1);
	end_and_begin();
	/* Nobody waited longer than it took. */
	assert_true(arch_counter() - before < arch_counter_hz());
	assert_int_equal(machine_count_events(OSTI_EV_CUT_OFF), 0);
	/*
	 * CPU 1 has left its slice and waits for the lock; its worker has
	 * another job already.
	 */
	engine_model.slices = 1;
	submit(1, ENGINE_OP_SEAL);
	assert_true(step(NULL));
	assert_false(cpus_let(1));
	assert_false(jobs[0].done);
	assert_false(jobs[1].done);
	assert_int_equal(engine_pending(), 1);
	assert_true(step(NULL));
	assert_echo(1);
}

/* It can do no harm, also when it comes back in the middle of the next image. */
static void test_end_lost(void **state)
{
	const uint64_t root = pa_value(memory_engine_root());

	(void)state;
	submit(0, ENGINE_OP_CHUNK);
	enter(1);
	end_and_begin();
	assert_lost(1);
	assert_int_not_equal(pa_value(memory_engine_root()), root);
	assert_false(host_device_read64(root + 8) & 1);
	engine_model.slices = 1;
	submit(1, ENGINE_OP_CHUNK);
	assert_true(step(NULL));
	assert_false(cpus_let(1));
	assert_false(jobs[0].done);
	assert_false(jobs[1].done);
	assert_true(step(NULL));
	assert_echo(1);
	/* Worker 0 is still its own. */
	assert_int_equal(engine_model.workers, 3);
	engine_end();
	engine_clean();
	assert_true(machine_engine_is_gone());
}

/* Every CPU but this one: the last image is as good as the first. */
static void test_all_lost(void **state)
{
	unsigned int cpu;

	(void)state;
	for (cpu = 1; cpu < CPUS; cpu++) {
		submit(0, ENGINE_OP_CHUNK);
		enter(cpu);
		end_and_begin();
		assert_int_equal(cpu_state(cpu), CPU_LOST);
	}
	assert_int_equal(machine_count_events(OSTI_EV_CUT_OFF), CPUS - 1);
	submit(0, ENGINE_OP_CHUNK);
	assert_true(step(NULL));
	assert_echo(0);
}

#define TEST(f)	cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_together),
		TEST(test_handed_over),
		TEST(test_late),
		TEST(test_lost_scan),
		TEST(test_lost_chunk),
		TEST(test_lost_place),
		TEST(test_lost_alone),
		TEST(test_lost_and_others),
		TEST(test_end),
		TEST(test_end_lost),
		TEST(test_all_lost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
