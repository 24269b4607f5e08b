// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Backup, restore, push, pull and prune, as a person calls them, are cut off at
 * their n-th event (event_fake.h) in every way, and repeated. No backup that is
 * visible lacks anything, no OS is ever lost, and the second try does the work.
 *
 * Not all events are tried, see draw_begin(). The name of a test as argument runs
 * that one alone.
 */
#include "draw.h"
#include "keyboard.h"
#include "rig.h"
#include "witness.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <linux/input.h>

#include "event_fake.h"

/* Of each operation in each way, if not all. */
#define POINTS 2
/* From the record that says where an OS lives to the end of its push. */
#define LAST 20

enum way {
	PROCESS, /* switchd-backup or switchd is killed */
	POWER, /* the device is without */
	STORE, /* the disk with the repository is pulled out */
	KEY, /* a person switches */
	WAYS
};

static const char *const way_names[] = { "process", "power", "store", "key" };

struct operation {
	const char *words[5];
	uint16_t key; /* of the switch */
	/* After the cut, or the whole. Return: whether there is more to do. */
	bool (*look)(struct fixture *f, int status);
	/* It was repeated. */
	void (*done)(struct fixture *f);
};

static int keyboard;

/* What is tried now; the test that fails tells. */
static struct {
	unsigned int at; /* 0: nothing */
	enum way how;
} now;

/* ---- What each run begins with ------------------------------------------- */

/* What is there now is that. */
static void keep_base(struct fixture *f)
{
	count_events(f);
	shell(f, "rm -rf base && mkdir base && cp -a repository state device base");
}

static void begin_run(struct fixture *f)
{
	shell(f, "rm -rf repository state device && cp -a base/* .");
	/* Nobody reads what switchd told before, and there is room for so much. */
	helper_write(f->dir, "log", 0644, "");
	f->n_told = 0;
	f->seen = 0;
	f->told[0] = '\0';
}

static int setup_kill(void **state)
{
	struct fixture *f;

	draw_again();
	now.at = 0;
	setup_backup(state);
	f = *state;
	freeze(f, 1);
	make_fifo(f, "input/event0", 0600);
	start(f);
	keyboard = open_fifo(f, "input/event0");
	ctl(f, 0, "repo", "init");
	ctl(f, 0, "backup", "work");
	return 0;
}

/* ---- Events -------------------------------------------------------------- */

/* Whose was the last event of switchd-backup? 0: there was none. */
static pid_t helper_pid(struct fixture *f)
{
	char *text = helper_read(f->dir, "device/events");
	size_t at = strlen(text);
	pid_t pid = 0;

	while (at >= EVENT_FAKE_RECORD && !pid) {
		at -= EVENT_FAKE_RECORD;
		pid = atoi(text + at + 20);
		if (pid == f->switchd)
			pid = 0;
	}
	free(text);
	return pid && helper_is_running(pid) ? pid : 0;
}

static void print_file(struct fixture *f, const char *name)
{
	char *text = helper_read(f->dir, name);

	print_error("%s: %s\n", name, text);
	free(text);
}

/* Where a test has failed. */
static void tell_where(struct fixture *f)
{
	char *text = helper_read(f->dir, "device/events");
	size_t at = (size_t)(now.at - 1) * EVENT_FAKE_RECORD;

	print_error("event %u (%.20s), way \"%s\"\n", now.at,
		    at < strlen(text) ? text + at : "?", way_names[now.how]);
	free(text);
	print_file(f, "bg.err");
	print_file(f, "err");
	print_file(f, "log");
}

static int teardown_kill(void **state)
{
	if (now.at)
		tell_where(*state);
	close(keyboard);
	return teardown(state);
}

/* ---- Ways ---------------------------------------------------------------- */

static void kill_now(pid_t pid)
{
	if (pid)
		assert_int_equal(kill(pid, SIGKILL), 0);
}

/* Nobody has anything in the middle of the work any more. */
static void wait_dead(struct fixture *f, pid_t helper)
{
	assert_int_equal(wait_exit(f, f->switchd), 1000 + SIGKILL);
	f->switchd = 0;
	if (helper)
		helper_wait_ended(helper);
}

static int kill_process(struct fixture *f, pid_t asker, int fd)
{
	pid_t helper = helper_pid(f);
	int status;

	if (helper && draw(2)) {
		kill_now(helper);
		helper_wait_ended(helper);
		let_go(f, fd);
		return wait_exit(f, asker);
	}
	kill_now(f->switchd);
	wait_dead(f, helper);
	let_go(f, fd);
	status = wait_exit(f, asker);
	start(f);
	return status;
}

/* All at once: nobody sees another one die. */
static int power_off(struct fixture *f, pid_t asker, int fd)
{
	pid_t helper = helper_pid(f);

	assert_int_equal(kill(f->switchd, SIGSTOP), 0);
	kill_now(asker);
	kill_now(helper);
	kill_now(f->switchd);
	wait_dead(f, helper);
	wait_exit(f, asker);
	let_go(f, fd);
	shell(f, "rm -rf device/transfer");
	start(f);
	return -1;
}

/* How many presses switchd has dealt with. */
static unsigned int presses(struct fixture *f)
{
	char *log = helper_read(f->dir, "log");
	unsigned int n = 0;
	const char *at;

	for (at = log; (at = strstr(at, "key press for ")); at++)
		n++;
	for (at = log; (at = strstr(at, "back from the switch to ")); at++)
		n++;
	free(log);
	return n;
}

static void wait_press(struct fixture *f, unsigned int before)
{
	const struct timespec ts = { .tv_nsec = 4000000 };
	int64_t deadline = helper_now_ms() + HELPER_DEADLINE_MS;

	while (presses(f) == before) {
		assert_true(helper_now_ms() < deadline);
		nanosleep(&ts, NULL);
	}
}

static int press_key(struct fixture *f, const struct operation *o, pid_t asker,
		     int fd)
{
	pid_t helper = helper_pid(f);
	unsigned int before = presses(f);
	int status;

	/* As the monitor tells it after the way back. */
	control(f, "entries", "2");
	hotkey(keyboard, o->key);
	if (helper)
		wait_press(f, before);
	let_go(f, fd);
	if (!helper)
		wait_press(f, before);
	status = wait_exit(f, asker);
	wait_idle(f);
	return status;
}

/* Return: exit status of switchctl, or -1: it was killed. */
static int cut(struct fixture *f, const struct operation *o, enum way how,
	       unsigned int at)
{
	char text[16];
	pid_t asker;
	int status;
	int fd;

	snprintf(text, sizeof(text), "%u", at);
	hold_event(f, text);
	if (how == STORE) {
		control(f, "event-errno", "5");
		if (draw(2))
			control(f, "event-lost", "1");
		remove_file(f, "device/event-hold");
	}
	asker = spawn_ctl(f, "bg.out", "bg.err", o->words);
	if (how == STORE)
		return wait_exit(f, asker);
	fd = wait_held(f, asker, &status);
	/* It had fewer events than the one that was counted. */
	if (fd < 0) {
		remove_file(f, "device/event-hold");
		return status;
	}
	if (how == PROCESS)
		return kill_process(f, asker, fd);
	if (how == POWER)
		return power_off(f, asker, fd);
	return press_key(f, o, asker, fd);
}

/* ---- Runs ---------------------------------------------------------------- */

/* How many there are to see; all are whole. */
static size_t backups;

/* What came of it is good, and will be all of it. */
static void finish(struct fixture *f, const struct operation *o, int status)
{
	backups = witness_check(in(f, "repository"), true);
	if (!o->look(f, status))
		return;
	run_ctl(f, 0, o->words);
	o->done(f);
}

static void run_one(struct fixture *f, const struct operation *o, enum way how,
		    unsigned int at)
{
	int status;

	begin_run(f);
	status = cut(f, o, how, at);
	remove_file(f, "device/event-at");
	if (how == STORE)
		remove_file(f, "device/event-errno");
	finish(f, o, status);
}

static void run_way(struct fixture *f, const struct operation *o, enum way how,
		    unsigned int all)
{
	unsigned int points = draw_all() ? all : POINTS;
	unsigned int i;

	for (i = 0; i < points; i++) {
		unsigned int from = i * all / points;
		unsigned int to = (i + 1) * all / points;

		now.how = how;
		now.at = from + 1 + (to > from ? draw(to - from) : 0);
		run_one(f, o, how, now.at);
	}
	now.at = 0;
}

/* Each event of an operation that begins with what there is now. */
static unsigned int run_all(struct fixture *f, const struct operation *o)
{
	enum way how;
	unsigned int all;

	keep_base(f);
	begin_run(f);
	run_ctl(f, 0, o->words);
	all = events(f);
	print_message("%u events\n", all);
	finish(f, o, 0);
	assert_true(all > 10);
	for (how = 0; how < WAYS; how++)
		run_way(f, o, how, all);
	return all;
}

/* ---- Backup -------------------------------------------------------------- */

static bool is_saved(struct fixture *f)
{
	return witness_last(in(f, "repository"), in(f, "device/ram-2"),
			    in(f, "device/disk-2"));
}

static bool look_backup(struct fixture *f, int status)
{
	assert_true(backups == 1 || backups == 2);
	assert_true(backups == 2 || status != 0);
	if (backups == 2)
		assert_true(is_saved(f));
	return true;
}

static void done_backup(struct fixture *f)
{
	assert_int_equal(witness_check(in(f, "repository"), false),
			 backups + 1);
	assert_true(is_saved(f));
}

static void test_backup(void **state)
{
	static const struct operation backup = {
		.words = { "backup", "work" },
		.key = KEY_F2,
		.look = look_backup,
		.done = done_backup,
	};
	struct fixture *f = *state;

	freeze(f, 2);
	run_all(f, &backup);
}

/* ---- Restore, pull ------------------------------------------------------- */

static bool is_unfinished(struct fixture *f, const char *disk)
{
	char *text = helper_read(f->dir, disk);
	bool ret = strncmp(text, "OSTI-DISK-PART\n", 15) == 0;

	free(text);
	return ret;
}

/* It is what was saved, and so is its disk. */
static void assert_here(struct fixture *f)
{
	assert_true(same_files(f, "device/transfer/ram", "ram-wanted"));
	assert_true(same_files(f, "device/disk-2", "disk-wanted"));
}

/* Of a slot that is being brought in. Return: whether it is there. */
static bool came(struct fixture *f)
{
	if (helper_exists(f->dir, "device/transfer/ram")) {
		assert_here(f);
		set_state(f, 2, FROZEN);
		return true;
	}
	assert_true(same_files(f, "device/disk-2", "disk-before") ||
		    same_files(f, "device/disk-2", "disk-wanted") ||
		    is_unfinished(f, "device/disk-2"));
	return false;
}

static bool look_restore(struct fixture *f, int status)
{
	bool here = came(f);

	assert_true(here || status != 0);
	return !here;
}

/* What is saved is wanted; the slot is empty, with another disk. */
static void begin_bringing(struct fixture *f)
{
	shell(f, "cp device/ram-2 ram-wanted && cp device/disk-2 disk-wanted");
	freeze(f, 9);
	shell(f, "cp device/disk-2 disk-before && rm -rf device/transfer");
	set_state(f, 2, EMPTY);
}

static void test_restore(void **state)
{
	static const struct operation restore = {
		.words = { "restore", "work" },
		.key = KEY_F3,
		.look = look_restore,
		.done = assert_here,
	};
	struct fixture *f = *state;

	begin_bringing(f);
	run_all(f, &restore);
}

static bool pushed_whole(struct fixture *f)
{
	return witness_pushed(in(f, "repository"), in(f, "ram-wanted"),
			      in(f, "disk-wanted"));
}

static void assert_pulled(struct fixture *f)
{
	struct witness_home home;

	assert_here(f);
	witness_home(in(f, "repository"), &home);
	assert_false(home.in_repository);
	assert_string_equal(home.label, "device B");
	set_state(f, 2, FROZEN);
	ctl(f, 0, "switch", "work");
}

static bool look_pull(struct fixture *f, int status)
{
	bool here = came(f);

	/* Its copy stays, wherever it lives. */
	assert_true(pushed_whole(f));
	assert_true(here || status != 0);
	if (here)
		assert_pulled(f);
	return !here;
}

static void test_pull(void **state)
{
	static const struct operation pull = {
		.words = { "pull", "work" },
		.key = KEY_F1,
		.look = look_pull,
		.done = assert_pulled,
	};
	struct fixture *f = *state;
	const struct rig_config device_b = {
		.home = f->dir,
		.state = "state",
		.label = "device B",
		.more = "",
	};

	ctl(f, 0, "push", "work");
	stop(f);
	control(f, "own", "3");
	control(f, "image-2", "0 0 0 0 0 0");
	begin_bringing(f);
	configure_as(f, &device_b);
	start(f);
	run_all(f, &pull);
}

/* ---- Push ---------------------------------------------------------------- */

static bool is_retired(struct fixture *f)
{
	char *text = helper_read(f->dir, "device/image-2");
	bool ret = text[0] == '3';

	free(text);
	return ret;
}

static void assert_pushed(struct fixture *f)
{
	struct witness_home home;

	witness_home(in(f, "repository"), &home);
	assert_true(home.in_repository);
	assert_true(pushed_whole(f));
	assert_true(is_retired(f));
	ctl(f, 28, "switch", "work");
	says(f->err, "'switchctl pull work' brings it back");
}

static bool look_push(struct fixture *f, int status)
{
	struct witness_home home;

	witness_home(in(f, "repository"), &home);
	if (is_retired(f)) {
		assert_pushed(f);
		return false;
	}
	assert_true(home.in_repository || status != 0);
	if (home.in_repository) {
		assert_true(pushed_whole(f));
		/* It is here as well, and nobody goes on with it by accident. */
		ctl(f, 28, "switch", "work");
		says(f->err, "'switchctl pu");
	}
	return true;
}

static void test_push(void **state)
{
	static const struct operation push = {
		.words = { "push", "work" },
		.key = KEY_F2,
		.look = look_push,
		.done = assert_pushed,
	};
	struct fixture *f = *state;
	unsigned int all;

	freeze(f, 2);
	shell(f, "cp device/ram-2 ram-wanted && cp device/disk-2 disk-wanted");
	all = run_all(f, &push);
	/* Where the OS goes over, nothing is left to chance. */
	now.how = PROCESS;
	for (now.at = all - LAST; now.at <= all; now.at++)
		run_one(f, &push, now.how, now.at);
	now.at = 0;
}

/* ---- Prune --------------------------------------------------------------- */

static struct witness_packs pruned;

static bool look_prune(struct fixture *f, int status)
{
	assert_true(backups == 1 || (backups == 2 && status != 0));
	assert_true(is_saved(f));
	return true;
}

static void done_prune(struct fixture *f)
{
	struct witness_packs packs;

	assert_int_equal(witness_check(in(f, "repository"), false), 1);
	assert_true(is_saved(f));
	witness_packs(in(f, "repository"), &packs);
	/* The first one is not disturbed. */
	if (!pruned.used)
		pruned = packs;
	assert_memory_equal(&packs, &pruned, sizeof(packs));
	assert_true(packs.listed > 0);
	assert_int_equal(packs.free, 0);
}

static void test_prune(void **state)
{
	static const struct operation prune = {
		.words = { "prune", "work", "--keep-last=1" },
		.key = KEY_F3,
		.look = look_prune,
		.done = done_prune,
	};
	struct fixture *f = *state;

	/* One is forgotten, and what only it had is on a list that is old. */
	freeze(f, 2);
	ctl(f, 0, "backup", "work");
	pass_grace(f);
	age_repository(in(f, "repository"));
	ctl(f, 0, "prune", "work", "--keep-last=1");
	pass_grace(f);
	age_repository(in(f, "repository"));
	freeze(f, 3);
	ctl(f, 0, "backup", "work");
	memset(&pruned, 0, sizeof(pruned));
	run_all(f, &prune);
}

#define KILL(name)                                                             \
	cmocka_unit_test_setup_teardown(name, setup_kill, teardown_kill)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		KILL(test_backup), KILL(test_restore), KILL(test_push),
		KILL(test_pull),   KILL(test_prune),
	};

	draw_begin();
	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
