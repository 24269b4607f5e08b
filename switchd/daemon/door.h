/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * door.h - a listening socket in the file system
 *
 * The kernel keeps one queue of new connections per socket, whoever they are
 * from. So who must not wait behind others needs a door of their own, and who
 * may not come in should not even be able to knock: the mode decides that.
 */
#ifndef SWITCHD_DOOR_H
#define SWITCHD_DOOR_H

#include <stdint.h>
#include <sys/types.h>

#include <systemd/sd-event.h>

struct door;

struct door_params {
	const char *path; /* must live as long as the door */
	mode_t mode; /* of the socket: who may write it may connect */
	gid_t group; /* owns the socket; (gid_t)-1 = switchd's own */
	int64_t priority; /* in the event loop, see sd-event(3) */
};

/* Somebody came. The descriptor, non-blocking, is the handler's to close. */
typedef void (*door_handler)(int fd, void *userdata);

/*
 * Makes the socket, and its directory if only that is missing. A socket that
 * nobody listens at is replaced.
 * Return: 0 and *ret, which the caller ends with door_free(); -EADDRINUSE:
 * somebody listens there already; or another negative errno.
 */
int door_new(sd_event *event, const struct door_params *params,
	     door_handler handler, void *userdata, struct door **ret);
/* Removes the socket. NULL is allowed. */
void door_free(struct door *door);

#endif /* SWITCHD_DOOR_H */
