// SPDX-License-Identifier: GPL-2.0-only
/*
 * smmuv3.c - what devices can reach: the SMMU, stage 1
 *
 * Everything that the SMMU reads or writes is treated as if it looked into no
 * cache (CR1, CD and STE say "not cacheable"): each structure is flushed after
 * the CPU wrote it and before it reads what the SMMU wrote. No CPU writes into
 * the event queue, so flushing it can only drop stale lines.
 */
#include "smmuv3.h"

#include "board.h"
#include "deadline.h"
#include "lock.h"
#include "log.h"
#include "pgtable.h"
#include "smmuv3_regs.h"

#define WAIT_MS		100
#define STREAM_BITS	8
#define CMDQ_BITS	6
#define EVENTQ_BITS	7
#define CMDQ_ENTRIES	(1U << CMDQ_BITS)

_Static_assert(SMMUV3_STREAMS == 1 << STREAM_BITS, "size of stream table");
_Static_assert(SMMUV3_EVENTS == 1 << EVENTQ_BITS, "size of event queue");

struct ste {
	uint64_t dw[SMMU_STE_WORDS];
};

struct cd {
	uint64_t dw[SMMU_CD_WORDS];
} __attribute__((aligned(64)));

struct command {
	uint64_t dw[2];
};

struct event {
	uint64_t dw[SMMU_EVENT_WORDS];
};

/* The SMMU wants tables and queues aligned to their sizes (section 6.3). */
static struct ste stream_table[SMMUV3_STREAMS]
	__attribute__((aligned(SMMUV3_STREAMS * 64)));
static struct command cmdq[CMDQ_ENTRIES]
	__attribute__((aligned(CMDQ_ENTRIES * SMMU_CMD_BYTES)));
static struct event eventq[SMMUV3_EVENTS]
	__attribute__((aligned(SMMUV3_EVENTS * SMMU_EVENT_BYTES)));
static struct cd cds[SMMUV3_CONTEXTS];

static bool context_ready[SMMUV3_CONTEXTS];
/* Context that a stream is attached to, or NOT_ATTACHED. */
static uint8_t attached[SMMUV3_STREAMS];
#define NOT_ATTACHED	0xff

/* A command was not done: no stream is attached any more. */
static bool failed;

/* Index and wrap bit of the next command and the next event. */
static uint32_t cmdq_prod;
static uint32_t eventq_cons;

static uint32_t reg_read(uint32_t reg)
{
	return arch_read32(pa_make(BOARD_SMMU_BASE + reg));
}

static void reg_write(uint32_t reg, uint32_t val)
{
	arch_write32(pa_make(BOARD_SMMU_BASE + reg), val);
}

static int reg_settle(uint32_t reg, uint32_t mask, uint32_t want)
{
	uint64_t deadline = deadline_in_ms(WAIT_MS);
	bool late = false;

	while ((reg_read(reg) & mask) != want) {
		if (late) {
			log_error("SMMU: register 0x%x is 0x%x, should become 0x%x: no answer in %d ms",
				  reg, reg_read(reg), want, WAIT_MS);
			return SMMUV3_E_TIMEOUT;
		}
		late = deadline_passed(deadline);
	}
	return 0;
}

/* A structure of the SMMU's is read in pieces of 64 bits, written likewise. */
static void word_write(uint64_t *word, uint64_t val)
{
	*(volatile uint64_t *)word = val;
}

static void flush(const void *p, uint64_t bytes)
{
	arch_cache_flush(arch_pa(p), bytes);
}

/* ---- Commands ---------------------------------------------------------------- */

static void cmdq_put(uint32_t prod, uint64_t dw0, uint64_t dw1)
{
	struct command *cmd = &cmdq[prod % CMDQ_ENTRIES];

	word_write(&cmd->dw[1], dw1);
	word_write(&cmd->dw[0], dw0);
	flush(cmd, sizeof(*cmd));
	arch_barrier();
}

/*
 * The SMMU stopped at a command. Put one that does nothing in its place and
 * let it go on (section 7.1), or the queue would stand still for ever.
 */
static void cmdq_skip(void)
{
	uint32_t cons = reg_read(SMMU_CMDQ_CONS);
	struct command *bad = &cmdq[cons % CMDQ_ENTRIES];

	log_error("SMMU: command %08lx %08lx fails with error %u",
		  bad->dw[0], bad->dw[1], SMMU_CMDQ_CONS_ERR(cons));
	cmdq_put(cons, SMMU_CMD_SYNC, 0);
	reg_write(SMMU_GERRORN, reg_read(SMMU_GERRORN) ^ SMMU_GERROR_CMDQ);
}

static bool cmdq_failed(void)
{
	return (reg_read(SMMU_GERROR) ^ reg_read(SMMU_GERRORN)) &
	       SMMU_GERROR_CMDQ;
}

/* Append a CMD_SYNC and wait until the SMMU has done all before it. */
static int cmdq_sync(void)
{
	uint32_t mask = 2 * CMDQ_ENTRIES - 1;
	uint64_t deadline = deadline_in_ms(WAIT_MS);
	bool late = false;
	int err = 0;

	cmdq_put(cmdq_prod, SMMU_CMD_SYNC, 0);
	cmdq_prod = (cmdq_prod + 1) & mask;
	reg_write(SMMU_CMDQ_PROD, cmdq_prod);

	while ((reg_read(SMMU_CMDQ_CONS) & mask) != cmdq_prod) {
		if (cmdq_failed()) {
			/* Twice: it is not the command, the SMMU is broken. */
			if (err)
				return err;
			cmdq_skip();
			err = SMMUV3_E_COMMAND;
		}
		if (late) {
			log_error("SMMU: commands not done in %d ms", WAIT_MS);
			return SMMUV3_E_TIMEOUT;
		}
		late = deadline_passed(deadline);
	}
	return err;
}

static int do_command(uint64_t dw0, uint64_t dw1)
{
	uint32_t mask = 2 * CMDQ_ENTRIES - 1;

	/* Not after an earlier command that never ended. */
	if ((reg_read(SMMU_CMDQ_CONS) & mask) != cmdq_prod) {
		log_error("SMMU: still busy with an earlier command");
		return SMMUV3_E_TIMEOUT;
	}
	cmdq_put(cmdq_prod, dw0, dw1);
	cmdq_prod = (cmdq_prod + 1) & mask;
	return cmdq_sync();
}

/* Give one command and wait for its end. The queue is empty before and after. */
static int command(uint64_t dw0, uint64_t dw1)
{
	int err = do_command(dw0, dw1);

	if (err)
		failed = true;
	return err;
}

static uint64_t asid_of(unsigned int ctx)
{
	return ctx + 1;
}

int smmuv3_flush(unsigned int ctx)
{
	LOCK_ASSERT_HELD();
	ASSERT(ctx < SMMUV3_CONTEXTS);
	return command(SMMU_CMD_TLBI_NH_ASID | SMMU_TLBI_ASID(asid_of(ctx)), 0);
}

/* ---- Streams and contexts ------------------------------------------------------ */

/*
 * DW1 is the same in every state, so one 64-bit store changes an STE from one
 * valid state to another: there is no state in between that the SMMU could
 * fetch.
 */
static int ste_write(unsigned int stream, uint64_t dw0)
{
	word_write(&stream_table[stream].dw[0], dw0);
	flush(&stream_table[stream], sizeof(stream_table[stream]));
	arch_barrier();
	return command(SMMU_CMD_CFGI_STE | SMMU_CFGI_STREAM(stream),
		       SMMU_CFGI_LEAF);
}

int smmuv3_context_init(unsigned int ctx, pa_t root)
{
	struct cd *cd;
	unsigned int i;

	LOCK_ASSERT_HELD();
	ASSERT(ctx < SMMUV3_CONTEXTS);
	ASSERT(pa_aligned(root, PGTABLE_PAGE));
	/* So the SMMU cannot have read this CD: it need not be told. */
	for (i = 0; i < SMMUV3_STREAMS; i++)
		if (attached[i] == ctx)
			return SMMUV3_E_BUSY;

	cd = &cds[ctx];
	word_write(&cd->dw[1], pa_value(root) & SMMU_CD1_TTB0_MASK);
	word_write(&cd->dw[2], 0);
	word_write(&cd->dw[3], PGTABLE_SMMU_MAIR);
	for (i = 4; i < SMMU_CD_WORDS; i++)
		word_write(&cd->dw[i], 0);
	word_write(&cd->dw[0], SMMU_CD0_T0SZ(64 - PGTABLE_SMMU_BITS) |
		   SMMU_CD0_EPD1 | SMMU_CD0_V | SMMU_CD0_IPS(SMMU_OAS_40_BIT) |
		   SMMU_CD0_AA64 | SMMU_CD0_R | SMMU_CD0_A | SMMU_CD0_ASET |
		   SMMU_CD0_ASID(asid_of(ctx)));
	flush(cd, sizeof(*cd));
	arch_barrier();
	context_ready[ctx] = true;
	return 0;
}

int smmuv3_attach(unsigned int stream, unsigned int ctx)
{
	LOCK_ASSERT_HELD();
	ASSERT(stream < SMMUV3_STREAMS && ctx < SMMUV3_CONTEXTS);
	if (!context_ready[ctx])
		return SMMUV3_E_CONTEXT;
	if (attached[stream] == ctx)
		return 0;
	if (attached[stream] != NOT_ATTACHED)
		return SMMUV3_E_BUSY;
	if (failed)
		return SMMUV3_E_FAILED;
	attached[stream] = ctx;
	return ste_write(stream, SMMU_STE0_V | SMMU_STE0_CONFIG_S1 |
			 (pa_value(arch_pa(&cds[ctx])) & SMMU_STE0_CD_MASK));
}

int smmuv3_detach(unsigned int stream)
{
	int err;

	LOCK_ASSERT_HELD();
	ASSERT(stream < SMMUV3_STREAMS);
	if (attached[stream] == NOT_ATTACHED)
		return 0;
	err = ste_write(stream, SMMU_STE0_V | SMMU_STE0_CONFIG_ABORT);
	/*
	 * The STE only governs accesses that come from now on. Those on their
	 * way with a translation already made end with its invalidation
	 * (section 3.21.1).
	 */
	if (!err)
		err = smmuv3_flush(attached[stream]);
	if (!err)
		attached[stream] = NOT_ATTACHED;
	return err;
}

/* ---- Start ------------------------------------------------------------------------ */

static int check_features(void)
{
	uint32_t idr0 = reg_read(SMMU_IDR0);
	uint32_t idr1 = reg_read(SMMU_IDR1);
	uint32_t idr5 = reg_read(SMMU_IDR5);
	const char *lacks = NULL;

	if (!(idr0 & SMMU_IDR0_S1P))
		lacks = "stage 1";
	else if (!(idr0 & SMMU_IDR0_TTF_AARCH64))
		lacks = "AArch64 tables";
	else if (SMMU_IDR0_TTENDIAN(idr0) == SMMU_TTENDIAN_BIG)
		lacks = "little-endian tables";
	else if (SMMU_IDR0_STALL(idr0) == SMMU_STALL_FORCED)
		lacks = "termination of faults";
	else if (idr1 & SMMU_IDR1_PRESET)
		lacks = "tables and queues in RAM";
	else if (SMMU_IDR1_SIDSIZE(idr1) < STREAM_BITS)
		lacks = "streams";
	else if (SMMU_IDR1_CMDQS(idr1) < CMDQ_BITS ||
		 SMMU_IDR1_EVENTQS(idr1) < EVENTQ_BITS)
		lacks = "queue entries";
	else if (!(idr5 & SMMU_IDR5_GRAN4K))
		lacks = "4 KiB pages";
	else if (SMMU_IDR5_OAS(idr5) < SMMU_OAS_40_BIT)
		lacks = "40-bit addresses";
	if (!lacks)
		return 0;
	log_error("SMMU: lacks %s (IDR0 0x%x, IDR1 0x%x, IDR5 0x%x)", lacks,
		  idr0, idr1, idr5);
	return SMMUV3_E_UNSUPPORTED;
}

/* What devices may do while the SMMU is off: nothing. */
static int abort_when_off(void)
{
	int err = reg_settle(SMMU_GBPA, SMMU_GBPA_UPDATE, 0);

	if (err)
		return err;
	reg_write(SMMU_GBPA, SMMU_GBPA_ABORT | SMMU_GBPA_UPDATE);
	return reg_settle(SMMU_GBPA, SMMU_GBPA_UPDATE, 0);
}

static int write_cr0(uint32_t val)
{
	reg_write(SMMU_CR0, val);
	return reg_settle(SMMU_CR0ACK, SMMU_CR0_SMMUEN | SMMU_CR0_EVENTQEN |
			  SMMU_CR0_CMDQEN, val);
}

static void init_memory(void)
{
	unsigned int i, n;

	for (i = 0; i < SMMUV3_STREAMS; i++) {
		attached[i] = NOT_ATTACHED;
		for (n = 0; n < SMMU_STE_WORDS; n++)
			stream_table[i].dw[n] = 0;
		stream_table[i].dw[1] = SMMU_STE1_SHCFG_IN;
		stream_table[i].dw[0] = SMMU_STE0_V | SMMU_STE0_CONFIG_ABORT;
	}
	for (i = 0; i < SMMUV3_CONTEXTS; i++)
		context_ready[i] = false;
	cmdq_prod = 0;
	eventq_cons = 0;
	failed = false;
	flush(stream_table, sizeof(stream_table));
	flush(eventq, sizeof(eventq));
	arch_barrier();
}

static int invalidate_all(void)
{
	int err = command(SMMU_CMD_CFGI_ALL, SMMU_CFGI_ALL_RANGE);

	return err ? err : command(SMMU_CMD_TLBI_NSNH_ALL, 0);
}

int smmuv3_init(void)
{
	int err = check_features();

	if (!err)
		err = abort_when_off();
	if (!err)
		err = write_cr0(0);
	if (err)
		return err;

	init_memory();
	reg_write(SMMU_CR1, 0);
	reg_write(SMMU_CR2, SMMU_CR2_RECINVSID | SMMU_CR2_PTM);
	reg_write(SMMU_IRQ_CTRL, 0);
	reg_write(SMMU_GERRORN, reg_read(SMMU_GERROR));
	arch_write64(pa_make(BOARD_SMMU_BASE + SMMU_STRTAB_BASE), pa_value(arch_pa(stream_table)));
	reg_write(SMMU_STRTAB_BASE_CFG, STREAM_BITS);
	arch_write64(pa_make(BOARD_SMMU_BASE + SMMU_CMDQ_BASE),
		     pa_value(arch_pa(cmdq)) | CMDQ_BITS);
	reg_write(SMMU_CMDQ_PROD, 0);
	reg_write(SMMU_CMDQ_CONS, 0);
	arch_write64(pa_make(BOARD_SMMU_BASE + SMMU_EVENTQ_BASE),
		     pa_value(arch_pa(eventq)) | EVENTQ_BITS);
	reg_write(SMMU_EVENTQ_PROD, 0);
	reg_write(SMMU_EVENTQ_CONS, 0);

	err = reg_settle(SMMU_IRQ_CTRLACK, 0xffffffff, 0);
	if (!err)
		err = write_cr0(SMMU_CR0_CMDQEN);
	if (!err)
		err = invalidate_all();
	if (!err)
		err = write_cr0(SMMU_CR0_CMDQEN | SMMU_CR0_EVENTQEN);
	if (!err)
		err = write_cr0(SMMU_CR0_CMDQEN | SMMU_CR0_EVENTQEN |
				SMMU_CR0_SMMUEN);
	return err;
}

/* ---- Faults ------------------------------------------------------------------------ */

static void no_stream_fault(struct smmuv3_fault *fault, uint32_t type,
			    uint64_t iova)
{
	*fault = (struct smmuv3_fault) {
		.type = type,
		.stream = SMMUV3_NO_STREAM,
		.iova = iova,
	};
}

/* Errors of the SMMU itself; those of commands are cmdq_sync()'s. */
static bool next_global(struct smmuv3_fault *fault, bool *lost)
{
	uint32_t gerrorn = reg_read(SMMU_GERRORN);
	uint32_t pending = (reg_read(SMMU_GERROR) ^ gerrorn) &
			   ~SMMU_GERROR_CMDQ;

	if (!(pending & ~SMMU_GERROR_EVENTQ)) {
		*lost = pending;
		return false;
	}
	/* The event queue's bit stays for a later call. */
	pending &= ~SMMU_GERROR_EVENTQ;
	reg_write(SMMU_GERRORN, gerrorn ^ pending);
	log_error("SMMU: global error 0x%x", pending);
	no_stream_fault(fault, SMMUV3_GLOBAL, pending);
	return true;
}

static void decode(const struct event *ev, struct smmuv3_fault *fault)
{
	uint32_t type = SMMU_EVENT0_TYPE(ev->dw[0]);
	bool has_iova = smmuv3_fault_has_iova(type);

	*fault = (struct smmuv3_fault) {
		.type = type,
		.stream = SMMU_EVENT0_STREAM(ev->dw[0]),
		.has_iova = has_iova,
		.write = has_iova && !(ev->dw[1] & SMMU_EVENT1_READ),
		.iova = has_iova ? ev->dw[2] : 0,
	};
}

bool smmuv3_next_fault(struct smmuv3_fault *fault)
{
	const uint32_t mask = 2 * SMMUV3_EVENTS - 1;
	uint32_t prod, overflow;
	bool lost;

	LOCK_ASSERT_HELD();
	if (next_global(fault, &lost))
		return true;

	/*
	 * A full queue shows as an overflow here and, where the SMMU takes it
	 * for a failed write (QEMU does), as a global error.
	 */
	prod = reg_read(SMMU_EVENTQ_PROD);
	overflow = prod & SMMU_EVENTQ_OVERFLOW;
	if ((prod & mask) != (eventq_cons & mask)) {
		struct event *ev = &eventq[eventq_cons % SMMUV3_EVENTS];

		flush(ev, sizeof(*ev));
		decode(ev, fault);
		/* The flag is acknowledged below, once the queue is empty. */
		eventq_cons = ((eventq_cons + 1) & mask) |
			      (eventq_cons & SMMU_EVENTQ_OVERFLOW);
		arch_barrier();
		reg_write(SMMU_EVENTQ_CONS, eventq_cons);
		return true;
	}
	if (!lost && overflow == (eventq_cons & SMMU_EVENTQ_OVERFLOW))
		return false;
	if (lost)
		reg_write(SMMU_GERRORN,
			  reg_read(SMMU_GERRORN) ^ SMMU_GERROR_EVENTQ);
	eventq_cons = (eventq_cons & mask) | overflow;
	reg_write(SMMU_EVENTQ_CONS, eventq_cons);
	no_stream_fault(fault, SMMUV3_LOST, 0);
	return true;
}
