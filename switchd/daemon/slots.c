// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * slots.c - which slots there are, and which one somebody means
 */
#include "daemon/slots.h"

#include <string.h>

#include "common/foreign_text.h"

int slots_load(struct device *device, struct slots *ret, struct fault *fault)
{
	struct osti_ioc_info info;
	uint32_t i;
	int r;

	r = device_info(device, &info);
	if (r < 0) {
		fault_set(fault, FAULT_DEVICE,
			  "asking the monitor who we are: %s", strerror(-r));
		return -1;
	}
	if (info.nr_slots > OSTI_MAX_SLOTS || info.own_slot < 1 ||
	    info.own_slot > info.nr_slots) {
		fault_set(
			fault, FAULT_DEVICE,
			"the monitor says slot %u of %u; switchd and firmware do not fit together",
			info.own_slot, info.nr_slots);
		return -1;
	}
	memset(ret, 0, sizeof(*ret));
	ret->own = info.own_slot;
	ret->n = info.nr_slots;
	for (i = 0; i < ret->n; i++) {
		r = device_slot(device, i + 1, &ret->slot[i]);
		if (r < 0) {
			fault_set(fault, FAULT_DEVICE,
				  "asking the monitor about slot %u: %s", i + 1,
				  strerror(-r));
			return -1;
		}
		ret->slot[i].name[sizeof(ret->slot[i].name) - 1] = '\0';
		foreign_text_clean(ret->slot[i].name);
	}
	return 0;
}

const char *slots_name(const struct slots *slots, uint32_t slot)
{
	if (slot == OSTI_CONTEXT_BM)
		return "menu";
	return slot <= slots->n ? slots->slot[slot - 1].name : "?";
}

/* A number of at most three digits; 0 if it is something else. */
static uint32_t parse_number(const char *text)
{
	uint32_t n = 0;
	size_t i;

	for (i = 0; text[i]; i++) {
		if (text[i] < '0' || text[i] > '9' || i == 3)
			return 0;
		n = n * 10 + (uint32_t)(text[i] - '0');
	}
	return n;
}

int slots_find(const struct slots *slots, const char *text, uint32_t *ret,
	       struct fault *fault)
{
	uint32_t slot = parse_number(text);
	uint32_t i;

	for (i = 0; !slot && i < slots->n; i++)
		if (strcmp(slots->slot[i].name, text) == 0)
			slot = i + 1;
	if (!slot) {
		fault_set(
			fault, FAULT_NO_TARGET,
			"there is no slot '%.32s'; 'switchctl list' shows them",
			text);
		return -1;
	}
	if (slot > slots->n) {
		fault_set(fault, FAULT_NO_TARGET,
			  "there is no slot %u; this device has %u", slot,
			  slots->n);
		return -1;
	}
	*ret = slot;
	return 0;
}

int slots_resolve(const struct slots *slots, const char *text, uint32_t *ret,
		  struct fault *fault)
{
	uint32_t target;

	if (strcmp(text, "menu") == 0) {
		*ret = OSTI_CONTEXT_BM;
		return 0;
	}
	if (strcmp(text, "next") == 0) {
		target = slots->own % slots->n + 1;
		if (target == slots->own) {
			fault_set(fault, FAULT_NO_TARGET,
				  "this device has only one slot");
			return -1;
		}
	} else if (slots_find(slots, text, &target, fault) < 0) {
		return -1;
	}
	if (target == slots->own) {
		fault_set(fault, FAULT_NO_TARGET,
			  "slot %u (%s) is the one that runs here", target,
			  slots_name(slots, target));
		return -1;
	}
	*ret = target;
	return 0;
}
