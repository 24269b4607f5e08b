// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One run of switchd-backup: what it is given, what it says, how it ends and is
 * ended; as a child, and in a unit of a fake systemd.
 */
#include "systemd_fake.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon/courier.h"

struct fixture {
	char dir[PATH_MAX];
	char program[PATH_MAX + 16]; /* a script in the helper's place */
	sd_event *event;
	struct courier *courier;
	bool in_unit;
	int said; /* lines */
	char last[256]; /* note */
	int done;
	json_t *result;
	bool failed;
	struct fault fault;
	/* Systemd is a process of its own: switchd waits for it now and then. */
	struct bus_fake bus;
	struct systemd_fake *systemd; /* of both */
	pid_t pid;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	helper_dir_make(f->dir);
	/* The child of root is somebody else. */
	assert_int_equal(chmod(f->dir, 0777), 0);
	snprintf(f->program, sizeof(f->program), "%s/program", f->dir);
	f->event = helper_event_new();
	*state = f;
	return 0;
}

static void serve(struct fixture *f)
{
	sd_event *event = helper_event_new();

	/* What fails here is not to go on with the tests. */
	setenv("CMOCKA_TEST_ABORT", "1", 1);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	bus_fake_serve(&f->bus, event);
	systemd_fake_start(f->systemd, &f->bus, event);
	sd_event_loop(event);
	_exit(1);
}

static int setup_unit(void **state)
{
	struct fixture *f;

	setup(state);
	f = *state;
	f->in_unit = true;
	f->systemd = mmap(NULL, sizeof(*f->systemd), PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(f->systemd != MAP_FAILED);
	f->systemd->program = f->program;
	bus_fake_start(&f->bus, f->dir);
	f->pid = fork();
	assert_true(f->pid >= 0);
	if (!f->pid)
		serve(f);
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	int status;

	courier_free(f->courier);
	if (f->in_unit) {
		assert_int_equal(kill(f->pid, SIGKILL), 0);
		assert_int_equal(waitpid(f->pid, &status, 0), f->pid);
		/* Nothing failed there. */
		assert_true(WIFSIGNALED(status));
		assert_int_equal(WTERMSIG(status), SIGKILL);
		if (f->systemd->pid)
			kill(-f->systemd->pid, SIGKILL);
		bus_fake_stop(&f->bus);
		munmap(f->systemd, sizeof(*f->systemd));
	}
	json_decref(f->result);
	sd_event_unref(f->event);
	helper_dir_remove(f->dir);
	free(f);
	return 0;
}

static void on_line(json_t *line, void *userdata)
{
	struct fixture *f = userdata;
	const char *note = json_string_value(json_object_get(line, "note"));

	f->said++;
	if (note)
		snprintf(f->last, sizeof(f->last), "%s", note);
	if (json_object_get(line, "ask"))
		courier_agree(f->courier);
}

static void on_ended(json_t *result, const struct fault *fault, void *userdata)
{
	struct fixture *f = userdata;

	f->done++;
	f->failed = !!fault;
	if (fault)
		f->fault = *fault;
	json_decref(f->result);
	f->result = json_incref(result);
	courier_free(f->courier);
	f->courier = NULL;
}

static const struct courier_ops ops = {
	.line = on_line,
	.ended = on_ended,
};

/* A script in the helper's place; $T is the directory. */
static void script(struct fixture *f, const char *text)
{
	char all[PATH_MAX + 1024];

	snprintf(all, sizeof(all), "#!/bin/sh\nT='%s'\n%s\n", f->dir, text);
	helper_write(f->dir, "program", 0755, all);
}

static int try(struct fixture *f)
{
	json_t *job = json_pack("{s:i}", "job", 7);
	const struct courier_params params = {
		.in_unit = f->in_unit,
		.program = f->program,
		.user = "nobody",
		.transfer = -1,
		.job = job,
	};
	int r = courier_start(f->event, &params, &ops, f, &f->courier,
			      &f->fault);

	json_decref(job);
	return r;
}

static void begin(struct fixture *f, const char *text)
{
	script(f, text);
	assert_int_equal(try(f), 0);
	/* Never from in there. */
	assert_int_equal(f->done, 0);
}

static void run(struct fixture *f, const char *text)
{
	f->done = 0;
	json_decref(f->result);
	f->result = NULL;
	begin(f, text);
	helper_run_until(f->event, &f->done);
	helper_run_ready(f->event);
	assert_int_equal(f->done, 1);
}

static void assert_failed(const struct fixture *f, const char *text)
{
	assert_true(f->failed);
	assert_int_equal(f->fault.code, FAULT_HELPER);
	if (!strstr(f->fault.message, text))
		fail_msg("\"%s\" is not in \"%s\"", text, f->fault.message);
}

static pid_t read_pid(struct fixture *f)
{
	char *text = helper_read(f->dir, "pid");
	pid_t pid = (pid_t)strtol(text, NULL, 10);

	free(text);
	assert_true(pid > 0);
	return pid;
}

/* ---- In both ways ---------------------------------------------------------------- */

#define RESULT "echo '{\"result\": {\"x\": 1}}'"
#define NOTE "echo '{\"note\": \"here\"}'"

static void test_job_and_result(void **state)
{
	struct fixture *f = *state;
	char *job;

	run(f, "read -r job; echo \"$job\" >$T/job\n" NOTE "\n" RESULT);
	assert_false(f->failed);
	assert_int_equal(
		json_integer_value(json_object_get(f->result, "x")), 1);
	assert_string_equal(f->last, "here");
	job = helper_read(f->dir, "job");
	assert_string_equal(job, "{\"job\":7}\n");
	free(job);
}

static void test_answer(void **state)
{
	struct fixture *f = *state;

	run(f, "read -r job; echo '{\"ask\": true}'; a=$(head -c 1); [ \"$a\" = y ] && " RESULT);
	assert_false(f->failed);
}

/* How it ends counts, and that it says nothing. */
static void test_status(void **state)
{
	struct fixture *f = *state;

	run(f, "exit 0");
	assert_failed(f, "it gave no answer");
	run(f, "exit 3");
	assert_failed(f, "it ended with status 3; what was uploaded counts");
	run(f, RESULT "; exit 3");
	assert_failed(f, "it ended with status 3");
	run(f, "kill -KILL $$");
	assert_failed(f, "signal 9 ended it");
	run(f, RESULT "; kill -SYS $$");
	assert_failed(f, "a forbidden system call");
	run(f, "echo '{\"error\": {\"code\": \"helper\", \"message\": \"I\"}}'; exit 1");
	assert_true(f->failed);
	assert_int_equal(f->fault.code, FAULT_FAILED);
	assert_string_equal(f->fault.message, "I");
}

/* It has ended before anybody reads what it said. */
static void test_last_words(void **state)
{
	struct fixture *f = *state;

	run(f, "i=0; while [ $i -lt 2000 ]; do " NOTE "; i=$((i + 1)); done; " RESULT);
	assert_false(f->failed);
	assert_int_equal(f->said, 2000);

	f->said = 0;
	f->done = 0;
	begin(f, NOTE "; echo $$ >$T/pid; " RESULT);
	courier_listen(f->courier, false);
	helper_run_until(f->event, &f->done);
	assert_false(f->failed);
	assert_int_equal(f->said, 1);
}

static void test_distrust(void **state)
{
	struct fixture *f = *state;

	run(f, "echo $$ >$T/pid; echo nonsense; exec sleep 600");
	assert_failed(f, "switchd-backup was ended: it said what is not JSON");
	helper_wait_ended(read_pid(f));
}

/* Once courier_free() is back nothing of it has the transfer any more. */
static void test_cancel(void **state)
{
	struct fixture *f = *state;

	begin(f, "echo $$ >$T/pid; " NOTE "; exec sleep 600");
	helper_run_until(f->event, &f->said);
	courier_free(f->courier);
	f->courier = NULL;
	assert_false(helper_is_running(read_pid(f)));
	helper_run_ready(f->event);
	assert_int_equal(f->done, 0);
}

/* As switchd does that is to stop: its loop has ended before. */
static void test_cancel_after_the_loop(void **state)
{
	struct fixture *f = *state;

	begin(f, "echo $$ >$T/pid; " NOTE "; exec sleep 600");
	helper_run_until(f->event, &f->said);
	assert_true(sd_event_exit(f->event, 0) >= 0);
	assert_int_equal(sd_event_loop(f->event), 0);
	courier_free(f->courier);
	f->courier = NULL;
	assert_false(helper_is_running(read_pid(f)));
}

static void test_cancel_at_once(void **state)
{
	struct fixture *f = *state;

	begin(f, "echo $$ >$T/pid; exec sleep 600");
	courier_free(f->courier);
	f->courier = NULL;
	run(f, RESULT);
	assert_false(f->failed);
	if (helper_exists(f->dir, "pid"))
		assert_false(helper_is_running(read_pid(f)));
}

static char process_state(pid_t pid)
{
	char path[64];
	char *text;
	char ret;

	snprintf(path, sizeof(path), "/proc/%d", (int)pid);
	text = helper_read(path, "stat");
	assert_non_null(strchr(text, ')'));
	ret = strchr(text, ')')[2];
	free(text);
	return ret;
}

/* Until the process is stopped, or is not. */
static void wait_stopped(struct fixture *f, pid_t pid, bool stopped)
{
	int64_t deadline = helper_now_ms() + HELPER_DEADLINE_MS;

	while ((process_state(pid) == 'T') != stopped) {
		assert_true(helper_now_ms() < deadline);
		sd_event_run(f->event, 1000);
	}
}

static void test_hold(void **state)
{
	struct fixture *f = *state;
	pid_t pid;

	/* A shell that waits for a child it begins cannot be stopped. */
	begin(f, "echo $$ >$T/pid; read -r job; " NOTE "; read -r never");
	helper_run_until(f->event, &f->said);
	pid = read_pid(f);
	courier_hold(f->courier, true);
	wait_stopped(f, pid, true);
	courier_hold(f->courier, false);
	wait_stopped(f, pid, false);

	/* One that rests is ended, too. */
	courier_hold(f->courier, true);
	wait_stopped(f, pid, true);
	courier_free(f->courier);
	f->courier = NULL;
	assert_false(helper_is_running(pid));
	assert_int_equal(f->done, 0);
}

/* ---- In a unit only -------------------------------------------------------------- */

static void test_unit_user(void **state)
{
	struct fixture *f = *state;

	run(f, RESULT);
	assert_int_equal(f->systemd->started, 1);
	assert_string_equal(f->systemd->user, geteuid() ? "" : "nobody");
	/* So that a drop-in finds it. */
	assert_int_equal(strncmp(f->systemd->name, "switchd-backup-", 15), 0);
}

/* There is no falling back to a child. */
static void test_unit_refused(void **state)
{
	struct fixture *f = *state;

	f->systemd->refuse = SD_BUS_ERROR_ACCESS_DENIED;
	run(f, "touch $T/ran; " RESULT);
	assert_failed(
		f,
		"switchd-backup cannot be started: systemd does not start a unit for it: not ?[31mnow");
	assert_false(helper_exists(f->dir, "ran"));
}

static void test_unit_no_bus(void **state)
{
	struct fixture *f = *state;

	setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/bus", 1);
	script(f, "touch $T/ran; " RESULT);
	assert_int_equal(try(f), -1);
	f->failed = true;
	assert_failed(
		f,
		"switchd-backup cannot be started: the system bus: No such file");
	assert_false(helper_exists(f->dir, "ran"));
}

static void test_unit_not_executed(void **state)
{
	struct fixture *f = *state;

	f->systemd->program = "/nonexistent/program";
	run(f, "");
	assert_failed(f, "cannot be started: systemd could not execute it");
	f->systemd->program = f->program;
	run(f, "exit 226");
	assert_failed(f, "systemd cannot set it up, status 226");
}

/* systemd says nothing: whoever gives up need not wait for it. */
static void test_unit_mute(void **state)
{
	struct fixture *f = *state;

	f->systemd->mute = true;
	begin(f, RESULT);
	helper_run_ready(f->event);
	courier_free(f->courier);
	f->courier = NULL;
	assert_int_equal(f->done, 0);
}

/* It does as it is told, but nobody knows any more what becomes of it. */
static void test_unit_bus_lost(void **state)
{
	struct fixture *f = *state;
	pid_t pid;

	f->systemd->drop = true;
	run(f, "echo $$ >$T/pid; exec sleep 600");
	assert_failed(f, "switchd-backup failed: the system bus is gone");
	helper_wait_text(f->dir, "pid", "\n");
	pid = read_pid(f);
	assert_true(helper_is_running(pid));

	run(f, RESULT);
	assert_false(f->failed);
	assert_true(f->systemd->stopped >= 1);
	helper_wait_ended(pid);
}

/* switchd is killed: the next one ends what it left before it starts another. */
static void test_unit_of_a_killed_switchd(void **state)
{
	struct fixture *f = *state;
	pid_t pid = fork();
	int status;

	assert_true(pid >= 0);
	if (!pid) {
		setenv("CMOCKA_TEST_ABORT", "1", 1);
		sd_event_unref(f->event);
		f->event = helper_event_new();
		begin(f, "echo $$ >$T/pid; " NOTE "; exec sleep 600");
		helper_run_until(f->event, &f->said);
		kill(getpid(), SIGKILL);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	pid = read_pid(f);
	assert_true(helper_is_running(pid));
	run(f, RESULT);
	assert_false(f->failed);
	assert_true(f->systemd->stopped >= 1);
	assert_int_equal(f->systemd->started, 2);
	assert_false(helper_is_running(pid));
}

#define UNIT(name) cmocka_unit_test_setup_teardown(name, setup_unit, teardown)
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_job_and_result),
		TEST(test_answer),
		TEST(test_status),
		TEST(test_last_words),
		TEST(test_distrust),
		TEST(test_cancel),
		TEST(test_cancel_after_the_loop),
		TEST(test_cancel_at_once),
		TEST(test_hold),
		UNIT(test_job_and_result),
		UNIT(test_answer),
		UNIT(test_status),
		UNIT(test_last_words),
		UNIT(test_distrust),
		UNIT(test_cancel),
		UNIT(test_cancel_after_the_loop),
		UNIT(test_cancel_at_once),
		UNIT(test_hold),
		UNIT(test_unit_user),
		UNIT(test_unit_refused),
		UNIT(test_unit_no_bus),
		UNIT(test_unit_not_executed),
		UNIT(test_unit_mute),
		UNIT(test_unit_bus_lost),
		UNIT(test_unit_of_a_killed_switchd),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
