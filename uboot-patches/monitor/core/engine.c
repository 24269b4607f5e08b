// SPDX-License-Identifier: GPL-2.0-only
/*
 * engine.c - the image engine: whose jobs run on which CPU, and for how long
 */
#include "engine.h"

#include <stdatomic.h>

#include "board.h"
#include "cpu.h"
#include "deadline.h"
#include "device.h"
#include "engine_abi.h"
#include "flash.h"
#include "lock.h"
#include "log.h"
#include "memory.h"
#include "power.h"
#include "string.h"
#include "sweep.h"
#include "world.h"

/* All of its memory but the code */
#define MEMORY		pa_make(BOARD_ENGINE_BASE + ENGINE_BSS)
/*
 * A CPU that does not come back from a slice within this is taken for lost. It
 * is long, since a CPU of an emulated device may get no time for a while.
 */
#define WAIT_MS		5000

_Static_assert(ENGINE_WORKERS >= OSTI_MAX_CPUS, "a worker for each CPU");

enum worker_state {
	WORKER_FREE,
	WORKER_WAITING,		/* its job was begun and wants a CPU */
	WORKER_RUNNING,		/* a CPU is in it, or just left it */
	WORKER_LOST,		/* a CPU was, and may still write to it */
};

struct worker {
	enum worker_state state;
	struct engine_job *job;
	struct arch_thread thread;
	unsigned int cpu;
	uint64_t deadline;	/* until when the CPU must be back */
	atomic_bool inside;	/* the CPU may run the engine's code */
};

static struct {
	bool has_code;
	bool loaded;
	bool shown;
	uint64_t bytes;		/* of its memory, as it was loaded last */
	const struct context *slot;	/* while it is shown */
	bool writable;
	/* A CPU that returns to another epoch has nothing to note here. */
	unsigned int epoch;
	unsigned int pending;
	unsigned int queued;
	struct engine_job *queue[ENGINE_QUEUE];
	struct worker workers[ENGINE_WORKERS];
} e;

/*
 * The code is what nobody ever writes to, so it is loaded once: flash is slow,
 * and a call that begins with an image is short.
 */
void engine_init(void)
{
	static const struct flash_place place = {
		.start = BOARD_FLASH_ENGINE,
		.end = BOARD_FLASH_BM,
		.magic = ENGINE_MAGIC,
	};
	struct flash_header header;
	int err;

	memset(&e, 0, sizeof(e));
	sweep_finish(pa_make(BOARD_ENGINE_BASE), ENGINE_CODE_BYTES);
	err = flash_load(&place, pa_make(BOARD_ENGINE_BASE), ENGINE_CODE_BYTES,
			 &header);
	e.has_code = !err && !header.offset;
	if (!e.has_code)
		log_error("no image engine in the firmware image (%d), so no hibernation: build it with 'make firmware'",
			  err);
}

void *engine_memory(uint64_t offset, uint64_t bytes)
{
	ASSERT(e.loaded && offset <= e.bytes && bytes <= e.bytes - offset);
	return arch_phys(pa_make(BOARD_ENGINE_BASE + offset), bytes);
}

static void forget_jobs(void)
{
	unsigned int i;

	for (i = 0; i < ENGINE_WORKERS; i++) {
		if (e.workers[i].state != WORKER_LOST)
			e.workers[i].state = WORKER_FREE;
		e.workers[i].job = NULL;
		memset(&e.workers[i].thread, 0, sizeof(e.workers[i].thread));
	}
	e.queued = 0;
	e.pending = 0;
}

bool engine_load(uint64_t slot_bytes)
{
	const uint64_t bytes = ENGINE_BYTES(slot_bytes);

	LOCK_ASSERT_HELD();
	ASSERT(!e.loaded && bytes <= BOARD_ENGINE_SIZE);
	if (!e.has_code)
		return false;
	sweep_finish(MEMORY, bytes - ENGINE_BSS);
	sweep_soil(MEMORY, bytes - ENGINE_BSS);
	e.loaded = true;
	e.bytes = bytes;
	return true;
}

void engine_show(const struct context *slot, bool writable)
{
	LOCK_ASSERT_HELD();
	ASSERT(e.loaded && !e.shown);
	memory_engine_grant(slot, writable, e.bytes);
	e.slot = slot;
	e.writable = writable;
	e.shown = true;
}

unsigned int engine_pending(void)
{
	return e.pending;
}

bool engine_submit(struct engine_job *job)
{
	LOCK_ASSERT_HELD();
	ASSERT(e.shown);
	if (e.queued == ENGINE_QUEUE)
		return false;
	job->done = false;
	e.queue[e.queued++] = job;
	e.pending++;
	return true;
}

/* ---- Which job is next -------------------------------------------------------- */

static struct worker *worker_in(enum worker_state state,
				const struct engine_job *job)
{
	unsigned int i;

	for (i = 0; i < ENGINE_WORKERS; i++)
		if (e.workers[i].state == state &&
		    (!job || e.workers[i].job == job))
			return &e.workers[i];
	return NULL;
}

/* Its place in the queue, or e.queued. */
static unsigned int place_of(const struct engine_job *job)
{
	unsigned int i;

	for (i = 0; i < e.queued && e.queue[i] != job; i++)
		;
	return i;
}

static struct engine_job *dequeue(unsigned int i)
{
	struct engine_job *job = e.queue[i];

	e.queued--;
	memmove(&e.queue[i], &e.queue[i + 1],
		(e.queued - i) * sizeof(e.queue[0]));
	return job;
}

static struct worker *begin(struct worker *w, struct engine_job *job)
{
	const unsigned int number = w - e.workers;
	struct arch_thread *t = &w->thread;

	w->job = job;
	memset(t, 0, sizeof(*t));
	t->pc = ENGINE_CODE_IPA;
	t->sp = ENGINE_CODE_IPA + ENGINE_WORKER(number) + ENGINE_STACK_BYTES;
	t->x[0] = job->op;
	memcpy(&t->x[1], job->arg, sizeof(job->arg));
	t->x[4] = number;
	return w;
}

/*
 * What was begun comes before what was not, so that results come in order; and
 * what somebody waits for before all.
 */
static struct worker *choose(const struct engine_job *first)
{
	struct worker *idle = worker_in(WORKER_FREE, NULL);
	struct worker *w;

	if (first) {
		w = worker_in(WORKER_WAITING, first);
		if (w)
			return w;
		if (idle && place_of(first) < e.queued)
			return begin(idle, dequeue(place_of(first)));
	}
	w = worker_in(WORKER_WAITING, NULL);
	if (w)
		return w;
	return idle && e.queued ? begin(idle, dequeue(0)) : NULL;
}

/* ---- Running it ---------------------------------------------------------------- */

/* Could the job be begun again, after a CPU was lost in the middle of it? */
static bool can_repeat(const struct engine_job *job)
{
	return job->op == ENGINE_OP_SCAN || job->op == ENGINE_OP_CHUNK ||
	       job->op == ENGINE_OP_PLACE;
}

static void finish(struct worker *w, int status)
{
	struct engine_job *job = w->job;

	memcpy(job->result, &w->thread.x[1], sizeof(job->result));
	job->status = status;
	job->done = true;
	w->state = WORKER_FREE;
	w->job = NULL;
	e.pending--;
}

static void fault(struct worker *w, const struct arch_fault *why)
{
	log_warn("the image engine failed in job %u at %llx: ESR %llx address %llx",
		 (unsigned int)w->job->op, (unsigned long long)w->thread.pc,
		 (unsigned long long)why->esr,
		 (unsigned long long)why->address);
	finish(w, OSTI_IMAGE_E_ENGINE);
}

/* Anything may be in the register. */
static int status_of(uint64_t x0)
{
	if (x0 == OSTI_IMAGE_OK || -x0 <= (uint64_t)-OSTI_IMAGE_E_LAST)
		return (int)x0;
	return OSTI_IMAGE_E_ENGINE;
}

static void run(struct worker *w, unsigned int us)
{
	const uint64_t slice = us * arch_counter_hz() / 1000000;
	const uint16_t vmid = memory_engine_vmid();
	const pa_t root = memory_engine_root();
	const unsigned int epoch = e.epoch;
	struct arch_fault why = { 0 };
	enum arch_exit exit;

	w->state = WORKER_RUNNING;
	w->cpu = arch_cpu();
	w->deadline = deadline_in_ms(WAIT_MS);
	atomic_store(&w->inside, true);
	lock_release();
	exit = arch_run(&w->thread, root, vmid, slice, &why);
	atomic_store(&w->inside, false);
	lock_or_stop();
	if (epoch != e.epoch)
		return;
	w->state = WORKER_WAITING;
	/* Tables that were given up fault, and nothing is wrong with the job. */
	if (exit == ARCH_EXIT_AGAIN ||
	    (exit == ARCH_EXIT_FAULT && !pa_equal(root, memory_engine_root())))
		return;
	if (exit == ARCH_EXIT_FAULT)
		fault(w, &why);
	else
		finish(w, status_of(w->thread.x[0]));
}

/*
 * Nobody has the engine's tables any more, and that CPU never comes to those
 * that are next; but it may still write down where it stopped.
 */
static void cut_off(struct worker *w)
{
	log_error("CPU %u does not come back from the image engine", w->cpu);
	memory_engine_revoke();
	memory_engine_abandon();
	device_lose_cpus(world_current(), 1U << w->cpu);
	atomic_store(&w->inside, false);
	w->state = WORKER_LOST;
	w->job = NULL;
}

/* Others go on, and do what it did not. */
static void lose(struct worker *w)
{
	struct engine_job *job = w->job;

	if (can_repeat(job) && e.queued < ENGINE_QUEUE)
		e.queue[e.queued++] = job;
	else
		finish(w, OSTI_IMAGE_E_ENGINE);
	cut_off(w);
	memory_engine_grant(e.slot, e.writable, e.bytes);
}

static void look_after(void)
{
	unsigned int i;

	for (i = 0; i < ENGINE_WORKERS; i++) {
		struct worker *w = &e.workers[i];

		if (w->state == WORKER_RUNNING && w->cpu != arch_cpu() &&
		    atomic_load(&w->inside) && deadline_passed(w->deadline))
			lose(w);
	}
}

bool engine_step(const struct engine_job *first, unsigned int us)
{
	struct worker *w;

	LOCK_ASSERT_HELD();
	if (!e.shown)
		return false;
	look_after();
	w = choose(first);
	if (!w)
		return false;
	run(w, us);
	return true;
}

/* ---- The end --------------------------------------------------------------------- */

/* Its tables are empty: whoever is in it meets a fault, or is lost. */
static void wait_outside(struct worker *w)
{
	const uint64_t end = deadline_in_ms(WAIT_MS);

	while (atomic_load(&w->inside) && !deadline_passed(end))
		power_cpu_nudge(w->cpu);
	if (atomic_load(&w->inside))
		cut_off(w);
}

void engine_end(void)
{
	unsigned int i;

	LOCK_ASSERT_HELD();
	if (!e.loaded)
		return;
	if (e.shown) {
		memory_engine_revoke();
		for (i = 0; i < ENGINE_WORKERS; i++)
			wait_outside(&e.workers[i]);
	}
	e.epoch++;
	e.loaded = false;
	e.shown = false;
	forget_jobs();
	sweep_want(MEMORY, e.bytes - ENGINE_BSS);
}

bool engine_is_clean(void)
{
	return sweep_done(MEMORY, e.bytes - ENGINE_BSS);
}

void engine_clean(void)
{
	sweep_finish(MEMORY, e.bytes - ENGINE_BSS);
}
