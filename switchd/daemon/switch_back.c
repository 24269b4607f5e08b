// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * switch_back.c - what the monitor tells of the way back of a switch
 */
#include "daemon/switch_back.h"

#include <string.h>
#include <time.h>

#include <osti/abi.h>

#include "common/util.h"
#include "daemon/log.h"

uint64_t switch_back_time(struct device *device)
{
	struct osti_ioc_phases phases;
	struct osti_ioc_info info;
	uint64_t exit_time;
	uint64_t user_time;
	uint64_t ago;
	uint64_t now;

	now = util_now_usec(CLOCK_BOOTTIME);
	if (device_info(device, &info) < 0 || !info.counter_hz ||
	    device_phases(device, 0, &phases) < 0)
		return now;
	exit_time = phases.time[OSTI_PHASE_MON_EXIT];
	user_time = phases.time[OSTI_PHASE_USER];
	if (!exit_time || user_time < exit_time)
		return now;
	ago = (uint64_t)((double)(user_time - exit_time) * USEC_PER_SEC /
			 (double)info.counter_hz);
	return ago < now ? now - ago : now;
}

void switch_back_image(struct device *device, struct switcher_result *result)
{
	struct osti_ioc_resume resume;
	int r;

	if (result->resumed != OSTI_RESUMED_IMAGE &&
	    result->resumed != OSTI_RESUMED_COPY)
		return;
	r = device_resume(device, &resume);
	if (r < 0) {
		log_warning("the monitor does not tell of the image: %s",
			    strerror(-r));
		return;
	}
	result->generation = resume.generation;
	result->saved_at = resume.saved_at;
	log_notice("this OS came back from its image of generation %llu",
		   (unsigned long long)resume.generation);
}
