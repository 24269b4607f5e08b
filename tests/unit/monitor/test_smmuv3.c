// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_smmuv3.c - the SMMU driver against a model that caches like the real one
 */
#include "test.h"

#include <string.h>

#include "board.h"
#include "host.h"
#include "host_smmu.h"
#include "pgtable.h"
#include "smmuv3.h"

#define REG(offset)	(BOARD_SMMU_BASE + (offset))
#define IOVA		0x40000000UL
#define STREAM		0x40
#define POOL		4

static struct pgtable_page root[2], pool[2][POOL];
static struct pgtable table[2];

/* Two contexts, 1 and 2, see different memory at the same address. */
static void make_tables(void)
{
	unsigned int i;

	for (i = 0; i < 2; i++) {
		pgtable_init(&table[i], PGTABLE_SMMU, &root[i], pool[i], POOL);
		assert_int_equal(pgtable_map(&table[i], ipa_make(IOVA),
					     pa_make(0x50000000 + i * 0x20000000),
					     0x200000, PGTABLE_NORMAL), 0);
		assert_int_equal(smmuv3_context_init(i + 1,
						     pgtable_root(&table[i])),
				 0);
	}
}

static int setup(void **state)
{
	(void)state;
	host_reset();
	host_smmu_add();
	return 0;
}

static int setup_ready(void **state)
{
	setup(state);
	assert_int_equal(smmuv3_init(), 0);
	make_tables();
	host_smmu.nr_commands = 0;
	host_trace_clear();
	return 0;
}

static void assert_reaches(uint32_t stream, uint64_t iova, uint64_t want)
{
	uint64_t pa = 0;

	assert_int_equal(host_smmu_access(stream, iova, true, &pa), 0);
	assert_int_equal(pa, want);
}

static void assert_aborts(uint32_t stream, uint64_t iova)
{
	uint64_t pa;

	assert_int_equal(host_smmu_access(stream, iova, true, &pa),
			 HOST_SMMU_ABORT);
}

static void assert_command(unsigned int n, uint64_t dw0, uint64_t dw1)
{
	assert_true(n < host_smmu.nr_commands);
	assert_int_equal(host_smmu.command[n][0], dw0);
	assert_int_equal(host_smmu.command[n][1], dw1);
}

/* ---- Start ---------------------------------------------------------------------------- */

static void test_init(void **state)
{
	uint32_t stream;
	uint64_t pa;
	long abort_set, enabled;

	(void)state;
	/* Before it, a device reaches everything. */
	assert_reaches(STREAM, 0x40000000, 0x40000000);
	assert_int_equal(smmuv3_init(), 0);
	for (stream = 0; stream < SMMUV3_STREAMS; stream++)
		assert_aborts(stream, IOVA);
	assert_int_equal(host_smmu_access(256, IOVA, true, &pa), 0x02);

	assert_int_equal(host_smmu.cr0, 0xd);
	assert_int_equal(host_smmu.cr1, 0);
	assert_int_equal(host_smmu.cr2, 6);
	assert_int_equal(host_smmu.irq_ctrl, 0);
	assert_int_equal(host_smmu.strtab_cfg, 8);
	assert_int_equal(host_smmu.strtab_base % (256 * 64), 0);
	assert_int_equal(host_smmu.cmdq_base & 0x1f, 6);
	assert_int_equal(host_smmu.eventq_base & 0x1f, 7);
	assert_command(0, 0x04, 31);
	assert_command(1, 0x46, 0);
	assert_command(2, 0x30, 0);
	assert_command(3, 0x46, 0);

	/* There was no moment without one of the two guards. */
	abort_set = host_trace_find(0, HOST_WRITE, REG(0x44));
	enabled = host_trace_find(0, HOST_WRITE, REG(0x20));
	assert_true(abort_set >= 0 && abort_set < enabled);
	host_smmu.cr0 = 0;
	assert_aborts(STREAM, IOVA);
}

/* The firmware before us, or our own last life, left it running. */
static void test_init_while_on(void **state)
{
	uint64_t pa;

	(void)state;
	assert_int_equal(smmuv3_init(), 0);
	make_tables();
	assert_int_equal(smmuv3_attach(STREAM, 1), 0);
	assert_reaches(STREAM, IOVA, 0x50000000);
	host_smmu_access(256, 0, true, &pa);
	host_smmu.gerror ^= 1U << 8;
	host_smmu.irq_ctrl = 7;
	/* Tables and queues cached and shareable; E2H. */
	host_smmu.cr1 = 0xd75;
	host_smmu.cr2 = 1;

	assert_int_equal(smmuv3_init(), 0);
	assert_int_equal(host_smmu.irq_ctrl, 0);
	assert_int_equal(host_smmu.cr1, 0);
	assert_int_equal(host_smmu.cr2, 6);
	assert_aborts(STREAM, IOVA);
	assert_int_equal(smmuv3_attach(STREAM, 1), SMMUV3_E_CONTEXT);
	assert_false(smmuv3_next_fault(&(struct smmuv3_fault){ 0 }));
	make_tables();
	assert_int_equal(smmuv3_attach(STREAM, 2), 0);
	assert_reaches(STREAM, IOVA, 0x70000000);
}

static void assert_unsupported(const char *why)
{
	host_trace_clear();
	assert_int_equal(smmuv3_init(), SMMUV3_E_UNSUPPORTED);
	assert_non_null(strstr(host_log(), why));
	assert_int_equal(host_trace_count(HOST_WRITE, REG(0x20)), 0);
	host_smmu_add();
}

static void test_init_unsupported(void **state)
{
	(void)state;
	host_smmu.idr0 &= ~(1U << 1);
	assert_unsupported("lacks stage 1");
	host_smmu.idr0 = (host_smmu.idr0 & ~(3U << 2)) | 1U << 2;
	assert_unsupported("lacks AArch64");
	host_smmu.idr0 |= 3U << 21;
	assert_unsupported("lacks little-endian");
	host_smmu.idr0 = (host_smmu.idr0 & ~(3U << 24)) | 2U << 24;
	assert_unsupported("lacks termination");
	host_smmu.idr1 |= 1U << 30;
	assert_unsupported("lacks tables and queues");
	host_smmu.idr1 |= 1U << 29;
	assert_unsupported("lacks tables and queues");
	host_smmu.idr1 = (host_smmu.idr1 & ~0x3fU) | 7;
	assert_unsupported("lacks streams");
	host_smmu.idr1 = (host_smmu.idr1 & ~(0x1fU << 21)) | 5U << 21;
	assert_unsupported("lacks queue");
	host_smmu.idr1 = (host_smmu.idr1 & ~(0x1fU << 16)) | 6U << 16;
	assert_unsupported("lacks queue");
	host_smmu.idr5 &= ~(1U << 4);
	assert_unsupported("lacks 4 KiB");
	host_smmu.idr5 = 1 | 1U << 4;
	assert_unsupported("lacks 40-bit");
}

static void assert_init_times_out(void)
{
	uint64_t start = host_counter_now;

	assert_int_equal(smmuv3_init(), SMMUV3_E_TIMEOUT);
	assert_in_range(host_counter_now - start, arch_counter_hz() / 20,
			arch_counter_hz());
}

static void test_init_timeouts(void **state)
{
	(void)state;
	host_smmu.cr0_stuck = true;
	assert_init_times_out();
	host_smmu.cr0_stuck = false;
	host_smmu.gbpa_stuck = true;
	assert_init_times_out();
	host_smmu.gbpa_stuck = false;
	host_smmu.gbpa = 0;
	host_smmu.cmdq_stuck = true;
	assert_init_times_out();
	/* It must not be on with old configuration cached. */
	assert_int_equal(host_smmu.cr0 & 1, 0);
}

/* ---- Streams ---------------------------------------------------------------------------- */

static void test_attach(void **state)
{
	(void)state;
	assert_aborts(STREAM, IOVA);
	assert_int_equal(smmuv3_attach(STREAM, 1), 0);
	assert_reaches(STREAM, IOVA + 0x1234, 0x50001234);
	assert_aborts(STREAM - 1, IOVA);
	assert_aborts(STREAM + 1, IOVA);

	assert_int_equal(smmuv3_attach(255, 2), 0);
	assert_reaches(255, IOVA + 0x1234, 0x70001234);
	assert_reaches(STREAM, IOVA + 0x1234, 0x50001234);
	assert_int_equal(smmuv3_attach(0, 1), 0);
	assert_reaches(0, IOVA + 8, 0x50000008);
}

static void test_attach_encoding(void **state)
{
	uint64_t ste = (host_smmu.strtab_base & ~0x3fUL) + 64 * STREAM;
	uint64_t cd, dw0;
	unsigned int i;

	(void)state;
	assert_int_equal(host_device_read64(ste), 1);
	assert_int_equal(smmuv3_attach(STREAM, 1), 0);
	assert_int_equal(host_smmu.nr_commands, 2);
	assert_command(0, 0x03 | (uint64_t)STREAM << 32, 1);
	assert_command(1, 0x46, 0);

	dw0 = host_device_read64(ste);
	assert_int_equal(dw0 & 0x3f, 1 | 5 << 1);
	assert_int_equal(host_device_read64(ste + 8), 1UL << 44);
	for (i = 2; i < 8; i++)
		assert_int_equal(host_device_read64(ste + 8 * i), 0);

	cd = dw0 & 0xfffffffffffc0UL;
	/* T0SZ 25, EPD1, V, IPS 40 bit, AA64, R, A, ASET, ASID 2 */
	assert_int_equal(host_device_read64(cd),
			 25 | 1UL << 30 | 1UL << 31 | 2UL << 32 | 1UL << 41 |
			 7UL << 45 | 2UL << 48);
	assert_int_equal(host_device_read64(cd + 8), (uintptr_t)&root[0]);
	assert_int_equal(host_device_read64(cd + 16), 0);
	assert_int_equal(host_device_read64(cd + 24), 0xff);
	for (i = 4; i < 8; i++)
		assert_int_equal(host_device_read64(cd + 8 * i), 0);

	assert_int_equal(smmuv3_detach(STREAM), 0);
	assert_int_equal(host_smmu.nr_commands, 6);
	assert_command(2, 0x03 | (uint64_t)STREAM << 32, 1);
	assert_command(3, 0x46, 0);
	assert_command(4, 0x11 | 2UL << 48, 0);
	assert_command(5, 0x46, 0);
	assert_int_equal(host_device_read64(ste), 1);
	assert_int_equal(host_device_read64(ste + 8), 1UL << 44);
}

static void test_attach_errors(void **state)
{
	(void)state;
	assert_int_equal(smmuv3_attach(STREAM, 3), SMMUV3_E_CONTEXT);
	assert_aborts(STREAM, IOVA);
	assert_int_equal(smmuv3_attach(STREAM, 1), 0);
	host_smmu.nr_commands = 0;
	assert_int_equal(smmuv3_attach(STREAM, 1), 0);
	assert_int_equal(smmuv3_attach(STREAM, 2), SMMUV3_E_BUSY);
	assert_int_equal(smmuv3_context_init(1, arch_pa(&root[1])),
			 SMMUV3_E_BUSY);
	assert_int_equal(host_smmu.nr_commands, 0);
	assert_reaches(STREAM, IOVA, 0x50000000);
}

static void test_out_of_range(void **state)
{
	(void)state;
	expect_assert_failure(smmuv3_attach(256, 1));
	expect_assert_failure(smmuv3_attach(0, SMMUV3_CONTEXTS));
	expect_assert_failure(smmuv3_detach(256));
	expect_assert_failure(smmuv3_flush(SMMUV3_CONTEXTS));
	expect_assert_failure(smmuv3_context_init(SMMUV3_CONTEXTS, pa_make(0)));
	expect_assert_failure(smmuv3_context_init(1, pa_make(0x800)));
}

static void test_detach(void **state)
{
	(void)state;
	assert_int_equal(smmuv3_detach(STREAM), 0);
	assert_int_equal(host_smmu.nr_commands, 0);
	assert_int_equal(smmuv3_attach(STREAM, 1), 0);
	assert_int_equal(smmuv3_attach(STREAM + 8, 1), 0);
	assert_reaches(STREAM, IOVA, 0x50000000);
	assert_int_equal(smmuv3_detach(STREAM), 0);
	assert_aborts(STREAM, IOVA);
	assert_reaches(STREAM + 8, IOVA, 0x50000000);
	/* To the next context: nothing of the first one is left. */
	assert_int_equal(smmuv3_attach(STREAM, 2), 0);
	assert_reaches(STREAM, IOVA, 0x70000000);
}

static void test_flush(void **state)
{
	uint64_t pa;

	(void)state;
	assert_int_equal(smmuv3_attach(STREAM, 1), 0);
	assert_int_equal(smmuv3_attach(STREAM + 1, 2), 0);
	assert_reaches(STREAM, IOVA, 0x50000000);
	assert_reaches(STREAM + 1, IOVA, 0x70000000);
	pgtable_clear(&table[0]);
	pgtable_clear(&table[1]);
	/* The model does cache, or this test would show nothing. */
	assert_reaches(STREAM, IOVA, 0x50000000);
	host_smmu.nr_commands = 0;
	assert_int_equal(smmuv3_flush(1), 0);
	assert_command(0, 0x11 | 2UL << 48, 0);
	assert_command(1, 0x46, 0);
	assert_int_equal(host_smmu_access(STREAM, IOVA, true, &pa),
			 SMMUV3_F_TRANSLATION);
	/* Only this context's */
	assert_reaches(STREAM + 1, IOVA, 0x70000000);
}

static void test_detach_forgets_translations(void **state)
{
	uint64_t pa;

	(void)state;
	assert_int_equal(smmuv3_attach(STREAM, 1), 0);
	assert_reaches(STREAM, IOVA, 0x50000000);
	assert_int_equal(smmuv3_detach(STREAM), 0);
	pgtable_clear(&table[0]);
	assert_int_equal(smmuv3_attach(STREAM, 1), 0);
	assert_int_equal(host_smmu_access(STREAM, IOVA, true, &pa),
			 SMMUV3_F_TRANSLATION);
}

static void test_many_changes_wrap_queue(void **state)
{
	uint32_t want = host_smmu.cmdq_prod;
	unsigned int i;

	(void)state;
	for (i = 0; i < 200; i++) {
		unsigned int ctx = 1 + i % 2;

		host_smmu.nr_commands = 0;
		assert_int_equal(smmuv3_attach(i, ctx), 0);
		assert_reaches(i, IOVA + 8 * i,
			       (ctx == 1 ? 0x50000000 : 0x70000000) + 8 * i);
		assert_int_equal(smmuv3_detach(i), 0);
		assert_aborts(i, IOVA);
		assert_int_equal(host_smmu.nr_commands, 6);
		want = (want + 6) % 128;
		assert_int_equal(host_smmu.cmdq_prod, want);
		assert_int_equal(host_smmu.cmdq_cons, want);
	}
}

/* ---- Commands that fail ----------------------------------------------------------------- */

static void test_command_refused(void **state)
{
	(void)state;
	assert_int_equal(smmuv3_attach(STREAM, 1), 0);
	assert_reaches(STREAM, IOVA, 0x50000000);
	host_smmu.bad_opcode = 0x03;
	assert_int_equal(smmuv3_detach(STREAM), SMMUV3_E_COMMAND);
	assert_non_null(strstr(host_log(), "fails with error 1"));
	/* Acknowledged, and the queue goes on. */
	assert_int_equal(host_smmu.gerror, host_smmu.gerrorn);
	assert_int_equal(smmuv3_flush(1), 0);
	/* The stream still counts as attached ... */
	assert_reaches(STREAM, IOVA, 0x50000000);
	assert_int_equal(smmuv3_attach(STREAM, 2), SMMUV3_E_BUSY);
	/* ... so that the next try does all that is to do. */
	host_smmu.bad_opcode = 0;
	assert_int_equal(smmuv3_detach(STREAM), 0);
	assert_aborts(STREAM, IOVA);
}

static void test_flush_refused_in_detach(void **state)
{
	(void)state;
	assert_int_equal(smmuv3_attach(STREAM, 1), 0);
	host_smmu.bad_opcode = 0x11;
	assert_int_equal(smmuv3_detach(STREAM), SMMUV3_E_COMMAND);
	assert_int_equal(smmuv3_attach(STREAM, 2), SMMUV3_E_BUSY);
	host_smmu.bad_opcode = 0;
	host_smmu.nr_commands = 0;
	assert_int_equal(smmuv3_detach(STREAM), 0);
	assert_int_equal(host_smmu.nr_commands, 4);
}

static void test_attach_refused(void **state)
{
	(void)state;
	host_smmu.bad_opcode = 0x03;
	assert_int_equal(smmuv3_attach(STREAM, 1), SMMUV3_E_COMMAND);
	assert_int_equal(smmuv3_attach(STREAM, 2), SMMUV3_E_BUSY);
	host_smmu.bad_opcode = 0;
	assert_int_equal(smmuv3_detach(STREAM), 0);
	assert_aborts(STREAM, IOVA);
	/* Nobody gets in any more through an SMMU that failed once. */
	assert_int_equal(smmuv3_attach(STREAM, 1), SMMUV3_E_FAILED);
	assert_int_equal(smmuv3_attach(STREAM + 1, 2), SMMUV3_E_FAILED);
	assert_aborts(STREAM, IOVA);
	assert_aborts(STREAM + 1, IOVA);
}

static void test_broken_command_queue(void **state)
{
	(void)state;
	host_smmu.always_bad = true;
	assert_int_equal(smmuv3_flush(1), SMMUV3_E_COMMAND);
	assert_int_equal(smmuv3_flush(1), SMMUV3_E_TIMEOUT);
}

static void test_command_error_leaves_other_errors(void **state)
{
	struct smmuv3_fault fault;

	(void)state;
	host_smmu.gerror ^= 1U << 8;
	host_smmu.bad_opcode = 0x11;
	assert_int_equal(smmuv3_flush(1), SMMUV3_E_COMMAND);
	assert_true(smmuv3_next_fault(&fault));
	assert_int_equal(fault.type, SMMUV3_GLOBAL);
	assert_int_equal(fault.iova, 1U << 8);
}

static void test_command_timeout(void **state)
{
	uint64_t start = host_counter_now;

	(void)state;
	host_smmu.cmdq_stuck = true;
	assert_int_equal(smmuv3_flush(1), SMMUV3_E_TIMEOUT);
	assert_in_range(host_counter_now - start, arch_counter_hz() / 20,
			arch_counter_hz());
	/* No second command while the first may still come to its end. */
	start = host_smmu.cmdq_prod;
	assert_int_equal(smmuv3_flush(1), SMMUV3_E_TIMEOUT);
	assert_int_equal(host_smmu.cmdq_prod, start);
	/* Once it has, all is well again. */
	host_smmu.cmdq_stuck = false;
	arch_write32(pa_make(REG(0x98)), host_smmu.cmdq_prod);
	assert_int_equal(smmuv3_flush(1), 0);
}

/* ---- Faults -------------------------------------------------------------------------------- */

static void assert_no_fault(void)
{
	struct smmuv3_fault fault;

	assert_false(smmuv3_next_fault(&fault));
}

static void assert_next_fault(uint32_t type, uint32_t stream, uint64_t iova,
			      bool write)
{
	struct smmuv3_fault fault;

	assert_true(smmuv3_next_fault(&fault));
	assert_int_equal(fault.type, type);
	assert_int_equal(fault.stream, stream);
	assert_int_equal(fault.iova, iova);
	assert_int_equal(fault.write, write);
}

static void test_faults(void **state)
{
	uint64_t pa;

	(void)state;
	assert_no_fault();
	assert_int_equal(smmuv3_attach(STREAM, 1), 0);
	host_smmu_access(STREAM, 0x123456789abcUL, true, &pa);
	host_smmu_access(STREAM, IOVA - 1, false, &pa);
	host_smmu_access(0x1234, IOVA, true, &pa);
	assert_next_fault(SMMUV3_F_TRANSLATION, STREAM, 0x123456789abcUL, true);
	assert_next_fault(SMMUV3_F_TRANSLATION, STREAM, IOVA - 1, false);
	assert_next_fault(SMMUV3_C_BAD_STREAMID, 0x1234, 0, false);
	assert_no_fault();
	/* A stream that is cut off aborts in silence. */
	assert_aborts(STREAM + 1, IOVA);
	assert_no_fault();
}

static void test_fault_decoding(void **state)
{
	static const struct {
		uint32_t type;
		bool has_iova;
		const char *name;
	} types[] = {
		{ 0x01, true, "F_UUT" },
		{ 0x02, false, "C_BAD_STREAMID" },
		{ 0x03, false, "F_STE_FETCH" },
		{ 0x04, false, "C_BAD_STE" },
		{ 0x05, false, "F_BAD_ATS_TREQ" },
		{ 0x06, false, "F_STREAM_DISABLED" },
		{ 0x07, true, "F_TRANSL_FORBIDDEN" },
		{ 0x08, false, "C_BAD_SUBSTREAMID" },
		{ 0x09, false, "F_CD_FETCH" },
		{ 0x0a, false, "C_BAD_CD" },
		{ 0x0b, true, "F_WALK_EABT" },
		{ 0x10, true, "F_TRANSLATION" },
		{ 0x11, true, "F_ADDR_SIZE" },
		{ 0x12, true, "F_ACCESS" },
		{ 0x13, true, "F_PERMISSION" },
		{ 0x20, true, "F_TLB_CONFLICT" },
		{ 0x21, false, "F_CFG_CONFLICT" },
		{ 0x99, false, "unknown" },
	};
	const uint64_t iova = 0xfedcba9876543210UL;
	struct smmuv3_fault fault;
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(types); i++) {
		const uint64_t dw[4] = {
			/* With garbage in fields that do not matter */
			types[i].type | 0xabcdeUL << 8 | 0x89abcdefUL << 32,
			~(1UL << 35), iova, ~0UL,
		};

		host_smmu_event(dw);
		assert_true(smmuv3_next_fault(&fault));
		assert_int_equal(fault.type, types[i].type);
		assert_int_equal(fault.stream, 0x89abcdef);
		assert_int_equal(fault.has_iova, types[i].has_iova);
		assert_int_equal(fault.write, types[i].has_iova);
		assert_int_equal(fault.iova, types[i].has_iova ? iova : 0);
		assert_string_equal(smmuv3_fault_name(fault.type),
				    types[i].name);
	}
	assert_string_equal(smmuv3_fault_name(SMMUV3_LOST), "faults lost");
	assert_string_equal(smmuv3_fault_name(SMMUV3_GLOBAL), "global error");
}

static void test_event_queue_wraps(void **state)
{
	uint64_t pa;
	unsigned int i, n, out = 0, in = 0;

	(void)state;
	assert_int_equal(smmuv3_attach(STREAM, 1), 0);
	for (i = 0; i < 40; i++) {
		for (n = 0; n < 10 + i % 5; n++)
			host_smmu_access(STREAM, 0x1000UL * in++, true, &pa);
		while (out < in)
			assert_next_fault(SMMUV3_F_TRANSLATION, STREAM,
					  0x1000UL * out++, true);
		assert_no_fault();
	}
}

static void overflow(void)
{
	uint64_t pa;
	unsigned int i;

	for (i = 0; i < SMMUV3_EVENTS + 20; i++)
		host_smmu_access(STREAM, 0x1000UL * i, true, &pa);
	for (i = 0; i < SMMUV3_EVENTS; i++)
		assert_next_fault(SMMUV3_F_TRANSLATION, STREAM, 0x1000UL * i,
				  true);
	assert_next_fault(SMMUV3_LOST, SMMUV3_NO_STREAM, 0, false);
	assert_no_fault();
	host_smmu_access(STREAM, 0x123000, true, &pa);
	assert_next_fault(SMMUV3_F_TRANSLATION, STREAM, 0x123000, true);
	assert_no_fault();
}

static void test_overflow(void **state)
{
	(void)state;
	assert_int_equal(smmuv3_attach(STREAM, 1), 0);
	overflow();
	overflow();
	overflow();
}

static void test_overflow_as_global_error(void **state)
{
	(void)state;
	host_smmu.full_is_gerror = true;
	assert_int_equal(smmuv3_attach(STREAM, 1), 0);
	overflow();
	overflow();
	assert_int_equal(host_smmu.gerror, host_smmu.gerrorn);
}

/* Overflow, and the rest of the queue is read while more faults come. */
static void test_overflow_with_reading_between(void **state)
{
	uint64_t pa;
	unsigned int i;

	(void)state;
	assert_int_equal(smmuv3_attach(STREAM, 1), 0);
	for (i = 0; i < SMMUV3_EVENTS + 1; i++)
		host_smmu_access(STREAM, 0x1000UL * i, true, &pa);
	assert_next_fault(SMMUV3_F_TRANSLATION, STREAM, 0, true);
	host_smmu_access(STREAM, 0x1000UL * i, true, &pa);
	for (i = 1; i < SMMUV3_EVENTS; i++)
		assert_next_fault(SMMUV3_F_TRANSLATION, STREAM, 0x1000UL * i,
				  true);
	assert_next_fault(SMMUV3_F_TRANSLATION, STREAM,
			  0x1000UL * (SMMUV3_EVENTS + 1), true);
	assert_next_fault(SMMUV3_LOST, SMMUV3_NO_STREAM, 0, false);
	assert_no_fault();
}

static void test_global_error(void **state)
{
	uint64_t pa;

	(void)state;
	assert_int_equal(smmuv3_attach(STREAM, 1), 0);
	host_smmu_access(STREAM, 0x1000, true, &pa);
	host_smmu.gerror ^= 1U << 8 | 1U << 2;
	assert_next_fault(SMMUV3_GLOBAL, SMMUV3_NO_STREAM, 1U << 8, false);
	assert_non_null(strstr(host_log(), "global error 0x100"));
	assert_next_fault(SMMUV3_F_TRANSLATION, STREAM, 0x1000, true);
	assert_next_fault(SMMUV3_LOST, SMMUV3_NO_STREAM, 0, false);
	assert_no_fault();
}

int main(void)
{
#define START(f)	cmocka_unit_test_setup(f, setup)
#define READY(f)	cmocka_unit_test_setup(f, setup_ready)
	const struct CMUnitTest tests[] = {
		START(test_init),
		START(test_init_while_on),
		START(test_init_unsupported),
		START(test_init_timeouts),
		READY(test_attach),
		READY(test_attach_encoding),
		READY(test_attach_errors),
		READY(test_out_of_range),
		READY(test_detach),
		READY(test_flush),
		READY(test_detach_forgets_translations),
		READY(test_many_changes_wrap_queue),
		READY(test_command_refused),
		READY(test_flush_refused_in_detach),
		READY(test_attach_refused),
		READY(test_broken_command_queue),
		READY(test_command_error_leaves_other_errors),
		READY(test_command_timeout),
		READY(test_faults),
		READY(test_fault_decoding),
		READY(test_event_queue_wraps),
		READY(test_overflow),
		READY(test_overflow_as_global_error),
		READY(test_overflow_with_reading_between),
		READY(test_global_error),
	};

	return cmocka_run_group_tests_name("monitor_smmuv3", tests, NULL, NULL);
}
