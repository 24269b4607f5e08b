// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * keep.c - memory and interrupts that are to be found again
 *
 * For tests of hibernation from outside (tests/e2e/powercut.c), which type
 * letters on the console. Runs in both slots:
 *
 *   f   begin the next age: fill all that is kept anew
 *   c   check it
 *   s   switch to the other slot
 *   h   hibernate the own slot, o the other one
 *   p   power off, all slots to the store
 *
 * Each is answered by a note, the last four when the slot is back:
 *
 *   kept AGE by SEED             all is as it was filled in that age
 *   back REASON GENERATION RESULT
 *
 * What is kept in an age has a value of its own in every word, so that nothing
 * of two ages mixed can look whole. SEED is another one at each start.
 */
#include "lib/arch.h"
#include "lib/cpu.h"
#include "lib/gic.h"
#include "lib/mem.h"
#include "lib/platform.h"
#include "lib/print.h"
#include "lib/report.h"
#include "lib/smc.h"
#include "lib/switch.h"
#include "lib/timer.h"

/* PL011, Arm DDI 0183 */
#define UART_DR		(UART_BASE + 0x00)
#define UART_FR		(UART_BASE + 0x18)
#define UART_FR_RXFE	(1 << 4)

/* A block in the middle, and a page in each of the other segments of images. */
#define BLOCK_AT	0x4000000UL
#define BLOCK_BYTES	0x800000UL
#define SEGMENT		0x1000000UL
#define PAGE		4096UL

static uint64_t seed;
static unsigned int age;
static struct gic_state before, after;

static char get_letter(void)
{
	while (mmio_read32(UART_FR) & UART_FR_RXFE)
		;
	return mmio_read32(UART_DR);
}

static uint64_t word(uint64_t addr)
{
	return mem_word(addr, seed + age * 0x100000001b3UL);
}

static void fill(uint64_t from, uint64_t bytes)
{
	uint64_t addr;

	for (addr = from; addr < from + bytes; addr += 8)
		*(uint64_t *)addr = word(addr);
}

static bool intact(uint64_t from, uint64_t bytes)
{
	uint64_t addr;

	for (addr = from; addr < from + bytes; addr += 8)
		if (!check(*(uint64_t *)addr == word(addr),
			   "the word at 0x%lx is 0x%lx, not 0x%lx of age %u",
			   addr, *(uint64_t *)addr, word(addr), age))
			return false;
	return true;
}

/* The page in the segment at @offset; the first ones are in use. */
static uint64_t page_in(uint64_t offset)
{
	return self.ram_base + offset + offset / SEGMENT * PAGE;
}

static void begin_age(void)
{
	uint64_t offset;

	age++;
	fill(self.ram_base + BLOCK_AT, BLOCK_BYTES);
	for (offset = BLOCK_AT + SEGMENT; offset < self.ram_bytes;
	     offset += SEGMENT)
		fill(page_in(offset), PAGE);
	gic_init();
	gic_scramble(self.nr_cpus, seed + age);
	gic_read_state(self.nr_cpus, &before);
}

static void check_age(void)
{
	uint64_t offset;
	unsigned int i;
	bool ok;

	test_begin("kept");
	ok = intact(self.ram_base + BLOCK_AT, BLOCK_BYTES);
	for (offset = BLOCK_AT + SEGMENT; ok && offset < self.ram_bytes;
	     offset += SEGMENT)
		ok = intact(page_in(offset), PAGE);
	gic_read_state(self.nr_cpus, &after);
	for (i = 0; i < before.words; i++)
		ok &= check(before.val[i] == after.val[i],
			    "GIC register 0x%x was 0x%x, is 0x%x",
			    before.addr[i], before.val[i], after.val[i]);
	if (ok)
		report_note("kept %u by %lx", age, seed);
}

static void go(unsigned int target, unsigned int request, unsigned int slot)
{
	struct smc_regs regs;
	uint64_t reason, generation;
	int64_t status;

	status = osti_call(&regs, OSTI_CALL_TARGET_ARM, target,
			   request | slot << 8);
	if (status != OSTI_OK)
		report_abort("TARGET_ARM of %u with 0x%x gave %ld", target,
			     request | slot << 8, status);
	status = cpu_suspend(0);
	uart_init();
	if (status != CPU_RESUMED)
		report_abort("SYSTEM_SUSPEND gave %ld", status);
	osti_call(&regs, OSTI_CALL_RESUME_INFO, 0, 0);
	reason = regs.x[1];
	generation = regs.x[2];
	status = osti_call(&regs, OSTI_CALL_REQUEST_RESULT, 0, 0);
	report_note("back %lu %lu %ld", reason, generation,
		    status == OSTI_OK ? (int64_t)regs.x[2] : status);
	check_age();
}

static void obey(char letter)
{
	switch (letter) {
	case 'f':
		begin_age();
		check_age();
		break;
	case 'c':
		check_age();
		break;
	case 's':
		go(other_slot(), OSTI_REQUEST_NONE, 0);
		break;
	case 'h':
		go(OSTI_CONTEXT_BM, OSTI_REQUEST_HIBERNATE, self.slot);
		break;
	case 'o':
		go(OSTI_CONTEXT_BM, OSTI_REQUEST_HIBERNATE, other_slot());
		break;
	case 'p':
		go(OSTI_CONTEXT_BM, OSTI_REQUEST_POWER_OFF, 0);
		break;
	default:
		report_note("no such letter: %c", letter);
		break;
	}
}

void payload_main(void)
{
	seed = counter() << 8 | self.slot;
	begin_age();
	report_start("keep");
	check_age();
	for (;;)
		obey(get_letter());
}
