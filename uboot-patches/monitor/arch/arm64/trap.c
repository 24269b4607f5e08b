// SPDX-License-Identifier: GPL-2.0-only
/*
 * trap.c - what brings a CPU from a context into EL2, and what follows
 */
#include <stddef.h>

#include "arch_arm64.h"
#include "board.h"
#include "event.h"
#include "lock.h"
#include "log.h"
#include "memory.h"
#include "power.h"
#include "rtc.h"
#include "smccc.h"
#include "sysreg.h"
#include "world.h"

_Static_assert(sizeof(struct frame) == FRAME_SIZE, "vectors.S and C differ");
_Static_assert(offsetof(struct frame, elr) == FRAME_ELR, "vectors.S and C differ");
_Static_assert(offsetof(struct frame, spsr) == FRAME_SPSR, "vectors.S and C differ");

void trap_lower(struct frame *f);
void trap_own(struct frame *f) __attribute__((noreturn));

/* Go past the instruction that trapped. */
static void skip(struct frame *f, uint64_t esr)
{
	f->elr += esr & ESR_IL ? 4 : 2;
	/* As the instruction would have left it. */
	f->spsr &= ~PSR_SS;
}

/*
 * Make EL1 take a synchronous exception at the trapped instruction: DDI 0487,
 * section D1.3 "Exceptions", and AArch64.TakeException() in its pseudocode.
 */
static void inject(struct frame *f, uint64_t esr, uint64_t far)
{
	const uint64_t sctlr = sysreg_read(sctlr_el1);
	const bool has_pan = MMFR1_PAN(sysreg_read(id_aa64mmfr1_el1));
	const uint64_t from = f->spsr;
	uint64_t offset;
	uint64_t spsr;

	sysreg_write(esr_el1, esr);
	sysreg_write(far_el1, far);
	sysreg_write(elr_el1, f->elr);
	sysreg_write(spsr_el1, from);

	if (from & PSR_MODE_32)
		offset = VECTORS_LOWER_32;
	else if ((from & PSR_MODE_MASK) == 0)
		offset = VECTORS_LOWER_64;
	else if (from & PSR_SPSEL)
		offset = VECTORS_SP_ELX;
	else
		offset = VECTORS_SP_EL0;

	spsr = (from & (PSR_NZCV | PSR_DIT | PSR_PAN)) | PSR_DAIF | PSR_EL1H;
	if (has_pan && !(sctlr & SCTLR_EL1_SPAN))
		spsr |= PSR_PAN;
	if (sctlr & SCTLR_EL1_DSSBS)
		spsr |= PSR_SSBS;
	f->spsr = spsr;
	f->elr = sysreg_read(vbar_el1) + offset;
}

static void inject_undefined(struct frame *f, uint64_t esr)
{
	event_offence(OSTI_EV_TRAP, world_current()->id, esr, 0);
	inject(f, (uint64_t)EC_UNKNOWN << ESR_EC_SHIFT | ESR_IL,
	       sysreg_read(far_el1));
}

static void inject_abort(struct frame *f, uint64_t esr)
{
	/* Odd numbers of the class say "from the same level as it is taken". */
	const uint64_t same = (f->spsr & PSR_MODE_MASK) == 0 ||
			      f->spsr & PSR_MODE_32 ? 0 : 1;

	inject(f, (ESR_EC(esr) | same) << ESR_EC_SHIFT | (esr & ESR_IL) |
	       (esr & ISS_WNR) | FSC_EXTERNAL, sysreg_read(far_el2));
}

/* IPA of a stage 2 abort, or 0 where the CPU does not tell. */
static ipa_t fault_ipa(uint64_t esr)
{
	/* HPFAR_EL2 is for translation faults, and for stage 1 walks. */
	if ((ISS_FSC(esr) & FSC_TYPE_MASK) != FSC_TRANSLATION &&
	    !(esr & ISS_S1PTW))
		return ipa_make(0);
	return ipa_make(HPFAR_IPA(sysreg_read(hpfar_el2)) |
			(esr & ISS_FNV ? 0 : sysreg_read(far_el2) & FAR_PAGE_OFFSET));
}

/* The load that the CPU decoded for us gets this value. */
static void finish_load(struct frame *f, uint64_t esr, uint64_t val)
{
	const unsigned int reg = ISS_SRT(esr);
	const uint64_t mask = UINT64_MAX >> (64 - (8U << ISS_SAS(esr)));

	if (reg == 31)
		return;
	val &= mask;
	if (esr & ISS_SSE && val > mask >> 1)
		val |= ~mask;
	f->x[reg] = esr & ISS_SF ? val : (uint32_t)val;
}

/*
 * Configuration space of a hidden PCI function: nobody is there, so reads give
 * all ones and writes do nothing (PCI Express Base Specification, "unsupported
 * request"). The real time clock: the context's own. Returns false when it is
 * neither, or when the instruction is none that the CPU decodes for us.
 */
static bool emulate(struct frame *f, uint64_t esr, ipa_t ipa)
{
	const unsigned int bytes = 1U << ISS_SAS(esr);
	const unsigned int reg = ISS_SRT(esr);
	struct context *ctx = world_current();
	const ipa_t rtc = ipa_make(BOARD_RTC_BASE);
	const bool is_rtc = memory_is_rtc(ipa);

	if (!(esr & ISS_ISV) || !(is_rtc || memory_is_pci_config(ipa)))
		return false;
	if (!(esr & ISS_WNR))
		finish_load(f, esr, is_rtc ? rtc_read(ctx, ipa_offset(ipa, rtc),
						      bytes) : UINT64_MAX);
	else if (is_rtc)
		rtc_write(ctx, ipa_offset(ipa, rtc), bytes,
			  reg == 31 ? 0 : f->x[reg]);
	skip(f, esr);
	return true;
}

static void handle_abort(struct frame *f, uint64_t esr)
{
	const ipa_t ipa = fault_ipa(esr);
	const uint64_t write = ESR_EC(esr) == EC_DABT_LOWER && esr & ISS_WNR;

	if (ESR_EC(esr) == EC_DABT_LOWER && !(esr & ISS_S1PTW) &&
	    emulate(f, esr, ipa))
		return;

	event_offence(OSTI_EV_STAGE2_FAULT, world_current()->id,
		      (ipa_value(ipa) & ~1UL) | !!write, 0);
	inject_abort(f, esr);
}

static void handle_sysreg(struct frame *f, uint64_t esr)
{
	const unsigned int rt = SYS_RT(esr);

	/* HCR_EL2.TID3: the ID registers, which are read-only. */
	if (SYS_OP0(esr) == 3 && SYS_OP1(esr) == 0 && SYS_CRN(esr) == 0 &&
	    SYS_CRM(esr) >= 1 && SYS_CRM(esr) <= 7 && SYS_IS_READ(esr)) {
		if (rt != 31)
			f->x[rt] = idreg_read(SYS_CRM(esr), SYS_OP2(esr));
		skip(f, esr);
		return;
	}
	inject_undefined(f, esr);
}

/* With the lock held on entry, without it on return. */
static void handle_smc(struct frame *f, uint64_t esr)
{
	struct cpu_entry entry;
	enum outcome outcome;

	/* A trapped SMC was not executed: go past it (DDI 0487, HCR_EL2.TSC). */
	skip(f, esr);
	if (ISS_IMM16(esr)) {
		f->x[0] = SMCCC_NOT_SUPPORTED;
		lock_release();
		return;
	}

	outcome = smccc_handle(f->x, &entry);
	lock_release();
	switch (outcome) {
	case OUTCOME_RETURN:
		break;
	case OUTCOME_STANDBY:
		power_standby();
		break;
	case OUTCOME_ENTER:
		enter_el1(&entry);
	case OUTCOME_CPU_OFF:
		cpu_power_off();
	}
}

void trap_lower(struct frame *f)
{
	const uint64_t esr = sysreg_read(esr_el2);

	/* A CPU that idles must not stand in the others' way. */
	if (ESR_EC(esr) == EC_WFX) {
		power_standby();
		skip(f, esr);
		if (cpu_must_stop())
			cpu_power_off();
		return;
	}

	lock_or_stop();
	switch (ESR_EC(esr)) {
	case EC_SMC64:
		handle_smc(f, esr);
		if (cpu_must_stop())
			cpu_power_off();
		return;
	case EC_HVC64:
		f->x[0] = OSTI_E_NOT_SUPPORTED;
		break;
	case EC_SYSREG:
		handle_sysreg(f, esr);
		break;
	case EC_IABT_LOWER:
	case EC_DABT_LOWER:
		handle_abort(f, esr);
		break;
	default:
		inject_undefined(f, esr);
		break;
	}
	lock_release();
}

void trap_own(struct frame *f)
{
	unsigned int i;

	log_error("fault in the monitor on CPU %u: ESR %llx FAR %llx ELR %llx SPSR %llx",
		  arch_cpu(), (unsigned long long)sysreg_read(esr_el2),
		  (unsigned long long)sysreg_read(far_el2),
		  (unsigned long long)f->elr, (unsigned long long)f->spsr);
	for (i = 0; i < 31; i++)
		log_error("x%u %llx", i, (unsigned long long)f->x[i]);
	panic("monitor fault");
}
