// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_disk_key.c - the disk key of a slot: who is told, and that it is the same
 * wherever and however often the slot comes back
 */
#include "test.h"

#include <string.h>

#include <osti/start.h>

#include "courier.h"
#include "context.h"
#include "psci.h"
#include "statement.h"

#define KEY_REGS	(OSTI_DISK_KEY_BYTES / 8)
/* x1..x8 */
#define RESULTS		0x1fe

static int setup(void **state)
{
	(void)state;
	carry_boot();
	return 0;
}

/* As machine_start(), by a statement with these flags. */
static void start(unsigned int slot, uint64_t flags)
{
	uint8_t body[OSTI_START_BODY];

	assert_int_equal(machine_call(OSTI_CALL_SLOT_OPEN, slot, 0, 0),
			 OSTI_OK);
	statement_fill(slot);
	statement_make(body, false);
	statement_put64(body, OSTI_START_S_FLAGS, flags);
	statement_sign(body);
	assert_int_equal(statement_call(OSTI_CALL_SLOT_START, slot).outcome,
			 OUTCOME_ENTER);
}

static void freeze(unsigned int target)
{
	assert_int_equal(machine_suspend(target, CARRY_ENTRY, CARRY_ARG)
			 .outcome, OUTCOME_ENTER);
}

static void resume(unsigned int slot)
{
	assert_int_equal(machine_smc(OSTI_CALL_SLOT_RESUME, slot, 0, 0)
			 .outcome, OUTCOME_ENTER);
}

/* What the slot that runs is told. */
static void read_key(uint64_t key[KEY_REGS])
{
	struct machine_smc smc = machine_smc(OSTI_CALL_DISK_KEY, 0, 0, 0);

	assert_int_equal(smc.x[0], OSTI_OK);
	machine_assert_kept(&smc, RESULTS);
	memcpy(key, &smc.x[1], OSTI_DISK_KEY_BYTES);
}

static void assert_key(const uint64_t key[KEY_REGS])
{
	uint64_t seen[KEY_REGS];

	read_key(seen);
	assert_memory_equal(seen, key, sizeof(seen));
}

/* Nothing of it is left in a register either. */
static void assert_denied(int64_t status)
{
	struct machine_smc smc = machine_smc(OSTI_CALL_DISK_KEY, 0, 0, 0);

	assert_int_equal((int64_t)smc.x[0], status);
	machine_assert_kept(&smc, 0);
}

static void read_slot_key(uint64_t key[4])
{
	struct machine_smc smc = machine_smc(OSTI_CALL_SLOT_KEY, 0, 0, 0);

	assert_int_equal(smc.x[0], OSTI_OK);
	memcpy(key, &smc.x[1], 32);
}

static void test_own(void **state)
{
	uint64_t key[KEY_REGS], other[KEY_REGS], wanted[KEY_REGS], slot_key[4];
	unsigned int i, k;

	(void)state;
	start(CARRY_SLOT, OSTI_START_F_DISK_KEY);
	read_key(key);
	read_slot_key(slot_key);
	image_keys_disk((uint8_t *)slot_key, (uint8_t *)wanted);
	assert_memory_equal(key, wanted, sizeof(key));
	/* The slot key is not told with it, and no part is told twice. */
	for (i = 0; i < KEY_REGS; i++)
		for (k = 0; k < KEY_REGS; k++)
			assert_true((k >= 4 || key[i] != slot_key[k]) &&
				    (i == k || key[i] != key[k]));
	freeze(OSTI_CONTEXT_BM);
	start(COURIER, OSTI_START_F_DISK_KEY);
	read_key(other);
	for (i = 0; i < KEY_REGS; i++)
		assert_int_not_equal(key[i], other[i]);
	/* Each its own, when it is back. */
	freeze(CARRY_SLOT);
	assert_key(key);
}

static void test_not_allowed(void **state)
{
	uint64_t key[KEY_REGS];

	(void)state;
	/* The boot manager, whatever there is */
	assert_denied(OSTI_E_DENIED);
	start(CARRY_SLOT, 0);
	assert_denied(OSTI_E_DENIED);
	/* Told to the owner, of both */
	assert_int_equal(machine_count_events(OSTI_EV_BAD_CALL), 2);
	freeze(OSTI_CONTEXT_BM);
	start(COURIER, OSTI_START_F_DISK_KEY);
	read_key(key);
	/* Not even by the way of one that may */
	freeze(CARRY_SLOT);
	assert_denied(OSTI_E_DENIED);
	freeze(COURIER);
	assert_key(key);
	assert_int_equal(machine_smc(PSCI_SYSTEM_OFF, 0, 0, 0).outcome,
			 OUTCOME_ENTER);
	/* What starts in its place was not allowed to. */
	start(COURIER, 0);
	assert_denied(OSTI_E_DENIED);
}

static void test_no_nv(void **state)
{
	(void)state;
	machine_boot(2);
	start(1, OSTI_START_F_DISK_KEY);
	assert_denied(OSTI_E_HARDWARE);
}

/* A device with another root key has another one, unless a key is imported. */
static void test_import(void **state)
{
	static const uint64_t imported[4] = { 1, 0, 0, 1UL << 63 };
	uint64_t own[KEY_REGS], wanted[KEY_REGS];

	(void)state;
	start(CARRY_SLOT, OSTI_START_F_DISK_KEY);
	read_key(own);
	carry_power_cycle();
	start(CARRY_SLOT, OSTI_START_F_DISK_KEY);
	assert_key(own);
	carry_power_cycle();
	assert_int_equal(machine_smc5(OSTI_CALL_KEY_IMPORT, CARRY_SLOT,
				      imported[0], imported[1], imported[2],
				      imported[3]).x[0], OSTI_OK);
	start(CARRY_SLOT, OSTI_START_F_DISK_KEY);
	image_keys_disk((const uint8_t *)imported, (uint8_t *)wanted);
	assert_key(wanted);
	assert_memory_not_equal(wanted, own, sizeof(own));
	carry_power_cycle();
	start(CARRY_SLOT, OSTI_START_F_DISK_KEY);
	assert_key(wanted);
}

/* Start it, and make a local image of it; the device was off since then. */
static void hibernate(uint64_t flags, struct carry_image *image)
{
	start(CARRY_SLOT, flags);
	freeze(OSTI_CONTEXT_BM);
	carry_export(CARRY_SLOT, image);
	carry_commit_export();
	assert_false(context_get(CARRY_SLOT)->disk_key);
	carry_power_cycle();
}

static void test_hibernate(void **state)
{
	uint64_t key[KEY_REGS];
	struct carry_image image;

	(void)state;
	start(CARRY_SLOT, OSTI_START_F_DISK_KEY);
	read_key(key);
	carry_power_cycle();
	hibernate(OSTI_START_F_DISK_KEY, &image);
	assert_int_equal(carry_import(&image), 0);
	carry_commit_import();
	resume(CARRY_SLOT);
	assert_key(key);
	carry_free(&image);
}

/* Nor is an image a way to what its start was not allowed. */
static void test_hibernate_not_allowed(void **state)
{
	struct carry_image image;

	(void)state;
	hibernate(0, &image);
	assert_int_equal(carry_import(&image), 0);
	carry_commit_import();
	resume(CARRY_SLOT);
	assert_denied(OSTI_E_DENIED);
	carry_free(&image);
	/* One that may left nothing behind for it. */
	carry_power_cycle();
	hibernate(OSTI_START_F_DISK_KEY, &image);
	start(CARRY_SLOT, 0);
	assert_denied(OSTI_E_DENIED);
	carry_free(&image);
}

/* On another device it opens the disk that came with it. */
static void test_travel(void **state)
{
	uint64_t key[KEY_REGS], slot_key[4];
	uint8_t root[MACHINE_KEY_BYTES];
	struct carry_image copy;

	(void)state;
	start(CARRY_SLOT, OSTI_START_F_DISK_KEY);
	read_key(key);
	read_slot_key(slot_key);
	freeze(OSTI_CONTEXT_BM);
	machine_start(COURIER);
	carry_export(CARRY_SLOT, &copy);
	carry_commit_export();

	carry_key(2, root);
	machine_boot_provisioned(2, root);
	context_get(CARRY_SLOT)->size = CARRY_BYTES;
	assert_int_equal(machine_smc5(OSTI_CALL_KEY_IMPORT, CARRY_SLOT,
				      slot_key[0], slot_key[1], slot_key[2],
				      slot_key[3]).x[0], OSTI_OK);
	machine_start(COURIER);
	courier_agree(&copy);
	assert_int_equal(carry_import(&copy), 0);
	carry_commit_import();
	/* Not for who brought it */
	assert_denied(OSTI_E_DENIED);
	freeze(CARRY_SLOT);
	assert_key(key);
	carry_free(&copy);
}

int main(void)
{
#define TEST(f)	cmocka_unit_test_setup(f, setup)
	const struct CMUnitTest tests[] = {
		TEST(test_own),
		TEST(test_not_allowed),
		TEST(test_no_nv),
		TEST(test_import),
		TEST(test_hibernate),
		TEST(test_hibernate_not_allowed),
		TEST(test_travel),
	};

	return cmocka_run_group_tests_name("monitor_disk_key", tests, NULL,
					   NULL);
}
