// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What becomes of key presses: the table in the docs, and what it leads to.
 */
#include "helper.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <osti/abi.h>

#include "common/util.h"
#include "daemon/presses.h"

/* Tests run at the top of the tree. */
#define DOCS "docs/switchd.md"
#define HEADING "| state | key press | next | what happens |"

#define FIRST (100 * USEC_PER_SEC)
#define OVERRIDE_MS 5000

struct fixture {
	char dir[PATH_MAX];
	sd_event *event;
	struct device *device;
	struct inhibit inhibit;
	struct inhibit_lock *lock;
	struct switcher *switcher;
	struct presses presses;
};

static const struct keys_action work = { .wish = KEYS_SLOT, .slot = 2 };
static const struct keys_action spare = { .wish = KEYS_SLOT, .slot = 3 };

static void on_resumed(uint64_t usec, void *userdata)
{
	(void)usec;
	(void)userdata;
}

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	helper_dir_make(f->dir);
	f->event = helper_event_new();
	assert_int_equal(device_open(f->dir, &f->device), 0);
	assert_int_equal(switcher_new(f->event, f->device, &f->inhibit, f->dir,
				      HELPER_DEADLINE_MS, f->dir, on_resumed, f,
				      &f->switcher),
			 0);
	f->presses.switcher = f->switcher;
	f->presses.override_ms = OVERRIDE_MS;
	*state = f;
	return 0;
}

static void release(struct fixture *f)
{
	if (f->lock)
		inhibit_release(&f->inhibit, f->lock);
	f->lock = NULL;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	release(f);
	switcher_free(f->switcher);
	device_close(f->device);
	sd_event_unref(f->event);
	helper_dir_remove(f->dir);
	free(f);
	return 0;
}

static void lock(struct fixture *f)
{
	struct fault fault;

	assert_int_equal(inhibit_take(&f->inhibit, "me", "because", 1000, 1,
				      &f->lock, &fault),
			 0);
}

static void press(struct fixture *f, struct keys_action action, uint64_t usec)
{
	presses_key(&f->presses, action, usec);
}

/* Ends the switch under way, if there is one. */
static void settle(struct fixture *f)
{
	int64_t deadline = helper_now_ms() + HELPER_DEADLINE_MS;

	while (switcher_current(f->switcher)) {
		assert_true(helper_now_ms() < deadline);
		assert_true(sd_event_run(f->event, 20000) >= 0);
	}
}

/* What was called since the last time is that. */
static void calls(struct fixture *f, const char *expected)
{
	char *got;

	settle(f);
	got = helper_read(f->dir, "calls");
	assert_string_equal(got, expected);
	free(got);
	helper_write(f->dir, "calls", 0644, "");
}

/* ---- The table in the docs --------------------------------------------------- */

static void no_lock(struct fixture *f)
{
	release(f);
	press(f, work, FIRST + 1);
}

static void locked(struct fixture *f)
{
	lock(f);
	press(f, work, FIRST + 1);
}

static void under_way(struct fixture *f)
{
	struct fault fault;

	assert_int_equal(switcher_start(f->switcher, OSTI_REQUEST_NONE, "menu",
					SWITCHER_OVER_LOCKS, NULL, NULL,
					&fault),
			 0);
	press(f, work, FIRST + 1);
	/* It is the first one that comes. */
	calls(f, "switch 0\nmark\n");
}

static void same_in_time(struct fixture *f)
{
	press(f, work, FIRST + OVERRIDE_MS * USEC_PER_MSEC - 1);
}

static void same_too_late(struct fixture *f)
{
	press(f, work, FIRST + OVERRIDE_MS * USEC_PER_MSEC);
}

static void another(struct fixture *f)
{
	press(f, spare, FIRST + 1);
}

static void frozen(struct fixture *f)
{
	presses_forget(&f->presses);
}

static const struct {
	const char *state;
	const char *what;
	void (*happens)(struct fixture *f);
} stimuli[] = {
	{ "CALM", "no lock is held", no_lock },
	{ "CALM", "a lock is held", locked },
	{ "CALM", "a switch is under way", under_way },
	{ "WARNED", "the same key, in time", same_in_time },
	{ "WARNED", "the same key, too late", same_too_late },
	{ "WARNED", "another key", another },
	{ "WARNED", "no lock is held", no_lock },
	{ "WARNED", "a switch is under way", under_way },
	{ "WARNED", "none: this OS was frozen", frozen },
};

/* Cuts a row into its cells. Return: whether it is one. */
static bool read_row(char *line, char *cell[4])
{
	char *state = NULL;
	size_t n;
	int i;

	if (line[0] != '|')
		return false;
	for (i = 0; i < 4; i++) {
		cell[i] = strtok_r(i ? NULL : line, "|", &state);
		if (!cell[i])
			return false;
		cell[i] += strspn(cell[i], " ");
		n = strlen(cell[i]);
		while (n && cell[i][n - 1] == ' ')
			cell[i][--n] = '\0';
	}
	return true;
}

static void check_row(char *const cell[4], unsigned int *seen)
{
	const bool switches = strcmp(cell[3], "switch") == 0;
	struct fixture *f;
	void *state;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(stimuli); i++)
		if (strcmp(stimuli[i].state, cell[0]) == 0 &&
		    strcmp(stimuli[i].what, cell[1]) == 0)
			break;
	if (i == ARRAY_SIZE(stimuli) || *seen & 1u << i) {
		fail_msg(DOCS ": '%s' '%s' is unknown, or twice there", cell[0],
			 cell[1]);
		return;
	}
	*seen |= 1u << i;
	setup(&state);
	f = state;
	if (strcmp(cell[0], "WARNED") == 0) {
		lock(f);
		press(f, work, FIRST);
		assert_true(f->presses.warned);
	}
	stimuli[i].happens(f);
	if (f->presses.warned != (strcmp(cell[2], "WARNED") == 0))
		fail_msg(DOCS ": '%s' '%s' does not lead to %s", cell[0],
			 cell[1], cell[2]);
	if (!switches != !switcher_current(f->switcher))
		fail_msg(DOCS ": '%s' '%s' does not end in '%s'", cell[0],
			 cell[1], cell[3]);
	calls(f, switches ? "switch 2\nmark\n" : "");
	teardown(&state);
}

static void test_docs(void **state)
{
	FILE *file = fopen(DOCS, "re");
	bool in_table = false;
	unsigned int seen = 0;
	char line[1024];
	char *cell[4];

	(void)state;
	if (!file)
		fail_msg("cannot read " DOCS
			 ": run the test at the top of the tree");
	while (fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		if (strcmp(line, HEADING) == 0)
			in_table = true;
		else if (!read_row(line, cell))
			in_table = false;
		else if (in_table && cell[0][0] != '-')
			check_row(cell, &seen);
	}
	fclose(file);
	assert_int_equal(seen, (1u << ARRAY_SIZE(stimuli)) - 1);
}

/* ---- What else matters ------------------------------------------------------- */

/* The holder keeps the lock, and the next switch needs two presses again. */
static void test_lock_stays(void **state)
{
	struct fixture *f = *state;

	lock(f);
	press(f, work, FIRST);
	press(f, work, FIRST + 1);
	calls(f, "switch 2\nmark\n");
	assert_ptr_equal(f->inhibit.locks, f->lock);
	press(f, work, FIRST + 2);
	calls(f, "");
	press(f, work, FIRST + 3);
	calls(f, "switch 2\nmark\n");
}

/* The time and the key are those of the last press that was refused. */
static void test_begins_anew(void **state)
{
	const uint64_t late = FIRST + OVERRIDE_MS * USEC_PER_MSEC;
	struct fixture *f = *state;

	lock(f);
	press(f, work, FIRST);
	press(f, work, late);
	calls(f, "");
	press(f, spare, late + 1);
	press(f, work, late + 2);
	press(f, spare, late + 3);
	calls(f, "");
	press(f, spare, late + 4);
	calls(f, "switch 3\nmark\n");
}

static void test_power_key(void **state)
{
	const struct keys_action next = { .wish = KEYS_NEXT };
	const struct keys_action menu = { .wish = KEYS_MENU };
	struct fixture *f = *state;

	lock(f);
	/* Another key, though it means the same slot. */
	press(f, work, FIRST);
	press(f, next, FIRST + 1);
	press(f, menu, FIRST + 2);
	calls(f, "");
	press(f, menu, FIRST + 3);
	calls(f, "switch 0\nmark\n");
}

/* Time that goes backwards is no second press. */
static void test_odd_times(void **state)
{
	struct fixture *f = *state;

	lock(f);
	press(f, work, FIRST);
	press(f, work, FIRST - 1);
	calls(f, "");
	press(f, work, UINT64_MAX);
	calls(f, "");
}

static void test_hooks_can_say_no(void **state)
{
	struct fixture *f = *state;
	char path[PATH_MAX + 32];

	snprintf(path, sizeof(path), "%s/" SWITCHER_DIR_BEFORE, f->dir);
	assert_int_equal(mkdir(path, 0755), 0);
	helper_write(f->dir, SWITCHER_DIR_BEFORE "/10-no", 0755,
		     "#!/bin/sh\nexit 1\n");
	lock(f);
	press(f, work, FIRST);
	press(f, work, FIRST + 1);
	assert_non_null(switcher_current(f->switcher));
	calls(f, "");
}

static void test_never(void **state)
{
	struct fixture *f = *state;

	f->presses.override_ms = 0;
	lock(f);
	press(f, work, FIRST);
	press(f, work, FIRST);
	press(f, work, FIRST + 1);
	calls(f, "");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_docs),
		TEST(test_lock_stays),
		TEST(test_begins_anew),
		TEST(test_power_key),
		TEST(test_odd_times),
		TEST(test_hooks_can_say_no),
		TEST(test_never),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
