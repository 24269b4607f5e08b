// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * move.c - push and pull: an OS lives in one place
 */
#include "backup/move.h"

#include <stdlib.h>
#include <string.h>

static bool is_device(const struct repo_holder *h,
		      const uint8_t device[REPO_DEVICE])
{
	return memcmp(h->device, device, REPO_DEVICE) == 0;
}

static int held(const struct repo_holder *h, struct backup_fault *fault)
{
	return backup_fault_set(
		fault, BACKUP_E_HELD,
		"device \"%s\" has the OS; push it there first, or, if that device is lost, use --force at the console",
		h->label);
}

/* May this device give the OS away? */
static int may_push(const struct repo_holder *h,
		    const uint8_t device[REPO_DEVICE], bool force,
		    struct backup_fault *fault)
{
	/*
	 * Also what this device itself gave up: nobody has claimed it since,
	 * and what is here goes on from there, or the push had no end.
	 */
	if (!h->number || force || is_device(h, device))
		return BACKUP_OK;
	if (h->state == REPO_HELD)
		return held(h, fault);
	return backup_fault_set(
		fault, BACKUP_E_HELD,
		"the OS lives in the cloud already, as backup %s of device \"%s\"; what is here is older, use --force at the console to put it in that place",
		h->backup, h->label);
}

/* Nobody may have deleted what the OS is from now on. */
static int check_visible(struct repository *repo, const char *name,
			 struct backup_fault *fault)
{
	struct backup_names names;
	int error;

	error = backups_names(repo, &names, fault);
	if (!error && !backups_has(&names, name))
		error = backup_fault_set(
			fault, BACKUP_E_MISSING,
			"somebody deleted backup %s, which the OS was to live in; what is here is kept, push again with --force",
			name);
	free(names.names);
	return error;
}

static int give_up(struct repository *repo, const struct repo_holder *before,
		   const struct upload_options *options, bool force,
		   const char *name, struct backup_fault *fault)
{
	struct repo_holder next = { .state = REPO_IN_CLOUD };
	int error;

	memcpy(next.device, options->device, REPO_DEVICE);
	strncpy(next.label, options->label ? options->label : "", REPO_LABEL);
	strcpy(next.backup, name);
	next.time = repo_name_time(name);
	error = holder_claim(repo, before, &next, force, fault);
	return error ? error : check_visible(repo, name, fault);
}

int push_run(struct repository *repo, struct image_source *source,
	     const struct upload_options *options, bool force,
	     struct upload_result *result, struct backup_fault *fault)
{
	struct upload_options pushed = *options;
	struct repo_holder before;
	int error;

	pushed.kind = REPO_PUSHED;
	error = holder_read(repo, &before, fault);
	if (!error)
		error = may_push(&before, options->device, force, fault);
	if (error) {
		source->abort(source);
		return error;
	}
	error = upload_run(repo, source, &pushed, result, fault);
	if (error)
		return error;
	if (options->agreed && !options->agreed(options->agreed_data))
		error = backup_fault_set(
			fault, BACKUP_E_INTERRUPTED,
			"nobody agreed that the OS leaves; it stays here, and backup %s is one as any other",
			result->name);
	if (!error)
		error = give_up(repo, &before, options, force, result->name,
				fault);
	if (error) {
		source->abort(source);
		return error;
	}
	error = source->commit(source);
	if (!error)
		return BACKUP_OK;
	source->abort(source);
	return backup_fault_set(
		fault, BACKUP_E_SOURCE,
		"the OS lives in the cloud now, as backup %s, but the monitor did not give the local copy up: %s; do not go on with it, pull instead",
		result->name, strerror(-error));
}

int pull_claim(struct repository *repo, const uint8_t device[REPO_DEVICE],
	       const char *label, uint64_t time, bool force,
	       struct pull_result *result, struct backup_fault *fault)
{
	struct repo_holder before, next = { .state = REPO_HELD };
	int error;

	memset(result, 0, sizeof(*result));
	error = holder_read(repo, &before, fault);
	if (error)
		return error;
	if (!before.backup[0])
		return backup_fault_set(
			fault, BACKUP_E_UNKNOWN,
			"the OS was never pushed to this repository; \"switchctl restore\" brings a backup back");
	strcpy(result->name, before.backup);
	if (before.state == REPO_HELD && is_device(&before, device)) {
		result->again = true;
		return BACKUP_OK;
	}
	if (before.state == REPO_HELD && !force)
		return held(&before, fault);
	memcpy(next.device, device, REPO_DEVICE);
	strncpy(next.label, label, REPO_LABEL);
	strcpy(next.backup, before.backup);
	next.time = time;
	return holder_claim(repo, &before, &next, force, fault);
}

int pull_run(struct repository *repo, const uint8_t device[REPO_DEVICE],
	     const char *label, uint64_t time, bool force,
	     struct image_sink *sink, const struct download_options *options,
	     struct pull_result *result, struct backup_fault *fault)
{
	struct backup b;
	int error;

	error = pull_claim(repo, device, label, time, force, result, fault);
	if (!error)
		error = backups_load(repo, result->name, &b, fault);
	if (error) {
		sink->abort(sink);
		return error;
	}
	result->disk_bytes = b.info.disk.bytes;
	error = download_run(repo, &b, sink, options, fault);
	backups_free(&b);
	return error;
}
