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
#include <sys/mman.h>

#include <cmocka.h>

#include "board.h"
#include "log.h"

#define COUNTER_HZ	62500000UL
#define MAX_DEVICES	16
#define PAGE		4096UL

uint64_t host_counter_now;
uint64_t host_counter_step;
void (*host_counter_hook)(void);
unsigned int host_cpu;
uint64_t host_features[ARCH_FEATURES];
uint64_t host_serror;

static uint8_t *ram;
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

static void record(enum host_op op, uint64_t addr, uint64_t val,
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

static const struct host_device *device_at(pa_t addr, unsigned int size)
{
	unsigned int i;

	for (i = 0; i < nr_devices; i++)
		if (addr >= devices[i].base &&
		    addr + size <= devices[i].base + devices[i].bytes)
			return &devices[i];
	panic("MMIO at %lx: no such device in this test", addr);
}

static uint64_t mmio_read(pa_t addr, unsigned int size)
{
	const struct host_device *dev = device_at(addr, size);
	uint64_t val;

	ASSERT(addr % size == 0);
	val = dev->read(addr - dev->base, size);
	if (size < 8)
		val &= (1UL << 8 * size) - 1;
	record(HOST_READ, addr, val, size);
	return val;
}

static void mmio_write(pa_t addr, unsigned int size, uint64_t val)
{
	const struct host_device *dev = device_at(addr, size);

	ASSERT(addr % size == 0);
	record(HOST_WRITE, addr, val, size);
	dev->write(addr - dev->base, size, val);
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

/* ---- Memory ------------------------------------------------------------------------- */

/*
 * What is in memory behind the cache, for objects of the monitor: pages by
 * address, in a hash table with linear probing. A page that was never flushed
 * is zero, as static storage is at power-on.
 */
#define SHADOW_PAGES	8192
#define MAX_DEVICE_WORDS	4096

static struct shadow_page {
	uint64_t addr;
	uint64_t word[PAGE / 8];
} *shadow[SHADOW_PAGES];
static unsigned int nr_shadow;

/* Words that a device wrote and that no flush has brought to the CPU yet. */
static uint64_t device_words[MAX_DEVICE_WORDS];
static unsigned int nr_device_words;

static bool in_ram(pa_t addr)
{
	return addr >= BOARD_RAM_BASE && addr < BOARD_RAM_BASE + HOST_RAM_BYTES;
}

static uint64_t *shadow_word(uint64_t addr)
{
	uint64_t page = addr / PAGE;
	unsigned int i = page * 0x9e3779b97f4a7c15UL >> 51;

	while (shadow[i] && shadow[i]->addr != page)
		i = (i + 1) % SHADOW_PAGES;
	if (!shadow[i]) {
		if (++nr_shadow == SHADOW_PAGES)
			abort();
		shadow[i] = calloc(1, sizeof(*shadow[i]));
		if (!shadow[i])
			abort();
		shadow[i]->addr = page;
	}
	return &shadow[i]->word[addr % PAGE / 8];
}

uint64_t host_device_read64(pa_t addr)
{
	ASSERT(addr % 8 == 0);
	if (in_ram(addr))
		return *(uint64_t *)arch_phys(addr, 8);
	return *shadow_word(addr);
}

void host_device_write64(pa_t addr, uint64_t val)
{
	ASSERT(addr % 8 == 0 && !in_ram(addr));
	if (nr_device_words == MAX_DEVICE_WORDS)
		abort();
	*shadow_word(addr) = val;
	device_words[nr_device_words++] = addr;
}

/* Bring what devices wrote to the CPU, then what the CPU wrote to memory. */
static void shadow_flush(pa_t addr, uint64_t bytes)
{
	uint64_t end = (addr + bytes + 7) & ~7UL;
	unsigned int i, kept = 0;

	for (i = 0; i < nr_device_words; i++) {
		uint64_t word = device_words[i];

		if (word >= addr && word < end)
			*(uint64_t *)(uintptr_t)word = *shadow_word(word);
		else
			device_words[kept++] = word;
	}
	nr_device_words = kept;
	for (addr &= ~7UL; addr < end; addr += 8)
		*shadow_word(addr) = *(uint64_t *)(uintptr_t)addr;
}

void *arch_phys(pa_t addr, size_t bytes)
{
	if (!in_ram(addr)) {
		/* An object of the monitor: far above all RAM of a board. */
		ASSERT(addr >> 40);
		return (void *)(uintptr_t)addr;
	}
	ASSERT(bytes <= BOARD_RAM_BASE + HOST_RAM_BYTES - addr);
	return ram + (addr - BOARD_RAM_BASE);
}

pa_t arch_pa(const void *p)
{
	const uint8_t *byte = p;

	if (byte >= ram && byte < ram + HOST_RAM_BYTES)
		return BOARD_RAM_BASE + (byte - ram);
	return (uintptr_t)p;
}

void arch_barrier(void)
{
	record(HOST_BARRIER, 0, 0, 0);
}

void arch_cache_flush(pa_t addr, uint64_t bytes)
{
	record(HOST_FLUSH, addr, bytes, 0);
	if (!in_ram(addr))
		shadow_flush(addr, bytes);
}

void arch_zero(pa_t addr, uint64_t bytes)
{
	ASSERT(addr % PAGE == 0 && bytes % PAGE == 0);
	record(HOST_ZERO, addr, bytes, 0);
	if (!in_ram(addr) && !(addr >> 40)) {
		for (; bytes; addr += 8, bytes -= 8) {
			const struct host_device *dev = device_at(addr, 8);

			dev->write(addr - dev->base, 8, 0);
		}
	} else if (!in_ram(addr)) {
		memset(arch_phys(addr, bytes), 0, bytes);
		shadow_flush(addr, bytes);
	} else if (madvise(arch_phys(addr, bytes), bytes, MADV_DONTNEED)) {
		abort();
	}
}

void arch_tlb_flush(pa_t root, uint16_t vmid)
{
	record(HOST_TLB, root, vmid, 0);
}

uint64_t arch_serror_drain(void)
{
	const uint64_t esr = host_serror;

	record(HOST_SERROR, esr, 0, 0);
	host_serror = 0;
	return esr;
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
	unsigned int i;

	for (i = 0; i < SHADOW_PAGES; i++) {
		free(shadow[i]);
		shadow[i] = NULL;
	}
	nr_shadow = 0;
	nr_device_words = 0;
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
	if (ram)
		munmap(ram, HOST_RAM_BYTES);
	ram = mmap(NULL, HOST_RAM_BYTES, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (ram == MAP_FAILED)
		abort();
	/* Reading what is zero should not cost a fault for each 4 KiB. */
	madvise(ram, HOST_RAM_BYTES, MADV_HUGEPAGE);
}
