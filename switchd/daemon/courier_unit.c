// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * courier_unit.c - switchd-backup in a transient unit of its own, by systemd
 */
#include "daemon/courier_unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/util.h"
#include "daemon/courier_user.h"
#include "daemon/transient_unit.h"

/* Of a systemd that has much to do; one that is stuck is told of. */
#define START_USEC (25 * USEC_PER_SEC)
/* For this nobody else is served. */
#define STOP_USEC (2 * USEC_PER_SEC)

struct courier_unit {
	struct transient_unit *unit;
	char user[64]; /* "": who systemd says */
	/* Ours until it is started, so that its end shows as theirs. */
	int in;
	int out;
};

static void close_ends(struct courier_unit *unit)
{
	if (unit->in >= 0)
		close(unit->in);
	if (unit->out >= 0)
		close(unit->out);
	unit->in = -1;
	unit->out = -1;
}

static int add_properties(sd_bus_message *message, void *about)
{
	struct courier_unit *unit = about;
	int r = 0;

	if (unit->user[0])
		r = sd_bus_message_append(message, "(sv)", "User", "s",
					  unit->user);
	if (r >= 0)
		r = sd_bus_message_append(message, "(sv)(sv)",
					  "StandardInputFileDescriptor", "h",
					  unit->in,
					  "StandardOutputFileDescriptor", "h",
					  unit->out);
	/* The message has its own. */
	close_ends(unit);
	return r;
}

static int take(struct courier_unit *unit, const struct courier_spawn *spawn)
{
	unit->in = fcntl(spawn->in, F_DUPFD_CLOEXEC, 0);
	unit->out = unit->in < 0 ? -1 : fcntl(spawn->out, F_DUPFD_CLOEXEC, 0);
	return unit->out < 0 ? -errno : 0;
}

int courier_unit_start(sd_event *event, const struct courier_spawn *spawn,
		       run_ended ended, void *userdata,
		       struct courier_unit **ret, struct fault *fault)
{
	struct transient_unit_params params = {
		.prefix = "switchd-backup-",
		.earlier = "switchd-backup of an earlier job",
		.properties = add_properties,
		.limit_usec = START_USEC,
		.limit_start = true,
		.ended = ended,
		.userdata = userdata,
	};
	struct courier_user user;
	struct courier_unit *unit;
	int r;

	if (courier_user_find(spawn->user, &user, fault) < 0)
		return -1;
	unit = calloc(1, sizeof(*unit));
	if (!unit) {
		fault_set(fault, FAULT_HELPER, "out of memory");
		return -1;
	}
	if (user.uid)
		snprintf(unit->user, sizeof(unit->user), "%s", spawn->user);
	params.about = unit;
	r = take(unit, spawn);
	if (r >= 0)
		r = transient_unit_start(event, &params, &unit->unit);
	if (r < 0) {
		courier_unit_free(unit);
		fault_set(
			fault, FAULT_HELPER,
			"switchd-backup cannot be started: the system bus: %s",
			strerror(-r));
		return -1;
	}
	*ret = unit;
	return 0;
}

void courier_unit_signal(struct courier_unit *unit, int number)
{
	transient_unit_signal(unit->unit, number);
}

void courier_unit_free(struct courier_unit *unit)
{
	if (!unit)
		return;
	if (unit->unit)
		transient_unit_stop(unit->unit, STOP_USEC);
	transient_unit_free(unit->unit);
	close_ends(unit);
	free(unit);
}
