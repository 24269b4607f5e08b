/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * store_message.h - errors with a text for people
 */
#ifndef STORE_MESSAGE_H
#define STORE_MESSAGE_H

#include "backup/store.h"

/*
 * Writes a text; one that is too long is cut, control characters become "?".
 * Return: status.
 */
int store_say(char *message, size_t room, int status, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* The same for a request: its status and message. Return: status. */
#define store_fail(r, code, ...)                                               \
	((r)->status = store_say((r)->message, sizeof((r)->message), (code),   \
				 __VA_ARGS__))

/* "GET", "LIST" ... for messages. */
const char *store_op_text(enum store_op op);

#endif /* STORE_MESSAGE_H */
