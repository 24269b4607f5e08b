// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The part of libevdev that switchd uses, on a FIFO that a test writes struct
 * input_event into. A FIFO with an execute bit is a mouse. After SYN_DROPPED
 * come the changes that a resync finds, up to a SYN_REPORT. With a file
 * "all-keys-up" of the fake device no key is down, whatever was read. With a file
 * "no-inotify" of the fake device no file can be watched.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <libevdev/libevdev.h>

struct libevdev {
	int fd;
	int writer; /* without one the FIFO would always poll readable */
	bool mouse;
	bool down[KEY_CNT];
};

int libevdev_new_from_fd(int fd, struct libevdev **dev)
{
	struct libevdev *fake;
	char path[64];
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISFIFO(st.st_mode))
		return -ENOTTY;
	fake = calloc(1, sizeof(*fake));
	if (!fake)
		return -ENOMEM;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	fake->fd = fd;
	fake->writer = open(path, O_WRONLY | O_CLOEXEC);
	fake->mouse = st.st_mode & S_IXUSR;
	*dev = fake;
	return 0;
}

void libevdev_free(struct libevdev *dev)
{
	if (!dev)
		return;
	close(dev->writer);
	free(dev);
}

const char *libevdev_get_name(const struct libevdev *dev)
{
	return dev->mouse ? "fake mouse" : "fake keyboard";
}

int libevdev_set_clock_id(struct libevdev *dev, int clockid)
{
	(void)dev;
	/* The test stamps its events with this clock. */
	return clockid == CLOCK_BOOTTIME ? 0 : -EINVAL;
}

int libevdev_has_event_code(const struct libevdev *dev, unsigned int type,
			    unsigned int code)
{
	if (dev->mouse)
		return type == EV_KEY && code == BTN_LEFT;
	return type == EV_KEY && (code < KEY_F11 || code == KEY_POWER);
}

int libevdev_next_event(struct libevdev *dev, unsigned int flags,
			struct input_event *ev)
{
	ssize_t n;

	if (flags & LIBEVDEV_READ_FLAG_FORCE_SYNC)
		return LIBEVDEV_READ_STATUS_SYNC;
	n = read(dev->fd, ev, sizeof(*ev));
	if (n < 0)
		return -errno;
	if (n != sizeof(*ev))
		return -ENODEV;
	if (ev->type == EV_KEY && ev->code < KEY_CNT)
		dev->down[ev->code] = ev->value;
	if (flags & LIBEVDEV_READ_FLAG_SYNC)
		return ev->type == EV_SYN ? -EAGAIN : LIBEVDEV_READ_STATUS_SYNC;
	if (ev->type == EV_SYN && ev->code == SYN_DROPPED)
		return LIBEVDEV_READ_STATUS_SYNC;
	return LIBEVDEV_READ_STATUS_SUCCESS;
}

int libevdev_get_event_value(const struct libevdev *dev, unsigned int type,
			     unsigned int code)
{
	return type == EV_KEY && dev->down[code] &&
	       access("device/all-keys-up", F_OK) < 0;
}

/* For libsystemd. */
int inotify_init1(int flags)
{
	if (access("device/no-inotify", F_OK) < 0)
		return (int)syscall(SYS_inotify_init1, flags);
	errno = EMFILE;
	return -1;
}
