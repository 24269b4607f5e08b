// SPDX-License-Identifier: GPL-2.0-only
/*
 * lock.c - the monitor's lock where one CPU at a time is in it
 *
 * It is the test's, whichever CPU that plays, from host_reset() on. A test in
 * which several CPUs are in the monitor has a lock of its own in front of it.
 */
#include "host.h"
#include "lock.h"

static bool held = true;

void host_lock_reset(void)
{
	held = true;
}

void lock_or_stop(void)
{
	ASSERT(!held);
	held = true;
}

void lock_release(void)
{
	ASSERT(held);
	held = false;
}

bool lock_held(void)
{
	return held;
}
