// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * recover.c - what became of a switch whose switchd is gone
 */
#include "daemon/recover.h"

#include <stdio.h>

#include <osti/abi.h>

#include "daemon/outcome.h"

/* The newest phase record of a switch back to this OS; 0: there is none. */
static uint64_t last_return(struct device *device, const struct slots *slots)
{
	struct osti_ioc_phases phases;
	uint32_t i;

	for (i = 0; i < OSTI_PHASE_RECORDS; i++) {
		if (device_phases(device, i, &phases) < 0)
			break;
		/* The device may also have slept. */
		if (phases.target == slots->own &&
		    phases.kind != OSTI_SWITCH_SUSPEND &&
		    phases.time[OSTI_PHASE_MON_EXIT])
			return phases.record;
	}
	return 0;
}

void recover_prepare(struct device *device, const struct slots *slots,
		     struct switch_note *note)
{
	struct osti_ioc_resume resume;

	note->last_return = last_return(device, slots);
	if (device_resume(device, &resume) < 0)
		return;
	note->generation = resume.generation;
	note->saved_at = resume.saved_at;
}

/* Did this OS come back from an image that it had not come from before? */
static bool is_from_image(struct device *device, struct switch_note *note)
{
	struct osti_ioc_resume resume;

	if (device_resume(device, &resume) < 0 ||
	    (resume.reason != OSTI_RESUMED_IMAGE &&
	     resume.reason != OSTI_RESUMED_COPY) ||
	    (resume.generation == note->generation &&
	     resume.saved_at == note->saved_at))
		return false;
	note->about.resumed = resume.reason;
	note->about.generation = resume.generation;
	note->about.saved_at = resume.saved_at;
	return true;
}

static void find_out_freeze(struct device *device, const struct slots *slots,
			    struct switch_note *note)
{
	const struct switcher_result *about = &note->about;
	uint64_t record;

	snprintf(note->outcome, sizeof(note->outcome), "ok");
	if (is_from_image(device, note)) {
		note->failed = outcome_of_image(about, slots, &note->fault) < 0;
		return;
	}
	record = last_return(device, slots);
	if (record <= note->last_return) {
		note->failed = true;
		snprintf(note->outcome, sizeof(note->outcome), "failed");
		fault_set(
			&note->fault, FAULT_NOT_FROZEN,
			"this OS was not frozen for the %s, and switchd was ended meanwhile; see the kernel log (dmesg)",
			about->what);
		return;
	}
	note->about.record = record;
	if (about->request == OSTI_REQUEST_NONE)
		return;
	note->failed = true;
	fault_set(
		&note->fault, FAULT_REQUEST,
		"what became of the %s is not known: switchd was ended before it could ask",
		about->what);
}

void recover_find_out(struct device *device, const struct slots *slots,
		      struct switch_note *note)
{
	if (note->stage == SWITCH_FREEZING) {
		find_out_freeze(device, slots, note);
	} else if (note->stage == SWITCH_BEFORE) {
		note->failed = true;
		snprintf(note->outcome, sizeof(note->outcome), "cancelled");
		fault_set(&note->fault, FAULT_FAILED,
			  "the %s was cancelled: switchd was ended meanwhile",
			  note->about.what);
	}
	note->stage = SWITCH_AFTER;
}
