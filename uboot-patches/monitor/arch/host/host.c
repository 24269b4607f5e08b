// SPDX-License-Identifier: GPL-2.0-only
/*
 * host.c - arch.h for unit tests on the build machine
 */
#define _DEFAULT_SOURCE

#include "host.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "board.h"
#include "log.h"

#define COUNTER_HZ	62500000UL
#define MAX_DEVICES	16

uint64_t host_counter_now;
uint64_t host_counter_step;
void (*host_counter_hook)(void);
unsigned int host_cpu;
uint64_t host_features[ARCH_FEATURES];
uint64_t host_serror;
enum arch_exit (*host_run_hook)(struct arch_thread *thread, pa_t root,
				uint16_t vmid, uint64_t ticks,
				struct arch_fault *fault);
unsigned int host_naps;

static struct host_device devices[MAX_DEVICES];
static unsigned int nr_devices;
static struct host_access *trace;
static size_t trace_len, trace_room;
static char log_text[65536];
static size_t log_len;
static char panic_text[512];

/* ---- Log, panic ------------------------------------------------------------------ */

void log_printf(int level, const char *fmt, ...)
{
	size_t room = sizeof(log_text) - log_len;
	va_list ap;
	int n;

	(void)level;
	va_start(ap, fmt);
	n = vsnprintf(log_text + log_len, room, fmt, ap);
	va_end(ap);
	if (n >= 0 && (size_t)n + 2 <= room) {
		log_len += n;
		log_text[log_len++] = '\n';
		log_text[log_len] = '\0';
	}
}

void panic(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(panic_text, sizeof(panic_text), fmt, ap);
	va_end(ap);
	mock_assert(0, panic_text, "panic", 0);
	abort();
}

const char *host_log(void)
{
	return log_text;
}

const char *host_panic_text(void)
{
	return panic_text;
}

/* ---- Trace ------------------------------------------------------------------------ */

void host_record(enum host_op op, uint64_t addr, uint64_t val,
		 unsigned int size)
{
	if (trace_len == trace_room) {
		trace_room = trace_room ? 2 * trace_room : 4096;
		trace = realloc(trace, trace_room * sizeof(*trace));
		if (!trace)
			abort();
	}
	trace[trace_len++] = (struct host_access) { op, addr, val, size };
}

const struct host_access *host_trace(size_t *count)
{
	*count = trace_len;
	return trace;
}

void host_trace_clear(void)
{
	trace_len = 0;
}

long host_trace_find(size_t start, enum host_op op, uint64_t addr)
{
	for (; start < trace_len; start++)
		if (trace[start].op == op && trace[start].addr == addr)
			return start;
	return -1;
}

long host_trace_last(enum host_op op, uint64_t addr)
{
	size_t i;

	for (i = trace_len; i-- > 0;)
		if (trace[i].op == op && trace[i].addr == addr)
			return i;
	return -1;
}

size_t host_trace_count(enum host_op op, uint64_t addr)
{
	size_t i, n = 0;

	for (i = 0; i < trace_len; i++)
		n += trace[i].op == op && trace[i].addr == addr;
	return n;
}

/* ---- MMIO ------------------------------------------------------------------------- */

void host_device_add(const struct host_device *dev)
{
	if (nr_devices == MAX_DEVICES)
		abort();
	devices[nr_devices++] = *dev;
}

const struct host_device *host_device_at(pa_t addr, unsigned int size)
{
	const uint64_t at = pa_value(addr);
	unsigned int i;

	for (i = 0; i < nr_devices; i++)
		if (at >= devices[i].base &&
		    at + size <= devices[i].base + devices[i].bytes)
			return &devices[i];
	panic("MMIO at %lx: no such device in this test", at);
}

static uint64_t mmio_read(pa_t addr, unsigned int size)
{
	const struct host_device *dev = host_device_at(addr, size);
	uint64_t val;

	ASSERT(pa_aligned(addr, size));
	val = dev->read(pa_value(addr) - dev->base, size);
	if (size < 8)
		val &= (1UL << 8 * size) - 1;
	host_record(HOST_READ, pa_value(addr), val, size);
	return val;
}

static void mmio_write(pa_t addr, unsigned int size, uint64_t val)
{
	const struct host_device *dev = host_device_at(addr, size);

	ASSERT(pa_aligned(addr, size));
	host_record(HOST_WRITE, pa_value(addr), val, size);
	dev->write(pa_value(addr) - dev->base, size, val);
}

uint8_t arch_read8(pa_t addr)
{
	return mmio_read(addr, 1);
}

uint16_t arch_read16(pa_t addr)
{
	return mmio_read(addr, 2);
}

uint32_t arch_read32(pa_t addr)
{
	return mmio_read(addr, 4);
}

uint64_t arch_read64(pa_t addr)
{
	return mmio_read(addr, 8);
}

void arch_write8(pa_t addr, uint8_t val)
{
	mmio_write(addr, 1, val);
}

void arch_write16(pa_t addr, uint16_t val)
{
	mmio_write(addr, 2, val);
}

void arch_write32(pa_t addr, uint32_t val)
{
	mmio_write(addr, 4, val);
}

void arch_write64(pa_t addr, uint64_t val)
{
	mmio_write(addr, 8, val);
}

/* ---- What leaves a trace only ------------------------------------------------------- */

void arch_barrier(void)
{
	host_record(HOST_BARRIER, 0, 0, 0);
}

void arch_tlb_flush(pa_t root, uint16_t vmid)
{
	host_record(HOST_TLB, pa_value(root), vmid, 0);
}

uint64_t arch_serror_drain(void)
{
	const uint64_t esr = host_serror;

	host_record(HOST_SERROR, esr, 0, 0);
	host_serror = 0;
	return esr;
}

/* ---- Threads --------------------------------------------------------------------------- */

enum arch_exit arch_run(struct arch_thread *thread, pa_t root, uint16_t vmid,
			uint64_t ticks, struct arch_fault *fault)
{
	if (!host_run_hook)
		panic("CPU %u runs a thread: the test has none", host_cpu);
	*fault = (struct arch_fault) { 0 };
	return host_run_hook(thread, root, vmid, ticks, fault);
}

void arch_nap(uint64_t ticks)
{
	host_naps++;
	host_counter_now += ticks;
	if (host_counter_hook)
		host_counter_hook();
}

/* ---- The rest ------------------------------------------------------------------------ */

uint64_t arch_counter(void)
{
	host_counter_now += host_counter_step;
	if (host_counter_hook)
		host_counter_hook();
	return host_counter_now;
}

uint64_t arch_counter_hz(void)
{
	return COUNTER_HZ;
}

uint64_t arch_feature(unsigned int n)
{
	ASSERT(n < ARCH_FEATURES);
	return host_features[n];
}

unsigned int arch_cpu(void)
{
	return host_cpu;
}

void host_reset(void)
{
	host_memory_reset();
	host_lock_reset();
	nr_devices = 0;
	trace_len = 0;
	log_len = 0;
	log_text[0] = '\0';
	panic_text[0] = '\0';
	host_counter_now = 1;
	host_counter_step = COUNTER_HZ / 10000;
	host_counter_hook = NULL;
	host_cpu = 0;
	host_serror = 0;
	host_run_hook = NULL;
	host_naps = 0;
}
