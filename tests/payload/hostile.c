// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * hostile.c - an image engine in wrong hands
 *
 * The real one, but for this file in the place of its main.c and hostile_start.S
 * in the place of its start.S: it knows its trade, and what an image is.
 */
#include "hostile.h"

#include <osti/image.h>

#include "image_bytes.h"
#include "jobs.h"

/* What the registers had when the job began, but those of the contract. */
struct found {
	uint64_t x[26];		/* x5..x30 */
	uint64_t nzcv;
	uint64_t fpcr;
	uint64_t fpsr;
	uint64_t tpidr;
	uint64_t tpidrro;
	uint64_t pad;
	uint64_t v[64];
};

int hostile_main(uint64_t op, uint64_t arg[3], unsigned int worker,
		 const struct found *found);

static struct engine_state state;

/* ---- What is not its own ------------------------------------------------------ */

static const uint64_t places[HOSTILE_PLACES] = {
	0x00000000,		/* firmware */
	0x04000000,		/* NV flash */
	0x08000000,		/* interrupt controller */
	0x080a0000,
	0x09000000,		/* UART */
	0x09010000,		/* RTC */
	0x09030000,		/* GPIO */
	0x09050000,		/* SMMU */
	0x10000000,		/* PCI */
	0x4010000000,
	0x8000000000,
	0x4f000000,		/* behind its own memory */
	0x50000000,		/* where slots are */
	0x70000000,
	ENGINE_PARTITION_IPA - 8,
	ENGINE_PARTITION_IPA + 0x20000000,	/* behind the partition */
	0xffff000000000000,
};

static void read_place(unsigned int n)
{
	*(volatile uint64_t *)places[n];
}

static void write_place(unsigned int n)
{
	*(volatile uint64_t *)places[n] = 0x0571057105710571;
}

#define INSN(n, text)						\
	do {							\
		if (what == (n))				\
			asm volatile(text : : : "x9", "memory");	\
	} while (0)

/* What EL0 must not do, or need not be able to. */
static void instruction(unsigned int what)
{
	INSN(0, "smc #0");
	INSN(1, "hvc #0");
	INSN(2, "svc #1");
	INSN(3, "brk #1");
	INSN(4, "hlt #1");
	INSN(5, ".inst 0");
	INSN(6, "eret");
	INSN(7, "wfi");
	INSN(8, "msr daifclr, #15");
	INSN(9, "mrs x9, sctlr_el1");
	INSN(10, "msr vbar_el1, x9");
	INSN(11, "msr ttbr0_el1, x9");
	INSN(12, "mrs x9, mpidr_el1");
	INSN(13, "mrs x9, cntpct_el0");
	INSN(14, "mrs x9, cntvct_el0");
	INSN(15, "msr cntv_ctl_el0, x9");
	INSN(16, "msr cntp_tval_el0, x9");
	INSN(17, "mrs x9, pmccntr_el0");
	INSN(18, "mrs x9, s3_0_c4_c6_0");	/* ICC_PMR_EL1 */
	INSN(19, "msr s3_0_c12_c11_5, x9");	/* ICC_SGI1R_EL1 */
	INSN(20, "tlbi vmalle1");
	INSN(21, "dc isw, x9");
	INSN(22, "at s1e0r, x9");
	INSN(23, "msr oslar_el1, x9");
}

static void write_code(void)
{
	*(volatile uint32_t *)ENGINE_CODE_IPA = 0;
}

static void run_data(const struct engine_view *view)
{
	uint32_t *ret = (uint32_t *)view->ring;

	*ret = 0xd65f03c0;
	engine_cache_flush(view->ring, sizeof(*ret));
	asm volatile("ic ivau, %0; dsb ish; isb; blr %0"
		     : : "r" (ret) : "x30", "memory");
}

static void spin(void)
{
	for (;;)
		asm volatile("" : : : "memory");
}

/* Returns when nothing stopped it. */
static void attack(unsigned int what, const struct engine_view *view)
{
	if (what == HOSTILE_SPIN || what == HOSTILE_OPEN_SPIN)
		spin();
	else if (what == HOSTILE_WRITE_CODE)
		write_code();
	else if (what == HOSTILE_RUN_DATA)
		run_data(view);
	else if (what == HOSTILE_WRITE_PARTITION)
		*(volatile uint8_t *)view->partition = 0;
	else if (what >= HOSTILE_READ && what < HOSTILE_READ + HOSTILE_PLACES)
		read_place(what - HOSTILE_READ);
	else if (what >= HOSTILE_WRITE && what < HOSTILE_WRITE + HOSTILE_PLACES)
		write_place(what - HOSTILE_WRITE);
	else if (what >= HOSTILE_INSN && what < HOSTILE_INSN + HOSTILE_INSNS)
		instruction(what - HOSTILE_INSN);
}

/* ---- What it was given ----------------------------------------------------------- */

static int is_zero(const void *from, const void *to)
{
	const uint64_t *p;

	for (p = from; (const void *)p < to; p++)
		if (*p)
			return 0;
	return 1;
}

/* Somebody's registers, or memory that somebody used. */
static int found_something(const struct engine_view *view,
			   const struct found *found)
{
	const uint8_t *ram = (const uint8_t *)ENGINE_CODE_IPA;

	return !is_zero(found, found + 1) ||
	       !is_zero(ram + ENGINE_BSS, ram + ENGINE_DESK) ||
	       !is_zero(ram + ENGINE_WORKER(1), ram + ENGINE_TABLE) ||
	       !is_zero(view->table, view->manifest);
}

/* ---- What it says ------------------------------------------------------------------ */

static int say(unsigned int what, uint64_t op, uint64_t result[3], int status)
{
	switch (what) {
	case HOSTILE_SAY_PAGES:
		if (op == ENGINE_OP_FINISH)
			result[0] = UINT64_MAX;
		break;
	case HOSTILE_SAY_CHUNKS:
		if (op == ENGINE_OP_FINISH)
			result[1] = 1UL << 32;
		break;
	case HOSTILE_SAY_MANIFEST:
		if (op == ENGINE_OP_FINISH)
			result[2] = 0xffffffff;
		break;
	case HOSTILE_SAY_NOTHING_STORED:
		if (op == ENGINE_OP_CHUNK)
			result[0] = 0;
		break;
	case HOSTILE_SAY_STORED:
		if (op == ENGINE_OP_CHUNK)
			result[0] = OSTI_IMAGE_STORED_MAX + 1;
		break;
	case HOSTILE_SAY_TOTAL:
		if (op == ENGINE_OP_SEAL)
			result[0] = 1UL << 63;
		break;
	case HOSTILE_SAY_STATUS:
		if (op == ENGINE_OP_SCAN)
			return -100000;
		break;
	case HOSTILE_SAY_AGAIN:
		if (op == ENGINE_OP_SCAN)
			return OSTI_IMAGE_AGAIN;
		break;
	case HOSTILE_OPEN_PAGES:
		if (op == ENGINE_OP_OPEN)
			result[0] = UINT64_MAX;
		break;
	default:
		break;
	}
	return status;
}

/* After the manifest was opened, and before the monitor looks at it. */
static void tamper(unsigned int what, const struct engine_view *view)
{
	uint8_t *record = view->manifest + OSTI_IMAGE_M_FIXED;

	if (what == HOSTILE_OPEN_ENTRY)
		record[OSTI_IMAGE_R_ENTRY] ^= 4;
	else if (what == HOSTILE_OPEN_RECORD)
		image_put32(view->manifest + OSTI_IMAGE_M_RECORD_BYTES,
			    0xfffffff8);
	else if (what == HOSTILE_OPEN_BEHIND)
		write_place(15);
	else if (what == HOSTILE_OPEN_SPIN)
		spin();
}

static unsigned int attack_of(const uint8_t *record)
{
	return image_get64(record + OSTI_IMAGE_R_FROZEN_AT) / HOSTILE_UNIT;
}

int hostile_main(uint64_t op, uint64_t arg[3], unsigned int worker,
		 const struct found *found)
{
	struct engine_view view;
	unsigned int what;
	int status;

	engine_view_init(&view, &state, (uint8_t *)ENGINE_CODE_IPA,
			 (uint8_t *)ENGINE_PARTITION_IPA, worker);
	if (op < ENGINE_OP_OPEN) {
		what = attack_of(view.record);
		if (what == HOSTILE_NOSY && op == ENGINE_OP_EXPORT &&
		    found_something(&view, found))
			return OSTI_IMAGE_E_RESERVED;
		if (op == ENGINE_OP_SCAN && what < HOSTILE_SAY_PAGES)
			attack(what, &view);
		status = engine_job(&view, op, arg);
		return say(what, op, arg, status);
	}
	status = engine_job(&view, op, arg);
	if (op != ENGINE_OP_OPEN || status)
		return status;
	what = attack_of(view.manifest + OSTI_IMAGE_M_FIXED);
	tamper(what, &view);
	return say(what, op, arg, status);
}
