/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * switch_target.h - what a switch or a request is about
 */
#ifndef SWITCHD_SWITCH_TARGET_H
#define SWITCHD_SWITCH_TARGET_H

#include <stdint.h>

#include "common/fault.h"
#include "daemon/device.h"
#include "daemon/hooks.h"
#include "daemon/slots.h"
#include "daemon/switcher.h"

/*
 * Finds out which slot is meant, and refuses what cannot go well; see
 * switcher_start(). Return: 0 and *ret, or -1 and the fault.
 */
int switch_target_find(struct device *device, const struct slots *slots,
		       uint32_t request, const char *target, uint32_t *ret,
		       struct fault *fault);

/*
 * Which locks of logind (LOGIND_*) count for it: those that do not are about what
 * comes back at once.
 */
unsigned int switch_target_locks(const struct slots *slots, uint32_t request,
				 uint32_t slot, enum switcher_logind forbid);

/* A result of it that has no outcome yet. */
void switch_target_describe(const struct slots *slots, uint32_t request,
			    uint32_t target, struct switcher_result *result);

/*
 * What hooks are told of it: outcome is OSTI_RESULT, NULL before the switch. The
 * strings of ret stay those of the arguments.
 */
void switch_target_for_hooks(const struct slots *slots,
			     const struct switcher_result *about,
			     const char *outcome, struct hooks_info *ret);

#endif /* SWITCHD_SWITCH_TARGET_H */
