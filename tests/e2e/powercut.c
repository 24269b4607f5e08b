// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * powercut - the power goes while images are written, read and used up
 *
 * In both slots runs tests/payload/keep.c, whose images are small. After each
 * cut the device must boot, and a slot must be what the flash says: its image
 * is stored, then it is resumed with every word as it was; or there is none,
 * then it starts cold. What was promised on the console must be kept.
 *
 * Points are seeded. They lie at events that can be seen from outside: bytes
 * that the device moved to or from the store, the header in the store, the
 * words in the flash; from there a short seeded time passes.
 *
 * This is the whole, with a real disk driver in front of it. The boot manager's
 * own steps are cut at every write in tests/unit/bm, so a few cuts of each kind
 * are enough here; with OSTI_TEST_ALL there are twenty times as many.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <osti/image.h>
#include <qemu-virt/board.h>

#include "clock.h"
#include "fail.h"
#include "fixture.h"
#include "store.h"

#define SEED		1803
#define NOTE_MS		180000

/* The log of the flash; docs/nv-format.md. */
#define NV_LOG_AT	BOARD_NV_SECTOR
#define NV_LOG_BYTES	(2 * BOARD_NV_SECTOR)

/* What the program in a slot says of itself. */
struct age {
	long long age;
	char seed[20];
};

/* What is known of a slot. */
struct known {
	struct age age;		/* the last one that was begun */
	bool stored;		/* in the store, by the flash */
	long long generation;
};

static struct phone *ph;
static struct known known[PHONE_SLOTS + 1];

/* Rounds of a test in which it takes every kind of cut once. */
static int rounds(int few)
{
	return fixture_all() ? 20 * few : few;
}

/* Bytes of one image. */
static uint64_t image_bytes;

/* ---- The program in the slots ---------------------------------------------------- */

static void type(const char *letter)
{
	device_send(ph->dev, letter);
}

static struct age read_age(int slot)
{
	const struct console_match *m;
	char kept[96], wrong[64];
	const char *const patterns[] = { kept, wrong, NULL };
	struct age age;

	snprintf(kept, sizeof(kept),
		 "PAYLOAD keep/%d: note kept ([0-9]+) by ([0-9a-f]+)\n", slot);
	snprintf(wrong, sizeof(wrong), "PAYLOAD keep/.: .*(FAIL|aborted).*\n");
	m = device_expect_any(ph->dev, patterns, NOTE_MS);
	if (m->index)
		device_fail(ph->dev, "the program in %s is not whole: %s",
			    phone_name(slot), m->group[0]);
	age.age = atoll(m->group[1]);
	snprintf(age.seed, sizeof(age.seed), "%s", m->group[2]);
	return age;
}

static void next_age(int slot)
{
	type("f");
	known[slot].age = read_age(slot);
}

/* It is as it was in its last age. */
static void expect_kept(int slot)
{
	struct age have = read_age(slot), *want = &known[slot].age;

	if (have.age != want->age || strcmp(have.seed, want->seed))
		device_fail(ph->dev, "%s is in age %lld of %s, expected %lld of %s",
			    phone_name(slot), have.age, have.seed, want->age,
			    want->seed);
}

static void expect_back(int slot, int reason)
{
	char pattern[64];

	snprintf(pattern, sizeof(pattern), "PAYLOAD keep/%d: note back %d ",
		 slot, reason);
	device_expect(ph->dev, pattern, NOTE_MS);
	expect_kept(slot);
	ph->at = slot;
}

static void expect_line(const char *what, int slot)
{
	char pattern[128];

	snprintf(pattern, sizeof(pattern), "osti: %s slot %d \\(%s\\)", what,
		 slot, phone_name(slot));
	device_expect(ph->dev, pattern, NOTE_MS);
}

/* By a key in the menu or a switch: it comes from its image, or starts anew. */
static void expect_entered(int slot)
{
	if (known[slot].stored) {
		expect_line("resuming", slot);
		expect_back(slot, OSTI_RESUMED_IMAGE);
	} else {
		expect_line("starting", slot);
		known[slot].age = read_age(slot);
		ph->at = slot;
	}
	known[slot].stored = false;
}

static void enter(int slot)
{
	phone_choose(ph, slot);
	expect_entered(slot);
}

static void switch_over(int slot)
{
	type("s");
	expect_entered(slot);
}

static void switch_back(int slot)
{
	type("s");
	expect_back(slot, OSTI_RESUMED_HOT);
}

/* ---- What the flash says ----------------------------------------------------------- */

static int nv_file(void)
{
	return storage_file(device_storage(ph->dev), "nv.img");
}

/* By the tool that reads it as the monitor does. */
static void read_nv(void)
{
	char *tool = build_path("osti-nv/osti-nv"), path[64], line[32], word[16];
	char *text, *at;
	int slot;

	snprintf(path, sizeof(path), "/proc/%d/fd/%d", getpid(), nv_file());
	text = host_output((const char *const[]){ tool, "show", path, NULL });
	for (slot = PERSONAL; slot <= WORK; slot++) {
		known[slot].stored = false;
		snprintf(line, sizeof(line), "slot %d   generation ", slot);
		at = strstr(text, line);
		if (!at)
			continue;
		if (sscanf(at + strlen(line), "%lld %15s",
			   &known[slot].generation, word) != 2)
			test_fail("osti-nv printed \"%s\"", text);
		known[slot].stored = !strcmp(word, "stored");
	}
	free(text);
	free(tool);
}

static const uint8_t *map_nv(void)
{
	const uint8_t *log = mmap(NULL, NV_LOG_BYTES, PROT_READ, MAP_SHARED,
				  nv_file(), NV_LOG_AT);

	if (log == MAP_FAILED)
		test_fail("mmap of the flash: %s", strerror(errno));
	return log;
}

/* ---- The cut ------------------------------------------------------------------------ */

enum where {
	AT_WRITTEN,	/* so much was written to the store */
	AT_READ,	/* so much was read from it */
	AT_HEADER,	/* a new header is there: the image is whole */
	AT_NV,		/* a word of the flash was changed */
	AT_COMMIT,	/* ... behind a new header */
};

struct cut {
	enum where where;
	double share;		/* of the bytes of an image */
	unsigned int us;	/* from there */
};

/* What is looked at, as it was when the work began. */
struct watch {
	const struct cut *cut;
	int slot;
	uint64_t read, written;
	const uint8_t *nv;
	uint8_t nv_before[NV_LOG_BYTES];
	uint64_t generation[STORE_AREAS];	/* 0 where no image is */
	bool has_header;
};

static uint64_t generation_in(int slot, int area)
{
	struct store_image image;

	return store_image(ph, slot, area, &image) ? image.generation : 0;
}

static void watch_begin(struct watch *w, const struct cut *cut, int slot)
{
	int area;

	memset(w, 0, sizeof(*w));
	w->cut = cut;
	w->slot = slot;
	device_disk_io(ph->dev, "store", &w->read, &w->written);
	w->nv = map_nv();
	memcpy(w->nv_before, w->nv, NV_LOG_BYTES);
	for (area = 0; area < STORE_AREAS; area++)
		w->generation[area] = generation_in(slot, area);
}

static void watch_end(struct watch *w)
{
	munmap((void *)w->nv, NV_LOG_BYTES);
}

static bool has_new_header(const struct watch *w)
{
	uint64_t generation;
	int area;

	for (area = 0; area < STORE_AREAS; area++) {
		generation = generation_in(w->slot, area);
		if (generation && generation != w->generation[area])
			return true;
	}
	return false;
}

static bool nv_changed(const struct watch *w)
{
	return memcmp(w->nv, w->nv_before, NV_LOG_BYTES);
}

static bool reached(struct watch *w)
{
	uint64_t read, written;

	switch (w->cut->where) {
	case AT_WRITTEN:
		device_disk_io(ph->dev, "store", &read, &written);
		return written > w->written &&
		       written - w->written >= w->cut->share * image_bytes;
	case AT_READ:
		device_disk_io(ph->dev, "store", &read, &written);
		return read - w->read >= w->cut->share * image_bytes;
	case AT_HEADER:
		return has_new_header(w);
	case AT_COMMIT:
		if (!w->has_header && has_new_header(w)) {
			w->has_header = true;
			memcpy(w->nv_before, w->nv, NV_LOG_BYTES);
		}
		return w->has_header && nv_changed(w);
	default:
		return nv_changed(w);
	}
}

static void pass_time(unsigned int us)
{
	double end = clock_now_ms() + us / 1000.0;

	while (clock_now_ms() < end)
		;
}

/*
 * Follow the device until the point of the cut, or until it is done, by which
 * the last chance has gone. Return: whether it was done before.
 */
static bool cut_power(const struct cut *cut, int slot, const char *done)
{
	static const struct timespec nap = { .tv_nsec = 50000 };
	double deadline = clock_deadline_ms(NOTE_MS);
	struct console *con = device_console(ph->dev);
	struct console_match m;
	static struct watch w;
	bool is_done = false;

	watch_begin(&w, cut, slot);
	while (!is_done && !reached(&w)) {
		device_follow(ph->dev);
		is_done = console_search(con, &done, 1, &m) ||
			!device_has_power(ph->dev);
		if (clock_now_ms() > deadline)
			device_fail(ph->dev, "the point of the power cut did not come within %d ms",
				    NOTE_MS);
		nanosleep(&nap, NULL);
	}
	pass_time(cut->us);
	device_cut_power(ph->dev);
	is_done |= console_search(con, &done, 1, &m);
	watch_end(&w);
	return is_done;
}

static double share(void)
{
	return rand() / (double)RAND_MAX;
}

static unsigned int us_below(unsigned int limit)
{
	return rand() % limit;
}

static void tell(const char *what, const struct cut *cut, const char *result)
{
	static const char *const names[] = { "written", "read", "new header",
					     "flash", "commit" };

	print_message("%s, cut at %s %.2f + %u us: %s\n", what,
		      names[cut->where], cut->share, cut->us, result);
}

/* ---- Hibernating ------------------------------------------------------------------------ */

static const char *done_pattern(int slot)
{
	static char pattern[64];

	snprintf(pattern, sizeof(pattern), "osti: slot %d \\(%s\\) is stored",
		 slot, phone_name(slot));
	return pattern;
}

/* Begin an age in the slot at the console, and let it hibernate itself. */
static void check_hibernate_cut(const struct cut *cut, int slot)
{
	long long before = known[slot].generation;
	bool done;

	next_age(slot);
	type("h");
	done = cut_power(cut, slot, done_pattern(slot));
	read_nv();
	tell("hibernate", cut, known[slot].stored ? "stored" : "not stored");
	if (known[slot].stored && known[slot].generation <= before)
		test_fail("generation %lld is stored after %lld",
			  known[slot].generation, before);
	if (done && !known[slot].stored)
		test_fail("an image was said to be stored, but the flash does not say so");
	phone_power_on(ph);
	enter(slot);
}

/* Both slots in the store. */
static void start(const char *name)
{
	char *boot = build_path("tests/payload/keep.img");
	const struct device_options opt = { .name = name, .boot_image = boot };

	phone_stop(ph);
	memset(known, 0, sizeof(known));
	srand(SEED);
	ph = phone_start(&opt);
	free(boot);
	enter(PERSONAL);
	switch_over(WORK);
	switch_back(PERSONAL);
	type("p");
	image_bytes = phone_stored(ph, WORK) * 1024;
	device_off(ph->dev, NOTE_MS);
	read_nv();
	assert_true(known[PERSONAL].stored && known[WORK].stored);
}

static void test_cut_in_hibernate(void **state)
{
	struct cut cut;
	int i;

	(void)state;
	start("powercut-hibernate");
	phone_power_on(ph);
	enter(WORK);
	for (i = 0; i < rounds(5); i++) {
		if (i % 5 == 1)
			cut = (struct cut){ AT_HEADER, 0, us_below(30000) };
		else if (i % 5 == 2)
			cut = (struct cut){ AT_COMMIT, 0, us_below(5000) };
		else if (i % 5 == 3)
			cut = (struct cut){ AT_NV, 0, us_below(3000) };
		else
			cut = (struct cut){ AT_WRITTEN, share(), 0 };
		check_hibernate_cut(&cut, WORK);
	}
	/* All the time the other one was left alone. */
	switch_over(PERSONAL);
}

/* All slots go to the store: the first one may be there, the last one not. */
static void check_poweroff_cut(const struct cut *cut, int slot)
{
	static const char *done = "osti: power off";
	char result[64];
	bool was_done;

	next_age(WORK);
	switch_back(PERSONAL);
	next_age(PERSONAL);
	type("p");
	was_done = cut_power(cut, slot, done);
	read_nv();
	snprintf(result, sizeof(result), "%s %s, %s %s",
		 phone_name(WORK), known[WORK].stored ? "stored" : "not stored",
		 phone_name(PERSONAL),
		 known[PERSONAL].stored ? "stored" : "not stored");
	tell("power off", cut, result);
	if (known[PERSONAL].stored && !known[WORK].stored)
		test_fail("the requester was stored before the frozen one");
	if (was_done && !known[PERSONAL].stored)
		test_fail("the device switched itself off without storing all");
	phone_power_on(ph);
	enter(PERSONAL);
	switch_over(WORK);
}

static void test_cut_in_poweroff(void **state)
{
	struct cut cut;
	int i;

	(void)state;
	start("powercut-poweroff");
	phone_power_on(ph);
	enter(PERSONAL);
	switch_over(WORK);
	for (i = 0; i < rounds(5); i++) {
		if (i % 5 == 3)
			cut = (struct cut){ AT_COMMIT, 0, us_below(5000) };
		else if (i % 5 == 4)
			cut = (struct cut){ AT_HEADER, 0, us_below(30000) };
		else
			cut = (struct cut){ AT_WRITTEN, 2 * share(), 0 };
		check_poweroff_cut(&cut, i % 2 ? WORK : PERSONAL);
	}
}

/* ---- Resuming ------------------------------------------------------------------------------ */

static void check_resume_cut(const struct cut *cut, int slot)
{
	char back[48];
	bool done;

	snprintf(back, sizeof(back), "PAYLOAD keep/%d: note back", slot);
	phone_power_on(ph);
	phone_choose(ph, slot);
	done = cut_power(cut, slot, back);
	read_nv();
	tell("resume", cut, known[slot].stored ? "still stored" : "used up");
	if (done && known[slot].stored)
		test_fail("an image was resumed, but not used up");
	phone_power_on(ph);
	enter(slot);
	/* There it goes again. */
	next_age(slot);
	type("h");
	phone_stored(ph, slot);
	device_cut_power(ph->dev);
	read_nv();
	assert_true(known[slot].stored);
}

static void test_cut_in_resume(void **state)
{
	struct cut cut;
	int i;

	(void)state;
	start("powercut-resume");
	for (i = 0; i < rounds(4); i++) {
		if (i % 4 == 3)
			cut = (struct cut){ AT_NV, 0, us_below(3000) };
		else
			cut = (struct cut){ AT_READ, share(), 0 };
		check_resume_cut(&cut, i % 2 ? WORK : PERSONAL);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cut_in_hibernate),
		cmocka_unit_test(test_cut_in_poweroff),
		cmocka_unit_test(test_cut_in_resume),
	};
	int ret;

	fixture_begin();
	ret = cmocka_run_group_tests(tests, NULL, NULL);
	phone_stop(ph);
	return ret;
}
