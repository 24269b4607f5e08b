// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_kept.c - boot images that an operating system installs: tried, kept, taken
 * back, refused, and power that goes away at every write
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <osti/abi.h>
#include <osti/bootimage.h>
#include <osti/firmware.h>
#include <osti/start.h>

#include "image_bytes.h"

#include "cut.h"
#include "disk_model.h"
#include "rig.h"

uint32_t crc32(uint32_t crc, const unsigned char *buf, unsigned int len);

/* ---- Helpers ---------------------------------------------------------------------- */

static void assert_said(const char *text)
{
	if (!rig_said(text))
		fail_msg("the console did not show \"%s\"", text);
}

static void assert_runs(unsigned int slot, uint64_t version)
{
	assert_int_equal(rig_running(), slot);
	assert_int_equal(rig_version(), version);
}

static void assert_request(unsigned int request, unsigned int slot,
			   const struct uboot_key *keys, unsigned int result,
			   uint64_t detail)
{
	const unsigned int asker = rig_running();
	uint64_t told;

	assert_int_equal(rig_request(request, slot, keys), RIG_ENTERED);
	assert_int_equal(rig_running(), asker);
	assert_int_equal(rig_answer(&told), result);
	assert_int_equal(told, detail);
}

/* What lies on the exchange disk now, asked for by the slot itself */
static void assert_install(unsigned int result, uint64_t detail)
{
	assert_request(OSTI_REQUEST_BOOT_INSTALL, rig_running(), NULL, result,
		       detail);
}

static void install(unsigned int version, enum rig_image what)
{
	rig_hand_over(rig_running(), version, what);
	assert_install(OSTI_RESULT_DONE, 0);
}

static void restart(uint64_t version)
{
	assert_int_equal(rig_system_reset(NULL), RIG_ENTERED);
	assert_runs(1, version);
}

static void power_on(uint64_t version)
{
	rig_power_cycle();
	assert_int_equal(rig_boot(NULL), RIG_ENTERED);
	assert_runs(1, version);
}

/* Slot 1 runs, by what the boot disk has. */
static int setup(void **state)
{
	(void)state;
	rig_new();
	assert_int_equal(rig_boot(NULL), RIG_ENTERED);
	assert_runs(1, 1);
	return 0;
}

/* ---- What the list says ------------------------------------------------------------- */

static uint64_t listed(unsigned int area, unsigned int field)
{
	return image_get64(uboot_exchange + OSTI_BOOT_R_AREA +
			   area * OSTI_BOOT_R_ENTRY + field);
}

/* Nothing, or what area @area has. */
static void assert_listed(unsigned int area, uint64_t version, uint64_t state,
			  uint64_t tries)
{
	assert_request(OSTI_REQUEST_BOOT_LIST, 1, NULL, OSTI_RESULT_DONE, 0);
	assert_memory_equal(uboot_exchange, OSTI_BOOT_R_MAGIC, 8);
	assert_int_equal(image_get64(uboot_exchange + OSTI_BOOT_R_SLOT), 1);
	assert_int_equal(listed(area, OSTI_BOOT_A_VERSION), version);
	assert_int_equal(listed(area, OSTI_BOOT_A_STATE), state);
	assert_int_equal(listed(area, OSTI_BOOT_A_TRIES), tries);
	assert_int_equal(listed(area, OSTI_BOOT_A_BYTES),
			 state ? RIG_IMAGE_BYTES : 0);
}

/* ---- Tried and kept ------------------------------------------------------------------ */

static void test_kept(void **state)
{
	(void)state;
	install(2, RIG_IMAGE_GOOD);
	assert_said("version 2 of its boot image is installed, area A");
	assert_runs(1, 1);
	restart(2);
	assert_said("version 2 of its boot image is on trial, 2 more to come");
	rig_good(false);
	restart(2);
	assert_said("version 2 of its boot image is good");
	assert_listed(0, 2, OSTI_BOOT_GOOD, 2);
	assert_listed(1, 0, 0, 0);
	power_on(2);
	assert_false(rig_said("on trial"));
}

/* NV memory says it, though nobody had the time to note it in the store. */
static void test_kept_by_nv(void **state)
{
	(void)state;
	install(2, RIG_IMAGE_GOOD);
	restart(2);
	rig_good(false);
	power_on(2);
	assert_said("version 2 of its boot image is good");
}

/* Older ones may start as before; then only the events of this power-on tell. */
static void test_keep_older(void **state)
{
	unsigned int i;

	(void)state;
	install(2, RIG_IMAGE_GOOD);
	restart(2);
	rig_good(true);
	assert_int_equal(rig_system_off(NULL), RIG_OFF);
	assert_said("version 2 of its boot image is good");
	for (i = 0; i <= OSTI_BOOT_TRIES; i++)
		power_on(2);
}

/* The slot beside it never said so, and has other images. */
static void test_other_slot(void **state)
{
	(void)state;
	install(2, RIG_IMAGE_GOOD);
	assert_int_equal(rig_switch(2, NULL), RIG_ENTERED);
	assert_runs(2, 1);
	install(3, RIG_IMAGE_GOOD);
	rig_good(false);
	assert_int_equal(rig_system_reset(NULL), RIG_ENTERED);
	assert_runs(2, 3);
	rig_good(false);
	assert_int_equal(rig_switch(1, NULL), RIG_ENTERED);
	assert_runs(1, 1);
	assert_listed(0, 2, OSTI_BOOT_TRIAL, OSTI_BOOT_TRIES);
}

/* The latest good one is never where the next one goes. */
static void test_two(void **state)
{
	(void)state;
	install(2, RIG_IMAGE_GOOD);
	restart(2);
	rig_good(false);
	install(3, RIG_IMAGE_GOOD);
	assert_said("installed, area B");
	assert_listed(0, 2, OSTI_BOOT_GOOD, 2);
	/* It is not wanted any more. */
	install(4, RIG_IMAGE_GOOD);
	assert_said("installed, area B");
	restart(4);
	rig_good(false);
	install(5, RIG_IMAGE_GOOD);
	assert_said("installed, area A");
	assert_listed(1, 4, OSTI_BOOT_GOOD, 2);
}

/* ---- Taken back ----------------------------------------------------------------------- */

/* It restarts again and again, and nobody is there. */
static void test_taken_back(void **state)
{
	(void)state;
	rig_good(false);
	install(2, RIG_IMAGE_GOOD);
	restart(2);
	restart(2);
	restart(2);
	assert_said("on trial, 0 more to come");
	restart(1);
	assert_said("version 2 of its boot image was tried 3 times");
	assert_listed(0, 2, OSTI_BOOT_BAD, 0);
	/* That this one is not good either is another matter: a person's. */
	assert_int_equal(rig_system_reset(NULL), RIG_WAITS);
	assert_said("and no start was called good");
	power_on(1);
	assert_false(rig_said("tried 3 times"));
	/* The menu tells it until there is a later one. */
	assert_said("version 2 of its boot image is bad");
	install(3, RIG_IMAGE_GOOD);
	power_on(3);
	assert_false(rig_said("is bad"));
	rig_good(false);
	power_on(3);
	assert_said("version 3 of its boot image is good");
	assert_false(rig_said("is bad"));
}

/* Each time power goes away. */
static void test_taken_back_by_power(void **state)
{
	unsigned int i;

	(void)state;
	install(2, RIG_IMAGE_GOOD);
	for (i = 0; i < OSTI_BOOT_TRIES; i++)
		power_on(2);
	power_on(1);
	assert_said("version 2 of its boot image was tried 3 times");
	power_on(1);
}

/* To the one before that was installed, too. */
static void test_back_to_good(void **state)
{
	(void)state;
	install(2, RIG_IMAGE_GOOD);
	restart(2);
	rig_good(false);
	install(3, RIG_IMAGE_GOOD);
	restart(3);
	restart(3);
	restart(3);
	restart(2);
	assert_listed(1, 3, OSTI_BOOT_BAD, 0);
	/* And once more, by a later one. */
	rig_good(false);
	install(4, RIG_IMAGE_GOOD);
	assert_said("installed, area B");
	restart(4);
}

/* The monitor refuses it at its start: then nobody need wait for three. */
static void test_altered(void **state)
{
	(void)state;
	install(2, RIG_IMAGE_ALTERED);
	restart(1);
	assert_said("personal.boot, area A: bad hash of its kernel");
	assert_listed(0, 2, OSTI_BOOT_BAD, 2);
	restart(1);
	assert_false(rig_said("bad hash"));
}

/* As after an update of the firmware to one that has less: the store is sound. */
static void test_too_large(void **state)
{
	(void)state;
	install(2, RIG_IMAGE_GOOD);
	rig_fit_room = RIG_IMAGE_BYTES - 1;
	restart(1);
	assert_said("personal.boot, area A: too large");
	assert_false(rig_said("the store disk is damaged"));
	assert_listed(0, 2, OSTI_BOOT_TRIAL, OSTI_BOOT_TRIES);
}

/* A person's Esc is no start. */
static void test_esc(void **state)
{
	static const struct uboot_key esc[] = {
		{ "osti: reading personal.boot", 0x1b }, { NULL, 0 },
	};
	static const struct uboot_key again[] = {
		{ "waiting for a key", '1' }, { NULL, 0 },
	};

	(void)state;
	install(2, RIG_IMAGE_GOOD);
	assert_int_equal(rig_system_reset(esc), RIG_WAITS);
	assert_int_equal(rig_boot(again), RIG_ENTERED);
	assert_runs(1, 2);
	assert_said("on trial, 2 more to come");
}

/* What cannot be noted is not tried: it would be without end. */
static void test_try_not_noted(void **state)
{
	unsigned int n;

	(void)state;
	install(2, RIG_IMAGE_GOOD);
	/* The write, and the flush behind it */
	for (n = 1; n <= 2; n++) {
		rig_good(true);
		disk.fail_at = n;
		disk.fail_err = -EIO;
		restart(1);
		assert_said("version 2 of its boot image is not tried");
		assert_int_equal(disk.fail_at, 0);
	}
	rig_good(true);
	restart(2);
}

/* ---- Refused ---------------------------------------------------------------------------- */

static void refused(unsigned int version, enum rig_image what, uint64_t why)
{
	rig_hand_over(1, version, what);
	assert_install(OSTI_RESULT_REFUSED, why);
}

static void test_refused(void **state)
{
	(void)state;
	rig_good(false);
	refused(2, RIG_IMAGE_UNSIGNED, OSTI_START_E_SIGNATURE);
	refused(2, RIG_IMAGE_SHORT, OSTI_BOOT_E_FIT);
	refused(2, RIG_IMAGE_NO_FIT, OSTI_BOOT_E_FIT);
	refused(1, RIG_IMAGE_GOOD, OSTI_BOOT_E_NOT_NEWER);
	assert_listed(0, 0, 0, 0);
	install(3, RIG_IMAGE_GOOD);
	restart(3);
	rig_good(false);
	refused(2, RIG_IMAGE_GOOD, OSTI_START_E_VERSION);
	refused(3, RIG_IMAGE_GOOD, OSTI_BOOT_E_NOT_NEWER);
	assert_listed(1, 0, 0, 0);
	restart(3);
}

/* It could still be called good, and would have to be there then. */
static void test_running_on_trial(void **state)
{
	(void)state;
	install(2, RIG_IMAGE_GOOD);
	restart(2);
	rig_hand_over(1, 3, RIG_IMAGE_GOOD);
	assert_install(OSTI_RESULT_STATE, 1);
	rig_good(false);
	assert_install(OSTI_RESULT_DONE, 0);
}

static void handed(unsigned int field, uint64_t value, unsigned int result,
		   uint64_t detail)
{
	rig_hand_over(1, 2, RIG_IMAGE_GOOD);
	image_put64(uboot_exchange + field, value);
	assert_install(result, detail);
}

/* Anybody can have written that. */
static void test_hostile_exchange(void **state)
{
	const uint64_t room = UBOOT_EXCHANGE_BYTES - OSTI_BOOT_HEADER;

	(void)state;
	handed(0, 0, OSTI_RESULT_REFUSED, OSTI_BOOT_E_NOTHING);
	handed(OSTI_BOOT_X_SLOT, 2, OSTI_RESULT_REFUSED, OSTI_BOOT_E_NOTHING);
	handed(OSTI_BOOT_X_SLOT, 1UL << 32 | 1, OSTI_RESULT_REFUSED,
	       OSTI_BOOT_E_NOTHING);
	handed(OSTI_BOOT_X_BYTES, 0, OSTI_RESULT_REFUSED, OSTI_BOOT_E_FIT);
	handed(OSTI_BOOT_X_BYTES, RIG_IMAGE_BYTES - 1, OSTI_RESULT_REFUSED,
	       OSTI_BOOT_E_FIT);
	handed(OSTI_BOOT_X_BYTES, room + 1, OSTI_RESULT_REFUSED,
	       OSTI_BOOT_E_FIT);
	handed(OSTI_BOOT_X_BYTES, UINT64_MAX, OSTI_RESULT_REFUSED,
	       OSTI_BOOT_E_FIT);
	handed(OSTI_BOOT_X_BYTES, room, OSTI_RESULT_FAILED, ENOSPC);
	handed(OSTI_BOOT_X_BYTES, DISK_BOOT_AREA - OSTI_BOOT_HEADER + 1,
	       OSTI_RESULT_FAILED, ENOSPC);
	assert_listed(0, 0, 0, 0);
	restart(1);
}

static void test_nowhere(void **state)
{
	(void)state;
	rig_hand_over(1, 2, RIG_IMAGE_GOOD);
	uboot.no_exchange = true;
	assert_install(OSTI_RESULT_FAILED, ENODEV);
	assert_request(OSTI_REQUEST_BOOT_LIST, 1, NULL, OSTI_RESULT_FAILED,
		       ENODEV);
	uboot.no_exchange = false;
	uboot.no_boot = true;
	assert_install(OSTI_RESULT_NO_STORE, 0);
	uboot.no_boot = false;
	uboot.no_store = true;
	assert_install(OSTI_RESULT_NO_STORE, 0);
	uboot.no_store = false;
	/* Nobody's but the slot's own. */
	assert_request(OSTI_REQUEST_BOOT_INSTALL, 2, NULL, OSTI_RESULT_FAILED,
		       EPERM);
	assert_request(OSTI_REQUEST_BOOT_LIST, 2, NULL, OSTI_RESULT_FAILED,
		       EPERM);
	assert_install(OSTI_RESULT_DONE, 0);
}

/* It is handed over likewise; tests/unit/monitor/test_firmware.c is what follows. */
static void test_firmware_refused(void **state)
{
	static const struct uboot_key esc[] = {
		{ "asked to install a firmware", 0x1b }, { NULL, 0 },
	};
	uint8_t *file = uboot_exchange + OSTI_BOOT_HEADER;

	(void)state;
	rig_hand_over(1, 2, RIG_IMAGE_GOOD);
	assert_request(OSTI_REQUEST_FIRMWARE, 2, NULL, OSTI_RESULT_FAILED, EPERM);
	assert_request(OSTI_REQUEST_FIRMWARE, 1, NULL, OSTI_RESULT_REFUSED,
		       OSTI_BOOT_E_FIT);
	assert_said("it is no firmware");
	memset(file, 0, OSTI_FIRMWARE_IMAGE);
	memcpy(file, "OSTI-FS1", 8);
	/* A length that no statement has is nobody's to believe. */
	assert_request(OSTI_REQUEST_FIRMWARE, 1, NULL, OSTI_RESULT_FAILED, EIO);
	image_put64(file + 4088, 96 + 256);
	assert_request(OSTI_REQUEST_FIRMWARE, 1, NULL, OSTI_RESULT_REFUSED,
		       OSTI_BOOT_E_FIRMWARE + OSTI_FIRMWARE_E_SIGNATURE);
	assert_said("not signed with this device's key");
	assert_request(OSTI_REQUEST_FIRMWARE, 1, esc, OSTI_RESULT_DECLINED, 0);
	image_put64(uboot_exchange + OSTI_BOOT_X_BYTES, OSTI_FIRMWARE_IMAGE);
	assert_request(OSTI_REQUEST_FIRMWARE, 1, NULL, OSTI_RESULT_REFUSED,
		       OSTI_BOOT_E_FIT);
	uboot.no_exchange = true;
	assert_request(OSTI_REQUEST_FIRMWARE, 1, NULL, OSTI_RESULT_FAILED, ENODEV);
	uboot.no_exchange = false;
}

static void test_declined(void **state)
{
	static const struct uboot_key esc[] = {
		{ "asked to install a boot image", 0x1b }, { NULL, 0 },
	};

	(void)state;
	rig_hand_over(1, 2, RIG_IMAGE_GOOD);
	assert_request(OSTI_REQUEST_BOOT_INSTALL, 1, esc, OSTI_RESULT_DECLINED,
		       0);
	restart(1);
}

/* Each write and each flush fails once: what is good stays, and starts. */
static void test_install_fails(void **state)
{
	unsigned int n;

	(void)state;
	install(2, RIG_IMAGE_GOOD);
	restart(2);
	rig_good(false);
	restart(2);
	rig_good(false);
	for (n = 1;; n++) {
		rig_hand_over(1, 3, RIG_IMAGE_GOOD);
		disk.fail_at = n;
		disk.fail_err = -EIO;
		assert_int_equal(rig_request(OSTI_REQUEST_BOOT_INSTALL, 1, NULL),
				 RIG_ENTERED);
		if (disk.fail_at)
			break;
		assert_int_equal(rig_answer(NULL), OSTI_RESULT_FAILED);
		assert_listed(0, 2, OSTI_BOOT_GOOD, 2);
	}
	disk.fail_at = 0;
	/* Header zeroed, image, header, and a flush behind each */
	assert_int_equal(n, 7);
	assert_int_equal(rig_answer(NULL), OSTI_RESULT_DONE);
	restart(3);
}

/* ---- A header that somebody else made ------------------------------------------------- */

static uint8_t *area_header(unsigned int area)
{
	return disk.now + DISK_BOOT_FIRST * DISK_SECTOR + area * DISK_BOOT_AREA;
}

static void forge(unsigned int field, uint64_t value)
{
	uint8_t *head = area_header(0);
	uint32_t crc;

	image_put64(head + field, value);
	crc = crc32(0, head, OSTI_BOOT_A_CRC);
	memcpy(head + OSTI_BOOT_A_CRC, &crc, sizeof(crc));
}

static void test_hostile_area(void **state)
{
	static const struct {
		unsigned int field;
		uint64_t value;
	} forged[] = {
		{ OSTI_BOOT_A_BYTES, 0 },
		{ OSTI_BOOT_A_BYTES, DISK_BOOT_AREA - OSTI_BOOT_HEADER + 1 },
		{ OSTI_BOOT_A_BYTES, UINT64_MAX },
		{ OSTI_BOOT_A_STATE, 0 },
		{ OSTI_BOOT_A_STATE, OSTI_BOOT_STATES },
		{ OSTI_BOOT_A_STATE, UINT64_MAX },
		{ OSTI_BOOT_A_TRIES, OSTI_BOOT_TRIES + 1 },
		{ OSTI_BOOT_A_TRIES, UINT64_MAX },
	};
	uint8_t good[OSTI_BOOT_HEADER];
	unsigned int i;

	(void)state;
	install(2, RIG_IMAGE_GOOD);
	memcpy(good, area_header(0), sizeof(good));
	for (i = 0; i < sizeof(forged) / sizeof(forged[0]); i++) {
		forge(forged[i].field, forged[i].value);
		rig_good(true);
		restart(1);
		memcpy(area_header(0), good, sizeof(good));
	}
	/* Any bit of what counts */
	for (i = 0; i < OSTI_BOOT_A_SECTOR; i += 13) {
		area_header(0)[i] ^= 1 << i % 8;
		rig_good(true);
		restart(1);
		memcpy(area_header(0), good, sizeof(good));
	}
	/* An older system than the slot accepts, as good as any. */
	rig_good(false);
	restart(2);
	rig_good(false);
	install(3, RIG_IMAGE_GOOD);
	restart(3);
	rig_good(false);
	restart(3);
	rig_good(false);
	forge(OSTI_BOOT_A_VERSION, UINT64_MAX);
	restart(3);
	assert_said("too old: it has version 2, and slot 1 (personal) accepts 3");
}

/* ---- Power that goes away ----------------------------------------------------------------- */

static void may(unsigned int one, unsigned int other)
{
	cut_left->may[1] = CUT_MAY(one) | CUT_MAY(other);
}

/* An image that is half of one fails the test by itself: rig.c. */
static void check_version(void)
{
	assert_int_equal(rig_boot(NULL), RIG_ENTERED);
	assert_int_equal(rig_running(), 1);
	if (!(cut_left->may[1] & CUT_MAY(rig_version())))
		fail_msg("version %u starts, may %#x",
			 (unsigned int)rig_version(), cut_left->may[1]);
}

static void life(void)
{
	rig_new();
	assert_int_equal(rig_boot(NULL), RIG_ENTERED);
	may(1, 2);
	cut_begin("installing the first");
	install(2, RIG_IMAGE_GOOD);
	may(2, 2);
	cut_end();
	cut_begin("trying the first");
	restart(2);
	rig_good(false);
	cut_end();
	may(2, 3);
	cut_begin("noting that it is good, installing the next");
	install(3, RIG_IMAGE_GOOD);
	may(3, 3);
	cut_end();
	cut_begin("trying the next");
	restart(3);
	restart(3);
	/* The last try is used up at some moment from now on. */
	may(2, 3);
	restart(3);
	may(2, 2);
	restart(2);
	cut_end();
	may(2, 4);
	cut_begin("installing over the one that is bad");
	install(4, RIG_IMAGE_GOOD);
	may(4, 4);
	cut_end();
}

static void test_cut(void **state)
{
	(void)state;
	cut_try(life, check_version);
}

int main(void)
{
#define TEST(f)	cmocka_unit_test_setup(f, setup)
	const struct CMUnitTest tests[] = {
		TEST(test_kept),
		TEST(test_kept_by_nv),
		TEST(test_keep_older),
		TEST(test_other_slot),
		TEST(test_two),
		TEST(test_taken_back),
		TEST(test_taken_back_by_power),
		TEST(test_back_to_good),
		TEST(test_altered),
		TEST(test_too_large),
		TEST(test_esc),
		TEST(test_try_not_noted),
		TEST(test_refused),
		TEST(test_running_on_trial),
		TEST(test_hostile_exchange),
		TEST(test_nowhere),
		TEST(test_firmware_refused),
		TEST(test_declined),
		TEST(test_install_fails),
		TEST(test_hostile_area),
		cmocka_unit_test(test_cut),
	};

	return cmocka_run_group_tests_name("bm_kept", tests, NULL, NULL);
}
