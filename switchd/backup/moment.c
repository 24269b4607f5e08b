// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * moment.c - how long ago something was, also for who was frozen meanwhile
 */
#include "backup/moment.h"

#include <stdlib.h>
#include <time.h>

void moment_now(struct moment *now, void *data)
{
	struct timespec ts;

	(void)data;
	clock_gettime(CLOCK_REALTIME, &ts);
	now->wall = ts.tv_sec;
	clock_gettime(CLOCK_BOOTTIME, &ts);
	now->boot = ts.tv_sec;
}

int64_t moment_elapsed(const struct moment *from, const struct moment *to)
{
	/* A clock that went back says that it cannot be relied on. */
	int64_t wall = llabs(to->wall - from->wall);
	int64_t boot = llabs(to->boot - from->boot);

	return wall > boot ? wall : boot;
}
