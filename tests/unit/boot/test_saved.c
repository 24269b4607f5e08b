// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which image is the newest, and what time the next one gets: with a clock that
 * is right, was wrong, or is not there, and headers that anybody can write.
 */
#include <common.h>
#include <dm.h>
#include <rtc.h>
#include <setjmp.h>
#include <stddef.h>
#include <time.h>
#include <cmocka.h>
#include <osti/abi.h>
#include <osti/bm/call.h>
#include <osti/bm/device.h>
#include <osti/bm/error.h>
#include <osti/bm/saved.h>
#include <osti/bm/slots.h>
#include <osti/bm/store.h>

#include "image_header.h"

#define SLOTS	2
#define NOW	1795700000ULL
/* 2090-01-01 */
#define LATE	3786912000ULL
#define BROKEN	1

static const struct osti_device dev = { .nr_slots = SLOTS };
/* What the clock shows; BROKEN: an error. */
static u64 clock_shows;
/* When the image of a slot was made, by its header; 0: there is none. */
static u64 header_says[SLOTS + 1];

/* ---- What saved.c and clock.c need of others -------------------------------- */

int uclass_first_device_err(enum uclass_id id, struct udevice **devp)
{
	assert_int_equal(id, UCLASS_RTC);
	*devp = NULL;
	return clock_shows == BROKEN ? -ENODEV : 0;
}

int dm_rtc_get(struct udevice *rtc, struct rtc_time *tm)
{
	assert_null(rtc);
	rtc_to_tm(clock_shows, tm);
	return 0;
}

int osti_slots_next(const struct osti_device *device, struct osti_slot *slot)
{
	assert_ptr_equal(device, &dev);
	*slot = (struct osti_slot){ .nr = slot->nr + 1, .name = "slot" };
	return slot->nr <= SLOTS;
}

s64 osti_call(u32 id, u64 a1, u64 a2, u64 a3, struct osti_regs *regs)
{
	assert_int_equal(id, OSTI_CALL_IMAGE_INFO);
	assert_true(a1 >= 1 && a1 <= SLOTS && !a2 && !a3);
	memset(regs, 0, sizeof(*regs));
	regs->x[1] = header_says[a1] ? OSTI_GENERATION_STORED :
				       OSTI_GENERATION_NONE;
	regs->x[2] = header_says[a1] ? 7 : 0;
	return OSTI_OK;
}

int osti_store_open(const struct osti_slot *slot, struct osti_store *store)
{
	*store = (struct osti_store){ .start = slot->nr, .area_bytes = 1 << 30 };
	return 0;
}

int osti_store_read(const struct osti_store *store, u32 area, u64 offset,
		    void *buf, u64 bytes)
{
	struct image_header header = {
		.identity = { .slot = store->start, .name = "slot",
			      .generation = 7 },
		.saved_at = header_says[store->start],
		.manifest_bytes = 4096,
	};

	assert_true(!offset && bytes == OSTI_IMAGE_HEADER);
	memset(buf, 0, bytes);
	if (!area && header.saved_at)
		image_header_write(&header, buf);
	return 0;
}

void osti_smc(struct osti_regs *regs)
{
	fail_msg("nobody asked for call %llx", (long long)regs->x[0]);
}

int osti_call_refused(const char *what, const struct osti_slot *slot, s64 status)
{
	fail_msg("refused to %s: slot %u, %lld", what, slot->nr,
		 (long long)status);
	return -EIO;
}

int osti_store_explain(const struct osti_slot *slot, int err)
{
	fail_msg("the store of slot %u: %d", slot->nr, err);
	return err;
}

void osti_error(const char *fmt, ...)
{
	fail_msg("%s", fmt);
}

/* ---- Helpers ---------------------------------------------------------------- */

static void images(u64 now, u64 first, u64 second)
{
	clock_shows = now;
	header_says[1] = first;
	header_says[2] = second;
}

static void assert_newest(u32 slot)
{
	u64 saved_at;
	u32 nr;

	assert_int_equal(osti_saved_newest(&dev, &nr, &saved_at), 0);
	assert_int_equal(nr, slot);
	if (nr)
		assert_true(saved_at == header_says[nr] || !saved_at);
}

/* The next image, of that slot, has this time, and is the newest then. */
static void assert_next(u32 slot, u64 time)
{
	u64 saved_at;

	assert_int_equal(osti_saved_time(&dev, &saved_at), 0);
	assert_int_equal(saved_at, time);
	header_says[slot] = saved_at;
	assert_newest(slot);
}

/* ---- Tests ------------------------------------------------------------------ */

static void test_good_clock(void **state)
{
	(void)state;
	images(NOW, 0, 0);
	assert_newest(0);
	assert_next(1, NOW);
	images(NOW, NOW - 100, NOW - 90);
	assert_newest(2);
	assert_next(1, NOW);
	/* In the same second, and behind one that did so. */
	assert_next(2, NOW + 1);
	assert_next(1, NOW + 2);
}

static void test_no_clock(void **state)
{
	static const u64 clocks[] = { BROKEN, 0, OSTI_CLOCK_MIN - 1 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(clocks) / sizeof(clocks[0]); i++) {
		images(clocks[i], NOW - 90, NOW - 100);
		assert_newest(1);
		assert_next(2, NOW - 89);
		assert_next(1, NOW - 88);
	}
}

/* The clock was wrong when an image was made, or somebody forged its header. */
static void test_ahead(void **state)
{
	(void)state;
	images(NOW, LATE, NOW - 100);
	assert_newest(2);
	assert_next(2, NOW);
	images(NOW, LATE, 0);
	assert_newest(1);
	assert_next(2, NOW);
	images(NOW, 0, LATE);
	assert_next(1, NOW);
}

/* All were made then: what was used last goes on all the same. */
static void test_all_ahead(void **state)
{
	(void)state;
	images(NOW, LATE, LATE + 5);
	assert_newest(2);
	assert_next(1, NOW);
	images(NOW, LATE + 5, LATE);
	assert_newest(1);
}

/* Times that cannot be do not run over. */
static void test_no_time(void **state)
{
	(void)state;
	images(NOW, NOW - 100, ~0ULL);
	assert_newest(1);
	assert_next(2, NOW);
	images(BROKEN, NOW - 100, ~0ULL);
	assert_newest(1);
	assert_next(2, NOW - 99);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good_clock),
		cmocka_unit_test(test_no_clock),
		cmocka_unit_test(test_ahead),
		cmocka_unit_test(test_all_ahead),
		cmocka_unit_test(test_no_time),
	};

	return cmocka_run_group_tests_name("boot_saved", tests, NULL, NULL);
}
