// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * door.c - a listening socket in the file system
 */
#include "daemon/door.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "common/util.h"
#include "daemon/log.h"

/* Connections taken before others in the event loop get their turn. */
#define BATCH 64
/*
 * Turns in a time: neither a flood nor a lack of descriptors spins the loop,
 * and the queue (SOMAXCONN, 4096) is empty again in 200 ms.
 */
#define TURNS 32
#define TURNS_USEC (100 * USEC_PER_MSEC)

struct door {
	const char *path;
	door_handler handler;
	void *userdata;
	int fd;
	int error; /* of the last accept(); told once */
	bool bound;
	sd_event_source *source;
};

/* Return: the new connection, or -1: no more for now. */
static int take(struct door *door)
{
	int fd = accept4(door->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	int error = fd < 0 ? errno : 0;

	if (error == EAGAIN)
		return -1;
	if (error && error != door->error && error != EINTR &&
	    error != ECONNABORTED)
		log_error("a connection could not be accepted: %s",
			  strerror(error));
	door->error = error;
	return fd;
}

static int on_knock(sd_event_source *source, int fd, uint32_t revents,
		    void *userdata)
{
	struct door *door = userdata;
	unsigned int n;
	int peer;

	(void)source;
	(void)fd;
	(void)revents;
	for (n = 0; n < BATCH; n++) {
		peer = take(door);
		if (peer < 0)
			break;
		door->handler(peer, door->userdata);
	}
	return 0;
}

/* True if somebody answers at the address. */
static bool is_alive(const struct sockaddr_un *address)
{
	_cleanup_close_ int fd =
		socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return false;
	/* EAGAIN: it has a queue, which is full. */
	return connect(fd, (const struct sockaddr *)address,
		       sizeof(*address)) == 0 ||
	       errno == EAGAIN;
}

static int make_parent(const char *path)
{
	char parent[PATH_MAX];
	char *slash;

	snprintf(parent, sizeof(parent), "%s", path);
	slash = strrchr(parent, '/');
	if (!slash || slash == parent)
		return 0;
	*slash = '\0';
	return mkdir(parent, 0755) < 0 && errno != EEXIST ? -errno : 0;
}

static int door_bind(struct door *door, const struct door_params *params)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const char *path = params->path;
	int r;

	if (strlen(path) >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	memcpy(address.sun_path, path, strlen(path) + 1);
	r = make_parent(path);
	if (r < 0)
		return r;
	door->fd =
		socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (door->fd < 0)
		return -errno;
	if (is_alive(&address))
		return -EADDRINUSE;
	if (unlink(path) < 0 && errno != ENOENT)
		return -errno;
	if (bind(door->fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		return -errno;
	door->bound = true;
	/* Before listen(): until then nobody comes in at all. */
	if (chown(path, (uid_t)-1, params->group) < 0 ||
	    chmod(path, params->mode) < 0 || listen(door->fd, SOMAXCONN) < 0)
		return -errno;
	return 0;
}

static int door_watch(struct door *door, sd_event *event, int64_t priority)
{
	int r;

	r = sd_event_add_io(event, &door->source, door->fd, EPOLLIN, on_knock,
			    door);
	if (r >= 0)
		r = sd_event_source_set_priority(door->source, priority);
	if (r >= 0)
		r = sd_event_source_set_ratelimit(door->source, TURNS_USEC,
						  TURNS);
	return r;
}

int door_new(sd_event *event, const struct door_params *params,
	     door_handler handler, void *userdata, struct door **ret)
{
	struct door *door = calloc(1, sizeof(*door));
	int r;

	if (!door)
		return -ENOMEM;
	door->path = params->path;
	door->handler = handler;
	door->userdata = userdata;
	door->fd = -1;
	r = door_bind(door, params);
	if (r >= 0)
		r = door_watch(door, event, params->priority);
	if (r < 0) {
		door_free(door);
		return r;
	}
	*ret = door;
	return 0;
}

void door_free(struct door *door)
{
	if (!door)
		return;
	sd_event_source_disable_unref(door->source);
	if (door->fd >= 0)
		close(door->fd);
	if (door->bound)
		unlink(door->path);
	free(door);
}
