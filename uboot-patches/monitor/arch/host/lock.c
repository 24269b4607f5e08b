// SPDX-License-Identifier: GPL-2.0-only
/*
 * lock.c - the monitor's lock where one CPU at a time is in it
 *
 * A test in which several are has a lock of its own, and so leaves this file
 * out of its link.
 */
#include "lock.h"

void lock_or_stop(void)
{
}

void lock_release(void)
{
}
