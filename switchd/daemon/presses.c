// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * presses.c - what becomes of a key press that asks for a switch
 */
#include "daemon/presses.h"

#include <stdio.h>

#include <osti/abi.h>

#include "common/util.h"
#include "daemon/log.h"

/* Whether a press is the second one of a key that was refused. */
static bool is_second(const struct presses *presses, struct keys_action action,
		      uint64_t usec)
{
	return presses->warned && action.wish == presses->action.wish &&
	       action.slot == presses->action.slot && usec >= presses->usec &&
	       usec - presses->usec < presses->override_ms * USEC_PER_MSEC;
}

static void refused(struct presses *presses, struct keys_action action,
		    uint64_t usec, const char *target,
		    const struct fault *fault)
{
	if (fault->code != FAULT_INHIBITED || !presses->override_ms) {
		log_notice("key press for %s dropped: %s", target,
			   fault->message);
		return;
	}
	presses->warned = true;
	presses->action = action;
	presses->usec = usec;
	log_notice(
		"key press for %s dropped: %s; press the key again within %g s to switch all the same",
		target, fault->message, presses->override_ms / 1000.0);
}

void presses_key(struct presses *presses, struct keys_action action,
		 uint64_t usec)
{
	unsigned int flags = 0;
	struct fault fault;
	char target[8];

	if (action.wish == KEYS_NEXT)
		snprintf(target, sizeof(target), "next");
	else if (action.wish == KEYS_MENU)
		snprintf(target, sizeof(target), "menu");
	else
		snprintf(target, sizeof(target), "%u", action.slot);
	if (is_second(presses, action, usec))
		flags |= SWITCHER_OVER_LOCKS;
	if (switcher_start(presses->switcher, OSTI_REQUEST_NONE, target, flags,
			   NULL, NULL, &fault) < 0) {
		refused(presses, action, usec, target, &fault);
		return;
	}
	presses_forget(presses);
	log_info("a key press asked for a switch to %s", target);
}

void presses_forget(struct presses *presses)
{
	presses->warned = false;
}
