// SPDX-License-Identifier: GPL-2.0-or-later
#include "daemon/switcher.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <systemd/sd-daemon.h>

#include <osti/abi.h>

#include "common/util.h"
#include "daemon/hooks.h"
#include "daemon/log.h"
#include "daemon/slots.h"

/* What a hook that ran out of time gets to tidy up. */
#define HOOK_GRACE_USEC (2 * USEC_PER_SEC)

enum state {
	STATE_IDLE,
	STATE_BEFORE, /* pre-freeze hooks run */
	STATE_AFTER, /* post-resume hooks run */
};

struct switcher {
	sd_event *event;
	struct device *device;
	const struct inhibit *inhibit;
	char dir_before[PATH_MAX];
	char dir_after[PATH_MAX];
	unsigned int hook_timeout_ms;
	switcher_resumed resumed;
	void *resumed_userdata;

	enum state state;
	struct slots slots;
	struct hooks *hooks;
	switcher_done done;
	void *done_userdata;
	struct switcher_result result;
	struct fault fault;
	bool failed;
	bool stopping;

	bool has_last;
	struct switcher_result last;
	struct fault last_fault;
	bool last_failed;
};

int switcher_new(sd_event *event, struct device *device,
		 const struct inhibit *inhibit, const char *hooks_dir,
		 unsigned int hook_timeout_ms, switcher_resumed resumed,
		 void *userdata, struct switcher **ret)
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
		     SWITCHER_DIR_AFTER) >= PATH_MAX) {
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
	free(switcher);
}

static void set_status(const struct switcher *switcher)
{
	if (switcher->state == STATE_IDLE)
		sd_notifyf(0, "STATUS=In slot %u (%s)", switcher->slots.own,
			   slots_name(&switcher->slots, switcher->slots.own));
	else
		sd_notifyf(0, "STATUS=%s %s",
			   switcher->state == STATE_BEFORE
				   ? "Switching to"
				   : "Running hooks after the switch to",
			   switcher->result.target_name);
}

static void end(struct switcher *switcher)
{
	switcher_done done = switcher->done;

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
		     const char *result, hooks_done done)
{
	const struct hooks_params params = {
		.dir = dir,
		.info = {
			.slot = switcher->slots.own,
			.name = slots_name(&switcher->slots,
					   switcher->slots.own),
			.target = switcher->result.target,
			.target_name = switcher->result.target_name,
			.reason = "hot",
			.result = result,
		},
		.timeout_usec = switcher->hook_timeout_ms * USEC_PER_MSEC,
		.grace_usec = HOOK_GRACE_USEC,
		.stop_on_failure = switcher->state == STATE_BEFORE,
	};

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

static void run_after(struct switcher *switcher, const char *result)
{
	int r;

	switcher->state = STATE_AFTER;
	set_status(switcher);
	r = run_hooks(switcher, switcher->dir_after, result, on_after);
	if (r < 0) {
		log_warning("post-resume hooks are not run: %s", strerror(-r));
		end(switcher);
	}
}

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

static void explain(struct switcher *switcher, int r)
{
	const char *why = "see the kernel log (dmesg)";
	size_t i;

	for (i = 0; i < ARRAY_SIZE(reasons); i++)
		if (reasons[i].error == -r)
			why = reasons[i].why;
	switcher->failed = true;
	fault_set(&switcher->fault, FAULT_NOT_FROZEN,
		  "this OS was not frozen for the switch to %s (%s): %s",
		  switcher->result.target_name, strerror(-r), why);
	log_warning("%s", switcher->fault.message);
}

/*
 * When the monitor gave the CPU back to this OS, on CLOCK_BOOTTIME. The phase
 * marks tell how long ago that was; without them it counts as now.
 */
static uint64_t resume_time(struct switcher *switcher)
{
	struct osti_ioc_phases phases;
	struct osti_ioc_info info;
	struct timespec ts;
	uint64_t exit_time;
	uint64_t user_time;
	uint64_t ago;
	uint64_t now;

	clock_gettime(CLOCK_BOOTTIME, &ts);
	now = (uint64_t)ts.tv_sec * USEC_PER_SEC + (uint64_t)ts.tv_nsec / 1000;
	if (device_info(switcher->device, &info) < 0 || !info.counter_hz ||
	    device_phases(switcher->device, 0, &phases) < 0)
		return now;
	exit_time = phases.time[OSTI_PHASE_MON_EXIT];
	user_time = phases.time[OSTI_PHASE_USER];
	if (!exit_time || user_time < exit_time)
		return now;
	ago = (uint64_t)((double)(user_time - exit_time) * USEC_PER_SEC /
			 (double)info.counter_hz);
	return ago < now ? now - ago : now;
}

static void freeze(struct switcher *switcher)
{
	int r;

	log_notice("switching to %s", switcher->result.target_name);
	r = device_switch(switcher->device, switcher->result.target,
			  &switcher->result.record);
	if (r < 0) {
		explain(switcher, r);
		run_after(switcher, "failed");
		return;
	}
	/* Before anything else: it is the end of a measured time. */
	r = device_mark_user(switcher->device);
	if (r < 0)
		log_warning("the end of the switch could not be marked: %s",
			    strerror(-r));
	switcher->resumed(resume_time(switcher), switcher->resumed_userdata);
	log_notice("back from the switch to %s", switcher->result.target_name);
	run_after(switcher, "ok");
}

static void on_before(const struct fault *fault, void *userdata)
{
	struct switcher *switcher = userdata;
	struct fault stopping;

	if (!fault && switcher->stopping) {
		fault_set(&stopping, FAULT_FAILED, "switchd is being stopped");
		fault = &stopping;
	}
	if (!fault) {
		freeze(switcher);
		return;
	}
	switcher->failed = true;
	fault_set(&switcher->fault, fault->code,
		  "the switch to %s was cancelled: %.400s",
		  switcher->result.target_name, fault->message);
	log_warning("%s", switcher->fault.message);
	run_after(switcher, "cancelled");
}

int switcher_start(struct switcher *switcher, const char *target,
		   switcher_done done, void *userdata, struct fault *fault)
{
	uint32_t slot;
	int r;

	if (switcher->stopping) {
		fault_set(fault, FAULT_BUSY, "switchd is being stopped");
		return -1;
	}
	if (switcher->state != STATE_IDLE) {
		fault_set(fault, FAULT_BUSY,
			  "a switch to %s is under way already",
			  switcher->result.target_name);
		return -1;
	}
	if (slots_load(switcher->device, &switcher->slots, fault) < 0 ||
	    slots_resolve(&switcher->slots, target, &slot, fault) < 0 ||
	    inhibit_check(switcher->inhibit, fault) < 0)
		return -1;
	memset(&switcher->result, 0, sizeof(switcher->result));
	memset(&switcher->fault, 0, sizeof(switcher->fault));
	switcher->failed = false;
	switcher->result.target = slot;
	snprintf(switcher->result.target_name,
		 sizeof(switcher->result.target_name), "%s",
		 slots_name(&switcher->slots, slot));
	switcher->state = STATE_BEFORE;
	r = run_hooks(switcher, switcher->dir_before, NULL, on_before);
	if (r < 0) {
		switcher->state = STATE_IDLE;
		fault_set(fault, FAULT_FAILED,
			  "pre-freeze hooks cannot be started: %s",
			  strerror(-r));
		return -1;
	}
	switcher->done = done;
	switcher->done_userdata = userdata;
	set_status(switcher);
	return 0;
}

void switcher_stop(struct switcher *switcher)
{
	switcher->stopping = true;
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

const char *switcher_target(const struct switcher *switcher)
{
	return switcher->state == STATE_IDLE ? NULL
					     : switcher->result.target_name;
}

const struct switcher_result *switcher_last(const struct switcher *switcher,
					    const struct fault **fault)
{
	if (!switcher->has_last)
		return NULL;
	*fault = switcher->last_failed ? &switcher->last_fault : NULL;
	return &switcher->last;
}
