// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_slot_key.c - the key of a slot: who is told, how it travels, and what it
 * opens on another device
 */
#include "test.h"

#include <string.h>

#include "courier.h"
#include "context.h"
#include "host.h"
#include "host_flash.h"
#include "psci.h"
#include "world.h"

/* A device with another root key; its boot manager runs. */
static void other_device(void)
{
	uint8_t root[MACHINE_KEY_BYTES];

	carry_key(2, root);
	machine_boot_provisioned(2, root);
	context_get(CARRY_SLOT)->size = CARRY_BYTES;
}

static int setup(void **state)
{
	(void)state;
	carry_boot();
	return 0;
}

static int64_t import(unsigned int slot, const uint64_t key[4])
{
	return machine_smc5(OSTI_CALL_KEY_IMPORT, slot, key[0], key[1], key[2],
			    key[3]).x[0];
}

static uint64_t origin(unsigned int slot)
{
	return machine_smc(OSTI_CALL_SLOT_INFO, slot, 0, 0).x[10];
}

/* What the slot, which runs, is told of its key. */
static void read_key(uint64_t key[4])
{
	struct machine_smc smc = machine_smc(OSTI_CALL_SLOT_KEY, 0, 0, 0);

	assert_int_equal(smc.x[0], OSTI_OK);
	memcpy(key, &smc.x[1], 32);
}

static void read_carrier(unsigned int slot, uint64_t key[6])
{
	struct machine_smc smc = machine_smc(OSTI_CALL_CARRIER_KEY, slot, 0, 0);

	assert_int_equal(smc.x[0], OSTI_OK);
	memcpy(key, &smc.x[1], 48);
}

static void test_own(void **state)
{
	uint64_t key[4], carrier[6], other[6], seen[6];
	struct image_keys keys, wanted;

	(void)state;
	assert_int_equal(origin(CARRY_SLOT), OSTI_KEY_OWN);
	assert_int_equal(machine_call(OSTI_CALL_SLOT_KEY, 0, 0, 0),
			 OSTI_E_DENIED);
	read_carrier(CARRY_SLOT, carrier);
	read_carrier(COURIER, other);
	assert_memory_not_equal(carrier, other, 16);
	assert_memory_not_equal(&carrier[2], &other[2], 32);
	carry_start(CARRY_SLOT);
	read_key(key);
	image_keys_derive((uint8_t *)key, &keys);
	carry_image_keys(CARRY_SLOT, &wanted);
	assert_memory_equal(&keys, &wanted, sizeof(keys));
	/* It tells nothing of the key, and everybody is told the same. */
	read_carrier(CARRY_SLOT, seen);
	assert_memory_equal(seen, carrier, sizeof(seen));
	assert_memory_not_equal(&seen[2], key, 32);
	image_keys_carrier((uint8_t *)key, (uint8_t *)seen,
			   (uint8_t *)&seen[2]);
	assert_memory_equal(seen, carrier, sizeof(seen));
	assert_int_equal(machine_call(OSTI_CALL_CARRIER_KEY, 0, 0, 0),
			 OSTI_E_INVALID);
	assert_int_equal(machine_call(OSTI_CALL_CARRIER_KEY, 9, 0, 0),
			 OSTI_E_INVALID);
}

/* A device that was never provisioned has no keys. */
static void test_no_nv(void **state)
{
	static const uint64_t key[4] = { 1 };

	(void)state;
	machine_boot(2);
	assert_int_equal(origin(1), OSTI_KEY_NONE);
	assert_int_equal(machine_call(OSTI_CALL_CARRIER_KEY, 1, 0, 0),
			 OSTI_E_HARDWARE);
	assert_int_equal(import(1, key), OSTI_E_HARDWARE);
	machine_start(1);
	assert_int_equal(machine_call(OSTI_CALL_SLOT_KEY, 0, 0, 0),
			 OSTI_E_HARDWARE);
}

static void test_import(void **state)
{
	static const uint64_t zero[4];
	static const uint64_t key[4] = { 1, 0, 0, 1UL << 63 };
	static const uint64_t second[4] = { 2, 3, 4, 5 };
	uint64_t seen[4];

	(void)state;
	assert_int_equal(import(CARRY_SLOT, zero), OSTI_E_INVALID);
	assert_int_equal(import(9, key), OSTI_E_INVALID);
	assert_int_equal(import(CARRY_SLOT, key), OSTI_OK);
	assert_int_equal(origin(CARRY_SLOT), OSTI_KEY_IMPORTED);
	assert_int_equal(import(CARRY_SLOT, second), OSTI_E_STATE);
	assert_int_equal(import(CARRY_SLOT, key), OSTI_E_STATE);
	carry_power_cycle();
	assert_int_equal(origin(CARRY_SLOT), OSTI_KEY_IMPORTED);
	assert_int_equal(origin(COURIER), OSTI_KEY_OWN);
	carry_start(CARRY_SLOT);
	read_key(seen);
	assert_memory_equal(seen, key, sizeof(seen));
}

/* An OS that ran may have seen or used the key that is there. */
static void test_import_is_early(void **state)
{
	static const uint64_t key[4] = { 1 };

	(void)state;
	machine_start(COURIER);
	assert_int_equal(import(CARRY_SLOT, key), OSTI_E_DENIED);
	assert_int_equal(machine_smc(PSCI_SYSTEM_OFF, 0, 0, 0).outcome,
			 OUTCOME_ENTER);
	host_flash.programs = 0;
	assert_int_equal(import(CARRY_SLOT, key), OSTI_E_STATE);
	assert_int_equal(host_flash.programs, 0);
	carry_power_cycle();
	assert_int_equal(import(CARRY_SLOT, key), OSTI_OK);
}

/* Nor does a key change under an image, or under memory that is open. */
static void test_import_in_the_way(void **state)
{
	static const uint64_t key[4] = { 1 };
	struct carry_image image;

	(void)state;
	carry_freeze(CARRY_SLOT, 1);
	carry_export(CARRY_SLOT, &image);
	carry_commit_export();
	carry_power_cycle();
	assert_int_equal(import(CARRY_SLOT, key), OSTI_E_STATE);
	assert_int_equal(machine_call(OSTI_CALL_IMAGE_DROP, CARRY_SLOT, 0, 0),
			 OSTI_OK);
	assert_int_equal(machine_call(OSTI_CALL_SLOT_OPEN, CARRY_SLOT, 0, 0),
			 OSTI_OK);
	assert_int_equal(import(CARRY_SLOT, key), OSTI_E_STATE);
	assert_int_equal(machine_call(OSTI_CALL_SLOT_CLOSE, CARRY_SLOT, 0, 0),
			 OSTI_OK);
	assert_int_equal(import(CARRY_SLOT, key), OSTI_OK);
	carry_free(&image);
}

/* A copy made here goes on there, once the key is there. */
static void test_travel(void **state)
{
	uint64_t key[4], fresh[2][4];
	struct carry_image copy;
	struct machine_smc smc;
	unsigned int device;

	(void)state;
	carry_freeze(CARRY_SLOT, 1);
	assert_int_equal(machine_smc(OSTI_CALL_SLOT_RESUME, CARRY_SLOT, 0, 0)
			 .outcome, OUTCOME_ENTER);
	read_key(key);
	assert_int_equal(machine_suspend(OSTI_CONTEXT_BM, CARRY_ENTRY,
					 CARRY_ARG).outcome, OUTCOME_ENTER);
	machine_start(COURIER);
	carry_export(CARRY_SLOT, &copy);
	carry_commit_export();

	/* Without it the copy is nothing that was made for this slot. */
	other_device();
	machine_start(COURIER);
	memcpy(carry_buffer(OSTI_IMAGE_HEADER), copy.file, OSTI_IMAGE_HEADER);
	smc = machine_smc(OSTI_CALL_RESTORE_ASK, CARRY_SLOT, CARRY_BUFFER, 0);
	assert_int_equal(smc.x[0], OSTI_E_IMAGE);
	assert_int_equal(smc.x[1], -OSTI_IMAGE_E_TAG);
	assert_int_equal(carry_import(&copy), OSTI_IMAGE_E_TAG);

	/* On two devices that differ in nothing but their root key */
	for (device = 0; device < 2; device++) {
		uint8_t root[MACHINE_KEY_BYTES];

		carry_key(2 + device, root);
		machine_boot_provisioned(2, root);
		context_get(CARRY_SLOT)->size = CARRY_BYTES;
		assert_int_equal(import(CARRY_SLOT, key), OSTI_OK);
		machine_start(COURIER);
		/* It is not from here. */
		assert_false(courier_agree(&copy));
		assert_int_equal(carry_import(&copy), 0);
		carry_commit_import();
		carry_assert_contents(CARRY_SLOT, 1);
		assert_int_equal(machine_suspend(CARRY_SLOT, MACHINE_ENTRY, 0)
				 .outcome, OUTCOME_ENTER);
		smc = machine_smc(OSTI_CALL_RESUME_INFO, 0, 0, 0);
		assert_int_equal(smc.x[1], OSTI_RESUMED_COPY);
		memcpy(fresh[device], &smc.x[5], 32);
	}
	assert_memory_not_equal(fresh[0], fresh[1], 32);
	carry_free(&copy);
}

int main(void)
{
#define TEST(f)	cmocka_unit_test_setup(f, setup)
	const struct CMUnitTest tests[] = {
		TEST(test_own),
		TEST(test_no_nv),
		TEST(test_import),
		TEST(test_import_is_early),
		TEST(test_import_in_the_way),
		TEST(test_travel),
	};

	return cmocka_run_group_tests_name("monitor_slot_key", tests, NULL,
					   NULL);
}
