/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fail.h - how the test library ends a test that cannot go on
 *
 * Functions of this library do not return errors: a test has no use for a
 * device that did not do what was expected. They call test_fail() with what
 * was expected, where, and the deadline; it hands the message to a handler
 * that must not return.
 */
#ifndef TEST_FAIL_H
#define TEST_FAIL_H

/* Gets the whole message. Must not return (exit, longjmp, cmocka's fail). */
typedef void (*test_fail_fn)(const char *message);

/**
 * test_fail_handler() - choose what happens when a test fails
 * @fn: the handler; NULL for the default, which prints to stderr and exits 1.
 */
void test_fail_handler(test_fail_fn fn);

/**
 * test_fail() - end the running test
 * @fmt: printf format of the message, without a final newline.
 */
void test_fail(const char *fmt, ...)
	__attribute__((format(printf, 1, 2), noreturn));

#endif /* TEST_FAIL_H */
