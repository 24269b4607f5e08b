/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * courier_spawn.h - starts switchd-backup with as few rights as it needs
 */
#ifndef SWITCHD_COURIER_SPAWN_H
#define SWITCHD_COURIER_SPAWN_H

#include <sys/types.h>

#include "common/fault.h"

struct courier_spawn {
	const char *program; /* not for courier_unit.h */
	const char *user; /* see courier.h */
	int in; /* becomes its standard input */
	int out; /* and its standard output */
};

/*
 * It gets no other descriptor but standard error, no capability and no way to
 * get one, a clean environment with the credentials of the store in it if we
 * have them there, and ends when we do.
 * Return: 0 and *pid, or -1 and a FAULT_HELPER.
 */
int courier_spawn(const struct courier_spawn *spawn, pid_t *pid,
		  struct fault *fault);

#endif /* SWITCHD_COURIER_SPAWN_H */
