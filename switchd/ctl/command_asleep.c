// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * switchctl asleep: goes on with a switch that waits for logind
 *
 * An ExecCondition= of systemd-suspend.service, which suspends by itself if that
 * says so. An ordinary suspend never depends on switchd: that a switch waits is
 * noted in a file.
 */
#include "ctl/commands.h"

#include <limits.h>
#include <string.h>

#include "daemon/sleep_note.h"

/* What systemd makes of it: to go on; to leave the rest out; that it failed. */
enum {
	ORDINARY = STATUS_OK,
	WAS_SWITCHED = STATUS_FAILED,
	FAILED = STATUS_ASLEEP_FAILED,
};

/* The note is beside the socket. */
static void note_dir(const char *socket, char ret[PATH_MAX])
{
	char *slash;

	snprintf(ret, PATH_MAX, "%s", socket);
	slash = strrchr(ret, '/');
	if (slash)
		slash[slash == ret] = '\0';
}

int command_asleep(struct connection *connection, const struct options *options)
{
	json_auto_t *reply = NULL;
	char dir[PATH_MAX];
	struct fault fault;
	int r;

	note_dir(options->socket, dir);
	if (!sleep_note_holds(dir))
		return ORDINARY;
	r = connection_open(connection, options->socket, &fault);
	/* Nobody knows for how long this OS will be frozen. */
	if (r == 0)
		r = connection_call(connection, "asleep", NULL, -1, &reply,
				    &fault);
	connection_close(connection);
	/* The next sleep is another one. */
	sleep_note_remove(dir);
	if (r == 0)
		return WAS_SWITCHED;
	fprintf(stderr, "switchctl: this OS does not suspend: %s\n",
		fault.message);
	return FAILED;
}
