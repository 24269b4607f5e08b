// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_cut.c - power goes away at every write of a device's life with images: what
 * the next power-on finds is as docs/boot-manager.md says
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>
#include <osti/abi.h>

#include "host_flash.h"

#include "rig.h"
#include "cut.h"

/* Contents that a slot may have: of one life. */
#define LAST		3

/* ---- What may be found ---------------------------------------------------------- */

static void only(unsigned int slot, unsigned int contents)
{
	cut_left->may[slot] = CUT_MAY(contents);
}

static void either(unsigned int slot, unsigned int one, unsigned int other)
{
	cut_left->may[slot] = CUT_MAY(one) | CUT_MAY(other);
}

/* What the slot that runs now was entered with. */
static unsigned int assert_may(void)
{
	const unsigned int slot = rig_running();
	const unsigned int contents = rig_contents(LAST);

	if (!(cut_left->may[slot] & CUT_MAY(contents)))
		fail_msg("slot %u has contents %u, may have %#x", slot, contents,
			 cut_left->may[slot]);
	return contents;
}

/* The other slot is entered by a switch, as what it may have lets it. */
static void check_other(unsigned int slot)
{
	const enum rig_end end = rig_switch(slot, NULL);

	if (end == RIG_ENTERED) {
		assert_int_equal(rig_running(), slot);
		assert_may();
		return;
	}
	/* It needs a person. */
	assert_int_equal(end, RIG_WAITS);
	if (cut_left->may[slot] & CUT_MISSING)
		assert_true(rig_said("its image is missing"));
	else if (cut_left->may[slot] & CUT_RETIRED)
		assert_true(rig_said("was pushed and lives elsewhere"));
	else
		fail_msg("slot %u needs a person", slot);
}

/*
 * Somebody looks at the device: what comes by itself, and what the other slot has. A
 * slot that cannot be resumed from an image nor started is one half of an image.
 */
static void check(void)
{
	const enum rig_end end = rig_boot(NULL);
	unsigned int slot;

	/* Without any image the default slot is entered, if it needs nobody. */
	if (end == RIG_WAITS) {
		assert_true(cut_left->may[1] & (CUT_MISSING | CUT_RETIRED));
		assert_int_equal(cut_left->may[2], CUT_MAY(RIG_COLD));
		return;
	}
	assert_int_equal(end, RIG_ENTERED);
	slot = rig_running();
	/* Without an image it is the default slot, and then no other has one. */
	if (assert_may() == RIG_COLD)
		assert_int_equal(slot, 1);
	check_other(3 - slot);
}

/* ---- Lives ------------------------------------------------------------------------ */

/* Slot 2 runs, slot 1 is frozen; both have what is their number. */
static void begin(void)
{
	rig_new();
	assert_int_equal(rig_boot(NULL), RIG_ENTERED);
	assert_int_equal(rig_running(), 1);
	rig_fill(1);
	assert_int_equal(rig_switch(2, NULL), RIG_ENTERED);
	assert_int_equal(rig_running(), 2);
	rig_fill(2);
	only(1, RIG_COLD);
	only(2, RIG_COLD);
}

static void assert_done(void)
{
	assert_int_equal(rig_answer(NULL), OSTI_RESULT_DONE);
}

static void hibernate_other(unsigned int slot, unsigned int contents)
{
	either(slot, RIG_COLD, contents);
	cut_begin("hibernating a frozen slot");
	assert_int_equal(rig_request(OSTI_REQUEST_HIBERNATE, slot, NULL),
			 RIG_ENTERED);
	assert_done();
	only(slot, contents);
	cut_end();
}

static void hibernate_itself(unsigned int contents)
{
	const unsigned int slot = rig_running();

	either(slot, RIG_COLD, contents);
	cut_begin("hibernating all and switching off");
	assert_int_equal(rig_request(OSTI_REQUEST_POWER_OFF, 0, NULL),
			 RIG_OFF);
	only(slot, contents);
	cut_end();
}

static void come_back(unsigned int slot, unsigned int contents)
{
	rig_power_cycle();
	either(slot, contents, RIG_COLD);
	cut_begin("resuming the newest image after power-on");
	assert_int_equal(rig_boot(NULL), RIG_ENTERED);
	assert_int_equal(rig_running(), slot);
	assert_int_equal(rig_contents(LAST), contents);
	/* Once it has run, its image never is again. */
	only(slot, RIG_COLD);
	cut_end();
}

static void life_of_two(void)
{
	begin();
	hibernate_other(1, 1);
	hibernate_itself(2);
	come_back(2, 2);
	/* In the other area, over nothing, while slot 1 has an image. */
	rig_fill(3);
	hibernate_itself(3);
}

static void test_hibernate(void **state)
{
	(void)state;
	cut_try(life_of_two, check);
}

static const struct uboot_key agree[] = {
	{ "y within 30 s", 'y' }, { NULL, 0 },
};

/* Slot 2 runs, and slot 1 has an image that nobody is about to change. */
static void begin_stored(void)
{
	begin();
	assert_int_equal(rig_request(OSTI_REQUEST_HIBERNATE, 1, NULL),
			 RIG_ENTERED);
	assert_done();
	only(1, 1);
}

static void life_of_dropped(void)
{
	begin_stored();
	either(1, 1, RIG_COLD);
	cut_begin("giving an image up");
	assert_int_equal(rig_request(OSTI_REQUEST_DROP, 1, agree), RIG_ENTERED);
	assert_done();
	only(1, RIG_COLD);
	cut_end();
}

static void life_of_retired(void)
{
	begin_stored();
	cut_left->may[1] |= CUT_RETIRED;
	cut_begin("retiring an image");
	assert_int_equal(rig_request(OSTI_REQUEST_RETIRE, 1, NULL), RIG_ENTERED);
	assert_done();
	cut_left->may[1] = CUT_RETIRED;
	cut_end();
}

static const struct uboot_key cold[] = {
	{ "press 1 again to start it cold", '1' }, { NULL, 0 },
};

/*
 * NV memory cannot be written, and a person starts the slot all the same: both areas
 * are cleared first. It says of the next power-on that the image is missing.
 */
static void life_of_destroyed(void)
{
	begin_stored();
	host_flash.stuck = true;
	cut_left->may[1] |= CUT_MISSING;
	cut_begin("destroying an image");
	assert_int_equal(rig_switch(1, cold), RIG_ENTERED);
	assert_true(rig_said("what the store had of it is destroyed"));
	cut_left->may[1] = CUT_MISSING;
	cut_end();
}

static void test_drop(void **state)
{
	(void)state;
	cut_try(life_of_dropped, check);
}

static void test_retire(void **state)
{
	(void)state;
	cut_try(life_of_retired, check);
}

static void test_destroy(void **state)
{
	(void)state;
	cut_try(life_of_destroyed, check);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hibernate),
		cmocka_unit_test(test_drop),
		cmocka_unit_test(test_retire),
		cmocka_unit_test(test_destroy),
	};

	return cmocka_run_group_tests_name("bm_cut", tests, NULL, NULL);
}
