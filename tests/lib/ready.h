/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ready.h - a device with both OSes up, which is booted once for many tests
 *
 * Two boots are most of what a short test of a running device costs. The first test
 * that wants such a device boots it and saves it, the others begin with that. Also
 * tests of several programs that run at the same time.
 */
#ifndef TEST_READY_H
#define TEST_READY_H

#include "phone.h"

/**
 * ready_start() - as phone_start_both(), for tests of what comes after
 * @opt:	without @to_save and @saved.
 *
 * Devices are saved in the directory OSTI_READY of the environment; without it this
 * is phone_start_both(). So it is for options that few tests have: all but name,
 * files, ports and removable disk.
 */
struct phone *ready_start(const struct device_options *opt);

#endif /* TEST_READY_H */
