/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * job.h - a job of switchd, from its beginning to its end
 */
#ifndef SWITCHCTL_JOB_H
#define SWITCHCTL_JOB_H

#include <stdbool.h>

#include <jansson.h>

#include "common/fault.h"
#include "ctl/connection.h"

/*
 * Starts the job, shows on standard error how it goes, and waits for its end.
 * Each item is given to @item, if not NULL. With @json every line is printed as it
 * comes, and @item is not called. SIGINT and SIGTERM cancel the job. Takes over
 * the reference to params.
 * Return: 0 and *result, of which the caller owns a reference, or -1 and the
 * fault.
 */
int job_run(struct connection *connection, const char *method, json_t *params,
	    bool json,
	    int (*item)(json_t *item, void *data, struct fault *fault),
	    void *data, json_t **result, struct fault *fault);

#endif /* SWITCHCTL_JOB_H */
