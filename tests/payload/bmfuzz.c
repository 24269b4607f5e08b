// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bmfuzz.c - 50000 calls or more of a boot manager that has lost its mind, with
 * a slot frozen
 *
 * Whatever it does, an answer is one that the contract knows, and the slot goes
 * on with all of its memory as it was. Calls that would rightly end this program
 * or overwrite it are left out: see harmless().
 */
#include <osti/image.h>
#include <osti/start.h>

#include "lib/arch.h"
#include "lib/bm.h"
#include "lib/cpu.h"
#include "lib/gic.h"
#include "lib/kept.h"
#include "lib/mem.h"
#include "lib/rand.h"
#include "lib/report.h"
#include "lib/smc.h"

#define SLOT		1
#define EMPTY_SLOT	2
#define SEED		0xb0f022
#define MEMORY_SEED	0xb0f0220000000001
#define CALLS		50000
#define MOST_CALLS	500000
#define PER_REPORT	10000
/* What the slot has in memory makes about so many, or fewer. */
#define KEPT_BYTES	0x400000UL
#define MOST_CHUNKS	100
/* More than a call writes: a table, a chunk, a copy. */
#define MOST_WRITTEN	0x50000

static struct rand rand_state;

static uint64_t any(void)
{
	return rand_next(&rand_state);
}

static uint64_t below(uint64_t limit)
{
	return rand_below(&rand_state, limit);
}

/* An argument: the interesting ones more often than chance would. */
static uint64_t argument(void)
{
	switch (below(16)) {
	case 0:
	case 1:
	case 2:
		return SLOT;
	case 3:
		return EMPTY_SLOT;
	case 4:
		return below(200);
	case 5:
		return -below(16);
	case 6:
		return 1UL << below(64);
	case 7:
		return OSTI_IMAGE_HEADER + below(0x10000);
	case 8:
	case 9:
	case 10:
		return self.ram_base + below(self.ram_bytes);
	case 11:
		return self.ram_end - below(8192);
	case 12:
		return OSTI_WINDOW_IPA + below(1UL << 30);
	case 13:
		return OSTI_COPY_MAX;
	case 14:
		return below(1UL << 20);
	default:
		return any();
	}
}

/* Exports are worth more when they get somewhere. */
static uint32_t identifier(void)
{
	static const uint32_t often[] = {
		OSTI_CALL_EXPORT_BEGIN, OSTI_CALL_EXPORT_SCAN,
		OSTI_CALL_EXPORT_SCAN, OSTI_CALL_EXPORT_SCAN,
		OSTI_CALL_IMAGE_TABLE, OSTI_CALL_EXPORT_CHUNK,
		OSTI_CALL_EXPORT_CHUNK, OSTI_CALL_EXPORT_CHUNK,
		OSTI_CALL_EXPORT_SEAL, OSTI_CALL_EXPORT_READ,
		OSTI_CALL_IMPORT_BEGIN,
	};
	const uint32_t id = OSTI_CALL_INFO + below(0x50);

	/* An end comes by chance as often as anything, so let most of them go. */
	if (below(10) || (id == OSTI_CALL_EXPORT_ABORT && below(8)))
		return often[below(sizeof(often) / sizeof(*often))];
	return id;
}

/* Arguments with which a call of an export can succeed. */
static void improve(struct smc_regs *regs)
{
	static uint64_t chunk;

	regs->x[2] = self.ram_base + 0x4000000 + below(0x3000000);
	switch ((uint32_t)regs->x[0]) {
	case OSTI_CALL_SLOT_START:
	case OSTI_CALL_START_CHECK:
		/* No statement lies there: none of them starts anything. */
		regs->x[1] = EMPTY_SLOT;
		regs->x[3] = OSTI_START_MIN;
		regs->x[4] = self.ram_base + below(self.ram_bytes - 64);
		regs->x[5] = below(2);
		break;
	case OSTI_CALL_IMPORT_BEGIN:
		/* No image lies there: none of them gets in. */
		regs->x[1] = EMPTY_SLOT;
		break;
	case OSTI_CALL_EXPORT_BEGIN:
		regs->x[1] = SLOT;
		regs->x[3] = OSTI_IMAGE_LOCAL;
		break;
	case OSTI_CALL_IMAGE_TABLE:
		regs->x[1] = below(MOST_CHUNKS);
		regs->x[3] = 1 + below(1024);
		break;
	case OSTI_CALL_EXPORT_CHUNK:
		regs->x[1] = chunk++ % MOST_CHUNKS;
		regs->x[3] = OSTI_IMAGE_STORED_MAX;
		break;
	case OSTI_CALL_EXPORT_READ:
		regs->x[1] = below(OSTI_COPY_MAX);
		regs->x[3] = 1 + below(1000);
		break;
	default:
		break;
	}
}

/* Would the call, done right, not come back or write where this program is? */
static bool harmless(const struct smc_regs *regs)
{
	switch ((uint32_t)regs->x[0]) {
	case OSTI_CALL_SLOT_RESUME:
		return !regs->x[1] || regs->x[1] > self.nr_slots;
	case OSTI_CALL_IMAGE_TABLE:
	case OSTI_CALL_EXPORT_CHUNK:
	case OSTI_CALL_EXPORT_READ:
		return regs->x[2] >= (uint64_t)image_end ||
		       regs->x[2] < (uint64_t)image_start - MOST_WRITTEN;
	default:
		return true;
	}
}

static void check_answer(unsigned int n, const struct smc_regs *before,
			 const struct smc_regs *after)
{
	const uint32_t id = before->x[0];
	const int64_t status = after->x[0];

	check(status >= OSTI_E_LAST && status <= OSTI_AGAIN,
	      "call %u: 0x%x(0x%lx, 0x%lx, 0x%lx) gave %ld", n, id,
	      before->x[1], before->x[2], before->x[3], status);
	kept_check(before, after);
}

/* How often each kind of answer came: all of them must have. */
static unsigned int ok, again, refused, images, sealed;

static bool all_kinds_came(void)
{
	return ok > CALLS / 50 && again && images && sealed;
}

static void count(uint32_t id, const struct smc_regs *after)
{
	switch ((int64_t)after->x[0]) {
	case OSTI_OK:
		ok++;
		sealed += id == OSTI_CALL_EXPORT_SEAL;
		break;
	case OSTI_AGAIN:
		again++;
		break;
	case OSTI_E_IMAGE:
		images++;
		break;
	default:
		refused++;
		break;
	}
}

static void test_fuzz(void)
{
	struct smc_regs before, after;
	unsigned int n = 0, i;

	test_begin("fuzz");
	rand_state.state = SEED;
	/* How far an export comes is a matter of time: of the emulator's, too. */
	while (n < CALLS || (n < MOST_CALLS && !all_kinds_came())) {
		for (i = 0; i < 31; i++)
			before.x[i] = i < 7 ? argument() : any();
		before.x[0] = identifier();
		if (below(3))
			improve(&before);
		if (!harmless(&before))
			continue;
		after = before;
		smc_call(&after);
		check_answer(n++, &before, &after);
		count(before.x[0], &after);
		if (n % PER_REPORT == 0)
			report_note("%u calls", n);
	}
	report_note("%u done, %u to go on, %u refused; %u images sealed, %u refused",
		    ok, again, refused, sealed, images);
	check(all_kinds_came(), "the calls got nowhere");
	test_end();
}

/* The monitor goes on as if nothing had been. */
static void test_afterwards(void)
{
	struct smc_regs regs;

	test_begin("afterwards");
	if (bm_slot_state(SLOT) == OSTI_SLOT_SAVING)
		check_status("EXPORT_ABORT",
			     bm_call_through(&regs, OSTI_CALL_EXPORT_ABORT, 0,
					     0, 0), OSTI_OK);
	check_eq("state of the slot", bm_slot_state(SLOT), OSTI_SLOT_FROZEN);
	if (bm_slot_state(EMPTY_SLOT) == OSTI_SLOT_LOADING)
		check_status("SLOT_CLOSE",
			     bm_call(&regs, OSTI_CALL_SLOT_CLOSE, EMPTY_SLOT, 0,
				     0), OSTI_OK);
	check_eq("state of the other", bm_slot_state(EMPTY_SLOT),
		 OSTI_SLOT_EMPTY);
	bm_call(&regs, OSTI_CALL_INFO, 0, 0, 0);
	check_eq("own context", regs.x[1], OSTI_CONTEXT_BM);
	test_end();
}

static void as_boot_manager(void)
{
	switch (bm_reason()) {
	case OSTI_REASON_POWER_ON:
		bm_start(SLOT);
	case OSTI_REASON_MENU:
		break;
	default:
		report_abort("entered for reason %u", bm_reason());
	}
	test_fuzz();
	test_afterwards();
	report_totals();
	bm_resume(SLOT);
}

/* Some memory behind this program, and nothing up to the end. */
static void keep(bool fill)
{
	const uint64_t from = (uint64_t)image_end;
	uint64_t addr;

	for (addr = from; addr < self.ram_end; addr += 8) {
		const uint64_t want = addr - from < KEPT_BYTES ?
				      mem_word(addr, MEMORY_SEED) : 0;

		if (fill && want)
			*(uint64_t *)addr = want;
		else if (!check(*(uint64_t *)addr == want, "0x%lx has changed",
				addr))
			break;
	}
}

static void in_slot(void)
{
	struct smc_regs regs;
	int64_t status;

	gic_init();
	test_begin("memory");
	keep(true);
	status = osti_call(&regs, OSTI_CALL_TARGET_ARM, OSTI_CONTEXT_BM, 0);
	if (status == OSTI_OK)
		status = cpu_suspend(0);
	if (status != CPU_RESUMED)
		report_abort("suspend gave %ld", status);
	keep(false);
	osti_call(&regs, OSTI_CALL_RESUME_INFO, 0, 0);
	check_eq("how it was resumed", regs.x[1], OSTI_RESUMED_HOT);
	test_end();
	report_done();
}

void payload_main(void)
{
	report_start("bmfuzz");
	if (self.slot == OSTI_CONTEXT_BM)
		as_boot_manager();
	in_slot();
}
