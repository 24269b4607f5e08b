/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * store_probe.h - does CREATE keep its promise here?
 */
#ifndef STORE_PROBE_H
#define STORE_PROBE_H

#include "backup/store.h"

/*
 * Some servers ignore the condition of a CREATE, and then several win. Asks with
 * a few of them at once for scratch_key, which is deleted before and after; where
 * the credentials cannot delete, it stays behind.
 * Return: STORE_OK with *honoured, and in message why it is not; or STORE_E_* with
 * a text in message.
 */
int store_probe_create(struct store *store, const char *scratch_key,
		       bool *honoured, char *message, size_t room);

#endif /* STORE_PROBE_H */
