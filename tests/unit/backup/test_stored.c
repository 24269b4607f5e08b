// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * An image that hibernated goes from the store disk to a repository, and comes
 * back from there; and store disks that lie.
 */
#include "shelf.h"
#include "stored_model.h"
#include "world.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "backup/carry.h"
#include "backup/image_stored.h"
#include "image_bytes.h"
#include "repo_disk.h"

#define SIZE		(2 * MIB)
#define DISK		(4 * (uint64_t)REPO_BLOCK + REPO_DISK_UNIT)
#define GENERATION	7

static struct world w;
static struct courier c;
static struct shelf shelf;
static struct stored_model monitor;

/* ---- The transfer ----------------------------------------------------------- */

#define NOTHING		(-1)

static int shown;
static unsigned int shows;
static bool closed_store;	/* the board shows it to nobody */
static unsigned int store_reads;
/* From this read of the store on they fail with that; 0: never. */
static unsigned int fail_read;
static int read_error;
static bool committed;

int carry_disk(int fd, struct osti_ioc_disk *disk)
{
	(void)fd;
	/* One at a time. */
	assert_int_equal(shown, NOTHING);
	assert_true(disk->access == OSTI_DISK_READ ||
		    disk->access == OSTI_DISK_STORE);
	if (disk->access == OSTI_DISK_STORE ? closed_store : !w.disk.size)
		return -EOPNOTSUPP;
	shown = (int)disk->access;
	shows++;
	disk->bytes = shown == OSTI_DISK_STORE ? shelf.size : w.disk.size;
	return 0;
}

int carry_disk_end(int fd)
{
	(void)fd;
	shown = NOTHING;
	return 0;
}

int carry_disk_read(int fd, uint64_t offset, uint8_t *buf, size_t bytes)
{
	bool store = shown == OSTI_DISK_STORE;
	const uint64_t size = store ? shelf.size : w.disk.size;

	(void)fd;
	assert_int_not_equal(shown, NOTHING);
	assert_int_equal(offset % OSTI_DISK_SECTOR, 0);
	assert_int_equal(bytes % OSTI_DISK_SECTOR, 0);
	assert_true(bytes && offset < size && bytes <= size - offset);
	if (store && ++store_reads >= fail_read && fail_read)
		return read_error;
	memcpy(buf, (store ? shelf.bytes : w.disk.bytes) + offset, bytes);
	return 0;
}

/* What the monitor refuses is refused for good. */
static int answer(int error, uint32_t *reason)
{
	*reason = error == -EBADMSG ? -OSTI_IMAGE_E_TAG : 0;
	return error;
}

int carry_write(int fd, struct osti_ioc_piece *piece)
{
	(void)fd;
	assert_true(piece->bytes && piece->bytes <= OSTI_COPY_MAX);
	return answer(stored_model_give(&monitor, piece->offset,
					(void *)(uintptr_t)piece->data,
					piece->bytes), &piece->reason);
}

int carry_open(int fd, struct osti_ioc_step *step)
{
	int error = answer(stored_model_open(&monitor), &step->reason);

	(void)fd;
	step->pages = monitor.image.m.pages;
	return error;
}

int carry_have(int fd, struct osti_ioc_have *have)
{
	(void)fd;
	return stored_model_have(&monitor, have->chunk, have->bytes,
				 have->digest);
}

int carry_attach(int fd, struct osti_ioc_attach *attach)
{
	(void)fd;
	return stored_model_attach(&monitor, attach->bytes, attach->digest);
}

int carry_seal(int fd, struct osti_ioc_step *step)
{
	(void)fd;
	return answer(stored_model_seal(&monitor), &step->reason);
}

int carry_read(int fd, struct osti_ioc_piece *piece)
{
	(void)fd;
	assert_true(piece->bytes && piece->bytes <= OSTI_COPY_MAX);
	return stored_model_read(&monitor, piece->offset,
				 (void *)(uintptr_t)piece->data, piece->bytes);
}

int carry_commit(int fd, struct osti_ioc_step *step)
{
	(void)fd;
	(void)step;
	assert_int_equal(shown, NOTHING);
	committed = true;
	return 0;
}

/* Those of other kinds of transfers. */
int carry_scan(int fd, struct osti_ioc_scan *scan)
{
	(void)fd;
	(void)scan;
	return -ENOTTY;
}

int carry_table(int fd, struct osti_ioc_table *table)
{
	(void)fd;
	(void)table;
	return -ENOTTY;
}

int carry_chunk(int fd, struct osti_ioc_chunk *chunk)
{
	(void)fd;
	(void)chunk;
	return -ENOTTY;
}

int carry_check(int fd, struct osti_ioc_step *step)
{
	(void)fd;
	(void)step;
	return -ENOTTY;
}

int carry_disk_write(int fd, uint64_t offset, const uint8_t *buf, size_t bytes)
{
	(void)fd;
	(void)offset;
	(void)buf;
	(void)bytes;
	return -ENOTTY;
}

int carry_disk_zero(int fd, struct osti_ioc_zero *zero)
{
	(void)fd;
	(void)zero;
	return -ENOTTY;
}

int carry_disk_flush(int fd)
{
	(void)fd;
	return -ENOTTY;
}

/* ---- The device ------------------------------------------------------------- */

/* What is in the slot's memory hibernates to that area. */
static void hibernate(unsigned int area)
{
	const uint32_t attachments = w.f.record.attachments;

	w.f.record.attachments = 0;
	fixture_pack(&w.f);
	w.f.record.attachments = attachments;
	shelf_free(&shelf);
	shelf_make(&shelf, "work", w.f.file, w.f.bytes, area);
}

static void begin_transfer(void)
{
	stored_model_end(&monitor);
	stored_model_begin(&monitor, &w.f, w.disk.size != 0);
	shown = NOTHING;
	shows = 0;
	store_reads = 0;
	committed = false;
}

static int open_image(struct image_stored *image, struct fault *fault)
{
	begin_transfer();
	return image_stored_open(image, -1, 2, "work", GENERATION, fault);
}

static int backup_stored(void)
{
	struct image_stored image;
	struct fault fault;
	int error;

	if (open_image(&image, &fault) < 0)
		fail_msg("%s", fault.message);
	c.upload.makers = 1;
	error = backup_run(&c.repo, &image.device.source, &c.upload, &c.result,
			   &c.fault);
	assert_true(error ? !committed : committed);
	image_stored_close(&image);
	return error;
}

static void good_backup(void)
{
	int error = backup_stored();

	if (error)
		print_error("%s\n", c.fault.message);
	assert_int_equal(error, BACKUP_OK);
}

static void good_restore(const char *name)
{
	int error = courier_restore(&c, name, w.f.ram);

	if (error)
		print_error("%s\n", c.fault.message);
	assert_int_equal(error, BACKUP_OK);
}

static int setup_memory(void **state)
{
	(void)state;
	closed_store = false;
	fail_read = 0;
	world_begin(&w, SIZE);
	w.f.record.attachments = 0;
	hibernate(1);
	courier_begin(&c, &w, 1);
	return 0;
}

static int setup(void **state)
{
	setup_memory(state);
	world_disk(&w, DISK);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	stored_model_end(&monitor);
	shelf_free(&shelf);
	courier_end(&c);
	world_end(&w);
	return 0;
}

/* ---- It goes, and comes back ------------------------------------------------- */

static void comes_back(void **state)
{
	uint64_t chunks;
	struct backup b;

	(void)state;
	good_backup();
	assert_int_equal(c.result.disk_bytes, DISK);
	/* To find it; how large is the slot's disk; chunks; that disk. */
	assert_int_equal(shows, 4);
	assert_int_equal(backups_load(&c.repo, c.result.name, &b, &c.fault),
			 BACKUP_OK);
	chunks = b.info.header.chunks_bytes;
	backups_free(&b);
	/* The same bytes, in a few more reads than there are windows. */
	assert_int_equal(chunks, monitor.image.header.chunks_bytes);
	assert_true(store_reads < 20);
	assert_int_equal(world_check(&w), 1);
	good_restore(c.result.name);
	/* It is there still, in either area. */
	hibernate(0);
	good_backup();
	assert_int_equal(c.result.bytes_new, 0);
	good_restore(c.result.name);
}

static void comes_back_without_disk(void **state)
{
	(void)state;
	good_backup();
	assert_int_equal(c.result.disk_bytes, 0);
	/* The store, and after the slot's disk was asked for again. */
	assert_int_equal(shows, 2);
	good_restore(c.result.name);
}

/* What was saved while it was frozen is compressed harder, and counts. */
static void shares_what_is_there(void **state)
{
	static const struct image_packing local = IMAGE_PACKING_LOCAL;
	static const struct image_packing copy = IMAGE_PACKING_COPY;

	(void)state;
	w.f.packing = copy;
	courier_good_backup(&c);
	w.f.packing = local;
	hibernate(0);
	good_backup();
	assert_true(monitor.haves > 0);
	assert_int_equal(c.result.bytes_new, 0);
	good_restore(c.result.name);
	/* And the other way round. */
	world_change(&w, 77);
	hibernate(1);
	good_backup();
	assert_true(c.result.bytes_new > 0);
	good_restore(c.result.name);
	w.f.packing = copy;
	courier_good_backup(&c);
	assert_int_equal(c.result.bytes_new, 0);
	good_restore(c.result.name);
}

/* One that the repository had and has lost is the store's again. */
static void takes_a_chunk_back(void **state)
{
	const uint8_t digest[OSTI_IMAGE_HASH] = { 1 };
	uint8_t *buf = malloc(OSTI_IMAGE_STORED_MAX);
	struct image_source *source;
	struct image_stored image;
	const uint8_t *entry;
	struct fault fault;
	size_t bytes;

	(void)state;
	assert_non_null(buf);
	assert_int_equal(open_image(&image, &fault), 0);
	source = &image.device.source;
	entry = monitor.image.table + OSTI_IMAGE_T_ENTRY;
	/* Its own is no news. */
	assert_int_equal(source->have(source, 1,
				      image_get32(entry + OSTI_IMAGE_T_STORED),
				      entry + OSTI_IMAGE_T_DIGEST), 0);
	assert_int_equal(monitor.haves, 0);
	assert_int_equal(source->have(source, 1, 77, digest), 0);
	assert_int_equal(image_get32(entry + OSTI_IMAGE_T_STORED), 77);
	assert_int_equal(source->chunk(source, 1, buf, OSTI_IMAGE_STORED_MAX,
				       &bytes), 0);
	assert_int_equal(image_get32(entry + OSTI_IMAGE_T_STORED), bytes);
	assert_memory_not_equal(entry + OSTI_IMAGE_T_DIGEST, digest,
				OSTI_IMAGE_HASH);
	assert_int_equal(monitor.haves, 2);
	assert_int_equal(source->chunk(source, 0, buf, OSTI_IMAGE_STORED_MAX,
				       &bytes), 0);
	assert_int_equal(monitor.haves, 2);
	image_stored_close(&image);
	free(buf);
}

/* Only the second table is whole. */
static void finds_the_second_table(void **state)
{
	(void)state;
	memset(shelf.bytes, 0, 16384);
	good_backup();
	good_restore(c.result.name);
}

/* ---- Disks that lie ---------------------------------------------------------- */

static void assert_refused(const char *says, enum fault_code code)
{
	struct image_stored image;
	struct fault fault;

	assert_int_equal(open_image(&image, &fault), -1);
	image_stored_close(&image);
	if (!strstr(fault.message, says))
		fail_msg("'%s' is not in '%s'", says, fault.message);
	assert_int_equal(fault.code, code);
}

/* The first table alone: the second would do. */
static void forget_second_table(void)
{
	memset(shelf.bytes + shelf.size - 512, 0, 512);
}

static void refuses_bad_tables(void **state)
{
	static const char none[] = "has no partition table";
	static const char nowhere[] = "has no partition \"work\"";
	uint8_t *table, *entry;

	(void)state;
	forget_second_table();
	table = shelf.bytes + SHELF_TABLE;
	entry = shelf.bytes + SHELF_ENTRIES + SHELF_ENTRY;
	image_put32(table + 84, 0);
	assert_refused(none, FAULT_DEVICE);
	image_put32(table + 84, 129);
	assert_refused(none, FAULT_DEVICE);
	image_put32(table + 84, SHELF_ENTRY);
	image_put64(table + 72, shelf.size / 512);
	assert_refused(none, FAULT_DEVICE);
	image_put64(table + 72, UINT64_MAX / 512 + 1);
	assert_refused(none, FAULT_DEVICE);
	/* They begin on the disk and end behind it. */
	image_put64(table + 72, shelf.size / 512 - 1);
	image_put32(table + 80, UINT32_MAX);
	assert_refused(nowhere, FAULT_DEVICE);
	image_put64(table + 72, SHELF_ENTRIES / 512);
	image_put32(table + 80, 1);
	assert_refused(nowhere, FAULT_DEVICE);
	image_put32(table + 80, 128);
	/* One that ends before it begins, and some behind the disk. */
	image_put64(entry + 40, 1);
	assert_refused(nowhere, FAULT_DEVICE);
	image_put64(entry + 40, shelf.size / 512);
	assert_refused(nowhere, FAULT_DEVICE);
	image_put64(entry + 40, UINT64_MAX);
	assert_refused(nowhere, FAULT_DEVICE);
	image_put64(entry + 32, UINT64_MAX);
	assert_refused(nowhere, FAULT_DEVICE);
	/* No area has a place in it. */
	image_put64(entry + 32, shelf.partition / 512);
	image_put64(entry + 40, shelf.partition / 512 + 14);
	assert_refused(nowhere, FAULT_DEVICE);
	memset(table, 0, 8);
	assert_refused(none, FAULT_DEVICE);
	shelf.size = 0;
	assert_refused(none, FAULT_DEVICE);
}

static void refuses_other_partitions(void **state)
{
	static const char nowhere[] = "has no partition \"work\"";
	uint8_t *entry;

	(void)state;
	forget_second_table();
	entry = shelf.bytes + SHELF_ENTRIES + SHELF_ENTRY;
	entry[0] ^= 1;
	assert_refused(nowhere, FAULT_DEVICE);
	entry[0] ^= 1;
	entry[57] = 1;
	assert_refused(nowhere, FAULT_DEVICE);
	entry[57] = 0;
	entry[64] = 's';
	assert_refused(nowhere, FAULT_DEVICE);
	entry[64] = 0;
	entry[62] = 0;
	assert_refused(nowhere, FAULT_DEVICE);
}

static void refuses_other_images(void **state)
{
	static const char other[] = "has no image of work of generation 7";
	uint8_t *header = shelf.bytes + shelf.image;
	uint64_t bytes;

	(void)state;
	image_put64(header + OSTI_IMAGE_H_GENERATION, 6);
	assert_refused(other, FAULT_DEVICE);
	image_put64(header + OSTI_IMAGE_H_GENERATION, GENERATION);
	image_put32(header + OSTI_IMAGE_H_SLOT, 1);
	assert_refused(other, FAULT_DEVICE);
	image_put32(header + OSTI_IMAGE_H_SLOT, 2);
	header[OSTI_IMAGE_H_NAME] ^= 1;
	assert_refused(other, FAULT_DEVICE);
	header[OSTI_IMAGE_H_NAME] ^= 1;
	/* More than there is room for in its area. */
	bytes = image_get64(header + OSTI_IMAGE_H_CHUNKS_BYTES);
	image_put64(header + OSTI_IMAGE_H_CHUNKS_BYTES, bytes + 8192);
	assert_refused(other, FAULT_DEVICE);
	image_put64(header + OSTI_IMAGE_H_CHUNKS_BYTES, UINT64_MAX);
	assert_refused(other, FAULT_DEVICE);
	image_put64(header + OSTI_IMAGE_H_CHUNKS_BYTES, bytes);
	header[0] ^= 1;
	assert_refused(other, FAULT_DEVICE);
}

static void refuses_altered_images(void **state)
{
	uint8_t *header = shelf.bytes + shelf.image;
	uint8_t *stored = header + OSTI_IMAGE_HEADER + OSTI_IMAGE_T_STORED;
	uint32_t bytes = image_get32(stored);

	(void)state;
	/* It has chunks in front of itself, or behind its end. */
	image_put32(stored, bytes + 1);
	assert_refused("not as long as its header says", FAULT_REFUSED);
	image_put32(stored, UINT32_MAX);
	assert_refused("not as long as its header says", FAULT_REFUSED);
	/* The sum is right, and one is longer than any can be. */
	image_put32(stored, 0);
	image_put32(stored + OSTI_IMAGE_T_ENTRY,
		    image_get32(stored + OSTI_IMAGE_T_ENTRY) + bytes);
	assert_refused("the image in the store is not taken", FAULT_REFUSED);
	image_put32(stored + OSTI_IMAGE_T_ENTRY,
		    image_get32(stored + OSTI_IMAGE_T_ENTRY) - bytes);
	image_put32(stored, bytes);
	header[OSTI_IMAGE_H_MAC] ^= 1;
	assert_refused("the image in the store is not taken", FAULT_REFUSED);
	header[OSTI_IMAGE_H_MAC] ^= 1;
	good_backup();
}

/* Whatever it says: it is found or not, and nothing is read that is not there. */
static void survives_noise(void **state)
{
	uint64_t seed = 4711;
	unsigned int i, n;

	(void)state;
	for (i = 0; i < 500; i++) {
		struct image_stored image;
		struct fault fault;
		uint8_t old[4];
		size_t at[4];

		for (n = 0; n < 4; n++) {
			at[n] = test_random(&seed) % 3 ?
				SHELF_TABLE + test_random(&seed) % 1024 :
				shelf.image + test_random(&seed) % 184;
			old[n] = shelf.bytes[at[n]];
			shelf.bytes[at[n]] = (uint8_t)test_random(&seed);
		}
		open_image(&image, &fault);
		image_stored_close(&image);
		while (n--)
			shelf.bytes[at[n]] = old[n];
	}
	good_backup();
}

/* ---- Disks that fail ---------------------------------------------------------- */

static void tells_of_errors(void **state)
{
	unsigned int all, i;
	struct image_stored image;
	struct fault fault;

	(void)state;
	closed_store = true;
	assert_refused("does not show the store", FAULT_DEVICE);
	closed_store = false;
	assert_int_equal(open_image(&image, &fault), 0);
	image_stored_close(&image);
	all = store_reads;
	for (i = 1; i <= all; i++) {
		fail_read = i;
		read_error = -EIO;
		assert_refused("the store disk cannot be read", FAULT_DEVICE);
		read_error = -ESTALE;
		assert_refused("a person switched", FAULT_INTERRUPTED);
	}
	/* Among the chunks. */
	fail_read = all + 1;
	assert_int_equal(backup_stored(), BACKUP_E_INTERRUPTED);
	read_error = -EIO;
	assert_int_equal(backup_stored(), BACKUP_E_SOURCE);
	assert_non_null(strstr(c.fault.message, "making the image failed"));
	fail_read = 0;
	good_backup();
	good_restore(c.result.name);
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, setup, teardown)
#define MEMORY(name)	cmocka_unit_test_setup_teardown(name, setup_memory, \
							teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(comes_back),
		MEMORY(comes_back_without_disk),
		TEST(shares_what_is_there),
		TEST(takes_a_chunk_back),
		MEMORY(finds_the_second_table),
		MEMORY(refuses_bad_tables),
		MEMORY(refuses_other_partitions),
		MEMORY(refuses_other_images),
		MEMORY(refuses_altered_images),
		MEMORY(survives_noise),
		TEST(tells_of_errors),
	};

	return cmocka_run_group_tests_name("repo_stored", tests, NULL, NULL);
}
