// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * selftest - the test library against a fake device
 *
 * A test library that cannot fail is worse than none: half of these tests make
 * a wait fail and look at what it says.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "console.h"
#include "device.h"
#include "fail.h"
#include "phone.h"
#include "shell.h"

static jmp_buf failed;
static char message[65536];

static void catch_failure(const char *text)
{
	snprintf(message, sizeof(message), "%s", text);
	longjmp(failed, 1);
}

static void report_failure(const char *text)
{
	fail_msg("%s", text);
}

/* Run a statement that must fail the test, and leave why in message. */
#define expect_failure(statement) do {					\
	test_fail_handler(catch_failure);				\
	if (!setjmp(failed)) {						\
		statement;						\
		test_fail_handler(report_failure);			\
		fail_msg("did not fail: %s", #statement);		\
	}								\
	test_fail_handler(report_failure);				\
} while (0)

static void assert_message(const char *part)
{
	if (!strstr(message, part))
		fail_msg("\"%s\" is not in the message:\n%s", part, message);
}

/* ---- Console -------------------------------------------------------------- */

static int far_end;

static struct console *make_console(void)
{
	int fd[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fd), 0);
	far_end = fd[1];
	return console_new(fd[0], NULL);
}

static void feed(struct console *con, const char *bytes, size_t len)
{
	assert_int_equal(write(far_end, bytes, len), len);
	assert_true(console_read(con));
}

static void end_console(struct console *con)
{
	close(far_end);
	assert_false(console_read(con));
	console_free(con);
}

static bool find(struct console *con, const char *pattern,
		 struct console_match *m)
{
	return console_search(con, &pattern, 1, m);
}

static void test_console_cursor(void **state)
{
	struct console *con = make_console();
	struct console_match m;

	(void)state;
	feed(con, "one two one\n", 12);
	assert_true(find(con, "one", &m));
	assert_true(find(con, "one", &m));
	assert_false(find(con, "one", &m));
	assert_false(find(con, "two", &m));
	end_console(con);
}

static void test_console_first_wins(void **state)
{
	const char *const patterns[] = { "late", "early" };
	struct console *con = make_console();
	struct console_match m;

	(void)state;
	feed(con, "early late\n", 11);
	assert_true(console_search(con, patterns, 2, &m));
	assert_int_equal(m.index, 1);
	assert_true(console_search(con, patterns, 2, &m));
	assert_int_equal(m.index, 0);
	end_console(con);
}

static void test_console_groups_and_lines(void **state)
{
	struct console *con = make_console();
	struct console_match m;

	(void)state;
	feed(con, "x code 17\r\ncode 18\r\n", 20);
	assert_true(find(con, "^code ([0-9]+)$", &m));
	assert_string_equal(m.group[1], "18");
	assert_string_equal(m.group[2], "");
	end_console(con);
}

static void test_console_drops_escapes_and_nul(void **state)
{
	struct console *con = make_console();
	struct console_match m;

	(void)state;
	feed(con, "a\0b\033[6nc\033", 9);
	feed(con, "[1;3", 4);
	feed(con, "1md\n", 4);
	assert_true(find(con, "^abcd$", &m));
	end_console(con);
}

static void test_console_times(void **state)
{
	struct console *con = make_console();
	struct console_match m;
	double before, between, after;

	(void)state;
	before = clock_now_ms();
	feed(con, "first ", 6);
	between = clock_now_ms();
	while (clock_now_ms() == between)
		;
	between = clock_now_ms();
	feed(con, "second\n", 7);
	after = clock_now_ms();
	assert_true(find(con, "first", &m));
	assert_true(m.ms >= before && m.ms < between);
	assert_true(find(con, "second", &m));
	assert_true(m.ms >= between && m.ms <= after);
	end_console(con);
}

static void test_console_tail(void **state)
{
	struct console *con = make_console();
	char *tail;

	(void)state;
	feed(con, "1\n2\n3\n4\n", 8);
	tail = console_tail(con, 2);
	assert_string_equal(tail, "  | 3\n  | 4\n");
	free(tail);
	tail = console_tail(con, 40);
	assert_string_equal(tail, "  | 1\n  | 2\n  | 3\n  | 4\n");
	free(tail);
	end_console(con);
}

static void test_console_bad_pattern(void **state)
{
	struct console *con = make_console();
	struct console_match m;

	(void)state;
	expect_failure(find(con, "(", &m));
	assert_message("bad pattern");
	end_console(con);
}

/* ---- Device ---------------------------------------------------------------- */

static const struct device_options options = { .name = "selftest" };

static void test_boot_and_shell(void **state)
{
	struct phone *ph = phone_start(&options);
	char *text;
	int code;

	(void)state;
	assert_int_equal(ph->at, 0);
	phone_boot(ph, PERSONAL);
	assert_int_equal(ph->at, PERSONAL);
	text = shell_run(ph->dev, NULL, "echo one; echo two");
	assert_string_equal(text, "one\ntwo");
	free(text);
	text = shell_run(ph->dev, &code, "(exit 17)");
	assert_string_equal(text, "");
	assert_int_equal(code, 17);
	free(text);
	text = shell_run(ph->dev, NULL, "chatter");
	assert_string_equal(text, "word");
	free(text);
	assert_int_equal(shell_number(ph->dev, "echo 0x10"), 16);
	phone_stop(ph);
}

static void test_switches(void **state)
{
	struct phone *ph = phone_start(&options);

	(void)state;
	phone_boot(ph, PERSONAL);
	phone_key(ph, WORK);
	phone_up(ph, WORK);
	assert_true(phone_switch_key(ph, PERSONAL) >= 0);
	assert_true(phone_switch_command(ph, WORK) >= 0);
	assert_true(phone_switch_command(ph, PERSONAL) >= 0);
	assert_int_equal(ph->at, PERSONAL);
	shell_do(ph->dev, "true");
	assert_true(phone_switch_key(ph, WORK) >= 0);
	shell_do(ph->dev, "true");
	phone_stop(ph);
}

static void test_events_and_memory(void **state)
{
	struct phone *ph = phone_start(&options);
	const uint8_t *bytes;

	(void)state;
	device_power_key(ph->dev);
	json_decref(device_event(ph->dev, "POWERDOWN", 5000));
	bytes = device_memory(ph->dev, 0x40000000, 8192);
	assert_int_equal(bytes[0], 'm');
	assert_int_equal(bytes[8191], 'm');
	device_memory_free(bytes, 8192);
	expect_failure(device_event(ph->dev, "POWERDOWN", 50));
	assert_message("QMP event POWERDOWN");
	assert_message("50 ms");
	phone_stop(ph);
}

static void test_deadline_message(void **state)
{
	struct phone *ph = phone_start(&options);

	(void)state;
	phone_boot(ph, PERSONAL);
	expect_failure(device_expect(ph->dev, "never", 60));
	assert_message("device selftest");
	assert_message("\"never\"");
	assert_message("60 ms");
	assert_message("  | osti: personal is up\n");
	assert_message("selftest.serial");
	phone_stop(ph);
}

static void test_failing_command_message(void **state)
{
	struct phone *ph = phone_start(&options);

	(void)state;
	phone_boot(ph, PERSONAL);
	expect_failure(shell_do(ph->dev, "refuse"));
	assert_message("\"refuse\" exited with 16, expected 0");
	expect_failure(shell_number(ph->dev, "echo many"));
	assert_message("printed \"many\"");
	expect_failure(shell_json(ph->dev, "echo many"));
	assert_message("no JSON");
	phone_stop(ph);
}

static void test_panic_ends_a_wait(void **state)
{
	struct phone *ph = phone_start(&options);
	double start;

	(void)state;
	phone_boot(ph, PERSONAL);
	start = clock_now_ms();
	expect_failure(shell_do(ph->dev, "panic; sleep 1"));
	assert_message("Kernel panic - not syncing: test");
	assert_true(clock_now_ms() - start < SHELL_MS / 2);
	phone_stop(ph);
}

static void test_death_ends_a_wait(void **state)
{
	struct phone *ph = phone_start(&options);

	(void)state;
	phone_boot(ph, PERSONAL);
	expect_failure(shell_do(ph->dev, "die; sleep 1"));
	assert_message("the emulator exited with 3");
	phone_stop(ph);
}

static void test_start_failure_message(void **state)
{
	(void)state;
	setenv("FAKEQEMU_BROKEN", "1", 1);
	expect_failure(phone_start(&options));
	unsetenv("FAKEQEMU_BROKEN");
	assert_message("the emulator exited with 1");
	assert_message("fakeqemu: no such machine");
}

static void test_qmp_error_message(void **state)
{
	struct phone *ph = phone_start(&options);

	(void)state;
	expect_failure(device_qmp(ph->dev, "no-such-command", NULL));
	assert_message("no-such-command: not found");
	phone_stop(ph);
}

static void test_off(void **state)
{
	struct phone *ph = phone_start(&options);

	(void)state;
	expect_failure(device_off(ph->dev, 50));
	assert_message("switch itself off within 50 ms");
	phone_boot(ph, PERSONAL);
	device_send(ph->dev, "off\n");
	device_off(ph->dev, 5000);
	phone_stop(ph);

	ph = phone_start(&options);
	phone_boot(ph, PERSONAL);
	device_send(ph->dev, "die\n");
	expect_failure(device_off(ph->dev, 5000));
	assert_message("exited with 3");
	phone_stop(ph);
}

static void assert_store(struct device *dev, const char *want)
{
	int fd = storage_file(device_storage(dev), "store.img");
	char have[64] = "";

	assert_true(pread(fd, have, sizeof(have) - 1, 0) >= 0);
	assert_string_equal(have, want);
}

/* The disks outlive the emulator; what the console had said is no answer. */
static void test_power_cut(void **state)
{
	struct phone *ph = phone_start(&options);
	pid_t pid = device_pid(ph->dev);

	(void)state;
	phone_boot(ph, PERSONAL);
	shell_do(ph->dev, "keep one");
	device_send(ph->dev, "echo left; sleep 100\n");
	device_expect(ph->dev, "^lef", 5000);
	device_cut_power(ph->dev);
	assert_int_equal(kill(pid, 0), -1);
	assert_store(ph->dev, "store\none\n");
	phone_power_on(ph);
	assert_int_equal(ph->at, 0);
	expect_failure(device_expect(ph->dev, "left", 50));
	phone_boot(ph, PERSONAL);
	shell_do(ph->dev, "keep two");
	assert_store(ph->dev, "store\none\ntwo\n");
	phone_stop(ph);
	/* The image that it was copied from is as it was. */
	ph = phone_start(&options);
	assert_store(ph->dev, "store\n");
	expect_failure(phone_power_on(ph));
	assert_message("while it has power");
	phone_stop(ph);
}

static void test_storage_copies(void **state)
{
	struct storage *store, *nv, *st;
	struct phone *ph = phone_start(&options);
	char nv_byte = 'N';

	(void)state;
	st = device_storage(ph->dev);
	store = storage_copy(st, STORAGE_STORE);
	nv = storage_copy(st, STORAGE_NV);
	phone_boot(ph, PERSONAL);
	shell_do(ph->dev, "keep one");
	device_cut_power(ph->dev);
	assert_int_equal(pwrite(storage_file(st, "nv.img"), &nv_byte, 1, 0), 1);
	storage_put(st, store);
	assert_store(ph->dev, "store\n");
	assert_int_equal(pread(storage_file(st, "nv.img"), &nv_byte, 1, 0), 1);
	assert_int_equal(nv_byte, 'N');
	storage_put(st, nv);
	assert_int_equal(pread(storage_file(st, "nv.img"), &nv_byte, 1, 0), 1);
	assert_int_equal(nv_byte, 'n');
	/* The copy stays what it was. */
	phone_power_on(ph);
	phone_boot(ph, PERSONAL);
	shell_do(ph->dev, "keep two");
	device_cut_power(ph->dev);
	assert_store(ph->dev, "store\ntwo\n");
	storage_put(st, store);
	assert_store(ph->dev, "store\n");
	expect_failure(storage_file(st, "other.img"));
	assert_message("no file other.img");
	storage_free(store);
	storage_free(nv);
	phone_stop(ph);
}

/* A test that is killed takes its emulator along. */
static void test_emulator_ends_with_test(void **state)
{
	struct pollfd pfd = { .events = POLLIN };
	struct phone *ph;
	pid_t child, emulator;
	int fd[2];

	(void)state;
	assert_int_equal(pipe(fd), 0);
	child = fork();
	assert_true(child >= 0);
	if (!child) {
		test_fail_handler(NULL);
		ph = phone_start(&options);
		emulator = device_pid(ph->dev);
		if (write(fd[1], &emulator, sizeof(emulator)) < 0)
			_exit(1);
		pause();
		_exit(1);
	}
	assert_int_equal(read(fd[0], &emulator, sizeof(emulator)),
			 sizeof(emulator));
	pfd.fd = syscall(SYS_pidfd_open, emulator, 0);
	assert_true(pfd.fd >= 0);
	assert_int_equal(poll(&pfd, 1, 0), 0);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	assert_int_equal(poll(&pfd, 1, 10000), 1);
	close(pfd.fd);
	close(fd[0]);
	close(fd[1]);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_console_cursor),
		cmocka_unit_test(test_console_first_wins),
		cmocka_unit_test(test_console_groups_and_lines),
		cmocka_unit_test(test_console_drops_escapes_and_nul),
		cmocka_unit_test(test_console_times),
		cmocka_unit_test(test_console_tail),
		cmocka_unit_test(test_console_bad_pattern),
		cmocka_unit_test(test_boot_and_shell),
		cmocka_unit_test(test_switches),
		cmocka_unit_test(test_events_and_memory),
		cmocka_unit_test(test_deadline_message),
		cmocka_unit_test(test_failing_command_message),
		cmocka_unit_test(test_panic_ends_a_wait),
		cmocka_unit_test(test_death_ends_a_wait),
		cmocka_unit_test(test_start_failure_message),
		cmocka_unit_test(test_qmp_error_message),
		cmocka_unit_test(test_off),
		cmocka_unit_test(test_power_cut),
		cmocka_unit_test(test_storage_copies),
		cmocka_unit_test(test_emulator_ends_with_test),
	};

	if (argc != 3) {
		fprintf(stderr, "usage: selftest FAKEQEMU EMPTY-BUILD-DIRECTORY\n");
		return 2;
	}
	setenv("OSTI_RUN_QEMU", argv[1], 1);
	setenv("OSTI_BUILD", argv[2], 1);
	unsetenv("OSTI_DEADLINE_SCALE");
	test_fail_handler(report_failure);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
