// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ready.c - what is waited for between the pre-freeze hooks and the freeze: disks,
 * then those who prepare for sleep
 */
#include "daemon/ready.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/util.h"
#include "daemon/flush.h"
#include "daemon/log.h"
#include "daemon/prepare.h"

/* What logind gets to answer. */
#define ANSWER_USEC (10 * USEC_PER_SEC)
/* And after InhibitDelayMaxSec: systemd starts what belongs to sleep.target. */
#define COME_USEC (15 * USEC_PER_SEC)

struct ready {
	sd_event *event;
	struct ready_params params;
	ready_done done;
	void *userdata;
	struct flush *flush;
	struct prepare *prepare;
};

/* Return: 1, or 0: nobody is to be waited for. */
static int prepare(struct ready *ready)
{
	const struct prepare_params params = {
		.what = ready->params.what,
		.dir = ready->params.dir,
		.answer_usec = ANSWER_USEC,
		.come_usec = COME_USEC,
		.insist = ready->params.insist,
	};
	int r;

	if (!ready->params.prepare)
		return 0;
	r = prepare_start(ready->event, &params, ready->done, ready->userdata,
			  &ready->prepare);
	if (r < 0)
		log_warning("nobody prepares for the %s: the system bus: %s",
			    ready->params.what, strerror(-r));
	return r == 0;
}

static void on_flushed(void *userdata)
{
	struct ready *ready = userdata;

	flush_free(ready->flush);
	ready->flush = NULL;
	if (!prepare(ready))
		ready->done(NULL, ready->userdata);
}

int ready_start(sd_event *event, const struct ready_params *params,
		ready_done done, void *userdata, struct ready **ret)
{
	struct ready *ready = calloc(1, sizeof(*ready));
	int r;

	if (!ready)
		return -ENOMEM;
	ready->event = event;
	ready->params = *params;
	ready->done = done;
	ready->userdata = userdata;
	r = flush_start(event, params->what, on_flushed, ready, &ready->flush);
	if (r < 0)
		log_warning("the kernel alone writes to disk before the %s: %s",
			    params->what, strerror(-r));
	if (r <= 0)
		r = prepare(ready);
	if (r == 0) {
		ready_free(ready);
		return 0;
	}
	*ret = ready;
	return 1;
}

void ready_free(struct ready *ready)
{
	if (!ready)
		return;
	flush_free(ready->flush);
	prepare_free(ready->prepare);
	free(ready);
}

bool ready_come(struct ready *ready)
{
	return ready && prepare_come(ready->prepare);
}

bool ready_is_writing(const struct ready *ready)
{
	return ready && ready->flush;
}

bool ready_is_preparing(const struct ready *ready)
{
	return ready && ready->prepare;
}
