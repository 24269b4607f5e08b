// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * engine_model.c - the image engine, as a CPU meets it in arch_run()
 */
#include "engine_model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#include "board.h"
#include "context.h"
#include "host.h"
#include "jobs.h"
#include "machine.h"
#include "memory.h"
#include "transfer.h"

struct engine_model engine_model;

uint8_t *engine_model_memory(uint64_t offset, size_t bytes)
{
	return host_memory(pa_make(BOARD_ENGINE_BASE + offset), bytes);
}

/* ---- What its table gives ------------------------------------------------------ */

/* A range that is mapped to one range of memory. */
struct range {
	uint64_t ipa, pa;
	uint64_t bytes;
	bool read, write, execute;
};

#define RANGES	8

struct ranges {
	struct range range[RANGES];
	unsigned int count;
};

/* Arm ARM, "Stage 2 attribute fields": S2AP, XN[1:0] at EL0, AF, MemAttr. */
static struct range read_leaf(uint64_t entry, uint64_t ipa, uint64_t bytes)
{
	assert_true(entry & 1UL << 10);
	assert_int_equal(entry >> 2 & 0xf, 0xf);
	return (struct range) {
		.ipa = ipa,
		.pa = entry & 0xfffffffff000UL,
		.bytes = bytes,
		.read = entry & 1UL << 6,
		.write = entry & 1UL << 7,
		.execute = !(entry & 1UL << 54),
	};
}

static bool goes_on(const struct range *range, const struct range *leaf)
{
	return range->ipa + range->bytes == leaf->ipa &&
	       range->pa + range->bytes == leaf->pa &&
	       range->read == leaf->read && range->write == leaf->write &&
	       range->execute == leaf->execute;
}

static void add(struct ranges *r, struct range leaf)
{
	if (r->count && goes_on(&r->range[r->count - 1], &leaf)) {
		r->range[r->count - 1].bytes += leaf.bytes;
		return;
	}
	assert_in_range(r->count, 0, RANGES - 1);
	r->range[r->count++] = leaf;
}

/* As a walker sees the table, which looks into no cache. */
static void walk(struct ranges *r, uint64_t table, unsigned int entries, int level,
		 uint64_t ipa)
{
	const uint64_t bytes = 1UL << (39 - 9 * level);
	unsigned int i;

	for (i = 0; i < entries; i++, ipa += bytes) {
		const uint64_t entry = host_device_read64(table + 8UL * i);

		if (!(entry & 1))
			continue;
		if (level < 3 && entry & 2)
			walk(r, entry & 0xfffffffff000UL, 512, level + 1, ipa);
		else
			add(r, read_leaf(entry, ipa, bytes));
	}
}

static bool is_on_its_way(const struct context *slot)
{
	return slot->state == OSTI_SLOT_SAVING ||
	       slot->state == OSTI_SLOT_RESTORING ||
	       transfer_carries_stored(transfer_owner(), slot);
}

/* The slot that is exported or imported, or whose image is copied. */
static const struct context *slot_of(void)
{
	const struct context *found = NULL;
	unsigned int id;

	for (id = 1; id <= context_slots(); id++) {
		const struct context *slot = context_get(id);

		if (!is_on_its_way(slot))
			continue;
		assert_null(found);
		found = slot;
	}
	assert_non_null(found);
	return found;
}

/* What the engine may have, and nothing else, is what it has. */
static void check_table(pa_t root, const struct context *slot)
{
	const struct range want[] = {
		{ ENGINE_CODE_IPA, BOARD_ENGINE_BASE, ENGINE_CODE_BYTES,
		  true, false, true },
		{ ENGINE_CODE_IPA + ENGINE_CODE_BYTES,
		  BOARD_ENGINE_BASE + ENGINE_CODE_BYTES,
		  ENGINE_BYTES(slot->size) - ENGINE_CODE_BYTES,
		  true, true, false },
		{ ENGINE_PARTITION_IPA, pa_value(slot->base), slot->size, true,
		  slot->state == OSTI_SLOT_RESTORING, false },
	};
	struct ranges is = { .count = 0 };
	unsigned int i;

	walk(&is, pa_value(root), 1024, 1, 0);
	assert_int_equal(is.count, context_has_ram(slot) ? 3 : 2);
	for (i = 0; i < is.count; i++) {
		assert_int_equal(is.range[i].ipa, want[i].ipa);
		assert_int_equal(is.range[i].pa, want[i].pa);
		assert_int_equal(is.range[i].bytes, want[i].bytes);
		assert_int_equal(is.range[i].read, want[i].read);
		assert_int_equal(is.range[i].write, want[i].write);
		assert_int_equal(is.range[i].execute, want[i].execute);
	}
}

/* Its code is what flash has. */
static void check_code(void)
{
	const struct machine_flash *flash = &machine_engine_flash;

	assert_memory_equal(engine_model_memory(0, flash->header.size),
			    flash->payload, flash->header.size);
}

static void check_vmid(uint16_t vmid)
{
	unsigned int id;

	for (id = 0; id <= context_slots(); id++)
		assert_int_not_equal(vmid, memory_vmid(context_get(id)));
}

/* ---- What it can touch --------------------------------------------------------- */

static void protect(pa_t at, uint64_t bytes, int how)
{
	assert_int_equal(mprotect(host_memory(at, bytes), bytes, how), 0);
}

static void confine(const struct context *slot)
{
	const bool restoring = slot->state == OSTI_SLOT_RESTORING;

	protect(pa_make(BOARD_RAM_BASE), HOST_RAM_BYTES, PROT_NONE);
	protect(pa_make(BOARD_ENGINE_BASE), ENGINE_CODE_BYTES, PROT_READ);
	protect(pa_make(BOARD_ENGINE_BASE + ENGINE_CODE_BYTES),
		ENGINE_BYTES(slot->size) - ENGINE_CODE_BYTES,
		PROT_READ | PROT_WRITE);
	if (context_has_ram(slot))
		protect(slot->base, slot->size,
			restoring ? PROT_READ | PROT_WRITE : PROT_READ);
}

static void set_free(void)
{
	protect(pa_make(BOARD_RAM_BASE), HOST_RAM_BYTES, PROT_READ | PROT_WRITE);
}

/* jobs.h */
void engine_cache_flush(const uint8_t *from, size_t bytes)
{
	/* The engine has it in its own tables, the monitor has not. */
	host_cache_flush(arch_pa(from), bytes);
}

/* ---- Jobs ---------------------------------------------------------------------- */

/* Where a job that waits for its next slice is in its code. */
#define IN_THE_MIDDLE	(ENGINE_CODE_IPA + 0x124)

static unsigned int worker_of(const struct arch_thread *t)
{
	assert_in_range(t->x[4], 0, ENGINE_WORKERS - 1);
	return t->x[4];
}

/* A job that begins finds nothing of what was before it. */
static void check_beginning(const struct arch_thread *t)
{
	struct arch_thread want = {
		.pc = ENGINE_CODE_IPA,
		.sp = ENGINE_CODE_IPA + ENGINE_WORKER(worker_of(t)) +
		      ENGINE_STACK_BYTES,
	};

	assert_in_range(t->x[0], 1, ENGINE_OPS - 1);
	memcpy(want.x, t->x, 5 * sizeof(t->x[0]));
	assert_memory_equal(t, &want, sizeof(want));
}

/* What a job has in its registers when a slice ends; x5 counts slices. */
static struct arch_thread in_the_middle(const struct arch_thread *t)
{
	struct arch_thread to;
	unsigned int i;

	memset(&to, 0xa0 + worker_of(t), sizeof(to));
	memcpy(to.x, t->x, 5 * sizeof(t->x[0]));
	to.x[5] = t->x[5];
	to.pc = IN_THE_MIDDLE;
	for (i = 0; i < 64; i++)
		to.v[i] = t->x[5] << 8 | i;
	return to;
}

/* Returns whether the job's slices before its last are over. */
static bool advance(struct arch_thread *t)
{
	if (t->pc == ENGINE_CODE_IPA) {
		check_beginning(t);
		engine_model.begun[t->x[0]]++;
	} else {
		const struct arch_thread want = in_the_middle(t);

		assert_memory_equal(t, &want, sizeof(want));
	}
	if (t->x[5] == engine_model.slices)
		return true;
	t->x[5]++;
	*t = in_the_middle(t);
	return false;
}

/* As uboot-patches/engine/main.c. */
static void engine_main(struct arch_thread *t, const struct context *slot)
{
	uint8_t *ram = engine_model_memory(0, ENGINE_BYTES(slot->size));
	const uint64_t op = t->x[0];
	struct engine_view view;
	int status;

	engine_view_init(&view, (void *)(ram + ENGINE_BSS), ram,
			 context_has_ram(slot) ? host_memory(slot->base, slot->size) :
				      NULL, worker_of(t));
	confine(slot);
	status = engine_job(&view, op, &t->x[1]);
	set_free();
	t->x[0] = (int64_t)status;
}

static void do_job(struct arch_thread *t, const struct context *slot)
{
	const uint64_t op = t->x[0];

	if (engine_model.job)
		engine_model.job(t);
	else
		engine_main(t, slot);
	engine_model.done[op]++;
	if (engine_model.lie)
		engine_model.lie(op, t);
}

/* By script, or since its table was taken away meanwhile. */
static bool is_fault(pa_t root)
{
	struct ranges is = { .count = 0 };

	walk(&is, pa_value(root), 1024, 1, 0);
	return !is.count ||
	       (engine_model.fault_in && !--engine_model.fault_in);
}

static enum arch_exit run(struct arch_thread *t, pa_t root, uint16_t vmid,
			  uint64_t ticks, struct arch_fault *why)
{
	const struct context *slot = slot_of();

	check_table(root, slot);
	check_vmid(vmid);
	check_code();
	engine_model.runs++;
	engine_model.cpus |= 1U << host_cpu;
	engine_model.workers |= 1U << worker_of(t);
	engine_model.ticks = ticks;
	if (engine_model.meanwhile)
		engine_model.meanwhile();
	if (is_fault(root)) {
		*why = (struct arch_fault) { .esr = 0x92000007, .address = 4 };
		return ARCH_EXIT_FAULT;
	}
	if (engine_model.program)
		return engine_model.program(t);
	if (!advance(t))
		return ARCH_EXIT_AGAIN;
	do_job(t, slot);
	return ARCH_EXIT_CALL;
}

void engine_model_init(void)
{
	memset(&engine_model, 0, sizeof(engine_model));
	host_run_hook = run;
}
