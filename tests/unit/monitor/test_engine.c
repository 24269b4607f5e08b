// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_engine.c - whose jobs of the image engine run, on one CPU at a time
 */
#include "test.h"

#include <stdbool.h>
#include <string.h>

#include "board.h"
#include "carry.h"
#include "context.h"
#include "engine.h"
#include "host.h"
#include "memory.h"
#include "slot.h"
#include "sweep.h"

#define MOST	(ENGINE_QUEUE + ENGINE_WORKERS)

static struct engine_job jobs[MOST + 1];
/* In the order in which they ended: their first argument. */
static uint64_t ended[MOST + 1];
static unsigned int nr_ended;

static struct context *slot(void)
{
	return context_get(CARRY_SLOT);
}

/* Instead of what the engine does: it says what it was told. */
static void echo(struct arch_thread *t)
{
	unsigned int i;

	ended[nr_ended++] = t->x[1];
	t->x[0] = OSTI_IMAGE_OK;
	for (i = 1; i < 4; i++)
		t->x[i] += 100;
}

static int setup(void **state)
{
	(void)state;
	carry_boot();
	carry_freeze(CARRY_SLOT, 1);
	memset(jobs, 0, sizeof(jobs));
	nr_ended = 0;
	engine_model.job = echo;
	return 0;
}

static void begin(void)
{
	assert_int_equal(slot_transition(slot(), SLOT_EV_EXPORT), OSTI_OK);
	assert_true(engine_load(slot()->size));
	engine_show(slot(), false);
}

static int setup_begun(void **state)
{
	setup(state);
	begin();
	return 0;
}

static bool submit(unsigned int n)
{
	jobs[n] = (struct engine_job) {
		.op = ENGINE_OP_CHUNK, .arg = { n, n + 1, n + 2 },
	};
	return engine_submit(&jobs[n]);
}

static void submit_many(unsigned int from, unsigned int to)
{
	for (; from < to; from++)
		assert_true(submit(from));
}

static bool step(const struct engine_job *first)
{
	return engine_step(first, ENGINE_SLICE_US);
}

static void assert_echo(unsigned int n)
{
	unsigned int i;

	assert_true(jobs[n].done);
	assert_int_equal(jobs[n].status, OSTI_IMAGE_OK);
	for (i = 0; i < 3; i++)
		assert_int_equal(jobs[n].result[i], n + i + 100);
}

/* ---- Loading --------------------------------------------------------------------- */

/* What was in its memory before is nobody's business, and its code is flash's. */
static void test_load(void **state)
{
	const struct machine_flash *flash = &machine_engine_flash;
	const uint64_t bytes = ENGINE_BYTES(CARRY_BYTES);
	const uint8_t *memory;
	uint64_t i;

	(void)state;
	machine_reset(1);
	memset(engine_model_memory(0, bytes), 0x5e, bytes);
	machine_init();
	assert_true(engine_load(CARRY_BYTES));
	memory = engine_model_memory(0, bytes);
	assert_memory_equal(memory, flash->payload, flash->header.size);
	for (i = (flash->header.size + 7) & ~7UL; i < bytes; i++)
		if (memory[i])
			fail_msg("not zero at %lx", i);
	/* Nobody can run it yet. */
	assert_false(step(NULL));
	engine_end();
	engine_clean();
	assert_true(machine_engine_is_gone());
}

/* Flash has another program in its place, or none. */
static void load_code(const struct flash_header *header)
{
	machine_engine_flash.header = *header;
	engine_init();
}

static void test_load_bad(void **state)
{
	const struct flash_header good = machine_engine_flash.header;
	struct flash_header bad[4] = { good, good, good, good };
	unsigned int i;

	(void)state;
	bad[0].magic[7] ^= 1;
	bad[1].size = 0;
	bad[2].size = ENGINE_CODE_BYTES + 1;
	/* It could be there, but begins at the start of its memory. */
	bad[3].offset = 4096;
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		load_code(&bad[i]);
		assert_false(engine_load(CARRY_BYTES));
		assert_non_null(strstr(host_log(), "no image engine"));
		assert_true(machine_engine_is_gone());
	}
	load_code(&good);
	assert_true(engine_load(CARRY_BYTES));
}

static void take_engine_away(void)
{
	struct flash_header header = machine_engine_flash.header;

	header.magic[0] ^= 1;
	load_code(&header);
}

/* For the boot manager it is hardware that does not do what it should. */
static void test_none(void **state)
{
	struct machine_smc smc;

	(void)state;
	take_engine_away();
	smc = machine_smc(OSTI_CALL_EXPORT_BEGIN, CARRY_SLOT, 1, 0);
	assert_int_equal((int64_t)smc.x[0], OSTI_E_HARDWARE);
	machine_assert_kept(&smc, 0);
	assert_int_equal(slot()->state, OSTI_SLOT_FROZEN);
	/* No generation was given away for it. */
	carry_assert_generation(0, NV_NONE);
	assert_int_equal(machine_smc(OSTI_CALL_SLOT_RESUME, CARRY_SLOT, 0, 0)
			 .outcome, OUTCOME_ENTER);
}

static void test_none_for_import(void **state)
{
	struct carry_image image;
	struct machine_smc smc;

	(void)state;
	engine_model.job = NULL;
	carry_export(CARRY_SLOT, &image);
	carry_commit_export();
	take_engine_away();
	memcpy(carry_buffer(OSTI_IMAGE_HEADER), image.file, OSTI_IMAGE_HEADER);
	smc = machine_smc(OSTI_CALL_IMPORT_BEGIN, CARRY_SLOT, CARRY_BUFFER, 0);
	assert_int_equal((int64_t)smc.x[0], OSTI_E_HARDWARE);
	machine_assert_kept(&smc, 0);
	assert_int_equal(slot()->state, OSTI_SLOT_EMPTY);
	assert_int_equal(pa_value(slot()->base), 0);
	assert_int_equal(machine_count_events(OSTI_EV_REJECTED), 0);
	/* The image is as good as before. */
	machine_engine_flash.header.magic[0] ^= 1;
	engine_init();
	assert_int_equal(carry_import(&image), 0);
	carry_free(&image);
}

/* ---- Order ----------------------------------------------------------------------- */

static void test_queue(void **state)
{
	unsigned int i;

	(void)state;
	assert_false(step(NULL));
	submit_many(0, ENGINE_QUEUE);
	assert_false(submit(ENGINE_QUEUE));
	assert_int_equal(engine_pending(), ENGINE_QUEUE);
	assert_true(step(NULL));
	assert_echo(0);
	assert_int_equal(engine_pending(), ENGINE_QUEUE - 1);
	assert_true(submit(ENGINE_QUEUE));
	assert_false(submit(ENGINE_QUEUE + 1));
	while (step(NULL))
		;
	assert_int_equal(engine_pending(), 0);
	assert_int_equal(nr_ended, ENGINE_QUEUE + 1);
	for (i = 0; i <= ENGINE_QUEUE; i++) {
		assert_echo(i);
		assert_int_equal(ended[i], i);
	}
	/* One after the other, they need one worker. */
	assert_int_equal(engine_model.workers, 1);
}

/* What somebody waits for, then what was begun, then the rest. */
static void test_preferred(void **state)
{
	(void)state;
	engine_model.slices = 1;
	submit_many(0, 5);
	assert_true(step(NULL));
	assert_true(step(&jobs[3]));
	assert_int_equal(nr_ended, 0);
	assert_true(step(&jobs[3]));
	assert_echo(3);
	assert_false(jobs[0].done);
	/* It is done: nothing is preferred any more. */
	assert_true(step(&jobs[3]));
	assert_echo(0);
	assert_true(step(&jobs[4]));
	assert_true(step(NULL));
	assert_echo(4);
	assert_true(step(NULL));
	assert_true(step(NULL));
	assert_echo(1);
	assert_true(step(NULL));
	assert_true(step(NULL));
	assert_echo(2);
	assert_false(step(NULL));
	assert_int_equal(engine_pending(), 0);
}

/* A job that was never submitted is not run because somebody prefers it. */
static void test_stranger(void **state)
{
	struct engine_job stranger = { .op = ENGINE_OP_CHUNK };

	(void)state;
	submit_many(0, 2);
	assert_true(step(&stranger));
	assert_echo(0);
	assert_true(step(&stranger));
	assert_echo(1);
	assert_false(step(&stranger));
	assert_false(stranger.done);
}

/* All workers have a job: another one has to wait, whoever wants it. */
static void test_workers(void **state)
{
	unsigned int i;

	(void)state;
	engine_model.slices = 1;
	submit_many(0, ENGINE_WORKERS + 2);
	for (i = 0; i < ENGINE_WORKERS; i++)
		assert_true(step(&jobs[i]));
	assert_int_equal(engine_model.workers, (1U << ENGINE_WORKERS) - 1);
	assert_int_equal(nr_ended, 0);
	assert_true(step(&jobs[ENGINE_WORKERS + 1]));
	assert_int_equal(nr_ended, 1);
	assert_false(jobs[ENGINE_WORKERS + 1].done);
	/* Now there is one for it. */
	assert_true(step(&jobs[ENGINE_WORKERS + 1]));
	assert_true(step(&jobs[ENGINE_WORKERS + 1]));
	assert_echo(ENGINE_WORKERS + 1);
	while (step(NULL))
		;
	for (i = 0; i < ENGINE_WORKERS + 2; i++)
		assert_echo(i);
}

/* A job goes on where it was, on whatever CPU has time. */
static void test_slices(void **state)
{
	unsigned int i;

	(void)state;
	engine_model.slices = 9;
	submit_many(0, 2);
	for (i = 0; i < 10; i++) {
		assert_false(jobs[1].done);
		host_cpu = i % 2;
		assert_true(engine_step(&jobs[1], 200 + i));
		assert_int_equal(engine_model.ticks,
				 (200 + i) * arch_counter_hz() / 1000000);
	}
	host_cpu = 0;
	assert_echo(1);
	assert_int_equal(engine_model.cpus, 3);
	assert_int_equal(engine_model.runs, 10);
	assert_int_equal(engine_model.begun[ENGINE_OP_CHUNK], 1);
	assert_false(jobs[0].done);
}

/* ---- What jobs say --------------------------------------------------------------- */

static uint64_t x0;

static void say(struct arch_thread *t)
{
	t->x[0] = x0;
}

static void test_status(void **state)
{
	static const uint64_t nonsense[] = {
		1, 2, 27, 28, 1UL << 31, 0xffffffff, 0xfffffff7, 1UL << 32,
		0x1fffffff7, (uint64_t)OSTI_IMAGE_E_LAST - 1, -(uint64_t)100,
		INT64_MAX, 1UL << 63, 0xffffffff00000000, 0xfffffffeffffffff,
	};
	unsigned int i;
	int err;

	(void)state;
	engine_model.job = say;
	for (err = OSTI_IMAGE_OK; err >= OSTI_IMAGE_E_LAST; err--) {
		x0 = (int64_t)err;
		submit_many(0, 1);
		assert_true(step(NULL));
		assert_true(jobs[0].done);
		assert_int_equal(jobs[0].status, err);
	}
	for (i = 0; i < ARRAY_SIZE(nonsense); i++) {
		x0 = nonsense[i];
		submit_many(0, 1);
		assert_true(step(NULL));
		assert_int_equal(jobs[0].status, OSTI_IMAGE_E_ENGINE);
	}
}

static void test_fault(void **state)
{
	(void)state;
	engine_model.slices = 1;
	submit_many(0, 2);
	engine_model.fault_in = 2;
	assert_true(step(NULL));
	assert_false(jobs[0].done);
	assert_true(step(NULL));
	assert_true(jobs[0].done);
	assert_int_equal(jobs[0].status, OSTI_IMAGE_E_ENGINE);
	assert_non_null(strstr(host_log(), "the image engine failed in job"));
	assert_int_equal(engine_pending(), 1);
	/* The worker is free, and the next job finds nothing in it. */
	assert_true(step(NULL));
	assert_true(step(NULL));
	assert_echo(1);
	assert_int_equal(engine_model.workers, 1);
}

/* ---- The end --------------------------------------------------------------------- */

static void test_end(void **state)
{
	const uint64_t root = pa_value(memory_engine_root());

	(void)state;
	engine_model.slices = 3;
	submit_many(0, 4);
	assert_true(step(&jobs[2]));
	assert_true(step(NULL));
	*engine_model_memory(ENGINE_WORKER(3), 1) = 1;
	engine_end();
	assert_int_equal(engine_pending(), 0);
	assert_false(step(NULL));
	assert_false(step(&jobs[2]));
	assert_false(jobs[2].done);
	assert_int_equal(pa_value(memory_engine_root()), root);
	/* From its end on it is in no table; zeroing takes time. */
	assert_false(host_device_read64(root + 8) & 1);
	assert_false(engine_is_clean());
	while (sweep_step())
		;
	assert_true(engine_is_clean());
	assert_true(machine_engine_is_gone());
	/* Nothing happens when nobody has it. */
	engine_end();
	assert_true(engine_is_clean());

	/* Of the jobs of before, the next image has none. */
	assert_true(engine_load(slot()->size));
	engine_show(slot(), false);
	assert_false(step(NULL));
	submit_many(5, 6);
	engine_model.slices = 0;
	assert_true(step(&jobs[2]));
	assert_echo(5);
	assert_false(jobs[2].done);
}

/* The largest of the memory that images had is zeroed. */
static void test_sizes(void **state)
{
	const uint64_t largest = 512UL * 1024 * 1024;
	const uint64_t end = ENGINE_BYTES(largest);

	(void)state;
	assert_true(engine_load(largest));
	*engine_model_memory(end - 1, 1) = 1;
	assert_ptr_equal(engine_memory(end - 1, 1),
			 engine_model_memory(end - 1, 1));
	engine_end();
	engine_clean();
	assert_int_equal(*engine_model_memory(end - 1, 1), 0);
	assert_true(engine_load(CARRY_BYTES));
	engine_end();
	engine_clean();
	assert_true(machine_engine_is_gone());
}

static void test_misuse(void **state)
{
	const uint64_t bytes = ENGINE_BYTES(CARRY_BYTES);

	(void)state;
	expect_assert_failure((void)engine_memory(0, 1));
	expect_assert_failure((void)submit(0));
	expect_assert_failure(engine_show(slot(), false));
	begin();
	expect_assert_failure((void)engine_load(CARRY_BYTES));
	expect_assert_failure(engine_show(slot(), false));
	assert_non_null(engine_memory(bytes, 0));
	expect_assert_failure((void)engine_memory(bytes, 1));
	expect_assert_failure((void)engine_memory(bytes + 1, 0));
	expect_assert_failure((void)engine_memory(1, UINT64_MAX));
	expect_assert_failure((void)engine_memory(UINT64_MAX, 2));
	expect_assert_failure((void)engine_load(64UL << 30));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_load, setup),
		cmocka_unit_test_setup(test_load_bad, setup),
		cmocka_unit_test_setup(test_none, setup),
		cmocka_unit_test_setup(test_none_for_import, setup),
		cmocka_unit_test_setup(test_queue, setup_begun),
		cmocka_unit_test_setup(test_preferred, setup_begun),
		cmocka_unit_test_setup(test_stranger, setup_begun),
		cmocka_unit_test_setup(test_workers, setup_begun),
		cmocka_unit_test_setup(test_slices, setup_begun),
		cmocka_unit_test_setup(test_status, setup_begun),
		cmocka_unit_test_setup(test_fault, setup_begun),
		cmocka_unit_test_setup(test_end, setup_begun),
		cmocka_unit_test_setup(test_sizes, setup),
		cmocka_unit_test_setup(test_misuse, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
