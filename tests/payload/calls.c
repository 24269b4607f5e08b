// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * calls.c - calls about images and requests, made by an OS
 *
 * What is the boot manager's alone is denied whatever the arguments, what is for
 * an image on its way is not for who has none, and nothing has changed; what an
 * OS may ask is answered as the contract says.
 */
#include "lib/arch.h"
#include "lib/gic.h"
#include "lib/kept.h"
#include "lib/mem.h"
#include "lib/report.h"
#include "lib/smc.h"

#define SEED		0xca1150000000001

static const struct {
	const char *name;
	uint32_t id;
	int64_t status;
} refused[] = {
#define CALL(name)	{ #name, OSTI_CALL_##name, OSTI_E_DENIED }
	CALL(BM_REASON), CALL(SLOT_OPEN), CALL(SLOT_CLOSE), CALL(SLOT_START),
	CALL(SLOT_RESUME), CALL(BM_ANSWER), CALL(IMAGE_NOTE), CALL(IMAGE_DROP),
	CALL(START_CHECK), CALL(RESTORE_INFO), CALL(RESTORE_GRANT),
	CALL(KEY_IMPORT), CALL(IMAGE_RETIRE),
#undef CALL
#define CALL(name)	{ #name, OSTI_CALL_##name, OSTI_E_STATE }
	CALL(EXPORT_SCAN), CALL(IMAGE_TABLE),
	CALL(EXPORT_CHUNK), CALL(EXPORT_HAVE), CALL(EXPORT_SEAL),
	CALL(EXPORT_READ), CALL(EXPORT_COMMIT), CALL(EXPORT_ABORT),
	CALL(IMPORT_WRITE), CALL(IMPORT_OPEN), CALL(IMPORT_CHUNK),
	CALL(IMPORT_CHECK), CALL(IMPORT_COMMIT), CALL(IMPORT_ABORT),
#undef CALL
};

#define NR_REFUSED	(sizeof(refused) / sizeof(*refused))
#define NR_SEEN		9

/* What anybody can see of a slot, less the time. */
struct seen {
	uint64_t val[NR_SEEN];
};

static void look(unsigned int slot, struct seen *seen)
{
	struct smc_regs regs;
	unsigned int i;

	check_status("SLOT_INFO", osti_call(&regs, OSTI_CALL_SLOT_INFO, slot,
					    0), OSTI_OK);
	for (i = 0; i < 4; i++)
		seen->val[i] = regs.x[1 + i];
	seen->val[4] = osti_call(&regs, OSTI_CALL_IMAGE_INFO, slot, 0);
	for (i = 0; i < 4; i++)
		seen->val[5 + i] = regs.x[1 + i];
}

static void check_seen(const struct seen *before)
{
	struct seen now;
	unsigned int slot, i;

	for (slot = 1; slot <= self.nr_slots; slot++) {
		look(slot, &now);
		for (i = 0; i < NR_SEEN; i++)
			check(now.val[i] == before[slot].val[i],
			      "slot %u: value %u was 0x%lx, is 0x%lx", slot, i,
			      before[slot].val[i], now.val[i]);
	}
}

static void refuse(unsigned int n, uint64_t x1, uint64_t x2, uint64_t x3)
{
	struct smc_regs regs;

	kept_fill(&regs);
	regs.x[0] = refused[n].id;
	regs.x[1] = x1;
	regs.x[2] = x2;
	regs.x[3] = x3;
	kept_call(&regs);
	check((int64_t)regs.x[0] == refused[n].status,
	      "%s(0x%lx, 0x%lx, 0x%lx) gave %ld", refused[n].name, x1, x2, x3,
	      (int64_t)regs.x[0]);
}

static void test_denied(void)
{
	static struct seen before[OSTI_MAX_SLOTS + 1];
	const uint64_t buffer = self.ram_base + self.ram_bytes / 2;
	const uint64_t from = osti_event_next(OSTI_RING_OFFENCES);
	unsigned int slot, n;

	test_begin("denied");
	for (slot = 1; slot <= self.nr_slots; slot++)
		look(slot, &before[slot]);
	for (n = 0; n < NR_REFUSED; n++) {
		for (slot = 0; slot <= self.nr_slots + 1; slot++) {
			refuse(n, slot, buffer, 4096);
			refuse(n, slot, 0, 0);
			refuse(n, slot, self.ram_base, self.ram_base);
		}
		refuse(n, ~0UL, ~0UL, ~0UL);
		refuse(n, OSTI_WINDOW_IPA, OSTI_WINDOW_IPA, 1);
	}
	check_seen(before);
	check(osti_event_find(from, OSTI_EV_BAD_CALL,
			      refused[0].id | 3UL << 32) >= 0,
	      "the first of these offences is not in the event ring");
	test_end();
}

static void test_image_info(void)
{
	static const uint64_t bad[] = { 0, 9, 0x100000001, ~0UL };
	struct smc_regs regs;
	unsigned int i, slot;

	test_begin("image-info");
	/* This device is new. */
	for (slot = 1; slot <= self.nr_slots; slot++) {
		check_status("IMAGE_INFO",
			     osti_call(&regs, OSTI_CALL_IMAGE_INFO, slot, 0),
			     OSTI_OK);
		check_eq("state", regs.x[1], OSTI_GENERATION_NONE);
		check_eq("generation", regs.x[2], 0);
	}
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		check_status("IMAGE_INFO of no slot",
			     osti_call(&regs, OSTI_CALL_IMAGE_INFO, bad[i], 0),
			     OSTI_E_INVALID);
	test_end();
}

static void test_resume_info(void)
{
	struct smc_regs regs;
	unsigned int i;

	test_begin("resume-info");
	check_status("RESUME_INFO",
		     osti_call(&regs, OSTI_CALL_RESUME_INFO, 0, 0), OSTI_OK);
	check_eq("reason", regs.x[1], OSTI_RESUMED_COLD);
	for (i = 2; i <= 8; i++)
		check_eq("a result about an image", regs.x[i], 0);
	check_status("REQUEST_RESULT",
		     osti_call(&regs, OSTI_CALL_REQUEST_RESULT, 0, 0),
		     OSTI_E_EMPTY);
	test_end();
}

static void good(uint64_t least, int64_t want)
{
	struct smc_regs regs;
	int64_t status = osti_call(&regs, OSTI_CALL_START_GOOD, least, 0);

	check(status == want, "START_GOOD(%lu) gave %ld, not %ld", least,
	      status, want);
	/* This start raises nothing; an error keeps the argument. */
	check_eq("x1", regs.x[1], status == OSTI_OK ? 0 : least);
}

/* Above what it was started by, nothing can be demanded. */
static void test_start_good(void)
{
	struct smc_regs regs;
	uint64_t version;

	test_begin("start-good");
	osti_call(&regs, OSTI_CALL_SLOT_INFO, self.slot, 0);
	check_eq("least version", regs.x[7], 0);
	version = regs.x[9];
	good(version + 1, OSTI_E_INVALID);
	good(~0UL, OSTI_E_INVALID);
	good(0, OSTI_OK);
	osti_call(&regs, OSTI_CALL_SLOT_INFO, self.slot, 0);
	check_eq("least version", regs.x[7], 0);
	check_eq("starts in a row", regs.x[8], 0);
	check_eq("version", regs.x[9], version);
	test_end();
}

static void arm(uint64_t target, uint64_t request, int64_t want)
{
	struct smc_regs regs;
	int64_t status = osti_call(&regs, OSTI_CALL_TARGET_ARM, target,
				   request);

	check(status == want, "TARGET_ARM(%lu, 0x%lx) gave %ld, not %ld",
	      target, request, status, want);
}

static uint64_t armed(void)
{
	struct smc_regs regs;

	osti_call(&regs, OSTI_CALL_INFO, 0, 0);
	return regs.x[7];
}

static void test_requests(void)
{
	const uint64_t last = self.nr_slots;
	uint64_t request, slot;

	test_begin("requests");
	for (request = 0; request < 256; request++) {
		for (slot = 0; slot <= last + 1; slot++) {
			const bool about_one =
				request == OSTI_REQUEST_HIBERNATE ||
				request == OSTI_REQUEST_VERIFY ||
				request == OSTI_REQUEST_DROP ||
				request == OSTI_REQUEST_RESTORE ||
				request == OSTI_REQUEST_RETIRE ||
				request == OSTI_REQUEST_BOOT_INSTALL ||
				request == OSTI_REQUEST_BOOT_LIST ||
				request == OSTI_REQUEST_FIRMWARE;
			const bool about_none = request == OSTI_REQUEST_NONE ||
				request == OSTI_REQUEST_POWER_OFF;
			const bool ok = (about_one && slot && slot <= last) ||
					(about_none && !slot);

			arm(OSTI_CONTEXT_BM, request | slot << 8,
			    ok ? OSTI_OK : OSTI_E_INVALID);
			/* Only the boot manager does anything for anybody. */
			if (request || slot)
				arm(2, request | slot << 8, OSTI_E_INVALID);
		}
	}
	for (slot = 32; slot < 64; slot++)
		arm(OSTI_CONTEXT_BM, OSTI_REQUEST_POWER_OFF | 1UL << slot,
		    OSTI_E_INVALID);
	check_eq("armed target", armed(), OSTI_CONTEXT_BM);
	check_status("TARGET_CANCEL",
		     smc3(OSTI_CALL_TARGET_CANCEL, 0, 0, 0), OSTI_OK);
	check_eq("armed target", armed(), OSTI_TARGET_NONE);
	test_end();
}

static void test_memory(void)
{
	uint64_t where = 0;

	test_begin("memory");
	check(mem_intact(SEED, &where), "own memory has changed at 0x%lx",
	      where);
	test_end();
}

void payload_main(void)
{
	report_start("calls");
	gic_init();
	mem_fill(SEED);
	test_denied();
	test_image_info();
	test_resume_info();
	test_start_good();
	test_requests();
	test_memory();
	report_done();
}
