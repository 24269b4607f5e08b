// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A switch from its start to its end, with a fake device.
 */
#include "helper.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <osti/abi.h>

#include "daemon/flush.h"
#include "daemon/freeze.h"
#include "daemon/switch_note.h"
#include "daemon/switcher.h"
#include "device_fake.h"

struct fixture {
	char dir[PATH_MAX]; /* device and results */
	sd_event *event;
	struct device *device;
	struct inhibit inhibit;
	struct switcher *switcher;
	int done;
	int resumed;
	int not_frozen;
	uint64_t resume_usec;
	struct switcher_result result;
	bool failed;
	struct fault fault;
};

static void on_resumed(uint64_t usec, void *userdata)
{
	struct fixture *f = userdata;
	char *calls;

	if (!usec) {
		f->not_frozen++;
		return;
	}
	calls = helper_read(f->dir, "calls");

	/* Marked at once, before this and before any hook. */
	assert_non_null(strstr(calls, "mark\n"));
	assert_false(helper_exists(f->dir, "after"));
	free(calls);
	f->resumed++;
	f->resume_usec = usec;
}

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	char path[PATH_MAX + 32];

	helper_dir_make(f->dir);
	snprintf(path, sizeof(path), "%s/" SWITCHER_DIR_BEFORE, f->dir);
	assert_int_equal(mkdir(path, 0755), 0);
	snprintf(path, sizeof(path), "%s/" SWITCHER_DIR_AFTER, f->dir);
	assert_int_equal(mkdir(path, 0755), 0);
	f->event = helper_event_new();
	assert_int_equal(device_open(f->dir, &f->device), 0);
	assert_int_equal(switcher_new(f->event, f->device, &f->inhibit, f->dir,
				      HELPER_DEADLINE_MS, f->dir, on_resumed, f,
				      &f->switcher),
			 0);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	switcher_free(f->switcher);
	device_close(f->device);
	sd_event_unref(f->event);
	helper_dir_remove(f->dir);
	free(f);
	return 0;
}

static void hook(struct fixture *f, const char *name, const char *script)
{
	char text[PATH_MAX + 512];

	snprintf(text, sizeof(text), "#!/bin/sh\nT='%s'\n%s\n", f->dir, script);
	helper_write(f->dir, name, 0755, text);
}

static void on_done(const struct switcher_result *result,
		    const struct fault *fault, void *userdata)
{
	struct fixture *f = userdata;

	f->done++;
	f->result = *result;
	f->failed = !!fault;
	if (fault)
		f->fault = *fault;
}

static void begin_request(struct fixture *f, uint32_t request,
			  const char *target)
{
	struct fault fault;

	f->done = 0;
	if (switcher_start(f->switcher, request, target, 0, on_done, f,
			   &fault) < 0)
		fail_msg("%s", fault.message);
	assert_int_equal(f->done, 0);
}

static void begin(struct fixture *f, const char *target)
{
	begin_request(f, OSTI_REQUEST_NONE, target);
}

static void run_request(struct fixture *f, uint32_t request, const char *target)
{
	begin_request(f, request, target);
	helper_run_until(f->event, &f->done);
	assert_int_equal(f->done, 1);
}

static void run(struct fixture *f, const char *target)
{
	run_request(f, OSTI_REQUEST_NONE, target);
}

static void request_refused(struct fixture *f, uint32_t request,
			    const char *target, enum fault_code code,
			    const char *says)
{
	struct fault fault;

	assert_int_equal(switcher_start(f->switcher, request, target, 0,
					on_done, f, &fault),
			 -1);
	assert_int_equal(fault.code, code);
	if (!strstr(fault.message, says))
		fail_msg("'%s' does not say '%s'", fault.message, says);
}

static void refused(struct fixture *f, const char *target, enum fault_code code)
{
	request_refused(f, OSTI_REQUEST_NONE, target, code, "");
}

static void assert_file(struct fixture *f, const char *name,
			const char *expected)
{
	char *text = helper_read(f->dir, name);

	assert_string_equal(text, expected);
	free(text);
}

static int rename_in(struct fixture *f, const char *from, const char *to)
{
	char old[PATH_MAX + 32], new[PATH_MAX + 32];

	snprintf(old, sizeof(old), "%s/%s", f->dir, from);
	snprintf(new, sizeof(new), "%s/%s", f->dir, to);
	return rename(old, new);
}

static void write_hooks(struct fixture *f)
{
	hook(f, SWITCHER_DIR_BEFORE "/10-x",
	     "echo \"$OSTI_SLOT $OSTI_NAME $OSTI_TARGET $OSTI_TARGET_NAME $OSTI_REASON<$OSTI_RESULT>\" >>$T/before; "
	     "cat $T/calls >$T/calls-before 2>/dev/null; true");
	hook(f, SWITCHER_DIR_AFTER "/10-x",
	     "echo \"$OSTI_SLOT $OSTI_NAME $OSTI_TARGET $OSTI_TARGET_NAME $OSTI_REASON<$OSTI_RESULT>\" >>$T/after; "
	     "cp $T/calls $T/calls-after 2>/dev/null; true");
}

static void test_there_and_back(void **state)
{
	const struct fault *fault;
	struct fixture *f = *state;

	write_hooks(f);
	assert_null(switcher_last(f->switcher, &fault));
	assert_null(switcher_current(f->switcher));
	begin(f, "work");
	assert_string_equal(switcher_current(f->switcher)->target_name, "work");
	assert_true(switcher_will_freeze(f->switcher));
	helper_run_until(f->event, &f->done);
	assert_false(f->failed);
	assert_int_equal(f->result.target, 2);
	assert_string_equal(f->result.target_name, "work");
	assert_int_equal(f->result.record, 1);
	assert_int_equal(f->resumed, 1);
	assert_int_equal(f->result.request, OSTI_REQUEST_NONE);
	assert_int_equal(f->result.resumed, OSTI_RESUMED_HOT);
	assert_int_equal(f->result.generation, 0);
	assert_file(f, "before", "1 personal 2 work hot<>\n");
	assert_file(f, "after", "1 personal 2 work hot<ok>\n");
	assert_file(f, "calls-before", "");
	assert_file(f, "calls-after", "switch 2\nmark\n");
	assert_null(switcher_current(f->switcher));
	assert_false(switcher_will_freeze(f->switcher));
	assert_non_null(switcher_last(f->switcher, &fault));
	assert_null(fault);
}

static void test_again(void **state)
{
	struct fixture *f = *state;

	run(f, "work");
	run(f, "next");
	run(f, "menu");
	assert_false(f->failed);
	assert_int_equal(f->result.record, 3);
	assert_file(f, "calls",
		    "switch 2\nmark\nswitch 2\nmark\nswitch 0\nmark\n");
}

/* The resume was before the mark by what the phases say. */
static void test_resume_time(void **state)
{
	static const uint64_t takes[] = DEVICE_FAKE_PHASES;
	struct fixture *f = *state;
	struct timespec ts;
	uint64_t before;
	uint64_t after;

	clock_gettime(CLOCK_BOOTTIME, &ts);
	before = (uint64_t)ts.tv_sec * 1000000 + (uint64_t)ts.tv_nsec / 1000;
	run(f, "work");
	clock_gettime(CLOCK_BOOTTIME, &ts);
	after = (uint64_t)ts.tv_sec * 1000000 + (uint64_t)ts.tv_nsec / 1000;
	/* DEVICE_FAKE_HZ makes a tick a microsecond. */
	assert_in_range(f->resume_usec, before - takes[4] - takes[5],
			after - takes[4] - takes[5]);
}

static void test_kernel_refuses(void **state)
{
	static const struct {
		const char *number;
		const char *says;
	} errors[] = {
		{ "16", "a task or a device refused to freeze" },
		{ "22", "does not know the target" },
		{ "5", "do firmware and module belong together" },
		{ "1", "is it locked down" },
		{ "9", "does not let switchd" },
		{ "95", "cannot suspend to RAM" },
		{ "19", "lost its device" },
		{ "12", "see the kernel log" },
	};
	char path[PATH_MAX + 32];
	const struct fault *fault;
	struct fixture *f = *state;
	size_t i;

	for (i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		helper_write(f->dir, "switch-errno", 0644, errors[i].number);
		run(f, "work");
		assert_true(f->failed);
		assert_int_equal(f->fault.code, FAULT_NOT_FROZEN);
		assert_int_equal(f->result.record, 0);
		if (!strstr(f->fault.message, errors[i].says))
			fail_msg("'%s' does not say '%s'", f->fault.message,
				 errors[i].says);
	}
	assert_int_equal(f->resumed, 0);
	assert_int_equal(f->not_frozen, i);
	write_hooks(f);
	run(f, "work");
	assert_file(f, "after", "1 personal 2 work hot<failed>\n");
	assert_non_null(switcher_last(f->switcher, &fault));
	assert_int_equal(fault->code, FAULT_NOT_FROZEN);
	/* No mark without a switch. */
	helper_write(f->dir, "switch-errno", 0644, "0");
	snprintf(path, sizeof(path), "%s/after", f->dir);
	assert_int_equal(unlink(path), 0);
	run(f, "work");
	assert_false(f->failed);
	assert_non_null(switcher_last(f->switcher, &fault));
	assert_null(fault);
}

static void test_hook_refuses(void **state)
{
	struct fixture *f = *state;

	write_hooks(f);
	hook(f, SWITCHER_DIR_BEFORE "/20-no", "exit 1");
	run(f, "work");
	assert_true(f->failed);
	assert_int_equal(f->fault.code, FAULT_HOOK);
	assert_non_null(strstr(f->fault.message,
			       "the switch to work was cancelled: hook"));
	assert_non_null(strstr(f->fault.message, "20-no failed"));
	assert_false(helper_exists(f->dir, "calls"));
	assert_file(f, "after", "1 personal 2 work hot<cancelled>\n");
}

static void test_unsafe_hook_refuses(void **state)
{
	struct fixture *f = *state;

	helper_write(f->dir, SWITCHER_DIR_BEFORE "/10-x", 0777,
		     "#!/bin/sh\ntrue\n");
	run(f, "work");
	assert_true(f->failed);
	assert_int_equal(f->fault.code, FAULT_HOOK);
	assert_false(helper_exists(f->dir, "calls"));
}

static void test_hook_after_does_not_matter(void **state)
{
	struct fixture *f = *state;

	hook(f, SWITCHER_DIR_AFTER "/10-bad", "exit 1");
	hook(f, SWITCHER_DIR_AFTER "/20-good", ": >$T/ran");
	run(f, "work");
	assert_false(f->failed);
	assert_true(helper_exists(f->dir, "ran"));
}

static void test_inhibited(void **state)
{
	struct inhibit_lock *lock;
	struct fixture *f = *state;
	struct fault fault;

	assert_int_equal(
		inhibit_take(&f->inhibit, "w", "y", 0, 1, &lock, &fault), 0);
	refused(f, "work", FAULT_INHIBITED);
	/* What is wrong with the target is more than the lock. */
	refused(f, "nobody", FAULT_NO_TARGET);
	inhibit_release(&f->inhibit, lock);
	run(f, "work");
	assert_false(f->failed);
}

static void test_one_at_a_time(void **state)
{
	struct fixture *f = *state;

	begin(f, "work");
	refused(f, "work", FAULT_BUSY);
	refused(f, "spare", FAULT_BUSY);
	helper_run_until(f->event, &f->done);
	assert_file(f, "calls", "switch 2\nmark\n");
	run(f, "spare");
	assert_file(f, "calls", "switch 2\nmark\nswitch 3\nmark\n");
}

static void test_no_target(void **state)
{
	struct fixture *f = *state;

	refused(f, "nobody", FAULT_NO_TARGET);
	refused(f, "personal", FAULT_NO_TARGET);
	helper_write(f->dir, "info-errno", 0644, "5");
	refused(f, "work", FAULT_DEVICE);
	assert_null(switcher_current(f->switcher));
}

static void test_forgotten_client(void **state)
{
	struct fixture *f = *state;
	int other;

	begin(f, "work");
	switcher_forget(f->switcher, &other);
	switcher_forget(f->switcher, f);
	helper_run_until(f->event, &f->resumed);
	while (switcher_current(f->switcher))
		assert_true(sd_event_run(f->event, UINT64_MAX) > 0);
	assert_int_equal(f->done, 0);
}

static void test_stop_cancels(void **state)
{
	struct fixture *f = *state;

	write_hooks(f);
	begin(f, "work");
	switcher_stop(f->switcher);
	helper_run_until(f->event, &f->done);
	assert_true(f->failed);
	assert_non_null(strstr(f->fault.message, "being stopped"));
	assert_false(helper_exists(f->dir, "calls"));
	assert_file(f, "after", "1 personal 2 work hot<cancelled>\n");
	refused(f, "work", FAULT_BUSY);
}

/* ---- Requests to the boot manager -------------------------------------------- */

/* What hooks are told of a request, each in a line of its file. */
static void write_request_hooks(struct fixture *f)
{
	helper_write(
		f->dir, "tell", 0644,
		"echo \"$OSTI_TARGET $OSTI_TARGET_NAME\" \\\n"
		"\"$OSTI_REQUEST<$OSTI_REQUEST_SLOT,$OSTI_REQUEST_NAME>\" \\\n"
		"\"$OSTI_REASON<$OSTI_RESULT>\"\n");
	hook(f, SWITCHER_DIR_BEFORE "/10-x", ". $T/tell >>$T/told-before");
	hook(f, SWITCHER_DIR_AFTER "/10-x", ". $T/tell >>$T/told-after");
}

static void test_requests(void **state)
{
	struct fixture *f = *state;

	helper_write(f->dir, "image-3", 0644, "1 5 2 0 1700000000 4096");
	write_request_hooks(f);
	begin_request(f, OSTI_REQUEST_HIBERNATE, "work");
	assert_string_equal(switcher_current(f->switcher)->what,
			    "hibernation of work");
	request_refused(f, OSTI_REQUEST_NONE, "spare", FAULT_BUSY,
			"a hibernation of work is under way already");
	helper_run_until(f->event, &f->done);
	assert_false(f->failed);
	assert_int_equal(f->result.request, OSTI_REQUEST_HIBERNATE);
	assert_int_equal(f->result.target, 2);
	assert_string_equal(f->result.target_name, "work");
	assert_int_equal(f->result.record, 1);
	/* Our own, by number; it is not frozen yet, and that is right. */
	run_request(f, OSTI_REQUEST_HIBERNATE, "1");
	run_request(f, OSTI_REQUEST_POWER_OFF, "");
	assert_string_equal(f->result.what, "power-off");
	run_request(f, OSTI_REQUEST_VERIFY, "spare");
	run_request(f, OSTI_REQUEST_DROP, "3");
	/* Always its own. */
	run_request(f, OSTI_REQUEST_BOOT_INSTALL, "");
	run_request(f, OSTI_REQUEST_BOOT_LIST, "");
	run_request(f, OSTI_REQUEST_FIRMWARE, "");
	run(f, "work");
	assert_false(f->failed);
	assert_file(f, "calls",
		    "request 1 2\nmark\nrequest 1 1\nmark\nrequest 2 0\nmark\n"
		    "request 3 3\nmark\nrequest 4 3\nmark\n"
		    "request 7 1\nmark\nrequest 8 1\nmark\nrequest 9 1\nmark\n"
		    "switch 2\nmark\n");
	assert_file(f, "told-before",
		    "0 menu hibernate<2,work> hot<>\n"
		    "0 menu hibernate<1,personal> hot<>\n"
		    "0 menu poweroff<,> hot<>\n"
		    "0 menu verify<3,spare> hot<>\n"
		    "0 menu drop<3,spare> hot<>\n"
		    "0 menu boot-install<1,personal> hot<>\n"
		    "0 menu boot-list<1,personal> hot<>\n"
		    "0 menu firmware-install<1,personal> hot<>\n"
		    "2 work switch<,> hot<>\n");
	assert_file(f, "told-after",
		    "0 menu hibernate<2,work> hot<ok>\n"
		    "0 menu hibernate<1,personal> hot<ok>\n"
		    "0 menu poweroff<,> hot<ok>\n"
		    "0 menu verify<3,spare> hot<ok>\n"
		    "0 menu drop<3,spare> hot<ok>\n"
		    "0 menu boot-install<1,personal> hot<ok>\n"
		    "0 menu boot-list<1,personal> hot<ok>\n"
		    "0 menu firmware-install<1,personal> hot<ok>\n"
		    "2 work switch<,> hot<ok>\n");
}

static void test_results(void **state)
{
	static const struct {
		const char *result;
		const char *detail;
		enum fault_code code;
		const char *says;
	} cases[] = {
		{ "1", "5", FAULT_REQUEST,
		  "the hibernation of work failed: Input/output error" },
		{ "1", "61", FAULT_REQUEST,
		  "failed: the boot manager was interrupted" },
		{ "2", "9", FAULT_REFUSED,
		  "an image is refused: header or manifest were altered" },
		{ "2", "4294967296", FAULT_REFUSED, "refused: unknown error" },
		{ "3", "0", FAULT_DECLINED,
		  "declined at the device's console" },
		{ "4", "0", FAULT_NO_IMAGE, "there is no such image" },
		{ "5", "3", FAULT_SLOT_STATE, "slot 3 (spare) is in no state" },
		{ "5", "99", FAULT_SLOT_STATE, "slot 99 (?) is in no state" },
		{ "6", "0", FAULT_NO_STORE, "no place on it for work" },
		{ "7", "0", FAULT_REQUEST, "result 7, which this switchd" },
	};
	const struct fault *fault;
	struct fixture *f = *state;
	char *after;
	size_t i;

	write_request_hooks(f);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		helper_write(f->dir, "result", 0644, cases[i].result);
		helper_write(f->dir, "detail", 0644, cases[i].detail);
		run_request(f, OSTI_REQUEST_HIBERNATE, "work");
		assert_true(f->failed);
		assert_int_equal(f->fault.code, cases[i].code);
		if (!strstr(f->fault.message, cases[i].says))
			fail_msg("'%s' does not say '%s'", f->fault.message,
				 cases[i].says);
		assert_non_null(switcher_last(f->switcher, &fault));
		assert_int_equal(fault->code, cases[i].code);
	}
	/* This OS was frozen and is back, whatever became of the request. */
	assert_int_equal(f->resumed, i);
	after = helper_read(f->dir, "told-after");
	assert_non_null(strstr(after, "hot<ok>\n"));
	assert_null(strstr(after, "failed"));
	free(after);
	helper_write(f->dir, "result", 0644, "0");
	run_request(f, OSTI_REQUEST_HIBERNATE, "work");
	assert_false(f->failed);
}

/* Nothing happens when it is known before that it cannot go well. */
static void test_requests_refused_before(void **state)
{
	struct inhibit_lock *lock;
	struct fixture *f = *state;
	struct fault fault;

	request_refused(f, OSTI_REQUEST_HIBERNATE, "nobody", FAULT_NO_TARGET,
			"no slot 'nobody'");
	request_refused(f, OSTI_REQUEST_HIBERNATE, "menu", FAULT_NO_TARGET,
			"no slot 'menu'");
	request_refused(f, OSTI_REQUEST_VERIFY, "9", FAULT_NO_TARGET,
			"no slot 9; this device has 3");
	request_refused(f, OSTI_REQUEST_HIBERNATE, "spare", FAULT_SLOT_STATE,
			"slot 3 (spare) is empty; only");
	request_refused(f, OSTI_REQUEST_RESTORE, "personal", FAULT_SLOT_STATE,
			"slot 1 (personal) is the one that runs");
	/* None, consumed. */
	request_refused(f, OSTI_REQUEST_VERIFY, "spare", FAULT_NO_IMAGE,
			"slot 3 (spare) has no image");
	helper_write(f->dir, "image-3", 0644, "2 5 2 0 1700000000 4096");
	request_refused(f, OSTI_REQUEST_VERIFY, "spare", FAULT_NO_IMAGE, "");
	request_refused(f, OSTI_REQUEST_DROP, "spare", FAULT_NO_IMAGE, "");
	/* Refused by the boot manager is no reason not to look again. */
	helper_write(f->dir, "image-3", 0644, "1 5 3 9 1700000000 4096");
	assert_int_equal(
		inhibit_take(&f->inhibit, "w", "y", 0, 1, &lock, &fault), 0);
	request_refused(f, OSTI_REQUEST_VERIFY, "spare", FAULT_INHIBITED, "");
	request_refused(f, OSTI_REQUEST_DROP, "spare", FAULT_INHIBITED, "");
	request_refused(f, OSTI_REQUEST_HIBERNATE, "work", FAULT_INHIBITED, "");
	request_refused(f, OSTI_REQUEST_POWER_OFF, "", FAULT_INHIBITED, "");
	inhibit_release(&f->inhibit, lock);
	helper_write(f->dir, "image-errno", 0644, "61");
	request_refused(f, OSTI_REQUEST_POWER_OFF, "", FAULT_NOT_SUPPORTED,
			"no NV memory");
	helper_write(f->dir, "image-errno", 0644, "5");
	request_refused(f, OSTI_REQUEST_POWER_OFF, "", FAULT_DEVICE,
			"image of slot 1: Input/output error");
	helper_write(f->dir, "image-errno", 0644, "0");
	assert_false(helper_exists(f->dir, "calls"));
	run_request(f, OSTI_REQUEST_VERIFY, "spare");
	assert_false(f->failed);
}

static void test_request_cancelled_by_a_hook(void **state)
{
	struct fixture *f = *state;

	write_request_hooks(f);
	hook(f, SWITCHER_DIR_BEFORE "/20-no", "exit 1");
	run_request(f, OSTI_REQUEST_POWER_OFF, "");
	assert_true(f->failed);
	assert_int_equal(f->fault.code, FAULT_HOOK);
	assert_non_null(
		strstr(f->fault.message, "the power-off was cancelled: hook"));
	assert_false(helper_exists(f->dir, "calls"));
	assert_file(f, "told-after", "0 menu poweroff<,> hot<cancelled>\n");
}

/* This OS was hibernated, and comes back on a device that was off. */
static void test_back_from_an_image(void **state)
{
	struct fixture *f = *state;

	write_request_hooks(f);
	run(f, "work");
	run(f, "work");
	helper_write(f->dir, "resumed", 0644, "2");
	run(f, "work");
	assert_false(f->failed);
	assert_int_equal(f->result.resumed, OSTI_RESUMED_IMAGE);
	assert_int_equal(f->result.record, 0);
	assert_int_equal(f->result.generation, DEVICE_FAKE_GENERATION);
	assert_int_equal(f->result.saved_at, DEVICE_FAKE_SAVED_AT);
	assert_int_equal(f->resumed, 3);
	run_request(f, OSTI_REQUEST_HIBERNATE, "personal");
	assert_false(f->failed);
	assert_int_equal(f->result.resumed, OSTI_RESUMED_IMAGE);
	helper_write(f->dir, "resumed", 0644, "3");
	run_request(f, OSTI_REQUEST_POWER_OFF, "");
	assert_false(f->failed);
	/* Records begin anew, and the next switch is one like any other. */
	helper_write(f->dir, "resumed", 0644, "1");
	run(f, "work");
	assert_false(f->failed);
	assert_int_equal(f->result.record, 1);
	assert_int_equal(f->result.generation, 0);
	assert_file(f, "told-after",
		    "2 work switch<,> hot<ok>\n"
		    "2 work switch<,> hot<ok>\n"
		    "2 work switch<,> image<ok>\n"
		    "0 menu hibernate<1,personal> image<ok>\n"
		    "0 menu poweroff<,> copy<ok>\n"
		    "2 work switch<,> hot<ok>\n");
}

/* The answer was lost: nobody claims that it was a good one. */
static void test_answer_lost_in_an_image(void **state)
{
	static const uint32_t requests[] = { OSTI_REQUEST_HIBERNATE,
					     OSTI_REQUEST_VERIFY,
					     OSTI_REQUEST_DROP };
	struct fixture *f = *state;
	size_t i;

	helper_write(f->dir, "image-2", 0644, "1 5 2 0 1700000000 4096");
	helper_write(f->dir, "resumed", 0644, "2");
	for (i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
		run_request(f, requests[i], "work");
		assert_true(f->failed);
		assert_int_equal(f->fault.code, FAULT_REQUEST);
		assert_non_null(strstr(f->fault.message,
				       "is not known: this OS came back"));
	}
}

/* ---- After a switchd that was killed ------------------------------------------ */

static struct switch_note note_of(uint32_t request, enum switch_stage stage)
{
	struct switch_note note = {
		.stage = stage,
		.about = {
			.request = request,
			.target = 2,
			.target_name = "work",
			.what = "journey to work",
			.resumed = OSTI_RESUMED_HOT,
		},
	};

	return note;
}

/* Recovers; hooks that run have run then. Return: the last switch. */
static const struct switcher_result *recover(struct fixture *f,
					     const struct switch_note *note,
					     const struct fault **fault)
{
	assert_int_equal(switch_note_write(f->dir, note), 0);
	helper_write(f->dir, "after", 0644, "");
	switcher_recover(f->switcher);
	while (switcher_current(f->switcher))
		assert_true(sd_event_run(f->event, UINT64_MAX) > 0);
	return switcher_last(f->switcher, fault);
}

static void test_killed_before(void **state)
{
	struct switch_note note = note_of(OSTI_REQUEST_NONE, SWITCH_BEFORE);
	const struct switcher_result *last;
	const struct fault *fault;
	struct fixture *f = *state;

	write_hooks(f);
	last = recover(f, &note, &fault);
	assert_string_equal(last->what, "journey to work");
	assert_int_equal(fault->code, FAULT_FAILED);
	assert_non_null(
		strstr(fault->message, "to work was cancelled: switchd"));
	assert_file(f, "after", "1 personal 2 work hot<cancelled>\n");
	/* And all is as ever. */
	assert_int_equal(rename_in(f, "after", "after-before"), 0);
	run(f, "spare");
	assert_false(f->failed);
}

static void test_killed_while_frozen(void **state)
{
	struct switch_note note = note_of(OSTI_REQUEST_NONE, SWITCH_FREEZING);
	struct osti_ioc_switch sw = { .target = 2 };
	const struct switcher_result *last;
	const struct fault *fault;
	struct fixture *f = *state;

	write_hooks(f);
	assert_int_equal(device_switch(f->device, &sw), 0);
	last = recover(f, &note, &fault);
	assert_null(fault);
	assert_int_equal(last->record, 1);
	assert_file(f, "after", "1 personal 2 work hot<ok>\n");
	/* It was before the freeze, too: so this OS was not frozen. */
	note.last_return = 1;
	recover(f, &note, &fault);
	assert_int_equal(fault->code, FAULT_NOT_FROZEN);
	assert_file(f, "after", "1 personal 2 work hot<failed>\n");
	/* Records began anew. */
	helper_write(f->dir, "resumed", 0644, "2");
	assert_int_equal(device_switch(f->device, &sw), 0);
	last = recover(f, &note, &fault);
	assert_null(fault);
	assert_int_equal(last->resumed, OSTI_RESUMED_IMAGE);
	assert_int_equal(last->generation, DEVICE_FAKE_GENERATION);
	assert_file(f, "after", "1 personal 2 work image<ok>\n");
	/* Another time than this one. */
	note.generation = DEVICE_FAKE_GENERATION;
	note.saved_at = DEVICE_FAKE_SAVED_AT;
	recover(f, &note, &fault);
	assert_int_equal(fault->code, FAULT_NOT_FROZEN);
}

/* Its answer is lost. */
static void test_killed_in_a_request(void **state)
{
	struct switch_note note =
		note_of(OSTI_REQUEST_HIBERNATE, SWITCH_FREEZING);
	struct osti_ioc_switch sw = {
		.target = OSTI_CONTEXT_BM,
		.request = OSTI_REQUEST_HIBERNATE | 2 << 8,
	};
	const struct fault *fault;
	struct fixture *f = *state;

	write_request_hooks(f);
	assert_int_equal(device_switch(f->device, &sw), 0);
	recover(f, &note, &fault);
	assert_int_equal(fault->code, FAULT_REQUEST);
	assert_non_null(strstr(fault->message, "to work is not known"));
	assert_file(f, "told-after", "0 menu hibernate<2,work> hot<ok>\n");
}

static void test_killed_after(void **state)
{
	struct switch_note note = note_of(OSTI_REQUEST_NONE, SWITCH_AFTER);
	const struct fault *fault;
	struct fixture *f = *state;

	write_hooks(f);
	note.failed = true;
	fault_set(&note.fault, FAULT_HOOK, "a hook said \"no\" \xc3\xbc");
	strcpy(note.outcome, "cancelled");
	recover(f, &note, &fault);
	assert_int_equal(fault->code, FAULT_HOOK);
	assert_string_equal(fault->message, "a hook said \"no\" \xc3\xbc");
	assert_file(f, "after", "1 personal 2 work hot<cancelled>\n");
}

/* How far a switch is, is noted at every stage; the last one stays known. */
static void test_notes(void **state)
{
	struct fixture *f = *state;
	const struct switcher_result *last;
	const struct fault *fault;
	struct switch_note note;

	hook(f, SWITCHER_DIR_BEFORE "/10-x", "cp $T/switch $T/note-before");
	hook(f, SWITCHER_DIR_AFTER "/10-x", "cp $T/switch $T/note-after");
	run(f, "work");
	assert_int_equal(switch_note_read(f->dir, &note), 0);
	assert_int_equal(note.stage, SWITCH_ENDED);
	last = recover(f, &note, &fault);
	assert_null(fault);
	assert_int_equal(last->record, 1);
	assert_string_equal(last->what, "switch to work");
	assert_file(f, "after", "");
	assert_int_equal(rename_in(f, "note-before", "switch"), 0);
	assert_int_equal(switch_note_read(f->dir, &note), 0);
	assert_int_equal(note.stage, SWITCH_BEFORE);
	assert_int_equal(rename_in(f, "note-after", "switch"), 0);
	assert_int_equal(switch_note_read(f->dir, &note), 0);
	assert_int_equal(note.stage, SWITCH_AFTER);
	assert_string_equal(note.outcome, "ok");
}

/* Of another start of this OS, or none at all: nothing happens. */
static void test_notes_of_others(void **state)
{
	struct switch_note note = note_of(OSTI_REQUEST_NONE, SWITCH_BEFORE);
	struct fixture *f = *state;
	const struct fault *fault;
	char *text, *start;

	assert_int_equal(switch_note_read(f->dir, &note), -ENOENT);
	assert_int_equal(switch_note_write(f->dir, &note), 0);
	text = helper_read(f->dir, "switch");
	start = strstr(text, "\"start\":\"");
	assert_non_null(start);
	start[9] = start[9] == '0' ? '1' : '0';
	helper_write(f->dir, "switch", 0644, text);
	assert_int_equal(switch_note_read(f->dir, &note), -ENOENT);
	text[strlen(text) / 2] = '\0';
	helper_write(f->dir, "switch", 0644, text);
	free(text);
	assert_int_equal(switch_note_read(f->dir, &note), -EBADMSG);
	write_hooks(f);
	switcher_recover(f->switcher);
	assert_null(switcher_current(f->switcher));
	assert_null(switcher_last(f->switcher, &fault));
	run(f, "work");
	assert_false(f->failed);
}

static void test_freeze_log(void **state)
{
	struct freeze_refusal refusal = { .refused = false };
	unsigned int i;

	(void)state;
	/* Tasks that are not the freezer's matter. */
	freeze_parse("6,1,1,-;task:sh              state:D stack:0\n",
		     &refusal);
	assert_false(refusal.refused);
	/* An abort is not a refusal: something woke the device. */
	freeze_parse(
		"3,2,1,-;Freezing of tasks aborted after 0.004 seconds (2 tasks refusing to freeze, wq_busy=0):\n",
		&refusal);
	assert_false(refusal.refused);
	/* As Linux 6.1 says it, and as 6.4 does; the later one counts. */
	freeze_parse(
		"3,3,1,-;Freezing of tasks failed after 3.007 seconds (1 tasks refusing to freeze, wq_busy=0):\n",
		&refusal);
	freeze_parse(
		"6,4,1,-;task:sh              state:R  running task\n SUBSYSTEM=x\n",
		&refusal);
	assert_true(refusal.refused);
	assert_string_equal(refusal.names, "sh");
	freeze_parse(
		"3,5,1,-;Freezing remaining freezable tasks failed after 3.001 seconds (0 tasks refusing to freeze, wq_busy=1):\n",
		&refusal);
	assert_true(refusal.refused);
	assert_string_equal(refusal.names, "");
	/* Names may be anything: cut off, without an end, too many. */
	freeze_parse("task:", &refusal);
	freeze_parse("task: state:", &refusal);
	freeze_parse("task:                state:S", &refusal);
	freeze_parse("task:never ends", &refusal);
	assert_string_equal(refusal.names, "");
	for (i = 0; i < 100; i++)
		freeze_parse("task:abcdefghijklmno state:S stack:0\n",
			     &refusal);
	assert_int_equal(strncmp(refusal.names, "abcdefghijklmno, abc", 20), 0);
	assert_string_equal(refusal.names + strlen(refusal.names) - 8,
			    "mno, ...");
	assert_true(strlen(refusal.names) < sizeof(refusal.names));
}

static void test_meminfo(void **state)
{
	(void)state;
	assert_int_equal(flush_parse("MemTotal:  9 kB\nDirty:       12 kB\n"
				     "Writeback:     3 kB\n"
				     "WritebackTmp:  5 kB\n"),
			 15 * 1024);
	assert_int_equal(flush_parse(""), 0);
	assert_int_equal(flush_parse("MemTotal:  9 kB\nDirty: x\n"), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_there_and_back),
		TEST(test_again),
		TEST(test_resume_time),
		TEST(test_kernel_refuses),
		TEST(test_hook_refuses),
		TEST(test_unsafe_hook_refuses),
		TEST(test_hook_after_does_not_matter),
		TEST(test_inhibited),
		TEST(test_one_at_a_time),
		TEST(test_no_target),
		TEST(test_forgotten_client),
		TEST(test_stop_cancels),
		TEST(test_requests),
		TEST(test_results),
		TEST(test_requests_refused_before),
		TEST(test_request_cancelled_by_a_hook),
		TEST(test_back_from_an_image),
		TEST(test_answer_lost_in_an_image),
		TEST(test_killed_before),
		TEST(test_killed_while_frozen),
		TEST(test_killed_in_a_request),
		TEST(test_killed_after),
		TEST(test_notes),
		TEST(test_notes_of_others),
		TEST(test_freeze_log),
		TEST(test_meminfo),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
