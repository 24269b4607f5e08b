// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_request.c - targets, requests of an OS to the boot manager, and answers
 */
#include "test.h"

#include <string.h>

#include "context.h"
#include "event.h"
#include "host_power.h"
#include "machine.h"
#include "psci.h"

#define SLOTS		CONFIG_OSTI_NR_SLOTS
#define ABOUT(slot)	((uint64_t)(slot) << 8)

static int setup_bm(void **state)
{
	(void)state;
	machine_boot(2);
	return 0;
}

static int64_t arm(uint64_t target, uint64_t request)
{
	return machine_call(OSTI_CALL_TARGET_ARM, target, request, 0);
}

static struct machine_smc suspend(void)
{
	return machine_smc(PSCI_64(PSCI_SYSTEM_SUSPEND), MACHINE_ENTRY, 0, 0);
}

/* ---- Targets ------------------------------------------------------------- */

static void test_arm(void **state)
{
	static const uint64_t bad[] = {
		1,		/* itself */
		SLOTS + 1, OSTI_TARGET_NONE, 0x100, 0x102, 0x100000002,
		0x8000000000000002, UINT64_MAX,
	};
	const struct context *self = context_get(1);
	unsigned int i;

	(void)state;
	assert_int_equal(arm(2, 0), OSTI_OK);
	assert_int_equal(self->target, 2);
	assert_int_equal(machine_last_event(OSTI_EV_ARMED).arg[0], 2);
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		assert_int_equal(arm(bad[i], 0), OSTI_E_INVALID);
		assert_int_equal(self->target, 2);
	}
	/* The last one counts; an empty slot and the menu are good targets. */
	assert_int_equal(arm(3, 0), OSTI_OK);
	assert_int_equal(self->target, 3);
	assert_int_equal(arm(0, 0), OSTI_OK);
	assert_int_equal(self->target, 0);
	assert_int_equal(machine_count_events(OSTI_EV_ARMED), 4);
}

static void test_cancel(void **state)
{
	(void)state;
	/* Slot 2 armed one in machine_setup_slot() and was frozen by it. */
	assert_int_equal(machine_call(OSTI_CALL_TARGET_CANCEL, 0, 0, 0),
			 OSTI_OK);
	assert_int_equal(machine_count_events(OSTI_EV_CANCELLED), 0);
	assert_int_equal(machine_call(OSTI_CALL_TARGET_ARM, 2, 0, 0), OSTI_OK);
	assert_int_equal(machine_call(OSTI_CALL_TARGET_CANCEL, 0, 0, 0),
			 OSTI_OK);
	assert_int_equal(context_get(1)->target, OSTI_TARGET_NONE);
	assert_int_equal(machine_last_event(OSTI_EV_CANCELLED).arg[0], 2);
	assert_int_equal(machine_call(OSTI_CALL_TARGET_CANCEL, 0, 0, 0),
			 OSTI_OK);
	assert_int_equal(machine_count_events(OSTI_EV_CANCELLED), 1);
	/* Its marks are over too. */
	assert_int_equal(machine_call(OSTI_CALL_PHASE_MARK, OSTI_PHASE_FROZEN,
				      0, 0), OSTI_E_STATE);
	/* The next suspend is an ordinary one. */
	host_power.wakes = true;
	assert_int_equal(machine_smc(PSCI_64(PSCI_SYSTEM_SUSPEND),
				     MACHINE_ENTRY, 0, 0).outcome,
			 OUTCOME_ENTER);
	assert_int_equal(host_power.sleeps, 1);
	assert_int_equal(context_get(2)->state, OSTI_SLOT_FROZEN);
}

static void test_targets_bm(void **state)
{
	(void)state;
	assert_int_equal(machine_call(OSTI_CALL_TARGET_ARM, 1, 0, 0),
			 OSTI_E_DENIED);
	assert_int_equal(machine_call(OSTI_CALL_TARGET_ARM, UINT64_MAX, 9, 0),
			 OSTI_E_DENIED);
	assert_int_equal(machine_call(OSTI_CALL_TARGET_CANCEL, 0, 0, 0),
			 OSTI_E_DENIED);
	assert_int_equal(context_get(0)->target, OSTI_TARGET_NONE);
}

/* ---- Requests ------------------------------------------------------------ */

static const uint64_t good[] = {
	OSTI_REQUEST_HIBERNATE | ABOUT(1), OSTI_REQUEST_HIBERNATE | ABOUT(2),
	OSTI_REQUEST_HIBERNATE | ABOUT(SLOTS), OSTI_REQUEST_POWER_OFF,
	OSTI_REQUEST_VERIFY | ABOUT(1), OSTI_REQUEST_VERIFY | ABOUT(3),
	OSTI_REQUEST_DROP | ABOUT(2), OSTI_REQUEST_DROP | ABOUT(3),
	OSTI_REQUEST_RESTORE | ABOUT(1), OSTI_REQUEST_RESTORE | ABOUT(3),
	OSTI_REQUEST_RETIRE | ABOUT(1), OSTI_REQUEST_RETIRE | ABOUT(3),
	OSTI_REQUEST_BOOT_INSTALL | ABOUT(1), OSTI_REQUEST_BOOT_LIST | ABOUT(3),
	OSTI_REQUEST_FIRMWARE | ABOUT(1),
};

static const uint64_t bad[] = {
	OSTI_REQUEST_LAST + 1, OSTI_REQUEST_LAST + 1 + ABOUT(1), 0xff,
	0xff | ABOUT(1), OSTI_REQUEST_NONE | ABOUT(1),
	OSTI_REQUEST_NONE | ABOUT(2), OSTI_REQUEST_HIBERNATE,
	OSTI_REQUEST_HIBERNATE | ABOUT(SLOTS + 1),
	OSTI_REQUEST_HIBERNATE | ABOUT(0xff),
	OSTI_REQUEST_HIBERNATE | ABOUT(0x100),
	OSTI_REQUEST_HIBERNATE | ABOUT(0x101),
	OSTI_REQUEST_HIBERNATE | ABOUT(1) | 1UL << 32,
	OSTI_REQUEST_HIBERNATE | ABOUT(1) | 1UL << 63,
	OSTI_REQUEST_POWER_OFF | ABOUT(1), OSTI_REQUEST_VERIFY,
	OSTI_REQUEST_POWER_OFF | 1UL << 32, OSTI_REQUEST_DROP,
	OSTI_REQUEST_DROP | ABOUT(SLOTS + 1), UINT64_MAX,
	OSTI_REQUEST_BOOT_INSTALL, OSTI_REQUEST_BOOT_LIST | ABOUT(SLOTS + 1),
	UINT64_MAX << 8 | OSTI_REQUEST_DROP,
};

static void assert_reason(unsigned int reason, unsigned int slot,
			  uint64_t request)
{
	struct machine_smc smc = machine_smc(OSTI_CALL_BM_REASON, 0, 0, 0);

	assert_int_equal(smc.x[0], OSTI_OK);
	assert_int_equal(smc.x[1], reason);
	assert_int_equal(smc.x[2], slot);
	assert_int_equal(smc.x[3], 1);
	assert_int_equal(smc.x[4], request);
}

static void resume(unsigned int slot)
{
	assert_int_equal(machine_smc(OSTI_CALL_SLOT_RESUME, slot, 0, 0).outcome,
			 OUTCOME_ENTER);
}

/* The boot manager is told what, by whom, and who ran. */
static void test_requests(void **state)
{
	struct event_record rec;
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(good); i++) {
		assert_int_equal(machine_request(good[i]).outcome,
				 OUTCOME_ENTER);
		assert_int_equal(context_get(1)->state, OSTI_SLOT_FROZEN);
		assert_reason(OSTI_REASON_REQUEST, 1, good[i]);
		rec = machine_last_event(OSTI_EV_BM_ENTER);
		assert_int_equal(rec.arg[0], OSTI_REASON_REQUEST);
		assert_int_equal(rec.what >> 16 & 0xff, 1);
		resume(1);
	}
	/* The next time it is only the menu. */
	assert_int_equal(machine_suspend(0, MACHINE_ENTRY, 0).outcome,
			 OUTCOME_ENTER);
	assert_reason(OSTI_REASON_MENU, 0, 0);
}

static void test_requests_refused(void **state)
{
	const struct context *self = context_get(1);
	unsigned int i;

	(void)state;
	assert_int_equal(arm(0, OSTI_REQUEST_POWER_OFF), OSTI_OK);
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		assert_int_equal(arm(0, bad[i]), OSTI_E_INVALID);
	/* Another slot does nothing for anybody. */
	for (i = 0; i < ARRAY_SIZE(good); i++)
		assert_int_equal(arm(2, good[i]), OSTI_E_INVALID);
	assert_int_equal(self->target, 0);
	assert_int_equal(suspend().outcome, OUTCOME_ENTER);
	assert_reason(OSTI_REASON_REQUEST, 1, OSTI_REQUEST_POWER_OFF);
}

/* A request ends with the target that it came with. */
static void test_request_replaced(void **state)
{
	(void)state;
	assert_int_equal(arm(0, OSTI_REQUEST_POWER_OFF), OSTI_OK);
	assert_int_equal(arm(3, 0), OSTI_OK);
	assert_int_equal(suspend().outcome, OUTCOME_ENTER);
	assert_reason(OSTI_REASON_SWITCH, 3, 0);
	resume(1);

	assert_int_equal(arm(0, OSTI_REQUEST_POWER_OFF), OSTI_OK);
	assert_int_equal(arm(2, 0), OSTI_OK);
	assert_int_equal(suspend().outcome, OUTCOME_ENTER);
	assert_int_equal(context_get(2)->state, OSTI_SLOT_RUNNING);
	assert_int_equal(machine_suspend(1, MACHINE_ENTRY, 0).outcome,
			 OUTCOME_ENTER);

	assert_int_equal(arm(0, OSTI_REQUEST_POWER_OFF), OSTI_OK);
	assert_int_equal(machine_call(OSTI_CALL_TARGET_CANCEL, 0, 0, 0),
			 OSTI_OK);
	host_power.wakes = true;
	assert_int_equal(suspend().outcome, OUTCOME_ENTER);
	assert_int_equal(host_power.sleeps, 1);
	assert_int_equal(context_get(1)->state, OSTI_SLOT_RUNNING);
}

/* ---- Answers ------------------------------------------------------------- */

#define REQUEST	(OSTI_REQUEST_VERIFY | ABOUT(2))

static int64_t answer(uint64_t slot, uint64_t request, uint64_t result,
		      uint64_t detail)
{
	return machine_smc5(OSTI_CALL_BM_ANSWER, slot, request, result, detail,
			    0).x[0];
}

static int64_t ask(void)
{
	return machine_call(OSTI_CALL_REQUEST_RESULT, 0, 0, 0);
}

static void test_answer(void **state)
{
	struct machine_smc smc;
	unsigned int i;

	(void)state;
	assert_int_equal(ask(), OSTI_E_EMPTY);
	assert_int_equal(machine_request(REQUEST).outcome, OUTCOME_ENTER);
	assert_int_equal(answer(1, REQUEST, OSTI_RESULT_REFUSED, 19), OSTI_OK);
	resume(1);
	for (i = 0; i < 2; i++) {
		smc = machine_smc(OSTI_CALL_REQUEST_RESULT, 0, 0, 0);
		assert_int_equal(smc.x[0], OSTI_OK);
		assert_int_equal(smc.x[1], REQUEST);
		assert_int_equal(smc.x[2], OSTI_RESULT_REFUSED);
		assert_int_equal(smc.x[3], 19);
	}
	/* A call that is refused is no new request. */
	assert_int_equal(arm(0, bad[0]), OSTI_E_INVALID);
	assert_int_equal(ask(), OSTI_OK);
	/* Until it arms again. */
	assert_int_equal(arm(2, 0), OSTI_OK);
	assert_int_equal(ask(), OSTI_E_EMPTY);
	/* It is the asker's alone. */
	assert_int_equal(suspend().outcome, OUTCOME_ENTER);
	assert_int_equal(ask(), OSTI_E_EMPTY);
	assert_int_equal(machine_count_events(OSTI_EV_BAD_CALL), 1);
}

/* The boot manager was not able to answer. */
static void test_no_answer(void **state)
{
	(void)state;
	assert_int_equal(machine_request(REQUEST).outcome, OUTCOME_ENTER);
	assert_int_equal(answer(1, REQUEST, OSTI_RESULT_DONE, 0), OSTI_OK);
	resume(1);
	assert_int_equal(machine_request(REQUEST).outcome, OUTCOME_ENTER);
	assert_int_equal(machine_smc(PSCI_SYSTEM_RESET, 0, 0, 0).outcome,
			 OUTCOME_ENTER);
	assert_reason(OSTI_REASON_RESTART, 0, 0);
	resume(1);
	/* Not what it was told before. */
	assert_int_equal(ask(), OSTI_E_EMPTY);
}

/* Whoever starts in the slot later is not told what another one asked. */
static void test_answer_of_the_dead(void **state)
{
	(void)state;
	assert_int_equal(machine_request(REQUEST).outcome, OUTCOME_ENTER);
	assert_int_equal(answer(1, REQUEST, OSTI_RESULT_DONE, 0), OSTI_OK);
	resume(1);
	assert_int_equal(machine_smc(PSCI_SYSTEM_OFF, 0, 0, 0).outcome,
			 OUTCOME_ENTER);
	machine_start(1);
	assert_int_equal(ask(), OSTI_E_EMPTY);
}

static void test_answer_refused(void **state)
{
	static const uint64_t slots[] = {
		0, SLOTS + 1, 0x101, 0x100000001, UINT64_MAX,
	};
	static const uint64_t results[] = {
		OSTI_RESULT_LAST + 1, 0x100, 1UL << 32, UINT64_MAX,
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(slots); i++)
		assert_int_equal(answer(slots[i], REQUEST, 0, 0),
				 OSTI_E_INVALID);
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		assert_int_equal(answer(1, bad[i], 0, 0), OSTI_E_INVALID);
	assert_int_equal(answer(1, OSTI_REQUEST_NONE, 0, 0), OSTI_E_INVALID);
	for (i = 0; i < ARRAY_SIZE(results); i++)
		assert_int_equal(answer(1, REQUEST, results[i], 0),
				 OSTI_E_INVALID);
	for (i = 1; i <= SLOTS; i++)
		assert_false(context_get(i)->answer.given);
	assert_int_equal(ask(), OSTI_E_DENIED);
	for (i = 0; i <= OSTI_RESULT_LAST; i++)
		assert_int_equal(answer(SLOTS, REQUEST, i, UINT64_MAX),
				 OSTI_OK);
}

static void test_answer_as_slot(void **state)
{
	(void)state;
	assert_int_equal(answer(1, REQUEST, 0, 0), OSTI_E_DENIED);
	assert_int_equal(answer(2, REQUEST, 0, 0), OSTI_E_DENIED);
	assert_false(context_get(1)->answer.given);
	assert_false(context_get(2)->answer.given);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_arm, machine_setup_slot),
		cmocka_unit_test_setup(test_cancel, machine_setup_slot),
		cmocka_unit_test_setup(test_targets_bm, setup_bm),
		cmocka_unit_test_setup(test_requests, machine_setup_slot),
		cmocka_unit_test_setup(test_requests_refused, machine_setup_slot),
		cmocka_unit_test_setup(test_request_replaced, machine_setup_slot),
		cmocka_unit_test_setup(test_answer, machine_setup_slot),
		cmocka_unit_test_setup(test_no_answer, machine_setup_slot),
		cmocka_unit_test_setup(test_answer_of_the_dead, machine_setup_slot),
		cmocka_unit_test_setup(test_answer_refused, setup_bm),
		cmocka_unit_test_setup(test_answer_as_slot, machine_setup_slot),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
