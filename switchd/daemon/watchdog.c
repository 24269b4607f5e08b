// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * watchdog.c - systemd's watchdog around a freeze
 */
#include "daemon/watchdog.h"

#include <stdint.h>

#include <systemd/sd-daemon.h>

#include "common/util.h"

/*
 * What systemd's watchdog gives a freeze: the kernel, too, writes to disk first
 * what was changed meanwhile, and then may take half a minute to find that a task
 * does not freeze. We can say nothing all that time.
 */
#define FREEZE_USEC (600 * USEC_PER_SEC)

void watchdog_set(bool freezing)
{
	uint64_t usec;

	if (sd_watchdog_enabled(0, &usec) <= 0)
		return;
	/* The time begins now: no shorter one is over already. */
	sd_notify(0, "WATCHDOG=1");
	sd_notifyf(0, "WATCHDOG_USEC=%llu",
		   (unsigned long long)(freezing ? FREEZE_USEC : usec));
}
