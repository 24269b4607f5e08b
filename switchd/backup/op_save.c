// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * backup, push: from the monitor to the repository
 */
#include "backup/operations.h"

#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "backup/image_device.h"
#include "backup/move.h"
#include "backup/report.h"
#include "backup/upload.h"

/* Pages are not chunks, but they are what there is to wait for. */
static void on_looked(uint64_t pages, void *data)
{
	const struct progress progress = {
		.phase = PROGRESS_PLAN,
		.done = pages,
	};

	report_progress(&progress, data);
}

static int scan_failed(const struct image_device *device, int error,
		       struct fault *fault)
{
	enum fault_code code = FAULT_DEVICE;

	if (error == -ESTALE || error == -ECANCELED)
		code = FAULT_INTERRUPTED;
	else if (error == -EBADMSG)
		code = FAULT_REFUSED;
	fault_set(fault, code, "the slot's memory cannot be read: %s",
		  image_device_text(device, error));
	return -1;
}

/* After this, whoever looks here is told that a push was under way. */
static bool ask_switchd(void *data)
{
	ssize_t n;
	char c;

	(void)data;
	report_ask();
	do {
		n = read(STDIN_FILENO, &c, 1);
	} while (n < 0 && errno == EINTR);
	return n == 1 && c == JOB_AGREED;
}

static json_t *describe(const struct upload_result *result,
			const struct image_device *device, time_t began)
{
	if (result->damaged)
		report_note(
			"%u older backups are damaged and were passed over; 'switchctl repo check' tells more",
			result->damaged);
	return json_pack("{s:s,s:I,s:I,s:I,s:I,s:I,s:b,s:I}", "backup",
			 result->name,
			 "new", (json_int_t)result->bytes_new, "shared",
			 (json_int_t)result->bytes_shared, "packs",
			 (json_int_t)result->packs, "pages",
			 (json_int_t)device->pages, "disk",
			 (json_int_t)result->disk_bytes, "disk_known",
			 result->disk_known, "seconds",
			 (json_int_t)(time(NULL) - began));
}

static int save(struct session *session, struct image_device *device,
		struct fault *fault)
{
	const struct job *job = session->job;
	bool push = job->op == JOB_PUSH;
	struct upload_options options = {
		.kind = push ? REPO_PUSHED : REPO_BACKUP,
		.label = job->label,
		.host = job->host,
		.freeze = job->slots[0].freeze[0] ? job->slots[0].freeze : NULL,
		.progress = report_progress,
		.agreed = ask_switchd,
	};
	struct backup_fault failure;
	struct upload_result result;
	time_t began = time(NULL);
	int r;

	memcpy(options.device, job->device, sizeof(options.device));
	r = image_device_scan(device, on_looked, NULL);
	if (r < 0)
		return scan_failed(device, r, fault);
	if (push)
		r = push_run(&session->repo, &device->source, &options,
			     job->force, &result, &failure);
	else
		r = backup_run(&session->repo, &device->source, &options,
			       &result, &failure);
	if (r != BACKUP_OK) {
		session_failed(&failure, fault);
		image_device_explain(device, fault);
		return -1;
	}
	report_result(describe(&result, device, began));
	return 0;
}

int operation_save(struct session *session, struct fault *fault)
{
	struct image_device device;
	int r;

	if (session_open(session, 0, fault) < 0)
		return -1;
	image_device_init(&device, JOB_TRANSFER_FD, false);
	r = save(session, &device, fault);
	image_device_close(&device);
	return r;
}
