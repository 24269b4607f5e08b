// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * peers.c - restic and borg, as others back up a file with the memory of a slot
 */
#include "peers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "device.h"
#include "fail.h"
#include "run.h"

#define ARGS_MAX 8

static char *memory_dir(void)
{
	char *dir = strdup("/dev/shm/osti-bench-XXXXXX");

	if (!dir || !mkdtemp(dir))
		test_fail("cannot make a directory in /dev/shm");
	return dir;
}

static void remove_dir(char *dir)
{
	host_run((const char *const[]){ "rm", "-rf", dir, NULL });
	free(dir);
}

/* ---- restic ----------------------------------------------------------------------- */

static double restic(const struct restic *r, const char *const *args)
{
	const char *argv[ARGS_MAX + 2] = { "restic", "--quiet" };
	char repository[700], cache[700];
	struct run program = {
		.argv = argv,
		.env = { "RESTIC_PASSWORD=bench", "RESTIC_PROGRESS_FPS=0",
			 "AWS_ACCESS_KEY_ID=tester-access",
			 "AWS_SECRET_ACCESS_KEY=tester-secret", repository,
			 cache },
	};
	int i;

	for (i = 0; args[i]; i++)
		argv[2 + i] = args[i];
	snprintf(repository, sizeof(repository), "RESTIC_REPOSITORY=%s",
		 r->repository);
	snprintf(cache, sizeof(cache), "RESTIC_CACHE_DIR=%s", r->cache);
	return run(&program);
}

void restic_init(struct restic *r, const char *where, const char *state)
{
	snprintf(r->repository, sizeof(r->repository), "%s", where);
	snprintf(r->cache, sizeof(r->cache), "%s", state);
	restic(r, (const char *const[]){ "init", NULL });
	r->open_s = restic(r, (const char *const[]){ "cat", "config", NULL });
}

double restic_backup(const struct restic *r, const char *file)
{
	return restic(r, (const char *const[]){ "backup", file, NULL }) -
	       r->open_s;
}

double restic_restore(const struct restic *r)
{
	char *dir = memory_dir();
	double s = restic(r, (const char *const[]){ "restore", "latest",
						    "--target", dir, NULL });

	remove_dir(dir);
	return s - r->open_s;
}

/* ---- borg ------------------------------------------------------------------------- */

static double borg(const struct borg *b, const char *dir,
		   const char *const *args)
{
	char repository[700], base[700];
	struct run program = {
		.argv = args,
		.env = { "BORG_PASSPHRASE=bench", repository, base },
	};
	char *here = dir ? getcwd(NULL, 0) : NULL;
	double s;

	snprintf(repository, sizeof(repository), "BORG_REPO=%s",
		 b->repository);
	snprintf(base, sizeof(base), "BORG_BASE_DIR=%s", b->state);
	if (dir && (!here || chdir(dir)))
		test_fail("cannot go to %s", dir);
	s = run(&program);
	if (dir && chdir(here))
		test_fail("cannot go back to %s", here);
	free(here);
	return s;
}

void borg_init(struct borg *b, const char *dir, const char *state)
{
	snprintf(b->repository, sizeof(b->repository), "%s", dir);
	snprintf(b->state, sizeof(b->state), "%s", state);
	b->nr = 0;
	borg(b, NULL, (const char *const[]){ "borg", "init", "--encryption",
	     "repokey-blake2", NULL });
	b->open_s = borg(b, NULL, (const char *const[]){ "borg", "list", NULL });
}

double borg_backup(struct borg *b, const char *file)
{
	char name[16];

	snprintf(name, sizeof(name), "::%d", ++b->nr);
	return borg(b, NULL, (const char *const[]){ "borg", "create", name,
						    file, NULL }) - b->open_s;
}

double borg_restore(const struct borg *b)
{
	char *dir = memory_dir();
	char name[16];
	double s;

	snprintf(name, sizeof(name), "::%d", b->nr);
	s = borg(b, dir, (const char *const[]){ "borg", "extract", name, NULL });
	remove_dir(dir);
	return s - b->open_s;
}
