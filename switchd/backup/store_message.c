// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * store_message.c - errors with a text for people
 */
#include "backup/store_message.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

#include "common/foreign_text.h"

static const char *const error_texts[-STORE_E_LAST + 1] = {
	[-STORE_OK] = "ok",
	[-STORE_E_NOT_FOUND] = "not found",
	[-STORE_E_EXISTS] = "exists already",
	[-STORE_E_NO_STORE] = "no such store",
	[-STORE_E_DENIED] = "denied",
	[-STORE_E_CLOCK] = "clocks differ",
	[-STORE_E_FULL] = "full",
	[-STORE_E_NETWORK] = "no answer",
	[-STORE_E_REPLY] = "bad answer",
	[-STORE_E_LIMIT] = "too large",
	[-STORE_E_CANCELLED] = "cancelled",
	[-STORE_E_CONFIG] = "bad configuration",
	[-STORE_E_IO] = "input or output error",
};

static const char *const op_texts[] = {
	[STORE_GET] = "GET",	   [STORE_PUT] = "PUT",
	[STORE_CREATE] = "CREATE", [STORE_DELETE] = "DELETE",
	[STORE_LIST] = "LIST",
};

int store_say(char *message, size_t room, int status, const char *format, ...)
{
	va_list args;

	assert(room > 0);
	va_start(args, format);
	vsnprintf(message, room, format, args);
	va_end(args);
	foreign_text_clean(message);
	return status;
}

const char *store_error_text(int status)
{
	if (status > 0 || status < STORE_E_LAST)
		return "unknown error";
	return error_texts[-status];
}

const char *store_op_text(enum store_op op)
{
	assert(op <= STORE_LIST);
	return op_texts[op];
}
