// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * outcome.c - what became of a switch or a request, for those who asked
 */
#include "daemon/outcome.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "common/names.h"
#include "common/util.h"

/* What an errno of OSTI_SWITCH means to whoever wanted to switch. */
static const struct {
	int error;
	const char *why;
} reasons[] = {
	{
		EBUSY,
		"a task or a device refused to freeze, or something woke it first; the kernel log (dmesg) names it",
	},
	{
		EINVAL,
		"the monitor does not know the target, or it is this OS itself",
	},
	{
		EIO,
		"the monitor gave an answer that osti.ko does not know; do firmware and module belong together?",
	},
	{
		EBADF,
		"the kernel does not let switchd do this; its device file is not open for writing",
	},
	{
		EPERM,
		"the kernel does not let switchd do this; is it locked down?",
	},
	{
		EOPNOTSUPP,
		"this kernel cannot suspend to RAM, or only tests it; it needs CONFIG_SUSPEND and PSCI SYSTEM_SUSPEND",
	},
	{
		ENODEV,
		"the module osti.ko has lost its device; see the kernel log (dmesg)",
	},
};

void outcome_not_frozen(const struct switcher_result *about, int r,
			const struct freeze_refusal *refusal,
			struct fault *fault)
{
	const char *why = "see the kernel log (dmesg)";
	size_t i;

	if (refusal->refused && refusal->names[0]) {
		fault_set(
			fault, FAULT_NOT_FROZEN,
			"this OS was not frozen for the %s: these tasks do not stop: %s",
			about->what, refusal->names);
		return;
	}
	for (i = 0; i < ARRAY_SIZE(reasons); i++)
		if (reasons[i].error == -r)
			why = reasons[i].why;
	fault_set(fault, FAULT_NOT_FROZEN,
		  "this OS was not frozen for the %s (%s): %s", about->what,
		  strerror(-r), why);
}

static int of_answer(const struct switcher_result *about,
		     const struct slots *slots,
		     const struct osti_ioc_switch *sw, struct fault *fault)
{
	const char *name = about->target_name;
	const char *what = about->what;

	switch (sw->result) {
	case OSTI_RESULT_DONE:
		return 0;
	case OSTI_RESULT_REFUSED:
		fault_set(fault, FAULT_REFUSED,
			  "the %s ended: an image is refused: %s", what,
			  about->request == OSTI_REQUEST_BOOT_INSTALL ||
					  about->request ==
						  OSTI_REQUEST_FIRMWARE
				  ? names_boot_refusal(sw->detail)
				  : names_refusal_text(sw->detail));
		break;
	case OSTI_RESULT_DECLINED:
		fault_set(fault, FAULT_DECLINED,
			  "the %s was declined at the device's console", what);
		break;
	case OSTI_RESULT_NO_IMAGE:
		fault_set(
			fault, FAULT_NO_IMAGE,
			"the %s was not possible: there is no such image in the store",
			what);
		break;
	case OSTI_RESULT_STATE:
		if (about->request == OSTI_REQUEST_BOOT_INSTALL ||
		    about->request == OSTI_REQUEST_FIRMWARE) {
			fault_set(
				fault, FAULT_SLOT_STATE,
				"the %s was not possible: the %s that runs is on trial itself; 'switchctl mark-good' ends that",
				what,
				about->request == OSTI_REQUEST_FIRMWARE
					? "firmware"
					: "boot image");
			break;
		}
		fault_set(
			fault, FAULT_SLOT_STATE,
			"the %s was not possible: slot %u (%s) is in no state for it; 'switchctl list' shows it",
			what, (unsigned int)sw->detail,
			slots_name(slots, (uint32_t)sw->detail));
		break;
	case OSTI_RESULT_NO_STORE:
		fault_set(
			fault, FAULT_NO_STORE,
			"the %s was not possible: there is no store disk, or no place on it for %s",
			what, name[0] ? name : "all slots");
		break;
	case OSTI_RESULT_FAILED:
		fault_set(
			fault, FAULT_REQUEST,
			"the %s failed: %s; the device's console tells more",
			what,
			sw->detail == ENODATA
				? "the boot manager was interrupted and gave no answer"
				: strerror((int)sw->detail));
		break;
	default:
		fault_set(
			fault, FAULT_REQUEST,
			"the %s ended with result %u, which this switchd does not know",
			what, sw->result);
		break;
	}
	return -1;
}

int outcome_of_image(const struct switcher_result *about,
		     const struct slots *slots, struct fault *fault)
{
	if (about->request == OSTI_REQUEST_NONE ||
	    about->request == OSTI_REQUEST_POWER_OFF ||
	    (about->request == OSTI_REQUEST_HIBERNATE &&
	     about->target == slots->own))
		return 0;
	fault_set(
		fault, FAULT_REQUEST,
		"what became of the %s is not known: this OS came back from an image",
		about->what);
	return -1;
}

int outcome_of_return(const struct switcher_result *about,
		      const struct slots *slots,
		      const struct osti_ioc_switch *sw, struct fault *fault)
{
	if (sw->resumed == OSTI_RESUMED_HOT)
		return of_answer(about, slots, sw, fault);
	return outcome_of_image(about, slots, fault);
}

const char *outcome_named(const char *name)
{
	static const char *const names[] = { "cancelled", "failed", "ok" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names) - 1; i++)
		if (strcmp(names[i], name) == 0)
			break;
	return names[i];
}
