// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * carry.c - a slot becomes an image and a slot again, by the calls of the boot
 * manager, which this program is
 *
 * In slot 1 it keeps something in memory, asks to be hibernated, and looks
 * whether all is there when it is back.
 */
#include <osti/image.h>

#include "lib/arch.h"
#include "lib/bm.h"
#include "lib/cpu.h"
#include "lib/gic.h"
#include "lib/mem.h"
#include "lib/report.h"
#include "lib/smc.h"
#include "lib/timer.h"

#define SLOT		1
#define PAGE		OSTI_IMAGE_PAGE
#define SEED		0xca1100000000001
#define SAVED_AT	1795651260
#define REQUEST		(OSTI_REQUEST_HIBERNATE | SLOT << 8)

/* ---- In the slot ----------------------------------------------------------- */

/* A block, and a page in each segment behind it. */
#define BLOCK_AT	0x3fff000UL
#define BLOCK_BYTES	0x802000UL

static bool keep(uint64_t from, uint64_t bytes, bool fill)
{
	uint64_t addr;

	for (addr = from; addr < from + bytes; addr += 8) {
		if (fill)
			*(uint64_t *)addr = mem_word(addr, SEED);
		else if (*(uint64_t *)addr != mem_word(addr, SEED))
			return check(false, "0x%lx has changed", addr);
	}
	return true;
}

static void keep_all(bool fill)
{
	uint64_t at = BLOCK_AT + BLOCK_BYTES + OSTI_IMAGE_SEGMENT;

	if (!keep(self.ram_base + BLOCK_AT, BLOCK_BYTES, fill))
		return;
	for (; at + PAGE <= self.ram_bytes; at += OSTI_IMAGE_SEGMENT + PAGE)
		if (!keep(self.ram_base + at, PAGE, fill))
			return;
}

static void suspend(uint64_t request)
{
	struct smc_regs regs;
	int64_t status;

	status = osti_call(&regs, OSTI_CALL_TARGET_ARM, OSTI_CONTEXT_BM,
			   request);
	if (status == OSTI_OK)
		status = cpu_suspend(0);
	if (status != CPU_RESUMED)
		report_abort("suspend with request 0x%lx gave %ld", request,
			     status);
}

static void check_resumed(unsigned int how, uint64_t bytes[4])
{
	struct smc_regs regs;
	unsigned int i;

	osti_call(&regs, OSTI_CALL_RESUME_INFO, 0, 0);
	check_eq("how it was resumed", regs.x[1], how);
	check(regs.x[2], "it is of no generation");
	check_eq("saved at", regs.x[4], SAVED_AT);
	for (i = 0; i < 4; i++) {
		bytes[i] = regs.x[5 + i];
		check(!bytes[i] == (how == OSTI_RESUMED_HOT),
		      "word %u for random numbers is 0x%lx", i, bytes[i]);
	}
}

static void in_slot(void)
{
	uint64_t bytes[4], more[4];
	struct smc_regs regs;
	unsigned int i;

	gic_init();
	keep_all(true);
	suspend(REQUEST);

	test_begin("back-from-image");
	keep_all(false);
	check_resumed(OSTI_RESUMED_IMAGE, bytes);
	check_resumed(OSTI_RESUMED_IMAGE, more);
	for (i = 0; i < 4; i++)
		check(bytes[i] != more[i], "a word was told twice");
	check_status("REQUEST_RESULT",
		     osti_call(&regs, OSTI_CALL_REQUEST_RESULT, 0, 0),
		     OSTI_E_EMPTY);
	osti_call(&regs, OSTI_CALL_IMAGE_INFO, SLOT, 0);
	check_eq("state of its image", regs.x[1], OSTI_GENERATION_CONSUMED);
	test_end();

	suspend(OSTI_REQUEST_NONE);
	test_begin("back-from-memory");
	keep_all(false);
	check_resumed(OSTI_RESUMED_HOT, bytes);
	test_end();
	report_done();
}

/* ---- As the boot manager ------------------------------------------------------ */

/* Where the image is put: not aligned, far behind this program. */
#define IMAGE_AT	(self.ram_base + 0x4000333)
#define MOST_CHUNKS	2048
#define COPY_STEP	5003

static struct {
	uint64_t generation;
	uint64_t chunks;
	uint64_t head;
	uint64_t bytes;
	uint64_t at[MOST_CHUNKS + 1];
} image;

/*
 * How long calls took, for interrupts wait that long: counts for each so many
 * microseconds, all that took longer in the last; and the longest.
 */
#define BUCKET_US	5
#define BUCKETS		4000
static uint32_t bucket[BUCKETS];
static uint64_t longest;
static uint32_t longest_id;
/* When it began */
static uint64_t began;

static uint64_t in_us(uint64_t ticks)
{
	return ticks * 1000000 / read_sysreg(cntfrq_el0);
}

static void reset_times(void)
{
	unsigned int i;

	for (i = 0; i < BUCKETS; i++)
		bucket[i] = 0;
	longest = 0;
	began = counter();
}

static void note_time(uint32_t id, uint64_t took)
{
	const uint64_t n = in_us(took) / BUCKET_US;

	bucket[n < BUCKETS ? n : BUCKETS - 1]++;
	if (took > longest) {
		longest = took;
		longest_id = id;
	}
}

/* 99 % of the calls took at most so many microseconds. */
static uint64_t most_took(void)
{
	uint64_t calls = 0, below = 0;
	unsigned int i;

	for (i = 0; i < BUCKETS; i++)
		calls += bucket[i];
	for (i = 0; i < BUCKETS && below * 100 < calls * 99; i++)
		below += bucket[i];
	return i * BUCKET_US;
}

static void report_longest(const char *what)
{
	report_note("%s of %lu bytes, %lu chunks took %lu us; of its calls p99 %lu us, the longest, 0x%x, %lu us",
		    what, image.bytes, image.chunks, in_us(counter() - began),
		    most_took(), longest_id, in_us(longest));
}

static int64_t call(struct smc_regs *regs, uint32_t id, uint64_t x1,
		    uint64_t x2, uint64_t x3)
{
	const uint64_t start = counter();
	const int64_t status = bm_call(regs, id, x1, x2, x3);
	const uint64_t took = counter() - start;

	note_time(id, took);
	return status;
}

/* Until it is done. */
static int64_t call_through(struct smc_regs *regs, uint32_t id, uint64_t x1,
			    uint64_t x2, uint64_t x3)
{
	int64_t status;

	do {
		status = call(regs, id, x1, x2, x3);
	} while (status == OSTI_AGAIN);
	return status;
}

/* A call that must succeed, or else end the program: others rely on it. */
static void must(struct smc_regs *regs, uint32_t id, uint64_t x1, uint64_t x2,
		 uint64_t x3)
{
	int64_t status = call_through(regs, id, x1, x2, x3);

	if (status != OSTI_OK)
		report_abort("call 0x%x(0x%lx, 0x%lx, 0x%lx) gave %ld", id, x1,
			     x2, x3, status);
}

static void export_begin(void)
{
	struct smc_regs regs;

	must(&regs, OSTI_CALL_EXPORT_BEGIN, SLOT, SAVED_AT, 0);
	image.generation = regs.x[1];
	must(&regs, OSTI_CALL_EXPORT_SCAN, 0, 0, 0);
	image.chunks = regs.x[3];
	image.head = regs.x[4];
	check(image.chunks > BLOCK_BYTES / PAGE / OSTI_IMAGE_CHUNK_MAX &&
	      image.chunks <= MOST_CHUNKS, "%lu chunks", image.chunks);
}

static void export_rest(void)
{
	struct smc_regs regs;
	uint64_t at, n;
	unsigned int i;

	image.bytes = image.head;
	for (i = 0; i < image.chunks; i++) {
		image.at[i] = image.bytes;
		must(&regs, OSTI_CALL_EXPORT_CHUNK, i, IMAGE_AT + image.bytes,
		     OSTI_IMAGE_STORED_MAX);
		image.bytes += regs.x[1];
	}
	image.at[i] = image.bytes;
	must(&regs, OSTI_CALL_EXPORT_SEAL, 0, 0, 0);
	check_eq("bytes of the image", regs.x[1], image.bytes);
	for (at = 0; at < image.head; at += n) {
		n = image.head - at < COPY_STEP ? image.head - at : COPY_STEP;
		must(&regs, OSTI_CALL_EXPORT_READ, at, IMAGE_AT + at, n);
	}
}

/* The first refusal, OSTI_IMAGE_E_*, or 0: ready for COMMIT. */
static int import(void)
{
	struct smc_regs regs;
	uint64_t at, n;
	int64_t status;
	unsigned int i;

	status = call(&regs, OSTI_CALL_IMPORT_BEGIN, SLOT, IMAGE_AT, 0);
	for (at = OSTI_IMAGE_HEADER; status == OSTI_OK && at < image.head;
	     at += n) {
		n = image.head - at < COPY_STEP ? image.head - at : COPY_STEP;
		status = call(&regs, OSTI_CALL_IMPORT_WRITE, at, IMAGE_AT + at,
			      n);
	}
	if (status == OSTI_OK)
		status = call_through(&regs, OSTI_CALL_IMPORT_OPEN, 0, 0, 0);
	for (i = 0; status == OSTI_OK && i < image.chunks; i++)
		status = call_through(&regs, OSTI_CALL_IMPORT_CHUNK, i,
				      IMAGE_AT + image.at[i],
				      image.at[i + 1] - image.at[i]);
	if (status == OSTI_OK) {
		check_eq("missing chunks", regs.x[1], 0);
		status = call_through(&regs, OSTI_CALL_IMPORT_CHECK, 0, 0, 0);
	}
	if (status == OSTI_E_IMAGE)
		return -(int)regs.x[1];
	if (status != OSTI_OK)
		report_abort("the import gave %ld", status);
	return 0;
}

/* More than the log in NV flash has place for: it goes on in another sector. */
#define MANY		300

static void test_generations(void)
{
	uint64_t last = 0;
	struct smc_regs regs;
	unsigned int i;

	test_begin("generations");
	for (i = 0; i < MANY; i++) {
		must(&regs, OSTI_CALL_EXPORT_BEGIN, SLOT, SAVED_AT, 0);
		if (!check(regs.x[1] == last + 1, "generation %lu after %lu",
			   regs.x[1], last))
			break;
		last++;
		must(&regs, OSTI_CALL_EXPORT_ABORT, 0, 0, 0);
	}
	test_end();
}

static void test_export(void)
{
	struct smc_regs regs;
	uint64_t first;

	test_begin("export");
	export_begin();
	first = image.generation;
	check_eq("state", bm_slot_state(SLOT), OSTI_SLOT_SAVING);
	check_status("SLOT_RESUME meanwhile",
		     call(&regs, OSTI_CALL_SLOT_RESUME, SLOT, 0, 0),
		     OSTI_E_STATE);
	must(&regs, OSTI_CALL_EXPORT_ABORT, 0, 0, 0);
	check_eq("state", bm_slot_state(SLOT), OSTI_SLOT_FROZEN);
	reset_times();
	export_begin();
	check_eq("next generation", image.generation, first + 1);
	export_rest();
	report_longest("export");
	must(&regs, OSTI_CALL_EXPORT_COMMIT, 0, 0, 0);
	check_eq("state", bm_slot_state(SLOT), OSTI_SLOT_EMPTY);
	must(&regs, OSTI_CALL_IMAGE_INFO, SLOT, 0, 0);
	check_eq("state of the image", regs.x[1], OSTI_GENERATION_STORED);
	check_eq("its generation", regs.x[2], image.generation);
	test_end();
}

/* What the slot had in memory is nowhere in what the boot manager has. */
static void test_secret(void)
{
	const uint64_t secret = mem_word(self.ram_base + BLOCK_AT, SEED);
	uint64_t addr;

	test_begin("secret");
	for (addr = self.ram_base; addr < self.ram_end; addr += 8) {
		if (addr == (uint64_t)image_start)
			addr = (uint64_t)image_end;
		if (!check(*(uint64_t *)addr != secret,
			   "the slot's secret is at 0x%lx", addr))
			break;
	}
	test_end();
}

static void refuse(const char *what, uint64_t offset, int want)
{
	uint8_t *byte = (uint8_t *)IMAGE_AT + offset;
	int got;

	*byte ^= 0x10;
	got = import();
	*byte ^= 0x10;
	check(got == want, "%s: refused with %d, not %d", what, got, want);
	check_eq("state", bm_slot_state(SLOT), OSTI_SLOT_EMPTY);
}

static void test_refused(void)
{
	test_begin("refused");
	refuse("generation", OSTI_IMAGE_H_GENERATION, OSTI_IMAGE_E_GENERATION);
	refuse("time", OSTI_IMAGE_H_SAVED_AT, OSTI_IMAGE_E_TAG);
	refuse("table", OSTI_IMAGE_HEADER + 100, OSTI_IMAGE_E_TAG);
	refuse("manifest", image.head - 100, OSTI_IMAGE_E_TAG);
	refuse("first chunk", image.head, OSTI_IMAGE_E_CHUNK_TAG);
	refuse("last chunk", image.bytes - 1, OSTI_IMAGE_E_CHUNK_TAG);
	test_end();
}

static void test_import(void)
{
	struct smc_regs regs;

	test_begin("import");
	reset_times();
	check_eq("refusal", import(), 0);
	report_longest("import");
	must(&regs, OSTI_CALL_IMPORT_COMMIT, 0, 0, 0);
	check_eq("state", bm_slot_state(SLOT), OSTI_SLOT_FROZEN);
	must(&regs, OSTI_CALL_IMAGE_INFO, SLOT, 0, 0);
	check_eq("state of the image", regs.x[1], OSTI_GENERATION_CONSUMED);
	test_end();
}

static void as_boot_manager(void)
{
	switch (bm_reason()) {
	case OSTI_REASON_POWER_ON:
		bm_start(SLOT);
	case OSTI_REASON_MENU:
		bm_resume(SLOT);
	case OSTI_REASON_REQUEST:
		break;
	default:
		report_abort("entered for reason %u", bm_reason());
	}
	test_generations();
	test_export();
	test_secret();
	test_refused();
	test_import();
	report_totals();
	bm_resume(SLOT);
}

void payload_main(void)
{
	report_start("carry");
	if (self.slot == OSTI_CONTEXT_BM)
		as_boot_manager();
	in_slot();
}
