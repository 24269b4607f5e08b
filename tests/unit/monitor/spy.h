/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * spy.h - the order in which a switch takes its steps
 *
 * The linker puts spy.c in front of the functions that monitor-core.mk lists.
 * Each call is noted before it is made, and checked against what must hold at
 * that moment whatever the test is about.
 */
#ifndef SPY_H
#define SPY_H

#include <stdint.h>

/* Forget all steps, and what to do at one. */
void spy_reset(void);
/* Something happens just before each step with this name. */
void spy_do_at(const char *what, void (*act)(void));

/*
 * Index of the first step with this name and argument from index @start on,
 * or -1; SPY_ANY is any argument. Names are those of the functions, the
 * argument is the context, devfn, event or CPU that the step is about.
 */
#define SPY_ANY	UINT64_MAX
long spy_find(long start, const char *what, uint64_t arg);
unsigned int spy_count(const char *what, uint64_t arg);
/* Fail unless @a happened, then @b: each the last such step. */
void spy_assert_order(const char *a, uint64_t a_arg, const char *b,
		      uint64_t b_arg);

#endif /* SPY_H */
