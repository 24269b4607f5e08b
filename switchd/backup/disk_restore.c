// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * disk_restore.c - the part of a download that brings a disk back
 */
#include "backup/disk_restore.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "backup/fetch.h"
#include "backup/inventory.h"
#include "backup/transfer.h"

/* What the disk says when it does not do something. */
static int failed(const struct disk_restore *r, int error, const char *what,
		  struct backup_fault *fault)
{
	if (transfer_interrupted(error))
		return backup_fault_set(
			fault, BACKUP_E_INTERRUPTED,
			"a person switched; repeat it, as the disk may not be complete");
	if (error == -ENOMEM)
		return backup_fault_memory(fault);
	if (error == -EBADMSG)
		return backup_fault_set(
			fault, BACKUP_E_REFUSED,
			"the disk of backup %s is not the one that belongs to its memory",
			r->backup->name);
	return backup_fault_set(fault, BACKUP_E_SINK, "%s: %s", what,
				strerror(-error));
}

/* ---- Before anything is written ------------------------------------------------ */

/* A pack that is missing is told now, not when half of the disk is written. */
static int check_packs(const struct disk_restore *r, struct backup_fault *fault)
{
	const struct backup *b = r->backup;
	struct inventory inv;
	char path[REPO_PATH];
	uint32_t i;
	int error;

	error = inventory_load(r->repo, &inv, fault);
	for (i = 0; i < b->info.packs && !error; i++) {
		const struct inventory_pack *p;
		const uint8_t *id;
		uint64_t bytes;

		id = repo_backup_pack(&b->info, i, &bytes);
		p = inventory_find(&inv, id);
		if (p && p->bytes == bytes)
			continue;
		repo_path_pack(r->repo->slot, id, path);
		error = backup_fault_set(
			fault, p ? BACKUP_E_DAMAGED : BACKUP_E_MISSING,
			"pack %s is %s, so backup %s cannot be restored; \"switchctl repo check\" says which others are whole",
			path, p ? "truncated or too long" : "missing", b->name);
	}
	inventory_free(&inv);
	return error;
}

static int open_disk(struct disk_restore *r, struct backup_fault *fault)
{
	uint64_t wanted = r->backup->info.disk.bytes;
	uint64_t bytes = 0;
	int error;

	error = r->disk->open(r->disk, &bytes);
	if (error == -EOPNOTSUPP)
		return backup_fault_set(
			fault, BACKUP_E_SINK,
			"backup %s has a disk, and this board does not let anybody write that of the slot",
			r->backup->name);
	if (error)
		return failed(r, error, "opening the slot's disk", fault);
	if (bytes < wanted)
		return backup_fault_set(
			fault, BACKUP_E_SINK,
			"the slot's disk is too small: it has %llu bytes, and that of backup %s %llu; nothing was written",
			(unsigned long long)bytes, r->backup->name,
			(unsigned long long)wanted);
	r->first = calloc(1, REPO_BLOCK);
	return r->first ? BACKUP_OK : backup_fault_memory(fault);
}

int disk_restore_begin(struct disk_restore *r, struct repository *repo,
		       const struct backup *backup, struct image_disk *disk,
		       bool verify, struct backup_fault *fault)
{
	const struct repo_backup_disk *about = &backup->info.disk;
	int error;

	r->repo = repo;
	r->backup = backup;
	r->disk = disk;
	if (!disk)
		return backup_fault_set(
			fault, BACKUP_E_SINK,
			"backup %s has a disk, and there is no place for one",
			backup->name);
	r->write = !verify && disk->open;
	error = disk_layout_load(repo, backup, &r->layout, fault);
	if (!error)
		error = check_packs(r, fault);
	if (error)
		return error;
	error = disk->attach(disk, about->bytes, about->digest);
	if (error)
		return failed(r, error, "attaching the disk", fault);
	return r->write ? open_disk(r, fault) : BACKUP_OK;
}

void disk_restore_end(struct disk_restore *r)
{
	disk_layout_free(&r->layout);
	free(r->first);
	r->first = NULL;
}

/* ---- What the disk has already --------------------------------------------------- */

/* Has it the same block? */
static int compare_block(const struct disk_restore *r, uint32_t nr,
			 uint8_t *buf, bool *same, struct backup_fault *fault)
{
	uint32_t bytes = disk_table_bytes(&r->layout.table, nr);
	uint8_t digest[REPO_KEY];
	int error;

	error = r->disk->read(r->disk, disk_table_offset(nr), buf, bytes);
	if (error)
		return failed(r, error, "reading the slot's disk", fault);
	repo_disk_hash(buf, bytes, digest);
	*same = memcmp(digest, disk_table_at(&r->layout.table, nr), REPO_KEY) ==
		0;
	return BACKUP_OK;
}

/* @differs[nr] says whether block nr is to be written; *any, whether one is. */
static int compare(struct disk_restore *r, bool *differs, bool *any,
		   struct backup_fault *fault)
{
	uint8_t *buf = malloc(REPO_BLOCK);
	int error = buf ? BACKUP_OK : backup_fault_memory(fault);
	bool same = false;
	uint32_t i;

	*any = false;
	for (i = 0; i < r->layout.table.blocks && !error; i++) {
		error = compare_block(r, i, buf, &same, fault);
		differs[i] = !same;
		*any |= !same;
		r->same += same;
		if (r->told)
			r->told(r->data, r->same, 0);
	}
	free(buf);
	return error;
}

/* Only those places stay that are to be fetched. */
static void keep_places(struct disk_layout *l, const bool *differs)
{
	uint32_t i, kept = 0;

	for (i = 0; i < l->nr; i++)
		if (differs[l->places[i].index])
			l->places[kept++] = l->places[i];
	l->nr = kept;
}

/* ---- Blocks that come ------------------------------------------------------------ */

static int put_block(const struct disk_restore *r, uint32_t nr,
		     const uint8_t *block, size_t bytes)
{
	/* Only one has that number, and it goes out last. */
	if (nr == 0) {
		memcpy(r->first, block, bytes);
		return 0;
	}
	return r->disk->write(r->disk, disk_table_offset(nr), block, bytes);
}

static int take_block(void *data, const struct range_chunk *c,
		      const uint8_t *buf)
{
	const struct disk_restore *r = data;
	/* Others may have the same place, so it is not opened where it is. */
	uint8_t *block = malloc(c->bytes);
	int error = 0;

	if (!block)
		return -ENOMEM;
	memcpy(block, buf, c->bytes);
	if (!repo_disk_open(&r->repo->keys,
			    disk_table_at(&r->layout.table, c->index), block,
			    c->bytes))
		error = -EILSEQ;
	else if (r->write)
		error = put_block(r, c->index, block,
				  c->bytes - REPO_BLOCK_TAG);
	free(block);
	return error;
}

static void fetch_told(void *data, uint32_t done, uint64_t bytes)
{
	struct disk_restore *r = data;

	r->moved = bytes;
	if (r->told)
		r->told(r->data, r->same + done, bytes);
}

static int fetch(struct disk_restore *r, struct backup_fault *fault)
{
	const struct fetch_job job = {
		.repo = r->repo,
		.backup = r->backup,
		.chunks = r->layout.places,
		.nr = r->layout.nr,
		.take = take_block,
		.told = fetch_told,
		.data = r,
		.takers = r->takers,
		.memory = r->memory,
		.range_bytes = r->range_bytes,
	};
	struct range_chunk about;
	char path[REPO_PATH];
	uint64_t bytes;
	int error, ret;

	ranges_sort(r->layout.places, r->layout.nr);
	ret = fetch_run(&job, &error, &about, fault);
	if (ret != BACKUP_E_SINK)
		return ret;
	if (error != -EILSEQ)
		return failed(r, error, "writing the slot's disk", fault);
	repo_path_pack(r->repo->slot,
		       repo_backup_pack(&r->backup->info, about.pack, &bytes),
		       path);
	return backup_fault_set(
		fault, BACKUP_E_REFUSED,
		"block %u of the disk of backup %s is not genuine: pack %s was altered%s",
		about.index, r->backup->name, path,
		r->write
			? "; the slot's disk is not complete, restore another backup"
			: "");
}

/* ---- In the right order ---------------------------------------------------------- */

static int begin_writing(const struct disk_restore *r)
{
	uint8_t *marker = malloc(REPO_DISK_MARKER);
	int error;

	if (!marker)
		return -ENOMEM;
	repo_disk_marker(marker);
	error = r->disk->write(r->disk, 0, marker, REPO_DISK_MARKER);
	free(marker);
	return error ? error : r->disk->flush(r->disk);
}

/* Blocks of zeroes are nowhere; neighbours become zero together. */
static int write_zeroes(struct disk_restore *r, const bool *differs)
{
	const struct disk_table *t = &r->layout.table;
	uint32_t from, to;
	int error = 0;

	for (from = 1; from < t->blocks && !error; from = to + 1) {
		uint64_t end;

		to = from;
		while (to < t->blocks && differs[to] &&
		       repo_disk_is_zero(disk_table_at(t, to)))
			to++;
		if (to == from)
			continue;
		end = to == t->blocks ? t->bytes : disk_table_offset(to);
		error = r->disk->zero(r->disk, disk_table_offset(from),
				      end - disk_table_offset(from));
		r->same += to - from;
	}
	return error;
}

/* The rest of the first block, and then what takes the marker's place. */
static int end_writing(const struct disk_restore *r)
{
	uint32_t bytes = disk_table_bytes(&r->layout.table, 0);
	int error = 0;

	if (bytes > REPO_DISK_MARKER)
		error = r->disk->write(r->disk, REPO_DISK_MARKER,
				       r->first + REPO_DISK_MARKER,
				       bytes - REPO_DISK_MARKER);
	if (!error)
		error = r->disk->flush(r->disk);
	if (!error)
		error = r->disk->write(r->disk, 0, r->first, REPO_DISK_MARKER);
	return error ? error : r->disk->flush(r->disk);
}

static int write_disk(struct disk_restore *r, bool *differs,
		      struct backup_fault *fault)
{
	bool any;
	int error;

	error = compare(r, differs, &any, fault);
	if (error || !any)
		return error;
	/* The marker comes in its place. */
	r->same -= !differs[0];
	differs[0] = true;
	keep_places(&r->layout, differs);
	error = begin_writing(r);
	if (!error)
		error = write_zeroes(r, differs);
	if (error)
		return failed(r, error, "writing the slot's disk", fault);
	error = fetch(r, fault);
	if (error)
		return error;
	error = end_writing(r);
	return error ? failed(r, error, "writing the slot's disk", fault)
		     : BACKUP_OK;
}

int disk_restore_run(struct disk_restore *r, struct backup_fault *fault)
{
	bool *differs;
	int error;

	if (!r->write)
		return fetch(r, fault);
	differs = calloc(r->layout.table.blocks, sizeof(*differs));
	if (!differs)
		return backup_fault_memory(fault);
	error = write_disk(r, differs, fault);
	free(differs);
	return error;
}
