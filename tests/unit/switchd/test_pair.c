// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Two devices at one repository, as programs: at the same time, in all kinds of
 * order, and with one that stands still while weeks go by for the other.
 */
#include "draw.h"
#include "rig.h"
#include "witness.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Orders that are tried, and events at which one stands still, if not all. */
#define ORDERS 2
#define ALL_ORDERS 80
#define POINTS 2

/* The repository is in the directory of the first. */
static struct fixture *dev[2];
static const char *const labels[] = { "device A", "device B" };

static const char *repository(void)
{
	return in(dev[0], "repository");
}

/* ---- Both ---------------------------------------------------------------- */

static void start_device(struct fixture *f, int nr)
{
	const struct rig_config c = {
		.home = dev[0]->dir,
		.state = "state",
		.label = labels[nr],
		.more = "",
	};

	/* Who claims an OS is known by the own slot. */
	control(f, "own", nr ? "3" : "1");
	configure_as(f, &c);
	count_events(f);
	start(f);
}

static int setup_pair(void **state)
{
	void *fixture;
	int i;

	(void)state;
	draw_again();
	for (i = 0; i < 2; i++) {
		setup_backup(&fixture);
		dev[i] = fixture;
		freeze(dev[i], 1);
		start_device(dev[i], i);
	}
	ctl(dev[0], 0, "repo", "init");
	return 0;
}

static int teardown_pair(void **state)
{
	void *fixture;

	(void)state;
	fixture = dev[1];
	teardown(&fixture);
	fixture = dev[0];
	return teardown(&fixture);
}

static void keep_base(void)
{
	int i;

	for (i = 0; i < 2; i++)
		shell(dev[i], "rm -rf base && mkdir base && cp -a repository state device base");
}

static void begin_run(void)
{
	int i;

	for (i = 0; i < 2; i++) {
		shell(dev[i], "rm -rf repository state device && cp -a base/* .");
		dev[i]->n_told = 0;
		dev[i]->seen = 0;
		dev[i]->told[0] = '\0';
	}
}

static void pass_for_all(void)
{
	pass_grace(dev[0]);
	pass_grace(dev[1]);
	age_repository(repository());
}

/* It is in the repository as the device has it. */
static void assert_saved(int nr)
{
	assert_true(witness_any(repository(), in(dev[nr], "device/ram-2"),
				in(dev[nr], "device/disk-2")));
}

/* What a prune of that device takes now and later is needed by nobody. */
static void prune_all(int nr)
{
	int i;

	for (i = 0; i < 3; i++) {
		ctl(dev[nr], 0, "prune", "work");
		witness_check(repository(), false);
		pass_for_all();
	}
	witness_check(repository(), true);
}

/* ---- In lockstep --------------------------------------------------------- */

struct side {
	struct fixture *f;
	pid_t asker; /* 0: it has ended */
	int status;
	int step; /* to the FIFO */
};

static bool ended(struct side *s)
{
	int status;

	if (s->asker && waitpid(s->asker, &status, WNOHANG) == s->asker) {
		assert_true(WIFEXITED(status));
		s->status = WEXITSTATUS(status);
		s->asker = 0;
	}
	return !s->asker;
}

/* Lets it do one thing, and waits until it wants to do another. */
static void go_on(struct side *s)
{
	const struct timespec ts = { .tv_nsec = 500000 };
	int64_t deadline = helper_now_ms() + HELPER_DEADLINE_MS;
	unsigned int before = events(s->f);

	assert_int_equal(write(s->step, "x", 1), 1);
	while (!ended(s) && events(s->f) == before) {
		assert_true(helper_now_ms() < deadline);
		nanosleep(&ts, NULL);
	}
}

static void begin_side(struct side *s, struct fixture *f,
		       const char *const words[])
{
	const struct timespec ts = { .tv_nsec = 500000 };

	s->f = f;
	count_events(f);
	make_fifo(f, "device/event-step", 0666);
	s->step = open(in(f, "device/event-step"), O_RDWR | O_CLOEXEC);
	assert_true(s->step >= 0);
	s->asker = spawn_ctl(f, "bg.out", "bg.err", words);
	while (!ended(s) && !events(f))
		nanosleep(&ts, NULL);
}

static void end_side(struct side *s)
{
	remove_file(s->f, "device/event-step");
	close(s->step);
	wait_idle(s->f);
}

/* More events than one of them has, nearly always. */
#define MANY 64

/*
 * Both do their words, in an order that is drawn: the one does all while the other
 * is somewhere in the middle, or both go on by some events at a time.
 */
static void run_both(struct side s[2], const char *const a[],
		     const char *const b[])
{
	bool once = draw(2);
	int i = (int)draw(2);
	unsigned int n;

	begin_run();
	begin_side(&s[0], dev[0], a);
	begin_side(&s[1], dev[1], b);
	for (n = draw(MANY); !ended(&s[0]) || !ended(&s[1]); i = !i) {
		for (; n && !ended(&s[i]); n--)
			go_on(&s[i]);
		n = once ? UINT_MAX : 1 + draw(1u << draw(7));
	}
	end_side(&s[0]);
	end_side(&s[1]);
}

static int orders(void)
{
	return draw_all() ? ALL_ORDERS : ORDERS;
}

static const char *const backup[] = { "backup", "work", NULL };
static const char *const prune[] = { "prune", "work", "--keep-last=1", NULL };
static const char *const pull[] = { "pull", "work", NULL };

static void test_two_backups(void **state)
{
	struct side s[2];
	int i;

	(void)state;
	ctl(dev[0], 0, "backup", "work");
	freeze(dev[0], 2);
	freeze(dev[1], 3);
	keep_base();
	for (i = 0; i < orders(); i++) {
		run_both(s, backup, backup);
		assert_int_equal(s[0].status, 0);
		assert_int_equal(s[1].status, 0);
		assert_int_equal(witness_check(repository(), true), 3);
		assert_saved(0);
		assert_saved(1);
	}
	prune_all(1);
	assert_int_equal(witness_check(repository(), true), 3);
}

/* In many orders: both do their work, and so does a prune after them. */
static void prune_and_backup(void)
{
	struct side s[2];
	int i;

	for (i = 0; i < orders(); i++) {
		run_both(s, prune, backup);
		assert_int_equal(s[0].status, 0);
		assert_int_equal(s[1].status, 0);
		witness_check(repository(), true);
		assert_saved(1);
		prune_all(0);
		assert_saved(1);
	}
}

/* A backup that wants what a prune has just found to be needed by nobody. */
static void test_backup_and_prune(void **state)
{
	(void)state;
	ctl(dev[0], 0, "backup", "work");
	freeze(dev[0], 2);
	ctl(dev[0], 0, "backup", "work");
	pass_for_all();
	keep_base();
	prune_and_backup();
	/* And what it is about to delete: it is on a list that is old. */
	begin_run();
	ctl(dev[0], 0, "prune", "work", "--keep-last=1");
	pass_for_all();
	keep_base();
	prune_and_backup();
}

static void test_two_pulls(void **state)
{
	struct witness_home home;
	struct side s[2];
	int winner;
	char *text;
	int i;

	(void)state;
	ctl(dev[0], 0, "push", "work");
	/* Each has an empty slot, and the pushed OS's retired image is gone. */
	control(dev[0], "image-2", "0 0 0 0 0 0");
	set_state(dev[1], 2, EMPTY);
	freeze(dev[1], 4);
	keep_base();
	for (i = 0; i < orders(); i++) {
		run_both(s, pull, pull);
		winner = s[0].status != 0;
		assert_int_equal(s[winner].status, 0);
		assert_int_equal(s[!winner].status, 27);
		text = helper_read(dev[!winner]->dir, "bg.err");
		says(text, labels[winner]);
		free(text);
		witness_home(repository(), &home);
		assert_false(home.in_repository);
		assert_string_equal(home.label, labels[winner]);
		assert_true(helper_exists(dev[winner]->dir,
					  "device/transfer/ram"));
		assert_false(helper_exists(dev[!winner]->dir,
					   "device/transfer/ram"));
	}
}

/* ---- One stands still ---------------------------------------------------- */

/* Nothing is as it was for who has stood still since then. */
static void weeks_go_by(void)
{
	int i;

	for (i = 0; i < 3; i++) {
		ctl(dev[0], 0, "prune", "work", "--keep-last=1");
		pass_for_all();
	}
}

static void stand_still(unsigned int at)
{
	struct fixture *f = dev[1];
	char text[16];
	pid_t asker;
	int status;
	int fd;

	begin_run();
	count_events(f);
	snprintf(text, sizeof(text), "%u", at);
	hold_event(f, text);
	asker = spawn_ctl(f, "bg.out", "bg.err", backup);
	fd = wait_held(f, asker, &status);
	weeks_go_by();
	if (fd >= 0) {
		let_go(f, fd);
		status = wait_exit(f, asker);
	}
	witness_check(repository(), true);
	if (status == 0)
		assert_saved(1);
	else
		ctl(f, 0, "backup", "work");
	prune_all(0);
	assert_saved(1);
}

/* Frozen for longer than every time there is, with older packs in its plan. */
static void test_frozen_uploader(void **state)
{
	unsigned int all;
	unsigned int n;
	unsigned int i;

	(void)state;
	ctl(dev[0], 0, "backup", "work");
	freeze(dev[0], 2);
	ctl(dev[0], 0, "backup", "work");
	/* Half of what it has is in a backup that will be forgotten. */
	freeze(dev[1], 5);
	shell(dev[1], "dd if=device/ram-2 of=ram-5 bs=256k count=1 status=none");
	freeze(dev[1], 1);
	shell(dev[1], "dd if=ram-5 of=device/ram-2 conv=notrunc status=none");
	keep_base();
	begin_run();
	count_events(dev[1]);
	ctl(dev[1], 0, "backup", "work");
	all = events(dev[1]);
	n = draw_all() ? all : POINTS;
	for (i = 0; i < n; i++)
		stand_still(1 + i * all / n + draw((i + 1) * all / n -
						    i * all / n));
}

#define PAIR(name)                                                             \
	cmocka_unit_test_setup_teardown(name, setup_pair, teardown_pair)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		PAIR(test_two_backups),
		PAIR(test_backup_and_prune),
		PAIR(test_two_pulls),
		PAIR(test_frozen_uploader),
	};

	draw_begin();
	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
