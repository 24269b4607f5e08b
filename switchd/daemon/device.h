/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * device.h - /dev/osti, the way to the switch monitor
 *
 * Meaning and errors of the calls are those of the ioctls in osti/ioctl.h; an
 * error is returned as negative errno. Tests link another implementation.
 */
#ifndef SWITCHD_DEVICE_H
#define SWITCHD_DEVICE_H

#include <stddef.h>
#include <stdint.h>

#include <osti/ioctl.h>

struct device;
struct device_events;

/*
 * Opens the device for reading and writing. The caller owns *ret and ends it
 * with device_close().
 * Return: 0, -ENOMEM, or the error of open().
 */
int device_open(const char *path, struct device **ret);
void device_close(struct device *device); /* NULL is allowed */

int device_info(struct device *device, struct osti_ioc_info *ret);
int device_slot(struct device *device, uint32_t slot,
		struct osti_ioc_slot *ret);
/*
 * Blocks for as long as this OS is frozen. The caller sets target and request
 * and zeroes the rest, which counts only when 0 is returned.
 */
int device_switch(struct device *device, struct osti_ioc_switch *arg);
int device_mark_user(struct device *device);
int device_phases(struct device *device, uint32_t index,
		  struct osti_ioc_phases *ret);
int device_ring(struct device *device, uint32_t ring,
		struct osti_ioc_ring *ret);
int device_image(struct device *device, uint32_t slot,
		 struct osti_ioc_image *ret);
int device_resume(struct device *device, struct osti_ioc_resume *ret);
int device_start_good(struct device *device, uint64_t least_version,
		      uint64_t *accepted);
/* The caller wipes what it got. */
int device_slot_key(struct device *device, struct osti_ioc_key *ret);
int device_disk_key(struct device *device, struct osti_ioc_disk_key *ret);

/* The carrier's key is wiped by the caller. */
int device_carrier(struct device *device, uint32_t slot,
		   struct osti_ioc_carrier *ret);
/* With -EBADMSG *reason is why the copy is refused, else 0. */
int device_restore_ask(struct device *device, uint32_t slot,
		       const uint8_t *header, uint32_t *reason);
/*
 * The caller sets slot, what, and saved_at or header, and zeroes the rest.
 * Return: a descriptor that is the caller's, or a negative errno.
 */
int device_backup_open(struct device *device, struct osti_ioc_backup *arg);
/*
 * Does the board show the slot's disk to who has the descriptor of an export?
 * Waits until it was found, for some 100 ms.
 * Return: 0, -EOPNOTSUPP: it does not, or another errno of OSTI_TRANSFER_DISK.
 */
int device_disk_try(struct device *device, int transfer);

/*
 * A reader of the event rings: begins with the oldest record that is kept now,
 * and does so again after this OS came back from an image.
 * The caller owns *ret and ends it with device_events_close().
 * Return: 0, -ENOMEM, or the error of open().
 */
int device_events_open(struct device *device, struct device_events **ret);
void device_events_close(struct device_events *events); /* NULL is allowed */
/* A descriptor that polls readable when there are records to read. */
int device_events_fd(const struct device_events *events);
/*
 * Reads up to max records without waiting.
 * Return: their number, 0 if there is none now, or the error of read().
 */
int device_events_read(struct device_events *events, struct osti_event *ret,
		       size_t max);

#endif /* SWITCHD_DEVICE_H */
