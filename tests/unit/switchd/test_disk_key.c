// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * switchctl disk-key as a program, with a fake device
 */
#include "programs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define key(f, status, ...)                                                    \
	ctl(f, status, "disk-key", __VA_ARGS__)

/* The bytes and nothing else: cryptsetup takes all that it gets. */
static void test_bytes(void **state)
{
	struct fixture *f = *state;
	size_t i;

	key(f, 0, "--device", "device");
	assert_int_equal(strlen(f->out), 64);
	for (i = 0; i < 64; i++)
		assert_int_equal((unsigned char)f->out[i], 100 + i);
	assert_string_equal(f->err, "");
	assert_calls(f, "disk-key\n");
}

static void test_errors(void **state)
{
	static const struct {
		int error;
		int status;
		const char *code;
		const char *text;
	} cases[] = {
		{ EPERM, 5, "denied", "only root may see the disk key" },
		{ EACCES, 5, "denied", "does not allow it" },
		{ ENODATA, 17, "not-supported", "no NV memory" },
		{ EOPNOTSUPP, 17, "not-supported", "too old to tell the disk" },
		{ ENOTTY, 17, "not-supported", "too old" },
		{ EIO, 1, "device", "Input/output error" },
	};
	struct fixture *f = *state;
	char number[8];
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(number, sizeof(number), "%d", cases[i].error);
		control(f, "disk-key-errno", number);
		key(f, cases[i].status, "--device", "device");
		says(f->err, cases[i].text);
		assert_string_equal(f->out, "");
		key(f, cases[i].status, "--device", "device", "--json");
		assert_json_error(f, cases[i].code);
	}
	key(f, 1, "--device", "nowhere");
	says(f->err, "cannot open nowhere");
	says(f->err, "module osti");
}

static void test_output_fails(void **state)
{
	struct fixture *f = *state;
	pid_t pid = spawn_ctl(f, "/dev/full", "err",
			      (const char *const[]){ "disk-key", "--device",
						     "device", NULL });

	assert_int_equal(wait_exit(f, pid), 1);
	f->err = helper_read(f->dir, "err");
	says(f->err, "No space left on device");
}

static void test_terminal(void **state)
{
	struct fixture *f = *state;
	int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	pid_t pid;

	assert_true(master >= 0);
	assert_int_equal(grantpt(master), 0);
	assert_int_equal(unlockpt(master), 0);
	pid = spawn_ctl(f, ptsname(master), "err",
			(const char *const[]){ "disk-key", "--device",
					       "device", NULL });
	assert_int_equal(wait_exit(f, pid), 1);
	close(master);
	f->err = helper_read(f->dir, "err");
	says(f->err, "it is for a pipe");
	/* The device was not even asked. */
	assert_calls(f, "");
}

int main(void)
{
	/* switchd is not needed for any of this. */
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_bytes, setup, teardown),
		cmocka_unit_test_setup_teardown(test_errors, setup, teardown),
		cmocka_unit_test_setup_teardown(test_output_fails, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_terminal, setup, teardown),
	};

	return cmocka_run_group_tests_name("switchd_disk_key", tests, NULL,
					   NULL);
}
