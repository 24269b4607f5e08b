// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_transfer.c - what user space may ask of a transfer, and what it is told
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <osti/abi.h>
#include <osti/image.h>
#include "osti_answer_transfer.h"

#define U32_MAX		0xffffffffU
#define U64_MAX		(~0ULL)

static int begin(__u32 what, __u64 saved_at, __u64 header)
{
	const struct osti_ioc_backup backup = {
		.slot = 2, .what = what, .saved_at = saved_at, .header = header,
	};

	return osti_transfer_check_begin(&backup);
}

static void test_check_begin(void **state)
{
	(void)state;
	assert_int_equal(begin(OSTI_BACKUP_EXPORT, 1700000000, 0), 0);
	assert_int_equal(begin(OSTI_BACKUP_EXPORT, 0, 0), 0);
	assert_int_equal(begin(OSTI_BACKUP_EXPORT, 0, 1), -EINVAL);
	assert_int_equal(begin(OSTI_BACKUP_IMPORT, 0, 4096), 0);
	/* A bad pointer is EFAULT, where it is used. */
	assert_int_equal(begin(OSTI_BACKUP_IMPORT, 0, 0), 0);
	assert_int_equal(begin(OSTI_BACKUP_IMPORT, 1, 4096), -EINVAL);
	assert_int_equal(begin(OSTI_BACKUP_STORED, 0, 0), 0);
	/* Time and header are those of the image that is stored. */
	assert_int_equal(begin(OSTI_BACKUP_STORED, 1700000000, 0), -EINVAL);
	assert_int_equal(begin(OSTI_BACKUP_STORED, 0, 4096), -EINVAL);
	assert_int_equal(begin(OSTI_BACKUP_LAST + 1, 0, 0), -EINVAL);
	assert_int_equal(begin(U32_MAX, 0, 0), -EINVAL);
}

static int begin_with(__u32 what, __u32 attachments)
{
	const struct osti_ioc_backup backup = {
		.slot = 2, .what = what, .attachments = attachments,
	};

	return osti_transfer_check_begin(&backup);
}

static void test_check_attachments(void **state)
{
	const __u32 most = OSTI_IMAGE_ATTACHMENTS_MAX;

	(void)state;
	assert_int_equal(begin_with(OSTI_BACKUP_EXPORT, 1), 0);
	assert_int_equal(begin_with(OSTI_BACKUP_EXPORT, most), 0);
	assert_int_equal(begin_with(OSTI_BACKUP_EXPORT, most + 1), -EINVAL);
	assert_int_equal(begin_with(OSTI_BACKUP_EXPORT, U32_MAX), -EINVAL);
	assert_int_equal(begin_with(OSTI_BACKUP_IMPORT, 1), -EINVAL);
	assert_int_equal(begin_with(OSTI_BACKUP_STORED, most), 0);
	assert_int_equal(begin_with(OSTI_BACKUP_STORED, most + 1), -EINVAL);
}

static int disk(__u32 what, __u32 access, __u32 reserved)
{
	const struct osti_ioc_disk d = { .access = access,
					 .reserved = reserved };

	return osti_transfer_check_disk(what, &d);
}

static int zero(__u64 offset, __u64 bytes)
{
	const struct osti_ioc_zero z = { .offset = offset, .bytes = bytes };

	return osti_transfer_check_zero(&z, 3 * OSTI_DISK_SECTOR);
}

static void test_check_disk(void **state)
{
	(void)state;
	assert_int_equal(disk(OSTI_BACKUP_EXPORT, OSTI_DISK_READ, 0), 0);
	assert_int_equal(disk(OSTI_BACKUP_EXPORT, OSTI_DISK_WRITE, 0), -EINVAL);
	assert_int_equal(disk(OSTI_BACKUP_IMPORT, OSTI_DISK_WRITE, 0), 0);
	assert_int_equal(disk(OSTI_BACKUP_IMPORT, OSTI_DISK_READ, 0), -EINVAL);
	assert_int_equal(disk(OSTI_BACKUP_STORED, OSTI_DISK_READ, 0), 0);
	assert_int_equal(disk(OSTI_BACKUP_STORED, OSTI_DISK_STORE, 0), 0);
	assert_int_equal(disk(OSTI_BACKUP_STORED, OSTI_DISK_WRITE, 0), -EINVAL);
	assert_int_equal(disk(OSTI_BACKUP_STORED, OSTI_DISK_STORE, 1), -EINVAL);
	assert_int_equal(disk(OSTI_BACKUP_EXPORT, OSTI_DISK_STORE, 0), -EINVAL);
	assert_int_equal(disk(OSTI_BACKUP_IMPORT, OSTI_DISK_STORE, 0), -EINVAL);
	assert_int_equal(disk(OSTI_BACKUP_EXPORT, U32_MAX, 0), -EINVAL);
	assert_int_equal(disk(OSTI_BACKUP_EXPORT, OSTI_DISK_READ, 1), -EINVAL);

	assert_int_equal(zero(0, OSTI_DISK_SECTOR), 0);
	assert_int_equal(zero(0, 3 * OSTI_DISK_SECTOR), 0);
	assert_int_equal(zero(2 * OSTI_DISK_SECTOR, OSTI_DISK_SECTOR), 0);
	assert_int_equal(zero(0, 0), -EINVAL);
	assert_int_equal(zero(0, 4 * OSTI_DISK_SECTOR), -EINVAL);
	assert_int_equal(zero(OSTI_DISK_SECTOR, 3 * OSTI_DISK_SECTOR), -EINVAL);
	assert_int_equal(zero(512, OSTI_DISK_SECTOR), -EINVAL);
	assert_int_equal(zero(0, OSTI_DISK_SECTOR + 512), -EINVAL);
	/* Their sum wraps. */
	assert_int_equal(zero(0 - OSTI_DISK_SECTOR, 2 * OSTI_DISK_SECTOR),
			 -EINVAL);
	assert_int_equal(zero(OSTI_DISK_SECTOR, 0 - OSTI_DISK_SECTOR), -EINVAL);
}

static void test_attach(void **state)
{
	struct osti_ioc_attach a = {
		.kind = OSTI_ATTACH_DISK, .bytes = 1ULL << 40,
	};
	struct osti_regs r;
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(a.digest); i++)
		a.digest[i] = 0xe0 - i;
	assert_int_equal(osti_transfer_check_attach(&a), 0);
	osti_transfer_ask_attach(&a, &r);
	assert_int_equal(r.x[0], OSTI_CALL_ATTACH);
	assert_int_equal(r.x[1], OSTI_ATTACH_DISK);
	assert_int_equal(r.x[2], 1ULL << 40);
	assert_int_equal(r.x[3], 0xd9dadbdcdddedfe0);
	assert_int_equal(r.x[6], 0xc1c2c3c4c5c6c7c8);
	assert_int_equal(r.x[7], 0);
	a.reserved = 1;
	assert_int_equal(osti_transfer_check_attach(&a), -EINVAL);
	a.reserved = 0;
	a.kind = 0;
	assert_int_equal(osti_transfer_check_attach(&a), -EINVAL);
}

static void test_disk(void **state)
{
	struct osti_regs r = { { OSTI_OK, 0x88 } };
	unsigned int devfn = 0;

	(void)state;
	assert_int_equal(osti_answer_disk(&r, &devfn), 0);
	assert_int_equal(devfn, 0x88);
	r.x[1] = 256;
	assert_int_equal(osti_answer_disk(&r, &devfn), -EIO);
	r.x[1] = 1ULL << 32 | 0x88;
	assert_int_equal(osti_answer_disk(&r, &devfn), -EIO);
}

static int table(__u32 count)
{
	const struct osti_ioc_table t = { .count = count };

	return osti_transfer_check_table(&t);
}

static int chunk(__u32 what, __u32 bytes)
{
	const struct osti_ioc_chunk c = { .bytes = bytes };

	return osti_transfer_check_chunk(what, &c);
}

static int have(__u32 bytes)
{
	const struct osti_ioc_have h = { .bytes = bytes };

	return osti_transfer_check_have(&h);
}

static int piece(__u32 bytes)
{
	const struct osti_ioc_piece p = { .offset = U64_MAX, .bytes = bytes };

	return osti_transfer_check_piece(&p);
}

/* What passes here is how much is copied into a buffer of a known size. */
static void test_check_sizes(void **state)
{
	(void)state;
	assert_int_equal(table(0), -EINVAL);
	assert_int_equal(table(1), 0);
	assert_int_equal(table(OSTI_TABLE_MAX), 0);
	assert_int_equal(table(OSTI_TABLE_MAX + 1), -EINVAL);
	assert_int_equal(table(U32_MAX), -EINVAL);

	assert_int_equal(chunk(OSTI_BACKUP_EXPORT, OSTI_IMAGE_STORED_MAX - 1),
			 -EINVAL);
	assert_int_equal(chunk(OSTI_BACKUP_EXPORT, OSTI_IMAGE_STORED_MAX), 0);
	assert_int_equal(chunk(OSTI_BACKUP_EXPORT, U32_MAX), 0);
	assert_int_equal(chunk(OSTI_BACKUP_IMPORT, 0), -EINVAL);
	assert_int_equal(chunk(OSTI_BACKUP_IMPORT, 1), 0);
	assert_int_equal(chunk(OSTI_BACKUP_IMPORT, OSTI_IMAGE_STORED_MAX), 0);
	assert_int_equal(chunk(OSTI_BACKUP_IMPORT, OSTI_IMAGE_STORED_MAX + 1),
			 -EINVAL);
	assert_int_equal(chunk(OSTI_BACKUP_IMPORT, U32_MAX), -EINVAL);

	assert_int_equal(have(0), -EINVAL);
	assert_int_equal(have(1), 0);
	assert_int_equal(have(OSTI_IMAGE_STORED_MAX), 0);
	assert_int_equal(have(OSTI_IMAGE_STORED_MAX + 1), -EINVAL);

	assert_int_equal(piece(0), -EINVAL);
	assert_int_equal(piece(1), 0);
	assert_int_equal(piece(OSTI_COPY_MAX), 0);
	assert_int_equal(piece(OSTI_COPY_MAX + 1), -EINVAL);
}

static void test_ask_have(void **state)
{
	struct osti_ioc_have h = { .chunk = 7, .bytes = 9000 };
	struct osti_regs r;
	unsigned int i;

	(void)state;
	memset(&r, 0xaa, sizeof(r));
	for (i = 0; i < sizeof(h.digest); i++)
		h.digest[i] = 0xe0 + i;
	osti_transfer_ask_have(&h, &r);
	assert_int_equal(r.x[0], OSTI_CALL_EXPORT_HAVE);
	assert_int_equal(r.x[1], 7);
	assert_int_equal(r.x[2], 9000);
	assert_true(r.x[3] == 0xe7e6e5e4e3e2e1e0);
	assert_true(r.x[6] == 0xfffefdfcfbfaf9f8);
	assert_int_equal(r.x[7], 0);
}

static void test_begin(void **state)
{
	struct osti_regs r = { { OSTI_OK, 5, 131072 } };
	struct osti_ioc_backup b = { .what = OSTI_BACKUP_EXPORT };

	(void)state;
	assert_int_equal(osti_answer_begin(&r, &b), 0);
	assert_int_equal(b.generation, 5);
	assert_int_equal(b.pages, 131072);
	assert_int_equal(b.head_bytes, 0);
	r.x[2] = 0;
	assert_int_equal(osti_answer_begin(&r, &b), -EIO);
	r.x[1] = 0;
	r.x[2] = 1;
	assert_int_equal(osti_answer_begin(&r, &b), -EIO);

	b = (struct osti_ioc_backup){ .what = OSTI_BACKUP_STORED };
	r = (struct osti_regs){ { OSTI_OK, 7 } };
	assert_int_equal(osti_answer_begin(&r, &b), 0);
	assert_int_equal(b.generation, 7);
	assert_int_equal(b.pages, 0);
	assert_int_equal(b.head_bytes, 0);
	r.x[1] = 0;
	assert_int_equal(osti_answer_begin(&r, &b), -EIO);

	b = (struct osti_ioc_backup){ .what = OSTI_BACKUP_IMPORT };
	r = (struct osti_regs){ { OSTI_OK, 70000 } };
	assert_int_equal(osti_answer_begin(&r, &b), 0);
	assert_int_equal(b.head_bytes, 70000);
	assert_int_equal(b.generation, 0);
	assert_int_equal(b.pages, 0);
	r.x[1] = 0;
	assert_int_equal(osti_answer_begin(&r, &b), -EIO);
}

/* A good end of a scan with one register changed. */
static int scan_with(unsigned int reg, __u64 val)
{
	struct osti_regs r = { { OSTI_OK, 1000, 900, 20, 70000 } };
	struct osti_ioc_scan s;
	int err;

	memset(&s, 0xaa, sizeof(s));
	r.x[reg] = val;
	err = osti_answer_scan(&r, &s);
	if (!err) {
		assert_int_equal(s.done, 1);
		assert_int_equal(s.looked_at, r.x[1]);
		assert_int_equal(s.pages, r.x[2]);
		assert_int_equal(s.chunks, r.x[3]);
		assert_int_equal(s.head_bytes, r.x[4]);
		assert_int_equal(s.reason, 0);
		assert_int_equal(s.reserved, 0);
	}
	return err;
}

static void test_scan(void **state)
{
	struct osti_regs r = { { OSTI_AGAIN, 512, 77, 88, 99 } };
	struct osti_ioc_scan s;

	(void)state;
	assert_int_equal(scan_with(0, OSTI_OK), 0);
	assert_int_equal(scan_with(1, 899), -EIO);
	assert_int_equal(scan_with(1, 900), 0);
	assert_int_equal(scan_with(2, 20), 0);
	assert_int_equal(scan_with(2, 19), -EIO);
	assert_int_equal(scan_with(3, 0), 0);
	assert_int_equal(scan_with(3, 1ULL << 32), -EIO);
	assert_int_equal(scan_with(4, OSTI_IMAGE_HEADER - 1), -EIO);
	assert_int_equal(scan_with(4, OSTI_IMAGE_HEADER), 0);

	/* Not done: what is in the other registers means nothing. */
	assert_int_equal(osti_answer_scan(&r, &s), 0);
	assert_int_equal(s.looked_at, 512);
	assert_int_equal(s.done, 0);
	assert_int_equal(s.pages, 0);
	assert_int_equal(s.chunks, 0);
	assert_int_equal(s.head_bytes, 0);

	r = (struct osti_regs){ { OSTI_OK, U64_MAX, U64_MAX, 1ULL << 32,
				  70000 } };
	assert_int_equal(osti_answer_scan(&r, &s), -EIO);
}

static void test_table(void **state)
{
	struct osti_ioc_table t = { .count = 10 };
	struct osti_regs r = { { OSTI_OK, 10 } };

	(void)state;
	assert_int_equal(osti_answer_table(&r, &t), 0);
	assert_int_equal(t.count, 10);
	r.x[1] = 3;
	assert_int_equal(osti_answer_table(&r, &t), 0);
	assert_int_equal(t.count, 3);
	/* More than there is room for. */
	r.x[1] = 4;
	assert_int_equal(osti_answer_table(&r, &t), -EIO);
	r.x[1] = 1ULL << 32;
	assert_int_equal(osti_answer_table(&r, &t), -EIO);
}

static int chunk_with(__u32 what, __u64 x1, struct osti_ioc_chunk *c)
{
	const struct osti_regs r = { { OSTI_OK, x1 } };

	*c = (struct osti_ioc_chunk){ .chunk = 3, .bytes = 500, .left = 77 };
	return osti_answer_chunk(&r, what, c);
}

static void test_chunk(void **state)
{
	struct osti_ioc_chunk c;

	(void)state;
	assert_int_equal(chunk_with(OSTI_BACKUP_EXPORT, 1, &c), 0);
	assert_int_equal(c.bytes, 1);
	assert_int_equal(c.left, 0);
	assert_int_equal(chunk_with(OSTI_BACKUP_EXPORT, OSTI_IMAGE_STORED_MAX,
				    &c), 0);
	assert_int_equal(c.bytes, OSTI_IMAGE_STORED_MAX);
	/* That many would be copied to user space. */
	assert_int_equal(chunk_with(OSTI_BACKUP_EXPORT,
				    OSTI_IMAGE_STORED_MAX + 1, &c), -EIO);
	assert_int_equal(chunk_with(OSTI_BACKUP_EXPORT, 1ULL << 32 | 1, &c),
			 -EIO);
	assert_int_equal(chunk_with(OSTI_BACKUP_EXPORT, 0, &c), -EIO);

	assert_int_equal(chunk_with(OSTI_BACKUP_IMPORT, 0, &c), 0);
	assert_int_equal(c.left, 0);
	assert_int_equal(c.bytes, 500);
	assert_int_equal(chunk_with(OSTI_BACKUP_IMPORT, U32_MAX, &c), 0);
	assert_int_equal(c.left, U32_MAX);
	assert_int_equal(chunk_with(OSTI_BACKUP_IMPORT, 1ULL << 32, &c), -EIO);
}

static void test_steps(void **state)
{
	struct osti_ioc_step s = { .chunks = 0 };
	struct osti_regs r = { { OSTI_OK, OSTI_IMAGE_HEADER + 1 } };

	(void)state;
	assert_int_equal(osti_answer_seal(&r, &s), 0);
	assert_int_equal(s.bytes, OSTI_IMAGE_HEADER + 1);
	r.x[1] = OSTI_IMAGE_HEADER;
	assert_int_equal(osti_answer_seal(&r, &s), -EIO);

	s = (struct osti_ioc_step){ .chunks = 0 };
	r = (struct osti_regs){ { OSTI_OK, 20, 900 } };
	assert_int_equal(osti_answer_open(&r, &s), 0);
	assert_int_equal(s.chunks, 20);
	assert_int_equal(s.pages, 900);
	assert_int_equal(s.bytes, 0);
	r.x[2] = 19;
	assert_int_equal(osti_answer_open(&r, &s), -EIO);
	r.x[1] = 1ULL << 32;
	r.x[2] = U64_MAX;
	assert_int_equal(osti_answer_open(&r, &s), -EIO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_check_begin),
		cmocka_unit_test(test_check_attachments),
		cmocka_unit_test(test_check_disk),
		cmocka_unit_test(test_attach),
		cmocka_unit_test(test_disk),
		cmocka_unit_test(test_check_sizes),
		cmocka_unit_test(test_ask_have),
		cmocka_unit_test(test_begin),
		cmocka_unit_test(test_scan),
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_chunk),
		cmocka_unit_test(test_steps),
	};

	return cmocka_run_group_tests_name("kmod_transfer", tests, NULL, NULL);
}
