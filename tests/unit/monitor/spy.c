// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * spy.c - the order in which a switch takes its steps
 */
#include "spy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "board.h"
#include "bm.h"
#include "engine.h"
#include "event.h"
#include "gicv3.h"
#include "host.h"
#include "host_gic.h"
#include "host_pci.h"
#include "host_rtc.h"
#include "machine.h"
#include "memory.h"
#include "nv.h"
#include "partition.h"
#include "pci.h"
#include "phase.h"
#include "power.h"
#include "slot.h"
#include "smmuv3.h"
#include "sweep.h"
#include "world.h"

#define MAX_STEPS	8192

static struct {
	const char *what;
	uint64_t arg;
} steps[MAX_STEPS];
static long nr_steps;
static const char *act_at;
static void (*act)(void);

static void assert_slots_hidden(void);

void spy_reset(void)
{
	nr_steps = 0;
	act_at = "";
}

void spy_do_at(const char *what, void (*function)(void))
{
	act_at = what;
	act = function;
}

static void at_step(const char *what)
{
	assert_slots_hidden();
	if (!strcmp(what, act_at))
		act();
}

static void note(const char *what, uint64_t arg)
{
	assert_true(nr_steps < MAX_STEPS);
	steps[nr_steps].what = what;
	steps[nr_steps++].arg = arg;
	at_step(what);
}

static bool is_step(long i, const char *what, uint64_t arg)
{
	return !strcmp(steps[i].what, what) &&
	       (arg == SPY_ANY || steps[i].arg == arg);
}

long spy_find(long start, const char *what, uint64_t arg)
{
	for (; start < nr_steps; start++)
		if (is_step(start, what, arg))
			return start;
	return -1;
}

unsigned int spy_count(const char *what, uint64_t arg)
{
	unsigned int n = 0;
	long i;

	for (i = 0; i < nr_steps; i++)
		n += is_step(i, what, arg);
	return n;
}

static long last(const char *what, uint64_t arg)
{
	long i;

	for (i = nr_steps; i-- > 0;)
		if (is_step(i, what, arg))
			return i;
	fail_msg("step %s(%lx) was not taken", what, arg);
	return -1;
}

void spy_assert_order(const char *a, uint64_t a_arg, const char *b,
		      uint64_t b_arg)
{
	if (last(a, a_arg) > last(b, b_arg))
		fail_msg("%s(%lx) came after %s(%lx)", a, a_arg, b, b_arg);
}

/* ---- What must hold ------------------------------------------------------ */

/* At power-on the boot manager is named before it was entered. */
static void assert_nobody_runs(void)
{
	if (context_get(OSTI_CONTEXT_BM)->entries)
		assert_null(world_current());
}

/*
 * A function moves no data: the SMMU does not let it, or it is no bus master
 * and nobody can make it one.
 */
static void assert_moves_nothing(unsigned int devfn)
{
	unsigned int id;

	/* The host bridge has no data of its own to move. */
	if (!devfn || machine_dma_reaches(devfn, OSTI_RAM_IPA) == -1)
		return;
	assert_false(host_pci_command(devfn) & 4);
	for (id = 0; id <= context_slots(); id++)
		assert_false(machine_sees_function(id, devfn));
}

/*
 * A disk that the running slot does not own is lent to it: it was stopped, and
 * nobody's.
 */
static bool is_lent(unsigned int devfn, unsigned int ctx)
{
	const bool disk = devfn >= MACHINE_DISK(1) && devfn <= MACHINE_STORE;

	if (!disk || devfn == MACHINE_DISK(ctx))
		return false;
	assert_non_null(world_current());
	assert_int_equal(world_current()->id, ctx);
	assert_int_equal(machine_dma_reaches(devfn, OSTI_RAM_IPA), -1);
	assert_false(host_pci_is_live(devfn) || host_pci_command(devfn) & 7);
	return true;
}

/* No device and no interrupt can get to anybody. */
static void assert_nobody_has_the_device(void)
{
	unsigned int i;

	assert_null(world_current());
	for (i = 0; i < PCI_FUNCTIONS; i++)
		assert_moves_nothing(i);
	assert_int_equal(host_gic.ctlr & 3, 0);
	for (i = 0; i < HOST_GIC_BANKS; i++)
		assert_int_equal(host_gic.bank[i].enabled, 0);
	for (i = 0; i < HOST_GIC_FRAMES; i++)
		assert_true(!host_gic.frame[i].bank.enabled ||
			    gicv3_dead_cpus() & 1U << i);
	assert_false(host_rtc.enabled || host_rtc.raised);
	/* One that was summoned waits in the monitor; none helps any more. */
	for (i = 0; i < cpu_count(); i++)
		assert_true(i == arch_cpu() ||
			    (cpu_state(i) != CPU_ON && !cpu_is_helper(i)));
}

/* The partition can be reached by nobody but the monitor. */
static void assert_unreachable(unsigned int id)
{
	const int owner = id;
	unsigned int i;

	for (i = 0; i <= context_slots(); i++) {
		assert_int_not_equal(machine_cpu_reaches(i, OSTI_RAM_IPA),
				     owner);
		assert_int_not_equal(machine_cpu_reaches(i, OSTI_WINDOW_IPA),
				     owner);
	}
	for (i = 0; i < PCI_FUNCTIONS; i++)
		assert_int_not_equal(machine_dma_reaches(i, OSTI_RAM_IPA),
				     owner);
}

/* Roots of the SMMU's tables, as the SMMU was told. */
static pa_t dma_roots[NR_CONTEXTS];

/* Bits of the slots that are in one of two states. */
static unsigned int slots_in(unsigned int state, unsigned int other)
{
	unsigned int id, slots = 0;

	for (id = 1; id <= context_slots(); id++)
		if (context_get(id)->state == state ||
		    context_get(id)->state == other)
			slots |= 1U << id;
	return slots;
}

static bool is_in(const struct context *slot, pa_t pa, uint64_t bytes)
{
	return context_has_ram(slot) &&
	       pa_before(pa, pa_add(slot->base, slot->size)) &&
	       pa_before(slot->base, pa_add(pa, bytes));
}

/*
 * The slot that a valid entry of the table, or of one below it, leads to
 * although it is none of those that may be there, or 0.
 */
static unsigned int leads_to(pa_t table, unsigned int entries, int level,
			     unsigned int may)
{
	const uint64_t *entry = host_memory(table, 8 * entries);
	const uint64_t bytes = 1UL << (39 - 9 * level);
	unsigned int i, id, found;

	for (i = 0; i < entries; i++) {
		const pa_t pa = pa_make(entry[i] & 0xfffffffff000UL);

		if (!(entry[i] & 1))
			continue;
		if (level < 3 && entry[i] & 2) {
			found = leads_to(pa, 512, level + 1, may);
			if (found)
				return found;
			continue;
		}
		for (id = 1; id <= context_slots(); id++)
			if (!(may & 1U << id) && is_in(context_get(id), pa, bytes))
				return id;
	}
	return 0;
}

static void assert_leads_to_none(pa_t table, unsigned int entries,
				 unsigned int may, const char *whose)
{
	const unsigned int id = leads_to(table, entries, 1, may);

	if (id)
		fail_msg("at step %s: slot %u, which is %s, is in a table of %s",
			 steps[nr_steps - 1].what, id,
			 slot_state_name(context_get(id)->state), whose);
}

/*
 * A slot that does not run is in nobody's tables, those of others and its own
 * alike. One that is being filled is in the boot manager's, one whose image is
 * made or opened in the image engine's, which never has another.
 */
static void assert_slots_hidden(void)
{
	const unsigned int run = slots_in(OSTI_SLOT_RUNNING, OSTI_SLOT_RUNNING);
	const unsigned int fill = slots_in(OSTI_SLOT_LOADING, OSTI_SLOT_LOADING);
	unsigned int id, may;

	if (!pa_value(dma_roots[0]))
		return;
	assert_leads_to_none(memory_engine_root(), 1024,
			     slots_in(OSTI_SLOT_SAVING, OSTI_SLOT_RESTORING),
			     "the image engine");
	for (id = 0; id <= context_slots(); id++) {
		may = id == OSTI_CONTEXT_BM ? run | fill : run;
		assert_leads_to_none(memory_root(context_get(id)), 1024, may,
				     context_get(id)->name);
		assert_leads_to_none(dma_roots[id], 512, may,
				     context_get(id)->name);
	}
}

static void check_event(unsigned int type)
{
	if (type == OSTI_EV_FROZEN || type == OSTI_EV_OFF ||
	    type == OSTI_EV_RESET || type == OSTI_EV_STARTED ||
	    type == OSTI_EV_RESUMED)
		assert_nobody_has_the_device();
}

static void check_transition(const struct context *slot, enum slot_event event)
{
	/* An empty slot holds nothing, a frozen one cannot be got at. */
	if (event == SLOT_EV_FREEZE || event == SLOT_EV_STOP ||
	    event == SLOT_EV_RESUME)
		assert_nobody_has_the_device();
	if (event == SLOT_EV_STOP || event == SLOT_EV_OPEN)
		assert_true(machine_is_zero(slot->id));
	/* What the engine knew is gone before anybody is told of the end. */
	if (event == SLOT_EV_COMMIT || event == SLOT_EV_ABORT)
		assert_true(machine_engine_is_gone());
}

/* The slot whose partition has that, or 0. */
static unsigned int slot_with(pa_t addr, uint64_t bytes)
{
	unsigned int id;

	for (id = 1; id <= context_slots(); id++)
		if (is_in(context_get(id), addr, bytes))
			return id;
	return 0;
}

/* Nobody can write to it behind the zeroing. */
static void check_zero(pa_t addr, uint64_t bytes)
{
	const unsigned int id = slot_with(addr, bytes);

	/* Smaller pieces are zeroed while a slot is filled. */
	if (!id || bytes < SWEEP_BLOCK)
		return;
	/* The blocks of a partition are noted as one step. */
	if (nr_steps && is_step(nr_steps - 1, "arch_zero", id))
		at_step("arch_zero");
	else
		note("arch_zero", id);
	assert_unreachable(id);
	assert_int_equal(leads_to(memory_engine_root(), 1024, 1, ~(1U << id)),
			 0);
}

/* ---- The functions ------------------------------------------------------- */

void __real_arch_zero(pa_t addr, uint64_t bytes);
bool __real_engine_load(uint64_t slot_bytes);
void __real_engine_show(const struct context *slot, bool writable);
void __real_engine_end(void);
void __real_partition_use(const struct context *slot);
void __real_partition_drop(const struct context *slot);
void __real_partition_free(struct context *slot);
int __real_pci_quiesce(unsigned int devfn);
int __real_smmuv3_context_init(unsigned int ctx, pa_t root);
int __real_smmuv3_detach(unsigned int stream);
int __real_smmuv3_attach(unsigned int stream, unsigned int ctx);
void __real_gicv3_save(struct gicv3_state *state);
int __real_gicv3_quiesce(void);
int __real_gicv3_restore(const struct gicv3_state *state);
void __real_memory_grant(const struct context *ctx);
void __real_memory_hide(const struct context *ctx);
void __real_memory_revoke(const struct context *ctx);
void __real_memory_revoke_dma(const struct context *ctx);
void __real_memory_wipe(const struct context *ctx);
void __real_memory_open_window(const struct context *slot);
int __real_memory_close_window(const struct context *slot);
void __real_memory_engine_grant(const struct context *slot, bool writable,
				uint64_t engine_bytes);
void __real_memory_engine_revoke(void);
void __real_bm_load(struct cpu_entry *entry);
void __real_phase_commit(unsigned int source, unsigned int target,
			 unsigned int kind, uint64_t entered);
void __real_phase_exit(uint64_t slept);
uint32_t __real_cpu_stop_others(void);
bool __real_cpu_summon(unsigned int cpu);
uint32_t __real_power_wait_interrupt(void);
void __real_event_add(unsigned int type, unsigned int ctx, uint64_t a,
		      uint64_t b);
int64_t __real_slot_transition(struct context *slot,
			       enum slot_event event);
int __real_nv_begin(unsigned int slot, uint64_t *generation);
int __real_nv_store(unsigned int slot, uint64_t generation);
int __real_nv_consume(unsigned int slot, uint64_t generation);

void __wrap_arch_zero(pa_t addr, uint64_t bytes)
{
	check_zero(addr, bytes);
	__real_arch_zero(addr, bytes);
}

bool __wrap_engine_load(uint64_t slot_bytes)
{
	note("engine_load", slot_bytes);
	return __real_engine_load(slot_bytes);
}

void __wrap_engine_show(const struct context *slot, bool writable)
{
	note("engine_show", slot->id);
	assert_unreachable(slot->id);
	assert_int_equal(writable, slot->state == OSTI_SLOT_RESTORING);
	if (writable)
		assert_true(machine_is_zero(slot->id));
	__real_engine_show(slot, writable);
}

void __wrap_engine_end(void)
{
	note("engine_end", 0);
	__real_engine_end();
}

void __wrap_partition_use(const struct context *slot)
{
	note("partition_use", slot->id);
	__real_partition_use(slot);
}

void __wrap_partition_drop(const struct context *slot)
{
	note("partition_drop", slot->id);
	__real_partition_drop(slot);
}

void __wrap_partition_free(struct context *slot)
{
	note("partition_free", slot->id);
	assert_true(machine_is_zero(slot->id));
	assert_unreachable(slot->id);
	__real_partition_free(slot);
}

int __wrap_pci_quiesce(unsigned int devfn)
{
	note("pci_quiesce", devfn);
	return __real_pci_quiesce(devfn);
}

int __wrap_smmuv3_context_init(unsigned int ctx, pa_t root)
{
	dma_roots[ctx] = root;
	return __real_smmuv3_context_init(ctx, root);
}

int __wrap_smmuv3_detach(unsigned int stream)
{
	note("smmuv3_detach", stream);
	return __real_smmuv3_detach(stream);
}

int __wrap_smmuv3_attach(unsigned int stream, unsigned int ctx)
{
	note("smmuv3_attach", stream);
	if (!is_lent(stream, ctx))
		assert_nobody_runs();
	return __real_smmuv3_attach(stream, ctx);
}

void __wrap_gicv3_save(struct gicv3_state *state)
{
	note("gicv3_save", 0);
	__real_gicv3_save(state);
}

int __wrap_gicv3_quiesce(void)
{
	note("gicv3_quiesce", 0);
	return __real_gicv3_quiesce();
}

int __wrap_gicv3_restore(const struct gicv3_state *state)
{
	note("gicv3_restore", 0);
	assert_nobody_runs();
	return __real_gicv3_restore(state);
}

void __wrap_memory_grant(const struct context *ctx)
{
	note("memory_grant", ctx->id);
	__real_memory_grant(ctx);
}

void __wrap_memory_hide(const struct context *ctx)
{
	note("memory_hide", ctx->id);
	__real_memory_hide(ctx);
}

void __wrap_memory_revoke(const struct context *ctx)
{
	note("memory_revoke", ctx->id);
	__real_memory_revoke(ctx);
}

void __wrap_memory_revoke_dma(const struct context *ctx)
{
	note("memory_revoke_dma", ctx->id);
	__real_memory_revoke_dma(ctx);
}

void __wrap_memory_wipe(const struct context *ctx)
{
	note("memory_wipe", ctx->id);
	assert_unreachable(ctx->id);
	__real_memory_wipe(ctx);
}

void __wrap_memory_open_window(const struct context *slot)
{
	note("memory_open_window", slot->id);
	__real_memory_open_window(slot);
}

int __wrap_memory_close_window(const struct context *slot)
{
	note("memory_close_window", slot->id);
	return __real_memory_close_window(slot);
}

void __wrap_memory_engine_grant(const struct context *slot, bool writable,
				uint64_t engine_bytes)
{
	note("memory_engine_grant", slot->id);
	__real_memory_engine_grant(slot, writable, engine_bytes);
	/* With it in the table. */
	assert_slots_hidden();
}

void __wrap_memory_engine_revoke(void)
{
	note("memory_engine_revoke", 0);
	__real_memory_engine_revoke();
}

void __wrap_bm_load(struct cpu_entry *entry)
{
	note("bm_load", 0);
	assert_unreachable(OSTI_CONTEXT_BM);
	__real_bm_load(entry);
}

void __wrap_phase_commit(unsigned int source, unsigned int target,
			 unsigned int kind, uint64_t entered)
{
	note("phase_commit", kind);
	__real_phase_commit(source, target, kind, entered);
}

void __wrap_phase_exit(uint64_t slept)
{
	note("phase_exit", slept);
	__real_phase_exit(slept);
}

uint32_t __wrap_cpu_stop_others(void)
{
	note("cpu_stop_others", 0);
	return __real_cpu_stop_others();
}

bool __wrap_cpu_summon(unsigned int cpu)
{
	note("cpu_summon", cpu);
	return __real_cpu_summon(cpu);
}

uint32_t __wrap_power_wait_interrupt(void)
{
	note("power_wait_interrupt", 0);
	return __real_power_wait_interrupt();
}

void __wrap_event_add(unsigned int type, unsigned int ctx, uint64_t a,
		      uint64_t b)
{
	note("event_add", type);
	check_event(type);
	__real_event_add(type, ctx, a, b);
}

int64_t __wrap_slot_transition(struct context *slot,
			       enum slot_event event)
{
	note("slot_transition", event);
	check_transition(slot, event);
	return __real_slot_transition(slot, event);
}

int __wrap_nv_begin(unsigned int slot, uint64_t *generation)
{
	note("nv_begin", slot);
	return __real_nv_begin(slot, generation);
}

int __wrap_nv_store(unsigned int slot, uint64_t generation)
{
	note("nv_store", slot);
	return __real_nv_store(slot, generation);
}

int __wrap_nv_consume(unsigned int slot, uint64_t generation)
{
	note("nv_consume", slot);
	return __real_nv_consume(slot, generation);
}
