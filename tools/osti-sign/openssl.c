// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * openssl.c - the openssl program, and what it reads and writes
 */
#include "openssl.h"

#include <errno.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "file.h"
#include "say.h"

int openssl_file(const void *from, size_t bytes)
{
	int fd = memfd_create("osti-sign", 0);
	struct file f = { .fd = fd };

	if (fd >= 0 && bytes && file_write(&f, from, bytes, 0)) {
		close(fd);
		return -1;
	}
	return fd;
}

int openssl_run(char * const argv[], int in, int out)
{
	int status;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (pid < 0) {
		say_failed("openssl", "cannot start it", errno);
		return -1;
	}
	if (!pid) {
		if (dup2(in, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0)
			_exit(127);
		execvp(argv[0], argv);
		_exit(127);
	}
	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR) {
			say_failed("openssl", "cannot wait for it", errno);
			return -1;
		}
	}
	if (!WIFEXITED(status) || WEXITSTATUS(status) == 127) {
		fprintf(stderr, "osti-sign: openssl does not work; is it installed?\n");
		return -1;
	}
	return WEXITSTATUS(status);
}
