// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_disk.c - a slot's disk, shown to whoever carries the slot and taken back
 */
#include "test.h"

#include <limits.h>
#include <string.h>

#include "courier.h"
#include "context.h"
#include "event.h"
#include "host.h"
#include "host_flash.h"
#include "host_pci.h"
#include "host_power.h"
#include "host_smmu.h"
#include "pci.h"
#include "psci.h"
#include "spy.h"
#include "world.h"

#define SEED		1
#define ALIAS		MACHINE_ALIAS(CARRY_SLOT)
#define DISK		MACHINE_DISK(CARRY_SLOT)

static struct context *slot(void)
{
	return context_get(CARRY_SLOT);
}

/* The courier runs; the other one is frozen. */
static int setup(void **state)
{
	(void)state;
	courier_begin(SEED);
	return 0;
}

static int64_t show(uint64_t of, uint64_t access)
{
	return machine_call(OSTI_CALL_DISK_SHOW, of, access, 0);
}

static int64_t hide(uint64_t of)
{
	return machine_call(OSTI_CALL_DISK_HIDE, of, 0, 0);
}

/* Of those that do not own it @ctx alone sees it and can be reached; -1: nobody. */
static void assert_shown_to(unsigned int devfn, int ctx)
{
	unsigned int id;

	for (id = 0; id <= CONFIG_OSTI_NR_SLOTS; id++)
		if (devfn != MACHINE_DISK(id))
			assert_int_equal(machine_sees_function(id, devfn),
					 (int)id == ctx);
	assert_int_equal(machine_dma_reaches(devfn, OSTI_RAM_IPA), ctx);
	if (ctx < 0)
		assert_int_equal(host_pci_command(devfn) & 7, 0);
}

/* The courier uses it: it moves data, and decodes addresses. */
static void use(unsigned int devfn)
{
	host_pci[devfn].config[4] |= 7;
	host_pci[devfn].status = 0x0f;
	assert_true(host_pci_is_live(devfn));
}

static void assert_taken(unsigned int devfn)
{
	assert_shown_to(devfn, -1);
	assert_false(host_pci_is_live(devfn));
}

static void show_to_read(void)
{
	struct machine_smc smc = machine_smc(OSTI_CALL_DISK_SHOW, CARRY_SLOT,
					     OSTI_DISK_READ, 0);

	assert_int_equal(smc.x[0], OSTI_OK);
	assert_int_equal(smc.x[1], ALIAS);
	assert_shown_to(ALIAS, COURIER);
	use(ALIAS);
}

/* ---- To be read -------------------------------------------------------------------- */

static void test_read(void **state)
{
	struct event_record event;

	(void)state;
	assert_taken(ALIAS);
	show_to_read();
	/* The slot's own disk stays what it was: nobody's. */
	assert_taken(DISK);
	event = machine_last_event(OSTI_EV_DISK_SHOWN);
	assert_int_equal(event.arg[0], COURIER);
	assert_int_equal(event.arg[1], OSTI_DISK_READ);
	assert_int_equal(hide(CARRY_SLOT), OSTI_OK);
	assert_taken(ALIAS);
	/* Again, and twice hidden is hidden. */
	show_to_read();
	assert_int_equal(hide(CARRY_SLOT), OSTI_OK);
	assert_int_equal(hide(CARRY_SLOT), OSTI_OK);
	assert_taken(ALIAS);
	assert_int_equal(machine_count_events(OSTI_EV_BAD_CALL), 0);
}

/* Other CPUs of the courier run: they lose it before it is reset, not after. */
static void test_order(void **state)
{
	const uint64_t command = 0x4010000004UL + ALIAS * 4096UL;
	const uint64_t reset = 0x4010000000UL + ALIAS * 4096UL + 0x94;

	(void)state;
	show_to_read();
	host_trace_clear();
	assert_int_equal(hide(CARRY_SLOT), OSTI_OK);
	assert_true(host_trace_find(0, HOST_WRITE, command) >= 0);
	assert_true(host_trace_find(0, HOST_WRITE, command) <
		    host_trace_find(0, HOST_WRITE, reset));
	spy_assert_order("pci_quiesce", ALIAS, "smmuv3_detach", ALIAS);
}

static void test_arguments(void **state)
{
	static const uint64_t slots[] = { 0, COURIER, 9, 1UL << 32 | CARRY_SLOT,
					  UINT64_MAX };
	static const uint64_t accesses[] = { 3, 1UL << 32, UINT64_MAX };
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(slots); i++) {
		assert_int_equal(show(slots[i], OSTI_DISK_READ),
				 OSTI_E_INVALID);
		assert_int_equal(show(slots[i], OSTI_DISK_WRITE),
				 OSTI_E_INVALID);
		assert_int_equal(hide(slots[i]), OSTI_E_INVALID);
	}
	for (i = 0; i < ARRAY_SIZE(accesses); i++)
		assert_int_equal(show(CARRY_SLOT, accesses[i]),
				 OSTI_E_INVALID);
	/* An empty slot's */
	assert_int_equal(show(1, OSTI_DISK_READ), OSTI_E_STATE);
	assert_int_equal(show(1, OSTI_DISK_WRITE), OSTI_E_STATE);
	assert_int_equal(hide(1), OSTI_OK);
	assert_taken(ALIAS);
	assert_taken(DISK);

	courier_leave(OSTI_CONTEXT_BM);
	assert_int_equal(show(CARRY_SLOT, OSTI_DISK_READ), OSTI_E_DENIED);
	assert_int_equal(hide(CARRY_SLOT), OSTI_E_DENIED);
	assert_taken(ALIAS);
}

/* One at a time, and who has another one cannot hide it. */
static void test_one(void **state)
{
	(void)state;
	courier_leave(OSTI_CONTEXT_BM);
	machine_start(1);
	assert_int_equal(show(CARRY_SLOT, OSTI_DISK_READ), OSTI_OK);
	assert_int_equal(show(CARRY_SLOT, OSTI_DISK_READ), OSTI_E_STATE);
	assert_int_equal(show(COURIER, OSTI_DISK_READ), OSTI_E_STATE);
	assert_int_equal(hide(COURIER), OSTI_OK);
	assert_shown_to(ALIAS, 1);
	assert_int_equal(hide(CARRY_SLOT), OSTI_OK);
	assert_int_equal(show(COURIER, OSTI_DISK_READ), OSTI_OK);
	assert_shown_to(MACHINE_ALIAS(COURIER), 1);
}

/* Whatever takes the device from the courier takes the disk. */
static void test_switch(void **state)
{
	static const unsigned int targets[] = { CARRY_SLOT, OSTI_CONTEXT_BM };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(targets); i++) {
		setup(state);
		show_to_read();
		courier_leave(targets[i]);
		assert_taken(ALIAS);
		if (targets[i] == CARRY_SLOT) {
			/* It has its own disk, and nobody its alias. */
			assert_int_equal(machine_dma_reaches(DISK,
							     OSTI_RAM_IPA),
					 CARRY_SLOT);
			courier_leave(COURIER);
		} else {
			courier_resume();
		}
		assert_taken(ALIAS);
		assert_int_equal(show(CARRY_SLOT, OSTI_DISK_READ), OSTI_OK);
	}
}

static void test_end_of_courier(void **state)
{
	static const uint32_t ends[] = { PSCI_SYSTEM_OFF, PSCI_SYSTEM_RESET };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(ends); i++) {
		setup(state);
		show_to_read();
		assert_int_equal(machine_smc(ends[i], 0, 0, 0).outcome,
				 OUTCOME_ENTER);
		assert_taken(ALIAS);
		assert_int_equal(slot()->state, OSTI_SLOT_FROZEN);
		machine_start(COURIER);
		assert_taken(ALIAS);
	}
}

/* Its other CPU does not leave: its table is empty all the same. */
static void test_lost_cpu(void **state)
{
	(void)state;
	machine_cpu_on(1);
	show_to_read();
	host_power.cpu[1].off_ticks = HOST_POWER_NEVER;
	assert_int_equal(machine_smc(PSCI_SYSTEM_RESET, 0, 0, 0).outcome,
			 OUTCOME_ENTER);
	assert_taken(ALIAS);
}

/* It sleeps, and is the same when it wakes. */
static void test_sleep(void **state)
{
	(void)state;
	show_to_read();
	host_power.wakes = true;
	host_power.interrupt = 27;
	assert_int_equal(machine_smc(PSCI_64(PSCI_SYSTEM_SUSPEND),
				     MACHINE_ENTRY, 0, 0).outcome,
			 OUTCOME_ENTER);
	assert_shown_to(ALIAS, COURIER);
}

/* While it is exported, by its own courier; the end takes it. */
static void test_export(void **state)
{
	struct carry_image image = { .slot = CARRY_SLOT };

	(void)state;
	carry_export_steps(&image, CARRY_SCANNING, CARRY_CHUNKING);
	show_to_read();
	assert_int_equal(show(CARRY_SLOT, OSTI_DISK_WRITE), OSTI_E_STATE);
	carry_export_steps(&image, CARRY_CHUNKED, CARRY_READ);
	assert_shown_to(ALIAS, COURIER);
	carry_commit_export();
	assert_taken(ALIAS);
	carry_free(&image);

	image = (struct carry_image) { .slot = CARRY_SLOT };
	show_to_read();
	carry_export_steps(&image, CARRY_SCANNING, CARRY_SCANNED);
	assert_shown_to(ALIAS, COURIER);
	carry_abort_export();
	assert_taken(ALIAS);
	carry_free(&image);
}

static void test_no_alias(void **state)
{
	(void)state;
	/* The device is not there: all else goes on. */
	host_pci[ALIAS].present = false;
	assert_int_equal(show(CARRY_SLOT, OSTI_DISK_READ), OSTI_E_NO_DISK);
	assert_int_equal(machine_count_events(OSTI_EV_BAD_CALL), 0);
	assert_int_equal(show(1, OSTI_DISK_READ), OSTI_E_STATE);
	assert_int_equal(hide(CARRY_SLOT), OSTI_OK);
}

/* ---- What does not do what it is told ----------------------------------------------- */

static void assert_cut_off(unsigned int devfn)
{
	struct event_record event = machine_last_event(OSTI_EV_CUT_OFF);

	assert_int_equal(event.arg[0], OSTI_CUT_PCI);
	assert_int_equal(event.arg[1], devfn);
	assert_shown_to(devfn, -1);
	assert_int_equal(show(CARRY_SLOT, OSTI_DISK_READ), OSTI_E_NO_DISK);
}

static void test_does_not_stop(void **state)
{
	(void)state;
	show_to_read();
	host_pci[ALIAS].never_resets = true;
	assert_int_equal(hide(CARRY_SLOT), OSTI_E_HARDWARE);
	assert_cut_off(ALIAS);
}

static void test_does_not_stop_at_switch(void **state)
{
	(void)state;
	show_to_read();
	host_pci[ALIAS].never_resets = true;
	courier_leave(CARRY_SLOT);
	assert_int_equal(slot()->state, OSTI_SLOT_RUNNING);
	courier_leave(COURIER);
	assert_cut_off(ALIAS);
}

static void test_is_not_detached(void **state)
{
	(void)state;
	show_to_read();
	host_smmu.cmdq_stuck = true;
	assert_int_equal(hide(CARRY_SLOT), OSTI_E_HARDWARE);
	assert_false(host_pci_is_live(ALIAS));
	assert_false(machine_sees_function(COURIER, ALIAS));
	assert_int_equal(show(CARRY_SLOT, OSTI_DISK_READ), OSTI_E_NO_DISK);
}

static void test_is_not_attached(void **state)
{
	(void)state;
	host_smmu.cmdq_stuck = true;
	assert_int_equal(show(CARRY_SLOT, OSTI_DISK_READ), OSTI_E_HARDWARE);
	assert_false(machine_sees_function(COURIER, ALIAS));
	assert_int_equal(show(CARRY_SLOT, OSTI_DISK_READ), OSTI_E_NO_DISK);
	assert_int_equal(hide(CARRY_SLOT), OSTI_OK);
}

/* ---- To be written ------------------------------------------------------------------- */

static void make_copy(struct carry_image *image, unsigned int attachments)
{
	*image = (struct carry_image) { .slot = CARRY_SLOT,
					.attachments = attachments };
	carry_export_steps(image, CARRY_SCANNING, CARRY_READ);
	carry_commit_export();
}

/* The boot manager saves the slot, so that it is empty and has an image. */
static void make_empty(void)
{
	struct carry_image local;

	courier_hibernate(&local);
	carry_free(&local);
}

/* A copy with a disk, to which a person agreed, is on its way in. */
static void begin_restore(struct carry_image *copy, enum carry_import stage)
{
	make_copy(copy, 1);
	make_empty();
	courier_agree(copy);
	assert_int_equal(carry_import_steps(copy, CARRY_WRITING, stage), 0);
}

static void show_to_write(void)
{
	struct machine_smc smc = machine_smc(OSTI_CALL_DISK_SHOW, CARRY_SLOT,
					     OSTI_DISK_WRITE, 0);

	assert_int_equal(smc.x[0], OSTI_OK);
	assert_int_equal(smc.x[1], DISK);
	assert_shown_to(DISK, COURIER);
	use(DISK);
}

static void test_write(void **state)
{
	struct carry_image copy;

	(void)state;
	begin_restore(&copy, CARRY_OPENED);
	carry_assert_generation(1, NV_STORED);
	show_to_write();
	/* What could be resumed has a disk that is about to change. */
	carry_assert_generation(1, NV_CONSUMED);
	assert_int_equal(machine_last_event(OSTI_EV_DISK_SHOWN).arg[1],
			 OSTI_DISK_WRITE);
	assert_int_equal(show(CARRY_SLOT, OSTI_DISK_READ), OSTI_E_STATE);
	assert_int_equal(carry_import_steps(&copy, CARRY_PLACING,
					    CARRY_CHECKED), 0);
	assert_shown_to(DISK, COURIER);
	carry_commit_import();
	assert_taken(DISK);
	courier_leave(CARRY_SLOT);
	carry_assert_contents(CARRY_SLOT, SEED);
	assert_int_equal(machine_dma_reaches(DISK, OSTI_RAM_IPA), CARRY_SLOT);
	carry_free(&copy);
}

static void test_write_ends(void **state)
{
	struct carry_image copy;

	(void)state;
	begin_restore(&copy, CARRY_OPENED);
	show_to_write();
	carry_abort_import();
	assert_taken(DISK);
	assert_int_equal(show(CARRY_SLOT, OSTI_DISK_WRITE), OSTI_E_STATE);

	/* The same once more, up to a switch. */
	courier_agree(&copy);
	assert_int_equal(carry_import_steps(&copy, CARRY_WRITING, CARRY_OPENED),
			 0);
	show_to_write();
	courier_leave(OSTI_CONTEXT_BM);
	assert_taken(DISK);
	assert_int_equal(slot()->state, OSTI_SLOT_EMPTY);
	carry_free(&copy);
}

static void test_write_refused_image(void **state)
{
	struct carry_image copy;

	(void)state;
	begin_restore(&copy, CARRY_OPENED);
	show_to_write();
	copy.attachments = 0;
	assert_int_equal(carry_import_steps(&copy, CARRY_PLACING,
					    CARRY_CHECKED),
			 OSTI_IMAGE_E_ATTACHED);
	/* What the courier has begun can end; then, at the latest, at a switch. */
	assert_int_equal(slot()->state, OSTI_SLOT_EMPTY);
	assert_shown_to(DISK, COURIER);
	assert_int_equal(hide(CARRY_SLOT), OSTI_OK);
	assert_taken(DISK);
	assert_int_equal(show(CARRY_SLOT, OSTI_DISK_WRITE), OSTI_E_STATE);

	copy.attachments = 1;
	courier_agree(&copy);
	assert_int_equal(carry_import_steps(&copy, CARRY_WRITING, CARRY_OPENED),
			 0);
	show_to_write();
	copy.attachments = 0;
	assert_int_equal(carry_import_steps(&copy, CARRY_PLACING,
					    CARRY_CHECKED),
			 OSTI_IMAGE_E_ATTACHED);
	courier_leave(OSTI_CONTEXT_BM);
	assert_taken(DISK);
	carry_free(&copy);
}

/* Without a person, or for another copy; before the manifest is proved. */
static void test_no_consent(void **state)
{
	struct carry_image copy;

	(void)state;
	make_copy(&copy, 1);
	make_empty();
	assert_int_equal(show(CARRY_SLOT, OSTI_DISK_WRITE), OSTI_E_STATE);
	assert_int_equal(carry_import_steps(&copy, CARRY_WRITING, CARRY_OPENED),
			 0);
	assert_int_equal(show(CARRY_SLOT, OSTI_DISK_WRITE), OSTI_E_AGREE);
	assert_int_equal(courier_ask(&copy), OSTI_OK);
	assert_int_equal(show(CARRY_SLOT, OSTI_DISK_WRITE), OSTI_E_AGREE);
	assert_int_equal(show(CARRY_SLOT, OSTI_DISK_READ), OSTI_E_STATE);
	assert_taken(DISK);
	carry_abort_import();
	carry_assert_generation(1, NV_STORED);

	courier_agree(&copy);
	assert_int_equal(carry_import_steps(&copy, CARRY_WRITING,
					    CARRY_WRITTEN), 0);
	assert_int_equal(show(CARRY_SLOT, OSTI_DISK_WRITE), OSTI_E_STATE);
	assert_int_equal(carry_import_steps(&copy, CARRY_OPENED, CARRY_OPENED),
			 0);
	show_to_write();
	/* What is asked for next is not agreed to. */
	assert_int_equal(courier_ask(&copy), OSTI_OK);
	assert_taken(DISK);
	assert_int_equal(show(CARRY_SLOT, OSTI_DISK_WRITE), OSTI_E_AGREE);
	carry_abort_import();
	carry_free(&copy);
}

/* A person agreed to memory alone. */
static void test_copy_without_disk(void **state)
{
	struct carry_image copy;

	(void)state;
	make_copy(&copy, 0);
	make_empty();
	courier_agree(&copy);
	assert_int_equal(carry_import_steps(&copy, CARRY_WRITING, CARRY_OPENED),
			 0);
	assert_int_equal(show(CARRY_SLOT, OSTI_DISK_WRITE), OSTI_E_STATE);
	carry_assert_generation(1, NV_STORED);
	carry_free(&copy);
}

/* An image that cannot be given up: the disk stays as it belongs to it. */
static void test_worn(void **state)
{
	struct carry_image copy;

	(void)state;
	begin_restore(&copy, CARRY_OPENED);
	host_flash.fail_at = 1;
	host_flash.fail_status = 0x10;
	host_flash.fail_more = UINT_MAX;
	assert_int_equal(show(CARRY_SLOT, OSTI_DISK_WRITE), OSTI_E_HARDWARE);
	assert_taken(DISK);
	host_flash.fail_at = 0;
	host_flash.fail_more = 0;
	carry_abort_import();
	carry_free(&copy);
}

/* The slot's own disk does not stop: it is nobody's, and the slot lives. */
static void test_disk_does_not_stop(void **state)
{
	struct carry_image copy;

	(void)state;
	begin_restore(&copy, CARRY_PLACED);
	show_to_write();
	host_pci[DISK].never_resets = true;
	carry_commit_import();
	assert_int_equal(machine_last_event(OSTI_EV_CUT_OFF).arg[1], DISK);
	courier_leave(CARRY_SLOT);
	assert_int_equal(slot()->state, OSTI_SLOT_RUNNING);
	assert_false(machine_sees_function(CARRY_SLOT, DISK));
	assert_int_equal(machine_dma_reaches(DISK, OSTI_RAM_IPA), -1);
	carry_free(&copy);
}

int main(void)
{
#define TEST(f)	cmocka_unit_test_setup(f, setup)
	const struct CMUnitTest tests[] = {
		TEST(test_read),
		TEST(test_order),
		TEST(test_arguments),
		TEST(test_one),
		TEST(test_switch),
		TEST(test_end_of_courier),
		TEST(test_lost_cpu),
		TEST(test_sleep),
		TEST(test_export),
		TEST(test_no_alias),
		TEST(test_does_not_stop),
		TEST(test_does_not_stop_at_switch),
		TEST(test_is_not_detached),
		TEST(test_is_not_attached),
		TEST(test_write),
		TEST(test_write_ends),
		TEST(test_write_refused_image),
		TEST(test_no_consent),
		TEST(test_copy_without_disk),
		TEST(test_worn),
		TEST(test_disk_does_not_stop),
	};

	return cmocka_run_group_tests_name("monitor_disk", tests, NULL, NULL);
}
