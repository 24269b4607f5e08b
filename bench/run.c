// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * run.c - run a program of this machine, and see what it took
 */
#include "run.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "fail.h"

static int memory_file(const char *text)
{
	int fd = memfd_create("run", MFD_CLOEXEC);

	if (fd < 0)
		test_fail("memfd_create: %s", strerror(errno));
	if (text && (write(fd, text, strlen(text)) != (ssize_t)strlen(text) ||
		     lseek(fd, 0, SEEK_SET)))
		test_fail("a file in memory: %s", strerror(errno));
	return fd;
}

static void __attribute__((noreturn)) child(const struct run *r, int in)
{
	int i;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (i = 0; i < RUN_ENV_MAX && r->env[i]; i++)
		putenv((char *)r->env[i]);
	if (dup2(in, 0) < 0 || dup2(r->out, 1) < 0 || dup2(r->err, 2) < 0)
		_exit(126);
	/* It may have that number already, and must not close on exec then. */
	if (r->fd3 == 3)
		fcntl(3, F_SETFD, 0);
	else if (r->fd3)
		dup2(r->fd3, 3);
	execvp(r->argv[0], (char *const *)r->argv);
	_exit(127);
}

void run_start(struct run *r)
{
	int in = r->socket ? r->socket : memory_file(r->input ? r->input : "");

	r->out = memory_file(NULL);
	r->err = memory_file(NULL);
	r->started = clock_now_ms();
	r->pid = fork();
	if (r->pid < 0)
		test_fail("fork: %s", strerror(errno));
	if (!r->pid)
		child(r, in);
	if (!r->socket)
		close(in);
}

static char *text_of(int fd)
{
	off_t size = lseek(fd, 0, SEEK_END);
	char *text = calloc(1, (size_t)size + 1);

	if (!text || pread(fd, text, (size_t)size, 0) != size)
		test_fail("cannot read what a program printed");
	return text;
}

static double seconds(const struct timeval *tv)
{
	return tv->tv_sec + tv->tv_usec / 1e6;
}

void run_wait(struct run *r)
{
	struct rusage usage;

	while (wait4(r->pid, &r->status, 0, &usage) < 0)
		if (errno != EINTR)
			test_fail("wait4: %s", strerror(errno));
	r->s = (clock_now_ms() - r->started) / 1000;
	r->cpu_s = seconds(&usage.ru_utime) + seconds(&usage.ru_stime);
	r->rss_mib = usage.ru_maxrss / 1024.0;
	r->text = text_of(r->out);
	close(r->out);
}

void run_check(const struct run *r)
{
	if (!WIFEXITED(r->status) || WEXITSTATUS(r->status))
		test_fail("%s %s failed (wait status 0x%x):\n%s%s", r->argv[0],
			  r->argv[1] ? r->argv[1] : "", r->status, r->text,
			  text_of(r->err));
}

void run_free(struct run *r)
{
	free(r->text);
	r->text = NULL;
	close(r->err);
}

double run(struct run *r)
{
	run_start(r);
	run_wait(r);
	run_check(r);
	run_free(r);
	return r->s;
}
