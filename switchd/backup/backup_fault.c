// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * backup_fault.c - why something about backups was not done: a code for
 * programs, a text for people
 */
#include "backup/backup_fault.h"

#include <stdarg.h>
#include <stdio.h>

#include "backup/store.h"
#include "common/foreign_text.h"

int backup_fault_set(struct backup_fault *fault, enum backup_code code,
		     const char *format, ...)
{
	va_list args;

	fault->code = code;
	fault->store = STORE_OK;
	va_start(args, format);
	vsnprintf(fault->message, sizeof(fault->message), format, args);
	va_end(args);
	foreign_text_clean(fault->message);
	return code;
}

int backup_fault_store(struct backup_fault *fault,
		       const struct store_request *r, const char *what)
{
	backup_fault_set(fault, BACKUP_E_STORE, "%s %s: %s", what, r->key,
			 r->message[0] ? r->message
				       : store_error_text(r->status));
	fault->store = r->status;
	return BACKUP_E_STORE;
}

int backup_fault_memory(struct backup_fault *fault)
{
	return backup_fault_set(
		fault, BACKUP_E_MEMORY,
		"not enough memory: end other programs, then repeat it");
}
