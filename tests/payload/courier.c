// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * courier.c - slot 1 carries a copy of slot 2 away, on all its CPUs, does with it
 * what a courier in wrong hands would, and brings it back when a person agrees
 *
 * The program is the boot manager, too, which plays the person.
 */
#include <osti/image.h>

#include "lib/arch.h"
#include "lib/bm.h"
#include "lib/cpu.h"
#include "lib/gic.h"
#include "lib/lent.h"
#include "lib/mem.h"
#include "lib/platform.h"
#include "lib/psci.h"
#include "lib/report.h"
#include "lib/smc.h"
#include "lib/switch.h"
#include "lib/timer.h"

#define COURIER		1
#define KEPT		2
#define PAGE		OSTI_IMAGE_PAGE
#define SEED		0xc0112e500000001
#define SAVED_AT	1795737660
#define DEADLINE_MS	120000

/* ---- In the slot that is carried ------------------------------------------- */

#define BLOCK_AT	0x3fff000UL
#define BLOCK_BYTES	0x802000UL

static bool keep(bool fill)
{
	const uint64_t from = self.ram_base + BLOCK_AT;
	uint64_t addr;

	for (addr = from; addr < from + BLOCK_BYTES; addr += 8) {
		if (fill)
			*(uint64_t *)addr = mem_word(addr, SEED);
		else if (*(uint64_t *)addr != mem_word(addr, SEED))
			return check(false, "0x%lx has changed", addr);
	}
	return true;
}

static unsigned int how_resumed(uint64_t *fresh)
{
	struct smc_regs regs;

	osti_call(&regs, OSTI_CALL_RESUME_INFO, 0, 0);
	*fresh = regs.x[5];
	return regs.x[1];
}

static void kept(void)
{
	uint64_t fresh;

	gic_init();
	keep(true);
	lent_mark(KEPT, KEPT);
	switch_to(OSTI_CONTEXT_BM, 0);

	/* It comes back from here twice: once as it was, once as a copy. */
	if (how_resumed(&fresh) == OSTI_RESUMED_COPY) {
		test_begin("copy-goes-on");
		keep(false);
		lent_check_mark(BOARD_PCI_DISK(KEPT), COURIER);
		check(fresh, "no bytes for random numbers");
		test_end();
		report_done();
	}
	test_begin("switch-wins");
	keep(false);
	test_end();
	switch_to(COURIER, 0);
	/* Makes room for the copy. */
	cpu_exit(PSCI_SYSTEM_OFF, 0);
	report_abort("SYSTEM_OFF came back");
}

/* ---- The courier: calls ------------------------------------------------------ */

/* Where the copy is put, far behind this program; chunks have places of a size. */
#define HEAD_AT		(self.ram_base + 0x4000333)
#define CHUNK_AT(i)	(self.ram_base + 0x6000000 + (i) * PLACE_BYTES)
#define PLACE_BYTES	0x41000UL
#define MOST_CHUNKS	1024
#define COPY_STEP	5003
/* What it says of the disk: the monitor does not look. */
#define DISK_BYTES	512

_Static_assert(PLACE_BYTES >= OSTI_IMAGE_STORED_MAX, "a chunk has a place");

static struct {
	uint64_t chunks;
	uint64_t head;
	uint64_t stored[MOST_CHUNKS];
} copy;

/* Between the calls it takes interrupts. */
static void must(struct smc_regs *regs, uint32_t id, uint64_t x1, uint64_t x2,
		 uint64_t x3)
{
	int64_t status = bm_call_through(regs, id, x1, x2, x3);

	if (status != OSTI_OK)
		report_abort("call 0x%x(0x%lx, 0x%lx, 0x%lx) gave %ld", id, x1,
			     x2, x3, status);
}

/* ---- The courier: all its CPUs ------------------------------------------------- */

static uint64_t next_chunk, wrong, on_cpu[MAX_CPUS];
static uint32_t which;

static void tick(void)
{
	gic_enable(cpu_index(), INTID_CNTV, false);
	timer_arm(1);
}

static void irqs_on(void)
{
	gic_cpu_init();
	tick();
	__asm__ volatile("msr daifclr, #2");
}

static void irqs_off(void)
{
	__asm__ volatile("msr daifset, #2");
	timer_stop();
	gic_disable(cpu_index(), INTID_CNTV);
}

static int64_t one_chunk(uint64_t i)
{
	struct smc_regs regs;
	int64_t status;

	if (which == OSTI_CALL_IMPORT_CHUNK)
		return bm_call_through(&regs, which, i, CHUNK_AT(i),
				       copy.stored[i]);
	status = bm_call_through(&regs, which, i, CHUNK_AT(i),
				 OSTI_IMAGE_STORED_MAX);
	copy.stored[i] = regs.x[1];
	return status;
}

/* Chunk after chunk, as fast as the others leave some, under a timer. */
static void carry_chunks(uint64_t arg)
{
	uint64_t i;

	(void)arg;
	irqs_on();
	for (;;) {
		i = __atomic_fetch_add(&next_chunk, 1, __ATOMIC_SEQ_CST);
		if (i >= copy.chunks)
			break;
		if (one_chunk(i) != OSTI_OK)
			__atomic_fetch_add(&wrong, 1, __ATOMIC_SEQ_CST);
		on_cpu[cpu_index()]++;
		tick();
	}
	irqs_off();
}

static void on_all_cpus(uint32_t id)
{
	unsigned int cpu;

	which = id;
	next_chunk = 0;
	wrong = 0;
	for (cpu = 0; cpu < self.nr_cpus; cpu++)
		on_cpu[cpu] = 0;
	for (cpu = 1; cpu < self.nr_cpus; cpu++)
		check_eq("CPU_ON", cpu_on(cpu, carry_chunks, 0), PSCI_SUCCESS);
	carry_chunks(0);
	for (cpu = 1; cpu < self.nr_cpus; cpu++)
		check(wait_for(cpu_state(cpu) == PSCI_AFFINITY_OFF,
			       DEADLINE_MS), "CPU %u does not go off", cpu);
	check_eq("calls that failed", wrong, 0);
	for (cpu = 0; cpu < self.nr_cpus; cpu++) {
		check(on_cpu[cpu], "CPU %u had no chunk", cpu);
		check(cpus[cpu].irqs, "CPU %u had no interrupt", cpu);
	}
}

/* ---- The courier: what it does ---------------------------------------------------- */

static void begin_copy(void)
{
	struct smc_regs regs;

	must(&regs, OSTI_CALL_EXPORT_BEGIN, KEPT, SAVED_AT,
	     OSTI_IMAGE_COPY | 1 << 8);
	must(&regs, OSTI_CALL_EXPORT_SCAN, 0, 0, 0);
	copy.chunks = regs.x[3];
	copy.head = regs.x[4];
}

static void test_copy(void)
{
	struct smc_regs regs;
	uint64_t at, n;

	test_begin("copy");
	begin_copy();
	check(copy.chunks > BLOCK_BYTES / PAGE / OSTI_IMAGE_CHUNK_MAX &&
	      copy.chunks <= MOST_CHUNKS, "%lu chunks", copy.chunks);
	on_all_cpus(OSTI_CALL_EXPORT_CHUNK);
	check_status("SEAL",
		     bm_call_through(&regs, OSTI_CALL_EXPORT_SEAL, 0, 0, 0),
		     OSTI_E_STATE);
	must(&regs, OSTI_CALL_ATTACH, OSTI_ATTACH_DISK, DISK_BYTES, 0);
	must(&regs, OSTI_CALL_EXPORT_SEAL, 0, 0, 0);
	for (at = 0; at < copy.head; at += n) {
		n = copy.head - at < COPY_STEP ? copy.head - at : COPY_STEP;
		must(&regs, OSTI_CALL_EXPORT_READ, at, HEAD_AT + at, n);
	}
	must(&regs, OSTI_CALL_EXPORT_COMMIT, 0, 0, 0);
	check_eq("state", bm_slot_state(KEPT), OSTI_SLOT_FROZEN);
	must(&regs, OSTI_CALL_IMAGE_INFO, KEPT, 0, 0);
	check_eq("its own image", regs.x[1], OSTI_GENERATION_NONE);
	test_end();
}

/* What the other has in memory is nowhere in what the courier has. */
static void test_secret(void)
{
	const uint64_t secret = mem_word(self.ram_base + BLOCK_AT, SEED);
	uint64_t addr;

	test_begin("secret");
	for (addr = self.ram_base; addr < self.ram_end; addr += 8) {
		if (addr == (uint64_t)image_start)
			addr = (uint64_t)image_end;
		if (!check(*(uint64_t *)addr != secret,
			   "the other's secret is at 0x%lx", addr))
			break;
	}
	test_end();
}

static void test_denied(void)
{
	struct smc_regs regs;

	test_begin("denied");
	check_status("a local image",
		     bm_call_through(&regs, OSTI_CALL_EXPORT_BEGIN, KEPT, 1,
				     OSTI_IMAGE_LOCAL),
		     OSTI_E_DENIED);
	check_status("of itself",
		     bm_call_through(&regs, OSTI_CALL_EXPORT_BEGIN, COURIER, 1,
				     OSTI_IMAGE_COPY),
		     OSTI_E_STATE);
	begin_copy();
	check_status("to the flash",
		     bm_call_through(&regs, OSTI_CALL_EXPORT_CHUNK, 0, 0,
				     OSTI_IMAGE_STORED_MAX),
		     OSTI_E_RANGE);
	check_status("behind its memory",
		     bm_call_through(&regs, OSTI_CALL_EXPORT_CHUNK, 0,
				     self.ram_end - OSTI_IMAGE_STORED_MAX + 1,
				     OSTI_IMAGE_STORED_MAX),
		     OSTI_E_RANGE);
	check_status("to the window",
		     bm_call_through(&regs, OSTI_CALL_EXPORT_CHUNK, 0,
				     OSTI_WINDOW_IPA, OSTI_IMAGE_STORED_MAX),
		     OSTI_E_RANGE);
	must(&regs, OSTI_CALL_EXPORT_ABORT, 0, 0, 0);
	test_end();
}

/* It may read the disk of the other while that is frozen, and no more. */
static void test_disk(void)
{
	test_begin("disk");
	lent_check_own(COURIER);
	lent_check_read_only(KEPT);
	test_end();
}

/* It holds the other, and somebody presses the key. */
static void test_hold(void)
{
	struct smc_regs regs;

	test_begin("hold");
	begin_copy();
	check_eq("state", bm_slot_state(KEPT), OSTI_SLOT_SAVING);
	check_status("disk", lent_show(KEPT, OSTI_DISK_READ), OSTI_OK);
	switch_to(KEPT, 0);
	lent_check_hidden(KEPT, "after a switch");
	check_eq("state", bm_slot_state(KEPT), OSTI_SLOT_FROZEN);
	check_status("CHUNK",
		     bm_call_through(&regs, OSTI_CALL_EXPORT_CHUNK, 0,
				     CHUNK_AT(0), OSTI_IMAGE_STORED_MAX),
		     OSTI_E_STATE);
	test_end();
}

/* Up to its chunks. The status, with the reason in regs->x[1]. */
static int64_t open_copy(struct smc_regs *regs)
{
	uint64_t at, n;
	int64_t status;

	status = bm_call_through(regs, OSTI_CALL_IMPORT_BEGIN, KEPT, HEAD_AT,
				 0);
	for (at = OSTI_IMAGE_HEADER; status == OSTI_OK && at < copy.head;
	     at += n) {
		n = copy.head - at < COPY_STEP ? copy.head - at : COPY_STEP;
		status = bm_call_through(regs, OSTI_CALL_IMPORT_WRITE, at,
					 HEAD_AT + at, n);
	}
	return status == OSTI_OK
		       ? bm_call_through(regs, OSTI_CALL_IMPORT_OPEN, 0, 0, 0)
		       : status;
}

static int64_t import(struct smc_regs *regs, uint64_t disk_bytes)
{
	int64_t status = open_copy(regs);
	uint64_t i;

	if (status == OSTI_OK)
		status = bm_call(regs, OSTI_CALL_ATTACH, OSTI_ATTACH_DISK,
				 disk_bytes, 0);
	for (i = 0; status == OSTI_OK && i < copy.chunks; i++)
		status = bm_call_through(regs, OSTI_CALL_IMPORT_CHUNK, i,
					 CHUNK_AT(i), copy.stored[i]);
	return status == OSTI_OK
		       ? bm_call_through(regs, OSTI_CALL_IMPORT_CHECK, 0, 0, 0)
		       : status;
}

static void refuse(const char *what, uint64_t addr, int want)
{
	uint8_t *byte = (uint8_t *)addr;
	struct smc_regs regs;
	int64_t status;

	*byte ^= 0x10;
	status = import(&regs, DISK_BYTES);
	*byte ^= 0x10;
	check(status == OSTI_E_IMAGE && regs.x[1] == (uint64_t)-want,
	      "%s: %ld, reason %lu and not %d", what, status, regs.x[1], -want);
	check_eq("state", bm_slot_state(KEPT), OSTI_SLOT_EMPTY);
}

static void test_altered(void)
{
	struct smc_regs regs;

	test_begin("altered");
	refuse("time", HEAD_AT + OSTI_IMAGE_H_SAVED_AT, OSTI_IMAGE_E_TAG);
	refuse("generation", HEAD_AT + OSTI_IMAGE_H_GENERATION,
	       OSTI_IMAGE_E_TAG);
	refuse("table", HEAD_AT + OSTI_IMAGE_HEADER + 100, OSTI_IMAGE_E_TAG);
	refuse("manifest", HEAD_AT + copy.head - 100, OSTI_IMAGE_E_TAG);
	refuse("chunk", CHUNK_AT(0) + 50, OSTI_IMAGE_E_CHUNK_TAG);
	refuse("last chunk", CHUNK_AT(copy.chunks - 1) + 30,
	       OSTI_IMAGE_E_CHUNK_TAG);
	check_status("disk", import(&regs, DISK_BYTES + 1), OSTI_E_IMAGE);
	check_eq("reason", regs.x[1], -OSTI_IMAGE_E_ATTACHED);
	test_end();
}

static void test_no_consent(void)
{
	struct smc_regs regs;

	test_begin("no-consent");
	check_status("its disk", lent_show(KEPT, OSTI_DISK_READ), OSTI_E_STATE);
	check_status("import", import(&regs, DISK_BYTES), OSTI_OK);
	check_status("its disk", lent_show(KEPT, OSTI_DISK_WRITE), OSTI_E_AGREE);
	lent_check_hidden(KEPT, "without consent");
	check_status("COMMIT",
		     bm_call_through(&regs, OSTI_CALL_IMPORT_COMMIT, 0, 0, 0),
		     OSTI_E_AGREE);
	must(&regs, OSTI_CALL_IMPORT_ABORT, 0, 0, 0);
	check_eq("state", bm_slot_state(KEPT), OSTI_SLOT_EMPTY);
	check_status("its own consent",
		     bm_call_through(&regs, OSTI_CALL_RESTORE_GRANT, KEPT, 0,
				     0),
		     OSTI_E_DENIED);
	test_end();
}

static void ask(void)
{
	struct smc_regs regs;
	int64_t status;

	must(&regs, OSTI_CALL_RESTORE_ASK, KEPT, HEAD_AT, 0);
	must(&regs, OSTI_CALL_TARGET_ARM, OSTI_CONTEXT_BM,
	     OSTI_REQUEST_RESTORE | KEPT << 8, 0);
	status = cpu_suspend(0);
	if (status != CPU_RESUMED)
		report_abort("suspend gave %ld", status);
	must(&regs, OSTI_CALL_REQUEST_RESULT, 0, 0, 0);
	check_eq("answer", regs.x[2], OSTI_RESULT_DONE);
}

static void test_restore(void)
{
	struct smc_regs regs;

	test_begin("restore");
	ask();
	check_status("open", open_copy(&regs), OSTI_OK);
	check_status("its disk", lent_show(KEPT, OSTI_DISK_WRITE), OSTI_OK);
	lent_mark(KEPT, COURIER);
	must(&regs, OSTI_CALL_ATTACH, OSTI_ATTACH_DISK, DISK_BYTES, 0);
	on_all_cpus(OSTI_CALL_IMPORT_CHUNK);
	must(&regs, OSTI_CALL_IMPORT_COMMIT, 0, 0, 0);
	lent_check_hidden(KEPT, "after COMMIT");
	check_eq("state", bm_slot_state(KEPT), OSTI_SLOT_FROZEN);
	must(&regs, OSTI_CALL_IMAGE_INFO, KEPT, 0, 0);
	check_eq("its own image", regs.x[1], OSTI_GENERATION_CONSUMED);
	test_end();
}

static void courier(void)
{
	gic_init();
	test_copy();
	test_secret();
	test_denied();
	test_disk();
	test_hold();
	/* The other goes off, and the boot manager comes back here. */
	switch_to(KEPT, 0);
	test_altered();
	test_no_consent();
	test_restore();
	report_totals();
	switch_to(KEPT, 0);
	report_abort("slot %u came back", KEPT);
}

/* ---- As the boot manager ------------------------------------------------------------ */

static void consent(void)
{
	struct smc_regs regs;

	test_begin("consent");
	must(&regs, OSTI_CALL_RESTORE_INFO, 0, 0, 0);
	check_eq("slot", regs.x[1], KEPT);
	check_eq("who asks", regs.x[2], COURIER);
	check_eq("made at", regs.x[4], SAVED_AT);
	check_eq("made here", regs.x[7], 1);
	must(&regs, OSTI_CALL_RESTORE_GRANT, KEPT, 0, 0);
	regs = (struct smc_regs){ .x = {
		OSTI_CALL_BM_ANSWER, COURIER, OSTI_REQUEST_RESTORE | KEPT << 8,
		OSTI_RESULT_DONE } };
	smc_call(&regs);
	check_eq("BM_ANSWER", regs.x[0], OSTI_OK);
	test_end();
	report_totals();
}

static void as_boot_manager(void)
{
	switch (bm_reason()) {
	case OSTI_REASON_POWER_ON:
		bm_start(KEPT);
	case OSTI_REASON_MENU:
		bm_start(COURIER);
	case OSTI_REASON_OFF:
		bm_resume(COURIER);
	case OSTI_REASON_REQUEST:
		consent();
		bm_resume(COURIER);
	default:
		report_abort("entered for reason %u", bm_reason());
	}
}

void payload_main(void)
{
	report_start("courier");
	if (self.slot == OSTI_CONTEXT_BM)
		as_boot_manager();
	if (self.slot == COURIER)
		courier();
	kept();
}
