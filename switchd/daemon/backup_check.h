/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * backup_check.h - what cannot go well is refused before it begins
 */
#ifndef SWITCHD_BACKUP_CHECK_H
#define SWITCHD_BACKUP_CHECK_H

#include "common/fault.h"
#include "daemon/backup_job.h"
#include "daemon/device.h"
#include "daemon/slots.h"

/*
 * Does the state of the request's slot allow it?
 * Return: 0, or -1 and the fault, FAULT_SLOT_STATE or what images_check() gives.
 */
int backup_check(struct device *device, const struct slots *slots,
		 const struct backup_request *request, struct fault *fault);

#endif /* SWITCHD_BACKUP_CHECK_H */
