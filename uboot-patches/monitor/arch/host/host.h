/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * host.h - what arch/host offers to unit tests
 *
 * MMIO goes to device models; each access is recorded. Physical memory is a
 * zeroed buffer at BOARD_RAM_BASE; an object of the monitor has its own address
 * as physical address. arch_counter() advances by host_counter_step with each
 * call. panic() and ASSERT() end in cmocka's mock_assert(), so that a test can
 * expect them with expect_assert_failure().
 *
 * Devices and walkers in the models look into no cache: they see of the
 * monitor's objects only what was flushed (host_device_read64()), and what
 * they write reaches the object with its next flush.
 */
#ifndef HOST_H
#define HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arch.h"

#define HOST_RAM_BYTES		0x80000000UL

/* Forget devices, trace, log, RAM and counter. Called in every test's setup. */
void host_reset(void);
/* Of these, RAM alone. */
void host_memory_reset(void);
/* The test has the lock, which host_reset() does, too. */
void host_lock_reset(void);

/* ---- MMIO -------------------------------------------------------------------- */

/*
 * A device model. @offset is from @base, @size 1, 2, 4 or 8 bytes. An access to
 * an address that no model has fails the test.
 */
struct host_device {
	uint64_t base;
	uint64_t bytes;
	uint64_t (*read)(uint64_t offset, unsigned int size);
	void (*write)(uint64_t offset, unsigned int size, uint64_t val);
};

void host_device_add(const struct host_device *dev);

enum host_op {
	HOST_READ,
	HOST_WRITE,
	HOST_FLUSH,		/* arch_cache_flush(); val = bytes */
	HOST_ZERO,		/* arch_zero(); val = bytes */
	HOST_TLB,		/* arch_tlb_flush(); val = VMID */
	HOST_BARRIER,
	HOST_SERROR,		/* arch_serror_drain(); addr = syndrome */
};

struct host_access {
	enum host_op op;
	uint64_t addr;
	uint64_t val;
	unsigned int size;
};

/* What the models of this folder add to it, and the device that is there. */
void host_record(enum host_op op, uint64_t addr, uint64_t val,
		 unsigned int size);
const struct host_device *host_device_at(pa_t addr, unsigned int size);

/* The record, oldest first. */
const struct host_access *host_trace(size_t *count);
void host_trace_clear(void);
/*
 * Index of the first record from @start on that is @op at @addr, or -1. For
 * the last such record: host_trace_last().
 */
long host_trace_find(size_t start, enum host_op op, uint64_t addr);
long host_trace_last(enum host_op op, uint64_t addr);
size_t host_trace_count(enum host_op op, uint64_t addr);

/* ---- Memory as devices see it -------------------------------------------------- */

/* At an address as it stands in a register or a structure. */
uint64_t host_device_read64(uint64_t addr);
void host_device_write64(uint64_t addr, uint64_t val);

/* ---- Memory as tests see it ------------------------------------------------------ */

/* As arch_phys(), but also what the monitor has not mapped. */
void *host_memory(pa_t addr, size_t bytes);
/* Are they all zero? @addr and @bytes are multiples of a page. */
bool host_memory_is_zero(pa_t addr, size_t bytes);
/* As arch_cache_flush(), likewise. */
void host_cache_flush(pa_t addr, uint64_t bytes);
/* Bytes of slots that the monitor has mapped now. */
uint64_t host_mapped(void);

/* ---- The rest -------------------------------------------------------------------- */

extern uint64_t host_counter_now;
extern uint64_t host_counter_step;
/* Called by arch_counter() when it has advanced, unless NULL. */
extern void (*host_counter_hook)(void);
extern unsigned int host_cpu;
/* What arch_feature() tells. */
extern uint64_t host_features[ARCH_FEATURES];
/* Syndrome of the SError that is pending, or 0. */
extern uint64_t host_serror;

/*
 * What arch_run() does: a test plays the program. Without one it must not be
 * called. The counter is the test's to advance.
 */
extern enum arch_exit (*host_run_hook)(struct arch_thread *thread, pa_t root,
				       uint16_t vmid, uint64_t ticks,
				       struct arch_fault *fault);
/* Calls of arch_nap(), which advances the counter by all of its ticks. */
extern unsigned int host_naps;

/* All that was logged since host_reset(), one line for each message. */
const char *host_log(void);
/* Message of the last panic. */
const char *host_panic_text(void);

#endif /* HOST_H */
