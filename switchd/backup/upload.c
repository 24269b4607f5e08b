// SPDX-License-Identifier: GPL-2.0-or-later
#include "backup/upload.h"

#include <stdlib.h>
#include <string.h>

#include "backup/backups.h"
#include "backup/catalogue.h"
#include "backup/prune.h"
#include "backup/publish.h"
#include "backup/transfer.h"

/* How often packs may vanish under it before it gives up. */
#define ATTEMPTS	5

struct upload {
	struct repository *repo;
	struct image_source *source;
	const struct upload_options *options;
	struct upload_result *result;
	struct backup_fault *fault;
	struct plan plan;
	struct transfer_counts counts;
	uint8_t *head;
	size_t head_bytes;
	uint64_t began;
	struct moment listed;
	bool visible;			/* result->name is that of a backup */
};

static void now(const struct upload *u, struct moment *m)
{
	moment_fn *clock = u->options->clock;

	(clock ? clock : moment_now)(m, u->options->clock_data);
}

static void tell(const struct upload *u, enum progress_phase phase)
{
	struct progress p = { .phase = phase, .total = u->plan.chunks,
			      .bytes_new = u->counts.bytes_new };
	uint32_t i;

	if (!u->options->progress)
		return;
	for (i = 0; i < u->plan.chunks; i++) {
		const struct plan_chunk *c = &u->plan.chunk[i];

		p.done += c->state >= PLAN_SHARED;
		if (c->state == PLAN_SHARED)
			p.bytes_shared += c->stored;
	}
	u->options->progress(&p, u->options->progress_data);
}

static int have(void *data, uint32_t chunk, uint32_t stored,
		const uint8_t *digest)
{
	struct upload *u = data;

	return u->source->have(u->source, chunk, stored, digest);
}

/* Which packs there are now, and so what has to be sent after all. */
static int settle(struct upload *u, uint32_t *lost)
{
	struct inventory inv;
	int error;

	now(u, &u->listed);
	error = inventory_load(u->repo, &inv, u->fault);
	if (!error)
		*lost = plan_settle(&u->plan, &inv);
	inventory_free(&inv);
	return error;
}

static int make_plan(struct upload *u)
{
	struct inventory inv;
	int have_error = 0;
	int error;

	if (!plan_begin(&u->plan, u->source->table, u->source->chunks))
		return backup_fault_memory(u->fault);
	now(u, &u->listed);
	error = inventory_load(u->repo, &inv, u->fault);
	if (!error)
		error = plan_from_backups(&u->plan, u->repo, &inv, have, u,
					  &u->result->damaged, &have_error,
					  u->fault);
	if (!error)
		plan_from_catalogue(&u->plan, u->repo, &inv);
	inventory_free(&inv);
	if (transfer_interrupted(have_error))
		error = backup_fault_set(u->fault, BACKUP_E_INTERRUPTED,
					 "a person switched; nothing is lost");
	return error;
}

static int seal(struct upload *u)
{
	int error;

	free(u->head);
	u->head = NULL;
	error = u->source->seal(u->source, &u->head, &u->head_bytes);
	if (transfer_interrupted(error))
		return backup_fault_set(u->fault, BACKUP_E_INTERRUPTED,
					"a person switched; nothing is lost, and what was sent counts next time");
	if (error)
		return backup_fault_set(u->fault, BACKUP_E_SOURCE,
					"sealing the image failed: %s",
					strerror(-error));
	return BACKUP_OK;
}

/* Send what is missing, until nothing is; then all of it is sealed. */
static int complete(struct upload *u)
{
	uint32_t lost;
	int attempt;
	int error;

	for (attempt = 0; attempt < ATTEMPTS; attempt++) {
		tell(u, PROGRESS_TRANSFER);
		error = transfer_run(u->repo, u->source, u->options, &u->plan,
				     &u->counts, u->fault);
		if (!error)
			error = seal(u);
		/* As late as can be: now it counts who deletes what. */
		if (!error)
			error = settle(u, &lost);
		if (error || !lost)
			return error;
	}
	return backup_fault_set(u->fault, BACKUP_E_BUSY,
				"others delete packs faster than this backup can be sent; repeat it when they are done");
}

/* Frozen since the packs were listed: what is known of them is old. */
static bool too_late(const struct upload *u)
{
	int64_t grace = u->options->grace ? u->options->grace : PRUNE_GRACE;
	struct moment m;

	now(u, &m);
	return moment_elapsed(&u->listed, &m) > grace / 2;
}

static int publish(struct upload *u)
{
	const struct upload_options *o = u->options;
	struct repo_backup info = { .kind = o->kind, .began = u->began };
	struct moment m;
	int error;

	now(u, &m);
	info.time = (uint64_t)m.wall;
	memcpy(info.device, o->device, REPO_DEVICE);
	strncpy(info.label, o->label ? o->label : "", REPO_LABEL);
	strncpy(info.host, o->host ? o->host : "", REPO_HOST);
	error = publish_make(&u->plan, u->head, u->head_bytes, &info,
			     u->fault);
	if (!error) {
		uint64_t all = info.header.chunks_bytes;

		info.bytes_new = u->counts.bytes_new < all ?
				 u->counts.bytes_new : all;
		info.bytes_shared = all - info.bytes_new;
		u->result->bytes_new = info.bytes_new;
		u->result->bytes_shared = info.bytes_shared;
		error = backups_create(u->repo, &info, o->piece,
				       u->result->name, u->fault);
		u->visible = !error;
	}
	publish_free(&info);
	return error;
}

/*
 * It is visible. If a pack of it is gone, or will be, it is taken back and done
 * again: only who was frozen at the worst moment ever comes here.
 */
static int verify(struct upload *u, bool *again)
{
	uint32_t lost;
	int error;

	error = settle(u, &lost);
	*again = !error && lost;
	if (error || !lost)
		return error;
	error = backups_delete(u->repo, u->result->name, u->fault);
	if (error)
		return backup_fault_set(u->fault, BACKUP_E_MISSING,
					"backup %s was made, but somebody deleted packs of it meanwhile, and it cannot be taken back; do not rely on it, and repeat the backup",
					u->result->name);
	u->visible = false;
	return BACKUP_OK;
}

static int run(struct upload *u)
{
	bool again = true;
	int attempt;
	int error;

	tell(u, PROGRESS_PLAN);
	error = make_plan(u);
	for (attempt = 0; !error && again && attempt < ATTEMPTS; attempt++) {
		error = complete(u);
		if (error)
			break;
		tell(u, PROGRESS_FINISH);
		if (too_late(u))
			continue;
		error = publish(u);
		if (!error)
			error = verify(u, &again);
	}
	if (!error && again)
		error = backup_fault_set(u->fault, BACKUP_E_BUSY,
					 "packs of this backup were deleted again and again; repeat it when no prune runs");
	return error;
}

int upload_run(struct repository *repo, struct image_source *source,
	       const struct upload_options *options,
	       struct upload_result *result, struct backup_fault *fault)
{
	struct upload u = {
		.repo = repo, .source = source, .options = options,
		.result = result, .fault = fault,
	};
	struct moment m;
	int error;

	memset(result, 0, sizeof(*result));
	now(&u, &m);
	u.began = (uint64_t)m.wall;
	error = run(&u);
	result->packs = u.counts.packs;
	if (error)
		source->abort(source);
	else if (repo->catalogue)
		catalogue_forget_packs(repo->catalogue, repo->slot);
	plan_free(&u.plan);
	free(u.head);
	return error;
}

int backup_run(struct repository *repo, struct image_source *source,
	       const struct upload_options *options,
	       struct upload_result *result, struct backup_fault *fault)
{
	int error;

	error = upload_run(repo, source, options, result, fault);
	if (error)
		return error;
	error = source->commit(source);
	if (!error)
		return BACKUP_OK;
	source->abort(source);
	return backup_fault_set(fault, BACKUP_E_SOURCE,
				"backup %s is complete, but the monitor did not end it well: %s",
				result->name, strerror(-error));
}
