/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * backup_open.h - transfers of the monitor: how one begins
 */
#ifndef SWITCHD_BACKUP_OPEN_H
#define SWITCHD_BACKUP_OPEN_H

#include <stdint.h>

#include "common/fault.h"
#include "daemon/backup_job.h"
#include "daemon/device.h"

/* Slots, as bits. */
struct backup_disks {
	uint32_t tried; /* it is known whether the board shows their disks */
	uint32_t shown; /* it does */
};

/*
 * Opens a transfer of the request's slot; what: OSTI_BACKUP_*; header: of the
 * copy that is brought in, OSTI_IMAGE_HEADER bytes. Notes in request->stored what
 * is saved.
 * Return: its descriptor, which the caller closes, or -1 and the fault.
 */
int backup_open(struct device *device, struct backup_disks *disks,
		const struct backup_label *label, uint32_t what,
		const uint8_t *header, struct backup_request *request,
		struct fault *fault);

/*
 * What an errno of OSTI_BACKUP_OPEN, or of asking for a restore, means to whoever
 * wants a copy; reason: OSTI_NOTE_* for EBADMSG.
 */
void backup_open_explain(const struct backup_label *label, int error,
			 uint32_t reason, struct fault *fault);

#endif /* SWITCHD_BACKUP_OPEN_H */
