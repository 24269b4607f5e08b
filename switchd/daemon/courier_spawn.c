// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * courier_spawn.c - starts switchd-backup with as few rights as it needs
 */
#include "daemon/courier_spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/util.h"
#include "daemon/courier_user.h"

#define ENV_MAX 8

/* What a person does in this OS goes first; with nobody there it costs nothing. */
#define NICER 10

/* What the store's credentials may be in; nothing else of ours is passed on. */
static const char *const passed[] = {
	"AWS_ACCESS_KEY_ID",
	"AWS_SECRET_ACCESS_KEY",
	"AWS_SESSION_TOKEN",
	"CREDENTIALS_DIRECTORY",
};

static int failed(struct fault *fault, const char *what, int error)
{
	fault_set(fault, FAULT_HELPER,
		  "switchd-backup cannot be started: %s: %s", what,
		  strerror(error));
	return -1;
}

/* "NAME=value" of what is passed on. Return: false without memory. */
static bool make_env(char *env[ENV_MAX])
{
	size_t n = 0;
	size_t i;

	memset(env, 0, ENV_MAX * sizeof(env[0]));
	if (asprintf(&env[n], "PATH=/usr/bin:/bin") < 0) {
		env[n] = NULL;
		return false;
	}
	n++;
	for (i = 0; i < ARRAY_SIZE(passed); i++) {
		const char *value = getenv(passed[i]);

		if (!value)
			continue;
		if (asprintf(&env[n], "%s=%s", passed[i], value) < 0) {
			env[n] = NULL;
			return false;
		}
		n++;
	}
	return true;
}

static void free_env(char *env[ENV_MAX])
{
	size_t i;

	for (i = 0; i < ENV_MAX; i++) {
		if (env[i])
			explicit_bzero(env[i], strlen(env[i]));
		free(env[i]);
	}
}

/* ---- In the child: nothing here that needs a lock ------------------------ */

/* Descriptors above all that the child has in the end. */
#define FD_SAFE 16

static int place_descriptors(const struct courier_spawn *spawn)
{
	int from[2] = { spawn->in, spawn->out };
	static const int to[2] = { STDIN_FILENO, STDOUT_FILENO };
	int i;

	/* First out of each other's way. */
	for (i = 0; i < 2; i++) {
		from[i] = fcntl(from[i], F_DUPFD_CLOEXEC, FD_SAFE);
		if (from[i] < 0)
			return -1;
	}
	for (i = 0; i < 2; i++)
		if (dup2(from[i], to[i]) < 0)
			return -1;
	return close_range(STDERR_FILENO + 1, ~0U, 0);
}

static int drop_rights(const struct courier_user *user)
{
	if (user->uid) {
		if (setgroups(0, NULL) < 0 ||
		    setresgid(user->gid, user->gid, user->gid) < 0 ||
		    setresuid(user->uid, user->uid, user->uid) < 0)
			return -1;
	}
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -1;
	/* After the change of user, which would forget it. */
	return prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
}

static void reset_signals(void)
{
	struct sigaction action = { .sa_handler = SIG_DFL };
	sigset_t none;
	int i;

	for (i = 1; i < NSIG; i++)
		sigaction(i, &action, NULL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Statuses as a shell has them: 127 no such program, 126 it cannot be run. */
static void run_child(const struct courier_spawn *spawn,
		      const struct courier_user *user, char *const env[],
		      pid_t parent)
{
	char *const argv[] = { (char *)"switchd-backup", NULL };

	reset_signals();
	/* -1 may be what it is now. */
	errno = 0;
	if (nice(NICER) == -1 && errno)
		_exit(126);
	if (setpgid(0, 0) < 0 || drop_rights(user) < 0)
		_exit(126);
	/* We may have lost it before we asked to be told. */
	if (getppid() != parent || place_descriptors(spawn) < 0)
		_exit(126);
	/* What it leaves in a repository is for other devices, too. */
	umask(022);
	if (chdir("/") < 0)
		_exit(126);
	execve(spawn->program, argv, env);
	_exit(errno == ENOENT ? 127 : 126);
}

/* ---- In the parent ------------------------------------------------------- */

int courier_spawn(const struct courier_spawn *spawn, pid_t *pid,
		  struct fault *fault)
{
	struct courier_user user;
	pid_t self = getpid();
	char *env[ENV_MAX];

	if (courier_user_find(spawn->user, &user, fault) < 0)
		return -1;
	if (!make_env(env)) {
		free_env(env);
		return failed(fault, "its environment", ENOMEM);
	}
	*pid = fork();
	if (*pid == 0)
		run_child(spawn, &user, env, self);
	free_env(env);
	return *pid < 0 ? failed(fault, "a process", errno) : 0;
}
