/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * logind.h - who holds a block lock of systemd-logind (systemd-inhibit)
 *
 * They are known at any time: logind is asked when we begin, when it comes and
 * each time it tells that they have changed. So nobody waits for it.
 */
#ifndef SWITCHD_LOGIND_H
#define SWITCHD_LOGIND_H

#include <stdint.h>

#include <systemd/sd-event.h>

#include "common/fault.h"

/* What a lock forbids. */
#define LOGIND_SLEEP 0x1u
#define LOGIND_SHUTDOWN 0x2u

struct logind;

/*
 * Where there is no bus, or no logind, nobody holds a lock; nothing is started for
 * it. When the bus is gone it is tried again after again_usec.
 * Return: 0 and *ret, which the caller ends with logind_free(), or negative errno.
 */
int logind_new(sd_event *event, uint64_t again_usec, struct logind **ret);
void logind_free(struct logind *logind); /* NULL is allowed */

/*
 * Return: 0 if nobody forbids any of that, else -1 and a FAULT_INHIBITED that names
 * the first who does. NULL forbids nothing.
 */
int logind_check(const struct logind *logind, unsigned int what,
		 struct fault *fault);

#endif /* SWITCHD_LOGIND_H */
