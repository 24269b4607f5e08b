// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * switcher.c - carries out a switch, or a request to the boot manager: hooks,
 * freeze, hooks
 */
#include "daemon/switcher.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <systemd/sd-daemon.h>

#include <osti/abi.h>

#include "common/util.h"
#include "daemon/freeze.h"
#include "daemon/hooks.h"
#include "daemon/log.h"
#include "daemon/outcome.h"
#include "daemon/ready.h"
#include "daemon/recover.h"
#include "daemon/slots.h"
#include "daemon/switch_back.h"
#include "daemon/switch_note.h"
#include "daemon/switch_target.h"
#include "daemon/watchdog.h"

/* What a hook that ran out of time gets to tidy up. */
#define HOOK_GRACE_USEC (2 * USEC_PER_SEC)
/* What systemd gets to start a hook and to tell what became of it. */
#define HOOK_ANSWER_USEC (10 * USEC_PER_SEC)

enum state {
	STATE_IDLE,
	STATE_BEFORE, /* pre-freeze hooks run, then what ready.h says */
	STATE_AFTER, /* post-resume hooks run */
};

struct switcher {
	sd_event *event;
	struct device *device;
	const struct inhibit *inhibit;
	char dir_before[PATH_MAX];
	char dir_after[PATH_MAX];
	char dir_notes[PATH_MAX];
	unsigned int hook_timeout_ms;
	bool hook_units;
	const struct logind *logind;
	enum switcher_logind logind_forbids;
	bool prepare; /* for sleep, see prepare.h */
	switcher_resumed resumed;
	void *resumed_userdata;
	switcher_guard guard; /* NULL: none */
	void *guard_userdata;

	enum state state;
	struct slots slots;
	struct hooks *hooks;
	struct ready *ready; /* is waited for */
	switcher_done done;
	void *done_userdata;
	struct switcher_result result;
	struct fault fault;
	bool failed;
	const char *outcome; /* OSTI_RESULT of post-resume hooks */
	bool insist; /* a person asks again */
	bool stopping;

	bool has_last;
	struct switcher_result last;
	struct fault last_fault;
	bool last_failed;
};

int switcher_new(sd_event *event, struct device *device,
		 const struct inhibit *inhibit, const char *hooks_dir,
		 unsigned int hook_timeout_ms, const char *notes_dir,
		 switcher_resumed resumed, void *userdata,
		 struct switcher **ret)
{
	struct switcher *switcher = calloc(1, sizeof(*switcher));

	if (!switcher)
		return -ENOMEM;
	switcher->event = event;
	switcher->device = device;
	switcher->inhibit = inhibit;
	switcher->hook_timeout_ms = hook_timeout_ms;
	switcher->resumed = resumed;
	switcher->resumed_userdata = userdata;
	if (snprintf(switcher->dir_before, PATH_MAX, "%s/%s", hooks_dir,
		     SWITCHER_DIR_BEFORE) >= PATH_MAX ||
	    snprintf(switcher->dir_after, PATH_MAX, "%s/%s", hooks_dir,
		     SWITCHER_DIR_AFTER) >= PATH_MAX ||
	    snprintf(switcher->dir_notes, PATH_MAX, "%s", notes_dir) >=
		    PATH_MAX) {
		free(switcher);
		return -ENAMETOOLONG;
	}
	*ret = switcher;
	return 0;
}

void switcher_free(struct switcher *switcher)
{
	if (!switcher)
		return;
	hooks_free(switcher->hooks);
	ready_free(switcher->ready);
	free(switcher);
}

void switcher_set_guard(struct switcher *switcher, switcher_guard guard,
			void *userdata)
{
	switcher->guard = guard;
	switcher->guard_userdata = userdata;
}

void switcher_set_logind(struct switcher *switcher, const struct logind *logind,
			 enum switcher_logind forbid)
{
	switcher->logind = logind;
	switcher->logind_forbids = forbid;
}

void switcher_set_hook_units(struct switcher *switcher, bool hook_units)
{
	switcher->hook_units = hook_units;
}

void switcher_set_prepare(struct switcher *switcher, bool prepare)
{
	switcher->prepare = prepare;
}

static void set_status(const struct switcher *switcher)
{
	if (switcher->state == STATE_IDLE)
		sd_notifyf(0, "STATUS=In slot %u (%s)", switcher->slots.own,
			   slots_name(&switcher->slots, switcher->slots.own));
	else
		sd_notifyf(0, "STATUS=%s the %s",
			   switcher->state == STATE_BEFORE
				   ? "Preparing"
				   : "Running hooks after",
			   switcher->result.what);
}

/* How far it has come, in case that we are killed. */
static void note(const struct switcher *switcher, enum switch_stage stage)
{
	struct switch_note now = {
		.stage = stage,
		.about = switcher->result,
		.failed = switcher->failed,
		.fault = switcher->fault,
	};
	int r;

	if (switcher->outcome)
		snprintf(now.outcome, sizeof(now.outcome), "%s",
			 switcher->outcome);
	if (stage == SWITCH_FREEZING)
		recover_prepare(switcher->device, &switcher->slots, &now);
	r = switch_note_write(switcher->dir_notes, &now);
	if (r < 0)
		log_warning(
			"how far the %s is cannot be noted in %s, so a switchd that is killed leaves it at that: %s",
			now.about.what, switcher->dir_notes, strerror(-r));
}

static void end(struct switcher *switcher)
{
	switcher_done done = switcher->done;

	note(switcher, SWITCH_ENDED);
	hooks_free(switcher->hooks);
	switcher->hooks = NULL;
	switcher->state = STATE_IDLE;
	switcher->done = NULL;
	switcher->has_last = true;
	switcher->last = switcher->result;
	switcher->last_fault = switcher->fault;
	switcher->last_failed = switcher->failed;
	set_status(switcher);
	if (done)
		done(&switcher->last,
		     switcher->last_failed ? &switcher->last_fault : NULL,
		     switcher->done_userdata);
}

static int run_hooks(struct switcher *switcher, const char *dir,
		     hooks_done done)
{
	struct hooks_params params = {
		.dir = dir,
		.in_units = switcher->hook_units,
		.timeout_usec = switcher->hook_timeout_ms * USEC_PER_MSEC,
		.grace_usec = HOOK_GRACE_USEC,
		.answer_usec = HOOK_ANSWER_USEC,
		.stop_on_failure = switcher->state == STATE_BEFORE,
	};

	switch_target_for_hooks(&switcher->slots, &switcher->result,
				switcher->outcome, &params.info);
	hooks_free(switcher->hooks);
	switcher->hooks = NULL;
	return hooks_start(switcher->event, &params, done, switcher,
			   &switcher->hooks);
}

static void on_after(const struct fault *fault, void *userdata)
{
	(void)fault; /* hooks.c has logged what failed */
	end(userdata);
}

static void run_after(struct switcher *switcher, const char *outcome)
{
	int r;

	switcher->state = STATE_AFTER;
	switcher->outcome = outcome;
	note(switcher, SWITCH_AFTER);
	set_status(switcher);
	r = run_hooks(switcher, switcher->dir_after, on_after);
	if (r < 0) {
		log_warning("post-resume hooks are not run: %s", strerror(-r));
		end(switcher);
	}
}

static void go(struct switcher *switcher)
{
	struct switcher_result *result = &switcher->result;
	struct osti_ioc_switch sw = { .target = result->target };
	struct freeze_refusal refusal;
	int r;

	if (result->request) {
		sw.target = OSTI_CONTEXT_BM;
		sw.request = result->request | result->target << 8;
	}
	note(switcher, SWITCH_FREEZING);
	log_notice("freezing for the %s", result->what);
	watchdog_set(true);
	r = freeze_switch(switcher->device, &sw, result->what, &refusal);
	if (r < 0) {
		watchdog_set(false);
		switcher->resumed(0, switcher->resumed_userdata);
		outcome_not_frozen(result, r, &refusal, &switcher->fault);
		switcher->failed = true;
		log_warning("%s", switcher->fault.message);
		run_after(switcher, "failed");
		return;
	}
	/* Before anything else: it is the end of a measured time. */
	r = device_mark_user(switcher->device);
	if (r < 0)
		log_warning("the end of the switch could not be marked: %s",
			    strerror(-r));
	watchdog_set(false);
	switcher->resumed(switch_back_time(switcher->device),
			  switcher->resumed_userdata);
	result->record = sw.record;
	result->resumed = sw.resumed;
	log_notice("back from the %s", result->what);
	switch_back_image(switcher->device, result);
	switcher->failed = outcome_of_return(result, &switcher->slots, &sw,
					     &switcher->fault) < 0;
	if (switcher->failed)
		log_warning("%s", switcher->fault.message);
	run_after(switcher, "ok");
}

static void cancel(struct switcher *switcher, const struct fault *fault)
{
	switcher->failed = true;
	fault_set(&switcher->fault, fault->code, "the %s was cancelled: %.400s",
		  switcher->result.what, fault->message);
	log_warning("%s", switcher->fault.message);
	run_after(switcher, "cancelled");
}

static void cancel_stopping(struct switcher *switcher)
{
	struct fault fault;

	fault_set(&fault, FAULT_FAILED, "switchd is being stopped");
	cancel(switcher, &fault);
}

static void on_ready(const struct fault *fault, void *userdata)
{
	struct switcher *switcher = userdata;

	ready_free(switcher->ready);
	switcher->ready = NULL;
	if (fault)
		cancel(switcher, fault);
	else
		go(switcher);
}

static void on_before(const struct fault *fault, void *userdata)
{
	struct switcher *switcher = userdata;
	const struct ready_params params = {
		.what = switcher->result.what,
		.prepare = switcher->prepare,
		.insist = switcher->insist,
		.dir = switcher->dir_notes,
	};
	int r;

	if (fault) {
		cancel(switcher, fault);
		return;
	}
	if (switcher->stopping) {
		cancel_stopping(switcher);
		return;
	}
	r = ready_start(switcher->event, &params, on_ready, switcher,
			&switcher->ready);
	if (r < 0)
		log_warning("nothing is waited for before the %s: %s",
			    params.what, strerror(-r));
	if (r <= 0)
		go(switcher);
}

/* Return: 0, or -1 and the fault with which the guard refuses. */
static int ask_guard(const struct switcher *switcher, uint32_t request,
		     uint32_t slot, unsigned int flags, struct fault *fault)
{
	if (!switcher->guard || (flags & SWITCHER_OVER_GUARD) ||
	    request != OSTI_REQUEST_NONE || slot == OSTI_CONTEXT_BM)
		return 0;
	return switcher->guard(slot, slots_name(&switcher->slots, slot),
			       switcher->guard_userdata, fault);
}

static int check_locks(const struct switcher *switcher, uint32_t request,
		       uint32_t slot, struct fault *fault)
{
	if (inhibit_check(switcher->inhibit, fault) < 0)
		return -1;
	return logind_check(switcher->logind,
			    switch_target_locks(&switcher->slots, request, slot,
						switcher->logind_forbids),
			    fault);
}

int switcher_start(struct switcher *switcher, uint32_t request,
		   const char *target, unsigned int flags, switcher_done done,
		   void *userdata, struct fault *fault)
{
	bool locked;
	uint32_t slot;
	int r;

	if (switcher->stopping) {
		fault_set(fault, FAULT_BUSY, "switchd is being stopped");
		return -1;
	}
	if (switcher->state != STATE_IDLE) {
		fault_set(fault, FAULT_BUSY, "a %s is under way already",
			  switcher->result.what);
		return -1;
	}
	if (slots_load(switcher->device, &switcher->slots, fault) < 0 ||
	    switch_target_find(switcher->device, &switcher->slots, request,
			       target, &slot, fault) < 0 ||
	    ask_guard(switcher, request, slot, flags, fault) < 0)
		return -1;
	locked = check_locks(switcher, request, slot, fault) < 0;
	if (locked && !(flags & SWITCHER_OVER_LOCKS))
		return -1;
	memset(&switcher->fault, 0, sizeof(switcher->fault));
	switcher->failed = false;
	switcher->outcome = NULL;
	switcher->insist = flags & SWITCHER_OVER_LOCKS;
	switch_target_describe(&switcher->slots, request, slot,
			       &switcher->result);
	if (locked)
		log_notice("the %s comes all the same, though it is %s",
			   switcher->result.what, fault->message);
	switcher->state = STATE_BEFORE;
	r = run_hooks(switcher, switcher->dir_before, on_before);
	if (r < 0) {
		switcher->state = STATE_IDLE;
		fault_set(fault, FAULT_FAILED,
			  "pre-freeze hooks cannot be started: %s",
			  strerror(-r));
		return -1;
	}
	switcher->done = done;
	switcher->done_userdata = userdata;
	note(switcher, SWITCH_BEFORE);
	set_status(switcher);
	return 0;
}

static void take_over(struct switcher *switcher, struct switch_note *last)
{
	struct fault fault;

	if (last->stage == SWITCH_ENDED) {
		switcher->has_last = true;
		switcher->last = last->about;
		switcher->last_fault = last->fault;
		switcher->last_failed = last->failed;
		return;
	}
	if (slots_load(switcher->device, &switcher->slots, &fault) < 0) {
		log_warning("%s; post-resume hooks are not run", fault.message);
		return;
	}
	log_warning(
		"an earlier switchd was ended in the middle of the %s: post-resume hooks run now",
		last->about.what);
	recover_find_out(switcher->device, &switcher->slots, last);
	switcher->result = last->about;
	switcher->fault = last->fault;
	switcher->failed = last->failed;
	if (last->failed)
		log_warning("%s", last->fault.message);
	run_after(switcher, outcome_named(last->outcome));
}

void switcher_recover(struct switcher *switcher)
{
	struct switch_note last;
	int r = switch_note_read(switcher->dir_notes, &last);

	if (r == 0)
		take_over(switcher, &last);
	else if (r != -ENOENT)
		log_warning(
			"whether a switch was under way is not known, what is noted in %s cannot be read: %s",
			switcher->dir_notes, strerror(-r));
}

void switcher_stop(struct switcher *switcher)
{
	switcher->stopping = true;
	if (!switcher->ready)
		return;
	ready_free(switcher->ready);
	switcher->ready = NULL;
	cancel_stopping(switcher);
}

void switcher_forget(struct switcher *switcher, const void *userdata)
{
	if (switcher->done_userdata == userdata)
		switcher->done = NULL;
}

bool switcher_will_freeze(const struct switcher *switcher)
{
	return switcher->state == STATE_BEFORE;
}

const struct ready *switcher_ready(const struct switcher *switcher)
{
	return switcher->ready;
}

int switcher_asleep(struct switcher *switcher, struct fault *fault)
{
	if (!ready_come(switcher->ready)) {
		fault_set(fault, FAULT_FAILED,
			  "no switch waits for logind any more");
		return -1;
	}
	*fault = switcher->fault;
	return switcher->failed ? -1 : 0;
}

const struct switcher_result *switcher_current(const struct switcher *switcher)
{
	return switcher->state == STATE_IDLE ? NULL : &switcher->result;
}

const struct switcher_result *switcher_last(const struct switcher *switcher,
					    const struct fault **fault)
{
	if (!switcher->has_last)
		return NULL;
	*fault = switcher->last_failed ? &switcher->last_fault : NULL;
	return &switcher->last;
}
