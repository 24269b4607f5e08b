// SPDX-License-Identifier: GPL-2.0-only
/*
 * arch.c - arch.h for arm64
 */
#include "arch.h"

#include "arch_arm64.h"
#include "board.h"
#include "feature.h"
#include "log.h"
#include "sysreg.h"

#define VMID_SHIFT	48

/*
 * One instruction each, with a base register alone: what stage 2 or a
 * hypervisor below could have to emulate, and what compilers cannot merge.
 */
#define ACCESSORS(bits, insn, mod, type)				\
type arch_read##bits(pa_t addr)						\
{									\
	type val;							\
									\
	asm volatile("ldr" insn " %" mod "0, [%1]"			\
		     : "=r" (val) : "r" (pa_value(addr)) : "memory");	\
	return val;							\
}									\
									\
void arch_write##bits(pa_t addr, type val)				\
{									\
	asm volatile("str" insn " %" mod "0, [%1]"			\
		     : : "rZ" (val), "r" (pa_value(addr)) : "memory");	\
}

ACCESSORS(8, "b", "w", uint8_t)
ACCESSORS(16, "h", "w", uint16_t)
ACCESSORS(32, "", "w", uint32_t)
ACCESSORS(64, "", "x", uint64_t)

void *arch_phys(pa_t addr, size_t bytes)
{
	const uint64_t end = BOARD_RAM_BASE + CONFIG_OSTI_RAM_MIB * 1024UL * 1024;
	const uint64_t at = pa_value(addr);

	ASSERT(at >= BOARD_RAM_BASE && at < end && bytes <= end - at &&
	       mmu_is_mapped(addr, bytes));
	return (void *)at;
}

pa_t arch_pa(const void *p)
{
	return pa_make((uint64_t)p);
}

void arch_barrier(void)
{
	dsb(sy);
}

/* Bytes of the smallest data cache line: CTR_EL0.DminLine, log2 of words. */
static uint64_t line_bytes(void)
{
	return 4UL << (sysreg_read(ctr_el0) >> 16 & 0xf);
}

void arch_cache_flush(pa_t addr, uint64_t bytes)
{
	const uint64_t line = line_bytes();
	const uint64_t from = pa_value(addr);
	uint64_t p;

	for (p = from & ~(line - 1); p < from + bytes; p += line)
		asm volatile("dc civac, %0" : : "r" (p) : "memory");
	dsb(sy);
}

void arch_zero(pa_t addr, uint64_t bytes)
{
	const uint64_t dczid = sysreg_read(dczid_el0);
	const uint64_t block = 4UL << (dczid & 0xf);
	const uint64_t from = pa_value(addr);
	const uint64_t end = from + bytes;
	uint64_t p;

	ASSERT(from % 4096 == 0 && bytes % 4096 == 0);
	/* DCZID_EL0.DZP: DC ZVA is prohibited. */
	if (dczid & BIT(4)) {
		for (p = from; p < end; p += 8)
			*(volatile uint64_t *)p = 0;
	} else {
		for (p = from; p < end; p += block)
			asm volatile("dc zva, %0" : : "r" (p) : "memory");
	}
	arch_cache_flush(addr, bytes);
}

void arch_tlb_flush(pa_t root, uint16_t vmid)
{
	const uint64_t old = sysreg_read(vttbr_el2);

	/* The instruction takes the VMID from VTTBR_EL2. */
	sysreg_write(vttbr_el2, pa_value(root) | (uint64_t)vmid << VMID_SHIFT);
	isb();
	asm volatile("dsb ish; tlbi vmalls12e1is; dsb ish; isb" : : : "memory");
	sysreg_write(vttbr_el2, old);
	isb();
}

/*
 * Stores are done before the DSB ends, so what is wrong with them is known. A
 * CPU with RAS defers it to DISR_EL1 at an ESB: EL2 counts as masked for an
 * SError whose target is EL1 (DDI 0487, AArch64.ESBOperation()). Other errors,
 * and those of other CPUs, are let in. Where the firmware takes SErrors first
 * (SCR_EL3.EA), none is ever pending here.
 */
uint64_t arch_serror_drain(void)
{
	uint64_t disr = 0;
	uint64_t esr;

	dsb(sy);
	if (feature_ras()) {
		/* An OS can write it, too. */
		sysreg_write(DISR_EL1, 0);
		isb();
		asm volatile("hint #16" : : : "memory");	/* ESB */
		disr = sysreg_read(DISR_EL1);
		sysreg_write(DISR_EL1, 0);
	}
	esr = serror_window();
	if (!esr && disr & DISR_A)
		esr = (uint64_t)EC_SERROR << 26 | ESR_IL | ESR_ISS(disr);
	return esr;
}

uint64_t arch_counter(void)
{
	isb();
	return sysreg_read(cntpct_el0);
}

uint64_t arch_counter_hz(void)
{
	return sysreg_read(cntfrq_el0);
}

uint64_t arch_feature(unsigned int n)
{
	ASSERT(n < ARCH_FEATURES);
	switch (n) {
	case 0:
		return sysreg_read(midr_el1);
	case 1:
		return sysreg_read(ctr_el0);
	case 2:
		return sysreg_read(dczid_el0);
	default:
		/* op0 3, op1 0, CRn 0: CRm 1 to 7, op2 0 to 7 */
		return idreg_read(1 + (n - 3) / 8, (n - 3) % 8);
	}
}

unsigned int arch_cpu(void)
{
	return sysreg_read(tpidr_el2);
}
