// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A switch that is a sleep to a fake logind.
 */
#include "bus_fake.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <osti/abi.h>

#include "common/util.h"
#include "daemon/log.h"
#include "daemon/methods.h"
#include "daemon/prepare.h"
#include "daemon/ready.h"
#include "daemon/server.h"
#include "daemon/sleep_note.h"
#include "daemon/switcher.h"
#include "device_fake.h"

#define LOGIN "org.freedesktop.login1"
#define LOGIN_PATH "/org/freedesktop/login1"
#define MANAGER LOGIN ".Manager"

#define LONG_USEC (HELPER_DEADLINE_MS * 1000ULL)
#define SHORT_USEC 50000ULL

struct fixture {
	char dir[PATH_MAX];
	sd_event *event;
	struct bus_fake bus;
	struct device *device;
	struct inhibit inhibit;
	struct switcher *switcher;
	struct prepare *prepare;
	int done;
	bool failed;
	struct fault fault;
	/* The fake */
	bool absent;
	bool silent;
	const char *says; /* the error that Suspend ends with */
	uint64_t delay_usec;
	int asked; /* whatever it was */
	int suspends;
};

/* In the file of what the fake device was called. */
static void note_call(struct fixture *f, const char *what)
{
	char path[PATH_MAX + 32];
	FILE *file;

	snprintf(path, sizeof(path), "%s/calls", f->dir);
	file = fopen(path, "ae");
	assert_non_null(file);
	fprintf(file, "%s\n", what);
	assert_int_equal(fclose(file), 0);
}

static int on_call(sd_bus_message *message, void *userdata)
{
	struct fixture *f = userdata;
	const char *interface, *name;
	int interactive;

	/* Who asks starts nobody. */
	assert_int_equal(sd_bus_message_get_auto_start(message), 0);
	f->asked++;
	if (f->absent)
		return sd_bus_reply_method_errorf(
			message, SD_BUS_ERROR_SERVICE_UNKNOWN, "no");
	if (f->silent)
		return 1;
	if (sd_bus_message_is_method_call(
		    message, "org.freedesktop.DBus.Properties", "Get")) {
		assert_true(sd_bus_message_read(message, "ss", &interface,
						&name) > 0);
		assert_string_equal(interface, MANAGER);
		assert_string_equal(name, "InhibitDelayMaxUSec");
		return sd_bus_reply_method_return(message, "v", "t",
						  f->delay_usec);
	}
	assert_true(sd_bus_message_is_method_call(message, MANAGER, "Suspend"));
	assert_true(sd_bus_message_read(message, "b", &interactive) > 0);
	assert_false(interactive);
	/* Whoever comes now finds it. */
	assert_true(sleep_note_holds(f->dir));
	note_call(f, "logind");
	f->suspends++;
	if (f->says)
		return sd_bus_reply_method_errorf(message, f->says,
						  "not \033now");
	return sd_bus_reply_method_return(message, "");
}

static void on_resumed(uint64_t usec, void *userdata)
{
	(void)usec;
	(void)userdata;
}

static void hook(struct fixture *f, const char *name, const char *more)
{
	char text[PATH_MAX + 128];

	snprintf(text, sizeof(text),
		 "#!/bin/sh\necho \"%.6s:$OSTI_RESULT\" >>'%s/calls'\n%s\n",
		 name, f->dir, more);
	helper_write(f->dir, name, 0755, text);
}

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	char path[PATH_MAX + 32];

	log_init(true);
	helper_dir_make(f->dir);
	snprintf(path, sizeof(path), "%s/" SWITCHER_DIR_BEFORE, f->dir);
	assert_int_equal(mkdir(path, 0755), 0);
	snprintf(path, sizeof(path), "%s/" SWITCHER_DIR_AFTER, f->dir);
	assert_int_equal(mkdir(path, 0755), 0);
	hook(f, SWITCHER_DIR_BEFORE "/10-x", "");
	hook(f, SWITCHER_DIR_AFTER "/10-x", "");
	f->event = helper_event_new();
	f->delay_usec = LONG_USEC;
	bus_fake_start(&f->bus, f->dir);
	bus_fake_serve(&f->bus, f->event);
	bus_fake_add(&f->bus, LOGIN, on_call, f);
	assert_int_equal(device_open(f->dir, &f->device), 0);
	assert_int_equal(switcher_new(f->event, f->device, &f->inhibit, f->dir,
				      HELPER_DEADLINE_MS, f->dir, on_resumed,
				      NULL, &f->switcher),
			 0);
	switcher_set_prepare(f->switcher, true);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	prepare_free(f->prepare);
	switcher_free(f->switcher);
	device_close(f->device);
	bus_fake_stop(&f->bus);
	sd_event_unref(f->event);
	helper_dir_remove(f->dir);
	free(f);
	return 0;
}

static void on_done(const struct switcher_result *result,
		    const struct fault *fault, void *userdata)
{
	struct fixture *f = userdata;

	(void)result;
	f->done++;
	f->failed = !!fault;
	if (fault)
		f->fault = *fault;
}

static void begin_with(struct fixture *f, uint32_t request, const char *target,
		       unsigned int flags)
{
	f->done = 0;
	if (switcher_start(f->switcher, request, target, flags, on_done, f,
			   &f->fault) < 0)
		fail_msg("%s", f->fault.message);
}

static void begin(struct fixture *f)
{
	begin_with(f, OSTI_REQUEST_NONE, "work", 0);
}

static void finish(struct fixture *f)
{
	helper_run_until(f->event, &f->done);
	assert_int_equal(f->done, 1);
	assert_null(switcher_current(f->switcher));
	assert_null(switcher_ready(f->switcher));
}

/* A switch that waits for logind, which has said yes. */
static void begin_waiting(struct fixture *f)
{
	f->suspends = 0;
	begin(f);
	helper_run_until(f->event, &f->suspends);
	helper_run_ready(f->event);
	assert_true(ready_is_preparing(switcher_ready(f->switcher)));
	assert_false(ready_is_writing(switcher_ready(f->switcher)));
	assert_int_equal(f->done, 0);
}

static void says(const struct fixture *f, enum fault_code code,
		 const char *text)
{
	assert_true(f->failed);
	assert_int_equal(f->fault.code, code);
	if (!strstr(f->fault.message, text))
		fail_msg("'%s' does not say '%s'", f->fault.message, text);
}

static void assert_calls(struct fixture *f, const char *expected)
{
	char *calls = helper_read(f->dir, "calls");

	assert_string_equal(calls, expected);
	free(calls);
}

static void nobody_waits(struct fixture *f)
{
	struct fault fault;

	assert_int_equal(switcher_asleep(f->switcher, &fault), -1);
	assert_non_null(strstr(fault.message, "no switch waits"));
}

static void tell(struct fixture *f, int begins)
{
	bus_fake_signal(&f->bus, LOGIN, LOGIN_PATH, MANAGER, "PrepareForSleep",
			"b", begins);
	helper_run_ready(f->event);
}

static void test_order(void **state)
{
	struct fixture *f = *state;
	struct fault fault;

	nobody_waits(f);
	begin_waiting(f);
	tell(f, 1);
	/* However long those who hold a delay lock take. */
	assert_calls(f, "pre-fr:\nlogind\n");
	assert_true(sleep_note_holds(f->dir));
	assert_int_equal(switcher_asleep(f->switcher, &fault), 0);
	assert_false(sleep_note_holds(f->dir));
	/* There and back, before logind says that it is over. */
	assert_calls(f, "pre-fr:\nlogind\nswitch 2\nmark\n");
	nobody_waits(f);
	finish(f);
	assert_false(f->failed);
	assert_calls(f, "pre-fr:\nlogind\nswitch 2\nmark\npost-r:ok\n");

	/* And what else freezes this OS. */
	f->suspends = 0;
	begin_with(f, OSTI_REQUEST_HIBERNATE, "personal", 0);
	helper_run_until(f->event, &f->suspends);
	assert_int_equal(switcher_asleep(f->switcher, &fault), 0);
	finish(f);
	assert_false(f->failed);
}

static void test_off(void **state)
{
	struct fixture *f = *state;

	switcher_set_prepare(f->switcher, false);
	begin(f);
	finish(f);
	assert_false(f->failed);
	assert_int_equal(f->asked, 0);
	assert_int_equal(f->bus.n_clients, 0);
	assert_false(helper_exists(f->dir, "sleep"));
	assert_calls(f, "pre-fr:\nswitch 2\nmark\npost-r:ok\n");
}

static void test_no_logind(void **state)
{
	struct fixture *f = *state;

	f->absent = true;
	begin(f);
	finish(f);
	assert_false(f->failed);
	assert_int_equal(f->asked, 1);
	assert_int_equal(f->suspends, 0);
	/* Nor a bus. */
	setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/bus", 1);
	begin(f);
	finish(f);
	assert_false(f->failed);
	assert_int_equal(f->asked, 1);
	assert_calls(
		f,
		"pre-fr:\nswitch 2\nmark\npost-r:ok\npre-fr:\nswitch 2\nmark\npost-r:ok\n");
}

static void test_second_press(void **state)
{
	struct fixture *f = *state;
	struct fault fault;

	begin_waiting(f);
	assert_int_equal(switcher_start(f->switcher, OSTI_REQUEST_NONE, "work",
					SWITCHER_OVER_LOCKS, NULL, NULL,
					&fault),
			 -1);
	assert_int_equal(fault.code, FAULT_BUSY);
	assert_int_equal(f->suspends, 1);
	assert_int_equal(switcher_asleep(f->switcher, &fault), 0);
	finish(f);
	assert_false(f->failed);
}

static void test_refused(void **state)
{
	static const struct {
		const char *name;
		enum fault_code code;
	} cases[] = {
		{ LOGIN ".OperationInProgress", FAULT_BUSY },
		{ LOGIN ".BlockedByInhibitorLock", FAULT_INHIBITED },
		{ SD_BUS_ERROR_ACCESS_DENIED, FAULT_FAILED },
		{ LOGIN ".SleepVerbNotSupported", FAULT_FAILED },
	};
	struct fixture *f = *state;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		f->says = cases[i].name;
		begin(f);
		finish(f);
		says(f, cases[i].code,
		     "the switch to work was cancelled: logind does not prepare for it: not ?now");
		assert_false(sleep_note_holds(f->dir));
		nobody_waits(f);
	}
	assert_int_equal(f->suspends, ARRAY_SIZE(cases));
	f->says = cases[1].name;
	helper_write(f->dir, "calls", 0644, "");
	/* A key that is pressed twice. */
	begin_with(f, OSTI_REQUEST_NONE, "work", SWITCHER_OVER_LOCKS);
	finish(f);
	assert_false(f->failed);
	assert_calls(f, "pre-fr:\nlogind\nswitch 2\nmark\npost-r:ok\n");
}

/* Who is not to be told for nothing. */
static void test_hook_says_no(void **state)
{
	struct fixture *f = *state;

	hook(f, SWITCHER_DIR_BEFORE "/20-x", "exit 1");
	begin(f);
	finish(f);
	says(f, FAULT_HOOK, "20-x");
	assert_int_equal(f->asked, 0);
}

/* Nobody prepares for a disk that takes minutes. */
static void test_disk_first(void **state)
{
	struct fixture *f = *state;
	char before[PATH_MAX], path[PATH_MAX + 32];
	struct fault fault;
	int fd;

	snprintf(path, sizeof(path), "%s/device", f->dir);
	assert_int_equal(mkdir(path, 0755), 0);
	helper_write(f->dir, "device/meminfo", 0644,
		     "MemTotal: 9 kB\nDirty: 90000 kB\n");
	assert_non_null(getcwd(before, sizeof(before)));
	assert_int_equal(chdir(f->dir), 0);
	assert_int_equal(mkfifo("device/disk", 0644), 0);
	begin(f);
	while (!ready_is_writing(switcher_ready(f->switcher)))
		assert_true(sd_event_run(f->event, UINT64_MAX) > 0);
	helper_run_ready(f->event);
	assert_false(ready_is_preparing(switcher_ready(f->switcher)));
	assert_int_equal(f->asked, 0);
	nobody_waits(f);
	fd = open("device/disk", O_WRONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	close(fd);
	helper_run_until(f->event, &f->suspends);
	assert_false(ready_is_writing(switcher_ready(f->switcher)));
	assert_int_equal(switcher_asleep(f->switcher, &fault), 0);
	finish(f);
	assert_int_equal(chdir(before), 0);
}

/* Its job failed, or the drop-in is not there and it has suspended. */
static void test_ended_without(void **state)
{
	struct fixture *f = *state;

	begin_waiting(f);
	tell(f, 1);
	assert_non_null(switcher_ready(f->switcher));
	tell(f, 0);
	finish(f);
	says(f, FAULT_FAILED, "drop-in osti.conf");
	assert_false(sleep_note_holds(f->dir));
	assert_calls(f, "pre-fr:\nlogind\npost-r:cancelled\n");
}

/* It may come later, and must not suspend then. */
static void test_bus_lost(void **state)
{
	struct fixture *f = *state;

	begin_waiting(f);
	bus_fake_drop(&f->bus);
	finish(f);
	says(f, FAULT_FAILED, "bus ended");
	assert_true(sleep_note_holds(f->dir));
	nobody_waits(f);
	assert_calls(f, "pre-fr:\nlogind\npost-r:cancelled\n");
}

static void test_stopped(void **state)
{
	struct fixture *f = *state;

	begin_waiting(f);
	switcher_stop(f->switcher);
	finish(f);
	says(f, FAULT_FAILED, "is being stopped");
	assert_true(sleep_note_holds(f->dir));
	nobody_waits(f);
}

static void test_not_frozen(void **state)
{
	struct fixture *f = *state;
	struct fault fault;

	helper_write(f->dir, "switch-errno", 0644, "16");
	begin_waiting(f);
	assert_int_equal(switcher_asleep(f->switcher, &fault), -1);
	assert_int_equal(fault.code, FAULT_NOT_FROZEN);
	finish(f);
	says(f, FAULT_NOT_FROZEN, "refused to freeze");
	assert_false(sleep_note_holds(f->dir));
}

/* ---- Time ---------------------------------------------------------------- */

static void on_prepared(const struct fault *fault, void *userdata)
{
	on_done(NULL, fault, userdata);
}

static void prepare(struct fixture *f, uint64_t answer_usec, uint64_t come_usec)
{
	const struct prepare_params params = {
		.what = "switch to work",
		.dir = f->dir,
		.answer_usec = answer_usec,
		.come_usec = come_usec,
	};

	prepare_free(f->prepare);
	f->done = 0;
	assert_int_equal(prepare_start(f->event, &params, on_prepared, f,
				       &f->prepare),
			 0);
	/* It has not asked yet. */
	assert_false(prepare_come(f->prepare));
	assert_int_equal(f->done, 0);
}

static void test_time(void **state)
{
	struct fixture *f = *state;

	f->silent = true;
	prepare(f, SHORT_USEC, LONG_USEC);
	helper_run_until(f->event, &f->done);
	says(f, FAULT_FAILED, "does not answer");
	assert_false(sleep_note_holds(f->dir));

	/* Its own time, which it may take, and then ours. */
	f->silent = false;
	f->delay_usec = SHORT_USEC;
	prepare(f, LONG_USEC, SHORT_USEC);
	helper_run_until(f->event, &f->done);
	says(f, FAULT_FAILED, "was not ready in time");
	assert_true(sleep_note_holds(f->dir));
}

static void test_note(void **state)
{
	struct fixture *f = *state;

	assert_false(sleep_note_holds(f->dir));
	assert_int_equal(sleep_note_write(f->dir, LONG_USEC), 0);
	assert_true(sleep_note_holds(f->dir));
	/* Its time is over. */
	assert_int_equal(sleep_note_write(f->dir, 0), 0);
	assert_false(sleep_note_holds(f->dir));
	helper_write(f->dir, "sleep", 0644, "");
	assert_false(sleep_note_holds(f->dir));
	sleep_note_remove(f->dir);
	assert_false(helper_exists(f->dir, "sleep"));
}

/* ---- switchctl asleep ---------------------------------------------------- */

static int on_exit_of(sd_event_source *source, const siginfo_t *si,
		      void *userdata)
{
	int *status = userdata;

	(void)source;
	assert_int_equal(si->si_code, CLD_EXITED);
	/* Never 0, for helper_run_until(). */
	*status = si->si_status + 1000;
	return 0;
}

/* Return: its exit status, as ExecCondition= sees it. */
static int asleep(struct fixture *f)
{
	char option[PATH_MAX + 32];
	sd_event_source *source;
	int status = 0;
	pid_t pid;

	snprintf(option, sizeof(option), "--socket=%s/sock", f->dir);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		execl("build/tests/unit/switchd/switchctl", "switchctl",
		      "asleep", option, NULL);
		_exit(99);
	}
	assert_true(sd_event_add_child(f->event, &source, pid, WEXITED,
				       on_exit_of, &status) >= 0);
	helper_run_until(f->event, &status);
	sd_event_source_unref(source);
	return status - 1000;
}

static void test_command(void **state)
{
	struct fixture *f = *state;
	struct methods methods = {
		.event = f->event,
		.device = f->device,
		.inhibit = &f->inhibit,
		.switcher = f->switcher,
	};
	char path[PATH_MAX + 16];
	struct server_params params = {
		.path = path,
		.group = (gid_t)-1,
		.request_usec = LONG_USEC,
		.reply_usec = LONG_USEC,
		.idle_usec = LONG_USEC,
	};
	struct server *server;

	if (geteuid() != 0)
		skip();
	snprintf(path, sizeof(path), "%s/sock", f->dir);
	/* An ordinary suspend needs no switchd. */
	assert_int_equal(asleep(f), 0);
	/* One that was asked for is none, though who asked is gone. */
	assert_int_equal(sleep_note_write(f->dir, LONG_USEC), 0);
	assert_int_equal(asleep(f), 255);
	assert_int_equal(asleep(f), 0);

	assert_int_equal(server_new(f->event, &params, methods_call,
				    methods_closed, &methods, &server),
			 0);
	assert_int_equal(asleep(f), 0);
	begin_waiting(f);
	assert_int_equal(asleep(f), 1);
	finish(f);
	assert_false(f->failed);
	assert_calls(f, "pre-fr:\nlogind\nswitch 2\nmark\npost-r:ok\n");
	assert_int_equal(asleep(f), 0);

	/* The switch gave up. */
	begin_waiting(f);
	bus_fake_drop(&f->bus);
	finish(f);
	assert_int_equal(asleep(f), 255);
	assert_int_equal(asleep(f), 0);

	helper_write(f->dir, "switch-errno", 0644, "16");
	begin_waiting(f);
	assert_int_equal(asleep(f), 255);
	finish(f);
	assert_int_equal(asleep(f), 0);
	server_free(server);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_order),      TEST(test_off),
		TEST(test_no_logind),  TEST(test_second_press),
		TEST(test_refused),    TEST(test_hook_says_no),
		TEST(test_disk_first), TEST(test_ended_without),
		TEST(test_bus_lost),   TEST(test_stopped),
		TEST(test_not_frozen), TEST(test_time),
		TEST(test_note),       TEST(test_command),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
