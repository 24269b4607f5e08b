// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Users who want switchd for themselves: whatever one of them does, others get
 * what is theirs, and root always gets an answer.
 *
 * Two users are needed, so only root can run these.
 */
#include "programs.h"

#include <errno.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/protocol.h"
#include "daemon/inhibit.h"
#include "daemon/methods.h"
#include "daemon/server.h"

#define HOSTILE 65534
#define OTHER 65533
/* More than the kernel queues for a socket, see SOMAXCONN. */
#define MANY 8192

/* ---- What the other users do, in processes of their own --------------------- */

/* Such a process tells by its exit status in which line it went wrong. */
#define expect(condition)                                                      \
	do {                                                                   \
		if (!(condition)) {                                            \
			fprintf(stderr, "line %d: %s\n", __LINE__,             \
				#condition);                                   \
			_exit(1);                                              \
		}                                                              \
	} while (0)

static void become(uid_t uid)
{
	expect(setgroups(0, NULL) == 0);
	expect(setresgid(uid, uid, uid) == 0);
	expect(setresuid(uid, uid, uid) == 0);
}

/* Return: the connection, or -1: the queue is full. */
static int dial(const struct fixture *f, int flags)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | flags, 0);

	expect(fd >= 0);
	memcpy(address.sun_path, f->sock, strlen(f->sock) + 1);
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
		return fd;
	expect(errno == EAGAIN);
	close(fd);
	return -1;
}

static void say(int fd, const char *text)
{
	ssize_t n = (ssize_t)strlen(text);

	expect(send(fd, text, (size_t)n, MSG_NOSIGNAL) == n);
}

/* The next line from switchd has the text in it. */
static void hears(int fd, const char *text)
{
	static char line[PROTOCOL_REPLY_MAX + 1];
	size_t n = 0;

	do {
		expect(n < sizeof(line) - 1);
		expect(recv(fd, line + n, 1, 0) == 1);
	} while (line[n++] != '\n');
	line[n] = '\0';
	if (!strstr(line, text))
		fprintf(stderr, "'%s' is not in: %s", text, line);
	expect(strstr(line, text));
}

/* The longest that a lock may say. */
static void lock(int fd)
{
	char who[PROTOCOL_WHO_MAX + 1];
	char why[PROTOCOL_WHY_MAX + 1];
	char text[PROTOCOL_REQUEST_MAX];

	memset(who, 'w', sizeof(who) - 1);
	who[sizeof(who) - 1] = '\0';
	memset(why, 'y', sizeof(why) - 1);
	why[sizeof(why) - 1] = '\0';
	snprintf(text, sizeof(text),
		 "{\"method\":\"inhibit\",\"params\":{\"who\":\"%s\",\"why\":\"%s\"}}\n",
		 who, why);
	say(fd, text);
}

static const char wait_for_log[] =
	"{\"method\":\"log\",\"params\":{\"wait\":true}}\n";

/* Takes all connections that one user can have, in every bad way there is. */
static void take_all(const struct fixture *f)
{
	int held = 0;
	int fd;
	int i;

	for (i = 0; i < INHIBIT_USER_LOCKS; i++, held++) {
		fd = dial(f, 0);
		lock(fd);
		hears(fd, "\"lock\"");
	}
	for (i = 0; i < METHODS_USER_LOGS; i++, held++) {
		fd = dial(f, 0);
		say(fd, wait_for_log);
		hears(fd, "\"events\"");
		say(fd, wait_for_log);
	}
	/* Half a request, after the limits have told of themselves. */
	fd = dial(f, 0);
	lock(fd);
	hears(fd, "\"limit\"");
	say(fd, wait_for_log);
	hears(fd, "\"limit\"");
	say(fd, "{\"method\":");
	held++;
	/* Answers that nobody reads. */
	fd = dial(f, SOCK_NONBLOCK);
	while (send(fd, "{\"method\":\"stats\"}\n", 19, MSG_NOSIGNAL) == 19)
		;
	held++;
	for (; held < SERVER_USER_CLIENTS; held++)
		expect(dial(f, 0) >= 0);
	fd = dial(f, 0);
	hears(fd, "\"limit\"");
	expect(recv(fd, &i, 1, 0) == 0);
	close(fd);
}

/* Fills the queue of the socket, so that nobody can get into it. */
static void fill_queue(const struct fixture *f, int *fds)
{
	int n = 0;

	while ((fds[n] = dial(f, SOCK_NONBLOCK)) >= 0)
		expect(++n < MANY);
}

/* Knocks for ever, as fast as it can; the oldest knocks are let go of. */
static void knock(const struct fixture *f, int *fds)
{
	int i;

	for (i = 0;; i = (i + 1) % MANY) {
		if (fds[i] >= 0)
			close(fds[i]);
		fds[i] = dial(f, SOCK_NONBLOCK);
	}
}

/* ---- The test's side --------------------------------------------------------- */

/* A process of another user; its steps are ended by bytes in two pipes. */
struct enemy {
	pid_t pid;
	int go[2];
	int done[2];
};

static void next_step(const struct enemy *enemy)
{
	char c;

	expect(write(enemy->done[1], "x", 1) == 1);
	expect(read(enemy->go[0], &c, 1) == 1);
}

static void attack(const struct fixture *f, const struct enemy *enemy)
{
	static int fds[MANY];
	int i;

	for (i = 0; i < MANY; i++)
		fds[i] = -1;
	become(HOSTILE);
	take_all(f);
	next_step(enemy);
	fill_queue(f, fds);
	next_step(enemy);
	knock(f, fds);
}

static void enemy_start(struct fixture *f, struct enemy *enemy)
{
	const struct rlimit files = { MANY + 64, MANY + 64 };

	assert_int_equal(pipe(enemy->go), 0);
	assert_int_equal(pipe(enemy->done), 0);
	enemy->pid = fork();
	assert_true(enemy->pid >= 0);
	if (enemy->pid > 0) {
		/* So an enemy that fails does not leave us waiting. */
		close(enemy->done[1]);
		return;
	}
	expect(setrlimit(RLIMIT_NOFILE, &files) == 0);
	attack(f, enemy);
}

static void enemy_goes_on(const struct enemy *enemy)
{
	assert_int_equal(write(enemy->go[1], "x", 1), 1);
}

static void enemy_is_done(const struct enemy *enemy)
{
	char c;

	assert_int_equal(read(enemy->done[0], &c, 1), 1);
}

static void enemy_end(const struct enemy *enemy)
{
	int status;

	assert_int_equal(kill(enemy->pid, SIGKILL), 0);
	assert_int_equal(waitpid(enemy->pid, &status, 0), enemy->pid);
	/* It fought to the end. */
	assert_true(WIFSIGNALED(status));
	close(enemy->go[0]);
	close(enemy->go[1]);
	close(enemy->done[0]);
}

static int setup_users(void **state)
{
	char more[64];

	setup(state);
	/* Users that are named: the socket is open for everybody. */
	snprintf(more, sizeof(more), "users = %d, %d\n", HOSTILE, OTHER);
	write_config(*state, more);
	start(*state);
	return 0;
}

static void root_gets_all(struct fixture *f)
{
	ctl(f, 0, "list");
	says(f->out, "personal");
	ctl(f, 0, "status", "--json");
	ctl(f, 0, "log");
	ctl(f, 0, "inhibit", "--", "true");
}

static void others_get_theirs(struct fixture *f)
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		int fd;

		become(OTHER);
		fd = dial(f, 0);
		lock(fd);
		hears(fd, "\"lock\"");
		fd = dial(f, 0);
		say(fd, wait_for_log);
		hears(fd, "\"events\"");
		_exit(0);
	}
	assert_int_equal(wait_exit(f, pid), 0);
}

static void test_one_user_takes_all(void **state)
{
	struct fixture *f = *state;
	struct enemy enemy;
	pid_t pid;
	int i;

	if (geteuid() != 0) {
		print_message("skipped: two users are needed; run it as root\n");
		skip();
	}
	enemy_start(f, &enemy);
	enemy_is_done(&enemy);
	root_gets_all(f);
	others_get_theirs(f);
	/* A queue that is full before switchd can look at it. */
	assert_int_equal(kill(f->switchd, SIGSTOP), 0);
	enemy_goes_on(&enemy);
	enemy_is_done(&enemy);
	enemy_goes_on(&enemy);
	pid = ctl_begin(f, "list");
	assert_int_equal(kill(f->switchd, SIGCONT), 0);
	assert_int_equal(wait_exit(f, pid), 0);
	/* And it never ends. */
	for (i = 0; i < 5; i++)
		ctl(f, 0, "list");
	enemy_end(&enemy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_one_user_takes_all,
						setup_users, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
