// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * backup_open.c - transfers of the monitor: how one begins
 */
#include "daemon/backup_open.h"

#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <osti/abi.h>

#include "common/names.h"
#include "daemon/log.h"

void backup_open_explain(const struct backup_label *label, int error,
			 uint32_t reason, struct fault *fault)
{
	switch (error) {
	case EBUSY:
		fault_set(
			fault, FAULT_SLOT_STATE,
			"the monitor does not begin the %s: another transfer is open, or %s has changed its state; 'switchctl list' shows it",
			label->what, label->name);
		break;
	case EBADMSG:
		fault_set(fault, FAULT_REFUSED,
			  "the monitor does not believe the backup: %s",
			  names_refusal_text(reason));
		break;
	case ENODATA:
	case EOPNOTSUPP:
		fault_set(
			fault, FAULT_NOT_SUPPORTED,
			"this device cannot make copies: it has no NV memory that can be trusted, or firmware without an image engine");
		break;
	case ENOMEM:
		fault_set(
			fault, FAULT_SLOT_STATE,
			"there is no memory for the %s; hibernate another slot first",
			label->what);
		break;
	default:
		fault_set(fault, FAULT_DEVICE,
			  "the monitor does not begin the %s: %s", label->what,
			  strerror(error));
		break;
	}
}

/*
 * How many attachments a copy has must be said before it can be asked whether
 * there is a disk; once, as a board does not change. Return: its descriptor, or a
 * negative errno.
 */
static int open_export(struct device *device, struct backup_disks *disks,
		       const struct backup_label *label,
		       struct osti_ioc_backup *arg)
{
	uint32_t slot = UINT32_C(1) << arg->slot;
	struct osti_ioc_backup again;
	int fd;
	int r;

	arg->attachments = !(disks->tried & slot) || (disks->shown & slot);
	again = *arg;
	fd = device_backup_open(device, arg);
	if (fd < 0 || (disks->tried & slot))
		return fd;
	r = device_disk_try(device, fd);
	if (r < 0 && r != -EOPNOTSUPP) {
		/* It may work for switchd-backup, which tells what is wrong. */
		log_warning("%s: trying the disk: %s", label->what,
			    strerror(-r));
		return fd;
	}
	disks->tried |= slot;
	if (r == 0) {
		disks->shown |= slot;
		return fd;
	}
	close(fd);
	*arg = again;
	arg->attachments = 0;
	return device_backup_open(device, arg);
}

int backup_open(struct device *device, struct backup_disks *disks,
		const struct backup_label *label, uint32_t what,
		const uint8_t *header, struct backup_request *request,
		struct fault *fault)
{
	struct osti_ioc_backup arg = { .slot = request->slot, .what = what };
	int fd;

	if (what == OSTI_BACKUP_IMPORT) {
		arg.header = (uint64_t)(uintptr_t)header;
		fd = device_backup_open(device, &arg);
	} else {
		/* A stored image has the time at which it was stored. */
		if (what == OSTI_BACKUP_EXPORT)
			arg.saved_at = (uint64_t)time(NULL);
		fd = open_export(device, disks, label, &arg);
		request->stored = what == OSTI_BACKUP_STORED ? arg.generation
							     : 0;
	}
	if (fd < 0)
		backup_open_explain(label, -fd, arg.reason, fault);
	return fd < 0 ? -1 : fd;
}
