// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fault.c - why a request was not carried out: a code for programs, a text for
 * people
 */
#include "common/fault.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/foreign_text.h"
#include "common/util.h"

static const char *const names[] = {
	[FAULT_FAILED] = "failed",
	[FAULT_BAD_REQUEST] = "bad-request",
	[FAULT_UNKNOWN_METHOD] = "unknown-method",
	[FAULT_DENIED] = "denied",
	[FAULT_LIMIT] = "limit",
	[FAULT_INHIBITED] = "inhibited",
	[FAULT_BUSY] = "busy",
	[FAULT_NO_TARGET] = "no-target",
	[FAULT_HOOK] = "hook",
	[FAULT_NOT_FROZEN] = "not-frozen",
	[FAULT_DEVICE] = "device",
	[FAULT_REQUEST] = "request-failed",
	[FAULT_REFUSED] = "refused",
	[FAULT_DECLINED] = "declined",
	[FAULT_NO_IMAGE] = "no-image",
	[FAULT_SLOT_STATE] = "slot-state",
	[FAULT_NO_STORE] = "no-store",
	[FAULT_NOT_SUPPORTED] = "not-supported",
	[FAULT_NO_VERSION] = "no-version",
	[FAULT_NO_NV] = "no-nv",
	[FAULT_NO_REPOSITORY] = "no-repository",
	[FAULT_REPOSITORY] = "repository",
	[FAULT_STORE] = "store",
	[FAULT_STORE_DENIED] = "store-denied",
	[FAULT_STORE_FULL] = "store-full",
	[FAULT_EXISTS] = "exists",
	[FAULT_NO_BACKUP] = "no-backup",
	[FAULT_HELD] = "held",
	[FAULT_PUSHED] = "pushed",
	[FAULT_INTERRUPTED] = "interrupted",
	[FAULT_CANCELLED] = "cancelled",
	[FAULT_HELPER] = "helper",
	[FAULT_UNREACHABLE] = "unreachable",
	[FAULT_VERIFY] = "verify",
};

_Static_assert(ARRAY_SIZE(names) == FAULT_CODES, "every code has a name");

void fault_set(struct fault *fault, enum fault_code code, const char *format,
	       ...)
{
	va_list args;

	fault->code = code;
	va_start(args, format);
	vsnprintf(fault->message, sizeof(fault->message), format, args);
	va_end(args);
	foreign_text_clean(fault->message);
}

const char *fault_name(enum fault_code code)
{
	return names[code];
}

enum fault_code fault_from_name(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (strcmp(names[i], name) == 0)
			return (enum fault_code)i;
	return FAULT_FAILED;
}
