// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * world.c - a slot, a cloud, and devices that use it
 */
#include "world.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backup/check.h"
#include "repo_disk.h"

void world_begin(struct world *w, uint64_t bytes)
{
	static const uint8_t id[REPO_CONFIG_ID] = "a repository";
	struct backup_fault fault;
	struct repo_config config;
	struct store *store;

	memset(w, 0, sizeof(*w));
	fixture_init(&w->f, bytes);
	image_keys_slot(w->f.root, w->f.identity.name, w->slot_key);
	image_keys_carrier(w->slot_key, w->slot, w->carrier);
	fixture_noise(w->f.ram + PAGE, bytes / 2, 5);
	fixture_text(w->f.ram + bytes / 2 + 3 * PAGE, bytes / 4, 6);
	cloud_init(&w->cloud);
	store = fake_open(&w->cloud);
	assert_int_equal(repository_init(store, id, &config, &fault),
			 BACKUP_OK);
	store_close(store);
}

void world_end(struct world *w)
{
	if (w->disk.size)
		model_disk_end(&w->disk);
	cloud_free(&w->cloud);
	fixture_free(&w->f);
}

void world_disk(struct world *w, uint64_t bytes)
{
	uint64_t nr;

	model_disk_begin(&w->disk, bytes);
	w->f.record.attachments = 1;
	for (nr = 0; nr < repo_disk_blocks(bytes); nr++)
		if (nr % 4 != 3)
			fixture_noise(w->disk.bytes + nr * REPO_BLOCK,
				      repo_disk_block(bytes, nr), 1000 + nr);
}

void world_change(struct world *w, uint64_t seed)
{
	uint64_t pages = w->f.record.partition_bytes / PAGE;
	unsigned int i;

	for (i = 0; i < 5; i++) {
		uint64_t page = test_random(&seed) % (pages / 2);

		fixture_noise(w->f.ram + page * PAGE, PAGE, seed);
	}
}

void world_pass(struct world *w, int64_t seconds)
{
	w->cloud.now += seconds;
}

/* Everybody has the cloud's time. */
static void clock_of(struct moment *now, void *data)
{
	const struct world *w = data;

	now->wall = w->cloud.now;
	now->boot = w->cloud.now;
}

void courier_begin(struct courier *c, struct world *w, uint8_t device)
{
	memset(c, 0, sizeof(*c));
	c->w = w;
	c->store = fake_open(&w->cloud);
	assert_int_equal(repository_open(c->store, w->slot, w->carrier,
					 &c->repo, &c->fault), BACKUP_OK);
	c->upload = (struct upload_options){
		.kind = REPO_BACKUP,
		.label = device == 1 ? "first" : "second",
		.host = "host",
		.memory = 8 * WORLD_PACK,
		.pack_bytes = WORLD_PACK,
		.clock = clock_of,
		.clock_data = w,
	};
	memset(c->upload.device, device, REPO_DEVICE);
}

void courier_end(struct courier *c)
{
	repository_close(&c->repo);
	store_close(c->store);
	if (c->target.size)
		model_disk_end(&c->target);
}

/* Others may read the same disk meanwhile, for a backup of their own. */
static void freeze_disk(const struct courier *c, struct model_source *m,
			struct model_disk *disk)
{
	*disk = c->w->disk;
	pthread_mutex_init(&disk->lock, NULL);
	if (disk->size)
		model_source_disk(m, disk);
}

int courier_backup(struct courier *c)
{
	struct model_disk disk;
	struct model_source m;
	int error;

	model_source_begin(&m, &c->w->f);
	freeze_disk(c, &m, &disk);
	error = backup_run(&c->repo, &m.source, &c->upload, &c->result,
			   &c->fault);
	assert_true(error ? m.aborted && !m.commit : m.commit && !m.aborted);
	c->w->disk.reads = disk.reads;
	model_source_end(&m);
	return error;
}

void courier_good_backup(struct courier *c)
{
	int error = courier_backup(c);

	if (error)
		print_error("%s\n", c->fault.message);
	assert_int_equal(error, BACKUP_OK);
}

int courier_push(struct courier *c, bool force)
{
	struct model_disk disk;
	struct model_source m;
	int error;

	model_source_begin(&m, &c->w->f);
	freeze_disk(c, &m, &disk);
	error = push_run(&c->repo, &m.source, &c->upload, force, &c->result,
			 &c->fault);
	assert_true(error ? m.aborted && !m.commit : m.commit && !m.aborted);
	c->w->disk.reads = disk.reads;
	model_source_end(&m);
	return error;
}

/* If the slot has a disk, there is a place for it. */
static void use_target(struct courier *c, struct model_sink *m)
{
	if (!c->w->disk.size)
		return;
	if (!c->target.size)
		model_disk_begin(&c->target, c->w->disk.size);
	model_sink_disk(m, &c->target);
}

static void compare_disk(const struct courier *c)
{
	if (c->w->disk.size && c->target.attached)
		assert_memory_equal(c->target.bytes, c->disk ? c->disk :
				    c->w->disk.bytes, c->w->disk.size);
}

static void compare(const struct courier *c, const struct model_sink *m,
		    int error, const uint8_t *ram)
{
	assert_true(error ? m->aborted && !m->committed :
			    m->committed && !m->aborted);
	if (!error && ram)
		assert_memory_equal(m->ram, ram,
				    m->f->record.partition_bytes);
	if (!error && ram)
		compare_disk(c);
}

int courier_restore(struct courier *c, const char *name, const uint8_t *ram)
{
	const struct download_options options = { .memory = 1 << 20,
						  .range_bytes = 1 << 18 };
	struct model_sink m;
	struct backup b;
	int error;

	error = backups_load(&c->repo, name, &b, &c->fault);
	if (error)
		return error;
	model_sink_begin(&m, &c->w->f);
	use_target(c, &m);
	error = download_run(&c->repo, &b, &m.sink, &options, &c->fault);
	compare(c, &m, error, ram);
	model_sink_end(&m);
	backups_free(&b);
	return error;
}

int courier_pull(struct courier *c, bool force, const uint8_t *ram)
{
	const struct download_options options = { 0 };
	struct pull_result result;
	struct model_sink m;
	int error;

	model_sink_begin(&m, &c->w->f);
	use_target(c, &m);
	error = pull_run(&c->repo, c->upload.device, c->upload.label,
			 (uint64_t)c->w->cloud.now, force, &m.sink, &options,
			 &result, &c->fault);
	compare(c, &m, error, ram);
	model_sink_end(&m);
	return error;
}

int courier_prune(struct courier *c, struct prune_result *result)
{
	const struct prune_options options = { .clock = clock_of,
					       .clock_data = c->w };

	return prune_run(&c->repo, &options, result, &c->fault);
}

static void print(const char *text, void *data)
{
	(void)data;
	print_error("%s\n", text);
}

size_t world_check(struct world *w)
{
	struct check_result result;
	struct courier c;

	courier_begin(&c, w, 9);
	assert_int_equal(check_run(&c.repo, true, print, NULL, &result,
				   &c.fault), BACKUP_OK);
	assert_int_equal(result.bad_backups, 0);
	assert_int_equal(result.bad_packs, 0);
	courier_end(&c);
	return result.backups;
}
