// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_hibernate.c - images in the life of a device: requests, the boot
 * manager's end in the middle, what the resumed OS learns, what stays in memory
 */
#define _GNU_SOURCE

#include "test.h"

#include <link.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "board.h"
#include "carry.h"
#include "context.h"
#include "event.h"
#include "host.h"
#include "host_power.h"
#include "image_bytes.h"
#include "nv.h"
#include "psci.h"

#define PAGE	OSTI_IMAGE_PAGE
#define OTHER	2

static struct carry_image image;

static struct context *slot(void)
{
	return context_get(CARRY_SLOT);
}

static int64_t call(uint64_t fid, uint64_t a, uint64_t b, uint64_t c)
{
	return machine_call(fid, a, b, c);
}

static int setup(void **state)
{
	(void)state;
	carry_boot();
	carry_freeze(CARRY_SLOT, 1);
	return 0;
}

static int setup_stored(void **state)
{
	setup(state);
	carry_export(CARRY_SLOT, &image);
	carry_commit_export();
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	carry_free(&image);
	return 0;
}

static void resume(unsigned int id)
{
	assert_int_equal(machine_smc(OSTI_CALL_SLOT_RESUME, id, 0, 0).outcome,
			 OUTCOME_ENTER);
}

static void to_bm(void)
{
	assert_int_equal(machine_suspend(OSTI_CONTEXT_BM, CARRY_ENTRY,
					 CARRY_ARG).outcome, OUTCOME_ENTER);
}

/* ---- The boot manager ends -------------------------------------------------------- */

/* A crash of it, at any stage of an export. */
static void test_reset_in_export(void **state)
{
	enum carry_export stage;
	struct machine_smc smc;

	(void)state;
	for (stage = CARRY_SCANNING; stage <= CARRY_READ; stage++) {
		image.slot = CARRY_SLOT;
		carry_export_steps(&image, CARRY_SCANNING, stage);
		assert_int_equal(machine_smc(PSCI_SYSTEM_RESET, 0, 0, 0)
				 .outcome, OUTCOME_ENTER);
		smc = machine_smc(OSTI_CALL_BM_REASON, 0, 0, 0);
		assert_int_equal(smc.x[1], OSTI_REASON_RESTART);
		assert_int_equal(slot()->state, OSTI_SLOT_FROZEN);
		assert_int_equal(call(OSTI_CALL_EXPORT_ABORT, 0, 0, 0),
				 OSTI_E_STATE);
		carry_assert_clean();
		carry_free(&image);
	}
	carry_assert_generation(1 + CARRY_READ, NV_BEGUN);
	carry_assert_contents(CARRY_SLOT, 1);
	carry_export(CARRY_SLOT, &image);
	carry_commit_export();
	assert_int_equal(carry_import(&image), 0);
}

static void test_reset_in_import(void **state)
{
	enum carry_import stage;

	(void)state;
	/* Without a frozen slot the whole device would start again. */
	carry_freeze(OTHER, 2);
	for (stage = CARRY_WRITING; stage <= CARRY_CHECKED; stage++) {
		assert_int_equal(carry_import_steps(&image, CARRY_WRITING,
						    stage), 0);
		/* Before that nobody could have written to it. */
		if (stage >= CARRY_OPENED)
			machine_mark(CARRY_SLOT);
		assert_int_equal(machine_smc(PSCI_SYSTEM_RESET, 0, 0, 0)
				 .outcome, OUTCOME_ENTER);
		assert_int_equal(slot()->state, OSTI_SLOT_EMPTY);
		assert_int_equal(pa_value(slot()->base), 0);
		assert_true(machine_is_zero(CARRY_SLOT));
		carry_assert_clean();
	}
	carry_assert_generation(1, NV_STORED);
	assert_int_equal(carry_import(&image), 0);
	carry_commit_import();
	carry_assert_contents(CARRY_SLOT, 1);
	carry_assert_contents(OTHER, 2);
}

/* In the middle of the end, which is the end all the same. */
static void test_reset_in_end(void **state)
{
	(void)state;
	carry_freeze(OTHER, 2);
	carry_export(CARRY_SLOT, &image);
	assert_int_equal(call(OSTI_CALL_EXPORT_COMMIT, 0, 0, 0), OSTI_AGAIN);
	assert_int_equal(machine_smc(PSCI_SYSTEM_RESET, 0, 0, 0).outcome,
			 OUTCOME_ENTER);
	assert_int_equal(slot()->state, OSTI_SLOT_EMPTY);
	assert_true(machine_is_zero(CARRY_SLOT));
	carry_assert_clean();
	carry_assert_generation(1, NV_STORED);
	assert_int_equal(machine_last_event(OSTI_EV_SAVED).arg[0], 1);

	assert_int_equal(carry_import(&image), 0);
	assert_int_equal(call(OSTI_CALL_IMPORT_COMMIT, 0, 0, 0), OSTI_AGAIN);
	assert_int_equal(machine_smc(PSCI_SYSTEM_RESET, 0, 0, 0).outcome,
			 OUTCOME_ENTER);
	/* It was not used up: it can be tried again. */
	assert_int_equal(slot()->state, OSTI_SLOT_EMPTY);
	assert_true(machine_is_zero(CARRY_SLOT));
	carry_assert_clean();
	carry_assert_generation(1, NV_STORED);
	assert_int_equal(carry_import(&image), 0);
	carry_commit_import();
	carry_assert_contents(CARRY_SLOT, 1);
}

/* Nothing that was begun counts when the device is on again. */
static void test_off(void **state)
{
	(void)state;
	assert_int_equal(carry_import(&image), 0);
	expect_assert_failure((void)machine_smc(PSCI_SYSTEM_OFF, 0, 0, 0));
	assert_int_equal(host_power.offs, 1);
	carry_power_cycle();
	assert_int_equal(carry_import(&image), 0);
	expect_assert_failure((void)machine_smc(PSCI_SYSTEM_RESET, 0, 0, 0));
	assert_int_equal(host_power.resets, 1);
	carry_power_cycle();
	carry_assert_generation(1, NV_STORED);
	assert_int_equal(carry_import(&image), 0);
	carry_commit_import();
	/* Used up, and then power went: it is gone, not there twice. */
	carry_power_cycle();
	assert_int_equal(carry_import(&image), OSTI_IMAGE_E_GENERATION);
}

/* ---- As an OS sees it ---------------------------------------------------------------- */

static void test_request(void **state)
{
	const uint64_t request = OSTI_REQUEST_HIBERNATE | CARRY_SLOT << 8;
	struct machine_smc smc;

	(void)state;
	carry_freeze(OTHER, 2);
	resume(OTHER);
	assert_int_equal(machine_request(request).outcome, OUTCOME_ENTER);
	smc = machine_smc(OSTI_CALL_BM_REASON, 0, 0, 0);
	assert_int_equal(smc.x[1], OSTI_REASON_REQUEST);
	assert_int_equal(smc.x[2], OTHER);
	assert_int_equal(smc.x[4], request);
	carry_export(CARRY_SLOT, &image);
	carry_commit_export();
	assert_int_equal(call(OSTI_CALL_BM_ANSWER, OTHER, request,
			      OSTI_RESULT_DONE), OSTI_OK);
	resume(OTHER);
	smc = machine_smc(OSTI_CALL_REQUEST_RESULT, 0, 0, 0);
	assert_int_equal(smc.x[0], OSTI_OK);
	assert_int_equal(smc.x[1], request);
	assert_int_equal(smc.x[2], OSTI_RESULT_DONE);
	smc = machine_smc(OSTI_CALL_SLOT_INFO, CARRY_SLOT, 0, 0);
	assert_int_equal(smc.x[1], OSTI_SLOT_EMPTY);
	assert_int_equal(smc.x[3], 0);
	smc = machine_smc(OSTI_CALL_IMAGE_INFO, CARRY_SLOT, 0, 0);
	assert_int_equal(smc.x[1], OSTI_GENERATION_STORED);
}

/* What was asked before belongs to the life before. */
static void test_no_old_answer(void **state)
{
	(void)state;
	assert_int_equal(call(OSTI_CALL_BM_ANSWER, CARRY_SLOT,
			      OSTI_REQUEST_POWER_OFF, OSTI_RESULT_FAILED),
			 OSTI_OK);
	carry_export(CARRY_SLOT, &image);
	carry_commit_export();
	assert_int_equal(carry_import(&image), 0);
	carry_commit_import();
	resume(CARRY_SLOT);
	assert_int_equal(call(OSTI_CALL_REQUEST_RESULT, 0, 0, 0),
			 OSTI_E_EMPTY);
}

static struct machine_smc info(void)
{
	struct machine_smc smc = machine_smc(OSTI_CALL_RESUME_INFO, 0, 0, 0);

	assert_int_equal(smc.x[0], OSTI_OK);
	machine_assert_kept(&smc, 0x1fe);
	return smc;
}

static void assert_no_image(const struct machine_smc *smc, unsigned int how)
{
	unsigned int i;

	assert_int_equal(smc->x[1], how);
	for (i = 2; i <= 8; i++)
		assert_int_equal(smc->x[i], 0);
}

static void test_resume_info(void **state)
{
	const uint64_t frozen_at = slot()->frozen_at;
	struct machine_smc smc;
	unsigned int i;

	(void)state;
	assert_int_equal(call(OSTI_CALL_RESUME_INFO, 0, 0, 0), OSTI_E_DENIED);
	resume(CARRY_SLOT);
	smc = info();
	assert_no_image(&smc, OSTI_RESUMED_HOT);
	to_bm();
	carry_start(OTHER);
	smc = info();
	assert_no_image(&smc, OSTI_RESUMED_COLD);
	to_bm();

	carry_export(CARRY_SLOT, &image);
	carry_commit_export();
	carry_power_cycle();
	assert_int_equal(carry_import(&image), 0);
	carry_commit_import();
	resume(CARRY_SLOT);
	smc = info();
	assert_int_equal(smc.x[1], OSTI_RESUMED_IMAGE);
	assert_int_equal(smc.x[2], 1);
	assert_true(smc.x[3] > frozen_at);
	assert_int_equal(smc.x[4], CARRY_SAVED_AT);

	/* Frozen and resumed in memory: still of that image, but no copy. */
	to_bm();
	resume(CARRY_SLOT);
	smc = info();
	assert_int_equal(smc.x[1], OSTI_RESUMED_HOT);
	assert_int_equal(smc.x[2], 1);
	assert_int_equal(smc.x[4], CARRY_SAVED_AT);
	for (i = 5; i < 9; i++)
		assert_int_equal(smc.x[i], 0);

	/* Started, it is of no image any more. */
	assert_int_equal(machine_smc(PSCI_SYSTEM_OFF, 0, 0, 0).outcome,
			 OUTCOME_ENTER);
	carry_start(CARRY_SLOT);
	smc = info();
	assert_no_image(&smc, OSTI_RESUMED_COLD);
}

/* The counter when it was frozen, as the OS itself could read it. */
static void test_resume_counter(void **state)
{
	const uint64_t frozen_at = slot()->frozen_at;

	(void)state;
	carry_export(CARRY_SLOT, &image);
	carry_commit_export();
	host_counter_now += 1000000000;
	assert_int_equal(carry_import(&image), 0);
	carry_commit_import();
	resume(CARRY_SLOT);
	assert_int_equal(info().x[3], frozen_at);
}

#define MOST_TOLD	40

static uint64_t told[MOST_TOLD][4];
static unsigned int nr_told;

/* The 32 bytes are nothing that was told before, nor part of it. */
static void assert_new_bytes(void)
{
	const struct machine_smc smc = info();
	unsigned int i, k, n;

	assert_int_equal(smc.x[1], OSTI_RESUMED_IMAGE);
	for (i = 0; i < 4; i++) {
		assert_int_not_equal(smc.x[5 + i], 0);
		for (n = 0; n < nr_told; n++)
			for (k = 0; k < 4; k++)
				assert_int_not_equal(smc.x[5 + i], told[n][k]);
	}
	assert_true(nr_told < MOST_TOLD);
	memcpy(told[nr_told++], &smc.x[5], sizeof(told[0]));
}

static void test_resume_bytes(void **state)
{
	unsigned int i;

	(void)state;
	nr_told = 0;
	for (i = 0; i < 3; i++) {
		carry_free(&image);
		carry_export(CARRY_SLOT, &image);
		carry_commit_export();
		/* The counter begins again with each power-on. */
		carry_power_cycle();
		assert_int_equal(carry_import(&image), 0);
		carry_commit_import();
		resume(CARRY_SLOT);
		assert_new_bytes();
		assert_new_bytes();
		to_bm();
	}
	/* Another device at the same time, with the same generation. */
	for (i = 2; i < 4; i++) {
		uint8_t key[MACHINE_KEY_BYTES];

		carry_key(i, key);
		machine_boot_provisioned(2, key);
		slot()->size = CARRY_BYTES;
		carry_freeze(CARRY_SLOT, 1);
		carry_free(&image);
		carry_export(CARRY_SLOT, &image);
		carry_commit_export();
		assert_int_equal(carry_import(&image), 0);
		carry_commit_import();
		resume(CARRY_SLOT);
		host_counter_now = 1UL << 40;
		assert_new_bytes();
	}
}

/* ---- What stays in memory -------------------------------------------------------------- */

struct needle {
	const uint8_t *bytes;
	size_t count;
	bool found;
};

/* Everybody's memory is looked at, also what is between variables. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "intercept_memmem=0";
}

/* The first object is the program itself. */
static int look_at_program(struct dl_phdr_info *program, size_t size, void *arg)
{
	struct needle *needle = arg;
	unsigned int i;

	(void)size;
	for (i = 0; i < program->dlpi_phnum; i++) {
		const ElfW(Phdr) part = program->dlpi_phdr[i];
		const uint8_t *start = (const uint8_t *)program->dlpi_addr +
				       part.p_vaddr;

		if (part.p_type == PT_LOAD && part.p_flags & PF_W &&
		    memmem(start, part.p_memsz, needle->bytes, needle->count))
			needle->found = true;
	}
	return 1;
}

/* Places where something can be. */
enum {
	MONITOR = 1,		/* static memory, where it has all that it has */
	ENGINE = 2,
	BOOT_MANAGER = 4,
};

static bool is_in_ram(pa_t at, size_t room, const uint8_t *what, size_t bytes)
{
	return memmem(host_memory(at, room), room, what, bytes);
}

static unsigned int places_of(const uint8_t *what, size_t bytes)
{
	struct needle needle = { what, bytes, false };
	unsigned int places;

	dl_iterate_phdr(look_at_program, &needle);
	places = needle.found ? MONITOR : 0;
	if (is_in_ram(pa_make(BOARD_ENGINE_BASE), BOARD_ENGINE_SIZE, what, bytes))
		places |= ENGINE;
	if (is_in_ram(pa_make(BOARD_BM_BASE), BOARD_BM_SIZE, what, bytes))
		places |= BOOT_MANAGER;
	return places;
}

/* Some of the plain text in the last chunk, whose pages lie apart. */
static unsigned int places_of_plain_text(void)
{
	uint8_t *ram = carry_contents(1);
	const unsigned int places =
		places_of(ram + (CARRY_PAGES - 1) * PAGE + 64, 64);

	free(ram);
	return places;
}

/* The keys that open the slot's images; those that prove them; the slot key. */
static void assert_keys(unsigned int image_at, unsigned int frame_at)
{
	uint8_t root[MACHINE_KEY_BYTES], slot_key[OSTI_IMAGE_HASH];
	struct image_frame_keys frame;
	struct image_keys keys;
	const uint8_t *key = (const uint8_t *)&keys;
	size_t i;

	carry_image_keys(CARRY_SLOT, &keys);
	carry_frame_keys(CARRY_SLOT, &frame);
	for (i = 0; i < sizeof(keys); i += OSTI_IMAGE_HASH)
		assert_int_equal(places_of(key + i, 16), image_at);
	assert_int_equal(places_of(frame.header, 16), frame_at);
	assert_int_equal(places_of(frame.record, 16), frame_at);
	carry_key(1, root);
	image_keys_slot(root, (const uint8_t *)slot()->name, slot_key);
	assert_int_equal(places_of(slot_key, 16), 0);
}

/*
 * The engine has what makes and opens images of this slot, and the monitor what
 * says that they are genuine; nobody has both, nor what the others come from.
 */
static void assert_secrets(void)
{
	uint8_t root[MACHINE_KEY_BYTES];

	assert_keys(ENGINE, MONITOR);
	assert_int_equal(places_of_plain_text(), ENGINE);
	carry_key(1, root);
	assert_int_equal(places_of(root, 16), MONITOR);
}

static void assert_no_secrets(void)
{
	assert_keys(0, 0);
	assert_int_equal(places_of_plain_text(), 0);
	carry_assert_clean();
}

static void place_last(void)
{
	const uint32_t last = image.chunks - 1;
	const size_t n = image.at[last + 1] - image.at[last];

	assert_int_equal(carry_import_steps(&image, CARRY_WRITING,
					    CARRY_OPENED), 0);
	memcpy(carry_buffer(n), image.file + image.at[last], n);
	assert_int_equal(call(OSTI_CALL_IMPORT_CHUNK, last, CARRY_BUFFER, n),
			 OSTI_OK);
	/* It is looked at while another waits for it. */
	assert_int_equal(call(OSTI_CALL_IMPORT_CHUNK, last, CARRY_BUFFER, n),
			 OSTI_AGAIN);
	assert_secrets();
}

static void test_wiped_export(void **state)
{
	struct image_frame_keys frame;

	(void)state;
	assert_no_secrets();
	carry_export(CARRY_SLOT, &image);
	assert_secrets();
	carry_abort_export();
	assert_no_secrets();

	carry_free(&image);
	carry_export(CARRY_SLOT, &image);
	assert_int_equal(machine_smc(PSCI_SYSTEM_RESET, 0, 0, 0).outcome,
			 OUTCOME_ENTER);
	assert_no_secrets();

	/* What proves images is not needed while memory is zeroed. */
	carry_free(&image);
	carry_export(CARRY_SLOT, &image);
	assert_int_equal(call(OSTI_CALL_EXPORT_COMMIT, 0, 0, 0), OSTI_AGAIN);
	carry_frame_keys(CARRY_SLOT, &frame);
	assert_int_equal(places_of(frame.header, 16), 0);
	assert_int_equal(places_of(frame.record, 16), 0);
	carry_commit_export();
	assert_no_secrets();
}

/* What it knew in the middle of a job is not forgotten. */
static void test_wiped_thread(void **state)
{
	uint8_t secret[16];

	(void)state;
	/* What engine_model.c has in V0 and V1 of worker 0 after one slice. */
	memset(secret, 0, sizeof(secret));
	image_put64(secret, 1 << 8);
	image_put64(secret + 8, 1 << 8 | 1);
	engine_model.slices = 9;
	image.slot = CARRY_SLOT;
	carry_export_steps(&image, CARRY_SCANNING, CARRY_SCANNING);
	assert_int_equal(places_of(secret, sizeof(secret)), MONITOR);
	carry_abort_export();
	assert_int_equal(places_of(secret, sizeof(secret)), 0);
}

static void test_wiped_import(void **state)
{
	(void)state;
	place_last();
	carry_abort_import();
	assert_no_secrets();
	/* Refused in the middle, too. */
	place_last();
	assert_int_equal(carry_status(OSTI_CALL_IMPORT_CHUNK, 0, CARRY_BUFFER,
				      OSTI_IMAGE_STORED_MAX + 1),
			 OSTI_E_IMAGE);
	assert_no_secrets();
	assert_int_equal(carry_import(&image), 0);
	carry_commit_import();
	/* The plain text is the slot's own now. */
	assert_no_secrets();
}

#define TEST(f, before) cmocka_unit_test_setup_teardown(f, before, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_reset_in_export, setup),
		TEST(test_reset_in_import, setup_stored),
		TEST(test_reset_in_end, setup),
		TEST(test_off, setup_stored),
		TEST(test_request, setup),
		TEST(test_no_old_answer, setup),
		TEST(test_resume_info, setup),
		TEST(test_resume_counter, setup),
		TEST(test_resume_bytes, setup),
		TEST(test_wiped_export, setup),
		TEST(test_wiped_thread, setup),
		TEST(test_wiped_import, setup_stored),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
