// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wash.c - an OS offends, then tries to wash the event ring, with a boot manager
 * that helps it
 *
 * The OS arms, cancels, sleeps and makes requests that need no person; the boot
 * manager opens and closes a slot, hands in images that are none, and goes back.
 * Afterwards the offence can be read, both chains are whole, and what was left
 * out of the ring of acts is counted there.
 */
#include <osti/image.h>

#include "lib/arch.h"
#include "lib/blake2b.h"
#include "lib/bm.h"
#include "lib/cpu.h"
#include "lib/gic.h"
#include "lib/platform.h"
#include "lib/report.h"
#include "lib/smc.h"
#include "lib/timer.h"

#define SLOT		1
#define EMPTY_SLOT	2
#define OFFENCE		0x0ffe0ce5
/* Together more than the rings hold, several times. */
#define ARMS		3000
#define OPENS		2
#define IMPORTS		200
#define SLEEPS		40
#define REQUESTS	4

static void arm(uint64_t request)
{
	check_status("TARGET_ARM", smc3(OSTI_CALL_TARGET_ARM, OSTI_CONTEXT_BM,
					request, 0), OSTI_OK);
}

/* ---- The boot manager ------------------------------------------------------ */

static void open_and_close(void)
{
	struct smc_regs regs;
	unsigned int i;

	for (i = 0; i < OPENS; i++) {
		bm_call(&regs, OSTI_CALL_SLOT_OPEN, EMPTY_SLOT, 0, 0);
		bm_call(&regs, OSTI_CALL_SLOT_CLOSE, EMPTY_SLOT, 0, 0);
	}
}

static void hand_in_rubbish(void)
{
	struct smc_regs regs;
	unsigned int i;

	for (i = 0; i < IMPORTS; i++)
		bm_call(&regs, OSTI_CALL_IMPORT_BEGIN, EMPTY_SLOT,
			self.ram_base, 0);
}

/* It sees all records with their content, those of the slot too. */
static void test_offence_seen(void)
{
	struct smc_regs regs;
	uint64_t seq;

	test_begin("offence");
	osti_call(&regs, OSTI_CALL_EVENT_INFO, OSTI_RING_OFFENCES, 0);
	seq = regs.x[1];
	while (!osti_call(&regs, OSTI_CALL_EVENT_READ, seq,
			  OSTI_RING_OFFENCES) && regs.x[4] != OFFENCE)
		seq++;
	check_status("EVENT_READ of the offence", regs.x[0], OSTI_OK);
	check_eq("context of the offence", regs.x[3] >> 16 & 0xff, SLOT);
	test_end();
}

static void as_boot_manager(void)
{
	switch (bm_reason()) {
	case OSTI_REASON_POWER_ON:
		bm_start(SLOT);
	case OSTI_REASON_REQUEST:
		break;
	case OSTI_REASON_MENU:
		test_offence_seen();
		report_totals();
		bm_resume(SLOT);
	default:
		report_abort("entered for reason %u", bm_reason());
	}
	open_and_close();
	hand_in_rubbish();
	bm_resume(SLOT);
}

/* ---- The OS ------------------------------------------------------------------ */

static void arm_and_cancel(void)
{
	unsigned int i;

	for (i = 0; i < ARMS; i++) {
		arm(OSTI_REQUEST_NONE);
		smc3(OSTI_CALL_TARGET_CANCEL, 0, 0, 0);
	}
}

static void suspend(const char *what)
{
	int status = cpu_suspend(0);

	if (status != CPU_RESUMED)
		report_abort("%s: suspend gave %d", what, status);
	gic_cpu_init();
}

static void sleep(void)
{
	unsigned int i;

	for (i = 0; i < SLEEPS; i++) {
		gic_enable(0, INTID_CNTV, false);
		timer_arm(1);
		suspend("plain");
		timer_stop();
	}
}

static void request(void)
{
	unsigned int i;

	for (i = 0; i < REQUESTS; i++) {
		arm(OSTI_REQUEST_VERIFY | EMPTY_SLOT << 8);
		suspend("request");
	}
}

static void test_wash(void)
{
	test_begin("wash");
	smc3(OFFENCE, 0, 0, 0);
	check(osti_event_find(0, OSTI_EV_BAD_SMC, OFFENCE) >= 0,
	      "the offence is not in the event ring");
	arm_and_cancel();
	sleep();
	request();
	arm_and_cancel();
	arm(OSTI_REQUEST_NONE);
	suspend("menu");
	check(osti_event_find(0, OSTI_EV_BAD_SMC, OFFENCE) >= 0,
	      "the offence has left the event ring");
	check(osti_event_find(0, OSTI_EV_STARTED, OSTI_ANY) >= 0,
	      "the start has left the event ring");
	test_end();
}

/* What was left out is told when there is a token for it. */
static void test_limited(void)
{
	test_begin("limited");
	check(wait_for(osti_event_find(0, OSTI_EV_LIMITED, OSTI_ANY) >= 0,
		       10000), "nobody tells what was left out");
	test_end();
}

/* The rule of OSTI_CALL_EVENT_READ. */
static void check_chain(unsigned int ring)
{
	struct smc_regs info, regs;
	uint64_t link[8], digest[4];
	uint64_t seq;
	unsigned int i;

	osti_call(&info, OSTI_CALL_EVENT_INFO, ring, 0);
	for (i = 0; i < 4; i++)
		link[i] = info.x[4 + i];
	for (seq = info.x[1]; seq < info.x[2]; seq++) {
		if (!check(!osti_call(&regs, OSTI_CALL_EVENT_READ, seq, ring),
			   "ring %u: record %lu cannot be read", ring, seq))
			return;
		if ((regs.x[3] & 0xffff) != OSTI_EV_REDACTED) {
			blake2b_256(&regs.x[1], 40, digest);
			for (i = 0; i < 4; i++)
				check(digest[i] == regs.x[6 + i],
				      "ring %u: digest of record %lu", ring,
				      seq);
		}
		for (i = 0; i < 4; i++)
			link[4 + i] = regs.x[6 + i];
		blake2b_256(link, sizeof(link), link);
	}
	for (i = 0; i < 4; i++)
		check(link[i] == info.x[8 + i], "ring %u: its chain is broken",
		      ring);
}

static void test_chains(void)
{
	test_begin("chains");
	check_chain(OSTI_RING_ACTS);
	check_chain(OSTI_RING_OFFENCES);
	test_end();
}

static void in_slot(void)
{
	gic_init();
	test_wash();
	test_limited();
	test_chains();
	report_done();
}

void payload_main(void)
{
	report_start("wash");
	if (self.slot == OSTI_CONTEXT_BM)
		as_boot_manager();
	in_slot();
}
