// SPDX-License-Identifier: GPL-2.0-only
/*
 * run.c - a thread at EL0, on a CPU that a context has
 *
 * What the context keeps in registers that EL0 can reach, or that decide what
 * EL0 may do, is put aside. Registers of EL1 alone stay where they are: nothing
 * is taken to EL1 while HCR_EL2.TGE is 1. What needs a key, a trap or a feature
 * that is not turned on in HCR_RUN, SCTLR_EL1_RUN or CPACR_EL1 traps.
 */
#include <stddef.h>

#include "arch.h"
#include "arch_arm64.h"
#include "feature.h"
#include "gicv3.h"
#include "harden.h"
#include "sysreg.h"

#define VTTBR_VMID_SHIFT	48

_Static_assert(offsetof(struct arch_thread, x) == THREAD_X(0) &&
	       offsetof(struct arch_thread, fpcr) == THREAD_FPCR &&
	       offsetof(struct arch_thread, fpsr) == THREAD_FPSR &&
	       offsetof(struct arch_thread, v) == THREAD_Q, "thread.S and C differ");

/* Registers of the context that has the CPU. */
struct aside {
	uint64_t sp_el0, tpidr_el0, tpidrro_el0;
	uint64_t sctlr_el1, cpacr_el1, cntkctl_el1, mdscr_el1;
	uint64_t pmuserenr_el0, pmcr_el0;
	uint64_t hcr_el2, vttbr_el2;
};

static bool serror_is_pending(void)
{
	dsb(sy);
	isb();
	return sysreg_read(isr_el1) & ISR_A;
}

static void timer_start(uint64_t ticks)
{
	sysreg_write(CNTHP_CVAL_EL2, arch_counter() + ticks);
	sysreg_write(CNTHP_CTL_EL2, CNTHP_CTL_ENABLE);
	isb();
}

static void timer_stop(void)
{
	sysreg_write(CNTHP_CTL_EL2, 0);
	isb();
}

/*
 * The counters neither tell the context what the thread does, nor the thread
 * what the context did.
 */
static void stop_pmu(struct aside *was)
{
	if (!feature_pmu())
		return;
	was->pmuserenr_el0 = sysreg_read(pmuserenr_el0);
	was->pmcr_el0 = sysreg_read(pmcr_el0);
	sysreg_write(pmuserenr_el0, 0);
	sysreg_write(pmcr_el0, was->pmcr_el0 & ~PMCR_E);
}

static void start_pmu(const struct aside *was)
{
	if (!feature_pmu())
		return;
	sysreg_write(pmcr_el0, was->pmcr_el0);
	sysreg_write(pmuserenr_el0, was->pmuserenr_el0);
}

static void put_aside(struct aside *was)
{
	was->sp_el0 = sysreg_read(sp_el0);
	was->tpidr_el0 = sysreg_read(tpidr_el0);
	was->tpidrro_el0 = sysreg_read(tpidrro_el0);
	was->sctlr_el1 = sysreg_read(sctlr_el1);
	was->cpacr_el1 = sysreg_read(cpacr_el1);
	was->cntkctl_el1 = sysreg_read(cntkctl_el1);
	was->mdscr_el1 = sysreg_read(mdscr_el1);
	was->hcr_el2 = sysreg_read(hcr_el2);
	was->vttbr_el2 = sysreg_read(vttbr_el2);
	stop_pmu(was);
	sysreg_write(tpidrro_el0, 0);
	sysreg_write(cpacr_el1, CPACR_FPEN);
	sysreg_write(cntkctl_el1, 0);
	sysreg_write(mdscr_el1, 0);
}

static void put_back(const struct aside *was)
{
	sysreg_write(mdscr_el1, was->mdscr_el1);
	sysreg_write(cntkctl_el1, was->cntkctl_el1);
	sysreg_write(cpacr_el1, was->cpacr_el1);
	sysreg_write(tpidrro_el0, was->tpidrro_el0);
	sysreg_write(tpidr_el0, was->tpidr_el0);
	sysreg_write(sp_el0, was->sp_el0);
	start_pmu(was);
}

/*
 * Both ways the CPU is, for a while, between two translation regimes, and may
 * walk tables for an AT instruction that it only speculates about: see
 * set_stage2() in setup.c.
 *  - SCTLR_EL1 is the thread's first and last, with stage 1 off: so tables of the
 *    context are never walked in the thread's memory, where a walk might even
 *    set access flags.
 *  - The TLB is emptied last. So neither has entries that were made of registers
 *    of both; for the context those would be addresses that are not translated.
 * The thread's code may be new to the instruction cache. A context finds its own
 * there as it was.
 */
static void enter_stage2(pa_t root, uint16_t vmid)
{
	sysreg_write(sctlr_el1, SCTLR_EL1_RUN);
	isb();
	sysreg_write(vttbr_el2, pa_value(root) | (uint64_t)vmid << VTTBR_VMID_SHIFT);
	sysreg_write(hcr_el2, HCR_RUN);
	isb();
	asm volatile("tlbi alle1; ic iallu; dsb nsh; isb" : : : "memory");
}

static void leave_stage2(const struct aside *was)
{
	sysreg_write(vttbr_el2, was->vttbr_el2);
	sysreg_write(hcr_el2, was->hcr_el2);
	isb();
	sysreg_write(sctlr_el1, was->sctlr_el1);
	isb();
	asm volatile("tlbi alle1; dsb nsh; isb" : : : "memory");
}

/* All that thread.S leaves to C. Interrupts are masked in EL2, not below it. */
static unsigned int run(struct arch_thread *t)
{
	unsigned int why;

	sysreg_write(sp_el0, t->sp);
	sysreg_write(tpidr_el0, t->tpidr);
	sysreg_write(elr_el2, t->pc);
	sysreg_write(spsr_el2, t->pstate & PSR_NZCV);
	why = thread_run(t);
	t->sp = sysreg_read(sp_el0);
	t->tpidr = sysreg_read(tpidr_el0);
	t->pc = sysreg_read(elr_el2);
	t->pstate = sysreg_read(spsr_el2) & PSR_NZCV;
	return why;
}

/* What a thread has trapped by. */
static enum arch_exit judge(const struct arch_thread *t, unsigned int why,
			    struct arch_fault *fault)
{
	const uint64_t esr = sysreg_read(esr_el2);

	if (why == RUN_INTERRUPT)
		return ARCH_EXIT_AGAIN;
	if (why == RUN_SYNC && ESR_EC(esr) == EC_SVC64 && !(esr & 0xffff))
		return ARCH_EXIT_CALL;
	fault->esr = esr;
	/* Stage 1 is off: a virtual address is an IPA. */
	fault->address = ESR_EC(esr) == EC_IABT_LOWER ||
			 ESR_EC(esr) == EC_DABT_LOWER ? sysreg_read(far_el2) :
							t->pc;
	return ARCH_EXIT_FAULT;
}

enum arch_exit arch_run(struct arch_thread *thread, pa_t root, uint16_t vmid,
			uint64_t ticks, struct arch_fault *fault)
{
	const unsigned int cpu = arch_cpu();
	struct gicv3_slice slice;
	struct icc_mask mask;
	struct aside was = { 0 };
	enum arch_exit exit;

	/*
	 * An SError of before would come first. It is left to the context, if
	 * there is one. Without a timer the thread might never come back.
	 */
	*fault = (struct arch_fault) { .esr = (uint64_t)EC_SERROR << 26 };
	if (serror_is_pending() || gicv3_slice_begin(cpu, &slice))
		return ARCH_EXIT_FAULT;
	*fault = (struct arch_fault) { 0 };
	icc_open(&mask);
	put_aside(&was);
	enter_stage2(root, vmid);
	harden_context();
	timer_start(ticks);
	exit = judge(thread, run(thread), fault);
	timer_stop();
	if (serror_is_pending()) {
		fault->esr = arch_serror_drain();
		fault->address = thread->pc;
		exit = ARCH_EXIT_FAULT;
	}
	leave_stage2(&was);
	put_back(&was);
	harden_context();
	icc_close(&mask);
	gicv3_slice_end(cpu, &slice);
	return exit;
}

void arch_nap(uint64_t ticks)
{
	struct gicv3_slice slice;
	struct icc_mask mask;

	if (gicv3_slice_begin(arch_cpu(), &slice))
		return;
	icc_open(&mask);
	timer_start(ticks);
	asm volatile("dsb sy; wfi" : : : "memory");
	timer_stop();
	icc_close(&mask);
	gicv3_slice_end(arch_cpu(), &slice);
}
