// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * witness.c - looks into the repository of a fake device's slot 2, without the
 * programs that made it
 */
#include "witness.h"

#include "model.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "backup/check.h"
#include "backup/download.h"
#include "backup/holder.h"
#include "backup/inventory.h"

static const struct store_settings settings;
static const struct store_limits limits;

static void open_repository(const char *dir, struct repository *repo)
{
	uint8_t slot[REPO_SLOT], carrier[REPO_KEY];
	struct backup_fault fault;
	struct store *store;
	char url[PATH_MAX + 16];
	char message[512];

	snprintf(url, sizeof(url), "file://%s", dir);
	assert_int_equal(store_open(url, &settings, &limits, &store, message,
				    sizeof(message)), STORE_OK);
	/* As device_fake.c has them. */
	memset(slot, 0x12, sizeof(slot));
	memset(carrier, 0x22, sizeof(carrier));
	if (repository_open(store, slot, carrier, repo, &fault))
		fail_msg("%s", fault.message);
}

static void close_repository(struct repository *repo)
{
	struct store *store = repo->store;

	repository_close(repo);
	store_close(store);
}

static void print(const char *text, void *data)
{
	(void)data;
	print_error("%s\n", text);
}

size_t witness_check(const char *dir, bool read_data)
{
	struct check_result result;
	struct backup_fault fault;
	struct repository repo;

	open_repository(dir, &repo);
	if (check_run(&repo, read_data, print, NULL, &result, &fault))
		fail_msg("%s", fault.message);
	close_repository(&repo);
	assert_int_equal(result.bad_backups, 0);
	assert_int_equal(result.bad_packs, 0);
	return result.backups;
}

static uint8_t *read_whole(const char *path, size_t *bytes)
{
	FILE *file = fopen(path, "re");
	struct stat st;
	uint8_t *buf;

	assert_non_null(file);
	assert_int_equal(fstat(fileno(file), &st), 0);
	*bytes = (size_t)st.st_size;
	buf = malloc(*bytes + 1);
	assert_non_null(buf);
	assert_int_equal(fread(buf, 1, *bytes, file), *bytes);
	fclose(file);
	return buf;
}

static bool same(const char *path, const uint8_t *what, size_t n)
{
	size_t bytes;
	uint8_t *buf = read_whole(path, &bytes);
	bool ret = bytes == n && memcmp(buf, what, n) == 0;

	free(buf);
	return ret;
}

static void load(struct repository *repo, const char *name, struct backup *b)
{
	struct backup_fault fault;

	if (backups_load(repo, name, b, &fault))
		fail_msg("%s", fault.message);
}

/* Brings it in, and compares. */
static bool is_of(struct repository *repo, const char *name, const char *ram,
		  const char *disk)
{
	const struct download_options options = { 0 };
	struct backup_fault fault;
	struct model_disk place;
	struct model_sink sink;
	struct fixture fixture;
	struct stat st;
	struct backup b;
	bool ret;

	load(repo, name, &b);
	assert_int_equal(stat(ram, &st), 0);
	fixture_init(&fixture, (uint64_t)st.st_size);
	model_disk_begin(&place, b.info.disk.bytes);
	model_sink_begin(&sink, &fixture);
	model_sink_disk(&sink, &place);
	if (download_run(repo, &b, &sink.sink, &options, &fault))
		fail_msg("%s", fault.message);
	ret = same(ram, sink.ram, (size_t)st.st_size) &&
	      !disk == !b.info.disk.bytes &&
	      (!disk || same(disk, place.bytes, b.info.disk.bytes));
	model_sink_end(&sink);
	model_disk_end(&place);
	fixture_free(&fixture);
	backups_free(&b);
	return ret;
}

static void get_names(struct repository *repo, struct backup_names *names)
{
	struct backup_fault fault;

	if (backups_names(repo, names, &fault))
		fail_msg("%s", fault.message);
}

bool witness_last(const char *dir, const char *ram, const char *disk)
{
	struct backup_names names;
	struct repository repo;
	bool ret;

	open_repository(dir, &repo);
	get_names(&repo, &names);
	assert_true(names.nr > 0);
	ret = is_of(&repo, names.names[names.nr - 1], ram, disk);
	free(names.names);
	close_repository(&repo);
	return ret;
}

bool witness_any(const char *dir, const char *ram, const char *disk)
{
	struct backup_names names;
	struct repository repo;
	bool ret = false;
	size_t i;

	open_repository(dir, &repo);
	get_names(&repo, &names);
	for (i = 0; i < names.nr && !ret; i++)
		ret = is_of(&repo, names.names[i], ram, disk);
	free(names.names);
	close_repository(&repo);
	return ret;
}

static void read_holder(struct repository *repo, struct repo_holder *h)
{
	struct backup_fault fault;

	if (holder_read(repo, h, &fault))
		fail_msg("%s", fault.message);
}

void witness_home(const char *dir, struct witness_home *home)
{
	struct repository repo;
	struct repo_holder h;

	open_repository(dir, &repo);
	read_holder(&repo, &h);
	close_repository(&repo);
	home->number = h.number;
	home->in_repository = h.number && h.state == REPO_IN_CLOUD;
	snprintf(home->label, sizeof(home->label), "%s", h.label);
}

bool witness_pushed(const char *dir, const char *ram, const char *disk)
{
	struct repository repo;
	struct repo_holder h;
	bool ret;

	open_repository(dir, &repo);
	read_holder(&repo, &h);
	ret = h.number && is_of(&repo, h.backup, ram, disk);
	close_repository(&repo);
	return ret;
}

static void mark(struct inventory *inv, const uint8_t *id)
{
	struct inventory_pack *pack = inventory_find(inv, id);

	/* A segment of zeroes is nowhere. */
	if (pack)
		pack->used = true;
}

static void mark_used(struct repository *repo, struct inventory *inv,
		      const char *name)
{
	struct backup b;
	uint64_t bytes;
	uint32_t i;

	load(repo, name, &b);
	for (i = 0; i < b.info.packs; i++)
		mark(inv, repo_backup_pack(&b.info, i, &bytes));
	for (i = 0; i < b.info.disk.segments; i++)
		mark(inv, repo_backup_segment(&b.info, i));
	backups_free(&b);
}

void witness_packs(const char *dir, struct witness_packs *packs)
{
	struct backup_names names;
	struct backup_fault fault;
	struct repository repo;
	struct inventory inv;
	size_t i;

	open_repository(dir, &repo);
	if (inventory_load(&repo, &inv, &fault))
		fail_msg("%s", fault.message);
	get_names(&repo, &names);
	for (i = 0; i < names.nr; i++)
		mark_used(&repo, &inv, names.names[i]);
	memset(packs, 0, sizeof(*packs));
	for (i = 0; i < inv.nr_packs; i++) {
		const struct inventory_pack *p = &inv.packs[i];

		packs->used += p->used;
		packs->listed += !p->used && p->fossil;
		packs->free += !p->used && !p->fossil;
	}
	free(names.names);
	inventory_free(&inv);
	close_repository(&repo);
}
