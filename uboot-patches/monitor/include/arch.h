/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * arch.h - what the portable part of the monitor needs of a CPU
 *
 * arch/arm64 implements it for the device, arch/host for tests on the build
 * machine, where MMIO goes to a recorder and physical memory to a buffer.
 */
#ifndef ARCH_H
#define ARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "addr.h"

/* MMIO at a physical address, ordered against each other (Device-nGnRnE). */
uint8_t arch_read8(pa_t addr);
uint16_t arch_read16(pa_t addr);
uint32_t arch_read32(pa_t addr);
uint64_t arch_read64(pa_t addr);
void arch_write8(pa_t addr, uint8_t val);
void arch_write16(pa_t addr, uint16_t val);
void arch_write32(pa_t addr, uint32_t val);
void arch_write64(pa_t addr, uint64_t val);

/*
 * Pointer to @bytes of normal memory at @addr; asserts that it is RAM, and that
 * arch_map() has mapped what of it is for slots.
 */
void *arch_phys(pa_t addr, size_t bytes);
/* Physical address of a monitor object. */
pa_t arch_pa(const void *p);

/* All memory accesses before it are seen by CPUs and devices after it. */
void arch_barrier(void);
/* Let [addr, addr + bytes) reach the point of coherency, and forget it. */
void arch_cache_flush(pa_t addr, uint64_t bytes);
/*
 * Zero memory and flush it, also memory of a device that is mapped as such.
 * @addr and @bytes are multiples of 4 KiB.
 */
void arch_zero(pa_t addr, uint64_t bytes);
/* Drop every TLB entry of stage 1 and 2 of @vmid on all CPUs. */
void arch_tlb_flush(pa_t root, uint16_t vmid);

/*
 * Take what asynchronous error (SError) is pending on the calling CPU, so that
 * no context gets that of another. Returns the syndrome as in ESR_EL2, or 0 if
 * there was none.
 */
uint64_t arch_serror_drain(void);

/* Present value of the architected counter, and its frequency in Hz. */
uint64_t arch_counter(void);
uint64_t arch_counter_hz(void);

/*
 * What a context can read of a CPU and may rely on for as long as it runs: its
 * type and the ID registers, as contexts see them. @n below ARCH_FEATURES.
 */
#define ARCH_FEATURES		59
uint64_t arch_feature(unsigned int n);

/*
 * A program at EL0 without an OS, for the time of one call of arch_run(): all
 * that such code can keep in a CPU.
 */
struct arch_thread {
	uint64_t x[31];
	uint64_t sp;
	uint64_t pc;
	uint64_t pstate;	/* NZCV; other bits are dropped */
	uint64_t tpidr;
	uint64_t fpcr;
	uint64_t fpsr;
	uint64_t v[64] __attribute__((aligned(16)));	/* Q0..Q31 */
};

enum arch_exit {
	ARCH_EXIT_CALL,		/* it made its call, SVC #0 */
	ARCH_EXIT_AGAIN,	/* an interrupt is pending, or the time is over */
	ARCH_EXIT_FAULT,	/* it did something else that traps, or cannot run */
};

/* Why it stopped, for a message. */
struct arch_fault {
	uint64_t esr;
	uint64_t address;
};

/*
 * Run a thread on the calling CPU at EL0, with stage 1 off and all memory taken
 * as write-back, under the stage 2 table at @root with @vmid, for about @ticks of
 * the counter. Whatever the calling CPU has pending ends it early. The thread
 * can change no register of the context that has the CPU, and see none of them.
 *
 * Called without the monitor's lock. The caller's EL1 state is as it was on
 * return; interrupts that came meanwhile are pending, for whoever runs next.
 * ARCH_EXIT_FAULT with an esr that says SError, and the thread as it was: there is
 * one pending, or nothing would end the slice.
 */
enum arch_exit arch_run(struct arch_thread *thread, pa_t root, uint16_t vmid,
			uint64_t ticks, struct arch_fault *fault);

/*
 * Let the calling CPU sleep for about @ticks, until somebody nudges it, or until
 * it has an interrupt pending. As arch_run(), it forgets a nudge when it returns.
 */
void arch_nap(uint64_t ticks);

/*
 * Map memory for the monitor itself, or take it away again, on all CPUs. The
 * monitor has the partitions of slots only for as long as it needs them; what
 * is mapped is counted, so that calls may nest. Multiples of 2 MiB, memory that
 * slots can have. With the monitor's lock held.
 */
void arch_map(pa_t addr, uint64_t bytes);
void arch_unmap(pa_t addr, uint64_t bytes);

/* Index of the calling CPU, 0 .. OSTI_MAX_CPUS - 1. */
unsigned int arch_cpu(void);

#endif /* ARCH_H */
