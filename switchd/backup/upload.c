// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * upload.c - make a backup
 */
#include "backup/upload.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "backup/backups.h"
#include "backup/catalogue.h"
#include "backup/frozen.h"
#include "backup/prune.h"
#include "backup/publish.h"
#include "backup/segments.h"
#include "backup/transfer.h"
#include "image_crypto.h"

/* How often packs may vanish under it before it gives up. */
#define ATTEMPTS 5

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
	bool attached;
	uint8_t disk[REPO_KEY]; /* digest, once it is attached */
	bool visible; /* result->name is that of a backup */
};

static void now(const struct upload *u, struct moment *m)
{
	moment_fn *clock = u->options->clock;

	(clock ? clock : moment_now)(m, u->options->clock_data);
}

static void tell(const struct upload *u, enum progress_phase phase)
{
	struct progress p = { .phase = phase,
			      .total = u->plan.entries,
			      .bytes_new = u->counts.bytes_new };
	uint32_t i;

	if (!u->options->progress)
		return;
	for (i = 0; i < u->plan.entries; i++) {
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

/* What the source says when it does not do something. */
static int source_failed(struct upload *u, int error, const char *what)
{
	if (transfer_interrupted(error))
		return backup_fault_set(
			u->fault, BACKUP_E_INTERRUPTED,
			"a person switched; nothing is lost, and what was sent counts next time");
	if (error == -ENOMEM)
		return backup_fault_memory(u->fault);
	return backup_fault_set(u->fault, BACKUP_E_SOURCE, "%s failed: %s",
				what, strerror(-error));
}

/* How large is it? 0: nobody shows it. */
static int open_disk(struct upload *u, uint64_t *bytes)
{
	struct image_disk *disk = u->source->disk;
	int error;

	*bytes = 0;
	error = disk ? disk->open(disk, bytes) : -EOPNOTSUPP;
	if (error == -EOPNOTSUPP)
		return BACKUP_OK;
	if (error)
		return source_failed(u, error, "opening the slot's disk");
	if (!disk_table_fits(*bytes))
		return backup_fault_set(
			u->fault, BACKUP_E_LIMIT,
			"the slot's disk has %llu bytes: a repository takes multiples of 4096, up to 1 TiB",
			(unsigned long long)*bytes);
	u->result->disk_bytes = *bytes;
	return BACKUP_OK;
}

/* Was a backup made of this very freeze? */
static int recall_disk(struct upload *u, const struct inventory *inv)
{
	const char *freeze = u->options->freeze;
	char name[REPO_NAME];

	if (!u->result->disk_bytes || !freeze ||
	    !frozen_recall(u->repo, freeze, name))
		return BACKUP_OK;
	return plan_disk_known(&u->plan, u->repo, inv, name,
			       &u->result->disk_known, u->fault);
}

static int make_plan(struct upload *u)
{
	struct inventory inv;
	int have_error = 0;
	uint64_t disk;
	int error;

	error = open_disk(u, &disk);
	if (error)
		return error;
	if (!plan_begin(&u->plan, u->source->table, u->source->chunks, disk))
		return backup_fault_memory(u->fault);
	now(u, &u->listed);
	error = inventory_load(u->repo, &inv, u->fault);
	if (!error)
		error = recall_disk(u, &inv);
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
	return error ? source_failed(u, error, "sealing the image") : BACKUP_OK;
}

/* All blocks are known now: the disk becomes the image's. */
static int attach(struct upload *u)
{
	struct image_disk *disk = u->source->disk;
	uint8_t digest[REPO_KEY];
	int error;

	if (!u->result->disk_bytes)
		return BACKUP_OK;
	disk_table_digest(&u->plan.disk.table, digest);
	if (u->attached && !image_crypto_equal(digest, u->disk, REPO_KEY))
		return backup_fault_set(
			u->fault, BACKUP_E_SOURCE,
			"the slot's disk changed while the slot was frozen: see who writes to it, and repeat the backup");
	if (u->attached)
		return BACKUP_OK;
	error = disk->attach(disk, u->result->disk_bytes, digest);
	if (error)
		return source_failed(u, error, "attaching the disk");
	memcpy(u->disk, digest, REPO_KEY);
	u->attached = true;
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
			error = segments_write(u->repo, &u->plan, u->fault);
		if (!error)
			error = attach(u);
		if (!error)
			error = seal(u);
		/* As late as can be: now it counts who deletes what. */
		if (!error)
			error = settle(u, &lost);
		if (error || !lost)
			return error;
	}
	return backup_fault_set(
		u->fault, BACKUP_E_BUSY,
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

/* Stored bytes of the disk's blocks. */
static uint64_t disk_stored(const struct plan *p)
{
	uint64_t bytes = 0;
	uint32_t i;

	for (i = p->chunks; i < p->entries; i++)
		if (p->chunk[i].state != PLAN_ZERO)
			bytes += p->chunk[i].stored;
	return bytes;
}

/*
 * Names sort by time, and the last one is what a restore brings: two backups of
 * one second, or of devices whose clocks differ, stay in their order. A clock
 * that was far ahead once must not carry all later backups along.
 */
#define CLOCKS_DIFFER 3600

static uint64_t time_of_backup(uint64_t wall, uint64_t newest)
{
	return newest >= wall && newest - wall < CLOCKS_DIFFER ? newest + 1
							       : wall;
}

static int publish(struct upload *u)
{
	const struct upload_options *o = u->options;
	struct repo_backup info = { .kind = o->kind, .began = u->began };
	struct moment m;
	int error;

	now(u, &m);
	info.time = time_of_backup((uint64_t)m.wall, u->plan.newest);
	memcpy(info.device, o->device, REPO_DEVICE);
	strncpy(info.label, o->label ? o->label : "", REPO_LABEL);
	strncpy(info.host, o->host ? o->host : "", REPO_HOST);
	error = publish_make(&u->plan, u->head, u->head_bytes, &info, u->fault);
	if (!error) {
		uint64_t all = info.header.chunks_bytes + disk_stored(&u->plan);

		info.bytes_new = u->counts.bytes_new < all ? u->counts.bytes_new
							   : all;
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
		return backup_fault_set(
			u->fault, BACKUP_E_MISSING,
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
		error = backup_fault_set(
			u->fault, BACKUP_E_BUSY,
			"packs of this backup were deleted again and again; repeat it when no prune runs");
	return error;
}

int upload_run(struct repository *repo, struct image_source *source,
	       const struct upload_options *options,
	       struct upload_result *result, struct backup_fault *fault)
{
	struct upload u = {
		.repo = repo,
		.source = source,
		.options = options,
		.result = result,
		.fault = fault,
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
	if (!error && result->disk_bytes && options->freeze)
		frozen_note(repo, options->freeze, result->name);
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
	return backup_fault_set(
		fault, BACKUP_E_SOURCE,
		"backup %s is complete, but the monitor did not end it well: %s",
		result->name, strerror(-error));
}
