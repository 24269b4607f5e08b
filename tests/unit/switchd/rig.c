// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rig.c - a device with a repository in a directory: switchd, switchctl and
 * switchd-backup as programs, with a fake device and a fake monitor
 */
#include "rig.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "carry_fake.h"
#include "event_fake.h"

const char *helper_user(void)
{
	return "nobody";
}

void make_his(struct fixture *f, const char *name)
{
	const struct passwd *user = getpwnam(helper_user());
	char path[PATH_MAX + 32];

	make_dir(f, name);
	snprintf(path, sizeof(path), "%s/%s", f->dir, name);
	assert_non_null(user);
	if (geteuid() == 0)
		assert_int_equal(chown(path, user->pw_uid, user->pw_gid), 0);
}

void configure_as(struct fixture *f, const struct rig_config *c)
{
	char text[7 * PATH_MAX];

	snprintf(text, sizeof(text),
		 "users = %u\n"
		 "[backup]\n"
		 "repository = file://%s/repository\n"
		 "own-unit = no\n"
		 "user = %s\n"
		 "program = %s/switchd-backup\n"
		 "state = %s/%s\n"
		 "device-name = %s\n"
		 "%s",
		 geteuid(), c->home, helper_user(), f->dir, f->dir, c->state,
		 c->label, c->more);
	write_config(f, text);
}

void configure(struct fixture *f, const char *more)
{
	const struct rig_config device_a = {
		.home = f->dir,
		.state = "state",
		.label = "device A",
		.more = more,
	};

	configure_as(f, &device_a);
}

/* Of that many bytes, of which the first are not zero. */
static void write_some_ram(struct fixture *f, unsigned int slot, uint32_t seed,
			   size_t bytes, size_t filled)
{
	char path[PATH_MAX + 32];
	uint32_t *ram = calloc(1, bytes);
	FILE *file;
	size_t i;

	assert_non_null(ram);
	for (i = 0; i < filled / 4; i++) {
		seed = seed * 1664525 + 1013904223;
		ram[i] = seed;
	}
	snprintf(path, sizeof(path), "%s/device/ram-%u", f->dir, slot);
	file = fopen(path, "we");
	assert_non_null(file);
	assert_int_equal(fwrite(ram, bytes, 1, file), 1);
	assert_int_equal(fclose(file), 0);
	free(ram);
}

void write_ram(struct fixture *f, unsigned int slot, uint32_t seed)
{
	write_some_ram(f, slot, seed, CARRY_FAKE_BYTES,
		       CARRY_FAKE_BYTES / 4 * 3);
}

/* Where it was built, another user may not be able to come. */
static void bring_helper(struct fixture *f)
{
	static char bytes[1 << 16];
	char path[PATH_MAX + 32];
	FILE *from, *to;
	size_t n;

	snprintf(path, sizeof(path), "%s/switchd-backup", f->programs);
	from = fopen(path, "re");
	snprintf(path, sizeof(path), "%s/switchd-backup", f->dir);
	to = fopen(path, "we");
	assert_true(from && to);
	while ((n = fread(bytes, 1, sizeof(bytes), from)) > 0)
		assert_int_equal(fwrite(bytes, 1, n, to), n);
	assert_false(ferror(from));
	fclose(from);
	assert_int_equal(fclose(to), 0);
	assert_int_equal(chmod(path, 0755), 0);
}

int setup_backup(void **state)
{
	char path[PATH_MAX + 32];
	struct fixture *f;

	setup(state);
	f = *state;
	make_dir(f, "state");
	make_his(f, "state/backup");
	make_his(f, "repository");
	bring_helper(f);
	/* The helper's fake removes a file there. */
	snprintf(path, sizeof(path), "%s/device", f->dir);
	assert_int_equal(chmod(path, 0777), 0);
	write_ram(f, 2, 1);
	configure(f, "");
	return 0;
}

int setup_running(void **state)
{
	setup_backup(state);
	start(*state);
	return 0;
}

int setup_saved(void **state)
{
	struct fixture *f;

	setup_running(state);
	f = *state;
	ctl(f, 0, "repo", "init");
	ctl(f, 0, "backup", "work");
	return 0;
}

void set_state(struct fixture *f, unsigned int slot, const char *value)
{
	char name[16];

	snprintf(name, sizeof(name), "state-%u", slot);
	control(f, name, value);
}

void write_disk(struct fixture *f, unsigned int slot, uint32_t seed)
{
	char path[PATH_MAX + 32];
	uint8_t *disk = calloc(1, DISK_BYTES);
	FILE *file;
	size_t i;

	assert_non_null(disk);
	for (i = 0; i < DISK_BYTES; i++) {
		seed = seed * 1664525 + 1013904223;
		if (i / (256 * 1024) != 1)
			disk[i] = (uint8_t)(seed >> 24);
	}
	snprintf(path, sizeof(path), "%s/device/disk-%u", f->dir, slot);
	file = fopen(path, "we");
	assert_non_null(file);
	assert_int_equal(fwrite(disk, DISK_BYTES, 1, file), 1);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(path, 0666), 0);
	free(disk);
}

bool same_files(struct fixture *f, const char *a, const char *b)
{
	char command[3 * PATH_MAX];

	snprintf(command, sizeof(command), "cmp -s '%s/%s' '%s/%s'", f->dir, a,
		 f->dir, b);
	return system(command) == 0;
}

void wait_idle(struct fixture *f)
{
	int64_t deadline = helper_now_ms() + HELPER_DEADLINE_MS;

	do {
		assert_true(helper_now_ms() < deadline);
		ctl(f, 0, "status");
	} while (!strstr(f->out, "Backups:      none under way"));
}

const char *in(struct fixture *f, const char *name)
{
	static char paths[4][PATH_MAX + 64];
	static unsigned int next;
	char *path = paths[next++ % 4];

	snprintf(path, sizeof(paths[0]), "%s/%s", f->dir, name);
	return path;
}

void shell(struct fixture *f, const char *what)
{
	char command[2 * PATH_MAX];

	snprintf(command, sizeof(command), "cd '%s' && %s", f->dir, what);
	assert_int_equal(system(command), 0);
}

#define RAM_BYTES (2u << 20)
#define RAM_TEXT "2097152"
#define PACK_TEXT "393216"

void freeze(struct fixture *f, uint32_t what)
{
	char text[16];

	control(f, "ram-bytes", RAM_TEXT);
	control(f, "pack-bytes", PACK_TEXT);
	write_some_ram(f, 2, what, RAM_BYTES, RAM_BYTES / 4);
	write_disk(f, 2, what);
	snprintf(text, sizeof(text), "%u", 1000000 + what);
	control(f, "frozen-at", text);
}

/* ---- Time ---------------------------------------------------------------- */

/* A day more than the grace. */
#define SECONDS (8 * 24 * 3600)

void pass_grace(struct fixture *f)
{
	char *before = helper_read(f->dir, "device/clock");
	char text[16];

	snprintf(text, sizeof(text), "%d", atoi(before) + SECONDS);
	control(f, "clock", text);
	free(before);
}

static int age_one(const char *path, const struct stat *st, int flag,
		   struct FTW *ftw)
{
	struct timespec times[2] = { st->st_atim, st->st_mtim };

	(void)ftw;
	if (flag != FTW_F)
		return 0;
	times[1].tv_sec -= SECONDS;
	return utimensat(AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW);
}

void age_repository(const char *dir)
{
	assert_int_equal(nftw(dir, age_one, 16, FTW_PHYS), 0);
}

/* ---- Events -------------------------------------------------------------- */

void count_events(struct fixture *f)
{
	helper_write(f->dir, "device/events", 0666, "");
}

unsigned int events(struct fixture *f)
{
	struct stat st;

	assert_int_equal(stat(in(f, "device/events"), &st), 0);
	return (unsigned int)(st.st_size / EVENT_FAKE_RECORD);
}

void hold_event(struct fixture *f, const char *which)
{
	control(f, "event-at", which);
	make_fifo(f, "device/event-hold", 0666);
}

int wait_held(struct fixture *f, pid_t asker, int *status)
{
	const struct timespec ts = { .tv_nsec = 1000000 };
	int64_t deadline = helper_now_ms() + HELPER_DEADLINE_MS;
	int fd;

	while ((fd = open(in(f, "device/event-hold"),
			  O_WRONLY | O_NONBLOCK | O_CLOEXEC)) < 0) {
		assert_int_equal(errno, ENXIO);
		if (waitpid(asker, status, WNOHANG) == asker) {
			*status = WEXITSTATUS(*status);
			return -1;
		}
		assert_true(helper_now_ms() < deadline);
		nanosleep(&ts, NULL);
	}
	return fd;
}

void let_go(struct fixture *f, int fd)
{
	remove_file(f, "device/event-hold");
	close(fd);
}
