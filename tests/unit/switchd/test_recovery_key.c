// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * switchctl recovery-key as a program, with a fake device and, where that
 * counts, on a terminal.
 */
#include "programs.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* Of the fake's key: a vector of docs/recovery-key.md. */
#define ROW_1 "000G-40R4-0M3M"
#define ROW_5 "P70X-3RFG-EB7M"
#define BLOCK "\xe2\x96\x88"
#define SCREEN_MAX 16384

#define key(f, status, ...)                                                    \
	ctl(f, status, "recovery-key", "--device", "device", __VA_ARGS__)

static void says_not(const char *text, const char *word)
{
	if (strstr(text, word))
		fail_msg("'%s' says '%s'", text, word);
}

static void test_text(void **state)
{
	struct fixture *f = *state;

	key(f, 0, "--text", "--yes");
	says(f->out, "  row 1   " ROW_1 "\n");
	says(f->out, "  row 5   " ROW_5 "\n");
	says_not(f->out, BLOCK);
	says(f->err, "This key opens all copies of slot 1 (personal)");
	says_not(f->err, ROW_1);
	assert_calls(f, "key\n");
}

static void test_qr(void **state)
{
	struct fixture *f = *state;

	key(f, 0, "--qr", "--yes");
	says(f->out, BLOCK BLOCK BLOCK BLOCK BLOCK);
	says_not(f->out, ROW_1);
	/* Colours are for terminals. */
	says_not(f->out, "\033");
	key(f, 0, "--qr", "--text", "--yes");
	says(f->out, ROW_1);
	says(f->out, BLOCK);
}

static void test_json(void **state)
{
	struct fixture *f = *state;
	json_t *value;

	key(f, 0, "--text", "--yes", "--json");
	value = out_json(f);
	assert_json(value,
		    "{\"recovery_key\": \"" ROW_1
		    " 0E20-9185-GR33 8E1W-8124-GK24 GAHC-5RR3-4D11 " ROW_5
		    "\"}");
	json_decref(value);
	assert_string_equal(f->err, "");
}

/* Not into a file by mistake, and not without a person's word. */
static void test_not_shown(void **state)
{
	struct fixture *f = *state;

	key(f, 1, "--yes");
	says(f->err, "standard output is no terminal");
	says_not(f->out, ROW_1);
	key(f, 1, "--yes", "--json");
	says_not(f->out, ROW_1);
	key(f, 1, "--text");
	says(f->err, "nobody can be asked; --yes");
	says_not(f->out, ROW_1);
	/* The monitor's log does not say that it was read, then. */
	assert_calls(f, "");
}

static void test_errors(void **state)
{
	static const struct {
		int error;
		int status;
		const char *code;
		const char *text;
	} cases[] = {
		{ EPERM, 5, "denied", "only root" },
		{ ENODATA, 17, "not-supported", "no NV memory" },
		{ EOPNOTSUPP, 17, "not-supported", "too old" },
		{ ENOTTY, 17, "not-supported", "too old" },
		{ EIO, 1, "device", "Input/output error" },
	};
	struct fixture *f = *state;
	char number[8];
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(number, sizeof(number), "%d", cases[i].error);
		control(f, "key-errno", number);
		key(f, cases[i].status, "--text", "--yes");
		says(f->err, cases[i].text);
		says_not(f->out, "row");
		key(f, cases[i].status, "--text", "--yes", "--json");
		assert_json_error(f, cases[i].code);
	}
	ctl(f, 1, "recovery-key", "--device", "nowhere", "--text", "--yes");
	says(f->err, "cannot open nowhere");
	says(f->err, "module osti");
	control(f, "info-errno", "5");
	key(f, 1, "--text", "--yes");
	says(f->err, "asking the monitor who we are");
}

/* An output that fails is an error. */
static void test_output_fails(void **state)
{
	struct fixture *f = *state;
	pid_t pid = spawn_ctl(f, "/dev/full", "err",
			      (const char *const[]){ "recovery-key", "--device",
						     "device", "--text",
						     "--yes", NULL });

	assert_int_equal(wait_exit(f, pid), 1);
	f->err = helper_read(f->dir, "err");
	says(f->err, "No space left on device");
}

/* ---- On a terminal ---------------------------------------------------------- */

/* Starts switchctl on a new terminal. Return: our end of it. */
static int start_on_terminal(struct fixture *f, pid_t *pid)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	char path[2 * PATH_MAX];
	int slave;

	assert_true(master >= 0);
	assert_int_equal(grantpt(master), 0);
	assert_int_equal(unlockpt(master), 0);
	snprintf(path, sizeof(path), "%s/switchctl", f->programs);
	*pid = fork();
	assert_true(*pid >= 0);
	if (*pid > 0)
		return master;
	if (setsid() < 0 || chdir(f->dir) < 0)
		_exit(120);
	slave = open(ptsname(master), O_RDWR);
	if (slave < 0 || dup2(slave, 0) < 0 || dup2(slave, 1) < 0 ||
	    dup2(slave, 2) < 0)
		_exit(120);
	execl(path, "switchctl", "recovery-key", "--device", "device", NULL);
	_exit(121);
}

/* Reads until the text is there, or the program has gone if that is NULL. */
static void read_until(int master, char screen[SCREEN_MAX], const char *text)
{
	int64_t deadline = helper_now_ms() + HELPER_DEADLINE_MS;
	size_t n = strlen(screen);

	while (!text || !strstr(screen, text)) {
		struct pollfd p = { .fd = master, .events = POLLIN };
		int64_t left = deadline - helper_now_ms();
		ssize_t r;

		assert_true(left > 0 && poll(&p, 1, (int)left) == 1);
		r = read(master, screen + n, SCREEN_MAX - 1 - n);
		/* EIO: nobody has the other end any more. */
		if (r <= 0) {
			assert_null(text);
			return;
		}
		n += (size_t)r;
		screen[n] = '\0';
	}
}

static int answer(struct fixture *f, const char *word, char *screen)
{
	pid_t pid;
	int master = start_on_terminal(f, &pid);
	size_t n = strlen(word);

	screen[0] = '\0';
	read_until(master, screen, "Show it now? [y/N] ");
	says_not(screen, ROW_1);
	assert_int_equal(write(master, word, n), n);
	read_until(master, screen, NULL);
	close(master);
	return wait_exit(f, pid);
}

static void test_terminal(void **state)
{
	static char screen[SCREEN_MAX];
	struct fixture *f = *state;

	assert_int_equal(answer(f, "y\n", screen), 0);
	says(screen, "This key opens all copies of slot 1 (personal)");
	says(screen, "row 1   " ROW_1);
	says(screen, "row 5   " ROW_5);
	says(screen, "\033[40;97m" BLOCK);
	assert_calls(f, "key\n");
}

static void test_declined(void **state)
{
	/* The last one is the end of input. */
	static const char *const words[] = { "n\n", "\n", "x y\n", "\004" };
	static char screen[SCREEN_MAX];
	struct fixture *f = *state;
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		assert_int_equal(answer(f, words[i], screen), 12);
		says(screen, "the key was not shown");
		says_not(screen, ROW_1);
	}
	assert_calls(f, "");
}

int main(void)
{
	/* switchd is not needed for any of this. */
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_text, setup, teardown),
		cmocka_unit_test_setup_teardown(test_qr, setup, teardown),
		cmocka_unit_test_setup_teardown(test_json, setup, teardown),
		cmocka_unit_test_setup_teardown(test_not_shown, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_errors, setup, teardown),
		cmocka_unit_test_setup_teardown(test_output_fails, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_terminal, setup, teardown),
		cmocka_unit_test_setup_teardown(test_declined, setup, teardown),
	};

	/* Whoever runs the tests may do so on a terminal. */
	if (!freopen("/dev/null", "r", stdin))
		return 1;
	return cmocka_run_group_tests_name("switchd_recovery_key", tests, NULL,
					   NULL);
}
