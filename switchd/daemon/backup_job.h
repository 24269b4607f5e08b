/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * backup_job.h - puts into words what switchd-backup is to do, and takes its word
 */
#ifndef SWITCHD_BACKUP_JOB_H
#define SWITCHD_BACKUP_JOB_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#include "backup/job.h"
#include "common/fault.h"
#include "daemon/config_backup.h"
#include "daemon/device.h"
#include "daemon/slots.h"

#define BACKUP_NAME_MAX 40

/* What somebody asks for. */
struct backup_request {
	enum job_op op; /* not JOB_SHOW, which is a part of others */
	uint32_t slot; /* 0: none, or all of them */
	/*
	 * JOB_BACKUP, JOB_PUSH: generation of the image in the store that is
	 * saved, 0: what is frozen is. Whoever asks has no choice.
	 */
	uint64_t stored;
	char backup[BACKUP_NAME_MAX]; /* "": the newest one, or none */
	bool pull; /* JOB_RESTORE: of what was pushed */
	bool force;
	bool read_data;
	bool dry_run;
	struct job_keep keep;
	bool has_upload; /* else what is configured holds */
	bool has_download;
	uint64_t limit_upload;
	uint64_t limit_download;
};

/* How people call it. */
struct backup_label {
	char name[24]; /* of the slot, or "" */
	char what[64]; /* "backup of work" */
};

/* name: of the request's slot, "" without one. */
void backup_job_label(const struct backup_request *request, const char *name,
		      struct backup_label *ret);

/*
 * The job for a step of the request. Needs the monitor for the keys.
 * Return: 0 and *ret, which has keys in it, or -1 and a FAULT_NOT_SUPPORTED,
 * FAULT_DEVICE or FAULT_FAILED.
 */
int backup_job_make(struct device *device, const struct slots *slots,
		    const struct backup_config *config,
		    const struct backup_request *request, enum job_op step,
		    json_t **ret, struct fault *fault);

/*
 * Takes what a JOB_SHOW gave: the backup's header, OSTI_IMAGE_HEADER bytes, and
 * its name, for the next step.
 * Return: 0, or -1 and a FAULT_HELPER.
 */
int backup_job_shown(json_t *result, struct backup_request *request,
		     uint8_t *ret_header, struct fault *fault);

#endif /* SWITCHD_BACKUP_JOB_H */
