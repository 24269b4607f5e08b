// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * switch_target.c - what a switch or a request is about
 */
#include "daemon/switch_target.h"

#include <stdio.h>
#include <string.h>

#include <osti/abi.h>

#include "common/names.h"
#include "common/util.h"
#include "daemon/images.h"

int switch_target_find(struct device *device, const struct slots *slots,
		       uint32_t request, const char *target, uint32_t *ret,
		       struct fault *fault)
{
	struct osti_ioc_image image;
	uint32_t slot;

	if (request == OSTI_REQUEST_NONE)
		return slots_resolve(slots, target, ret, fault);
	/* Nobody asks that about another slot, nor needs it NV memory. */
	if (request == OSTI_REQUEST_BOOT_INSTALL ||
	    request == OSTI_REQUEST_BOOT_LIST ||
	    request == OSTI_REQUEST_FIRMWARE) {
		*ret = slots->own;
		return 0;
	}
	*ret = 0;
	if (request != OSTI_REQUEST_POWER_OFF &&
	    slots_find(slots, target, ret, fault) < 0)
		return -1;
	slot = *ret ? *ret : slots->own;
	if (images_load(device, slot, &image, fault) < 0)
		return -1;
	if (request == OSTI_REQUEST_HIBERNATE && slot != slots->own &&
	    slots->slot[slot - 1].state != OSTI_SLOT_FROZEN) {
		fault_set(
			fault, FAULT_SLOT_STATE,
			"slot %u (%s) is %s; only the slot that runs and frozen ones can be hibernated",
			slot, slots_name(slots, slot),
			names_slot_state(slots->slot[slot - 1].state));
		return -1;
	}
	if (request == OSTI_REQUEST_RESTORE && slot == slots->own) {
		fault_set(
			fault, FAULT_SLOT_STATE,
			"slot %u (%s) is the one that runs, and a copy cannot take its place; restore it from another slot",
			slot, slots_name(slots, slot));
		return -1;
	}
	if ((request == OSTI_REQUEST_VERIFY || request == OSTI_REQUEST_DROP) &&
	    !images_resumable(&image)) {
		fault_set(
			fault, FAULT_NO_IMAGE,
			"slot %u (%s) has no image that could be resumed; 'switchctl images' shows them",
			slot, slots_name(slots, slot));
		return -1;
	}
	return 0;
}

void switch_target_describe(const struct slots *slots, uint32_t request,
			    uint32_t target, struct switcher_result *result)
{
	static const char *const nouns[] = {
		[OSTI_REQUEST_NONE] = "switch to ",
		[OSTI_REQUEST_HIBERNATE] = "hibernation of ",
		[OSTI_REQUEST_POWER_OFF] = "power-off",
		[OSTI_REQUEST_VERIFY] = "check of the image of ",
		[OSTI_REQUEST_DROP] = "drop of the image of ",
		[OSTI_REQUEST_RESTORE] = "restore of a copy of ",
		[OSTI_REQUEST_RETIRE] = "retirement of ",
		[OSTI_REQUEST_BOOT_INSTALL] =
			"installation of a boot image of ",
		[OSTI_REQUEST_BOOT_LIST] = "list of the boot images of ",
		[OSTI_REQUEST_FIRMWARE] = "installation of a firmware by ",
	};
	const char *name = slots_name(slots, target);

	_Static_assert(ARRAY_SIZE(nouns) == OSTI_REQUEST_LAST + 1,
		       "a request has no noun");
	memset(result, 0, sizeof(*result));
	result->request = request;
	result->target = target;
	result->resumed = OSTI_RESUMED_HOT;
	snprintf(result->target_name, sizeof(result->target_name), "%s",
		 request == OSTI_REQUEST_POWER_OFF ? "" : name);
	snprintf(result->what, sizeof(result->what), "%s%s", nouns[request],
		 result->target_name);
}

unsigned int switch_target_locks(const struct slots *slots, uint32_t request,
				 uint32_t slot, enum switcher_logind forbid)
{
	if (forbid == SWITCHER_LOGIND_NEVER)
		return 0;
	if (request == OSTI_REQUEST_POWER_OFF)
		return LOGIND_SLEEP | LOGIND_SHUTDOWN;
	if (request == OSTI_REQUEST_HIBERNATE && slot == slots->own)
		return LOGIND_SLEEP;
	return forbid == SWITCHER_LOGIND_ALWAYS ? LOGIND_SLEEP : 0;
}

void switch_target_for_hooks(const struct slots *slots,
			     const struct switcher_result *about,
			     const char *outcome, struct hooks_info *ret)
{
	uint32_t target = about->request ? OSTI_CONTEXT_BM : about->target;

	*ret = (struct hooks_info){
		.slot = slots->own,
		.name = slots_name(slots, slots->own),
		.target = target,
		.target_name = slots_name(slots, target),
		.request = names_request(about->request),
		.request_slot = about->request ? about->target : 0,
		.request_name = about->target_name,
		.reason = names_resume(about->resumed),
		.result = outcome,
	};
}
