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
#include "backup/image_stored.h"
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
			 result->name, "new", (json_int_t)result->bytes_new,
			 "shared", (json_int_t)result->bytes_shared, "packs",
			 (json_int_t)result->packs, "pages",
			 (json_int_t)device->pages, "disk",
			 (json_int_t)result->disk_bytes, "disk_known",
			 result->disk_known, "seconds",
			 (json_int_t)(time(NULL) - began));
}

static int save(struct session *session, struct image_device *device,
		unsigned int makers, time_t began, struct fault *fault)
{
	const struct job *job = session->job;
	bool push = job->op == JOB_PUSH;
	struct upload_options options = {
		.kind = push ? REPO_PUSHED : REPO_BACKUP,
		.label = job->label,
		.host = job->host,
		.makers = makers,
		.freeze = job->slots[0].freeze[0] ? job->slots[0].freeze : NULL,
		.progress = report_progress,
		.agreed = ask_switchd,
	};
	struct backup_fault failure;
	struct upload_result result;
	int r;

	memcpy(options.device, job->device, sizeof(options.device));
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

static int save_frozen(struct session *session, time_t began,
		       struct fault *fault)
{
	struct image_device device;
	int r;

	image_device_init(&device, JOB_TRANSFER_FD, false);
	r = image_device_scan(&device, on_looked, NULL);
	if (r < 0)
		r = scan_failed(&device, r, fault);
	else
		r = save(session, &device, 0, began, fault);
	image_device_close(&device);
	return r;
}

static int save_stored(struct session *session, time_t began,
		       struct fault *fault)
{
	const struct job *job = session->job;
	const struct job_slot *slot = &job->slots[0];
	struct image_stored image;
	int r;

	r = image_stored_open(&image, JOB_TRANSFER_FD, slot->slot, slot->name,
			      job->stored, fault);
	if (r == 0)
		r = save(session, &image.device, 1, began, fault);
	image_stored_close(&image);
	return r;
}

int op_save(struct session *session, struct fault *fault)
{
	time_t began;

	if (session_open(session, 0, fault) < 0)
		return -1;
	began = time(NULL);
	return session->job->stored ? save_stored(session, began, fault)
				    : save_frozen(session, began, fault);
}
