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

/* A physical address. The monitor maps all memory that it uses one to one. */
typedef uint64_t pa_t;
/* An intermediate physical address: what an OS takes for a physical one. */
typedef uint64_t ipa_t;

/* MMIO at a physical address, ordered against each other (Device-nGnRnE). */
uint8_t arch_read8(pa_t addr);
uint16_t arch_read16(pa_t addr);
uint32_t arch_read32(pa_t addr);
uint64_t arch_read64(pa_t addr);
void arch_write8(pa_t addr, uint8_t val);
void arch_write16(pa_t addr, uint16_t val);
void arch_write32(pa_t addr, uint32_t val);
void arch_write64(pa_t addr, uint64_t val);

/* Pointer to @bytes of normal memory at @addr; asserts that it is RAM. */
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

/* Index of the calling CPU, 0 .. OSTI_MAX_CPUS - 1. */
unsigned int arch_cpu(void);

#endif /* ARCH_H */
