/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * outcome.h - what became of a switch or a request, for those who asked
 */
#ifndef SWITCHD_OUTCOME_H
#define SWITCHD_OUTCOME_H

#include <osti/abi.h>

#include "common/fault.h"
#include "daemon/freeze.h"
#include "daemon/slots.h"
#include "daemon/switcher.h"

/* The kernel did not freeze; r and refusal are what freeze_switch() gave. */
void outcome_not_frozen(const struct switcher_result *about, int r,
			const struct freeze_refusal *refusal,
			struct fault *fault);

/* This OS is back. Return: 0: done, or -1 and the fault. */
int outcome_of_return(const struct switcher_result *about,
		      const struct slots *slots,
		      const struct osti_ioc_switch *sw, struct fault *fault);

/*
 * Back from an image: an answer to a request was lost with the power. What was
 * asked for ourselves has happened, else we would not be back like this.
 * Return: 0, or -1 and the fault: it is not known.
 */
int outcome_of_image(const struct switcher_result *about,
		     const struct slots *slots, struct fault *fault);

/* OSTI_RESULT of post-resume hooks by its name; "ok" if there is none such. */
const char *outcome_named(const char *name);

#endif /* SWITCHD_OUTCOME_H */
