// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Block locks of a fake logind, and what they forbid.
 */
#include "bus_fake.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <osti/abi.h>

#include "daemon/inhibit.h"
#include "daemon/log.h"
#include "daemon/logind.h"
#include "daemon/switcher.h"
#include "device_fake.h"

#define LOGIN "org.freedesktop.login1"
#define LOGIN_PATH "/org/freedesktop/login1"

struct lock {
	const char *what, *who, *why, *mode;
};

struct fixture {
	char dir[PATH_MAX];
	sd_event *event;
	struct bus_fake bus;
	struct logind *logind;
	struct device *device;
	struct inhibit inhibit;
	struct switcher *switcher;
	struct fault fault;
	int done;
	/* The fake */
	bool absent;
	bool broken;
	const struct lock *locks;
	unsigned int asked;
};

static int on_call(sd_bus_message *message, void *userdata)
{
	struct fixture *f = userdata;
	const struct lock *lock;
	sd_bus_message *reply;
	int r;

	assert_string_equal(sd_bus_message_get_member(message),
			    "ListInhibitors");
	/* Who asks starts nobody. */
	assert_int_equal(sd_bus_message_get_auto_start(message), 0);
	f->asked++;
	if (f->absent)
		return sd_bus_reply_method_errorf(
			message, SD_BUS_ERROR_SERVICE_UNKNOWN, "no");
	if (f->broken)
		return sd_bus_reply_method_return(message, "s", "what?");
	assert_true(sd_bus_message_new_method_return(message, &reply) >= 0);
	assert_true(sd_bus_message_open_container(reply, 'a', "(ssssuu)") >= 0);
	for (lock = f->locks; lock && lock->what; lock++)
		assert_true(sd_bus_message_append(reply, "(ssssuu)", lock->what,
						  lock->who, lock->why,
						  lock->mode, 1000,
						  4711) >= 0);
	assert_true(sd_bus_message_close_container(reply) >= 0);
	r = sd_bus_send(NULL, reply, NULL);
	sd_bus_message_unref(reply);
	return r < 0 ? r : 1;
}

static void on_resumed(uint64_t usec, void *userdata)
{
	(void)usec;
	(void)userdata;
}

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	log_init(true);
	helper_dir_make(f->dir);
	f->event = helper_event_new();
	bus_fake_start(&f->bus, f->dir);
	bus_fake_serve(&f->bus, f->event);
	bus_fake_add(&f->bus, LOGIN, on_call, f);
	assert_int_equal(device_open(f->dir, &f->device), 0);
	assert_int_equal(switcher_new(f->event, f->device, &f->inhibit, f->dir,
				      HELPER_DEADLINE_MS, f->dir, on_resumed,
				      NULL, &f->switcher),
			 0);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	switcher_free(f->switcher);
	logind_free(f->logind);
	device_close(f->device);
	bus_fake_stop(&f->bus);
	sd_event_unref(f->event);
	helper_dir_remove(f->dir);
	free(f);
	return 0;
}

static void begin(struct fixture *f, const struct lock *locks)
{
	f->locks = locks;
	assert_int_equal(logind_new(f->event, 100000, &f->logind), 0);
	helper_run_ready(f->event);
}

static void changed(struct fixture *f)
{
	bus_fake_signal(&f->bus, LOGIN, LOGIN_PATH,
			"org.freedesktop.DBus.Properties", "PropertiesChanged",
			"sa{sv}as", LOGIN ".Manager", 1, "BlockInhibited", "s",
			"sleep", 0);
	helper_run_ready(f->event);
}

static void came_or_went(struct fixture *f)
{
	bus_fake_signal(&f->bus, "org.freedesktop.DBus",
			"/org/freedesktop/DBus", "org.freedesktop.DBus",
			"NameOwnerChanged", "sss", LOGIN, "", ":1.9");
	helper_run_ready(f->event);
}

static void free_to(struct fixture *f, unsigned int what)
{
	if (logind_check(f->logind, what, &f->fault) < 0)
		fail_msg("%s", f->fault.message);
}

static void forbidden(struct fixture *f, unsigned int what, const char *says)
{
	assert_int_equal(logind_check(f->logind, what, &f->fault), -1);
	assert_int_equal(f->fault.code, FAULT_INHIBITED);
	if (!strstr(f->fault.message, says))
		fail_msg("'%s' does not say '%s'", f->fault.message, says);
}

static const struct lock burn[] = {
	{ "idle", "player", "film", "block" },
	{ "sleep", "NetworkManager", "networks", "delay" },
	{ "handle-suspend-key:sleepy", "desktop", "keys", "block" },
	{ "idle:sleep", "bur\u202ener", "DVD\033[2J", "block" },
	{ NULL, NULL, NULL, NULL },
};

static const struct lock update[] = {
	{ "shutdown:sleep", "updater", "packages", "block" },
	{ "shutdown", "other", "it", "block" },
	{ NULL, NULL, NULL, NULL },
};

static void test_which_count(void **state)
{
	struct fixture *f = *state;

	begin(f, burn);
	forbidden(f, LOGIND_SLEEP,
		  "inhibited by bur???ner (process 4711): DVD?[2J; a lock");
	forbidden(f, LOGIND_SLEEP | LOGIND_SHUTDOWN, "bur");
	free_to(f, LOGIND_SHUTDOWN);
	free_to(f, 0);
	assert_int_equal(f->asked, 1);
}

static void test_changes(void **state)
{
	struct fixture *f = *state;

	begin(f, NULL);
	free_to(f, LOGIND_SLEEP | LOGIND_SHUTDOWN);
	f->locks = update;
	changed(f);
	forbidden(f, LOGIND_SLEEP, "updater (process 4711): packages; a lock");
	forbidden(f, LOGIND_SHUTDOWN, "packages; and by 1 more");
	f->locks = NULL;
	changed(f);
	free_to(f, LOGIND_SLEEP | LOGIND_SHUTDOWN);
}

/* It starts after us, and is started anew. */
static void test_comes_and_goes(void **state)
{
	struct fixture *f = *state;

	f->absent = true;
	begin(f, update);
	free_to(f, LOGIND_SHUTDOWN);
	f->absent = false;
	came_or_went(f);
	forbidden(f, LOGIND_SHUTDOWN, "updater");
	f->absent = true;
	came_or_went(f);
	free_to(f, LOGIND_SHUTDOWN);
	/* What it says makes no sense. */
	f->absent = false;
	f->broken = true;
	came_or_went(f);
	free_to(f, LOGIND_SHUTDOWN);
}

static void wait_asked(struct fixture *f, unsigned int n)
{
	while (f->asked < n)
		assert_true(sd_event_run(f->event, UINT64_MAX) > 0);
	helper_run_ready(f->event);
}

static void test_bus_lost(void **state)
{
	struct fixture *f = *state;
	char *address = strdup(getenv("DBUS_SYSTEM_BUS_ADDRESS"));

	begin(f, update);
	forbidden(f, LOGIND_SHUTDOWN, "updater");
	bus_fake_drop(&f->bus);
	helper_run_ready(f->event);
	free_to(f, LOGIND_SHUTDOWN);
	wait_asked(f, 2);
	forbidden(f, LOGIND_SHUTDOWN, "updater");

	/* Not there when we begin. */
	logind_free(f->logind);
	setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/bus", 1);
	begin(f, update);
	free_to(f, LOGIND_SHUTDOWN);
	setenv("DBUS_SYSTEM_BUS_ADDRESS", address, 1);
	free(address);
	wait_asked(f, 3);
	forbidden(f, LOGIND_SHUTDOWN, "updater");
}

static void on_done(const struct switcher_result *result,
		    const struct fault *fault, void *userdata)
{
	struct fixture *f = userdata;

	(void)result;
	(void)fault;
	f->done++;
}

static bool starts(struct fixture *f, uint32_t request, const char *target,
		   unsigned int flags)
{
	f->done = 0;
	if (switcher_start(f->switcher, request, target, flags, on_done, f,
			   &f->fault) < 0) {
		assert_int_equal(f->fault.code, FAULT_INHIBITED);
		return false;
	}
	helper_run_until(f->event, &f->done);
	return true;
}

static void test_switcher(void **state)
{
	struct fixture *f = *state;

	begin(f, burn);
	switcher_set_logind(f->switcher, f->logind, SWITCHER_LOGIND_HIBERNATE);
	assert_false(starts(f, OSTI_REQUEST_HIBERNATE, "personal", 0));
	assert_non_null(strstr(f->fault.message, "bur???ner"));
	assert_false(starts(f, OSTI_REQUEST_POWER_OFF, "", 0));
	/* Another slot's sleep is not ours, and a switch is short. */
	assert_true(starts(f, OSTI_REQUEST_HIBERNATE, "work", 0));
	assert_true(starts(f, OSTI_REQUEST_NONE, "work", 0));

	switcher_set_logind(f->switcher, f->logind, SWITCHER_LOGIND_ALWAYS);
	assert_false(starts(f, OSTI_REQUEST_NONE, "work", 0));
	assert_false(starts(f, OSTI_REQUEST_HIBERNATE, "work", 0));
	/* A key that is pressed twice. */
	assert_true(starts(f, OSTI_REQUEST_NONE, "work", SWITCHER_OVER_LOCKS));

	switcher_set_logind(f->switcher, f->logind, SWITCHER_LOGIND_NEVER);
	assert_true(starts(f, OSTI_REQUEST_HIBERNATE, "personal", 0));

	f->locks = update + 1;
	changed(f);
	switcher_set_logind(f->switcher, f->logind, SWITCHER_LOGIND_ALWAYS);
	assert_false(starts(f, OSTI_REQUEST_POWER_OFF, "", 0));
	assert_true(starts(f, OSTI_REQUEST_HIBERNATE, "personal", 0));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_which_count),	   TEST(test_changes),
		TEST(test_comes_and_goes), TEST(test_bus_lost),
		TEST(test_switcher),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
