// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ready.c - a device with both OSes up, which is booted once for many tests
 */
#include "ready.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fail.h"

static char *join(const char *dir, const char *name, const char *suffix)
{
	char *path;

	if (asprintf(&path, "%s/%s%s", dir, name, suffix) < 0)
		test_fail("out of memory");
	return path;
}

/* Until the descriptor is closed, or this program ends. */
static int lock(const char *dir, const char *kind)
{
	char *path = join(dir, kind, ".lock");
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0)
		test_fail("cannot open %s: %s", path, strerror(errno));
	while (flock(fd, LOCK_EX))
		if (errno != EINTR)
			test_fail("cannot lock %s: %s", path, strerror(errno));
	free(path);
	return fd;
}

/* Whoever sees it sees all of it. */
static struct phone *boot_and_save(const struct device_options *opt,
				   const char *dir, const char *kind)
{
	struct device_options to_save = *opt;
	char *aside = join(dir, kind, ".new");
	char *saved = join(dir, kind, "");
	struct phone *ph;

	to_save.to_save = true;
	ph = phone_start_both(&to_save);
	/* What one that was ended has left. */
	host_run((const char *const[]){ "rm", "-rf", aside, NULL });
	if (mkdir(aside, 0700))
		test_fail("cannot make %s: %s", aside, strerror(errno));
	if (!device_save(ph->dev, aside))
		printf("the emulator does not save devices: each is booted\n");
	else if (rename(aside, saved))
		test_fail("cannot make %s: %s", saved, strerror(errno));
	free(saved);
	free(aside);
	return ph;
}

struct phone *ready_start(const struct device_options *opt)
{
	const char *dir = getenv("OSTI_READY");
	const char *kind = opt->removable ? "removable" : "usual";
	struct device_options begin = *opt;
	struct phone *ph;
	char *saved;
	int fd;

	if (!dir || opt->cpus || opt->cpu || opt->boot_image || opt->firmware ||
	    opt->ram_mib || opt->exchange || opt->flash || opt->display ||
	    opt->icount)
		return phone_start_both(opt);
	saved = join(dir, kind, "");
	fd = lock(dir, kind);
	if (access(saved, F_OK)) {
		ph = boot_and_save(opt, dir, kind);
		close(fd);
	} else {
		close(fd);
		begin.saved = saved;
		ph = phone_start_saved(&begin);
	}
	phone_catch_up(ph);
	free(saved);
	return ph;
}
