// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Inhibitor locks.
 */
#include "helper.h"

#include <stdio.h>
#include <string.h>

#include "daemon/inhibit.h"

static struct inhibit_lock *take(struct inhibit *inhibit, const char *who)
{
	struct inhibit_lock *lock = NULL;
	struct fault fault;

	if (inhibit_take(inhibit, who, "because", 1000, 42, &lock, &fault) < 0)
		fail_msg("%s", fault.message);
	return lock;
}

static void test_take_and_release(void **state)
{
	struct inhibit inhibit = { 0 };
	struct inhibit_lock *first;
	struct inhibit_lock *second;
	struct fault fault;

	(void)state;
	assert_int_equal(inhibit_check(&inhibit, &fault), 0);
	first = take(&inhibit, "first");
	assert_int_equal(inhibit_check(&inhibit, &fault), -1);
	assert_int_equal(fault.code, FAULT_INHIBITED);
	assert_string_equal(fault.message,
			    "inhibited by first (process 42): because");
	second = take(&inhibit, "second");
	assert_int_not_equal(first->id, second->id);
	assert_int_equal(inhibit_check(&inhibit, &fault), -1);
	assert_non_null(strstr(fault.message, "by first"));
	assert_non_null(strstr(fault.message, "and by 1 more"));
	inhibit_release(&inhibit, first);
	assert_int_equal(inhibit_check(&inhibit, &fault), -1);
	assert_non_null(strstr(fault.message, "by second"));
	inhibit_release(&inhibit, second);
	assert_int_equal(inhibit_check(&inhibit, &fault), 0);
}

static void test_release_in_any_order(void **state)
{
	struct inhibit_lock *lock[3];
	struct inhibit inhibit = { 0 };
	struct fault fault;

	(void)state;
	lock[0] = take(&inhibit, "a");
	lock[1] = take(&inhibit, "b");
	lock[2] = take(&inhibit, "c");
	inhibit_release(&inhibit, lock[1]);
	inhibit_release(&inhibit, lock[2]);
	lock[1] = take(&inhibit, "d");
	assert_int_equal(lock[1]->id, 4);
	inhibit_release(&inhibit, lock[0]);
	inhibit_release(&inhibit, lock[1]);
	assert_int_equal(inhibit_check(&inhibit, &fault), 0);
}

static void refused(const char *who, const char *why, const char *says)
{
	struct inhibit inhibit = { 0 };
	struct inhibit_lock *lock;
	struct fault fault;

	assert_int_equal(inhibit_take(&inhibit, who, why, 0, 1, &lock, &fault),
			 -1);
	assert_int_equal(fault.code, FAULT_BAD_REQUEST);
	assert_non_null(strstr(fault.message, says));
	assert_int_equal(inhibit_check(&inhibit, &fault), 0);
}

static void test_texts(void **state)
{
	char text[PROTOCOL_WHY_MAX + 2];
	struct inhibit inhibit = { 0 };
	struct inhibit_lock *lock;
	struct fault fault;

	(void)state;
	refused("", "y", "'who' must have 1 to 64 bytes");
	refused("x", "", "'why' must have 1 to 256 bytes");
	refused("x\n", "y", "'who' must have no control characters");
	refused("x", "y\x1b[2J", "'why' must have no control characters");
	refused("x", "\x7f", "'why' must have no control characters");
	memset(text, 'x', sizeof(text));
	text[PROTOCOL_WHO_MAX + 1] = '\0';
	refused(text, "y", "'who' must have 1 to 64 bytes");
	text[PROTOCOL_WHO_MAX + 1] = 'x';
	text[PROTOCOL_WHY_MAX + 1] = '\0';
	refused("x", text, "'why' must have 1 to 256 bytes");
	text[PROTOCOL_WHY_MAX] = '\0';
	assert_int_equal(inhibit_take(&inhibit, "J\xc3\xbcrgen", text, 0, 1,
				      &lock, &fault),
			 0);
	assert_string_equal(lock->why, text);
	inhibit_release(&inhibit, lock);
}

static void take_as(struct inhibit *inhibit, uid_t uid, unsigned int n)
{
	struct inhibit_lock *lock;
	struct fault fault;

	while (n--)
		assert_int_equal(inhibit_take(inhibit, "x", "y", uid, 1, &lock,
					      &fault),
				 0);
}

static void full(struct inhibit *inhibit, uid_t uid, const char *says)
{
	struct inhibit_lock *lock;
	struct fault fault;

	assert_int_equal(inhibit_take(inhibit, "x", "y", uid, 1, &lock, &fault),
			 -1);
	assert_int_equal(fault.code, FAULT_LIMIT);
	assert_non_null(strstr(fault.message, says));
}

static void test_limits(void **state)
{
	struct inhibit inhibit = { 0 };
	uid_t uid = 1000;

	(void)state;
	take_as(&inhibit, uid, INHIBIT_USER_LOCKS);
	full(&inhibit, uid, "user 1000 holds 8 locks already");
	/* One that is given back can be taken again, by anybody. */
	inhibit_release(&inhibit, inhibit.locks);
	take_as(&inhibit, uid, 1);
	full(&inhibit, uid, "user 1000");
	while (inhibit.n < INHIBIT_OTHER_LOCKS)
		take_as(&inhibit, ++uid, INHIBIT_USER_LOCKS);
	full(&inhibit, ++uid, "all users together hold 32 locks");
	/* Root's are apart. */
	take_as(&inhibit, 0, INHIBIT_ROOT_LOCKS);
	full(&inhibit, 0, "user 0 holds 32 locks");
	while (inhibit.locks && inhibit.locks->uid)
		inhibit_release(&inhibit, inhibit.locks);
	take_as(&inhibit, uid, 1);
	while (inhibit.locks)
		inhibit_release(&inhibit, inhibit.locks);
	assert_int_equal(inhibit.n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_take_and_release),
		cmocka_unit_test(test_release_in_any_order),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
