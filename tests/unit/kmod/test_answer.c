// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_answer.c - what the kernel module makes of the monitor's answers
 *
 * Each checker gets a good answer, then the same with one value just inside
 * and just outside its range.
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
#include "osti_answer.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define U64_MAX		(~0ULL)
#define STATUS(s)	((struct osti_regs){ { (__u64)(__s64)(s) } })

static void test_status(void **state)
{
	static const struct {
		__s64 status;
		unsigned int may;
		int err;
	} cases[] = {
		{ OSTI_OK, 0, 0 },
		{ OSTI_OK, OSTI_MAY(OSTI_E_INVALID), 0 },
		{ OSTI_E_INVALID, OSTI_MAY(OSTI_E_INVALID), -EINVAL },
		{ OSTI_E_STATE, OSTI_MAY(OSTI_E_STATE), -ESTALE },
		{ OSTI_E_EMPTY, OSTI_MAY(OSTI_E_EMPTY), -ENOENT },
		{ OSTI_E_HARDWARE, OSTI_MAY(OSTI_E_HARDWARE), -ENODATA },
		{ OSTI_E_NO_ROOM, OSTI_MAY(OSTI_E_NO_ROOM), -ENOMEM },
		{ OSTI_E_AGREE, OSTI_MAY(OSTI_E_AGREE), -EACCES },
		{ OSTI_E_NO_DISK, OSTI_MAY(OSTI_E_NO_DISK), -EOPNOTSUPP },
		{ OSTI_AGAIN, OSTI_MAY_AGAIN, -EAGAIN },
		{ OSTI_AGAIN, ~OSTI_MAY_AGAIN, -EIO },
		{ OSTI_E_STATE, OSTI_MAY_AGAIN, -EIO },
		/* Without a reason. */
		{ OSTI_E_IMAGE, OSTI_MAY(OSTI_E_IMAGE), -EIO },
		/* One of two. */
		{ OSTI_E_INVALID,
		  OSTI_MAY(OSTI_E_INVALID) | OSTI_MAY(OSTI_E_HARDWARE),
		  -EINVAL },
		{ OSTI_E_HARDWARE,
		  OSTI_MAY(OSTI_E_INVALID) | OSTI_MAY(OSTI_E_HARDWARE),
		  -ENODATA },
		{ OSTI_E_STATE,
		  OSTI_MAY(OSTI_E_INVALID) | OSTI_MAY(OSTI_E_HARDWARE), -EIO },
		/* An error that the call cannot have. */
		{ OSTI_E_INVALID, 0, -EIO },
		{ OSTI_E_INVALID, OSTI_MAY(OSTI_E_STATE), -EIO },
		{ OSTI_E_DENIED, OSTI_MAY(OSTI_E_INVALID), -EIO },
		{ OSTI_E_NOT_SUPPORTED, OSTI_MAY(OSTI_E_INVALID), -EIO },
		{ OSTI_E_LAST, OSTI_MAY(OSTI_E_INVALID), -EIO },
		/* No errno stands for it. */
		{ OSTI_E_BUSY, OSTI_MAY(OSTI_E_BUSY), -EIO },
		{ OSTI_E_DENIED, OSTI_MAY(OSTI_E_DENIED), -EACCES },
		/* No status at all. */
		{ 2, ~0U, -EIO },
		{ OSTI_E_LAST - 1, ~0U, -EIO },
		{ -32, ~0U, -EIO },
		{ INT64_MIN, ~0U, -EIO },
		/* The status has 64 bits: this is not -2. */
		{ 0xfffffffe, ~0U, -EIO },
		{ 0x100000000, 0, -EIO },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct osti_regs r = STATUS(cases[i].status);

		assert_int_equal(osti_answer_status(&r, cases[i].may),
				 cases[i].err);
	}
}

static void test_status_image(void **state)
{
	struct osti_regs r = { { (__u64)OSTI_E_IMAGE, 1 } };

	(void)state;
	assert_int_equal(osti_answer_status(&r, OSTI_MAY(OSTI_E_IMAGE)),
			 -EBADMSG);
	assert_int_equal(osti_answer_status(&r, OSTI_MAY(OSTI_E_STATE)), -EIO);
	r.x[1] = -OSTI_IMAGE_E_LAST;
	assert_int_equal(osti_answer_status(&r, OSTI_MAY(OSTI_E_IMAGE)),
			 -EBADMSG);
	r.x[1] = -OSTI_IMAGE_E_LAST + 1;
	assert_int_equal(osti_answer_status(&r, OSTI_MAY(OSTI_E_IMAGE)), -EIO);
	r.x[1] = 1ULL << 32;
	assert_int_equal(osti_answer_status(&r, OSTI_MAY(OSTI_E_IMAGE)), -EIO);
}

static void test_uid(void **state)
{
	const struct osti_regs good = { {
		OSTI_UID_0, OSTI_UID_1, OSTI_UID_2, OSTI_UID_3,
	} };
	struct osti_regs r;
	int i;

	(void)state;
	assert_int_equal(osti_answer_uid(&good), 0);

	for (i = 0; i < 4; i++) {
		r = good;
		r.x[i] ^= 1;
		assert_int_equal(osti_answer_uid(&r), -ENODEV);
		/* Upper halves of a 32-bit call mean nothing. */
		r = good;
		r.x[i] |= 0xffffffff00000000;
		assert_int_equal(osti_answer_uid(&r), 0);
	}

	/* What firmware without the call answers. */
	r = STATUS(-1);
	assert_int_equal(osti_answer_uid(&r), -ENODEV);
}

static void test_uid_is_the_uuid(void **state)
{
	/* DEN 0028: byte n of the UUID is byte n of the four words. */
	static const __u8 uuid[16] = {
		0xb7, 0xa5, 0x8e, 0xc4, 0x6f, 0x2d, 0x4f, 0x0b,
		0x9d, 0x1c, 0x0f, 0x57, 0x11, 0x05, 0x40, 0x71,
	};
	static const __u32 words[4] = {
		OSTI_UID_0, OSTI_UID_1, OSTI_UID_2, OSTI_UID_3,
	};
	int i;

	(void)state;
	for (i = 0; i < 16; i++)
		assert_int_equal((words[i / 4] >> (8 * (i % 4))) & 0xff,
				 uuid[i]);
}

static int revision(__u64 x0, __u64 x1)
{
	struct osti_regs r = { { x0, x1 } };
	__u32 major, minor;
	int err;

	err = osti_answer_revision(&r, &major, &minor);
	assert_int_equal(major, (__u32)x0);
	assert_int_equal(minor, (__u32)x1);
	return err;
}

static void test_revision(void **state)
{
	(void)state;
	assert_int_equal(revision(OSTI_ABI_MAJOR, OSTI_ABI_MINOR), 0);
	assert_int_equal(revision(OSTI_ABI_MAJOR, OSTI_ABI_MINOR + 1), 0);
	assert_int_equal(revision(OSTI_ABI_MAJOR + 1, OSTI_ABI_MINOR), -EPROTO);
	assert_int_equal(revision(OSTI_ABI_MAJOR - 1, 99), -EPROTO);
	/* All that is needed is in 2.0. */
	assert_int_equal(revision(OSTI_ABI_MAJOR, 0), 0);
	assert_int_equal(revision(OSTI_ABI_MAJOR, -1LL), -EPROTO);
	assert_int_equal(revision(U64_MAX, 0), -EPROTO);
}

/* A good answer to INFO with one register changed. */
static int info_with(unsigned int reg, __u64 val)
{
	struct osti_ioc_info info = { .abi_major = 77 };
	struct osti_regs r = { {
		OSTI_OK, 2, 3, 4, 512 << 20, OSTI_RAM_IPA, 62500000,
		OSTI_TARGET_NONE,
	} };
	int err;

	r.x[reg] = val;
	err = osti_answer_info(&r, &info);
	if (!err) {
		assert_int_equal(info.abi_major, 77);
		assert_int_equal(info.own_slot, r.x[1]);
		assert_int_equal(info.nr_slots, r.x[2]);
		assert_int_equal(info.nr_cpus, r.x[3]);
		assert_int_equal(info.ram_bytes, r.x[4]);
		assert_int_equal(info.counter_hz, r.x[6]);
		assert_int_equal(info.armed, r.x[7]);
	}
	return err;
}

static void test_info(void **state)
{
	static const struct {
		unsigned int reg;
		__u64 val;
		int err;
	} cases[] = {
		{ 1, 0, -EIO }, { 1, 1, 0 }, { 1, 3, 0 }, { 1, 4, -EIO },
		{ 1, 1ULL << 32 | 1, -EIO },
		{ 2, 0, -EIO }, { 2, 1, -EIO }, { 2, OSTI_MAX_SLOTS, 0 },
		{ 2, OSTI_MAX_SLOTS + 1, -EIO }, { 2, U64_MAX, -EIO },
		{ 3, 0, -EIO }, { 3, 1, 0 }, { 3, OSTI_MAX_CPUS, 0 },
		{ 3, OSTI_MAX_CPUS + 1, -EIO },
		{ 4, 0, -EIO }, { 4, U64_MAX, 0 },
		{ 5, 0, -EIO },
		{ 6, 0, -EIO },
		{ 7, 0, 0 }, { 7, 3, 0 }, { 7, 4, -EIO }, { 7, 254, -EIO },
		{ 7, 1ULL << 32 | OSTI_TARGET_NONE, -EIO },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++)
		assert_int_equal(info_with(cases[i].reg, cases[i].val),
				 cases[i].err);
}

static void test_slot(void **state)
{
	/* "personal" and a second half that uses all of its bytes. */
	struct osti_regs r = { {
		OSTI_OK, OSTI_SLOT_FROZEN, 512 << 20, 11, 22,
		0x6c616e6f73726570, 0x3736353433323130, 4, U64_MAX, 6,
		OSTI_KEY_IMPORTED,
	} };
	struct osti_ioc_slot slot;

	(void)state;
	memset(&slot, 0xaa, sizeof(slot));
	slot.slot = 5;
	assert_int_equal(osti_answer_slot(&r, &slot), 0);
	assert_int_equal(slot.slot, 5);
	assert_int_equal(slot.state, OSTI_SLOT_FROZEN);
	assert_int_equal(slot.bytes, 512 << 20);
	assert_int_equal(slot.frozen_at, 11);
	assert_int_equal(slot.entries, 22);
	assert_string_equal(slot.name, "personal01234567");
	assert_int_equal(slot.least_version, 4);
	assert_int_equal(slot.starts, U64_MAX);
	assert_int_equal(slot.version, 6);
	assert_int_equal(slot.key_origin, OSTI_KEY_IMPORTED);
	assert_int_equal(slot.reserved, 0);
	/* Nothing of the kernel's stack may be left behind the name. */
	assert_int_equal(slot.name[sizeof(slot.name) - 1], 0);

	r.x[6] = 0;
	assert_int_equal(osti_answer_slot(&r, &slot), 0);
	assert_string_equal(slot.name, "personal");

	r.x[10] = OSTI_KEY_IMPORTED + 1;
	assert_int_equal(osti_answer_slot(&r, &slot), -EIO);
	r.x[10] = 1ULL << 32;
	assert_int_equal(osti_answer_slot(&r, &slot), -EIO);
	r.x[10] = OSTI_KEY_NONE;

	r.x[1] = OSTI_SLOT_RESTORING;
	assert_int_equal(osti_answer_slot(&r, &slot), 0);
	assert_int_equal(slot.state, OSTI_SLOT_RESTORING);
	r.x[1] = OSTI_SLOT_STATES;
	assert_int_equal(osti_answer_slot(&r, &slot), -EIO);
	r.x[1] = 1ULL << 32;
	assert_int_equal(osti_answer_slot(&r, &slot), -EIO);
	/* Nothing was started in an empty one. */
	r.x[1] = OSTI_SLOT_EMPTY;
	assert_int_equal(osti_answer_slot(&r, &slot), -EIO);
	r.x[9] = 0;
	assert_int_equal(osti_answer_slot(&r, &slot), 0);
	assert_int_equal(slot.version, 0);
	r.x[2] = 0;
	assert_int_equal(osti_answer_slot(&r, &slot), -EIO);
}

static int phases_with(__u64 record, __u64 x2)
{
	struct osti_regs r = { {
		OSTI_OK, record, x2, 10, 11, 12, 13, 14, 15, 16, 99,
	} };
	struct osti_ioc_phases p = { .index = 3 };
	unsigned int i;
	int err;

	err = osti_answer_phases(&r, &p);
	if (!err) {
		assert_int_equal(p.index, 3);
		assert_int_equal(p.record, record);
		assert_int_equal(p.source | p.target << 8 | p.kind << 16, x2);
		for (i = 0; i < OSTI_PHASES; i++)
			assert_int_equal(p.time[i], 10 + i);
		assert_int_equal(p.slept, 99);
	}
	return err;
}

static void test_phases(void **state)
{
	(void)state;
	assert_int_equal(phases_with(1, 0x00201), 0);
	assert_int_equal(phases_with(U64_MAX, 0x30800), 0);
	assert_int_equal(phases_with(7, 0x00008), 0);
	assert_int_equal(phases_with(0, 0x00201), -EIO);
	assert_int_equal(phases_with(1, 0x00009), -EIO);
	assert_int_equal(phases_with(1, 0x00900), -EIO);
	assert_int_equal(phases_with(1, 0x40201), -EIO);
	assert_int_equal(phases_with(1, 1ULL << 48 | 0x00201), -EIO);
}

static void test_ring(void **state)
{
	struct osti_regs r = { {
		OSTI_OK, 5, 9, 0,
		0x0706050403020100, 0x0f0e0d0c0b0a0908,
		0x1716151413121110, 0x1f1e1d1c1b1a1918,
		0x2726252423222120, 0x2f2e2d2c2b2a2928,
		0x3736353433323130, 0x3f3e3d3c3b3a3938,
	} };
	struct osti_ioc_ring ring;
	int i;

	(void)state;
	assert_int_equal(osti_answer_ring(&r, &ring), 0);
	assert_int_equal(ring.oldest, 5);
	assert_int_equal(ring.next, 9);
	for (i = 0; i < 32; i++) {
		assert_int_equal(ring.base[i], i);
		assert_int_equal(ring.head[i], 32 + i);
	}

	r.x[2] = 5;
	assert_int_equal(osti_answer_ring(&r, &ring), 0);
	r.x[2] = 4;
	assert_int_equal(osti_answer_ring(&r, &ring), -EIO);
}

static void test_event(void **state)
{
	struct osti_regs r = { {
		OSTI_OK, 42, 1000, 0x0708f00d, 0x1111, 0x2222,
		0x0706050403020100, 0x0f0e0d0c0b0a0908,
		0x1716151413121110, 0x1f1e1d1c1b1a1918,
	} };
	const struct osti_regs good = r;
	struct osti_event ev;
	int i;

	(void)state;
	memset(&ev, 0xaa, sizeof(ev));
	/* Type 0xf00d is not known yet, and passed on. */
	assert_int_equal(osti_answer_event(&r, 1, 42, &ev), 0);
	assert_int_equal(ev.seq, 42);
	assert_int_equal(ev.time, 1000);
	assert_int_equal(ev.type, 0xf00d);
	assert_int_equal(ev.slot, 8);
	assert_int_equal(ev.cpu, 7);
	assert_int_equal(ev.ring, 1);
	assert_int_equal(ev.arg[0], 0x1111);
	assert_int_equal(ev.arg[1], 0x2222);
	for (i = 0; i < 32; i++)
		assert_int_equal(ev.digest[i], i);

	assert_int_equal(osti_answer_event(&r, 1, 41, &ev), -EIO);
	r.x[3] = 0x0709f00d;
	assert_int_equal(osti_answer_event(&r, 1, 42, &ev), -EIO);
	r.x[3] = 0x0808f00d;
	assert_int_equal(osti_answer_event(&r, 1, 42, &ev), -EIO);
	r.x[3] = good.x[3] | 1ULL << 32;
	assert_int_equal(osti_answer_event(&r, 1, 42, &ev), -EIO);
}

/* A good answer to IMAGE_INFO with one register changed. */
static int image_with(unsigned int reg, __u64 val)
{
	struct osti_regs r = { {
		OSTI_OK, OSTI_GENERATION_STORED, 3, OSTI_NOTE_REFUSED, 9,
		1700000000, 123456,
	} };
	struct osti_ioc_image image = { .slot = 5 };
	int err;

	r.x[reg] = val;
	err = osti_answer_image(&r, &image);
	if (!err) {
		assert_int_equal(image.slot, 5);
		assert_int_equal(image.state, r.x[1]);
		assert_int_equal(image.generation, r.x[2]);
		assert_int_equal(image.note, r.x[3]);
		assert_int_equal(image.reason, r.x[4]);
		assert_int_equal(image.saved_at, r.x[5]);
		assert_int_equal(image.bytes, r.x[6]);
	}
	return err;
}

static void test_image(void **state)
{
	(void)state;
	assert_int_equal(image_with(1, OSTI_GENERATION_NONE), 0);
	assert_int_equal(image_with(1, OSTI_GENERATION_CONSUMED), 0);
	assert_int_equal(image_with(1, OSTI_GENERATION_RETIRED), 0);
	assert_int_equal(image_with(1, OSTI_GENERATION_LAST + 1), -EIO);
	assert_int_equal(image_with(1, 1ULL << 32), -EIO);
	assert_int_equal(image_with(2, U64_MAX), 0);
	assert_int_equal(image_with(3, OSTI_NOTE_UNKNOWN), 0);
	assert_int_equal(image_with(3, OSTI_NOTE_LAST + 1), -EIO);
	assert_int_equal(image_with(3, 1ULL << 32), -EIO);
	assert_int_equal(image_with(4, 0xffffffff), 0);
	assert_int_equal(image_with(4, 1ULL << 32), -EIO);
	assert_int_equal(image_with(6, U64_MAX), 0);
}

static void test_result(void **state)
{
	const __u32 request = OSTI_REQUEST_VERIFY | 2 << 8;
	struct osti_regs r = { {
		OSTI_OK, request, OSTI_RESULT_REFUSED, 9,
	} };
	struct osti_ioc_switch sw = { .record = 7 };

	(void)state;
	assert_int_equal(osti_answer_result(&r, request, &sw), 0);
	assert_int_equal(sw.result, OSTI_RESULT_REFUSED);
	assert_int_equal(sw.detail, 9);
	assert_int_equal(sw.record, 7);
	/* The answer to something else. */
	assert_int_equal(osti_answer_result(&r, OSTI_REQUEST_VERIFY | 3 << 8,
					    &sw), -EIO);
	r.x[1] = 1ULL << 32 | request;
	assert_int_equal(osti_answer_result(&r, request, &sw), -EIO);
	r.x[1] = request;
	r.x[2] = OSTI_RESULT_LAST;
	assert_int_equal(osti_answer_result(&r, request, &sw), 0);
	r.x[2] = OSTI_RESULT_LAST + 1;
	assert_int_equal(osti_answer_result(&r, request, &sw), -EIO);
	r.x[2] = 1ULL << 32;
	assert_int_equal(osti_answer_result(&r, request, &sw), -EIO);
}

static void test_resume(void **state)
{
	struct osti_regs r = { {
		OSTI_OK, OSTI_RESUMED_IMAGE, 3, 1000, 1700000000,
		0x0706050403020100, 0x0f0e0d0c0b0a0908,
		0x1716151413121110, 0x1f1e1d1c1b1a1918,
	} };
	struct osti_resume resume;
	int i;

	(void)state;
	assert_int_equal(osti_answer_resume(&r, &resume), 0);
	assert_int_equal(resume.reason, OSTI_RESUMED_IMAGE);
	assert_int_equal(resume.generation, 3);
	assert_int_equal(resume.frozen_at, 1000);
	assert_int_equal(resume.saved_at, 1700000000);
	for (i = 0; i < 32; i++)
		assert_int_equal(resume.secret[i], i);

	r.x[1] = OSTI_RESUMED_COPY;
	assert_int_equal(osti_answer_resume(&r, &resume), 0);
	r.x[1] = OSTI_RESUMED_COPY + 1;
	assert_int_equal(osti_answer_resume(&r, &resume), -EIO);
	r.x[1] = 1ULL << 32;
	assert_int_equal(osti_answer_resume(&r, &resume), -EIO);
	/* From an image that has no generation? */
	r.x[2] = 0;
	r.x[1] = OSTI_RESUMED_IMAGE;
	assert_int_equal(osti_answer_resume(&r, &resume), -EIO);
	r.x[1] = OSTI_RESUMED_HOT;
	assert_int_equal(osti_answer_resume(&r, &resume), 0);
}

static int good_with(__u64 asked, __u64 accepted)
{
	struct osti_regs r = { { OSTI_OK, accepted } };
	struct osti_ioc_good good = { .least_version = asked };
	int err;

	err = osti_answer_good(&r, &good);
	assert_int_equal(good.least_version, asked);
	assert_int_equal(good.accepted, err ? 0 : accepted);
	return err;
}

static void test_good(void **state)
{
	(void)state;
	assert_int_equal(good_with(0, 0), 0);
	assert_int_equal(good_with(0, 7), 0);
	assert_int_equal(good_with(7, 7), 0);
	assert_int_equal(good_with(7, 8), 0);
	assert_int_equal(good_with(7, 6), -EIO);
	assert_int_equal(good_with(U64_MAX, U64_MAX), 0);
	assert_int_equal(good_with(U64_MAX, U64_MAX - 1), -EIO);
}

/* Registers whose bytes from x1 on count up from 0. */
static struct osti_regs counting(void)
{
	struct osti_regs r = { { OSTI_OK } };
	unsigned int i;

	for (i = 0; i < 64; i++)
		r.x[1 + i / 8] |= (__u64)i << (8 * (i % 8));
	return r;
}

static void test_key(void **state)
{
	struct osti_regs r = counting();
	struct osti_ioc_key key;
	unsigned int i;

	(void)state;
	osti_answer_key(&r, key.key, sizeof(key.key));
	for (i = 0; i < sizeof(key.key); i++)
		assert_int_equal(key.key[i], i);
}

static void test_disk_key(void **state)
{
	struct osti_regs r = counting();
	struct osti_ioc_disk_key key;
	unsigned int i;

	(void)state;
	osti_answer_key(&r, key.key, sizeof(key.key));
	for (i = 0; i < sizeof(key.key); i++)
		assert_int_equal(key.key[i], i);
}

static void test_carrier(void **state)
{
	struct osti_ioc_carrier carrier = { .slot = 3, .reserved = 7 };
	struct osti_regs r = counting();
	unsigned int i;

	(void)state;
	osti_answer_carrier(&r, &carrier);
	assert_int_equal(carrier.slot, 3);
	assert_int_equal(carrier.reserved, 0);
	for (i = 0; i < sizeof(carrier.id); i++)
		assert_int_equal(carrier.id[i], i);
	for (i = 0; i < sizeof(carrier.key); i++)
		assert_int_equal(carrier.key[i], 16 + i);
}

static void test_psci(void **state)
{
	(void)state;
	assert_int_equal(osti_answer_psci(0), 0);
	assert_int_equal(osti_answer_psci(-1), -EIO);	/* NOT_SUPPORTED */
	assert_int_equal(osti_answer_psci(-3), -EBUSY);	/* DENIED */
	assert_int_equal(osti_answer_psci(-9), -EIO);	/* INVALID_ADDRESS */
	assert_int_equal(osti_answer_psci(-EBUSY), -EBUSY);
	assert_int_equal(osti_answer_psci(-EOPNOTSUPP), -EOPNOTSUPP);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_status),
		cmocka_unit_test(test_status_image),
		cmocka_unit_test(test_uid),
		cmocka_unit_test(test_uid_is_the_uuid),
		cmocka_unit_test(test_revision),
		cmocka_unit_test(test_info),
		cmocka_unit_test(test_slot),
		cmocka_unit_test(test_phases),
		cmocka_unit_test(test_ring),
		cmocka_unit_test(test_event),
		cmocka_unit_test(test_image),
		cmocka_unit_test(test_result),
		cmocka_unit_test(test_resume),
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_key),
		cmocka_unit_test(test_disk_key),
		cmocka_unit_test(test_carrier),
		cmocka_unit_test(test_psci),
	};

	return cmocka_run_group_tests_name("kmod_answer", tests, NULL, NULL);
}
