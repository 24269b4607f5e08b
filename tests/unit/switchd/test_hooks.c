// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Hooks: their order, what they are told, how they fail and how they are ended;
 * as children, and in units of a fake systemd.
 */
#include "systemd_fake.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/hooks.h"

struct fixture {
	char top[PATH_MAX]; /* results of the hooks are here */
	char dir[PATH_MAX + 16]; /* the hooks are here */
	sd_event *event;
	struct hooks_params params;
	struct hooks *hooks;
	int done;
	bool failed;
	struct fault fault;
	struct bus_fake bus;
	struct systemd_fake systemd;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	helper_dir_make(f->top);
	snprintf(f->dir, sizeof(f->dir), "%s/hooks.d", f->top);
	assert_int_equal(mkdir(f->dir, 0755), 0);
	f->event = helper_event_new();
	f->params = (struct hooks_params){
		.dir = f->dir,
		.info = { .slot = 1,
			  .name = "personal",
			  .target = 2,
			  .target_name = "work",
			  .request = "switch",
			  .reason = "hot" },
		.timeout_usec = HELPER_DEADLINE_MS * 1000ULL,
		.grace_usec = HELPER_DEADLINE_MS * 1000ULL,
		.answer_usec = HELPER_DEADLINE_MS * 1000ULL,
		.stop_on_failure = true,
	};
	*state = f;
	return 0;
}

static int setup_units(void **state)
{
	struct fixture *f;

	setup(state);
	f = *state;
	f->params.in_units = true;
	bus_fake_start(&f->bus, f->top);
	bus_fake_serve(&f->bus, f->event);
	systemd_fake_start(&f->systemd, &f->bus, f->event);
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	hooks_free(f->hooks);
	if (f->params.in_units) {
		systemd_fake_stop(&f->systemd);
		bus_fake_stop(&f->bus);
	}
	sd_event_unref(f->event);
	helper_dir_remove(f->top);
	free(f);
	return 0;
}

/* A hook; $T in the script is the directory for results. */
static void hook(struct fixture *f, const char *name, mode_t mode,
		 const char *script)
{
	char text[PATH_MAX + 1024];

	snprintf(text, sizeof(text), "#!/bin/sh\nT='%s'\n%s\n", f->top, script);
	helper_write(f->dir, name, mode, text);
}

static void on_done(const struct fault *fault, void *userdata)
{
	struct fixture *f = userdata;

	f->done++;
	f->failed = !!fault;
	if (fault)
		f->fault = *fault;
	hooks_free(f->hooks);
	f->hooks = NULL;
}

static void begin(struct fixture *f)
{
	assert_int_equal(
		hooks_start(f->event, &f->params, on_done, f, &f->hooks), 0);
	/* Never from in there. */
	assert_int_equal(f->done, 0);
}

static void run(struct fixture *f)
{
	begin(f);
	helper_run_until(f->event, &f->done);
	helper_run_ready(f->event);
	assert_int_equal(f->done, 1);
}

static void assert_failed(const struct fixture *f, const char *says)
{
	assert_true(f->failed);
	assert_int_equal(f->fault.code, FAULT_HOOK);
	if (!strstr(f->fault.message, says))
		fail_msg("'%s' does not say '%s'", f->fault.message, says);
}

static void assert_result(struct fixture *f, const char *name,
			  const char *expected)
{
	char *text = helper_read(f->top, name);

	assert_string_equal(text, expected);
	free(text);
}

static pid_t read_pid(struct fixture *f, const char *name)
{
	char *text;
	long pid;

	helper_wait_text(f->top, name, "\n");
	text = helper_read(f->top, name);
	pid = strtol(text, NULL, 10);
	free(text);
	assert_true(pid > 1);
	return (pid_t)pid;
}

static void test_no_directory(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(rmdir(f->dir), 0);
	run(f);
	assert_false(f->failed);
}

static void test_empty_directory(void **state)
{
	struct fixture *f = *state;

	run(f);
	assert_false(f->failed);
}

static void test_order(void **state)
{
	struct fixture *f = *state;

	/* Made in another order than they are to run in; bytes, not locale. */
	hook(f, "b", 0755, "echo b >>$T/order");
	hook(f, "20-x", 0755, "echo 20-x >>$T/order");
	hook(f, "B", 0755, "echo B >>$T/order");
	hook(f, "10-y", 0755, "sleep 0.05; echo 10-y >>$T/order");
	hook(f, "9-z", 0755, "echo 9-z >>$T/order");
	run(f);
	assert_false(f->failed);
	assert_result(f, "order", "10-y\n20-x\n9-z\nB\nb\n");
}

static void test_passed_over(void **state)
{
	static const char *const left[] = {
		"10-ok.dpkg-old", "10-ok.dpkg-new", "10-ok.dpkg-dist",
		"10-ok.ucf-dist", "10-ok.rpmsave",  "10-ok.bak",
		"10-ok.swp",
	};
	struct fixture *f = *state;
	char path[PATH_MAX + 32];
	size_t i;

	hook(f, ".hidden", 0755, "echo hidden >>$T/order");
	hook(f, "10-backup~", 0755, "echo backup >>$T/order");
	hook(f, "README", 0644, "echo readme >>$T/order");
	for (i = 0; i < sizeof(left) / sizeof(left[0]); i++)
		hook(f, left[i], 0755, "echo left >>$T/order");
	snprintf(path, sizeof(path), "%s/05-directory", f->dir);
	assert_int_equal(mkdir(path, 0755), 0);
	snprintf(path, sizeof(path), "%s/06-link", f->dir);
	assert_int_equal(symlink("/tmp", path), 0);
	hook(f, "50-last", 0755, "echo last >>$T/order");
	run(f);
	assert_false(f->failed);
	assert_result(f, "order", "last\n");
}

static void test_environment(void **state)
{
	struct fixture *f = *state;

	setenv("SWITCHD_TEST_LEAK", "1", 1);
	hook(f, "10-env", 0755,
	     "env | grep -v -e ^PWD= -e ^SHLVL= -e ^_= -e ^OLDPWD= | sort >$T/env; "
	     "[ \"$(readlink /proc/self/fd/0)\" = /dev/null ] && echo null >$T/stdin");
	f->params.info.result = "ok";
	run(f);
	assert_false(f->failed);
	assert_result(
		f, "env",
		"OSTI_NAME=personal\nOSTI_REASON=hot\nOSTI_REQUEST=switch\n"
		"OSTI_RESULT=ok\nOSTI_SLOT=1\nOSTI_TARGET=2\nOSTI_TARGET_NAME=work\n"
		"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n");
	assert_result(f, "stdin", "null\n");

	/* All that there can be. */
	f->params.info.request = "verify";
	f->params.info.request_slot = 3;
	f->params.info.request_name = "spare";
	f->params.info.reason = "copy";
	f->done = 0;
	run(f);
	assert_result(
		f, "env",
		"OSTI_NAME=personal\nOSTI_REASON=copy\nOSTI_REQUEST=verify\n"
		"OSTI_REQUEST_NAME=spare\nOSTI_REQUEST_SLOT=3\n"
		"OSTI_RESULT=ok\nOSTI_SLOT=1\nOSTI_TARGET=2\nOSTI_TARGET_NAME=work\n"
		"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n");
}

/* switchd may block and ignore signals; its hooks must not inherit that. */
static void test_signals(void **state)
{
	struct fixture *f = *state;
	char text[PATH_MAX + 256];

	/*
	 * Not a shell: those change their own mask. Signals from 29 on are left
	 * out, as the C library ignores two that it keeps for itself.
	 */
	snprintf(
		text, sizeof(text),
		"#!/usr/bin/awk -f\nBEGIN { while ((getline line <\"/proc/self/status\") > 0)\n"
		"if (line ~ /^Sig(Blk|Ign):/) print substr(line, 1, 7) substr(line, 18) >\"%s/signals\" }\n",
		f->top);
	helper_write(f->dir, "10-signals", 0755, text);
	assert_true(signal(SIGPIPE, SIG_IGN) != SIG_ERR);
	run(f);
	assert_true(signal(SIGPIPE, SIG_DFL) != SIG_ERR);
	assert_false(f->failed);
	assert_result(f, "signals", "SigBlk:0000000\nSigIgn:0000000\n");
}

static void test_no_result_before(void **state)
{
	struct fixture *f = *state;

	hook(f, "10-env", 0755, "env | grep -c ^OSTI_RESULT= >$T/n; true");
	run(f);
	assert_result(f, "n", "0\n");
}

static void test_failure_stops(void **state)
{
	struct fixture *f = *state;

	hook(f, "10-good", 0755, "echo 10 >>$T/order");
	hook(f, "20-bad", 0755, "echo 20 >>$T/order; exit 3");
	hook(f, "30-never", 0755, "echo 30 >>$T/order");
	run(f);
	assert_failed(f, "20-bad failed with status 3");
	assert_result(f, "order", "10\n20\n");
}

static void test_failure_goes_on(void **state)
{
	struct fixture *f = *state;

	f->params.stop_on_failure = false;
	hook(f, "10-bad", 0755, "echo 10 >>$T/order; exit 3");
	hook(f, "20-unsafe", 0757, "echo 20 >>$T/order");
	hook(f, "30-good", 0755, "echo 30 >>$T/order");
	run(f);
	assert_false(f->failed);
	assert_result(f, "order", "10\n30\n");
}

static void test_signal(void **state)
{
	struct fixture *f = *state;

	hook(f, "10-killed", 0755, "kill -USR1 $$; sleep 60");
	run(f);
	assert_failed(f, "10-killed was ended by signal 10");
}

static void test_cannot_start(void **state)
{
	struct fixture *f = *state;

	helper_write(f->dir, "10-bad", 0755, "#!/no/such/interpreter\n");
	run(f);
	assert_failed(f, "10-bad cannot be started: No such file");
}

static void test_timeout(void **state)
{
	struct fixture *f = *state;

	f->params.timeout_usec = 200000;
	hook(f, "10-slow", 0755, "echo $$ >$T/pid; exec sleep 600");
	hook(f, "20-never", 0755, "echo 20 >>$T/order");
	run(f);
	assert_failed(f, "10-slow took longer than 200 ms and was ended");
	assert_false(helper_is_running(read_pid(f, "pid")));
	assert_false(helper_exists(f->top, "order"));
}

static void test_timeout_is_per_hook(void **state)
{
	struct fixture *f = *state;
	char name[2] = "1";

	f->params.timeout_usec = 2000000;
	for (; name[0] <= '6'; name[0]++)
		hook(f, name, 0755, "sleep 0.4");
	run(f);
	assert_false(f->failed);
}

/* The hook asks for SIGTERM, tidies up and ends: no SIGKILL. */
static void test_timeout_lets_tidy_up(void **state)
{
	struct fixture *f = *state;

	f->params.timeout_usec = 1500000;
	hook(f, "10-tidy", 0755,
	     "trap 'echo tidy >$T/tidy; exit 0' TERM; : >$T/ready; while :; do sleep 0.05; done");
	run(f);
	assert_failed(f, "took longer");
	assert_result(f, "tidy", "tidy\n");
}

/* Neither the hook nor its child cares for SIGTERM. */
static void test_timeout_kills_the_group(void **state)
{
	struct fixture *f = *state;

	f->params.timeout_usec = 1500000;
	f->params.grace_usec = 100000;
	hook(f, "10-stubborn", 0755,
	     "trap '' TERM; sleep 600 & echo $! >$T/child; echo $$ >$T/pid; wait; sleep 600");
	run(f);
	assert_failed(f, "took longer");
	helper_wait_ended(read_pid(f, "pid"));
	helper_wait_ended(read_pid(f, "child"));
}

/* The hook ends by SIGTERM, its child does not. */
static void test_timeout_kills_what_is_left(void **state)
{
	struct fixture *f = *state;

	f->params.timeout_usec = 1500000;
	hook(f, "10-leaver", 0755,
	     "(trap '' TERM; exec sleep 600) & echo $! >$T/child; echo $$ >$T/pid; exec sleep 600");
	run(f);
	assert_failed(f, "took longer");
	helper_wait_ended(read_pid(f, "child"));
}

static void test_background_may_stay(void **state)
{
	struct fixture *f = *state;
	pid_t pid;

	hook(f, "10-daemon", 0755,
	     "sleep 600 </dev/null >/dev/null 2>&1 & echo $! >$T/pid");
	run(f);
	assert_false(f->failed);
	pid = read_pid(f, "pid");
	assert_true(helper_is_running(pid));
	assert_int_equal(kill(pid, SIGKILL), 0);
}

static void test_unsafe_files(void **state)
{
	struct fixture *f = *state;
	char link[PATH_MAX + 32];

	hook(f, "10-group", 0775, "echo ran >>$T/order");
	run(f);
	assert_failed(f, "10-group is not run: it can be written by others");

	f->done = 0;
	hook(f, "10-group", 0757, "echo ran >>$T/order");
	run(f);
	assert_failed(f, "10-group is not run: it can be written by others");

	f->done = 0;
	snprintf(link, sizeof(link), "%s/05-link", f->dir);
	assert_int_equal(symlink("/bin/true", link), 0);
	run(f);
	assert_failed(f, "05-link is not run: it is not a regular file");

	assert_false(helper_exists(f->top, "order"));
}

static void test_owner(void **state)
{
	struct fixture *f = *state;
	char path[PATH_MAX + 32];

	if (geteuid() != 0)
		skip();
	hook(f, "10-other", 0755, "echo ran >>$T/order");
	snprintf(path, sizeof(path), "%s/10-other", f->dir);
	assert_int_equal(chown(path, 65534, 65534), 0);
	run(f);
	assert_failed(f, "10-other is not run: it belongs to another user");
	assert_false(helper_exists(f->top, "order"));
}

static void test_unsafe_directory(void **state)
{
	struct fixture *f = *state;

	hook(f, "10-good", 0755, "echo ran >>$T/order");
	assert_int_equal(chmod(f->dir, 0777), 0);
	run(f);
	assert_failed(f, "are not run: it can be written by others");
	assert_false(helper_exists(f->top, "order"));
}

static void test_free_ends_the_hook(void **state)
{
	struct fixture *f = *state;
	pid_t child;
	pid_t pid;

	hook(f, "10-slow", 0755,
	     "sleep 600 & echo $! >$T/child; echo $$ >$T/pid; wait");
	begin(f);
	assert_true(sd_event_run(f->event, UINT64_MAX) > 0);
	pid = read_pid(f, "pid");
	child = read_pid(f, "child");
	hooks_free(f->hooks);
	f->hooks = NULL;
	assert_false(helper_is_running(pid));
	helper_wait_ended(child);
	helper_run_ready(f->event);
	assert_int_equal(f->done, 0);
}

/* ---- In units only --------------------------------------------------------------- */

/* What a hook leaves is ended with its unit, and it is in time all the same. */
static void test_unit_leaves_nothing(void **state)
{
	struct fixture *f = *state;

	hook(f, "10-daemon", 0755,
	     "trap '' TERM; sleep 600 </dev/null >/dev/null 2>&1 & echo $! >$T/pid");
	run(f);
	assert_false(f->failed);
	helper_wait_ended(read_pid(f, "pid"));
	assert_int_equal(f->systemd.stopped, 0);
}

/* Its output is ours: nobody has to look in two places. */
static void test_unit_output(void **state)
{
	struct fixture *f = *state;
	char expected[2 * PATH_MAX + 2];
	size_t n = 0;
	ssize_t r;
	int fd;

	for (fd = 1; fd <= 2; fd++) {
		r = readlink(fd == 1 ? "/proc/self/fd/1" : "/proc/self/fd/2",
			     expected + n, PATH_MAX);
		assert_true(r > 0);
		n += (size_t)r;
		expected[n++] = '\n';
	}
	expected[n] = '\0';
	hook(f, "10-out", 0755,
	     "readlink /proc/$$/fd/1 /proc/$$/fd/2 | cat >$T/out");
	run(f);
	assert_false(f->failed);
	assert_result(f, "out", expected);
}

static void test_unit_cannot_start(void **state)
{
	struct fixture *f = *state;

	helper_write(f->dir, "10-bad", 0755, "#!/no/such/interpreter\n");
	run(f);
	assert_failed(
		f,
		"10-bad cannot be started: systemd could not execute it (status 203)");
}

/* systemd says no: not one hook runs where it should not, and all is told. */
static void test_unit_refused(void **state)
{
	struct fixture *f = *state;

	f->systemd.refuse = SD_BUS_ERROR_ACCESS_DENIED;
	hook(f, "10-never", 0755, "echo ran >>$T/order");
	run(f);
	assert_failed(
		f,
		"10-never cannot be started: systemd does not start a unit for it: not ?[31mnow");
	assert_false(helper_exists(f->top, "order"));

	f->done = 0;
	f->params.stop_on_failure = false;
	run(f);
	assert_false(f->failed);
	assert_false(helper_exists(f->top, "order"));
}

static void test_unit_no_bus(void **state)
{
	struct fixture *f = *state;

	setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/bus", 1);
	hook(f, "10-never", 0755, "echo ran >>$T/order");
	run(f);
	assert_failed(f, "10-never cannot be started: the system bus: No such");
	assert_false(helper_exists(f->top, "order"));
}

/* The bus ends in the middle: the next hooks find out whether it still runs. */
static void test_unit_bus_lost(void **state)
{
	struct fixture *f = *state;
	pid_t pid;

	f->systemd.drop = true;
	hook(f, "10-slow", 0755, "echo $$ >$T/pid; exec sleep 600");
	hook(f, "20-never", 0755, "echo ran >>$T/order");
	run(f);
	assert_failed(f, "what became of hook");
	assert_failed(f, "10-slow is not known: the system bus is gone");
	assert_false(helper_exists(f->top, "order"));
	pid = read_pid(f, "pid");
	assert_true(helper_is_running(pid));

	/* The way back. */
	f->done = 0;
	helper_write(f->dir, "10-slow", 0755, "#!/bin/true\n");
	run(f);
	assert_false(f->failed);
	assert_int_equal(f->systemd.stopped, 1);
	helper_wait_ended(pid);
	assert_result(f, "order", "ran\n");
}

/* Names that mean something to others. */
static void test_unit_hostile_names(void **state)
{
	struct fixture *f = *state;

	hook(f, "10-$HOME%n\\x \"';.service", 0755, "echo 10 >>$T/order");
	hook(f, "20-\u00fc\u202e", 0755, "echo 20 >>$T/order");
	run(f);
	assert_failed(f, "20-");
	assert_failed(f, "cannot be started: Invalid or incomplete multibyte");
	assert_result(f, "order", "10\n");
	assert_non_null(strstr(f->systemd.description, "10-$HOME%n"));
	assert_int_equal(strspn(f->systemd.name,
				"osti-hook.servic0123456789abcdef"),
			 strlen(f->systemd.name));

	f->done = 0;
	f->params.stop_on_failure = false;
	hook(f, "30-\xff", 0755, "echo 30 >>$T/order");
	hook(f, "40-new\nline", 0755, "echo 40 >>$T/order");
	run(f);
	assert_result(f, "order", "10\n10\n");
}

static void test_unit_free_stops(void **state)
{
	struct fixture *f = *state;

	hook(f, "10-slow", 0755, "echo $$ >$T/pid; exec sleep 600");
	begin(f);
	while (!f->systemd.started)
		assert_true(sd_event_run(f->event, UINT64_MAX) > 0);
	helper_run_ready(f->event);
	hooks_free(f->hooks);
	f->hooks = NULL;
	while (!f->systemd.stopped)
		assert_true(sd_event_run(f->event, UINT64_MAX) > 0);
	while (f->systemd.pid)
		assert_true(sd_event_run(f->event, UINT64_MAX) > 0);
	assert_int_equal(f->done, 0);
}

/* systemd is there and says nothing. */
static void test_unit_mute(void **state)
{
	struct fixture *f = *state;

	f->systemd.mute = true;
	hook(f, "10-never", 0755, "echo ran >>$T/order");
	f->params.timeout_usec = 1000;
	f->params.grace_usec = 1000;
	f->params.answer_usec = 100000;
	run(f);
	assert_failed(f, "10-never cannot be started: systemd does not answer");
}

#define UNIT(name) cmocka_unit_test_setup_teardown(name, setup_units, teardown)
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_no_directory),
		TEST(test_empty_directory),
		TEST(test_order),
		TEST(test_passed_over),
		TEST(test_environment),
		TEST(test_signals),
		TEST(test_no_result_before),
		TEST(test_failure_stops),
		TEST(test_failure_goes_on),
		TEST(test_signal),
		TEST(test_cannot_start),
		TEST(test_timeout),
		TEST(test_timeout_is_per_hook),
		TEST(test_timeout_lets_tidy_up),
		TEST(test_timeout_kills_the_group),
		TEST(test_timeout_kills_what_is_left),
		TEST(test_background_may_stay),
		TEST(test_unsafe_files),
		TEST(test_owner),
		TEST(test_unsafe_directory),
		TEST(test_free_ends_the_hook),
		UNIT(test_no_directory),
		UNIT(test_order),
		UNIT(test_passed_over),
		UNIT(test_environment),
		UNIT(test_signals),
		UNIT(test_failure_stops),
		UNIT(test_failure_goes_on),
		UNIT(test_signal),
		UNIT(test_timeout),
		UNIT(test_timeout_is_per_hook),
		UNIT(test_timeout_lets_tidy_up),
		UNIT(test_timeout_kills_the_group),
		UNIT(test_timeout_kills_what_is_left),
		UNIT(test_unsafe_files),
		UNIT(test_unsafe_directory),
		UNIT(test_unit_leaves_nothing),
		UNIT(test_unit_output),
		UNIT(test_unit_cannot_start),
		UNIT(test_unit_refused),
		UNIT(test_unit_no_bus),
		UNIT(test_unit_bus_lost),
		UNIT(test_unit_hostile_names),
		UNIT(test_unit_free_stops),
		UNIT(test_unit_mute),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
