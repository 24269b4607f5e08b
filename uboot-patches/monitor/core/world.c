// SPDX-License-Identifier: GPL-2.0-only
/*
 * world.c - which context has the device, and how it changes hands
 *
 * Every change is leave() of one context, then enter() of another, on one CPU
 * with all others off. In between, nobody has the device: no stream of the
 * SMMU is attached, no PCI function may move data, no interrupt is enabled.
 */
#include "world.h"

#include "bm.h"
#include "device.h"
#include "disk.h"
#include "event.h"
#include "gicv3.h"
#include "lock.h"
#include "log.h"
#include "memory.h"
#include "nv.h"
#include "partition.h"
#include "phase.h"
#include "power.h"
#include "restore.h"
#include "rtc.h"
#include "slot.h"
#include "smmuv3.h"
#include "string.h"
#include "transfer.h"

/* So many starts in a row that nobody called good are told of. */
#define TRIES_NOT_GOOD	3

static struct context *current;
static struct context *opened;
static struct world_reason reason;

void world_init(void)
{
	current = context_get(OSTI_CONTEXT_BM);
	opened = NULL;
	memset(&reason, 0, sizeof(reason));
}

struct context *world_current(void)
{
	return current;
}

const struct world_reason *world_bm_reason(void)
{
	return &reason;
}

void world_poll_faults(void)
{
	struct smmuv3_fault fault;
	unsigned int n;

	LOCK_ASSERT_HELD();
	/*
	 * A device can fault faster than this loop runs, so it has a bound. It
	 * is more than a full queue and the notes that come with it, for when
	 * a context leaves nothing must stay that the next would answer for.
	 */
	for (n = 0; n < 2 * SMMUV3_EVENTS && smmuv3_next_fault(&fault); n++)
		event_offence(OSTI_EV_DMA_FAULT, current->id, fault.iova,
			      fault.stream);
}

/* An asynchronous error that is pending is of who leaves, and dies with it. */
static void drain_errors(const struct context *ctx)
{
	const uint64_t esr = arch_serror_drain();

	if (esr)
		event_offence(OSTI_EV_TRAP, ctx->id, esr, 0);
}

/*
 * A redistributor that does not answer costs its CPU alone. The distributor is
 * everybody's: without it nobody's shared interrupts can be kept from the next,
 * nor can anybody be given its own, so that nobody could run.
 */
static void leave(struct context *ctx)
{
	drain_errors(ctx);
	disk_leave(ctx);
	device_take(ctx);
	rtc_leave(ctx);
	if (gicv3_quiesce())
		panic("interrupts of context %u do not stop", ctx->id);
	device_lose_cpus(ctx, gicv3_dead_cpus());
	/* Nothing of it moves data: no fault comes after these. */
	world_poll_faults();
	current = NULL;
}

static void enter(struct context *ctx)
{
	device_give(ctx);
	rtc_enter(ctx);
	if (gicv3_restore(&ctx->gic))
		panic("interrupts of context %u do not start", ctx->id);
	device_lose_cpus(ctx, gicv3_dead_cpus());
	ctx->target = OSTI_TARGET_NONE;
	ctx->entries++;
	current = ctx;
	/* The boot manager acts for somebody: see enter_bm(). */
	if (ctx->id != OSTI_CONTEXT_BM)
		event_charge(ctx->id);
	phase_exit(0);
}

/* Stop a context for good: no CPU, no device and no table of it is left. */
static void stop(struct context *ctx)
{
	uint32_t lost;

	memory_revoke(ctx);
	lost = cpu_stop_others();
	if (lost) {
		memory_abandon_root(ctx);
		device_lose_cpus(ctx, lost);
	}
	/* What devices still move for it is lawful until they are stopped. */
	leave(ctx);
	memory_revoke_dma(ctx);
}

static enum outcome enter_bm(unsigned int why, unsigned int slot,
			     unsigned int last, struct cpu_entry *out)
{
	struct context *bm = context_get(OSTI_CONTEXT_BM);

	/* What NV memory could not take is written as soon as it can. */
	nv_mend();
	reason.reason = why;
	reason.slot = slot;
	reason.last = last;
	reason.request = why == OSTI_REASON_REQUEST ?
			 context_get(slot)->request : 0;
	/*
	 * What it does now was caused by the slot that ran, which can make it do
	 * a lot without a person: requests, switches, resets.
	 */
	event_charge(why == OSTI_REASON_RESTART ? OSTI_CONTEXT_BM : last);
	event_add(OSTI_EV_BM_ENTER, slot, why, 0);

	memory_wipe(bm);
	bm_load(out);
	memory_grant(bm);
	gicv3_reset_state(&bm->gic);
	rtc_reset(bm);
	enter(bm);
	return OUTCOME_ENTER;
}

enum outcome world_boot(struct cpu_entry *out)
{
	LOCK_ASSERT_HELD();
	event_add(OSTI_EV_POWER_ON, 0, cpu_count(), context_slots());
	phase_commit(OSTI_CONTEXT_BM, OSTI_CONTEXT_BM, OSTI_SWITCH_BM,
		     arch_counter());
	return enter_bm(OSTI_REASON_POWER_ON, 0, 0, out);
}

static uint8_t how_resumed(const struct context *slot)
{
	if (!slot->origin.fresh)
		return OSTI_RESUMED_HOT;
	return slot->origin.copy ? OSTI_RESUMED_COPY : OSTI_RESUMED_IMAGE;
}

/* Enter a frozen slot, whose CPU has been summoned if it is not this one. */
static enum outcome thaw(struct context *slot, struct cpu_entry *out)
{
	const struct cpu_entry entry = {
		.pc = slot->resume.entry,
		.arg = slot->resume.arg,
	};

	CHECK(slot_transition(slot, SLOT_EV_RESUME) == OSTI_OK);
	slot->resumed = how_resumed(slot);
	slot->origin.fresh = false;
	event_add(OSTI_EV_RESUMED, slot->id, ipa_value(entry.pc), 0);
	log_info("resuming slot %u (%s)", slot->id, slot->name);
	memory_grant(slot);
	enter(slot);
	if (slot->resume.cpu != arch_cpu()) {
		if (cpu_state(slot->resume.cpu) == CPU_LOST)
			panic("CPU %u, on which slot %u goes on, takes no interrupts",
			      slot->resume.cpu, slot->id);
		cpu_redirect(slot->resume.cpu, &entry);
		cpu_leave();
		return OUTCOME_CPU_OFF;
	}
	*out = entry;
	return OUTCOME_ENTER;
}

static bool summon_cpu_of(const struct context *slot)
{
	return slot->resume.cpu == arch_cpu() || cpu_summon(slot->resume.cpu);
}

static enum outcome sleep(const struct resume_point *at, uint64_t entered,
			  struct cpu_entry *out)
{
	uint64_t asleep;
	uint32_t irq;

	phase_commit(current->id, current->id, OSTI_SWITCH_SUSPEND, entered);
	event_add(OSTI_EV_SUSPENDED, current->id, ipa_value(at->entry), 0);
	log_debug("slot %u sleeps", current->id);
	asleep = arch_counter();
	irq = power_wait_interrupt();
	asleep = arch_counter() - asleep;
	event_add(OSTI_EV_WOKEN, current->id, irq, 0);
	log_debug("slot %u woken by interrupt %u", current->id, irq);
	phase_exit(asleep);
	out->pc = at->entry;
	out->arg = at->arg;
	return OUTCOME_ENTER;
}

enum outcome world_suspend(const struct resume_point *at, uint64_t entered,
			   struct cpu_entry *out)
{
	struct context *from = current;
	struct context *to;
	bool hot;

	LOCK_ASSERT_HELD();
	ASSERT(from->id != OSTI_CONTEXT_BM && cpu_alone());
	if (from->target == OSTI_TARGET_NONE)
		return sleep(at, entered, out);

	/* A person's switch wins over what is on its way, also to the same slot. */
	transfer_leave(from);
	to = context_get(from->target);
	hot = to->id != OSTI_CONTEXT_BM && to->state == OSTI_SLOT_FROZEN;
	if (hot && !summon_cpu_of(to))
		return OUTCOME_RETURN;

	gicv3_save(&from->gic);
	device_lose_cpus(from, gicv3_dead_cpus());
	if (hot && cpu_state(to->resume.cpu) == CPU_LOST)
		return OUTCOME_RETURN;

	phase_commit(from->id, hot ? to->id : OSTI_CONTEXT_BM,
		     hot ? OSTI_SWITCH_HOT : OSTI_SWITCH_COLD, entered);
	from->resume = *at;
	from->frozen_at = entered;
	leave(from);
	memory_hide(from);
	CHECK(slot_transition(from, SLOT_EV_FREEZE) == OSTI_OK);
	event_add(OSTI_EV_FROZEN, from->id, ipa_value(at->entry), 0);
	log_info("slot %u is frozen", from->id);

	if (hot)
		return thaw(to, out);
	if (from->request)
		return enter_bm(OSTI_REASON_REQUEST, from->id, from->id, out);
	if (to->id == OSTI_CONTEXT_BM)
		return enter_bm(OSTI_REASON_MENU, 0, from->id, out);
	return enter_bm(OSTI_REASON_SWITCH, to->id, from->id, out);
}

static void close_window(void)
{
	if (opened)
		CHECK(world_close(opened) == OSTI_OK);
}

static enum outcome stop_bm(unsigned int why, struct cpu_entry *out)
{
	/* Off is a person's wish in the menu; a reset may be a crash. */
	if (why == OSTI_REASON_OFF)
		power_system_off();
	close_window();
	transfer_abort();
	if (!slot_any(OSTI_SLOT_FROZEN))
		power_system_reset();

	log_warn("the boot manager reset; frozen slots stay");
	phase_commit(OSTI_CONTEXT_BM, OSTI_CONTEXT_BM, OSTI_SWITCH_BM,
		     arch_counter());
	stop(context_get(OSTI_CONTEXT_BM));
	return enter_bm(OSTI_REASON_RESTART, 0, reason.last, out);
}

static void tell_not_good(const struct context *slot)
{
	if (slot->tries < TRIES_NOT_GOOD)
		return;
	event_add(OSTI_EV_NOT_GOOD, slot->id, slot->tries, 0);
	log_warn("slot %u: %llu starts in a row that nobody called good",
		 slot->id, (unsigned long long)slot->tries);
}

enum outcome world_stop(unsigned int why, struct cpu_entry *out)
{
	struct context *slot = current;
	bool off = why == OSTI_REASON_OFF;

	LOCK_ASSERT_HELD();
	if (slot->id == OSTI_CONTEXT_BM)
		return stop_bm(why, out);

	phase_commit(slot->id, OSTI_CONTEXT_BM, OSTI_SWITCH_COLD,
		     arch_counter());
	stop(slot);
	transfer_leave(slot);
	restore_forget(slot);
	partition_put(slot);
	slot->frozen_at = 0;
	slot->version = 0;
	slot->disk_key = false;
	CHECK(slot_transition(slot, SLOT_EV_STOP) == OSTI_OK);
	event_add(off ? OSTI_EV_OFF : OSTI_EV_RESET, slot->id, 0, 0);
	log_info("slot %u %s", slot->id, off ? "is off" : "restarts");
	tell_not_good(slot);
	return enter_bm(why, slot->id, slot->id, out);
}

int64_t world_open(struct context *slot)
{
	int64_t ret;

	LOCK_ASSERT_HELD();
	if (opened || transfer_active())
		return OSTI_E_STATE;
	ret = slot_may(slot, SLOT_EV_OPEN);
	if (!ret)
		ret = partition_get(slot);
	if (ret)
		return ret;
	CHECK(slot_transition(slot, SLOT_EV_OPEN) == OSTI_OK);
	memory_open_window(slot);
	opened = slot;
	event_add(OSTI_EV_OPENED, slot->id, 0, 0);
	return OSTI_OK;
}

static void close(const struct context *slot)
{
	if (memory_close_window(slot))
		device_strand(context_get(OSTI_CONTEXT_BM));
	opened = NULL;
}

int64_t world_close(struct context *slot)
{
	int64_t ret = slot_may(slot, SLOT_EV_CLOSE);

	LOCK_ASSERT_HELD();
	if (ret)
		return ret;
	close(slot);
	partition_put(slot);
	CHECK(slot_transition(slot, SLOT_EV_CLOSE) == OSTI_OK);
	event_add(OSTI_EV_CLOSED, slot->id, 0, 0);
	return OSTI_OK;
}

/* May what the slot's memory holds start? Its image is given up if so. */
static int64_t judge(struct world_start *how)
{
	how->why = start_matches(how->slot, &how->start);
	if (how->why)
		return OSTI_E_START;
	/* Its disks are about to change under an image of it. */
	return transfer_give_up(how->slot, how->agreed);
}

int64_t world_start(struct world_start *how, uint64_t entered,
		    enum outcome *outcome, struct cpu_entry *out)
{
	struct context *slot = how->slot;
	int64_t ret = slot_may(slot, SLOT_EV_START);

	LOCK_ASSERT_HELD();
	if (ret)
		return ret;
	/* From here on nobody can change what is looked at. */
	close(slot);
	ret = judge(how);
	if (ret) {
		memory_open_window(slot);
		opened = slot;
		return ret;
	}
	start_place_tree(slot, &how->start, how->chance);
	CHECK(slot_transition(slot, SLOT_EV_START) == OSTI_OK);
	slot->resumed = OSTI_RESUMED_COLD;
	slot->version = how->start.version;
	slot->disk_key = how->start.flags & OSTI_START_F_DISK_KEY;
	slot->tries++;
	memset(&slot->origin, 0, sizeof(slot->origin));
	/* An answer to the OS that was here before is not for this one. */
	memset(&slot->answer, 0, sizeof(slot->answer));
	phase_commit(OSTI_CONTEXT_BM, slot->id, OSTI_SWITCH_BM, entered);
	stop(context_get(OSTI_CONTEXT_BM));
	out->pc = ipa_add(context_ram(), how->start.kernel.at);
	out->arg = OSTI_RAM_IPA;
	event_add(OSTI_EV_STARTED, slot->id, ipa_value(out->pc), slot->version);
	log_info("starting slot %u, version %llu", slot->id,
		 (unsigned long long)slot->version);
	memory_grant(slot);
	gicv3_reset_state(&slot->gic);
	rtc_reset(slot);
	enter(slot);
	*outcome = OUTCOME_ENTER;
	return OSTI_OK;
}

int64_t world_resume(struct context *slot, uint64_t entered,
		     enum outcome *outcome, struct cpu_entry *out)
{
	int64_t ret = slot_may(slot, SLOT_EV_RESUME);

	LOCK_ASSERT_HELD();
	if (ret)
		return ret;
	if (opened || transfer_active())
		return OSTI_E_STATE;
	if (!summon_cpu_of(slot))
		return OSTI_E_HARDWARE;
	phase_commit(OSTI_CONTEXT_BM, slot->id, OSTI_SWITCH_BM, entered);
	/* Not stop(): the one other CPU that may be on is the slot's. */
	memory_revoke(context_get(OSTI_CONTEXT_BM));
	leave(context_get(OSTI_CONTEXT_BM));
	memory_revoke_dma(context_get(OSTI_CONTEXT_BM));
	*outcome = thaw(slot, out);
	return OSTI_OK;
}
