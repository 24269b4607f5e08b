// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * names.c - names for the numbers of osti/abi.h
 */
#include "common/names.h"

#include <limits.h>
#include <stddef.h>

#include <osti/abi.h>
#include <osti/bootimage.h>
#include <osti/firmware.h>
#include <osti/start.h>

#include "common/util.h"
#include "image_error.h"

static const char *const slot_states[] = {
/* clang-format off */
#define OSTI_SLOT_STATE(name, text) \
	[OSTI_SLOT_##name] = text,
/* clang-format on */
#include <osti/names.h>
};

static const char *const key_origins[] = {
	[OSTI_KEY_NONE] = "none",
	[OSTI_KEY_OWN] = "own",
	[OSTI_KEY_IMPORTED] = "imported",
};

static const char *const switch_kinds[] = {
	[OSTI_SWITCH_HOT] = "hot",
	[OSTI_SWITCH_COLD] = "cold",
	[OSTI_SWITCH_SUSPEND] = "suspend",
	[OSTI_SWITCH_BM] = "boot-manager",
};

static const char *const reasons[] = {
	[OSTI_REASON_POWER_ON] = "power-on", [OSTI_REASON_SWITCH] = "switch",
	[OSTI_REASON_MENU] = "menu",	     [OSTI_REASON_OFF] = "off",
	[OSTI_REASON_RESET] = "reset",	     [OSTI_REASON_RESTART] = "restart",
	[OSTI_REASON_REQUEST] = "request",
};

static const char *const requests[] = {
	[OSTI_REQUEST_NONE] = "switch",
	[OSTI_REQUEST_HIBERNATE] = "hibernate",
	[OSTI_REQUEST_POWER_OFF] = "poweroff",
	[OSTI_REQUEST_VERIFY] = "verify",
	[OSTI_REQUEST_DROP] = "drop",
	[OSTI_REQUEST_RESTORE] = "restore",
	[OSTI_REQUEST_RETIRE] = "retire",
	[OSTI_REQUEST_BOOT_INSTALL] = "boot-install",
	[OSTI_REQUEST_BOOT_LIST] = "boot-list",
	[OSTI_REQUEST_FIRMWARE] = "firmware-install",
};

_Static_assert(ARRAY_SIZE(requests) == OSTI_REQUEST_LAST + 1,
	       "a request has no name");

static const char *const resumes[] = {
	[OSTI_RESUMED_COLD] = "cold",
	[OSTI_RESUMED_HOT] = "hot",
	[OSTI_RESUMED_IMAGE] = "image",
	[OSTI_RESUMED_COPY] = "copy",
};

static const char *const notes[] = {
	[OSTI_NOTE_UNKNOWN] = "unknown",
	[OSTI_NOTE_NONE] = "none",
	[OSTI_NOTE_PRESENT] = "present",
	[OSTI_NOTE_REFUSED] = "refused",
};

_Static_assert(ARRAY_SIZE(notes) == OSTI_NOTE_LAST + 1, "a note has no name");

static const char *const start_refusals[] = {
	[OSTI_START_E_SIGNATURE] = "bad signature",
	[OSTI_START_E_FORMAT] = "not understood",
	[OSTI_START_E_SLOT] = "for another slot",
	[OSTI_START_E_VERSION] = "too old",
	[OSTI_START_E_ROOM] = "too large",
	[OSTI_START_E_KERNEL] = "another kernel",
	[OSTI_START_E_RAMDISK] = "another RAM disk",
};

_Static_assert(ARRAY_SIZE(start_refusals) == OSTI_START_E_LAST + 1,
	       "a refusal has no name");

static const char *const events[] = {
/* clang-format off */
#define OSTI_EVENT(name, text) \
	[OSTI_EV_##name] = text,
/* clang-format on */
#include <osti/names.h>
};

/* OSTI_EV_LAST grows with the contract. */
_Static_assert(ARRAY_SIZE(events) == OSTI_EV_LAST + 1, "an event has no name");

static const char *name_of(const char *const *table, size_t size,
			   uint64_t value)
{
	/* The tables have holes where the contract has them. */
	if (value >= size || !table[value])
		return "unknown";
	return table[value];
}

const char *names_slot_state(uint32_t state)
{
	return name_of(slot_states, ARRAY_SIZE(slot_states), state);
}

const char *names_key_origin(uint32_t origin)
{
	return name_of(key_origins, ARRAY_SIZE(key_origins), origin);
}

const char *names_switch_kind(uint32_t kind)
{
	return name_of(switch_kinds, ARRAY_SIZE(switch_kinds), kind);
}

const char *names_reason(uint64_t reason)
{
	return name_of(reasons, ARRAY_SIZE(reasons), reason);
}

const char *names_request(uint32_t request)
{
	return name_of(requests, ARRAY_SIZE(requests), request);
}

const char *names_resume(uint32_t reason)
{
	return name_of(resumes, ARRAY_SIZE(resumes), reason);
}

const char *names_note(uint32_t note)
{
	return name_of(notes, ARRAY_SIZE(notes), note);
}

const char *names_event(uint16_t type)
{
	return name_of(events, ARRAY_SIZE(events), type);
}

const char *names_start_refusal(uint64_t reason)
{
	return name_of(start_refusals, ARRAY_SIZE(start_refusals), reason);
}

const char *names_boot_refusal(uint64_t reason)
{
	static const char *const firmware[OSTI_FIRMWARE_E_LAST + 1] = {
		[OSTI_FIRMWARE_E_SIGNATURE] =
			"not signed with this device's key",
		[OSTI_FIRMWARE_E_FORMAT] = "no firmware that is known here",
		[OSTI_FIRMWARE_E_BOARD] = "for another board",
		[OSTI_FIRMWARE_E_VERSION] = "older than the device accepts",
		[OSTI_FIRMWARE_E_NOT_NEWER] =
			"not newer than the firmware that runs",
		[OSTI_FIRMWARE_E_ROOM] = "too large for its place in flash",
		[OSTI_FIRMWARE_E_IMAGE] = "not what was signed",
	};

	if (reason > OSTI_BOOT_E_FIRMWARE)
		return name_of(firmware, ARRAY_SIZE(firmware),
			       reason - OSTI_BOOT_E_FIRMWARE);
	switch (reason) {
	case OSTI_BOOT_E_NOTHING:
		return "the exchange disk has none for this slot any more";
	case OSTI_BOOT_E_FIT:
		return "no whole boot image, or firmware";
	case OSTI_BOOT_E_NOT_NEWER:
		return "not newer than what the slot has";
	default:
		return names_start_refusal(reason);
	}
}

const char *names_boot_state(uint64_t state)
{
	static const char *const states[OSTI_BOOT_STATES] = {
		[0] = "none",
		[OSTI_BOOT_TRIAL] = "trial",
		[OSTI_BOOT_GOOD] = "good",
		[OSTI_BOOT_BAD] = "bad",
	};

	return name_of(states, ARRAY_SIZE(states), state);
}

static int image_error(uint64_t reason)
{
	return reason <= INT_MAX ? -(int)reason : INT_MIN;
}

const char *names_refusal(uint64_t reason)
{
	return image_error_name(image_error(reason));
}

const char *names_refusal_text(uint64_t reason)
{
	return image_error_text(image_error(reason));
}
