// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * good.c - tells the monitor that this start was good, some time after it
 */
#include "daemon/good.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/util.h"
#include "daemon/log.h"

struct good {
	struct device *device;
	bool raise;
	sd_event_source *timer;
};

static const struct osti_ioc_slot *own_slot(const struct slots *slots)
{
	return &slots->slot[slots->own - 1];
}

static void no_version(struct fault *fault, uint64_t least)
{
	fault_set(
		fault, FAULT_NO_VERSION,
		"this start counts as good, but the least version stays %llu: by which version this OS was started is not known, as after it came from an image",
		(unsigned long long)least);
}

int good_mark(struct device *device, bool raise, struct good_result *ret,
	      struct fault *fault)
{
	const struct osti_ioc_slot *own;
	struct slots slots;
	int r;

	if (slots_load(device, &slots, fault) < 0)
		return -1;
	own = own_slot(&slots);
	ret->version = own->version;
	r = device_start_good(device, raise ? own->version : 0,
			      &ret->least_version);
	if (r == 0 && (!raise || own->version))
		return 0;
	if (r == 0 || r == -EINVAL)
		no_version(fault, own->least_version);
	else if (r == -ENODATA)
		fault_set(
			fault, FAULT_NO_NV,
			"this start counts as good, but the least version stays %llu: the device's NV memory cannot be written",
			(unsigned long long)own->least_version);
	else
		fault_set(fault, FAULT_DEVICE,
			  "telling the monitor that this start was good: %s",
			  strerror(-r));
	return -1;
}

static int on_time(sd_event_source *source, uint64_t usec, void *userdata)
{
	struct good *good = userdata;
	struct good_result result;
	struct slots slots;
	struct fault fault;

	(void)source;
	(void)usec;
	if (slots_load(good->device, &slots, &fault) < 0) {
		log_warning("%s", fault.message);
		return 0;
	}
	if (!own_slot(&slots)->starts)
		return 0;
	if (good_mark(good->device, good->raise, &result, &fault) < 0)
		log_warning("%s", fault.message);
	else
		log_notice(
			"this start counts as good; this slot accepts version %llu and newer",
			(unsigned long long)result.least_version);
	return 0;
}

int good_new(sd_event *event, struct device *device, const struct slots *slots,
	     uint64_t after_usec, bool raise, struct good **ret)
{
	struct good *good = calloc(1, sizeof(*good));
	int r;

	if (!good)
		return -ENOMEM;
	good->device = device;
	good->raise = raise;
	if (after_usec && own_slot(slots)->starts) {
		/* Stands still while this OS is frozen. */
		r = sd_event_add_time_relative(event, &good->timer,
					       CLOCK_MONOTONIC, after_usec,
					       100 * USEC_PER_MSEC, on_time,
					       good);
		if (r < 0) {
			good_free(good);
			return r;
		}
	}
	*ret = good;
	return 0;
}

void good_free(struct good *good)
{
	if (!good)
		return;
	sd_event_source_disable_unref(good->timer);
	free(good);
}
