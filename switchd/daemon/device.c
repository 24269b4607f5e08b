// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * device.c - /dev/osti, the way to the switch monitor
 */
#include "daemon/device.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <osti/abi.h>

struct device {
	int fd;
	char *path;
};

struct device_events {
	int fd;
};

int device_open(const char *path, struct device **ret)
{
	struct device *device = calloc(1, sizeof(*device));
	int r;

	if (!device)
		return -ENOMEM;
	device->fd = -1;
	device->path = strdup(path);
	if (!device->path) {
		device_close(device);
		return -ENOMEM;
	}
	device->fd = open(path, O_RDWR | O_CLOEXEC);
	if (device->fd < 0) {
		r = -errno;
		device_close(device);
		return r;
	}
	*ret = device;
	return 0;
}

void device_close(struct device *device)
{
	if (!device)
		return;
	if (device->fd >= 0)
		close(device->fd);
	free(device->path);
	free(device);
}

int device_info(struct device *device, struct osti_ioc_info *ret)
{
	memset(ret, 0, sizeof(*ret));
	return ioctl(device->fd, OSTI_GET_INFO, ret) < 0 ? -errno : 0;
}

int device_slot(struct device *device, uint32_t slot, struct osti_ioc_slot *ret)
{
	memset(ret, 0, sizeof(*ret));
	ret->slot = slot;
	return ioctl(device->fd, OSTI_GET_SLOT, ret) < 0 ? -errno : 0;
}

int device_switch(struct device *device, struct osti_ioc_switch *arg)
{
	return ioctl(device->fd, OSTI_SWITCH, arg) < 0 ? -errno : 0;
}

int device_mark_user(struct device *device)
{
	return ioctl(device->fd, OSTI_MARK_USER) < 0 ? -errno : 0;
}

int device_phases(struct device *device, uint32_t index,
		  struct osti_ioc_phases *ret)
{
	memset(ret, 0, sizeof(*ret));
	ret->index = index;
	return ioctl(device->fd, OSTI_GET_PHASES, ret) < 0 ? -errno : 0;
}

int device_ring(struct device *device, uint32_t ring, struct osti_ioc_ring *ret)
{
	memset(ret, 0, sizeof(*ret));
	ret->ring = ring;
	return ioctl(device->fd, OSTI_GET_RING, ret) < 0 ? -errno : 0;
}

int device_image(struct device *device, uint32_t slot,
		 struct osti_ioc_image *ret)
{
	memset(ret, 0, sizeof(*ret));
	ret->slot = slot;
	return ioctl(device->fd, OSTI_GET_IMAGE, ret) < 0 ? -errno : 0;
}

int device_resume(struct device *device, struct osti_ioc_resume *ret)
{
	memset(ret, 0, sizeof(*ret));
	return ioctl(device->fd, OSTI_GET_RESUME, ret) < 0 ? -errno : 0;
}

int device_start_good(struct device *device, uint64_t least_version,
		      uint64_t *accepted)
{
	struct osti_ioc_good good = { .least_version = least_version };

	if (ioctl(device->fd, OSTI_START_GOOD, &good) < 0)
		return -errno;
	*accepted = good.accepted;
	return 0;
}

int device_slot_key(struct device *device, struct osti_ioc_key *ret)
{
	return ioctl(device->fd, OSTI_GET_SLOT_KEY, ret) < 0 ? -errno : 0;
}

int device_disk_key(struct device *device, struct osti_ioc_disk_key *ret)
{
	return ioctl(device->fd, OSTI_GET_DISK_KEY, ret) < 0 ? -errno : 0;
}

int device_carrier(struct device *device, uint32_t slot,
		   struct osti_ioc_carrier *ret)
{
	memset(ret, 0, sizeof(*ret));
	ret->slot = slot;
	return ioctl(device->fd, OSTI_GET_CARRIER, ret) < 0 ? -errno : 0;
}

int device_restore_ask(struct device *device, uint32_t slot,
		       const uint8_t *header, uint32_t *reason)
{
	struct osti_ioc_restore arg = {
		.slot = slot,
		.header = (uint64_t)(uintptr_t)header,
	};
	int r = ioctl(device->fd, OSTI_RESTORE_ASK, &arg) < 0 ? -errno : 0;

	*reason = arg.reason;
	return r;
}

int device_backup_open(struct device *device, struct osti_ioc_backup *arg)
{
	int fd = ioctl(device->fd, OSTI_BACKUP_OPEN, arg);

	return fd < 0 ? -errno : fd;
}

int device_disk_try(struct device *device, int transfer)
{
	struct osti_ioc_disk arg = { .access = OSTI_DISK_READ };

	(void)device;
	if (ioctl(transfer, OSTI_TRANSFER_DISK, &arg) < 0)
		return -errno;
	return ioctl(transfer, OSTI_TRANSFER_DISK_END) < 0 ? -errno : 0;
}

int device_events_open(struct device *device, struct device_events **ret)
{
	struct device_events *events = calloc(1, sizeof(*events));
	int r;

	if (!events)
		return -ENOMEM;
	/* Its own open file: the position in the ring belongs to that. */
	events->fd = open(device->path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (events->fd < 0) {
		r = -errno;
		free(events);
		return r;
	}
	*ret = events;
	return 0;
}

void device_events_close(struct device_events *events)
{
	if (!events)
		return;
	close(events->fd);
	free(events);
}

int device_events_fd(const struct device_events *events)
{
	return events->fd;
}

int device_events_read(struct device_events *events, struct osti_event *ret,
		       size_t max)
{
	ssize_t n = read(events->fd, ret, max * sizeof(*ret));

	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	if ((size_t)n % sizeof(*ret))
		return -EIO;
	return (int)((size_t)n / sizeof(*ret));
}
