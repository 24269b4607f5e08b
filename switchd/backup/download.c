// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * download.c - bring a backup back, or verify it
 */
#include "backup/download.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "backup/disk_restore.h"
#include "backup/fetch.h"
#include "backup/transfer.h"

struct download {
	struct repository *repo;
	const struct backup *backup;
	struct image_sink *sink;
	const struct download_options *options;
	struct backup_fault *fault;
	struct range_chunk *chunks;
	struct disk_restore disk;
	uint64_t bytes; /* of chunks */
};

static void tell(const struct download *d, enum progress_phase phase,
		 uint64_t done, uint64_t bytes)
{
	struct progress p = {
		.phase = phase,
		.done = done,
		.total = (uint64_t)d->backup->info.header.chunks +
			 d->disk.layout.table.blocks,
		.bytes_new = bytes,
	};

	if (d->options->progress)
		d->options->progress(&p, d->options->progress_data);
}

static int take_chunk(void *data, const struct range_chunk *c,
		      const uint8_t *buf)
{
	struct download *d = data;

	return d->sink->chunk(d->sink, c->index, buf, c->bytes);
}

static void chunks_told(void *data, uint32_t done, uint64_t bytes)
{
	struct download *d = data;

	d->bytes = bytes;
	tell(d, PROGRESS_TRANSFER, done, bytes);
}

static void disk_told(void *data, uint32_t done, uint64_t bytes)
{
	const struct download *d = data;

	tell(d, PROGRESS_TRANSFER,
	     (uint64_t)d->backup->info.header.chunks + done, d->bytes + bytes);
}

static int judge_sink(struct download *d, int error, const char *what)
{
	if (transfer_interrupted(error))
		return backup_fault_set(d->fault, BACKUP_E_INTERRUPTED,
					"a person switched; nothing is lost");
	if (error == -EBADMSG)
		return backup_fault_set(
			d->fault, BACKUP_E_REFUSED,
			"backup %s is not genuine, or of another slot: %s was refused",
			d->backup->name, what);
	return backup_fault_set(d->fault, BACKUP_E_SINK, "%s: %s", what,
				strerror(-error));
}

static int judge_chunk(struct download *d, int error,
		       const struct range_chunk *c)
{
	char path[REPO_PATH];
	uint64_t bytes;

	if (error != -EBADMSG)
		return judge_sink(d, error, "giving chunks");
	repo_path_pack(d->repo->slot,
		       repo_backup_pack(&d->backup->info, c->pack, &bytes),
		       path);
	return backup_fault_set(
		d->fault, BACKUP_E_REFUSED,
		"chunk %u of backup %s is not genuine: pack %s was altered; nothing of it was used",
		c->index, d->backup->name, path);
}

static int move_chunks(struct download *d)
{
	const struct fetch_job job = {
		.repo = d->repo,
		.backup = d->backup,
		.chunks = d->chunks,
		.nr = d->backup->info.header.chunks,
		.take = take_chunk,
		.told = chunks_told,
		.data = d,
		.takers = d->options->takers,
		.memory = d->options->memory,
		.range_bytes = d->options->range_bytes,
	};
	struct range_chunk failed;
	int error, ret;

	ret = fetch_run(&job, &error, &failed, d->fault);
	return ret == BACKUP_E_SINK ? judge_chunk(d, error, &failed) : ret;
}

static int begin_sink(struct download *d)
{
	const struct repo_backup *b = &d->backup->info;
	int error;

	error = d->sink->begin(d->sink, b->head);
	if (error)
		return judge_sink(d, error, "the image's header");
	error = d->sink->head(d->sink, b->head + OSTI_IMAGE_HEADER,
			      b->head_bytes - OSTI_IMAGE_HEADER);
	return error ? judge_sink(d, error, "the image's manifest") : BACKUP_OK;
}

/*
 * What can be found out of the disk is, before anything is moved. It is written
 * when all memory came: what is wrong with that leaves the disk as it is.
 */
static int move(struct download *d)
{
	const struct download_options *o = d->options;
	bool disk = d->backup->info.disk.bytes;
	int error = BACKUP_OK;

	if (disk)
		error = disk_restore_begin(&d->disk, d->repo, d->backup,
					   d->sink->disk, o->verify, d->fault);
	if (!error)
		error = move_chunks(d);
	if (!error && disk) {
		d->disk.told = disk_told;
		d->disk.data = d;
		d->disk.takers = o->takers;
		d->disk.memory = o->memory;
		d->disk.range_bytes = o->range_bytes;
		error = disk_restore_run(&d->disk, d->fault);
	}
	return error;
}

static int run(struct download *d)
{
	int error;

	tell(d, PROGRESS_PLAN, 0, 0);
	d->chunks = ranges_order(&d->backup->info);
	if (!d->chunks)
		return backup_fault_memory(d->fault);
	error = begin_sink(d);
	if (!error)
		error = move(d);
	if (error)
		return error;
	tell(d, PROGRESS_FINISH,
	     (uint64_t)d->backup->info.header.chunks +
		     d->disk.layout.table.blocks,
	     d->bytes + d->disk.moved);
	error = d->options->verify ? d->sink->check(d->sink)
				   : d->sink->commit(d->sink);
	return error ? judge_sink(d, error, "the whole image") : BACKUP_OK;
}

int download_run(struct repository *repo, const struct backup *backup,
		 struct image_sink *sink,
		 const struct download_options *options,
		 struct backup_fault *fault)
{
	struct download d = {
		.repo = repo,
		.backup = backup,
		.sink = sink,
		.options = options,
		.fault = fault,
	};
	int error;

	error = run(&d);
	if (error)
		sink->abort(sink);
	disk_restore_end(&d.disk);
	free(d.chunks);
	return error;
}
