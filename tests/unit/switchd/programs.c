// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * programs.c - switchd and switchctl as programs, for tests that run them with
 * a fake device and fake keyboards
 */
#include "programs.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MAX_ARGS 16

/* ---- Programs -------------------------------------------------------------- */

/*
 * Starts a program with its output in files of the directory. $T is that
 * directory for scripts.
 */
pid_t spawn(struct fixture *f, const char *name, const char *out,
	    const char *err, char *const argv[])
{
	/* So that a test can empty it in between. */
	const int flags = O_WRONLY | O_CREAT | O_TRUNC | O_APPEND;
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;
	char path[2 * PATH_MAX];
	sigset_t none;
	pid_t pid;

	sigemptyset(&none);
	setenv("T", f->dir, 1);
	setenv("NOTIFY_SOCKET", f->notify_path, 1);
	snprintf(path, sizeof(path), "%s/%s", f->programs, name);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_addchdir_np(&files, f->dir);
	posix_spawn_file_actions_addopen(&files, 1, out, flags, 0644);
	posix_spawn_file_actions_addopen(&files, 2, err, flags, 0644);
	/* A fork would copy all that the sanitizers map. */
	assert_int_equal(posix_spawn(&pid, path, &files, &attributes, argv,
				     environ), 0);
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&attributes);
	return pid;
}

/* Takes what switchd told systemd: a full socket would block switchd. */
static void drain(struct fixture *f)
{
	ssize_t n;

	for (;;) {
		n = recv(f->notify, f->told + f->n_told,
			 sizeof(f->told) - f->n_told - 2, MSG_DONTWAIT);
		if (n < 0)
			break;
		f->n_told += (size_t)n;
		f->told[f->n_told++] = '\n';
		f->told[f->n_told] = '\0';
		assert_true(sizeof(f->told) - f->n_told > 1024);
	}
	assert_int_equal(errno, EAGAIN);
}

/* Waits for its end. Return: exit status, or 1000 + signal. */
int wait_exit(struct fixture *f, pid_t pid)
{
	const struct timespec ts = { .tv_nsec = 2000000 };
	int64_t deadline = helper_now_ms() + HELPER_DEADLINE_MS;
	int status;
	pid_t r;

	while ((r = waitpid(pid, &status, WNOHANG)) == 0) {
		if (helper_now_ms() > deadline) {
			kill(pid, SIGKILL);
			waitpid(pid, &status, 0);
			fail_msg("a program does not end");
		}
		drain(f);
		nanosleep(&ts, NULL);
	}
	assert_int_equal(r, pid);
	return WIFEXITED(status) ? WEXITSTATUS(status)
				 : 1000 + WTERMSIG(status);
}

/* Starts switchctl with the words, which end with NULL. */
pid_t spawn_ctl(struct fixture *f, const char *out, const char *err,
		const char *const words[])
{
	char *argv[MAX_ARGS];
	int n = 0;

	argv[n++] = (char *)"switchctl";
	argv[n++] = (char *)"--socket";
	argv[n++] = f->sock;
	for (; *words; words++) {
		assert_true(n < MAX_ARGS - 1);
		argv[n++] = (char *)*words;
	}
	argv[n] = NULL;
	return spawn(f, "switchctl", out, err, argv);
}

void forget_output(struct fixture *f)
{
	free(f->out);
	free(f->err);
	f->out = NULL;
	f->err = NULL;
}

void run_ctl(struct fixture *f, int status, const char *const words[])
{
	forget_output(f);
	f->status = wait_exit(f, spawn_ctl(f, "out", "err", words));
	f->out = helper_read(f->dir, "out");
	f->err = helper_read(f->dir, "err");
	if (f->status != status)
		fail_msg("exit status %d instead of %d: %s%s", f->status,
			 status, f->out, f->err);
}

void says(const char *text, const char *expected)
{
	if (!strstr(text, expected))
		fail_msg("'%s' does not say '%s'", text, expected);
}

json_t *out_json(struct fixture *f)
{
	json_error_t error;
	json_t *value = json_loads(f->out, 0, &error);

	if (!value)
		fail_msg("not JSON (%s): %s", error.text, f->out);
	return value;
}

void assert_json(const json_t *value, const char *expected)
{
	json_t *want = json_loads(expected, 0, NULL);

	assert_non_null(want);
	if (!json_equal(value, want))
		fail_msg("not %s, but %s", expected, json_dumps(value, 0));
	json_decref(want);
}

void assert_json_error(struct fixture *f, const char *code)
{
	json_t *value = out_json(f);
	const char *message;
	const char *got;

	assert_int_equal(json_unpack(value, "{s:{s:s,s:s}}", "error", "code",
				     &got, "message", &message),
			 0);
	assert_string_equal(got, code);
	assert_string_not_equal(message, "");
	assert_string_equal(f->err, "");
	json_decref(value);
}

/* ---- switchd --------------------------------------------------------------- */

/* Waits until switchd tells systemd the line, after the last such one. */
void wait_notified(struct fixture *f, const char *line)
{
	int64_t deadline = helper_now_ms() + HELPER_DEADLINE_MS;
	const char *found;

	for (;;) {
		struct pollfd pollfd = { .fd = f->notify, .events = POLLIN };

		drain(f);
		found = strstr(f->told + f->seen, line);
		if (found)
			break;
		if (poll(&pollfd, 1, (int)(deadline - helper_now_ms())) <= 0)
			fail_msg("switchd never told '%s', but: %s", line,
				 f->told + f->seen);
	}
	f->seen = (size_t)(found - f->told) + strlen(line);
}

void write_config(struct fixture *f, const char *more)
{
	char text[8 * PATH_MAX];

	snprintf(text, sizeof(text),
		 "[paths]\n"
		 "device = %s/device\n"
		 "socket = %s\n"
		 "hooks = %s\n"
		 "input = %s/input\n"
		 "[hooks]\n"
		 "own-units = no\n"
		 "[logind]\n"
		 "block-locks = never\n"
		 "[access]\n"
		 "group = none\n"
		 "%s",
		 f->dir, f->sock, f->dir, f->dir, more);
	helper_write(f->dir, "switchd.conf", 0644, text);
}

pid_t spawn_switchd(struct fixture *f, const char *log)
{
	char *const argv[] = { (char *)"switchd", (char *)"--verbose",
			       (char *)"--config=switchd.conf", NULL };

	return spawn(f, "switchd", "switchd.out", log, argv);
}

void start(struct fixture *f)
{
	f->switchd = spawn_switchd(f, "log");
	wait_notified(f, "READY=1");
}

/* Ends switchd as systemd does; it says goodbye and leaks nothing. */
void stop(struct fixture *f)
{
	pid_t pid = f->switchd;
	int status;

	f->switchd = 0;
	assert_int_equal(kill(pid, SIGTERM), 0);
	status = wait_exit(f, pid);
	if (status != 0)
		fail_msg("switchd failed, status %d: %s", status,
			 helper_read(f->dir, "log"));
	wait_notified(f, "STOPPING=1");
	assert_int_not_equal(access(f->sock, F_OK), 0);
}

void make_dir(struct fixture *f, const char *name)
{
	char path[PATH_MAX + 32];

	snprintf(path, sizeof(path), "%s/%s", f->dir, name);
	assert_int_equal(mkdir(path, 0755), 0);
}

int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	char self[PATH_MAX] = "";
	uid_t uid = geteuid();
	char more[64];

	assert_true(readlink("/proc/self/exe", self, sizeof(self) - 1) > 0);
	assert_true(snprintf(f->programs, sizeof(f->programs), "%s/switchd",
			     dirname(self)) < (int)sizeof(f->programs));
	helper_dir_make(f->dir);
	/* Another user of the tests below must come as far as the socket. */
	assert_int_equal(chmod(f->dir, 0755), 0);
	make_dir(f, "device");
	make_dir(f, "input");
	make_dir(f, "pre-freeze.d");
	make_dir(f, "post-resume.d");
	snprintf(f->sock, sizeof(f->sock), "%s/sock", f->dir);
	snprintf(f->notify_path, sizeof(f->notify_path), "%s/notify", f->dir);
	f->notify = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	assert_true(f->notify >= 0);
	assert_true(strlen(f->notify_path) < sizeof(address.sun_path));
	memcpy(address.sun_path, f->notify_path, strlen(f->notify_path) + 1);
	assert_int_equal(bind(f->notify, (struct sockaddr *)&address,
			      sizeof(address)),
			 0);
	snprintf(more, sizeof(more), "users = %u\n", uid);
	write_config(f, more);
	*state = f;
	return 0;
}

int setup_started(void **state)
{
	setup(state);
	start(*state);
	return 0;
}

int teardown(void **state)
{
	struct fixture *f = *state;

	if (f->switchd)
		stop(f);
	forget_output(f);
	close(f->notify);
	helper_dir_remove(f->dir);
	free(f);
	return 0;
}

void hook(struct fixture *f, const char *name, const char *script)
{
	char text[PATH_MAX + 512];

	snprintf(text, sizeof(text), "#!/bin/sh\nT='%s'\n%s\n", f->dir, script);
	helper_write(f->dir, name, 0755, text);
}

/* At once: a program that reads it meanwhile finds all of it, or none. */
void control(struct fixture *f, const char *name, const char *text)
{
	char path[PATH_MAX + 64];
	char aside[PATH_MAX + 64];

	helper_write(f->dir, "control", 0644, text);
	snprintf(aside, sizeof(aside), "%s/control", f->dir);
	snprintf(path, sizeof(path), "%s/device/%s", f->dir, name);
	assert_int_equal(rename(aside, path), 0);
}

void assert_calls(struct fixture *f, const char *expected)
{
	char *calls = helper_read(f->dir, "device/calls");

	assert_string_equal(calls, expected);
	free(calls);
}

void make_fifo(struct fixture *f, const char *name, mode_t mode)
{
	char path[PATH_MAX + 64];

	snprintf(path, sizeof(path), "%s/%s", f->dir, name);
	assert_int_equal(mkfifo(path, mode), 0);
}

void remove_file(struct fixture *f, const char *name)
{
	char path[PATH_MAX + 64];

	snprintf(path, sizeof(path), "%s/%s", f->dir, name);
	assert_int_equal(unlink(path), 0);
}

/* Opens a FIFO for writing as soon as somebody reads from it. */
int open_fifo(struct fixture *f, const char *name)
{
	const struct timespec ts = { .tv_nsec = 2000000 };
	int64_t deadline = helper_now_ms() + HELPER_DEADLINE_MS;
	char path[PATH_MAX + 64];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", f->dir, name);
	while ((fd = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC)) < 0) {
		assert_int_equal(errno, ENXIO);
		assert_true(helper_now_ms() < deadline);
		nanosleep(&ts, NULL);
	}
	return fd;
}
