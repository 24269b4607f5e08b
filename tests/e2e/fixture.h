/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fixture.h - one device for several tests
 *
 * A test gets the device with both OSes booted and "personal" at the console.
 * It says fixture_pass() at its end; after a test that did not come so far the
 * device is in an unknown state, and the next test gets a new one.
 */
#ifndef E2E_FIXTURE_H
#define E2E_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "phone.h"
#include "steps.h"

/** fixture_all() - whether all is to be tried, or what there is time for. */
bool fixture_all(void);

/** fixture_begin() - let failures end the running cmocka test. */
void fixture_begin(void);

/**
 * fixture_phone() - the device, as promised above
 * @opt: what to start if there is none yet or none that is good any more; it may be
 *	a copy of one that another test has booted (tests/lib/ready.h).
 */
struct phone *fixture_phone(const struct device_options *opt);

/** fixture_boots() - it is booted, for what is to be seen from power-on. */
void fixture_boots(void);

/** fixture_pass() - the device is again as it was promised above. */
void fixture_pass(struct phone *ph);

/** fixture_end() - take the power away. */
void fixture_end(void);

/** fixture_at() - switch by key unless that slot has the console already. */
void fixture_at(struct phone *ph, int slot);

/** assert_state() - the OS at the console sees a slot in this state. */
void assert_state(struct phone *ph, int slot, const char *state);

#endif /* E2E_FIXTURE_H */
