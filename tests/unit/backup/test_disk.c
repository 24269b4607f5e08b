// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A slot with a disk: both go to a repository and come back.
 */
#include "world.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "backup/catalogue.h"
#include "backup/disk_layout.h"
#include "image_bytes.h"
#include "repo_segment.h"

#define SIZE	(2 * MIB)
#define STORED	(REPO_BLOCK + REPO_BLOCK_TAG)
/* Ten blocks, two of zeroes, and one that is short. */
#define DISK	(10 * (uint64_t)REPO_BLOCK + 3 * REPO_DISK_UNIT)

static struct world w;
static struct courier c;

static int setup(void **state)
{
	(void)state;
	world_begin(&w, SIZE);
	world_disk(&w, DISK);
	courier_begin(&c, &w, 1);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	courier_end(&c);
	world_end(&w);
	return 0;
}

static size_t count(const char *part)
{
	return cloud_count(&w.cloud, part, NULL);
}

static uint8_t *copy_disk(void)
{
	uint8_t *copy = malloc(w.disk.size);

	assert_non_null(copy);
	memcpy(copy, w.disk.bytes, w.disk.size);
	return copy;
}

static void good_restore(const char *name)
{
	int error = courier_restore(&c, name, w.f.ram);

	if (error)
		print_error("%s\n", c.fault.message);
	assert_int_equal(error, BACKUP_OK);
}

/* Begin with an empty target again. */
static void drop_target(void)
{
	if (c.target.size)
		model_disk_end(&c.target);
}

static void comes_back(void **state)
{
	uint64_t memory;
	struct backup b;

	(void)state;
	courier_good_backup(&c);
	assert_int_equal(c.result.disk_bytes, DISK);
	assert_int_equal(w.disk.reads, 11);
	assert_int_equal(count("/segments/"), 1);
	assert_int_equal(backups_load(&c.repo, c.result.name, &b, &c.fault),
			 BACKUP_OK);
	assert_int_equal(b.info.disk.bytes, DISK);
	memory = b.info.header.chunks_bytes;
	backups_free(&b);
	/* Zeroes cost nothing. */
	assert_int_equal(c.result.bytes_new, memory + 8 * STORED +
			 3 * REPO_DISK_UNIT + REPO_BLOCK_TAG);
	assert_int_equal(world_check(&w), 1);
	good_restore(c.result.name);
	/* What is there already is not written. */
	c.target.writes = 0;
	good_restore(c.result.name);
	assert_int_equal(c.target.writes, 0);
}

static void nothing_is_in_clear(void **state)
{
	static const char marker[] = "a text that nobody else has";
	size_t i;

	(void)state;
	memcpy(w.disk.bytes + 5 * REPO_BLOCK + 100, marker, sizeof(marker));
	courier_good_backup(&c);
	for (i = 0; i < w.cloud.nr; i++) {
		const struct fake_object *o = &w.cloud.objects[i];

		assert_null(memmem(o->body, o->bytes, marker, 12));
		assert_null(memmem(o->body, o->bytes, "OSTI-DS", 7));
	}
}

static void second_sends_what_changed(void **state)
{
	char first[REPO_NAME];
	uint8_t *old;

	(void)state;
	courier_good_backup(&c);
	strcpy(first, c.result.name);
	old = copy_disk();
	world_pass(&w, 60);
	w.disk.bytes[2 * REPO_BLOCK + 77] ^= 1;
	courier_good_backup(&c);
	assert_int_equal(c.result.bytes_new, STORED);
	assert_int_equal(c.result.packs, 1);
	assert_int_equal(count("/segments/"), 2);
	world_pass(&w, 60);
	/* And what became zero costs nothing. */
	memset(w.disk.bytes, 0, REPO_BLOCK);
	courier_good_backup(&c);
	assert_int_equal(c.result.bytes_new, 0);
	assert_int_equal(world_check(&w), 3);
	good_restore(c.result.name);
	c.disk = old;
	good_restore(first);
	free(old);
}

/* Three segments, most of it zeroes. */
static void unchanged_segments_are_shared(void **state)
{
	const uint64_t large = 2 * (uint64_t)REPO_SEGMENT_BLOCKS * REPO_BLOCK +
			       REPO_DISK_UNIT;
	struct backup a, b;
	char first[REPO_NAME];

	(void)state;
	model_disk_end(&w.disk);
	model_disk_begin(&w.disk, large);
	fixture_noise(w.disk.bytes + 3 * REPO_BLOCK, PAGE, 5);
	fixture_noise(w.disk.bytes + large - PAGE, PAGE, 6);
	courier_good_backup(&c);
	strcpy(first, c.result.name);
	/* One has zeroes only. */
	assert_int_equal(count("/segments/"), 2);
	world_pass(&w, 60);
	fixture_noise(w.disk.bytes + large - PAGE, PAGE, 7);
	courier_good_backup(&c);
	assert_int_equal(count("/segments/"), 3);
	assert_int_equal(backups_load(&c.repo, first, &a, &c.fault), BACKUP_OK);
	assert_int_equal(backups_load(&c.repo, c.result.name, &b, &c.fault),
			 BACKUP_OK);
	assert_int_equal(b.info.disk.segments, 3);
	assert_memory_equal(repo_backup_segment(&a.info, 0),
			    repo_backup_segment(&b.info, 0), REPO_KEY);
	assert_true(repo_disk_is_zero(repo_backup_segment(&b.info, 1)));
	assert_memory_not_equal(repo_backup_segment(&a.info, 2),
				repo_backup_segment(&b.info, 2), REPO_KEY);
	backups_free(&a);
	backups_free(&b);
	good_restore(c.result.name);
}

static void disk_of_zeroes(void **state)
{
	size_t packs;

	(void)state;
	memset(w.f.ram, 0, SIZE);
	memset(w.disk.bytes, 0, DISK);
	courier_good_backup(&c);
	packs = count("/packs/");
	assert_int_equal(packs, 0);
	assert_int_equal(count("/segments/"), 0);
	model_disk_begin(&c.target, DISK);
	fixture_noise(c.target.bytes, DISK, 9);
	good_restore(c.result.name);
}

static void board_without(void **state)
{
	struct backup b;

	(void)state;
	w.disk.hidden = true;
	w.f.record.attachments = 0;
	courier_good_backup(&c);
	assert_int_equal(c.result.disk_bytes, 0);
	assert_int_equal(count("/segments/"), 0);
	assert_int_equal(backups_load(&c.repo, c.result.name, &b, &c.fault),
			 BACKUP_OK);
	assert_int_equal(b.info.disk.bytes, 0);
	/* What an older reader takes. */
	assert_int_equal(image_get32(b.plain + 8), 1);
	backups_free(&b);
	good_restore(c.result.name);
	assert_int_equal(c.target.opened, 0);
	/* And the other way round: nothing is brought in. */
	w.disk.hidden = false;
	w.f.record.attachments = 1;
	world_pass(&w, 60);
	courier_good_backup(&c);
	c.target.hidden = true;
	assert_int_equal(courier_restore(&c, c.result.name, NULL),
			 BACKUP_E_SINK);
	assert_non_null(strstr(c.fault.message, "this board"));
}

static void size_of_the_target(void **state)
{
	(void)state;
	courier_good_backup(&c);
	model_disk_begin(&c.target, DISK - REPO_DISK_UNIT);
	assert_int_equal(courier_restore(&c, c.result.name, NULL),
			 BACKUP_E_SINK);
	assert_non_null(strstr(c.fault.message, "too small"));
	assert_int_equal(c.target.writes, 0);
	drop_target();
	model_disk_begin(&c.target, DISK + 7 * MIB);
	c.target.bytes[DISK] = 0x77;
	good_restore(c.result.name);
	assert_int_equal(c.target.bytes[DISK], 0x77);
}

/* A power cut or a switch at each write. */
static void interrupted_restore(void **state)
{
	uint8_t *before = malloc(DISK);
	unsigned int at, marked = 0;

	(void)state;
	assert_non_null(before);
	fixture_noise(before, DISK, 12);
	courier_good_backup(&c);
	for (at = 1;; at++) {
		int error;

		drop_target();
		model_disk_begin(&c.target, DISK);
		memcpy(c.target.bytes, before, DISK);
		c.target.fail_write = at;
		c.target.error = -ESTALE;
		error = courier_restore(&c, c.result.name, NULL);
		if (!error)
			break;
		assert_int_equal(error, BACKUP_E_INTERRUPTED);
		if (at == 1)
			assert_memory_equal(c.target.bytes, before, DISK);
		else
			assert_memory_equal(c.target.bytes, REPO_DISK_MAGIC,
					    sizeof(REPO_DISK_MAGIC));
		marked += at > 1;
		c.target.fail_write = 0;
		good_restore(c.result.name);
	}
	assert_true(marked >= 10);
	assert_memory_equal(c.target.bytes, w.disk.bytes, DISK);
	free(before);
}

static void reading_fails(void **state)
{
	(void)state;
	w.disk.fail_read = 3;
	w.disk.error = -EIO;
	assert_int_equal(courier_backup(&c), BACKUP_E_SOURCE);
	assert_non_null(strstr(c.fault.message, "of the slot's disk failed"));
	w.disk.error = -ESTALE;
	assert_int_equal(courier_backup(&c), BACKUP_E_INTERRUPTED);
	assert_int_equal(count("/backups/"), 0);
	w.disk.fail_read = 0;
	courier_good_backup(&c);
	good_restore(c.result.name);
}

/* The last pack has blocks: they come after the memory. */
static struct fake_object *pack_of_blocks(void)
{
	struct disk_layout l;
	struct backup b;
	char path[REPO_PATH];
	uint64_t bytes;

	assert_int_equal(backups_load(&c.repo, c.result.name, &b, &c.fault),
			 BACKUP_OK);
	assert_int_equal(disk_layout_load(&c.repo, &b, &l, &c.fault),
			 BACKUP_OK);
	repo_path_pack(w.slot, repo_backup_pack(&b.info, l.places[5].pack,
						&bytes), path);
	disk_layout_free(&l);
	backups_free(&b);
	return cloud_find(&w.cloud, path);
}

static void altered_block(void **state)
{
	struct fake_object *o;

	(void)state;
	courier_good_backup(&c);
	o = pack_of_blocks();
	o->body[40] ^= 1;
	assert_int_equal(courier_restore(&c, c.result.name, NULL),
			 BACKUP_E_REFUSED);
	assert_non_null(strstr(c.fault.message, "of the disk of backup"));
	assert_non_null(strstr(c.fault.message, o->key));
	assert_memory_equal(c.target.bytes, REPO_DISK_MAGIC, 16);
	o->body[40] ^= 1;
	good_restore(c.result.name);
}

static void missing_pack(void **state)
{
	char key[STORE_KEY_MAX + 1];

	(void)state;
	courier_good_backup(&c);
	strcpy(key, pack_of_blocks()->key);
	cloud_delete(&w.cloud, key);
	assert_int_equal(courier_restore(&c, c.result.name, NULL),
			 BACKUP_E_MISSING);
	assert_non_null(strstr(c.fault.message, key));
	assert_int_equal(c.target.writes, 0);
	world_pass(&w, 60);
	courier_good_backup(&c);
	assert_int_equal(c.result.packs, 1);
	good_restore(c.result.name);
}

static void swapped_packs(void **state)
{
	struct fake_object *a, *b = NULL;
	uint8_t *body;
	size_t i;

	(void)state;
	courier_good_backup(&c);
	a = pack_of_blocks();
	for (i = 0; i < w.cloud.nr; i++) {
		struct fake_object *o = &w.cloud.objects[i];

		if (strstr(o->key, "/packs/") && o != a &&
		    o->bytes == a->bytes)
			b = o;
	}
	assert_non_null(b);
	body = a->body;
	a->body = b->body;
	b->body = body;
	assert_int_equal(courier_restore(&c, c.result.name, NULL),
			 BACKUP_E_REFUSED);
}

static void damaged_segment(void **state)
{
	char key[STORE_KEY_MAX + 1];
	struct fake_object *o;

	(void)state;
	courier_good_backup(&c);
	assert_int_equal(cloud_count(&w.cloud, "/segments/", &o), 1);
	strcpy(key, o->key);
	o->body[50] ^= 1;
	assert_int_equal(courier_restore(&c, c.result.name, NULL),
			 BACKUP_E_DAMAGED);
	assert_non_null(strstr(c.fault.message, key));
	assert_int_equal(c.target.writes, 0);
	/* A new backup does without it: it sends the blocks again. */
	world_pass(&w, 60);
	courier_good_backup(&c);
	assert_int_equal(c.result.damaged, 1);
	good_restore(c.result.name);
	cloud_delete(&w.cloud, key);
	world_pass(&w, 60);
	courier_good_backup(&c);
	assert_int_equal(c.result.damaged, 0);
	good_restore(c.result.name);
}

/* Half of another moment: what the monitor is there for. */
static void another_disk(void **state)
{
	(void)state;
	courier_good_backup(&c);
	model_disk_begin(&c.target, DISK);
	c.target.lie = true;
	assert_int_equal(courier_restore(&c, c.result.name, NULL),
			 BACKUP_E_REFUSED);
	c.target.lie = false;
	good_restore(c.result.name);
}

static int verify(void)
{
	const struct download_options options = { .verify = true };
	struct model_sink m;
	struct backup b;
	int error;

	if (!c.target.size)
		model_disk_begin(&c.target, DISK);
	assert_int_equal(backups_load(&c.repo, c.result.name, &b, &c.fault),
			 BACKUP_OK);
	model_sink_begin(&m, &w.f);
	model_sink_disk(&m, &c.target);
	error = download_run(&c.repo, &b, &m.sink, &options, &c.fault);
	assert_true(error ? m.aborted : m.checked && !m.committed);
	model_sink_end(&m);
	backups_free(&b);
	return error;
}

static void verified(void **state)
{
	(void)state;
	courier_good_backup(&c);
	assert_int_equal(verify(), BACKUP_OK);
	pack_of_blocks()->body[40] ^= 1;
	assert_int_equal(verify(), BACKUP_E_REFUSED);
	assert_int_equal(c.target.opened, 0);
}

/* ---- What is remembered ------------------------------------------------------------ */

static char cache[64];

static int setup_cache(void **state)
{
	int fd;

	setup(state);
	strcpy(cache, "/tmp/osti-disk-XXXXXX");
	fd = mkstemp(cache);
	assert_true(fd >= 0);
	close(fd);
	c.repo.catalogue = catalogue_open(cache, c.repo.config.id);
	assert_non_null(c.repo.catalogue);
	return 0;
}

static int teardown_cache(void **state)
{
	catalogue_close(c.repo.catalogue);
	unlink(cache);
	return teardown(state);
}

static void same_freeze_is_not_read(void **state)
{
	char key[STORE_KEY_MAX + 1];

	(void)state;
	c.upload.freeze = "boot-12345-1";
	courier_good_backup(&c);
	assert_false(c.result.disk_known);
	assert_int_equal(w.disk.reads, 11);
	world_pass(&w, 60);
	courier_good_backup(&c);
	assert_true(c.result.disk_known);
	assert_int_equal(w.disk.reads, 11);
	assert_int_equal(c.result.bytes_new, 0);
	good_restore(c.result.name);
	/* What is lost is read all the same. */
	strcpy(key, pack_of_blocks()->key);
	cloud_delete(&w.cloud, key);
	world_pass(&w, 60);
	courier_good_backup(&c);
	assert_int_equal(c.result.packs, 1);
	good_restore(c.result.name);
	/* It ran: all of it is read. */
	c.upload.freeze = "boot-23456-2";
	w.disk.reads = 0;
	w.disk.bytes[0] ^= 1;
	world_pass(&w, 60);
	courier_good_backup(&c);
	assert_false(c.result.disk_known);
	assert_int_equal(w.disk.reads, 11);
	good_restore(c.result.name);
}

/* Blocks that were sent before a switch count. */
static void interrupted_upload(void **state)
{
	(void)state;
	w.disk.fail_read = 7;
	w.disk.error = -ESTALE;
	assert_int_equal(courier_backup(&c), BACKUP_E_INTERRUPTED);
	assert_true(count("/packs/") > 4);
	w.disk.fail_read = 0;
	world_pass(&w, 60);
	courier_good_backup(&c);
	/* Those that were not, and the last pack of the first time. */
	assert_true(c.result.bytes_new <= 5 * STORED);
	good_restore(c.result.name);
}

/* ---- Deleting ---------------------------------------------------------------------- */

static void prune(struct prune_result *r)
{
	world_pass(&w, 8 * WORLD_DAY);
	assert_int_equal(courier_prune(&c, r), BACKUP_OK);
}

static void prune_keeps_what_is_shared(void **state)
{
	size_t packs, segments;
	struct prune_result r;
	char first[REPO_NAME];

	(void)state;
	courier_good_backup(&c);
	strcpy(first, c.result.name);
	packs = count("/packs/");
	world_pass(&w, 60);
	fixture_noise(w.disk.bytes + 5 * REPO_BLOCK, REPO_BLOCK, 99);
	courier_good_backup(&c);
	segments = count("/segments/");
	assert_int_equal(count("/packs/"), packs + 1);
	assert_int_equal(segments, 2);
	assert_int_equal(forget_run(&c.repo, first, &c.fault), BACKUP_OK);
	prune(&r);
	/* The segment, and the pack with the block that only it had. */
	assert_int_equal(r.packs_marked, 2);
	prune(&r);
	assert_int_equal(r.packs_deleted, 2);
	assert_int_equal(count("/segments/"), 1);
	assert_int_equal(world_check(&w), 1);
	good_restore(c.result.name);
	assert_int_equal(forget_run(&c.repo, c.result.name, &c.fault),
			 BACKUP_OK);
	prune(&r);
	prune(&r);
	assert_int_equal(count("/segments/"), 0);
	assert_int_equal(count("/packs/"), 0);
}

static void marked_segments_are_not_used(void **state)
{
	struct prune_result r;

	(void)state;
	courier_good_backup(&c);
	assert_int_equal(forget_run(&c.repo, c.result.name, &c.fault),
			 BACKUP_OK);
	prune(&r);
	assert_true(r.packs_marked > 1);
	courier_good_backup(&c);
	assert_int_equal(count("/segments/"), 2);
	assert_int_equal(c.result.bytes_shared, 0);
	prune(&r);
	assert_int_equal(r.packs_rescued, 0);
	assert_int_equal(count("/segments/"), 1);
	assert_int_equal(world_check(&w), 1);
	good_restore(c.result.name);
}

/*
 * A segment that is on a list, with packs that are on none, of a backup whose
 * maker did not see the list.
 */
static void listed_segment_of_a_backup(void **state)
{
	struct prune_result r;
	char key[STORE_KEY_MAX + 1];
	struct fake_object *o;
	uint8_t *body;
	size_t bytes;

	(void)state;
	/* All blocks in one pack. */
	c.upload.pack_bytes = 4 * MIB;
	c.upload.memory = 16 * MIB;
	courier_good_backup(&c);
	world_pass(&w, 60);
	memset(w.disk.bytes, 0, REPO_BLOCK);
	courier_good_backup(&c);
	assert_int_equal(c.result.packs, 0);
	assert_int_equal(cloud_count(&w.cloud, c.result.name, &o), 1);
	strcpy(key, o->key);
	bytes = o->bytes;
	body = malloc(bytes);
	assert_non_null(body);
	memcpy(body, o->body, bytes);
	assert_int_equal(forget_run(&c.repo, c.result.name, &c.fault),
			 BACKUP_OK);
	prune(&r);
	assert_int_equal(r.packs_marked, 1);
	cloud_put(&w.cloud, key, body, bytes);
	free(body);
	courier_good_backup(&c);
	assert_int_equal(c.result.packs, 0);
	assert_int_equal(count("/segments/"), 3);
	good_restore(c.result.name);
}

/* ---- Segments, in clear ------------------------------------------------------------ */

#define P	REPO_PACK_ENTRY
#define E	REPO_SEGMENT_ENTRY

/* The last segment of a disk of 257 blocks has one, in the second of two packs. */
#define LONG	((uint64_t)REPO_BLOCK * 256 + REPO_DISK_UNIT)

static size_t make_segment(uint8_t *out)
{
	uint8_t packs[P] = { 1 }, entries[E];
	const uint8_t digest[REPO_KEY] = { 7 };
	const struct repo_segment_block block = { .digest = digest,
						  .offset = 100 };
	const struct repo_segment s = {
		.number = 1, .blocks = 1, .packs = 1, .pack_list = packs,
		.entries = entries,
	};

	image_put64(packs + REPO_KEY, 100 + REPO_DISK_UNIT + REPO_BLOCK_TAG);
	repo_segment_put(entries, &block);
	repo_segment_write(&s, out);
	return repo_segment_size(&s);
}

static void segment_refusals(void **state)
{
	static const struct {
		size_t at;
		uint32_t value;
		int error;
	} rows[] = {
		{ 0, 0, REPO_E_MAGIC },
		{ 8, 2, REPO_E_VERSION },
		{ 12, 0, REPO_E_KIND },
		{ 16, 2, REPO_E_KIND },
		{ 20, 0, REPO_E_SIZE },
		{ 20, 2, REPO_E_SIZE },
		{ 24, 1, REPO_E_RESERVED },
		{ 48 + REPO_KEY, 0, REPO_E_PACK },
		{ 48 + REPO_KEY, 99 + REPO_DISK_UNIT + REPO_BLOCK_TAG,
		  REPO_E_PLACE },
		{ 48 + REPO_KEY + 4, 1, REPO_E_PACK },
		{ 48 + P, 0, REPO_E_RESERVED },
		{ 48 + P + REPO_KEY, 1, REPO_E_PLACE },
		{ 48 + P + REPO_KEY + 4, 101, REPO_E_PLACE },
		{ 48 + P + REPO_KEY + 4, UINT32_MAX, REPO_E_PLACE },
	};
	uint8_t good[48 + P + E], bad[sizeof(good) + 1];
	size_t bytes = make_segment(good), i;
	struct repo_segment s;

	(void)state;
	assert_int_equal(bytes, sizeof(good));
	assert_int_equal(repo_segment_parse(good, bytes, LONG, 1, &s), REPO_OK);
	assert_int_equal(repo_segment_parse(good, bytes, LONG, 0, &s),
			 REPO_E_KIND);
	assert_int_equal(repo_segment_parse(good, bytes, LONG, 2, &s),
			 REPO_E_KIND);
	for (i = 0; i < bytes; i++)
		assert_int_equal(repo_segment_parse(good, i, LONG, 1, &s),
				 REPO_E_TRUNCATED);
	memcpy(bad, good, bytes);
	assert_int_equal(repo_segment_parse(bad, bytes + 1, LONG, 1, &s),
			 REPO_E_SIZE);
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		memcpy(bad, good, bytes);
		image_put32(bad + rows[i].at, rows[i].value);
		if (repo_segment_parse(bad, bytes, LONG, 1, &s) !=
		    rows[i].error)
			fail_msg("row %zu", i);
	}
}

static void block_is_bound_to_its_digest(void **state)
{
	uint8_t block[PAGE + REPO_BLOCK_TAG], copy[sizeof(block)];
	uint8_t digest[REPO_KEY], other[REPO_KEY];
	struct repo_keys keys;

	(void)state;
	repo_keys_derive(w.carrier, &keys);
	fixture_noise(block, PAGE, 3);
	repo_disk_hash(block, PAGE, digest);
	repo_disk_seal(&keys, digest, block, PAGE);
	memcpy(copy, block, sizeof(block));
	assert_true(repo_disk_open(&keys, digest, copy, sizeof(copy)));
	memcpy(copy, block, sizeof(block));
	memcpy(other, digest, REPO_KEY);
	other[31] ^= 1;
	assert_false(repo_disk_open(&keys, other, copy, sizeof(copy)));
	memcpy(copy, block, sizeof(block));
	copy[PAGE] ^= 1;
	assert_false(repo_disk_open(&keys, digest, copy, sizeof(copy)));
	assert_false(repo_disk_open(&keys, digest, copy, REPO_BLOCK_TAG));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
#define C(name) \
	cmocka_unit_test_setup_teardown(name, setup_cache, teardown_cache)
		T(comes_back),
		T(nothing_is_in_clear),
		T(second_sends_what_changed),
		T(unchanged_segments_are_shared),
		T(disk_of_zeroes),
		T(board_without),
		T(size_of_the_target),
		T(interrupted_restore),
		T(reading_fails),
		T(altered_block),
		T(missing_pack),
		T(swapped_packs),
		T(damaged_segment),
		T(another_disk),
		T(verified),
		C(same_freeze_is_not_read),
		C(interrupted_upload),
		T(prune_keeps_what_is_shared),
		T(marked_segments_are_not_used),
		T(listed_segment_of_a_backup),
		T(segment_refusals),
		T(block_is_bound_to_its_digest),
#undef C
#undef T
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
