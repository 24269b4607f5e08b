// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Names of operations; switchd has them, too.
 */
#include "backup/job.h"

#include <errno.h>
#include <string.h>

#include "common/util.h"

static const char *const names[] = {
	[JOB_BACKUP] = "backup",   [JOB_PUSH] = "push",
	[JOB_BACKUPS] = "backups", [JOB_SHOW] = "show",
	[JOB_RESTORE] = "restore", [JOB_VERIFY] = "verify",
	[JOB_FORGET] = "forget",   [JOB_PRUNE] = "prune",
	[JOB_INIT] = "init",	   [JOB_INFO] = "info",
	[JOB_CHECK] = "check",
};

_Static_assert(ARRAY_SIZE(names) == JOB_OPS, "every operation has a name");

const char *job_op_name(enum job_op op)
{
	return names[op];
}

int job_op_find(const char *name, enum job_op *ret)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (strcmp(names[i], name) == 0) {
			*ret = (enum job_op)i;
			return 0;
		}
	return -EINVAL;
}
