/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * watchdog.h - systemd's watchdog around a freeze
 */
#ifndef SWITCHD_WATCHDOG_H
#define SWITCHD_WATCHDOG_H

#include <stdbool.h>

/* From now on it waits as long as a freeze may take, or as it did at the start. */
void watchdog_set(bool freezing);

#endif /* SWITCHD_WATCHDOG_H */
