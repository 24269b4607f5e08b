// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * switchd-backup - carries copies of frozen operating systems to a repository
 * and back; switchd starts it for one job
 */
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "backup/job.h"
#include "backup/operations.h"
#include "backup/report.h"
#include "backup/sandbox.h"
#include "backup/session.h"
#include "common/json_wipe.h"

#define EXIT_USAGE 2

struct operation {
	int (*run)(struct session *session, struct fault *fault);
	bool needs_slot;
};

static const struct operation operations[JOB_OPS] = {
	[JOB_BACKUP] = { op_save, true },
	[JOB_PUSH] = { op_save, true },
	[JOB_BACKUPS] = { op_backups, false },
	[JOB_SHOW] = { op_show, true },
	[JOB_RESTORE] = { op_restore, true },
	[JOB_VERIFY] = { op_verify, true },
	[JOB_FORGET] = { op_forget, true },
	[JOB_PRUNE] = { op_prune, true },
	[JOB_INIT] = { op_init, false },
	[JOB_INFO] = { op_info, true },
	[JOB_CHECK] = { op_check, false },
};

static int run(const struct job *job, struct fault *fault)
{
	const struct operation *operation = &operations[job->op];
	struct session session;
	int r;

	if (operation->needs_slot && !job->n_slots) {
		fault_set(fault, FAULT_BAD_REQUEST, "the job names no slot");
		return -1;
	}
	if (session_begin(&session, job, fault) < 0)
		return -1;
	r = operation->run(&session, fault);
	session_end(&session);
	return r;
}

static int usage(void)
{
	fputs("switchd-backup takes no arguments: switchd starts it, see switchd-backup(8).\n",
	      stderr);
	return EXIT_USAGE;
}

int main(int argc, char **argv)
{
	struct fault fault;
	struct job job;
	int r;

	if (argc == 2 && strcmp(argv[1], "--version") == 0) {
		puts("switchd-backup " OSTI_VERSION);
		return EXIT_SUCCESS;
	}
	if (argc > 1)
		return usage();
	json_wipe_init();
	/* A switchd that is gone shows as an error of write(). */
	signal(SIGPIPE, SIG_IGN);
	if (sandbox_begin(&fault) < 0 ||
	    job_read(STDIN_FILENO, &job, &fault) < 0) {
		report_fault(&fault);
		return EXIT_FAILURE;
	}
	r = sandbox_enter(&fault);
	if (r == 0)
		r = run(&job, &fault);
	job_free(&job);
	if (r < 0)
		report_fault(&fault);
	return r < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
