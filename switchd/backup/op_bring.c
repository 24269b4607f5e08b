// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * show, restore, verify: from the repository to the monitor
 */
#include "backup/operations.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <osti/image.h>

#include "backup/describe.h"
#include "backup/download.h"
#include "backup/image_device.h"
#include "backup/move.h"
#include "backup/report.h"
#include "backup/verify_packs.h"
#include "common/hex.h"

static bool is_self(const struct session *session, const uint8_t *device)
{
	return memcmp(session->job->device, device, JOB_ID) == 0;
}

/* Which backup the OS lives in, or came from. */
static int name_to_pull(struct session *session, char name[REPO_NAME],
			struct fault *fault)
{
	struct backup_fault failure;
	struct repo_holder holder;
	char time[DESCRIBE_TIME];

	if (holder_read(&session->repo, &holder, &failure) != BACKUP_OK)
		return session_failed(&failure, fault);
	if (!holder.number || !holder.backup[0]) {
		fault_set(
			fault, FAULT_NO_BACKUP,
			"%s was never pushed; 'switchctl restore' brings a backup in",
			session->job->slots[0].name);
		return -1;
	}
	if (holder.state == REPO_HELD && !is_self(session, holder.device) &&
	    !session->job->force) {
		describe_time(holder.time, time);
		fault_set(
			fault, FAULT_HELD,
			"%s lives on the device '%s' since %s UTC; push it there, or use --force if that device is lost",
			session->job->slots[0].name, holder.label, time);
		return -1;
	}
	memcpy(name, holder.backup, REPO_NAME);
	return 0;
}

/* The one that the job names, or the newest one. */
static int name_of_job(struct session *session, char name[REPO_NAME],
		       struct fault *fault)
{
	struct backup_fault failure;
	struct backup_names names;
	const char *wanted = session->job->backup;
	int r = 0;

	if (wanted && !repo_name_ok(wanted)) {
		fault_set(
			fault, FAULT_NO_BACKUP,
			"'%.40s' is not the name of a backup; 'switchctl backups' shows them",
			wanted);
		return -1;
	}
	if (wanted) {
		memcpy(name, wanted, REPO_NAME);
		return 0;
	}
	if (backups_names(&session->repo, &names, &failure) != BACKUP_OK) {
		r = session_failed(&failure, fault);
	} else if (!names.nr) {
		fault_set(fault, FAULT_NO_BACKUP,
			  "there is no backup of %s in this repository",
			  session->job->slots[0].name);
		r = -1;
	} else {
		memcpy(name, names.names[names.nr - 1], REPO_NAME);
	}
	free(names.names);
	return r;
}

/* Opens the repository and loads the backup that the job is about. */
static int load(struct session *session, struct backup *backup,
		struct fault *fault)
{
	struct backup_fault failure;
	char name[REPO_NAME];
	int r;

	if (session_open(session, 0, fault) < 0)
		return -1;
	r = session->job->pull ? name_to_pull(session, name, fault)
			       : name_of_job(session, name, fault);
	if (r < 0)
		return -1;
	if (backups_load(&session->repo, name, backup, &failure) != BACKUP_OK)
		return session_failed(&failure, fault);
	return 0;
}

int op_show(struct session *session, struct fault *fault)
{
	char header[2 * OSTI_IMAGE_HEADER + 1];
	struct backup backup;
	json_t *object;

	if (load(session, &backup, fault) < 0)
		return -1;
	hex_encode(backup.info.head, OSTI_IMAGE_HEADER, header);
	object = describe_backup(&backup);
	json_object_set_new(object, "header", json_string(header));
	report_result(object);
	backups_free(&backup);
	return 0;
}

/* What came of it, and how long it took. */
static void tell(const char *name, const struct image_device *device,
		 uint64_t disk_bytes, const char *checked, time_t began)
{
	report_result(json_pack("{s:s,s:I,s:I,s:s*,s:I}", "backup", name,
				"pages", (json_int_t)device->pages, "disk",
				(json_int_t)disk_bytes, "checked", checked,
				"seconds", (json_int_t)(time(NULL) - began)));
}

static int pull(struct session *session, struct image_device *device,
		const struct download_options *options, char name[REPO_NAME],
		uint64_t *disk_bytes, struct fault *fault)
{
	const struct job *job = session->job;
	struct backup_fault failure;
	struct pull_result result;

	if (pull_run(&session->repo, job->device, job->label,
		     (uint64_t)time(NULL), job->force, &device->sink, options,
		     &result, &failure) != BACKUP_OK)
		return session_failed(&failure, fault);
	if (result.again)
		report_note("this device had claimed it before");
	memcpy(name, result.name, REPO_NAME);
	*disk_bytes = result.disk_bytes;
	return 0;
}

static int restore(struct session *session, struct image_device *device,
		   const struct download_options *options, char name[REPO_NAME],
		   uint64_t *disk_bytes, struct fault *fault)
{
	struct backup_fault failure;
	struct backup backup;
	int r;

	if (load(session, &backup, fault) < 0)
		return -1;
	memcpy(name, backup.name, REPO_NAME);
	*disk_bytes = backup.info.disk.bytes;
	r = download_run(&session->repo, &backup, &device->sink, options,
			 &failure);
	backups_free(&backup);
	return r == BACKUP_OK ? 0 : session_failed(&failure, fault);
}

static int bring(struct session *session, bool verify, const char *checked,
		 struct fault *fault)
{
	const struct download_options options = {
		.verify = verify,
		.progress = report_progress,
	};
	struct image_device device;
	time_t began = time(NULL);
	uint64_t disk_bytes = 0;
	char name[REPO_NAME];
	int r;

	image_device_init(&device, JOB_TRANSFER_FD, true);
	if (session->job->pull)
		r = session_open(session, 0, fault) < 0
			    ? -1
			    : pull(session, &device, &options, name,
				   &disk_bytes, fault);
	else
		r = restore(session, &device, &options, name, &disk_bytes,
			    fault);
	if (r == 0 && !verify && !disk_bytes)
		report_note(
			"this backup has no disk: that of %s stays as it is, and may be of another moment",
			session->job->slots[0].name);
	if (r < 0)
		image_device_explain(&device, fault);
	else
		tell(name, &device, disk_bytes, checked, began);
	image_device_close(&device);
	return r;
}

int op_restore(struct session *session, struct fault *fault)
{
	return bring(session, false, NULL, fault);
}

/* Is it in its packs? And with read_data: are those what they were? */
static int verify_stored(struct session *session, struct fault *fault)
{
	const bool read_data = session->job->read_data;
	struct image_device none;
	struct backup_fault failure;
	struct backup backup;
	time_t began = time(NULL);
	int r;

	if (load(session, &backup, fault) < 0)
		return -1;
	image_device_init(&none, -1, true);
	r = verify_packs_run(&session->repo, &backup, read_data,
			     report_progress, &failure);
	if (r == BACKUP_OK)
		tell(backup.name, &none, backup.info.disk.bytes,
		     read_data ? "packs" : "places", began);
	else
		r = session_failed(&failure, fault);
	backups_free(&backup);
	return r;
}

int op_verify(struct session *session, struct fault *fault)
{
	/* switchd hands a transfer over when the slot is free for one. */
	if (fcntl(JOB_TRANSFER_FD, F_GETFD) >= 0)
		return bring(session, true, "contents", fault);
	return verify_stored(session, fault);
}
