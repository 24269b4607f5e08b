// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * backups, forget, prune: which backups there are, and which are to stay
 */
#include "backup/operations.h"

#include <stdlib.h>

#include "backup/describe.h"
#include "backup/holder.h"
#include "backup/prune.h"
#include "backup/report.h"
#include "common/json_text.h"

/* A backup that cannot be read is shown, too: somebody has to know. */
static int tell_backup(struct session *session, const struct job_slot *slot,
		       const char *name, struct fault *fault)
{
	struct backup_fault failure;
	struct backup backup;
	json_t *object;
	int r;

	r = backups_load(&session->repo, name, &backup, &failure);
	switch (r) {
	case BACKUP_OK:
		object = describe_backup(&backup);
		backups_free(&backup);
		break;
	case BACKUP_E_UNKNOWN:
		/* Somebody has forgotten it since. */
		return 0;
	case BACKUP_E_DAMAGED:
	case BACKUP_E_MISSING:
		object = json_pack("{s:s,s:o}", "backup", name, "damaged",
				   json_text(failure.message));
		break;
	default:
		return session_failed(&failure, fault);
	}
	json_object_set_new(object, "slot", json_integer(slot->slot));
	json_object_set_new(object, "name", json_text(slot->name));
	report_item(object);
	return 0;
}

static int tell_slot(struct session *session, size_t nr, json_t *holders,
		     struct fault *fault)
{
	const struct job_slot *slot = &session->job->slots[nr];
	struct backup_fault failure;
	struct backup_names names;
	struct repo_holder holder;
	json_t *object;
	size_t i;
	int r = 0;

	if (session_open(session, nr, fault) < 0)
		return -1;
	if (holder_read(&session->repo, &holder, &failure) != BACKUP_OK)
		return session_failed(&failure, fault);
	object = describe_holder(&holder, session->job->device);
	json_object_set_new(object, "slot", json_integer(slot->slot));
	json_object_set_new(object, "name", json_text(slot->name));
	json_array_append_new(holders, object);
	if (backups_names(&session->repo, &names, &failure) != BACKUP_OK)
		r = session_failed(&failure, fault);
	for (i = 0; i < names.nr && r == 0; i++)
		r = tell_backup(session, slot, names.names[i], fault);
	free(names.names);
	return r;
}

int op_backups(struct session *session, struct fault *fault)
{
	json_t *holders = json_array();
	size_t i;

	for (i = 0; i < session->job->n_slots; i++)
		if (tell_slot(session, i, holders, fault) < 0) {
			json_decref(holders);
			return -1;
		}
	report_result(json_pack("{s:o}", "slots", holders));
	return 0;
}

int op_forget(struct session *session, struct fault *fault)
{
	const char *name = session->job->backup;
	struct backup_fault failure;

	if (!name || !repo_name_ok(name)) {
		fault_set(
			fault, FAULT_NO_BACKUP,
			"'%.40s' is not the name of a backup; 'switchctl backups' shows them",
			name ? name : "");
		return -1;
	}
	if (session_open(session, 0, fault) < 0)
		return -1;
	if (forget_run(&session->repo, name, &failure) != BACKUP_OK)
		return session_failed(&failure, fault);
	report_result(json_pack("{s:s}", "backup", name));
	return 0;
}

struct kept {
	json_int_t kept;
	json_int_t forgotten;
};

static void on_retained(const char *name, bool keep, void *data)
{
	struct kept *kept = data;

	if (keep)
		kept->kept++;
	else
		kept->forgotten++;
	report_item(json_pack("{s:s,s:b}", "backup", name, "keep", keep));
}

static void tell_prune(const struct prune_result *result,
		       const struct kept *kept)
{
	if (result->denied)
		report_note(
			"the credentials do not allow to delete: packs that are not needed stay until somebody prunes who may");
	report_result(json_pack(
		"{s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:b}", "kept", kept->kept,
		"forgotten", kept->forgotten, "bytes_deleted",
		(json_int_t)result->bytes_deleted, "packs_deleted",
		(json_int_t)result->packs_deleted, "bytes_waiting",
		(json_int_t)(result->bytes_waiting + result->bytes_marked),
		"packs_waiting",
		(json_int_t)result->packs_waiting + result->packs_marked,
		"packs_used", (json_int_t)result->packs_used, "denied",
		result->denied));
}

int op_prune(struct session *session, struct fault *fault)
{
	const struct job *job = session->job;
	const struct retain_policy policy = {
		.last = job->keep.last,
		.daily = job->keep.daily,
		.weekly = job->keep.weekly,
		.monthly = job->keep.monthly,
	};
	const struct prune_options options = { .dry_run = job->dry_run };
	struct prune_result result;
	struct backup_fault failure;
	struct kept kept = { 0 };

	if (session_open(session, 0, fault) < 0)
		return -1;
	if (forget_by_policy(&session->repo, &policy, job->dry_run, on_retained,
			     &kept, &failure) != BACKUP_OK ||
	    prune_run(&session->repo, &options, &result, &failure) != BACKUP_OK)
		return session_failed(&failure, fault);
	tell_prune(&result, &kept);
	return 0;
}
