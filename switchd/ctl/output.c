// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * output.c - standard output of commands that go on until somebody ends them
 */
#include "ctl/output.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

static int failed(int error, struct fault *fault)
{
	fault_set(fault, FAULT_FAILED, "standard output: %s", strerror(error));
	return -1;
}

int output_flush(struct fault *fault)
{
	if (fflush(stdout) != 0)
		return failed(errno, fault);
	/* Of a write before this one nobody knows the reason any more. */
	return ferror(stdout) ? failed(EIO, fault) : 0;
}

int output_gone(struct fault *fault)
{
	raise(SIGPIPE);
	return failed(EPIPE, fault);
}
