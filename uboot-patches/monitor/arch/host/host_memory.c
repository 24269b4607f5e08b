// SPDX-License-Identifier: GPL-2.0-only
/*
 * host_memory.c - memory for unit tests: what the monitor has mapped of it, and
 * what is in it behind the caches
 */
#define _DEFAULT_SOURCE

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "board.h"
#include "host.h"
#include "lock.h"
#include "log.h"

#define PAGE		4096UL
#define BLOCK		0x200000UL

static uint8_t *ram;
/* How often arch_map() has mapped each block; only those of slots count. */
static uint8_t mapped[HOST_RAM_BYTES / BLOCK];

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

static bool in_ram(uint64_t addr)
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

uint64_t host_device_read64(uint64_t addr)
{
	ASSERT(addr % 8 == 0);
	if (in_ram(addr))
		return *(uint64_t *)host_memory(pa_make(addr), 8);
	return *shadow_word(addr);
}

void host_device_write64(uint64_t addr, uint64_t val)
{
	ASSERT(addr % 8 == 0 && !in_ram(addr));
	if (nr_device_words == MAX_DEVICE_WORDS)
		abort();
	*shadow_word(addr) = val;
	device_words[nr_device_words++] = addr;
}

/* Bring what devices wrote to the CPU, then what the CPU wrote to memory. */
static void shadow_flush(uint64_t addr, uint64_t bytes)
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

void *host_memory(pa_t addr, size_t bytes)
{
	const uint64_t at = pa_value(addr);

	if (!in_ram(at)) {
		/* An object of the monitor: far above all RAM of a board. */
		ASSERT(at >> 40);
		return (void *)(uintptr_t)at;
	}
	ASSERT(bytes <= BOARD_RAM_BASE + HOST_RAM_BYTES - at);
	return ram + (at - BOARD_RAM_BASE);
}

/* proc(5), /proc/pid/pagemap: present, or swapped out */
#define PAGEMAP_THERE	(3UL << 62)

bool host_memory_is_zero(pa_t addr, size_t bytes)
{
	const int fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	const uint8_t *page = host_memory(addr, bytes);
	uint64_t entries[BLOCK / PAGE];
	bool zero = true;
	size_t i, n;

	/* A look at a page that nobody has touched would be what makes it. */
	for (; zero && bytes; bytes -= n * PAGE) {
		n = bytes < BLOCK ? bytes / PAGE : BLOCK / PAGE;
		if (pread(fd, entries, n * sizeof(*entries),
			  (uintptr_t)page / PAGE * sizeof(*entries)) !=
		    (ssize_t)(n * sizeof(*entries)))
			abort();
		for (i = 0; zero && i < n; i++, page += PAGE)
			zero = !(entries[i] & PAGEMAP_THERE) ||
			       (!page[0] && !memcmp(page, page + 1, PAGE - 1));
	}
	close(fd);
	return zero;
}

static uint8_t *mapped_block(uint64_t addr)
{
	return &mapped[(addr - BOARD_RAM_BASE) / BLOCK];
}

/* All that the monitor does to memory comes here: is it there for it? */
static void check_mapped(uint64_t addr, uint64_t bytes)
{
	const uint64_t end = addr + bytes;

	if (!in_ram(addr))
		return;
	for (addr &= ~(BLOCK - 1); addr < end; addr += BLOCK)
		if (addr >= BOARD_SLOTS_BASE)
			ASSERT(*mapped_block(addr));
}

static void check_blocks(uint64_t at, uint64_t bytes)
{
	ASSERT(at % BLOCK == 0 && bytes % BLOCK == 0);
	ASSERT(at >= BOARD_SLOTS_BASE &&
	       at + bytes <= BOARD_RAM_BASE + HOST_RAM_BYTES);
}

void arch_map(pa_t addr, uint64_t bytes)
{
	uint64_t at = pa_value(addr);
	const uint64_t end = at + bytes;

	LOCK_ASSERT_HELD();
	check_blocks(at, bytes);
	for (; at < end; at += BLOCK) {
		ASSERT(*mapped_block(at) < UINT8_MAX);
		++*mapped_block(at);
	}
}

void arch_unmap(pa_t addr, uint64_t bytes)
{
	uint64_t at = pa_value(addr);
	const uint64_t end = at + bytes;

	LOCK_ASSERT_HELD();
	check_blocks(at, bytes);
	for (; at < end; at += BLOCK) {
		ASSERT(*mapped_block(at));
		--*mapped_block(at);
	}
}

uint64_t host_mapped(void)
{
	uint64_t blocks = 0;
	size_t i;

	for (i = 0; i < sizeof(mapped); i++)
		blocks += mapped[i] != 0;
	return blocks * BLOCK;
}

void *arch_phys(pa_t addr, size_t bytes)
{
	check_mapped(pa_value(addr), bytes);
	return host_memory(addr, bytes);
}

pa_t arch_pa(const void *p)
{
	const uint8_t *byte = p;

	if (byte >= ram && byte < ram + HOST_RAM_BYTES)
		return pa_make(BOARD_RAM_BASE + (byte - ram));
	return pa_make((uintptr_t)p);
}

void host_cache_flush(pa_t addr, uint64_t bytes)
{
	const uint64_t at = pa_value(addr);

	host_record(HOST_FLUSH, at, bytes, 0);
	if (!in_ram(at))
		shadow_flush(at, bytes);
}

void arch_cache_flush(pa_t addr, uint64_t bytes)
{
	check_mapped(pa_value(addr), bytes);
	host_cache_flush(addr, bytes);
}

void arch_zero(pa_t addr, uint64_t bytes)
{
	const uint64_t at = pa_value(addr);

	ASSERT(at % PAGE == 0 && bytes % PAGE == 0);
	check_mapped(at, bytes);
	host_record(HOST_ZERO, at, bytes, 0);
	if (!in_ram(at) && !(at >> 40)) {
		for (; bytes; addr = pa_add(addr, 8), bytes -= 8) {
			const struct host_device *dev = host_device_at(addr, 8);

			dev->write(pa_value(addr) - dev->base, 8, 0);
		}
	} else if (!in_ram(at)) {
		memset(arch_phys(addr, bytes), 0, bytes);
		shadow_flush(at, bytes);
	} else if (madvise(arch_phys(addr, bytes), bytes, MADV_DONTNEED)) {
		abort();
	}
}

void host_memory_reset(void)
{
	unsigned int i;

	for (i = 0; i < SHADOW_PAGES; i++) {
		free(shadow[i]);
		shadow[i] = NULL;
	}
	nr_shadow = 0;
	nr_device_words = 0;
	memset(mapped, 0, sizeof(mapped));
	if (ram)
		munmap(ram, HOST_RAM_BYTES);
	ram = mmap(NULL, HOST_RAM_BYTES, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (ram == MAP_FAILED)
		abort();
	/* Reading what is zero should not cost a fault for each 4 KiB. */
	madvise(ram, HOST_RAM_BYTES, MADV_HUGEPAGE);
}
