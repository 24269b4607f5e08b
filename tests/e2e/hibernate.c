// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * hibernate - OSes that survive without power, and images that must not
 *
 * One device is used: both OSes are booted, get processes to be found again,
 * and are stored by "switchctl poweroff". Each test begins with that state of
 * the disks and the flash, or with both OSes running again.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <osti/image.h>
#include <qemu-virt/board.h>

#include "clock.h"
#include "fail.h"
#include "fixture.h"
#include "shell.h"
#include "store.h"

#define OFF_MS		300000
#define MIB		(1ULL << 20)

/* Two RTCs that tell seconds, and what happens between looking at them. */
#define CLOCK_ERROR_S	3

/* What must be there again. */
struct kept {
	struct vault vault;
	struct holder holder;
};

/* The state that each test begins with. */
static struct {
	struct phone *ph;
	struct phone_state state;
	struct kept kept[PHONE_SLOTS + 1];
} base;

/* The same during a test. */
static struct kept kept[PHONE_SLOTS + 1];

/* The test before has ended with both OSes running, "personal" at the console. */
static bool both_run;

static void make_kept(struct phone *ph)
{
	steps_vault_start(ph, &kept[ph->at].vault);
	steps_holder_start(ph, &kept[ph->at].holder);
}

static void check_kept(struct phone *ph)
{
	steps_vault_check(ph, &kept[ph->at].vault);
	steps_holder_check(ph, &kept[ph->at].holder);
}

/* Let the OS at the console store all and switch the device off. */
static void power_off(struct phone *ph)
{
	phone_ask(ph, "poweroff");
	device_off(ph->dev, OFF_MS);
}

static void make_base(void)
{
	const struct device_options opt = {
		.name = "hibernate", .files = steps_files(),
	};

	base.ph = phone_start(&opt);
	phone_boot(base.ph, PERSONAL);
	make_kept(base.ph);
	phone_key(base.ph, WORK);
	phone_up(base.ph, WORK);
	make_kept(base.ph);
	phone_switch_key(base.ph, PERSONAL);
	power_off(base.ph);
	phone_save(base.ph, &base.state);
	memcpy(base.kept, kept, sizeof(kept));
}

/* The device of the test, without power. */
static struct phone *get_phone(void)
{
	both_run = false;
	if (!base.state.storage) {
		phone_stop(base.ph);
		make_base();
	}
	device_cut_power(base.ph->dev);
	phone_restore(base.ph, &base.state);
	memcpy(kept, base.kept, sizeof(kept));
	return base.ph;
}

/* An image is in the store, and the slot is entered by what a person does. */
static void choose_image(struct phone *ph, int slot)
{
	phone_choose(ph, slot);
	phone_resumed(ph, slot);
}

static void switch_to_image(struct phone *ph, int slot)
{
	phone_key(ph, slot);
	phone_resumed(ph, slot);
}

/* The device with both OSes running again, "personal" at the console. */
static struct phone *get_running(void)
{
	struct phone *ph;

	if (both_run) {
		both_run = false;
		return base.ph;
	}
	ph = get_phone();
	phone_power_on(ph);
	choose_image(ph, PERSONAL);
	switch_to_image(ph, WORK);
	phone_switch_key(ph, PERSONAL);
	return ph;
}

/* At the end of a test that leaves it so. */
static void leave_running(struct phone *ph)
{
	fixture_at(ph, PERSONAL);
	check_kept(ph);
	both_run = true;
}

static void expect_refused(struct phone *ph, int slot, const char *reason)
{
	char pattern[128];

	snprintf(pattern, sizeof(pattern),
		 "osti: error: slot %d \\(%s\\): its image is refused: .*%s",
		 slot, phone_name(slot), reason);
	device_expect(ph->dev, pattern, PHONE_IMAGE_MS);
}

/* The boot manager starts a slot cold only if it is asked for that once more. */
static void expect_menu_stays(struct phone *ph, int slot)
{
	char pattern[64];

	snprintf(pattern, sizeof(pattern), "osti: press %d again to start it cold",
		 slot);
	device_expect(ph->dev, pattern, PHONE_MENU_MS);
	device_expect(ph->dev, "osti: waiting for a key", PHONE_MENU_MS);
	device_send(ph->dev, "\n");
	phone_menu(ph);
}

/* The slot is chosen in the menu, its image is refused, the menu stays. */
static void choose_refused(struct phone *ph, int slot, const char *reason)
{
	phone_choose(ph, slot);
	expect_refused(ph, slot, reason);
	expect_menu_stays(ph, slot);
}

static void expect_cold_start(struct phone *ph, int slot)
{
	char pattern[64];

	snprintf(pattern, sizeof(pattern), "osti: (starting|resuming) slot %d",
		 slot);
	assert_string_equal(device_expect(ph->dev, pattern,
					  PHONE_MENU_MS)->group[1], "starting");
}

/* ... and there is no way back to its image, from which it could have come. */
static void expect_no_way_back(struct phone *ph, int slot)
{
	char pattern[64];

	snprintf(pattern, sizeof(pattern), "osti-mon: starting slot %d", slot);
	device_expect(ph->dev, pattern, PHONE_MENU_MS);
}

/*
 * A text of a slot's memory stands there, where that memory is, and not with
 * the boot manager or in another slot. Return: where the memory is; 0 if the
 * text is nowhere.
 */
static uint64_t place_of(struct phone *ph, const char *text, uint64_t size)
{
	uint64_t ram_end = BOARD_RAM_BASE + CONFIG_OSTI_RAM_MIB * MIB;
	uint64_t at, place = 0;

	/* Boot manager and image engine */
	assert_int_equal(steps_memory_find(ph, BOARD_BM_BASE,
					   BOARD_SLOTS_BASE - BOARD_BM_BASE,
					   text), 0);
	for (at = BOARD_SLOTS_BASE; at < ram_end; at += size) {
		if (!steps_memory_find(ph, at, size, text))
			continue;
		assert_true(place == 0);
		place = at;
	}
	return place;
}

/* ... nor in the monitor's own memory, where it is while a chunk is at work. */
static uint64_t only_place(struct phone *ph, const char *text, uint64_t size)
{
	assert_int_equal(steps_memory_find(ph, BOARD_MONITOR_BASE,
					   BOARD_MONITOR_SIZE, text), 0);
	return place_of(ph, text, size);
}

/* ---- Without power ------------------------------------------------------------ */

static void test_work_survives_power_cut(void **state)
{
	struct phone *ph = get_running();
	uint64_t before, after;

	(void)state;
	fixture_at(ph, WORK);
	check_kept(ph);
	before = only_place(ph, kept[WORK].vault.secret, phone_slot_size(WORK));
	assert_true(before != 0);
	fixture_at(ph, PERSONAL);
	phone_hibernate(ph, WORK);
	assert_state(ph, WORK, "stored");
	check_kept(ph);
	device_cut_power(ph->dev);

	/*
	 * What ran is gone. The stored one gets the first place in memory now,
	 * which is another one than before.
	 */
	phone_power_on(ph);
	choose_image(ph, WORK);
	check_kept(ph);
	after = only_place(ph, kept[WORK].vault.secret, phone_slot_size(WORK));
	assert_true(after != 0 && after != before);
	phone_key(ph, PERSONAL);
	expect_cold_start(ph, PERSONAL);
	phone_up(ph, PERSONAL);
	phone_switch_key(ph, WORK);
	check_kept(ph);
}

/* The clock of the day is right although the OS has slept. */
static void check_clock(struct phone *ph)
{
	long long there = shell_number(ph->dev, "date +%%s");
	long long here = time(NULL);

	assert_true(llabs(there - here) <= CLOCK_ERROR_S);
}

static void assert_resume_reason(struct phone *ph, const char *want)
{
	char *have = shell_run(ph->dev, NULL,
			       "cat /sys/class/misc/osti/resume_reason");

	assert_string_equal(have, want);
	free(have);
}

static void test_both_survive_poweroff(void **state)
{
	struct phone *ph = get_phone();
	char pattern[96];

	(void)state;
	device_power_on(ph->dev);
	/* Nobody presses a key: the last active one comes back. */
	snprintf(pattern, sizeof(pattern),
		 "osti: resuming slot %d \\(%s\\).* in [0-9]+ s, any key",
		 PERSONAL, phone_name(PERSONAL));
	device_expect(ph->dev, pattern, PHONE_MENU_MS);
	phone_resumed(ph, PERSONAL);
	assert_resume_reason(ph, "image");
	check_kept(ph);
	check_clock(ph);
	switch_to_image(ph, WORK);
	assert_resume_reason(ph, "image");
	check_kept(ph);
	check_clock(ph);
	phone_switch_key(ph, PERSONAL);
	assert_resume_reason(ph, "hot");
	phone_switch_key(ph, WORK);

	/* Once more, from the other one, which is the last active one then. */
	power_off(ph);
	device_power_on(ph->dev);
	snprintf(pattern, sizeof(pattern), "osti: resuming slot %d", WORK);
	device_expect(ph->dev, pattern, PHONE_MENU_MS);
	phone_resumed(ph, WORK);
	check_kept(ph);
	switch_to_image(ph, PERSONAL);
	check_kept(ph);
	phone_switch_key(ph, WORK);
	leave_running(ph);
}

static void test_hibernate_oneself(void **state)
{
	struct phone *ph = get_running();
	char request[64];

	(void)state;
	phone_switch_key(ph, WORK);
	snprintf(request, sizeof(request), "hibernate %s", phone_name(WORK));
	phone_ask(ph, request);
	phone_stored(ph, WORK);
	/* As after its end: the one that was frozen last comes by itself. */
	phone_back(ph, PERSONAL);
	assert_state(ph, WORK, "stored");
	check_kept(ph);

	snprintf(request, sizeof(request), "hibernate %s", phone_name(PERSONAL));
	phone_ask(ph, request);
	phone_stored(ph, PERSONAL);
	device_off(ph->dev, OFF_MS);
	phone_power_on(ph);
	choose_image(ph, WORK);
	check_kept(ph);
	switch_to_image(ph, PERSONAL);
	leave_running(ph);
}

/* A slot that is not frozen has nothing to be hibernated. */
static void test_hibernate_empty_slot(void **state)
{
	struct phone *ph = get_phone();
	char *text;
	int code;

	(void)state;
	phone_power_on(ph);
	choose_image(ph, PERSONAL);
	text = shell_run(ph->dev, &code, "switchctl hibernate %s 2>&1",
			 phone_name(WORK));
	assert_int_not_equal(code, 0);
	assert_non_null(strstr(text, "empty"));
	free(text);
	check_kept(ph);
	switch_to_image(ph, WORK);
	check_kept(ph);
}

/* Nothing can be stored: nothing is switched off. */
static void test_poweroff_without_store(void **state)
{
	static const char zeros[1 << 20];
	struct phone *ph = get_running();

	(void)state;
	store_write(ph, 0, zeros, sizeof(zeros));
	phone_ask(ph, "poweroff");
	assert_int_not_equal(phone_answer(ph, PERSONAL), 0);
	check_kept(ph);
}

/* ---- More slots than memory ------------------------------------------------- */

/*
 * Memory for one slot only: whoever is entered takes the place of the other,
 * which goes to the store.
 */
static void test_slots_take_turns_in_memory(void **state)
{
	char *firmware = build_path("tests/e2e/one-place/firmware.bin");
	const struct device_options opt = {
		.name = "hibernate-one-place", .files = steps_files(),
		.firmware = firmware, .ram_mib = ONE_PLACE_RAM_MIB,
	};
	struct phone *ph = phone_start(&opt);
	int i, from, to;

	(void)state;
	phone_boot(ph, PERSONAL);
	make_kept(ph);
	phone_key(ph, WORK);
	phone_stored(ph, PERSONAL);
	phone_up(ph, WORK);
	make_kept(ph);
	for (i = 0; i < 2; i++) {
		from = ph->at;
		to = from == WORK ? PERSONAL : WORK;
		switch_to_image(ph, to);
		check_kept(ph);
		assert_state(ph, from, "stored");
	}
	phone_stop(ph);
	free(firmware);
}

/* ---- Refused ------------------------------------------------------------------ */

static void test_older_store_is_refused(void **state)
{
	struct phone *ph = get_running();
	struct storage *older, *newer;

	(void)state;
	power_off(ph);
	newer = storage_copy(device_storage(ph->dev), STORAGE_STORE);
	older = storage_copy(base.state.storage, STORAGE_STORE);

	/* The store of before, on a device that has stored newer images since. */
	storage_put(device_storage(ph->dev), older);
	storage_free(older);
	phone_power_on(ph);
	choose_refused(ph, WORK, "generation");
	choose_refused(ph, PERSONAL, "generation");
	device_cut_power(ph->dev);

	/* Nothing was given up for it. */
	storage_put(device_storage(ph->dev), newer);
	storage_free(newer);
	phone_power_on(ph);
	choose_image(ph, WORK);
	check_kept(ph);
	switch_to_image(ph, PERSONAL);
	leave_running(ph);
}

static void test_no_image_is_resumed_twice(void **state)
{
	struct phone *ph = get_phone();
	struct storage *store;

	(void)state;
	store = storage_copy(device_storage(ph->dev), STORAGE_STORE);
	phone_power_on(ph);
	choose_image(ph, WORK);
	check_kept(ph);
	device_cut_power(ph->dev);

	storage_put(device_storage(ph->dev), store);
	storage_free(store);
	phone_power_on(ph);
	phone_choose(ph, WORK);
	expect_cold_start(ph, WORK);
	phone_up(ph, WORK);
	shell_do(ph->dev, "! ls /tmp/ask%d", kept[WORK].vault.id);
	/* The other one was not resumed yet. */
	switch_to_image(ph, PERSONAL);
	check_kept(ph);
}

/* Where a bit is to flip, as a share of the part of the image. */
struct flip {
	const char *part;
	uint64_t (*at)(const struct store_image *image);
};

static uint64_t in_header(const struct store_image *image)
{
	return image->at + OSTI_IMAGE_H_SAVED_AT + rand() % 8;
}

static uint64_t in_header_id(const struct store_image *image)
{
	return image->at + OSTI_IMAGE_H_MANIFEST_ID + rand() % OSTI_IMAGE_HASH;
}

static uint64_t in_table(const struct store_image *image)
{
	return image->table + rand() % (image->manifest - image->table);
}

static uint64_t in_manifest(const struct store_image *image)
{
	return image->manifest + rand() % (image->chunks - image->manifest);
}

static uint64_t in_chunks(const struct store_image *image)
{
	return image->chunks + rand() % (image->end - image->chunks);
}

static uint64_t in_last_tag(const struct store_image *image)
{
	return image->end - 1 - rand() % OSTI_IMAGE_TAG;
}

static void test_flipped_bits_are_refused(void **state)
{
	static const struct flip flips[] = {
		{ "header", in_header }, { "manifest id", in_header_id },
		{ "table", in_table }, { "manifest", in_manifest },
		{ "chunks", in_chunks }, { "chunks", in_chunks },
		{ "last tag", in_last_tag },
	};
	struct phone *ph = get_phone();
	struct store_image image = store_newest(ph, WORK);
	uint64_t at;
	size_t i;

	(void)state;
	srand(3);
	phone_power_on(ph);
	for (i = 0; i < sizeof(flips) / sizeof(flips[0]); i++) {
		at = flips[i].at(&image);
		print_message("byte %llu of the image, in its %s\n",
			      (unsigned long long)(at - image.at),
			      flips[i].part);
		store_flip(ph, at);
		choose_refused(ph, WORK, "");
		store_flip(ph, at);
	}
	/* The other slot's image is good, and so is this one again. */
	store_flip(ph, at);
	choose_image(ph, PERSONAL);
	check_kept(ph);
	store_flip(ph, at);
	switch_to_image(ph, WORK);
	check_kept(ph);
}

/* Only a person who asks for it twice gives a refused image up. */
static void test_refused_image_is_given_up(void **state)
{
	struct phone *ph = get_phone();
	struct store_image image = store_newest(ph, WORK);
	char pattern[64];

	(void)state;
	store_flip(ph, image.chunks);
	phone_power_on(ph);
	phone_choose(ph, WORK);
	expect_refused(ph, WORK, "");
	snprintf(pattern, sizeof(pattern), "osti: press %d again to start it cold",
		 WORK);
	device_expect(ph->dev, pattern, PHONE_MENU_MS);
	device_expect(ph->dev, "osti: waiting for a key", PHONE_MENU_MS);
	phone_choose(ph, WORK);
	expect_cold_start(ph, WORK);
	expect_no_way_back(ph, WORK);
	device_cut_power(ph->dev);

	/* Now it is good again, but it would meet a disk that has changed. */
	store_flip(ph, image.chunks);
	phone_power_on(ph);
	phone_choose(ph, WORK);
	expect_cold_start(ph, WORK);
}

/* docs/nv-format.md: record 1 of the log of odd epochs, a byte of its MAC */
#define NV_RECORD_MAC	(0x40000 + 64 + 30)

/* Make a record that counts one that does not, or the other way round. */
static void flip_nv(struct phone *ph)
{
	int fd = storage_file(device_storage(ph->dev), "nv.img");
	unsigned char byte;

	assert_int_equal(pread(fd, &byte, 1, NV_RECORD_MAC), 1);
	byte ^= 0x10;
	assert_int_equal(pwrite(fd, &byte, 1, NV_RECORD_MAC), 1);
}

/*
 * Flash that cannot be read at one power-on does not let a slot start cold as if
 * it had no image. A person may do so; what that costs is not forgotten.
 */
static void test_unreadable_nv_wants_a_person(void **state)
{
	struct phone *ph = get_phone();
	struct store_image image;
	int area;

	(void)state;
	flip_nv(ph);
	device_expect_errors(ph->dev, true);
	phone_power_on(ph);
	phone_choose(ph, WORK);
	device_expect(ph->dev, "slot 2 .work.: is not started by itself: NV memory cannot tell",
		      PHONE_MENU_MS);
	device_expect(ph->dev, "osti: press 2 again to start it cold",
		      PHONE_MENU_MS);
	device_expect(ph->dev, "osti: waiting for a key", PHONE_MENU_MS);
	phone_choose(ph, WORK);
	expect_cold_start(ph, WORK);
	device_expect(ph->dev, "what the store had of it is destroyed",
		      PHONE_MENU_MS);
	expect_no_way_back(ph, WORK);
	device_cut_power(ph->dev);

	/* It can be read again, and tells of an image that would do harm. */
	flip_nv(ph);
	device_expect_errors(ph->dev, false);
	for (area = 0; area < STORE_AREAS; area++)
		assert_false(store_image(ph, WORK, area, &image));
	phone_power_on(ph);
	phone_choose(ph, WORK);
	device_expect(ph->dev, "slot 2 .work.: its image is missing",
		      PHONE_MENU_MS);
	/* What is typed before that is not meant for the menu. */
	device_expect(ph->dev, "osti: waiting for a key", PHONE_MENU_MS);
	choose_image(ph, PERSONAL);
}

static void test_other_device_is_refused(void **state)
{
	struct phone *ph = get_phone();
	struct storage *store;

	(void)state;
	/* The other device, which has its own first images. */
	store = storage_copy(device_storage(ph->dev), STORAGE_STORE);
	device_new_nv(ph->dev);
	phone_power_on(ph);
	phone_choose(ph, PERSONAL);
	expect_cold_start(ph, PERSONAL);
	phone_up(ph, PERSONAL);
	power_off(ph);

	/* ... and is given the store of the first one. */
	storage_put(device_storage(ph->dev), store);
	storage_free(store);
	phone_power_on(ph);
	choose_refused(ph, PERSONAL, "device");
}

/* ---- Asked by a person --------------------------------------------------------- */

static void ask_drop(struct phone *ph, const char *key)
{
	char request[64];

	snprintf(request, sizeof(request), "drop %s", phone_name(WORK));
	phone_ask(ph, request);
	device_expect(ph->dev, "given up for good: y within", PHONE_MENU_MS);
	device_send(ph->dev, key);
}

static void test_drop_needs_a_person(void **state)
{
	struct phone *ph = get_phone();

	(void)state;
	phone_power_on(ph);
	choose_image(ph, PERSONAL);
	ask_drop(ph, "n");
	assert_int_not_equal(phone_answer(ph, PERSONAL), 0);
	switch_to_image(ph, WORK);
	check_kept(ph);
	phone_switch_key(ph, PERSONAL);
	phone_hibernate(ph, WORK);
	ask_drop(ph, "y");
	assert_int_equal(phone_answer(ph, PERSONAL), 0);
	check_kept(ph);
	phone_key(ph, WORK);
	expect_cold_start(ph, WORK);
}

static void test_verify(void **state)
{
	struct phone *ph = get_phone();
	struct store_image image = store_newest(ph, WORK);
	uint64_t at = image.chunks + (image.end - image.chunks) / 2;
	char request[64];

	(void)state;
	snprintf(request, sizeof(request), "verify %s", phone_name(WORK));
	phone_power_on(ph);
	choose_image(ph, PERSONAL);
	phone_ask(ph, request);
	device_expect(ph->dev, "its image is good: generation", PHONE_IMAGE_MS);
	assert_int_equal(phone_answer(ph, PERSONAL), 0);
	store_flip(ph, at);
	phone_ask(ph, request);
	expect_refused(ph, WORK, "");
	assert_int_not_equal(phone_answer(ph, PERSONAL), 0);
	store_flip(ph, at);
	phone_ask(ph, request);
	assert_int_equal(phone_answer(ph, PERSONAL), 0);
	/* It is still there. */
	switch_to_image(ph, WORK);
	check_kept(ph);
}

/* ---- Secrets -------------------------------------------------------------------- */

static void test_secret_stays_in_its_slot(void **state)
{
	struct phone *ph = get_running();
	const char *secret = kept[WORK].vault.secret;
	uint64_t size = phone_slot_size(WORK), place;
	struct store_image image;
	char request[64];

	(void)state;
	place = only_place(ph, secret, size);
	assert_true(place != 0);
	snprintf(request, sizeof(request), "hibernate %s", phone_name(WORK));

	/* In the middle of the export, its buffers full. */
	phone_ask(ph, request);
	store_wait_written(ph, 8 * MIB);
	device_pause(ph->dev);
	assert_true(place_of(ph, secret, size) == place);
	assert_int_equal(store_find(ph, secret), 0);
	device_go_on(ph->dev);
	phone_stored(ph, WORK);
	phone_back(ph, PERSONAL);

	/* Behind it: not even in the slot's own memory. */
	device_pause(ph->dev);
	assert_true(only_place(ph, secret, size) == 0);
	assert_int_equal(store_find(ph, secret), 0);
	device_go_on(ph->dev);

	/* In the middle of an import it gets where it belongs, and only there. */
	image = store_newest(ph, WORK);
	phone_key(ph, WORK);
	store_wait_read(ph, (image.end - image.at) * 3 / 4);
	device_pause(ph->dev);
	place_of(ph, secret, size);
	device_go_on(ph->dev);
	phone_resumed(ph, WORK);
	check_kept(ph);
	assert_true(only_place(ph, secret, size) != 0);
	leave_running(ph);
}

/* ---- A store that stops answering --------------------------------------------- */

/* So fast is the store disk from now on; 0: as fast as it can. */
static void store_speed(struct phone *ph, int bytes_per_second)
{
	json_t *limit = json_pack("{s:s, s:i, s:i, s:i, s:i, s:i, s:i}",
				  "device", "store", "bps", bytes_per_second,
				  "bps_rd", 0, "bps_wr", 0, "iops", 0,
				  "iops_rd", 0, "iops_wr", 0);

	json_decref(device_qmp(ph->dev, "block_set_io_throttle", limit));
}

/* It stops while the other OS goes there, and the console says so. */
static void stop_store(struct phone *ph)
{
	char request[64];

	snprintf(request, sizeof(request), "hibernate %s", phone_name(WORK));
	phone_ask(ph, request);
	device_expect(ph->dev, "osti: hibernating slot 2", PHONE_MENU_MS);
	store_wait_written(ph, 4 * MIB);
	store_speed(ph, 1);
	device_expect(ph->dev, "osti: a device does not answer", PHONE_IMAGE_MS);
}

/* The OS that asked has its answer, nothing is lost, and it can be done again. */
static void check_after_stop(struct phone *ph)
{
	assert_int_not_equal(phone_answer(ph, PERSONAL), 0);
	check_kept(ph);
	assert_state(ph, WORK, "frozen");
	store_speed(ph, 0);
	phone_hibernate(ph, WORK);
	switch_to_image(ph, WORK);
	check_kept(ph);
	leave_running(ph);
}

static void test_store_stops(void **state)
{
	struct phone *ph = get_running();

	(void)state;
	stop_store(ph);
	device_expect(ph->dev, "the store disk does not answer: it stays frozen",
		      PHONE_IMAGE_MS);
	check_after_stop(ph);
}

static void test_store_stops_and_esc(void **state)
{
	struct phone *ph = get_running();

	(void)state;
	stop_store(ph);
	device_send(ph->dev, "\x1b");
	device_expect(ph->dev, "osti: stopped by Esc: slot 2 .* stays frozen",
		      PHONE_MENU_MS);
	check_after_stop(ph);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_work_survives_power_cut),
		/* These go on with the device of the one before. */
		cmocka_unit_test(test_both_survive_poweroff),
		cmocka_unit_test(test_hibernate_oneself),
		cmocka_unit_test(test_older_store_is_refused),
		cmocka_unit_test(test_secret_stays_in_its_slot),
		cmocka_unit_test(test_store_stops),
		cmocka_unit_test(test_store_stops_and_esc),
		cmocka_unit_test(test_poweroff_without_store),
		/* And these do not. */
		cmocka_unit_test(test_hibernate_empty_slot),
		cmocka_unit_test(test_slots_take_turns_in_memory),
		cmocka_unit_test(test_no_image_is_resumed_twice),
		cmocka_unit_test(test_flipped_bits_are_refused),
		cmocka_unit_test(test_refused_image_is_given_up),
		cmocka_unit_test(test_unreadable_nv_wants_a_person),
		cmocka_unit_test(test_other_device_is_refused),
		cmocka_unit_test(test_drop_needs_a_person),
		cmocka_unit_test(test_verify),
	};
	int ret;

	fixture_begin();
	ret = cmocka_run_group_tests(tests, NULL, NULL);
	phone_stop(base.ph);
	phone_state_free(&base.state);
	return ret;
}
