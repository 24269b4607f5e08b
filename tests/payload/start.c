// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * start.c - a boot manager in wrong hands tries to start own code in a slot
 *
 * Own code is this program with one word changed, by which it knows itself. What
 * starts in the end is the program that the owner signed, with the device tree
 * that the monitor made.
 */
#include <osti/start.h>

#include "lib/arch.h"
#include "lib/bm.h"
#include "lib/cpu.h"
#include "lib/report.h"
#include "lib/smc.h"

#define SLOT		1
#define GENUINE		0x9e3779b97f4a7c15
#define OWN		0x0bad0bad0bad0bad

/* Statements that the build has made (mkhostile), by page. */
enum page {
	GOOD, OTHER_KEY, OTHER_SLOT, IN_RESERVED, WRAPS, TOO_LONG, OVERLAPS,
};

/* In what is covered by the hash, and not changed when the program runs. */
static const volatile uint64_t what_i_am = GENUINE;

/* Where a slot that is open has it. */
static uint64_t mark_in_window(void)
{
	return OSTI_WINDOW_IPA + ((uint64_t)&what_i_am - self.ram_base);
}

static void put_mark(uint64_t mark)
{
	mmio_write64(mark_in_window(), mark);
	dsb();
}

/* ---- As the boot manager ---------------------------------------------------- */

static void check_refused(const char *what, const void *statement,
			  uint64_t bytes, uint64_t why)
{
	struct smc_regs regs;
	int64_t status = bm_try_start(&regs, SLOT, statement, bytes);

	check_status(what, status, OSTI_E_START);
	check_eq(what, regs.x[1], why);
	check_eq("state of the slot", bm_slot_state(SLOT), OSTI_SLOT_LOADING);
}

static void check_page(const char *what, enum page page, uint64_t why)
{
	check_refused(what, bm_pages()[page].statement, bm_pages()[page].bytes,
		      why);
}

static void test_nothing_signed(void)
{
	static uint8_t statement[OSTI_START_MAX] __attribute__((aligned(8)));
	const struct bm_page *good = bm_pages();
	unsigned int i;

	test_begin("nothing-signed");
	check_refused("zeros", statement, good->bytes,
		      OSTI_START_E_SIGNATURE);
	for (i = 0; i < good->bytes; i++)
		statement[i] = good->statement[i];
	/* Another command line, then another signature */
	statement[OSTI_START_S_CMDLINE] ^= 1;
	check_refused("a changed statement", statement, good->bytes,
		      OSTI_START_E_SIGNATURE);
	statement[OSTI_START_S_CMDLINE] ^= 1;
	statement[good->bytes - 1] ^= 1;
	check_refused("a changed signature", statement, good->bytes,
		      OSTI_START_E_SIGNATURE);
	test_end();
}

static void test_other_key(void)
{
	test_begin("other-key");
	check_page("another key", OTHER_KEY, OSTI_START_E_SIGNATURE);
	test_end();
}

static void test_other_slot(void)
{
	test_begin("other-slot");
	check_page("another slot", OTHER_SLOT, OSTI_START_E_SLOT);
	test_end();
}

static void test_ranges(void)
{
	test_begin("ranges");
	check_page("the monitor's part", IN_RESERVED, OSTI_START_E_ROOM);
	check_page("a kernel that wraps", WRAPS, OSTI_START_E_ROOM);
	check_page("a long kernel", TOO_LONG, OSTI_START_E_ROOM);
	check_page("a RAM disk in the kernel", OVERLAPS, OSTI_START_E_ROOM);
	test_end();
}

/* Before there were statements: x2 = entry, x3 = device tree. */
static void test_old_arguments(void)
{
	struct smc_regs regs;
	int64_t status;

	test_begin("old-arguments");
	put_mark(OWN);
	status = bm_call(&regs, OSTI_CALL_SLOT_START, SLOT,
			 (uint64_t)image_start, self.ram_base);
	check_status("SLOT_START", status, OSTI_E_RANGE);
	put_mark(GENUINE);
	test_end();
}

static void test_own_code(void)
{
	struct smc_regs regs;

	test_begin("own-code");
	put_mark(OWN);
	check_page("own code", GOOD, OSTI_START_E_KERNEL);
	/* The window is open again, and what is in it is what was. */
	check_eq("the mark", mmio_read64(mark_in_window()), OWN);
	put_mark(GENUINE);
	check_status("START_CHECK",
		     bm_call(&regs, OSTI_CALL_START_CHECK, SLOT,
			     (uint64_t)bm_pages()->statement,
			     bm_pages()->bytes), OSTI_OK);
	check_eq("version", regs.x[1], 1);
	test_end();
}

/* Its event says so to whoever reads it later. */
static void test_events(void)
{
	struct smc_regs regs;
	unsigned int refused = 0;
	uint64_t seq;

	test_begin("events");
	for (seq = 0; bm_call(&regs, OSTI_CALL_EVENT_READ, seq, 0, 0) ==
	     OSTI_OK; seq++)
		refused += (regs.x[3] & 0xffff) == OSTI_EV_REFUSED;
	check_eq("events of refused starts", refused, 10);
	test_end();
}

/*
 * What was refused has spoilt nothing. A second CPU that changes the window
 * meanwhile cannot be tried: the boot manager has one.
 */
static void start_genuine(void)
{
	struct smc_regs regs;

	bm_try_start(&regs, SLOT, bm_pages()->statement, bm_pages()->bytes);
	report_abort("the genuine program does not start: %ld, reason %lu",
		     regs.x[0], regs.x[1]);
}

static void as_boot_manager(void)
{
	if (bm_reason() != OSTI_REASON_POWER_ON)
		report_abort("entered for reason %u", bm_reason());
	bm_fill(SLOT);
	test_old_arguments();
	test_nothing_signed();
	test_other_key();
	test_other_slot();
	test_ranges();
	test_own_code();
	test_events();
	report_totals();
	start_genuine();
}

/* ---- In the slot ------------------------------------------------------------- */

/* Numbers of a device tree are big-endian. */
static uint32_t tree32(unsigned int at)
{
	return __builtin_bswap32(mmio_read32(self.ram_base + at));
}

static void in_slot(void)
{
	const uint64_t end = self.ram_base + OSTI_START_RESERVED;
	uint64_t at;

	test_begin("what-runs");
	check(what_i_am == GENUINE, "own code was started in the slot");
	test_end();

	test_begin("device-tree");
	check_eq("x0", cpus[cpu_index()].dump[DUMP_X], self.ram_base);
	check_eq("magic number", tree32(0), 0xd00dfeed);
	for (at = self.ram_base + tree32(4); at % 8; at++)
		check_eq("behind it", mmio_read8(at), 0);
	for (; at < end; at += 8)
		if (!check(!mmio_read64(at), "0x%lx is not zero", at))
			break;
	test_end();
	report_done();
}

void payload_main(void)
{
	report_start("start");
	if (self.slot == OSTI_CONTEXT_BM)
		as_boot_manager();
	in_slot();
}
