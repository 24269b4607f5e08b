/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * slots.h - which slots there are, and which one somebody means
 */
#ifndef SWITCHD_SLOTS_H
#define SWITCHD_SLOTS_H

#include <stdint.h>

#include <osti/abi.h>
#include <osti/ioctl.h>

#include "common/fault.h"
#include "daemon/device.h"

struct slots {
	uint32_t own;
	uint32_t n;
	struct osti_ioc_slot slot[OSTI_MAX_SLOTS]; /* slot 1 is slot[0] */
};

/* Asks the monitor. Return: 0, or -1 and a FAULT_DEVICE. */
int slots_load(struct device *device, struct slots *ret, struct fault *fault);

/*
 * A slot's name, or "menu" for OSTI_CONTEXT_BM; "slot 9" or the like is for
 * the caller to say, as there is no such name: then it returns "?".
 */
const char *slots_name(const struct slots *slots, uint32_t slot);

/*
 * The slot with that number or name, also our own; a slot that is named like a
 * number is reached by number. Return: 0, or -1 and a FAULT_NO_TARGET.
 */
int slots_find(const struct slots *slots, const char *text, uint32_t *ret,
	       struct fault *fault);

/*
 * What a user calls a target: "next", "menu", a number, or the name of a slot,
 * in this order, so a slot that is named like a number is reached by number.
 * "next" is the slot with the next higher number, after the last one the
 * first, whatever state it is in: the keys of a user must not depend on what
 * is loaded.
 * Return: 0, or -1 and a FAULT_NO_TARGET.
 */
int slots_resolve(const struct slots *slots, const char *text, uint32_t *ret,
		  struct fault *fault);

#endif /* SWITCHD_SLOTS_H */
