// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * engine.c - images by an engine in wrong hands (hostile.c), as the boot manager
 * and the slot see it
 *
 * Whatever it tries: the boot manager gets its CPU back, with all registers as
 * they were; the image is refused, or one that is refused later; the slot's memory
 * is untouched by exports.
 */
#include <osti/image.h>

#include "hostile.h"
#include "lib/arch.h"
#include "lib/bm.h"
#include "lib/cpu.h"
#include "lib/gic.h"
#include "lib/mem.h"
#include "lib/report.h"
#include "lib/smc.h"
#include "lib/timer.h"
#include "lib/vector.h"

#define SLOT		1
#define SEED		0x4051113000000001
#define REQUEST		(OSTI_REQUEST_HIBERNATE | SLOT << 8)
/* What the slot keeps: more than one segment. */
#define KEPT_BYTES	0x1200000UL
#define IMAGE_AT	(self.ram_base + 0x2000000)
#define MOST_CHUNKS	4096
#define COPY_STEP	OSTI_COPY_MAX
/* Slices that an engine gets that never ends. */
#define PATIENCE	300

/* ---- Registers of the boot manager ----------------------------------------------- */

#define SYSREGS(x) \
	x(sp_el0) x(tpidr_el0) x(tpidrro_el0) x(tpidr_el1) x(contextidr_el1) \
	x(sctlr_el1) x(cpacr_el1) x(tcr_el1) x(ttbr0_el1) x(ttbr1_el1) \
	x(mair_el1) x(vbar_el1) x(esr_el1) x(far_el1) x(elr_el1) x(spsr_el1) \
	x(par_el1) x(cntkctl_el1) x(mdscr_el1) x(cntv_ctl_el0) \
	x(cntv_cval_el0) x(cntp_ctl_el0) x(cntp_cval_el0) x(fpcr) x(fpsr) \
	x(s3_0_c4_c6_0) x(s3_0_c12_c12_6) x(s3_0_c12_c12_7) x(daif)

#define NAME(reg)	#reg,
static const char * const names[] = { SYSREGS(NAME) };
#define NR_SYSREGS	(sizeof(names) / sizeof(names[0]))

struct mine {
	uint64_t sysreg[NR_SYSREGS];
	uint64_t vector[64];
};

static void read_mine(struct mine *mine)
{
	unsigned int n = 0;

#define READ(reg)	(mine->sysreg[n++] = read_sysreg(reg)),
	(void)(SYSREGS(READ) 0);
	vector_read(mine->vector);
}

static void fill_mine(void)
{
	write_sysreg(sp_el0, 0x1111111111111110);
	write_sysreg(tpidr_el0, 0x2222222222222222);
	write_sysreg(tpidrro_el0, 0x3333333333333333);
	write_sysreg(tpidr_el1, 0x4444444444444444);
	write_sysreg(contextidr_el1, 0x55555555);
	write_sysreg(far_el1, 0x6666666666666666);
	write_sysreg(elr_el1, 0x7777777777777770);
	write_sysreg(cpacr_el1, 0x0000000000300000);
	write_sysreg(cntkctl_el1, 0x0000000000000003);
	write_sysreg(fpcr, 0x0000000002000000);
	write_sysreg(fpsr, 0x0000000000000001);
	write_sysreg(cntv_cval_el0, 0x8888888888888888);
	vector_fill(0x9999999999999900);
}

static bool same(const struct mine *before, const struct mine *after)
{
	unsigned int n;

	for (n = 0; n < NR_SYSREGS; n++)
		if (!check(before->sysreg[n] == after->sysreg[n],
			   "%s was 0x%lx and is 0x%lx", names[n],
			   before->sysreg[n], after->sysreg[n]))
			return false;
	for (n = 0; n < 64; n++)
		if (!check(before->vector[n] == after->vector[n],
			   "half %u of Q%u was 0x%lx and is 0x%lx", n % 2,
			   n / 2, before->vector[n], after->vector[n]))
			return false;
	return true;
}

/* ---- Calls ----------------------------------------------------------------------- */

static int64_t call_through(struct smc_regs *regs, uint32_t id, uint64_t x1,
			    uint64_t x2, uint64_t x3)
{
	unsigned int patience = PATIENCE * 100;
	int64_t status;

	do {
		status = bm_call(regs, id, x1, x2, x3);
	} while (status == OSTI_AGAIN && --patience);
	return status;
}

static void must(struct smc_regs *regs, uint32_t id, uint64_t x1, uint64_t x2,
		 uint64_t x3)
{
	int64_t status = call_through(regs, id, x1, x2, x3);

	if (status != OSTI_OK)
		report_abort("call 0x%x(0x%lx, 0x%lx, 0x%lx) gave %ld", id, x1,
			     x2, x3, status);
}

static struct {
	uint64_t chunks;
	uint64_t head;
	uint64_t bytes;
	uint64_t at[MOST_CHUNKS + 1];
} image;

static void begin(unsigned int what)
{
	struct smc_regs regs;

	/* The record has the time of the freeze, which was a while ago. */
	must(&regs, OSTI_CALL_EXPORT_BEGIN, SLOT,
	     what * HOSTILE_UNIT + HOSTILE_UNIT - 1, 0);
}

/* All of an export but COMMIT. The status that ends it; its reason in *why. */
static int64_t export(unsigned int what, uint64_t *why)
{
	struct smc_regs regs;
	int64_t status;
	uint64_t at, n;
	unsigned int i;

	begin(what);
	status = call_through(&regs, OSTI_CALL_EXPORT_SCAN, 0, 0, 0);
	image.chunks = regs.x[3];
	image.head = regs.x[4];
	image.bytes = image.head;
	if (status == OSTI_OK && image.chunks > MOST_CHUNKS)
		report_abort("%lu chunks", image.chunks);
	for (i = 0; status == OSTI_OK && i < image.chunks; i++) {
		image.at[i] = image.bytes;
		status = call_through(&regs, OSTI_CALL_EXPORT_CHUNK, i,
				      IMAGE_AT + image.bytes,
				      OSTI_IMAGE_STORED_MAX);
		image.bytes += regs.x[1];
	}
	if (status == OSTI_OK) {
		image.at[i] = image.bytes;
		status = call_through(&regs, OSTI_CALL_EXPORT_SEAL, 0, 0, 0);
	}
	for (at = 0; status == OSTI_OK && at < image.head; at += n) {
		n = image.head - at < COPY_STEP ? image.head - at : COPY_STEP;
		status = bm_call(&regs, OSTI_CALL_EXPORT_READ, at,
				 IMAGE_AT + at, n);
	}
	*why = regs.x[1];
	return status;
}

static int64_t import(uint64_t *why)
{
	struct smc_regs regs;
	int64_t status;
	uint64_t at, n;
	unsigned int i;

	status = bm_call(&regs, OSTI_CALL_IMPORT_BEGIN, SLOT, IMAGE_AT, 0);
	for (at = OSTI_IMAGE_HEADER; status == OSTI_OK && at < image.head;
	     at += n) {
		n = image.head - at < COPY_STEP ? image.head - at : COPY_STEP;
		status = bm_call(&regs, OSTI_CALL_IMPORT_WRITE, at,
				 IMAGE_AT + at, n);
	}
	if (status == OSTI_OK)
		status = call_through(&regs, OSTI_CALL_IMPORT_OPEN, 0, 0, 0);
	for (i = 0; status == OSTI_OK && i < image.chunks; i++)
		status = call_through(&regs, OSTI_CALL_IMPORT_CHUNK, i,
				      IMAGE_AT + image.at[i],
				      image.at[i + 1] - image.at[i]);
	if (status == OSTI_OK)
		status = call_through(&regs, OSTI_CALL_IMPORT_CHECK, 0, 0, 0);
	*why = regs.x[1];
	return status;
}

/* ---- Exports ----------------------------------------------------------------------- */

static void refused_export(unsigned int what)
{
	uint64_t why;
	int64_t status = export(what, &why);

	check(status == OSTI_E_IMAGE && why == -OSTI_IMAGE_E_ENGINE,
	      "attack %u ended with %ld, reason %lu", what, status, why);
	check_eq("state", bm_slot_state(SLOT), OSTI_SLOT_FROZEN);
}

static void test_traps(void)
{
	unsigned int n;

	test_begin("traps");
	refused_export(HOSTILE_WRITE_CODE);
	refused_export(HOSTILE_RUN_DATA);
	refused_export(HOSTILE_WRITE_PARTITION);
	for (n = 0; n < HOSTILE_PLACES; n++) {
		refused_export(HOSTILE_READ + n);
		refused_export(HOSTILE_WRITE + n);
	}
	test_end();
}

static void test_instructions(void)
{
	unsigned int n;

	test_begin("instructions");
	for (n = 0; n < HOSTILE_INSNS; n++)
		refused_export(HOSTILE_INSN + n);
	test_end();
}

static void test_lies(void)
{
	unsigned int what;

	test_begin("lies");
	for (what = HOSTILE_SAY_PAGES; what <= HOSTILE_SAY_AGAIN; what++)
		refused_export(what);
	test_end();
}

/* The CPU comes back all the same, and so do the others at the end. */
static void test_spin(void)
{
	struct smc_regs regs;
	uint64_t longest = 0, start, took;
	unsigned int n;

	test_begin("spin");
	begin(HOSTILE_SPIN);
	for (n = 0; n < PATIENCE; n++) {
		start = counter();
		if (!check_status("SCAN", bm_call(&regs, OSTI_CALL_EXPORT_SCAN,
						  0, 0, 0), OSTI_AGAIN))
			break;
		took = counter() - start;
		if (took > longest)
			longest = took;
	}
	report_note("the longest of %u calls took %lu us", n,
		    longest * 1000000 / read_sysreg(cntfrq_el0));
	must(&regs, OSTI_CALL_EXPORT_ABORT, 0, 0, 0);
	check_eq("state", bm_slot_state(SLOT), OSTI_SLOT_FROZEN);
	test_end();
}

/* It has nothing of ours, nor of an image before; we have all that we had. */
static void test_nosy(void)
{
	struct mine before, after;
	uint64_t why;
	int64_t status;

	test_begin("nosy");
	fill_mine();
	read_mine(&before);
	status = export(HOSTILE_NOSY, &why);
	read_mine(&after);
	check(status == OSTI_OK, "ended with %ld, reason %lu", status, why);
	same(&before, &after);
	if (status == OSTI_OK)
		must(&(struct smc_regs){ }, OSTI_CALL_EXPORT_ABORT, 0, 0, 0);
	test_end();
}

/* ---- Imports ------------------------------------------------------------------------ */

static void store(unsigned int what)
{
	struct smc_regs regs;
	uint64_t why;

	check_status("export", export(what, &why), OSTI_OK);
	must(&regs, OSTI_CALL_EXPORT_COMMIT, 0, 0, 0);
	check_eq("state", bm_slot_state(SLOT), OSTI_SLOT_EMPTY);
}

static void restore(void)
{
	struct smc_regs regs;
	uint64_t why;

	check_status("import", import(&why), OSTI_OK);
	must(&regs, OSTI_CALL_IMPORT_COMMIT, 0, 0, 0);
	check_eq("state", bm_slot_state(SLOT), OSTI_SLOT_FROZEN);
}

/*
 * The image has to be made before it can be attacked, and what attacks is in it:
 * the slot is lost with each but the last, which is none.
 */
static void refused_import(unsigned int what, int want)
{
	uint64_t why;
	int64_t status;

	store(what);
	status = import(&why);
	check(status == OSTI_E_IMAGE && why == (uint64_t)-want,
	      "attack %u ended with %ld, reason %lu", what, status, why);
	check_eq("state", bm_slot_state(SLOT), OSTI_SLOT_EMPTY);
}

static void test_import(void)
{
	test_begin("import");
	store(0);
	restore();
	test_end();
}

/* Which attack it is comes with the number of the life. */
static void test_refused(unsigned int what, int want)
{
	test_begin("refused");
	refused_import(what, want);
	test_end();
}

static void test_spin_import(void)
{
	struct smc_regs regs;
	uint64_t at, n;

	test_begin("spin-import");
	store(HOSTILE_OPEN_SPIN);
	must(&regs, OSTI_CALL_IMPORT_BEGIN, SLOT, IMAGE_AT, 0);
	for (at = OSTI_IMAGE_HEADER; at < image.head; at += n) {
		n = image.head - at < COPY_STEP ? image.head - at : COPY_STEP;
		must(&regs, OSTI_CALL_IMPORT_WRITE, at, IMAGE_AT + at, n);
	}
	for (n = 0; n < PATIENCE; n++)
		if (!check_status("OPEN", bm_call(&regs, OSTI_CALL_IMPORT_OPEN,
						  0, 0, 0), OSTI_AGAIN))
			break;
	must(&regs, OSTI_CALL_IMPORT_ABORT, 0, 0, 0);
	check_eq("state", bm_slot_state(SLOT), OSTI_SLOT_EMPTY);
	test_end();
}

/* ---- The slot ------------------------------------------------------------------------ */

static bool keep(bool fill)
{
	const uint64_t from = self.ram_base + 0x1000000;
	uint64_t addr;

	for (addr = from; addr < from + KEPT_BYTES; addr += 8) {
		if (fill)
			*(uint64_t *)addr = mem_word(addr, SEED);
		else if (!check(*(uint64_t *)addr == mem_word(addr, SEED),
				"0x%lx has changed", addr))
			return false;
	}
	return true;
}

static void in_slot(void)
{
	struct smc_regs regs;
	int64_t status;

	gic_init();
	keep(true);
	status = osti_call(&regs, OSTI_CALL_TARGET_ARM, OSTI_CONTEXT_BM,
			   REQUEST);
	if (status == OSTI_OK)
		status = cpu_suspend(0);
	test_begin("memory");
	check_status("suspend", status, CPU_RESUMED);
	keep(false);
	osti_call(&regs, OSTI_CALL_RESUME_INFO, 0, 0);
	check_eq("how it was resumed", regs.x[1], OSTI_RESUMED_IMAGE);
	test_end();
	report_done();
}

/* Attacks on imports, one for each life of the slot; it goes on after the last. */
static void as_boot_manager(void)
{
	static const struct {
		unsigned int what;
		int want;
	} lives[] = {
		{ HOSTILE_OPEN_ENTRY, OSTI_IMAGE_E_RECORD },
		{ HOSTILE_OPEN_RECORD, OSTI_IMAGE_E_RECORD },
		{ HOSTILE_OPEN_PAGES, OSTI_IMAGE_E_ENGINE },
		{ HOSTILE_OPEN_BEHIND, OSTI_IMAGE_E_ENGINE },
	};
	const unsigned int nr = sizeof(lives) / sizeof(lives[0]);
	struct smc_regs regs;
	uint64_t life;

	if (bm_reason() == OSTI_REASON_POWER_ON)
		bm_start(SLOT);
	if (bm_reason() != OSTI_REASON_REQUEST)
		report_abort("entered for reason %u", bm_reason());
	/* The first four lives end in an image that is lost. */
	must(&regs, OSTI_CALL_SLOT_INFO, SLOT, 0, 0);
	life = regs.x[4];
	if (life <= nr) {
		test_refused(lives[life - 1].what, lives[life - 1].want);
		bm_start(SLOT);
	}
	if (life == nr + 1) {
		test_spin_import();
		bm_start(SLOT);
	}
	test_traps();
	test_instructions();
	test_lies();
	test_spin();
	test_nosy();
	test_import();
	report_totals();
	bm_resume(SLOT);
}

void payload_main(void)
{
	report_start("engine");
	if (self.slot == OSTI_CONTEXT_BM)
		as_boot_manager();
	in_slot();
}
