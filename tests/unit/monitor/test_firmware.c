// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_firmware.c - a new firmware goes into flash: what is refused, and that power can
 * go at any write
 */
#include "test.h"

#include <string.h>

#include <openssl/sha.h>

#include "board.h"
#include "firmware.h"
#include "flash.h"
#include "host.h"
#include "host_flash.h"
#include "nv.h"
#include "nv_device.h"
#include "owner.h"
#include "owner_key.h"

/* As docs/firmware-update.md and osti/firmware.h have it */
#define A_AT		0x0040000U
#define B_AT		0x2000000U
#define IMAGE_AT	0x40000U
#define SECTOR		0x40000U
#define OWNER_AT	0x7f000U
#define PAGE		4096U
#define HEAD_BYTES	72U
#define BODY		96
#define STATEMENT	(BODY + 256)

#define OLD_VERSION	5
#define NEW_VERSION	6
#define SEQUENCE	40
/* With the owner's page at its end, and no sector more than that takes */
#define IMAGE_BYTES	(OWNER_AT + PAGE)

/* The new image, and what the old bank holds */
static uint8_t image[IMAGE_BYTES];
static uint8_t old_bank[IMAGE_AT + IMAGE_BYTES];
static uint8_t owner_page[PAGE];

/* ---- The device ------------------------------------------------------------- */

static uint8_t *flash_at(uint32_t offset)
{
	return &host_firmware.data[offset];
}

static void put(uint8_t *to, uint64_t value, unsigned int bytes)
{
	while (bytes--) {
		*to++ = value;
		value >>= 8;
	}
}

static void run_from(uint32_t bank)
{
	flash_image = BOARD_FLASH_BASE + bank + IMAGE_AT;
	firmware_init();
}

static void put_bank(uint32_t at, uint64_t sequence, uint64_t version, bool good)
{
	uint8_t *head = flash_at(at);

	memset(head, 0xff, SECTOR);
	memcpy(head, "OSTI-FB1", 8);
	put(head + 8, sequence, 8);
	put(head + 16, version, 8);
	put(head + 24, IMAGE_BYTES, 8);
	memset(head + 64, 0, good ? 8 : 4);
}

static int setup_device(void **state)
{
	unsigned int i;

	setup_ready(state);
	host_firmware_add();
	/* Few words, for each is written by itself. */
	memset(image, 0xff, sizeof(image));
	for (i = 0; i < 24; i++)
		put(image + i * 0x5004, 0x12345678 + i * 0x01010101, 4);
	memset(image + OWNER_AT, 0, PAGE);

	memset(owner_page, 0, sizeof(owner_page));
	owner_read(OWNER_KEY ".page", owner_page, sizeof(owner_page));
	put_bank(A_AT, SEQUENCE, OLD_VERSION, true);
	for (i = 0; i < IMAGE_BYTES; i++)
		*flash_at(A_AT + IMAGE_AT + i) = i * 7 + i / 251;
	memcpy(flash_at(A_AT + IMAGE_AT + OWNER_AT), owner_page, PAGE);
	memcpy(old_bank, flash_at(A_AT), sizeof(old_bank));
	/* Something was there before. */
	put_bank(B_AT, SEQUENCE - 1, OLD_VERSION - 1, true);
	memset(flash_at(B_AT + IMAGE_AT), 0x5a, IMAGE_BYTES);
	run_from(A_AT);
	assert_int_equal(owner_key_init(), OWNER_KEY_OK);
	return 0;
}

/* What the selector starts; UINT32_MAX: nothing. */
static uint32_t selected(void)
{
	struct firmware_bank bank[2];
	int n;

	firmware_bank_read(flash_at(A_AT), BOARD_IMAGE_SIZE, &bank[0]);
	firmware_bank_read(flash_at(B_AT), BOARD_IMAGE_SIZE, &bank[1]);
	n = firmware_bank_choose(bank, 0);
	return n < 0 ? UINT32_MAX : n ? B_AT : A_AT;
}

/* All of the bank is what it should be. */
static void assert_old_there(void)
{
	assert_memory_equal(flash_at(A_AT), old_bank, sizeof(old_bank));
}

static void assert_new_there(void)
{
	const uint8_t *at = flash_at(B_AT + IMAGE_AT);

	assert_memory_equal(at, image, OWNER_AT);
	assert_memory_equal(at + OWNER_AT, owner_page, PAGE);
}

/* ---- The owner and the boot manager --------------------------------------------- */

struct statement {
	uint8_t bytes[BODY + 512];
};

static void sign(struct statement *s, const char *key)
{
	owner_sign(key, s->bytes, BODY, s->bytes + BODY);
}

static struct statement make(uint64_t version)
{
	struct statement s;

	memset(&s, 0, sizeof(s));
	memcpy(s.bytes, "OSTI-FS1", 8);
	put(s.bytes + 16, version, 8);
	put(s.bytes + 24, IMAGE_BYTES, 8);
	memcpy(s.bytes + 32, "qemu-virt", 9);
	SHA256(image, sizeof(image), s.bytes + 64);
	sign(&s, OWNER_KEY);
	return s;
}

static int64_t begin(const struct statement *s, uint64_t *why)
{
	*why = 0;
	return firmware_begin(s->bytes, STATEMENT, why);
}

static int64_t erase_all(void)
{
	int64_t ret;

	do {
		ret = firmware_erase();
	} while (ret == OSTI_AGAIN);
	return ret;
}

static int64_t write_all(void)
{
	int64_t ret = 0;
	uint32_t at;

	for (at = 0; at < IMAGE_BYTES && !ret; at += PAGE)
		ret = firmware_write(at, image + at, PAGE);
	return ret;
}

static int64_t finish(uint64_t *why)
{
	int64_t ret;

	do {
		ret = firmware_finish(why);
	} while (ret == OSTI_AGAIN);
	return ret;
}

static int64_t install(uint64_t version)
{
	const struct statement s = make(version);
	uint64_t why;
	int64_t ret;

	host_trace_clear();
	ret = begin(&s, &why);
	if (!ret)
		ret = erase_all();
	if (!ret)
		ret = write_all();
	return ret ? ret : finish(&why);
}

/* ---- It is installed ------------------------------------------------------------- */

static void test_install(void **state)
{
	struct firmware_bank bank[2];

	(void)state;
	assert_int_equal(install(NEW_VERSION), OSTI_OK);
	assert_old_there();
	assert_new_there();
	assert_int_equal(selected(), B_AT);
	assert_int_equal(firmware_running(bank), 0);
	assert_true(bank[1].whole);
	assert_false(bank[1].good);
	assert_int_equal(bank[1].tries, 3);
	assert_int_equal(bank[1].version, NEW_VERSION);
	assert_int_equal(bank[1].sequence, SEQUENCE + 1);
	assert_int_equal(bank[1].bytes, IMAGE_BYTES);
	assert_true(host_firmware_idle());
	/* It is all over. */
	assert_int_equal(firmware_erase(), OSTI_E_STATE);
	assert_int_equal(firmware_write(0, image, PAGE), OSTI_E_STATE);
	assert_int_equal(install(NEW_VERSION), OSTI_OK);
}

/* As the selector does: docs/firmware-update.md. */
static void use_try(uint32_t bank)
{
	const uint8_t *head = flash_at(bank);

	memset(flash_at(bank + firmware_bank_next_try(head)), 0, 4);
}

static void test_three_tries(void **state)
{
	unsigned int i;

	(void)state;
	assert_int_equal(install(NEW_VERSION), OSTI_OK);
	for (i = 0; i < 3; i++) {
		assert_int_equal(selected(), B_AT);
		use_try(B_AT);
	}
	assert_int_equal(selected(), A_AT);
	/* And the version can be installed again: its image was bad, say. */
	assert_int_equal(install(NEW_VERSION), OSTI_OK);
	assert_int_equal(selected(), B_AT);
}

static void test_good(void **state)
{
	const struct statement again = make(NEW_VERSION);
	const struct statement older = make(NEW_VERSION - 1);
	uint64_t why;

	(void)state;
	assert_int_equal(install(NEW_VERSION), OSTI_OK);
	use_try(B_AT);
	run_from(B_AT);
	/* While it is on trial nothing is installed: the old one would be gone. */
	assert_int_equal(install(NEW_VERSION + 1), OSTI_E_STATE);
	assert_old_there();
	firmware_good();
	assert_int_equal(nv_firmware_floor(), NEW_VERSION);
	use_try(B_AT);
	use_try(B_AT);
	assert_int_equal(selected(), B_AT);
	assert_int_equal(power_on(), 0);
	assert_int_equal(nv_firmware_floor(), NEW_VERSION);

	host_flash_reset();
	firmware_good();
	assert_int_equal(host_firmware.writes, 0);
	assert_int_equal(host_flash.writes, 0);
	assert_int_equal(begin(&again, &why), OSTI_E_FIRMWARE);
	assert_int_equal(why, OSTI_FIRMWARE_E_NOT_NEWER);
	assert_int_equal(begin(&older, &why), OSTI_E_FIRMWARE);
	assert_int_equal(why, OSTI_FIRMWARE_E_VERSION);
	assert_int_equal(host_firmware.writes, 0);
}

/* Those of before there were versions in NV memory: it is not written for them. */
static void test_first_version(void **state)
{
	(void)state;
	put_bank(A_AT, 1, 1, true);
	host_flash_reset();
	firmware_good();
	assert_int_equal(host_flash.writes, 0);
	assert_int_equal(host_firmware.writes, 0);
	assert_int_equal(nv_firmware_floor(), 0);
}

/* ---- It is refused ---------------------------------------------------------------- */

static void assert_refused(const struct statement *s, uint64_t want)
{
	uint64_t why;

	host_flash_reset();
	assert_int_equal(begin(s, &why), OSTI_E_FIRMWARE);
	assert_int_equal(why, want);
	assert_int_equal(host_firmware.writes, 0);
	assert_int_equal(firmware_erase(), OSTI_E_STATE);
}

static void test_signature(void **state)
{
	struct statement s = make(NEW_VERSION);
	unsigned int bit;
	uint64_t why;

	(void)state;
	for (bit = 0; bit < 8 * STATEMENT; bit += 37) {
		s.bytes[bit / 8] ^= 1 << bit % 8;
		assert_refused(&s, OSTI_FIRMWARE_E_SIGNATURE);
		s.bytes[bit / 8] ^= 1 << bit % 8;
	}
	sign(&s, OWNER_OTHER_KEY);
	assert_refused(&s, OSTI_FIRMWARE_E_SIGNATURE);
	s = make(NEW_VERSION);
	assert_int_equal(firmware_begin(s.bytes, STATEMENT - 1, &why),
			 OSTI_E_FIRMWARE);
	assert_int_equal(firmware_begin(s.bytes, STATEMENT + 256, &why),
			 OSTI_E_FIRMWARE);
	/* What the owner signed for a slot is no firmware. */
	assert_int_equal(owner_read(OWNER_KEY ".start", s.bytes, STATEMENT),
			 STATEMENT);
	assert_refused(&s, OSTI_FIRMWARE_E_SIGNATURE);
}

static void test_fields(void **state)
{
	static const struct {
		unsigned int at, bytes;
		uint64_t value, why;
	} list[] = {
		{ 0, 8, 0x3154532d4954534f, OSTI_FIRMWARE_E_FORMAT },	/* ST1 */
		{ 8, 8, 1, OSTI_FIRMWARE_E_FORMAT },
		{ 8, 8, 1ULL << 63, OSTI_FIRMWARE_E_FORMAT },
		{ 48, 8, 1, OSTI_FIRMWARE_E_FORMAT },
		{ 56, 8, 1ULL << 63, OSTI_FIRMWARE_E_FORMAT },
		{ 16, 8, 0, OSTI_FIRMWARE_E_FORMAT },
		{ 16, 8, OLD_VERSION, OSTI_FIRMWARE_E_NOT_NEWER },
		{ 16, 8, OLD_VERSION - 1, OSTI_FIRMWARE_E_NOT_NEWER },
		{ 24, 8, 0, OSTI_FIRMWARE_E_FORMAT },
		{ 24, 8, IMAGE_BYTES + 4, OSTI_FIRMWARE_E_FORMAT },
		{ 24, 8, IMAGE_BYTES - 8, OSTI_FIRMWARE_E_FORMAT },
		{ 24, 8, 0x1f80000 + 8, OSTI_FIRMWARE_E_ROOM },
		{ 24, 8, UINT64_MAX - 7, OSTI_FIRMWARE_E_ROOM },
		{ 32, 1, 'Q', OSTI_FIRMWARE_E_BOARD },
		{ 41, 1, '2', OSTI_FIRMWARE_E_BOARD },
		{ 47, 1, 1, OSTI_FIRMWARE_E_BOARD },
	};
	struct statement s;
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(list); i++) {
		s = make(NEW_VERSION);

		put(s.bytes + list[i].at, list[i].value, list[i].bytes);
		sign(&s, OWNER_KEY);
		assert_refused(&s, list[i].why);
	}
	assert_int_equal(nv_raise_firmware_floor(NEW_VERSION + 1), 0);
	s = make(NEW_VERSION);
	assert_refused(&s, OSTI_FIRMWARE_E_VERSION);
}

/* Another image than the one that was signed */
static void test_image(void **state)
{
	struct statement s = make(NEW_VERSION);
	uint64_t why;

	(void)state;
	assert_int_equal(begin(&s, &why), OSTI_OK);
	assert_int_equal(erase_all(), OSTI_OK);
	image[IMAGE_BYTES / 2] ^= 4;
	assert_int_equal(write_all(), OSTI_OK);
	image[IMAGE_BYTES / 2] ^= 4;
	assert_int_equal(finish(&why), OSTI_E_FIRMWARE);
	assert_int_equal(why, OSTI_FIRMWARE_E_IMAGE);
	assert_int_equal(selected(), A_AT);
	assert_int_equal(finish(&why), OSTI_E_STATE);
	/* The owner's page is not the image's to choose: whatever comes, it is ours. */
	assert_int_equal(begin(&s, &why), OSTI_OK);
	assert_int_equal(erase_all(), OSTI_OK);
	memset(image + OWNER_AT, 0x77, PAGE);
	assert_int_equal(write_all(), OSTI_OK);
	assert_int_equal(finish(&why), OSTI_OK);
	assert_new_there();
}

static void test_order(void **state)
{
	struct statement s = make(NEW_VERSION);
	uint64_t why;

	(void)state;
	assert_int_equal(firmware_erase(), OSTI_E_STATE);
	assert_int_equal(firmware_write(0, image, PAGE), OSTI_E_STATE);
	assert_int_equal(firmware_finish(&why), OSTI_E_STATE);
	assert_int_equal(begin(&s, &why), OSTI_OK);
	assert_int_equal(selected(), A_AT);
	assert_int_equal(firmware_write(0, image, PAGE), OSTI_E_STATE);
	assert_int_equal(firmware_finish(&why), OSTI_E_STATE);
	assert_int_equal(firmware_erase(), OSTI_AGAIN);
	assert_int_equal(firmware_write(0, image, PAGE), OSTI_E_STATE);
	assert_int_equal(erase_all(), OSTI_OK);
	assert_int_equal(firmware_erase(), OSTI_E_STATE);
	assert_int_equal(firmware_finish(&why), OSTI_E_STATE);
	assert_int_equal(firmware_write(PAGE, image, PAGE), OSTI_E_INVALID);
	assert_int_equal(firmware_write(0, image, PAGE - 4), OSTI_E_INVALID);
	assert_int_equal(firmware_write(UINT64_MAX, image, PAGE), OSTI_E_INVALID);
	assert_int_equal(firmware_write(0, image, PAGE), OSTI_OK);
	assert_int_equal(firmware_write(0, image, PAGE), OSTI_E_INVALID);
	/* Begun anew it begins at the start. */
	assert_int_equal(begin(&s, &why), OSTI_OK);
	assert_int_equal(erase_all(), OSTI_OK);
	assert_int_equal(write_all(), OSTI_OK);
	assert_int_equal(firmware_write(IMAGE_BYTES, image, PAGE), OSTI_E_STATE);
	assert_int_equal(finish(&why), OSTI_OK);
	assert_old_there();
	assert_new_there();
}

/* A flash that fails, or is another one: the old firmware stays. */
static void test_hardware(void **state)
{
	struct statement s = make(NEW_VERSION);
	unsigned int all, i;
	uint64_t why;

	(void)state;
	host_firmware.query[0x27] = 24;
	assert_int_equal(begin(&s, &why), OSTI_E_HARDWARE);
	host_firmware.query[0x27] = 25;
	host_flash_reset();
	assert_int_equal(install(NEW_VERSION), OSTI_OK);
	all = host_firmware.programs + host_firmware.erases;
	/* Each kind of write, but not each word: an install takes its time here. */
	for (i = 1; i <= all; i += i < 6 || i > all - 8 ? 1 : 9) {
		host_flash_reset();
		host_firmware.fail_at = i;
		host_firmware.fail_status = 0x10;
		assert_int_equal(install(NEW_VERSION), OSTI_E_HARDWARE);
		assert_int_equal(selected(), A_AT);
		assert_int_equal(firmware_erase(), OSTI_E_STATE);
	}
	assert_old_there();
}

/* ---- Power goes ---------------------------------------------------------------------- */

static jmp_buf out;

static void power_gone(void)
{
	longjmp(out, 1);
}

/* Do it with power that goes at this write to the flash. Was it done before? */
static bool cut_off(struct host_flash *flash, unsigned long at, uint64_t seed,
		    void (*what)(void))
{
	host_flash_reset();
	flash->cut_at = at;
	flash->cut_seed = seed;
	flash->cut_hook = power_gone;
	if (!setjmp(out)) {
		what();
		return true;
	}
	return false;
}

static void do_install(void)
{
	assert_int_equal(install(NEW_VERSION), OSTI_OK);
}

/* Old or new, never none, and what is started is all there. */
static void assert_sound(uint32_t now)
{
	assert_true(now == A_AT || now == B_AT);
	if (now == B_AT)
		assert_new_there();
	assert_old_there();
}

/* How a write is done in part: not at all, wholly, or by chance. */
static const uint64_t seeds[] = { 0, 1, 0x9e3779b97f4a7c15, 77777, 0x1234567890abcdef };

static void test_cut_install(void **state)
{
	bool done = false;
	unsigned long at;

	(void)state;
	/* Of words of the image not each; of what comes before them and behind, all. */
	for (at = 1; !done; at += at < 24 ? 1 : 7) {
		const uint64_t seed = seeds[at % ARRAY_SIZE(seeds)];
		uint32_t now;

		/* The bank before had a firmware, or was cut off the last time. */
		if (at % 2)
			put_bank(B_AT, SEQUENCE - 1, OLD_VERSION - 1, true);
		done = cut_off(&host_firmware, at, seed, do_install);
		host_flash_reset();
		now = selected();
		assert_sound(now);
		run_from(A_AT);
	}
	assert_int_equal(selected(), B_AT);
}

/* The words behind which there is no way back, done in part in all ways */
static void test_cut_end(void **state)
{
	bool was_old = false, was_new = false;
	unsigned long all, at;
	unsigned int i;

	(void)state;
	host_flash_reset();
	do_install();
	all = host_firmware.writes;
	for (at = all - 4; at <= all; at++)
		for (i = 0; i < 3; i++) {
			cut_off(&host_firmware, at, seeds[i], do_install);
			host_flash_reset();
			assert_sound(selected());
			was_old |= selected() == A_AT;
			was_new |= selected() == B_AT;
			run_from(A_AT);
		}
	assert_true(was_old && was_new);
	/* The next one goes well. */
	do_install();
	assert_int_equal(selected(), B_AT);
}

static void test_cut_good(void **state)
{
	struct host_flash *const flashes[] = { &host_firmware, &host_flash };
	static uint8_t nv[HOST_FLASH_BYTES];
	uint8_t head[HEAD_BYTES];
	unsigned int f, i;

	(void)state;
	do_install();
	use_try(B_AT);
	memcpy(head, flash_at(B_AT), sizeof(head));
	memcpy(nv, host_flash.data, sizeof(nv));
	for (f = 0; f < ARRAY_SIZE(flashes); f++)
		for (i = 0; i < ARRAY_SIZE(seeds); i++) {
			bool done = false;
			unsigned long at;

			for (at = 1; !done; at++) {
				memcpy(flash_at(B_AT), head, sizeof(head));
				memcpy(host_flash.data, nv, sizeof(nv));
				assert_int_equal(power_on(), 0);
				run_from(B_AT);
				done = cut_off(flashes[f], at, seeds[i],
					       firmware_good);
				assert_int_equal(power_on(), 0);
				assert_int_equal(selected(), B_AT);
				run_from(B_AT);
				firmware_good();
				assert_int_equal(nv_firmware_floor(), NEW_VERSION);
				use_try(B_AT);
				use_try(B_AT);
				assert_int_equal(selected(), B_AT);
			}
			assert_true(at > 6);
		}
	assert_sound(B_AT);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_install, setup_device),
		cmocka_unit_test_setup(test_three_tries, setup_device),
		cmocka_unit_test_setup(test_good, setup_device),
		cmocka_unit_test_setup(test_first_version, setup_device),
		cmocka_unit_test_setup(test_signature, setup_device),
		cmocka_unit_test_setup(test_fields, setup_device),
		cmocka_unit_test_setup(test_image, setup_device),
		cmocka_unit_test_setup(test_order, setup_device),
		cmocka_unit_test_setup(test_hardware, setup_device),
		cmocka_unit_test_setup(test_cut_install, setup_device),
		cmocka_unit_test_setup(test_cut_end, setup_device),
		cmocka_unit_test_setup(test_cut_good, setup_device),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
