// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_stages.c - calls about images out of their order, and buffers that are
 * not the caller's: refused, and nothing has changed
 */
#include "test.h"

#include <stdbool.h>
#include <string.h>

#include "board.h"
#include "carry.h"
#include "context.h"
#include "event.h"
#include "host.h"
#include "nv.h"

#define PAGE	OSTI_IMAGE_PAGE
#define ROOM	OSTI_IMAGE_STORED_MAX

/* Slot 2 is frozen, too; slot 1 is empty. */
#define OTHER	2

static int setup(void **state)
{
	(void)state;
	carry_boot();
	context_get(OTHER)->size = CARRY_BYTES;
	carry_freeze(CARRY_SLOT, 1);
	carry_freeze(OTHER, 2);
	return 0;
}

/* ---- Order ------------------------------------------------------------------------ */

/* Calls whose arguments are good whenever it is their time. */
enum {
	E_BEGIN, E_SCAN, TABLE, E_CHUNK, E_HAVE, E_SEAL, E_READ, E_COMMIT,
	E_ABORT, I_BEGIN, I_WRITE, I_OPEN, I_CHUNK, I_CHECK, I_COMMIT, I_ABORT,
	OPEN, CLOSE, START, RESUME, RESUME_OTHER, DROP, CALLS
};

#define X(n)	(1U << (n))

static const struct {
	uint64_t fid, a, b, c;
} calls[CALLS] = {
	[E_BEGIN] = { OSTI_CALL_EXPORT_BEGIN, OTHER, 1, 0 },
	[E_SCAN] = { OSTI_CALL_EXPORT_SCAN, 0, 0, 0 },
	[TABLE] = { OSTI_CALL_IMAGE_TABLE, 0, CARRY_BUFFER, 1 },
	[E_CHUNK] = { OSTI_CALL_EXPORT_CHUNK, 0, CARRY_BUFFER, ROOM },
	[E_HAVE] = { OSTI_CALL_EXPORT_HAVE, 0, 5000, 1 },
	[E_SEAL] = { OSTI_CALL_EXPORT_SEAL, 0, 0, 0 },
	[E_READ] = { OSTI_CALL_EXPORT_READ, 0, CARRY_BUFFER, 1 },
	[E_COMMIT] = { OSTI_CALL_EXPORT_COMMIT, 0, 0, 0 },
	[E_ABORT] = { OSTI_CALL_EXPORT_ABORT, 0, 0, 0 },
	[I_BEGIN] = { OSTI_CALL_IMPORT_BEGIN, 1, CARRY_BUFFER, 0 },
	[I_WRITE] = { OSTI_CALL_IMPORT_WRITE, 4096, CARRY_BUFFER, 1 },
	[I_OPEN] = { OSTI_CALL_IMPORT_OPEN, 0, 0, 0 },
	[I_CHUNK] = { OSTI_CALL_IMPORT_CHUNK, 0, CARRY_BUFFER, 1 },
	[I_CHECK] = { OSTI_CALL_IMPORT_CHECK, 0, 0, 0 },
	[I_COMMIT] = { OSTI_CALL_IMPORT_COMMIT, 0, 0, 0 },
	[I_ABORT] = { OSTI_CALL_IMPORT_ABORT, 0, 0, 0 },
	[OPEN] = { OSTI_CALL_SLOT_OPEN, 1, 0, 0 },
	[CLOSE] = { OSTI_CALL_SLOT_CLOSE, 1, 0, 0 },
	[START] = { OSTI_CALL_SLOT_START, 1, CARRY_BUFFER, OSTI_START_MIN },
	[RESUME] = { OSTI_CALL_SLOT_RESUME, CARRY_SLOT, 0, 0 },
	[RESUME_OTHER] = { OSTI_CALL_SLOT_RESUME, OTHER, 0, 0 },
	[DROP] = { OSTI_CALL_IMAGE_DROP, CARRY_SLOT, 0, 0 },
};

/* All calls but these must say that it is not their time. */
static void try_others(unsigned int allowed)
{
	struct machine_smc smc;
	unsigned int n;

	for (n = 0; n < CALLS; n++) {
		if (allowed & X(n))
			continue;
		smc = machine_smc5(calls[n].fid, calls[n].a, calls[n].b,
				   calls[n].c, CARRY_BUFFER, 0);
		if (smc.outcome != OUTCOME_RETURN ||
		    (int64_t)smc.x[0] != OSTI_E_STATE)
			fail_msg("call %lx gave %ld", calls[n].fid,
				 (int64_t)smc.x[0]);
		machine_assert_kept(&smc, 0);
	}
	assert_int_equal(machine_count_events(OSTI_EV_BAD_CALL), 0);
	assert_int_equal(machine_count_events(OSTI_EV_REJECTED), 0);
}

static const struct {
	enum carry_export stage;
	unsigned int allowed;
} export_stages[] = {
	{ CARRY_SCANNING, X(E_SCAN) },
	{ CARRY_SCANNED, X(TABLE) | X(E_CHUNK) | X(E_HAVE) },
	{ CARRY_CHUNKING, X(TABLE) | X(E_CHUNK) },
	{ CARRY_CHUNKED, X(TABLE) | X(E_CHUNK) | X(E_SEAL) },
	{ CARRY_SEALING, X(TABLE) | X(E_SEAL) },
	{ CARRY_SEALED, X(TABLE) | X(E_READ) },
	{ CARRY_READ, X(TABLE) | X(E_READ) | X(E_COMMIT) },
};

static const struct {
	enum carry_import stage;
	unsigned int allowed;
} import_stages[] = {
	{ CARRY_WRITING, X(I_WRITE) },
	{ CARRY_WRITTEN, X(I_WRITE) | X(I_OPEN) },
	{ CARRY_OPENING, X(I_WRITE) | X(I_OPEN) },
	{ CARRY_OPENED, X(TABLE) | X(I_CHUNK) },
	{ CARRY_PLACING, X(TABLE) | X(I_CHUNK) },
	{ CARRY_PLACED, X(TABLE) | X(I_CHUNK) | X(I_CHECK) | X(I_COMMIT) },
	{ CARRY_CHECKED, X(TABLE) | X(I_CHUNK) | X(I_CHECK) | X(I_COMMIT) },
};

static void export_in_order(struct carry_image *image)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(export_stages); i++) {
		carry_export_steps(image, export_stages[i].stage,
				   export_stages[i].stage);
		try_others(export_stages[i].allowed | X(E_ABORT));
		assert_int_equal(context_get(CARRY_SLOT)->state,
				 OSTI_SLOT_SAVING);
		assert_int_equal(context_get(OTHER)->state, OSTI_SLOT_FROZEN);
	}
	assert_int_equal(machine_call(OSTI_CALL_EXPORT_COMMIT, 0, 0, 0),
			 OSTI_AGAIN);
	try_others(X(E_COMMIT) | X(E_ABORT));
	carry_commit_export();
	try_others(X(E_BEGIN) | X(I_BEGIN) | X(OPEN) | X(RESUME_OTHER) |
		   X(DROP));
}

static void import_in_order(const struct carry_image *image)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(import_stages); i++) {
		assert_int_equal(carry_import_steps(image,
						    import_stages[i].stage,
						    import_stages[i].stage), 0);
		try_others(import_stages[i].allowed | X(I_ABORT));
		assert_int_equal(context_get(CARRY_SLOT)->state,
				 OSTI_SLOT_RESTORING);
		assert_int_equal(context_get(OTHER)->state, OSTI_SLOT_FROZEN);
	}
	assert_int_equal(machine_call(OSTI_CALL_IMPORT_COMMIT, 0, 0, 0),
			 OSTI_AGAIN);
	try_others(X(I_COMMIT) | X(I_ABORT));
	carry_commit_import();
}

static void test_order(void **state)
{
	struct carry_image image = { .slot = CARRY_SLOT };

	(void)state;
	/* BEGIN, OPEN and RESUME have their time before. */
	try_others(X(E_BEGIN) | X(I_BEGIN) | X(OPEN) | X(RESUME) |
		   X(RESUME_OTHER));
	export_in_order(&image);
	import_in_order(&image);
	try_others(X(E_BEGIN) | X(I_BEGIN) | X(OPEN) | X(RESUME) |
		   X(RESUME_OTHER));
	carry_assert_contents(CARRY_SLOT, 1);
	carry_assert_contents(OTHER, 2);
	carry_free(&image);
}

/* The end of an import that is refused belongs to the call that heard of it. */
static void test_refused(void **state)
{
	struct carry_image image;
	struct machine_smc smc;

	(void)state;
	carry_export(CARRY_SLOT, &image);
	carry_commit_export();
	image.file[image.at[0] + 20] ^= 1;
	assert_int_equal(carry_import_steps(&image, CARRY_WRITING,
					    CARRY_PLACED), 0);
	do {
		smc = machine_smc(OSTI_CALL_IMPORT_CHECK, 0, 0, 0);
		assert_int_equal(smc.x[0], OSTI_AGAIN);
	} while (!machine_count_events(OSTI_EV_REJECTED));
	assert_int_equal(machine_call(OSTI_CALL_IMPORT_COMMIT, 0, 0, 0),
			 OSTI_E_STATE);
	assert_int_equal(machine_call(OSTI_CALL_IMPORT_CHUNK, 0, CARRY_BUFFER,
				      50), OSTI_E_STATE);
	smc = carry_call(OSTI_CALL_IMPORT_CHECK, 0, 0, 0);
	assert_int_equal((int64_t)smc.x[0], OSTI_E_IMAGE);
	assert_int_equal(smc.x[1], -OSTI_IMAGE_E_CHUNK_TAG);
	assert_int_equal(machine_call(OSTI_CALL_IMPORT_CHECK, 0, 0, 0),
			 OSTI_E_STATE);
	/* ABORT ends it, too, and then it is not told. */
	assert_int_equal(carry_import_steps(&image, CARRY_WRITING,
					    CARRY_PLACED), 0);
	while (machine_count_events(OSTI_EV_REJECTED) < 2)
		machine_smc(OSTI_CALL_IMPORT_CHECK, 0, 0, 0);
	carry_abort_import();
	assert_int_equal(context_get(CARRY_SLOT)->state, OSTI_SLOT_EMPTY);
	carry_free(&image);
}

/* From its first OSTI_AGAIN on an export is stored, also by ABORT. */
static void test_no_way_back(void **state)
{
	struct carry_image image;

	(void)state;
	carry_export(CARRY_SLOT, &image);
	assert_int_equal(machine_call(OSTI_CALL_EXPORT_COMMIT, 0, 0, 0),
			 OSTI_AGAIN);
	carry_assert_generation(1, NV_STORED);
	carry_abort_export();
	assert_int_equal(context_get(CARRY_SLOT)->state, OSTI_SLOT_EMPTY);
	assert_int_equal(machine_last_event(OSTI_EV_SAVED).arg[0], 1);
	carry_assert_generation(1, NV_STORED);
	/* An import is not used up before its end. */
	assert_int_equal(carry_import(&image), 0);
	assert_int_equal(machine_call(OSTI_CALL_IMPORT_COMMIT, 0, 0, 0),
			 OSTI_AGAIN);
	carry_assert_generation(1, NV_STORED);
	carry_abort_import();
	assert_int_equal(context_get(CARRY_SLOT)->state, OSTI_SLOT_EMPTY);
	carry_assert_generation(1, NV_STORED);
	assert_int_equal(carry_import(&image), 0);
	carry_commit_import();
	carry_assert_contents(CARRY_SLOT, 1);
	carry_free(&image);
}

/* An import starts clean, whatever an export before it left behind. */
static void test_one_after_the_other(void **state)
{
	struct carry_image image, other = { .slot = OTHER };
	enum carry_export stage;

	(void)state;
	carry_export(CARRY_SLOT, &image);
	carry_commit_export();
	for (stage = CARRY_SCANNING; stage <= CARRY_READ; stage++) {
		carry_free(&other);
		other.slot = OTHER;
		carry_export_steps(&other, CARRY_SCANNING, stage);
		carry_abort_export();
		assert_int_equal(carry_import(&image), 0);
		carry_abort_import();
	}
	assert_int_equal(carry_import(&image), 0);
	carry_commit_import();
	carry_assert_contents(CARRY_SLOT, 1);
	carry_free(&image);
	carry_free(&other);
}

/* ---- Buffers ----------------------------------------------------------------------- */

#define BM_END		(OSTI_RAM_IPA + BOARD_BM_SIZE)
#define SENTINEL	0x10000UL

/*
 * Memory near the ends of the boot manager's: its own, and others'. The image
 * engine's code, which is behind it, is there when an image has begun.
 */
static const pa_t borders[] = {
	{ BOARD_BM_BASE - SENTINEL }, { BOARD_BM_BASE },
	{ BOARD_BM_BASE + BOARD_BM_SIZE - SENTINEL },
	{ BOARD_BM_BASE + BOARD_BM_SIZE },
};

static uint8_t before[ARRAY_SIZE(borders)][SENTINEL];

static void note_borders(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(borders); i++)
		memcpy(before[i], host_memory(borders[i], SENTINEL), SENTINEL);
}

static void assert_borders(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(borders); i++)
		assert_memory_equal(host_memory(borders[i], SENTINEL), before[i],
				    SENTINEL);
}

static void assert_range(uint64_t fid, uint64_t a, uint64_t ipa, uint64_t c)
{
	struct machine_smc smc = machine_smc(fid, a, ipa, c);

	if ((int64_t)smc.x[0] != OSTI_E_RANGE)
		fail_msg("call %lx with %lx, %lx gave %ld", fid, ipa, c,
			 (int64_t)smc.x[0]);
	machine_assert_kept(&smc, 0);
}

/* A call whose buffer at x2 has n bytes (at least 2), as x3 = c says. */
static void try_addresses(uint64_t fid, uint64_t a, uint64_t c, uint64_t n)
{
	const uint64_t bad[] = {
		0, 1, BOARD_NV_BASE, BOARD_UART_BASE, OSTI_RAM_IPA - 1,
		OSTI_RAM_IPA - n, OSTI_RAM_IPA - n / 2, BM_END, BM_END - 1,
		BM_END - n + 1, BM_END - n / 2, BOARD_SLOTS_BASE,
		pa_value(context_get(CARRY_SLOT)->base), OSTI_WINDOW_IPA,
		OSTI_WINDOW_IPA + PAGE, OSTI_RAM_IPA | 1UL << 32,
		OSTI_RAM_IPA | 1UL << 40, OSTI_RAM_IPA | 1UL << 63,
		UINT64_MAX, UINT64_MAX - n, UINT64_MAX - n + 1,
		UINT64_MAX - n + 1 + OSTI_RAM_IPA,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++)
		assert_range(fid, a, bad[i], c);
	assert_borders();
}

/* Lengths with which an address that is good would wrap or reach too far. */
static void try_lengths(uint64_t fid, uint64_t a)
{
	static const uint64_t bad[] = {
		BOARD_BM_SIZE + 1, BOARD_BM_SIZE + PAGE, 1UL << 32, 1UL << 63,
		UINT64_MAX, -(uint64_t)OSTI_RAM_IPA,
		UINT64_MAX - OSTI_RAM_IPA, UINT64_MAX - BOARD_BM_SIZE,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++)
		assert_range(fid, a, OSTI_RAM_IPA, bad[i]);
	assert_borders();
}

static void assert_ok(uint64_t fid, uint64_t a, uint64_t ipa, uint64_t c)
{
	assert_int_equal(machine_call(fid, a, ipa, c), OSTI_OK);
}

static void test_buffers_export(void **state)
{
	struct carry_image image = { .slot = CARRY_SLOT };

	(void)state;
	carry_export_steps(&image, CARRY_SCANNING, CARRY_SCANNED);
	note_borders();
	try_addresses(OSTI_CALL_IMAGE_TABLE, 0, 1, OSTI_IMAGE_T_ENTRY);
	try_addresses(OSTI_CALL_IMAGE_TABLE, 0, 1024,
		      1024 * OSTI_IMAGE_T_ENTRY);
	try_addresses(OSTI_CALL_EXPORT_CHUNK, 0, ROOM, ROOM);
	try_lengths(OSTI_CALL_EXPORT_CHUNK, 0);
	carry_export_steps(&image, CARRY_CHUNKING, CARRY_SEALED);
	try_addresses(OSTI_CALL_EXPORT_READ, 0, 2, 2);
	try_addresses(OSTI_CALL_EXPORT_READ, 0, 4097, 4097);
	/* Not read by any of these. */
	assert_int_equal(machine_call(OSTI_CALL_EXPORT_COMMIT, 0, 0, 0),
			 OSTI_E_STATE);
	/* Up to the last byte, and from the first. */
	assert_ok(OSTI_CALL_EXPORT_READ, 0, BM_END - 4097, 4097);
	assert_memory_equal(host_memory(pa_make(BOARD_BM_BASE + BOARD_BM_SIZE - 4097), 8),
			    OSTI_IMAGE_MAGIC, 8);
	assert_ok(OSTI_CALL_EXPORT_READ, 1, BM_END - 1, 1);
	assert_ok(OSTI_CALL_EXPORT_READ, 0, OSTI_RAM_IPA, 8);
	assert_memory_equal(host_memory(pa_make(BOARD_BM_BASE), 8), OSTI_IMAGE_MAGIC, 8);
	carry_export_steps(&image, CARRY_READ, CARRY_READ);
	carry_commit_export();
	assert_int_equal(carry_import(&image), 0);
	carry_abort_import();
	carry_free(&image);
}

static void test_buffers_import(void **state)
{
	struct carry_image image;

	(void)state;
	carry_export(CARRY_SLOT, &image);
	carry_commit_export();
	note_borders();
	try_addresses(OSTI_CALL_IMPORT_BEGIN, CARRY_SLOT, 0, OSTI_IMAGE_HEADER);
	assert_int_equal(context_get(CARRY_SLOT)->state, OSTI_SLOT_EMPTY);
	assert_int_equal(carry_import_steps(&image, CARRY_WRITING,
					    CARRY_WRITING), 0);
	note_borders();
	try_addresses(OSTI_CALL_IMPORT_WRITE, 4196, 2, 2);
	try_addresses(OSTI_CALL_IMPORT_WRITE, 4196, 500, 500);
	assert_int_equal(carry_import_steps(&image, CARRY_WRITTEN,
					    CARRY_OPENED), 0);
	try_addresses(OSTI_CALL_IMAGE_TABLE, 0, 2, 2 * OSTI_IMAGE_T_ENTRY);
	try_addresses(OSTI_CALL_IMPORT_CHUNK, 0, 5000, 5000);
	try_lengths(OSTI_CALL_IMPORT_CHUNK, 0);
	/* A buffer that is no buffer is no reason to refuse the image. */
	assert_int_equal(machine_count_events(OSTI_EV_REJECTED), 0);
	assert_int_equal(carry_import_steps(&image, CARRY_PLACING,
					    CARRY_CHECKED), 0);
	carry_commit_import();
	carry_assert_contents(CARRY_SLOT, 1);
	carry_assert_contents(OTHER, 2);
	carry_free(&image);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_order, setup),
		cmocka_unit_test_setup(test_refused, setup),
		cmocka_unit_test_setup(test_no_way_back, setup),
		cmocka_unit_test_setup(test_one_after_the_other, setup),
		cmocka_unit_test_setup(test_buffers_export, setup),
		cmocka_unit_test_setup(test_buffers_import, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
