// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * switchd, switchctl and switchd-backup as programs, with a repository in a
 * directory and a fake monitor.
 */
#include "rig.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bus_fake.h"
#include "carry_fake.h"

/* ---- The fixture --------------------------------------------------------- */

/* The first time another export tells whether the slot's disk is shown. */
#define FIRST_EXPORT "export 2\nexport 2\n"

/* Name of the n-th backup that "backups" shows, from 0. */
static char *backup_name(struct fixture *f, int n, char name[64])
{
	const char *line;

	ctl(f, 0, "backups", "work");
	line = strchr(f->out, '\n');
	assert_non_null(line);
	while (n--) {
		line = strchr(line + 1, '\n');
		assert_non_null(line);
	}
	assert_int_equal(sscanf(line, "%*s %63s", name), 1);
	return name;
}

/* Lets a helper go on that is held at a chunk, and does not hold it again. */
static void release(struct fixture *f, int fd)
{
	remove_file(f, "device/chunk-hold");
	close(fd);
}

/* ---- Backup and restore -------------------------------------------------- */

static void test_backup(void **state)
{
	struct fixture *f = *state;
	char name[64];

	ctl(f, 20, "backup", "work");
	says(f->err, "repo init");
	ctl(f, 0, "repo", "init");
	says(f->out, "There is a new repository.\n");
	says(f->out, "Push, pull:   yes\n");
	ctl(f, 25, "repo", "init");
	ctl(f, 0, "repo", "info");
	says(f->out, "Repository:   file://");
	ctl(f, 0, "backups");
	says(f->out, "There are no backups yet");
	ctl(f, 0, "backup", "work");
	says(f->out, "work was backed up as ");
	says(f->out, " new, 0 bytes shared, in ");
	says(f->err, "Finishing: ");
	/* Nothing changed: nothing is sent. */
	ctl(f, 0, "backup", "work");
	says(f->out, ": 0 bytes new, ");
	ctl(f, 0, "backups", "work");
	says(f->out, "NAME              BACKUP");
	says(f->out, "device A\n");
	says(f->out, "work              0");
	ctl(f, 0, "repo", "check");
	says(f->out, "All of 2 backups have what they need.\n");
	ctl(f, 0, "repo", "check", "--read-data");
	backup_name(f, 0, name);
	ctl(f, 0, "verify-backup", "work", name);
	says(f->out, "has all of its packs");
	ctl(f, 0, "verify-backup", "work", "--read-data");
	says(f->out, "no pack was altered since it was sent");
}

static void test_restore(void **state)
{
	struct fixture *f = *state;
	char first[64];

	backup_name(f, 0, first);
	ctl(f, 14, "restore", "work");
	says(f->err, "hibernate it first");
	set_state(f, 2, EMPTY);
	ctl(f, 0, "restore", "work");
	says(f->out, "work is back as it was in ");
	says(f->out, "'switchctl switch work' goes on with it");
	says(f->err, "a person has to agree at the console");
	assert_true(same_files(f, "device/ram-2", "device/transfer/ram"));
	assert_calls(f, FIRST_EXPORT "ask 2\nrequest 5 2\nmark\nimport 2\n");
	/* Another one, and then the older one of both. */
	set_state(f, 2, FROZEN);
	write_ram(f, 2, 77);
	ctl(f, 0, "backup", "work");
	set_state(f, 2, EMPTY);
	ctl(f, 0, "restore", "work", "--from", first);
	assert_false(same_files(f, "device/ram-2", "device/transfer/ram"));
	write_ram(f, 2, 1);
	assert_true(same_files(f, "device/ram-2", "device/transfer/ram"));
	ctl(f, 0, "verify-backup", "work", "--read-data");
	says(f->out, "is good: the monitor opened all of it");
}

/* ---- With a disk --------------------------------------------------------- */

/* How often a block of the disk was read since then. */
static size_t disk_reads(struct fixture *f)
{
	char *text = helper_read(f->dir, "device/transfer/disk-reads");
	size_t n = text ? strlen(text) : 0;

	free(text);
	return n;
}

static int copy_file(struct fixture *f, const char *from, const char *to)
{
	char command[3 * PATH_MAX];

	snprintf(command, sizeof(command), "cp '%s/%s' '%s/%s'", f->dir, from,
		 f->dir, to);
	return system(command);
}

static void truncate_file(struct fixture *f, const char *name, off_t bytes)
{
	char path[PATH_MAX + 64];

	snprintf(path, sizeof(path), "%s/%s", f->dir, name);
	assert_int_equal(truncate(path, bytes), 0);
}

static void test_disk(void **state)
{
	struct fixture *f = *state;
	char first[64];

	ctl(f, 0, "backup", "work");
	says(f->out, "It has no disk: this device shows that of work to nobody");
	/* A board does not change, so switchd asks once. */
	stop(f);
	start(f);
	write_disk(f, 2, 1);
	ctl(f, 0, "backup", "work");
	says(f->out, "It has the disk, too, of 772.0 KiB.");
	assert_int_equal(disk_reads(f), 4);
	ctl(f, 0, "backups", "work");
	says(f->out, " none  device A");
	says(f->out, " 772.0 KiB  device A");
	backup_name(f, 2, first);
	/* It did not run: nothing is read. */
	ctl(f, 0, "backup", "work");
	assert_int_equal(disk_reads(f), 4);
	ctl(f, 0, "verify-backup", "work", "--read-data");
	/* It did. */
	control(f, "frozen-at", "3500000");
	write_disk(f, 2, 2);
	ctl(f, 0, "backup", "work");
	assert_int_equal(disk_reads(f), 8);
	ctl(f, 0, "repo", "check", "--read-data");
	set_state(f, 2, EMPTY);
	ctl(f, 0, "verify-backup", "work", "--read-data");
	says(f->out, "the monitor opened all of it");
	/* Back to the first one, and on to the last. */
	assert_int_equal(copy_file(f, "device/disk-2", "disk-last"), 0);
	write_disk(f, 2, 1);
	assert_int_equal(copy_file(f, "device/disk-2", "disk-first"), 0);
	write_disk(f, 2, 3);
	ctl(f, 0, "restore", "work", "--from", first);
	assert_true(same_files(f, "device/disk-2", "disk-first"));
	ctl(f, 0, "restore", "work");
	assert_true(same_files(f, "device/disk-2", "disk-last"));
}

static void test_disk_errors(void **state)
{
	struct fixture *f = *state;
	char first[64];

	/* The backup that is there has memory only. */
	backup_name(f, 0, first);
	stop(f);
	start(f);
	write_disk(f, 2, 1);
	control(f, "disk-errno", "5");
	ctl(f, 1, "backup", "work");
	says(f->err, "of the slot's disk failed: Input/output error");
	control(f, "disk-errno", "116");
	ctl(f, 29, "backup", "work");
	control(f, "disk-errno", "0");
	ctl(f, 0, "backup", "work");
	set_state(f, 2, EMPTY);
	ctl(f, 0, "restore", "work", "--from", first);
	says(f->err, "this backup has no disk");
	truncate_file(f, "device/disk-2", DISK_BYTES - 4096);
	ctl(f, 1, "restore", "work");
	says(f->err, "the slot's disk is too small");
	remove_file(f, "device/disk-2");
	ctl(f, 1, "restore", "work");
	says(f->err, "this board does not let anybody write");
}

/* ---- What hibernated ----------------------------------------------------- */

/* The memory of work is an image in the store from now on. */
static void hibernate_work(struct fixture *f)
{
	set_state(f, 2, EMPTY);
	control(f, "image-2", "1 7 2 0 0 0");
}

static void test_stored(void **state)
{
	struct fixture *f = *state;

	write_ram(f, 2, 21);
	hibernate_work(f);
	ctl(f, 0, "backup", "work");
	says(f->out, "It has no disk: this device shows that of work to nobody");
	assert_calls(f, FIRST_EXPORT "stored 2\n");
	ctl(f, 0, "repo", "check", "--read-data");
	says(f->out, "All of 2 backups");
	ctl(f, 0, "restore", "work");
	assert_true(same_files(f, "device/ram-2", "device/transfer/ram"));
	ctl(f, 0, "verify-backup", "work", "--read-data");
	says(f->out, "the monitor opened all of it");
	/* Nothing changed: nothing is sent. */
	ctl(f, 0, "backup", "work");
	says(f->out, ": 0 bytes new, ");
}

static void test_stored_disk(void **state)
{
	struct fixture *f = *state;

	/* A board does not change, so switchd asks once. */
	stop(f);
	start(f);
	write_disk(f, 2, 1);
	hibernate_work(f);
	ctl(f, 0, "backup", "work");
	says(f->out, "It has the disk, too, of 772.0 KiB.");
	assert_int_equal(copy_file(f, "device/disk-2", "disk-saved"), 0);
	write_disk(f, 2, 2);
	ctl(f, 0, "restore", "work");
	assert_true(same_files(f, "device/ram-2", "device/transfer/ram"));
	assert_true(same_files(f, "device/disk-2", "disk-saved"));
}

static void test_stored_errors(void **state)
{
	struct fixture *f = *state;

	hibernate_work(f);
	/* What the store has is not what the monitor means. */
	control(f, "image-2", "1 6 2 0 0 0");
	ctl(f, 1, "backup", "work");
	says(f->err, "no image of work of generation 6");
	hibernate_work(f);
	helper_write(f->dir, "device/store-hidden", 0644, "");
	ctl(f, 1, "backup", "work");
	says(f->err, "this board does not show the store");
	remove_file(f, "device/store-hidden");
	control(f, "chunk-once", "5");
	ctl(f, 1, "backup", "work");
	says(f->err, "the store disk cannot be read: Input/output error");
	control(f, "chunk-once", "116");
	ctl(f, 29, "backup", "work");
	control(f, "open-errno", "16");
	ctl(f, 14, "backup", "work");
	control(f, "open-errno", "0");
	/* It was used up, or lives elsewhere. */
	control(f, "image-2", "2 7 0 0 0 0");
	ctl(f, 14, "backup", "work");
	says(f->err, "or hibernated, can be saved");
	control(f, "image-2", "3 7 2 0 0 0");
	ctl(f, 28, "backup", "work");
	ctl(f, 28, "push", "work");
	hibernate_work(f);
	ctl(f, 0, "backup", "work");
}

/* ---- What is shown ------------------------------------------------------- */

/* The n-th line of the output, which is JSON, from 0; from the end if negative. */
static json_t *line_json(struct fixture *f, int n)
{
	char *copy = strdup(f->out);
	char *lines[256];
	json_t *value;
	int count = 0;
	char *line;
	char *state;

	for (line = strtok_r(copy, "\n", &state); line && count < 256;
	     line = strtok_r(NULL, "\n", &state))
		lines[count++] = line;
	assert_true(n < 0 ? -n <= count : n < count);
	value = json_loads(lines[n < 0 ? count + n : n], 0, NULL);
	if (!value)
		fail_msg("not JSON: %s", f->out);
	free(copy);
	return value;
}

static void test_json(void **state)
{
	struct fixture *f = *state;
	json_int_t shared;
	const char *phase;
	json_t *value;
	int keep;

	ctl(f, 0, "backup", "work", "--json");
	value = line_json(f, 0);
	assert_int_equal(json_unpack(value, "{s:{s:s}}", "progress", "phase",
				     &phase),
			 0);
	/* Which one depends on how fast it is asked. */
	assert_true(strcmp(phase, "plan") == 0 ||
		    strcmp(phase, "transfer") == 0 ||
		    strcmp(phase, "finish") == 0);
	json_decref(value);
	value = line_json(f, -1);
	assert_int_equal(json_unpack(value, "{s:{s:I,s:i}}", "result", "shared",
				     &shared, "new", &keep),
			 0);
	assert_true(shared > CARRY_FAKE_BYTES / 2);
	assert_int_equal(keep, 0);
	json_decref(value);
	assert_string_equal(f->err, "");
	ctl(f, 0, "--json", "backups");
	value = line_json(f, 1);
	assert_string_equal(json_string_value(json_object_get(
				    json_object_get(value, "item"), "device")),
			    "device A");
	json_decref(value);
	ctl(f, 14, "backup", "spare", "--json");
	assert_json_error(f, "slot-state");
	ctl(f, 26, "restore", "spare", "--json");
	assert_json_error(f, "no-backup");
}

/* Reads what a terminal shows until it has the text in it, or to its end. */
static void read_terminal(int master, char *text, size_t room,
			  const char *until)
{
	int64_t deadline = helper_now_ms() + HELPER_DEADLINE_MS;
	size_t n = strlen(text);
	ssize_t got;

	while (!until || !strstr(text, until)) {
		struct pollfd pollfd = { .fd = master, .events = POLLIN };

		if (poll(&pollfd, 1, (int)(deadline - helper_now_ms())) <= 0)
			fail_msg("the terminal shows only: %s", text);
		got = read(master, text + n, room - n - 1);
		/* EIO: nobody has the other end any more. */
		if (got <= 0)
			break;
		n += (size_t)got;
	}
}

static void test_terminal(void **state)
{
	static const char *const words[] = { "backup", "work", NULL };
	struct fixture *f = *state;
	static char text[65536];
	char slave[128];
	int master;
	int fifo;
	int end;
	pid_t pid;

	write_ram(f, 2, 5);
	make_fifo(f, "device/chunk-hold", 0666);
	assert_int_equal(openpty(&master, &end, slave, NULL, NULL), 0);
	pid = spawn_ctl(f, "out", slave, words);
	/* It stands still before its first chunk until the bar was seen. */
	fifo = open_fifo(f, "device/chunk-hold");
	read_terminal(master, text, sizeof(text), "\r\033[KMoving    [");
	release(f, fifo);
	assert_int_equal(wait_exit(f, pid), 0);
	close(end);
	read_terminal(master, text, sizeof(text), NULL);
	close(master);
	says(text, "] 100 %");
	/* The bar is gone in the end, and was never more than one line. */
	assert_null(strchr(text, '\n'));
	assert_string_equal(text + strlen(text) - 4, "\r\033[K");
	forget_output(f);
	f->out = helper_read(f->dir, "out");
	says(f->out, "work was backed up as ");
}

/* ---- What is refused ----------------------------------------------------- */

static void test_refusals(void **state)
{
	struct fixture *f = *state;

	ctl(f, 7, "backup", "nobody");
	ctl(f, 14, "backup", "personal");
	says(f->err, "switch to another slot and do it from there");
	ctl(f, 14, "backup", "spare");
	says(f->err, "only what is frozen in memory");
	ctl(f, 14, "push", "spare");
	ctl(f, 14, "restore", "personal");
	ctl(f, 26, "restore", "spare");
	says(f->err, "there is no backup of spare");
	ctl(f, 26, "restore", "spare", "--from", "yesterday");
	says(f->err, "'yesterday' is not the name of a backup");
	ctl(f, 26, "restore", "spare", "--from",
	    "0000000000000001-0000000000000002");
	ctl(f, 26, "pull", "spare");
	says(f->err, "was never pushed");
	ctl(f, 26, "forget", "work", "yesterday");
	ctl(f, 2, "backup");
	ctl(f, 2, "backup", "work", "work");
	ctl(f, 2, "forget", "work");
	ctl(f, 2, "repo");
	ctl(f, 2, "repo", "make");
	ctl(f, 2, "backup", "work", "--limit-upload=fast");
	ctl(f, 2, "backup", "work", "--keep-last=1");
	ctl(f, 2, "prune", "work", "--keep-last=-1");
	ctl(f, 1, "backup-cancel");
	says(f->err, "no backup is under way");
	assert_calls(f, FIRST_EXPORT);
}

static void test_monitor_errors(void **state)
{
	struct fixture *f = *state;

	control(f, "carrier-errno", "61");
	ctl(f, 17, "backup", "work");
	says(f->err, "this device cannot make copies");
	control(f, "carrier-errno", "0");
	control(f, "open-errno", "16");
	ctl(f, 14, "backup", "work");
	says(f->err, "another transfer is open");
	control(f, "open-errno", "61");
	ctl(f, 17, "backup", "work");
	control(f, "open-errno", "5");
	ctl(f, 1, "backup", "work");
	says(f->err, "Input/output error");
	control(f, "open-errno", "0");
	/* In the middle. */
	write_ram(f, 2, 9);
	control(f, "chunk-once", "74");
	ctl(f, 11, "backup", "work");
	says(f->err, "changed");
	control(f, "chunk-once", "5");
	ctl(f, 1, "backup", "work");
	control(f, "commit-errno", "61");
	ctl(f, 1, "backup", "work");
	control(f, "commit-errno", "0");
	ctl(f, 0, "backup", "work");
}

static void test_restore_errors(void **state)
{
	struct fixture *f = *state;

	set_state(f, 2, EMPTY);
	control(f, "ask-errno", "74");
	ctl(f, 11, "restore", "work");
	says(f->err, "the monitor does not believe the backup");
	control(f, "ask-errno", "0");
	control(f, "result", "3");
	ctl(f, 12, "restore", "work");
	says(f->err, "declined");
	control(f, "result", "0");
	control(f, "open-errno", "12");
	ctl(f, 14, "restore", "work");
	says(f->err, "hibernate another slot");
	control(f, "open-errno", "0");
	control(f, "chunk-once", "74");
	ctl(f, 11, "restore", "work");
	control(f, "chunk-once", "116");
	ctl(f, 29, "restore", "work");
	control(f, "commit-errno", "13");
	ctl(f, 1, "restore", "work");
	control(f, "commit-errno", "0");
	ctl(f, 0, "restore", "work");
	assert_true(same_files(f, "device/ram-2", "device/transfer/ram"));
}

static void test_settings(void **state)
{
	struct fixture *f = *state;
	char text[PATH_MAX + 64];

	/* What the helper cannot get into. */
	snprintf(text, sizeof(text), "%s/repository", f->dir);
	assert_int_equal(chmod(text, 0), 0);
	ctl(f, geteuid() ? 0 : 23, "backup", "work");
	assert_int_equal(chmod(text, 0755), 0);
	stop(f);
	configure(f, "parallel = 2\nlimit-upload = 1G\n");
	start(f);
	ctl(f, 0, "backup", "work");
	ctl(f, 0, "backup", "work", "--limit-upload=0");
	stop(f);
	configure(f, "repository = s3://bucket\n");
	assert_int_equal(wait_exit(f, spawn_switchd(f, "log")), 1);
	helper_wait_text(f->dir, "log", "'repository' is given twice");
	configure(f, "colour = red\n");
	assert_int_equal(wait_exit(f, spawn_switchd(f, "log")), 1);
	helper_wait_text(f->dir, "log",
			 "unknown key 'colour' in section [backup]");
	configure(f, "interval = sometimes\n");
	assert_int_equal(wait_exit(f, spawn_switchd(f, "log")), 1);
	helper_wait_text(f->dir, "log", "switchd.conf:");
	configure(f, "");
	start(f);
}

/* ---- Helpers that do not do what they should ----------------------------- */

static void test_no_helper(void **state)
{
	struct fixture *f = *state;
	char text[PATH_MAX + 256];

	snprintf(
		text, sizeof(text),
		"users = %u\n[backup]\nrepository = file://%s/repository\n"
		"own-unit = no\nuser = nobody\nprogram = /nonexistent/helper\nstate = %s/state\n",
		geteuid(), "/tmp", f->dir);
	write_config(f, text);
	start(f);
	ctl(f, 31, "backup", "work");
	says(f->err, "there is no such program");
	stop(f);
	if (geteuid() != 0) {
		start(f);
		return;
	}
	snprintf(text, sizeof(text),
		 "users = 0\n[backup]\nown-unit = no\nuser = no-such-user\nstate = %s/state\n",
		 f->dir);
	write_config(f, text);
	start(f);
	ctl(f, 31, "repo", "info");
	says(f->err, "there is no user 'no-such-user'");
	stop(f);
	snprintf(text, sizeof(text),
		 "users = 0\n[backup]\nown-unit = no\nuser = root\nstate = %s/state\n",
		 f->dir);
	write_config(f, text);
	start(f);
	ctl(f, 31, "repo", "info");
	says(f->err, "is not started as root");
}

/* What a person does goes before what the helper does. */
static void test_nice_helper(void **state)
{
	struct fixture *f = *state;
	int least = getpriority(PRIO_PROCESS, 0) + 10;
	char path[PATH_MAX + 32];
	char text[32];
	FILE *script;

	snprintf(path, sizeof(path), "%s/switchd-backup", f->dir);
	script = fopen(path, "we");
	assert_non_null(script);
	fprintf(script,
		"#!/bin/sh\nread -r job\nprintf '{\"error\":{\"code\":\"store\",\"message\":\"its nice is %%s\"}}\\n' \"$(nice)\"\nexit 1\n");
	assert_int_equal(fclose(script), 0);
	ctl(f, 22, "repo", "info");
	snprintf(text, sizeof(text), "its nice is %d\n",
		 least < 19 ? least : 19);
	says(f->err, text);
}

static void test_bad_helper(void **state)
{
	static const struct {
		const char *attack;
		const char *says;
	} attacks[] = {
		{ "garbage", "it said what makes no sense" },
		{ "long", "it said a line that is too long" },
		{ "silent", "it gave no answer" },
		{ "die", "signal 9 ended it; what was uploaded counts" },
		{ "execve", "a forbidden system call" },
		{ "ptrace", "a forbidden system call" },
	};
	struct fixture *f = *state;
	size_t i;

	for (i = 0; i < sizeof(attacks) / sizeof(attacks[0]); i++) {
		control(f, "attack", attacks[i].attack);
		ctl(f, 31, "backup", "work");
		says(f->err, attacks[i].says);
		ctl(f, 0, "status");
		says(f->out, "Backups:      none under way\n");
	}
	control(f, "attack", "accuse");
	ctl(f, 1, "backup", "work");
	says(f->err, "go ?[2J???away\n");
	remove_file(f, "device/attack");
	ctl(f, 0, "backup", "work");
}

/* What it may try, but does not get. */
static void test_sandbox(void **state)
{
	struct fixture *f = *state;

	control(f, "attack", "socket");
	ctl(f, 0, "backup", "work");
	says(f->err, "switchctl: netlink: EAFNOSUPPORT\n");
	control(f, "attack", "fork");
	ctl(f, 0, "backup", "work");
	says(f->err, "switchctl: fork: EPERM\n");
	if (geteuid() == 0) {
		control(f, "attack", "open");
		ctl(f, 0, "backup", "work");
		says(f->err, "switchctl: shadow: EACCES\n");
	}
}

/* Whoever talks without end: others are served, and it can be ended. */
static void test_flood(void **state)
{
	struct fixture *f = *state;
	pid_t asker;

	control(f, "attack", "flood");
	asker = ctl_begin(f, "prune", "work");
	assert_int_equal(wait_exit(f, asker), 0);
	asker = ctl_begin(f, "backup", "work");
	helper_wait_text(f->dir, "log", "backup of work: begun");
	ctl(f, 0, "list");
	ctl(f, 0, "switch", "spare");
	ctl(f, 0, "backup-cancel");
	assert_int_equal(wait_exit(f, asker), 30);
}

/* ---- In the middle ------------------------------------------------------- */

/* A backup that has come as far as its first chunk. Return: end it by close(). */
static int begin_held(struct fixture *f, pid_t *asker)
{
	write_ram(f, 2, 1000);
	make_fifo(f, "device/chunk-hold", 0666);
	*asker = ctl_begin(f, "backup", "work");
	return open_fifo(f, "device/chunk-hold");
}

static void test_busy(void **state)
{
	struct fixture *f = *state;
	pid_t asker;
	int fd;

	fd = begin_held(f, &asker);
	ctl(f, 6, "backup", "work");
	says(f->err, "a backup of work is under way");
	ctl(f, 6, "backups");
	ctl(f, 0, "status");
	says(f->out, "Backups:      backup of work (helper)");
	release(f, fd);
	assert_int_equal(wait_exit(f, asker), 0);
	ctl(f, 0, "repo", "check", "--read-data");
	says(f->out, "All of 2 backups");
}

static void test_cancel(void **state)
{
	struct fixture *f = *state;
	pid_t asker;
	int fd;

	fd = begin_held(f, &asker);
	ctl(f, 0, "backup-cancel");
	assert_int_equal(wait_exit(f, asker), 30);
	helper_wait_text(f->dir, "bg.err", "the backup of work was cancelled");
	release(f, fd);
	fd = begin_held(f, &asker);
	assert_int_equal(kill(asker, SIGINT), 0);
	assert_int_equal(wait_exit(f, asker), 30);
	release(f, fd);
	ctl(f, 0, "backups", "work");
	assert_int_equal(f->status, 0);
	ctl(f, 0, "backup", "work");
	ctl(f, 0, "repo", "check", "--read-data");
	says(f->out, "All of 2 backups");
}

/* Whoever asked has gone, in whatever way; the backup is made. */
static void test_asker_goes(void **state)
{
	struct fixture *f = *state;
	pid_t asker;
	int fd;

	fd = begin_held(f, &asker);
	assert_int_equal(kill(asker, SIGKILL), 0);
	assert_int_equal(wait_exit(f, asker), 1000 + SIGKILL);
	helper_wait_text(f->dir, "log", "whoever asked for it is gone");
	release(f, fd);
	wait_idle(f);
	ctl(f, 0, "repo", "check");
	says(f->out, "All of 2 backups");
}

/* A switch comes at once, and the backup after it. */
static void test_switch_in_the_middle(void **state)
{
	struct fixture *f = *state;
	pid_t asker;
	int fd;

	fd = begin_held(f, &asker);
	ctl(f, 0, "switch", "work");
	control(f, "chunk-once", "116");
	release(f, fd);
	assert_int_equal(wait_exit(f, asker), 0);
	helper_wait_text(f->dir, "bg.err",
			 "a switch ended it; it is begun again");
	ctl(f, 0, "repo", "check", "--read-data");
	says(f->out, "All of 2 backups");
	/* Without a switch it would be the same for ever. */
	write_ram(f, 2, 2000);
	control(f, "chunk-once", "116");
	ctl(f, 29, "backup", "work");
}

static void test_switch_ends_it(void **state)
{
	struct fixture *f = *state;
	pid_t asker;
	int fd;

	stop(f);
	configure(f, "again-after-switch = no\n");
	start(f);
	fd = begin_held(f, &asker);
	ctl(f, 0, "switch", "work");
	control(f, "chunk-once", "116");
	release(f, fd);
	assert_int_equal(wait_exit(f, asker), 29);
	/* The slot is gone meanwhile: nothing to begin again. */
	stop(f);
	configure(f, "");
	start(f);
	fd = begin_held(f, &asker);
	ctl(f, 0, "switch", "work");
	set_state(f, 2, EMPTY);
	control(f, "chunk-once", "116");
	release(f, fd);
	assert_int_equal(wait_exit(f, asker), 14);
}

/* switchd ends in the middle, and the helper with it. */
static void test_stop_in_the_middle(void **state)
{
	struct fixture *f = *state;
	pid_t asker;
	int fd;

	fd = begin_held(f, &asker);
	stop(f);
	assert_int_not_equal(wait_exit(f, asker), 0);
	release(f, fd);
	start(f);
	ctl(f, 0, "backup", "work");
}

/* ---- forget, prune, damage ----------------------------------------------- */

static void test_prune(void **state)
{
	struct fixture *f = *state;
	char name[64];

	write_ram(f, 2, 3);
	ctl(f, 0, "backup", "work");
	write_ram(f, 2, 4);
	ctl(f, 0, "backup", "work");
	ctl(f, 0, "prune", "work", "--keep-last=1", "--dry-run");
	says(f->out, "would be forgotten");
	says(f->out, "Nothing was changed.");
	ctl(f, 0, "repo", "check");
	says(f->out, "All of 3 backups");
	ctl(f, 0, "prune", "work");
	assert_null(strstr(f->out, "forgotten"));
	backup_name(f, 0, name);
	ctl(f, 0, "forget", "work", name);
	says(f->out, "is forgotten");
	ctl(f, 26, "forget", "work", name);
	ctl(f, 0, "prune", "work", "--keep-last=1");
	says(f->out, "  forgotten\n");
	says(f->out, "  kept\n");
	says(f->out, "wait for a prune after the time of grace");
	ctl(f, 0, "repo", "check", "--read-data");
	says(f->out, "All of 1 backups");
}

static void damage(struct fixture *f, const char *how)
{
	char command[2 * PATH_MAX];

	snprintf(command, sizeof(command),
		 "for p in '%s'/repository/1212*/packs/*; do %s; done", f->dir,
		 how);
	assert_int_equal(system(command), 0);
}

static void test_damage(void **state)
{
	struct fixture *f = *state;

	damage(f,
	       "printf x | dd of=\"$p\" bs=1 seek=5000 conv=notrunc status=none");
	ctl(f, 0, "verify-backup", "work");
	ctl(f, 21, "verify-backup", "work", "--read-data");
	says(f->err, "was altered");
	ctl(f, 21, "repo", "check", "--read-data");
	says(f->out, "was altered");
	says(f->err, "1 packs are damaged");
	damage(f, "truncate -s 100 \"$p\"");
	ctl(f, 21, "verify-backup", "work");
	says(f->err, "truncated or too long");
	damage(f, "rm \"$p\"");
	ctl(f, 21, "verify-backup", "work");
	says(f->err, "is missing");
	set_state(f, 2, EMPTY);
	ctl(f, 21, "restore", "work");
	/* The next backup sends again what is not there. */
	set_state(f, 2, FROZEN);
	ctl(f, 0, "backup", "work");
	ctl(f, 0, "verify-backup", "work", "--read-data");
}

/* ---- push, pull ---------------------------------------------------------- */

/* switchd of another device: another slot of its own, and nothing remembered. */
static void be_device_b(struct fixture *f)
{
	const struct rig_config device_b = {
		.home = f->dir,
		.state = "state-b",
		.label = "device B",
		.more = "",
	};

	stop(f);
	control(f, "own", "3");
	control(f, "image-2", "0 0 0 0 0 0");
	make_dir(f, "state-b");
	make_his(f, "state-b/backup");
	configure_as(f, &device_b);
	start(f);
}

/* Device A as it was when work was pushed from it. */
static void be_device_a(struct fixture *f)
{
	stop(f);
	control(f, "own", "1");
	control(f, "image-2", "3 1 2 0 0 0");
	configure(f, "");
	start(f);
}

static void test_push_and_pull(void **state)
{
	struct fixture *f = *state;
	char name[64];

	ctl(f, 0, "push", "work");
	says(f->out, "what is left here is put away in the store");
	if (sscanf(f->out, "work was pushed as %63[^:]", name) != 1)
		fail_msg("no name in '%s'", f->out);
	assert_calls(f, FIRST_EXPORT "export 2\nrequest 6 2\nmark\n");
	ctl(f, 28, "switch", "work");
	says(f->err, "'switchctl pull work' brings it back");
	ctl(f, 0, "list");
	says(f->out, "retired");
	/* The monitor knows, so a switchd that remembers nothing does, too. */
	assert_false(helper_exists(f->dir, "state/pushed-2"));
	ctl(f, 0, "switch", "--force", "work");
	ctl(f, 0, "switch", "spare");
	ctl(f, 0, "backups", "work");
	says(f->out, "work lives in the repository; pushed by device A");
	ctl(f, 27, "forget", "work", name);
	be_device_b(f);
	ctl(f, 0, "pull", "work");
	says(f->out, "work is back as it was in ");
	assert_true(same_files(f, "device/ram-2", "device/transfer/ram"));
	ctl(f, 0, "switch", "work");
	ctl(f, 0, "backups", "work");
	says(f->out, "work lives here, on device B");
	be_device_a(f);
	ctl(f, 27, "pull", "work");
	says(f->err, "work lives on the device 'device B' since ");
	ctl(f, 28, "switch", "work");
}

static void test_pull_by_force(void **state)
{
	struct fixture *f = *state;

	ctl(f, 0, "push", "work");
	be_device_b(f);
	ctl(f, 0, "pull", "work");
	be_device_a(f);
	/* A person declines: nothing has changed. */
	control(f, "result", "3");
	ctl(f, 12, "pull", "--force", "work");
	control(f, "result", "0");
	ctl(f, 0, "backups", "work");
	says(f->out, "work lives on device B");
	ctl(f, 0, "pull", "--force", "work");
	ctl(f, 0, "backups", "work");
	says(f->out, "work lives here, on device A");
	/* The copy took the place of the retired image. */
	control(f, "image-2", "2 1 0 0 0 0");
	ctl(f, 0, "switch", "work");
}

/* It was hibernated: its image is retired where it is. */
static void test_push_stored(void **state)
{
	struct fixture *f = *state;

	hibernate_work(f);
	/* The boot manager cannot: pushed all the same, and said. */
	control(f, "result", "6");
	ctl(f, 0, "push", "work");
	says(f->out, "still in the store, from where it can be resumed");
	says(f->err, "its image in the store can still be resumed");
	ctl(f, 28, "switch", "work");
	control(f, "result", "0");
	ctl(f, 0, "push", "work");
	says(f->out, "what is left here is put away in the store");
	ctl(f, 28, "switch", "work");
	ctl(f, 0, "list");
	says(f->out, "retired");
	be_device_b(f);
	ctl(f, 0, "pull", "work");
	assert_true(same_files(f, "device/ram-2", "device/transfer/ram"));
}

/* There is no store disk: pushed all the same, and said. */
static void test_push_without_a_store(void **state)
{
	struct fixture *f = *state;

	control(f, "result", "6");
	ctl(f, 0, "push", "work");
	says(f->out, "still frozen in memory");
	says(f->err, "it was pushed, but is still frozen in memory");
	ctl(f, 28, "switch", "work");
}

/* Nobody knows how it ended: then nobody goes on with it by accident. */
static void test_push_that_is_cut(void **state)
{
	struct fixture *f = *state;

	control(f, "commit-errno", "5");
	ctl(f, 1, "push", "work");
	ctl(f, 28, "switch", "work");
	says(f->err, "'switchctl push work' ends it");
	control(f, "commit-errno", "0");
	ctl(f, 0, "push", "work");
	ctl(f, 28, "switch", "work");
	says(f->err, "'switchctl pull work' brings it back");
}

/* A push that is about to give up what is here, until let_go(). */
static int begin_leaving(struct fixture *f, pid_t *asker)
{
	count_events(f);
	hold_event(f, "commit");
	*asker = ctl_begin(f, "push", "work");
	return open_fifo(f, "device/event-hold");
}

/* The repository has it already, and whoever could have noted that is gone. */
static void test_push_and_nobody_notes(void **state)
{
	struct fixture *f = *state;
	pid_t asker;
	int fd;

	fd = begin_leaving(f, &asker);
	assert_int_equal(kill(f->switchd, SIGKILL), 0);
	assert_int_equal(wait_exit(f, f->switchd), 1000 + SIGKILL);
	assert_int_not_equal(wait_exit(f, asker), 0);
	let_go(f, fd);
	start(f);
	ctl(f, 0, "backups", "work");
	says(f->out, "work lives in the repository; pushed by device A");
	ctl(f, 28, "switch", "work");
	says(f->err, "'switchctl push work' ends it");
	remove_file(f, "state/pushed-2");
	fd = begin_leaving(f, &asker);
	stop(f);
	assert_int_not_equal(wait_exit(f, asker), 0);
	let_go(f, fd);
	start(f);
	ctl(f, 28, "switch", "work");
	ctl(f, 0, "push", "work");
	ctl(f, 28, "switch", "work");
	says(f->err, "'switchctl pull work' brings it back");
}

/* What cannot be noted is not given away. */
static void test_push_without_a_note(void **state)
{
	struct fixture *f = *state;

	make_dir(f, "state/pushed-2.new");
	ctl(f, 1, "push", "work");
	says(f->err, "that slot 2 was pushed cannot be noted");
	ctl(f, 0, "switch", "work");
	ctl(f, 0, "backups", "work");
	assert_null(strstr(f->out, "lives in the repository"));
}

/* ---- By itself ----------------------------------------------------------- */

/* How often the text is in switchd's log. */
static int logged(struct fixture *f, const char *text)
{
	char *log = helper_read(f->dir, "log");
	const char *at = log;
	int n = 0;

	while ((at = strstr(at, text))) {
		at += strlen(text);
		n++;
	}
	free(log);
	return n;
}

static void wait_logged(struct fixture *f, const char *text, int n)
{
	const struct timespec ts = { .tv_nsec = 10000000 };
	int64_t deadline = helper_now_ms() + HELPER_DEADLINE_MS;

	while (logged(f, text) < n) {
		if (helper_now_ms() > deadline)
			fail_msg("'%s' is not %d times in the log", text, n);
		nanosleep(&ts, NULL);
	}
}

/* What changed is saved, and nothing else; what is too much is forgotten. */
static void test_policy(void **state)
{
	struct fixture *f = *state;

	stop(f);
	/* Others may keep the CPUs of this machine busy. */
	configure(f, "interval = 1\nonly-on-mains = no\nrest-when-busy = no\n"
		     "keep-last = 1\n");
	start(f);
	wait_logged(f, "pruning of backups of work: done", 1);
	ctl(f, 0, "repo", "check");
	says(f->out, "All of 1 backups");
	/* It does not run again before something changes: a later job shows it. */
	write_ram(f, 2, 12);
	control(f, "entries", "2");
	wait_logged(f, "pruning of backups of work: done", 2);
	assert_int_equal(logged(f, "backup of work: begun"), 2);
	ctl(f, 0, "repo", "check");
	says(f->out, "All of 1 backups");
	/* It hibernates after it has run: once more, and no more then. */
	write_ram(f, 2, 13);
	hibernate_work(f);
	wait_logged(f, "pruning of backups of work: done", 3);
	assert_int_equal(logged(f, "backup of work: begun"), 3);
}

/*
 * Starts switchd with a note of work that was saved. The third slot is frozen,
 * too, and its turn comes only when it is not work's.
 */
static void start_with_note(struct fixture *f, unsigned int entries, time_t at)
{
	char text[64];

	snprintf(text, sizeof(text), "%u 2500000 %lld\n", entries,
		 (long long)at);
	helper_write(f->dir, "state/saved-2", 0644, text);
	start(f);
	wait_logged(f, "backup of spare: done", 1);
	assert_int_equal(logged(f, "backup of work: begun"), 0);
	stop(f);
	/* Which was noted. */
	remove_file(f, "state/saved-3");
	remove_file(f, "log");
}

/* What was saved is known after switchd was started again, and when. */
static void test_policy_remembers(void **state)
{
	struct fixture *f = *state;

	stop(f);
	remove_file(f, "log");
	configure(f, "interval = 1h\nonly-on-mains = no\nrest-when-busy = no\n");
	set_state(f, 3, FROZEN);
	write_ram(f, 3, 3);
	/* It did not run since; it did, but the hour is not over. */
	start_with_note(f, 1, 1);
	start_with_note(f, 7, time(NULL));
	/* It did, and it is over. */
	set_state(f, 3, EMPTY);
	helper_write(f->dir, "state/saved-2", 0644, "7 2500000 1\n");
	start(f);
	wait_logged(f, "backup of work: done", 1);
}

/* A NetworkManager in a process of its own, which is in that network. */
static pid_t begin_networks(struct fixture *f, const char *id)
{
	struct bus_fake fake = { .primary = "/primary", .id = id };
	sd_event *event;
	pid_t pid;

	bus_fake_start(&fake, f->dir);
	pid = fork();
	assert_true(pid >= 0);
	if (pid > 0) {
		close(fake.fd);
		return pid;
	}
	assert_true(sd_event_new(&event) >= 0);
	bus_fake_serve(&fake, event);
	sd_event_loop(event);
	_exit(1);
}

static void end_networks(struct fixture *f, pid_t pid)
{
	kill(pid, SIGKILL);
	assert_int_equal(wait_exit(f, pid), 1000 + SIGKILL);
	remove_file(f, "bus");
	unsetenv("DBUS_SYSTEM_BUS_ADDRESS");
}

/* Only in named networks, as far as that is known. */
static void test_policy_networks(void **state)
{
	struct fixture *f = *state;
	pid_t pid;

	stop(f);
	remove_file(f, "log");
	configure(f, "interval = 1\nonly-on-mains = no\nrest-when-busy = no\n"
		     "networks = Home, Office\n");
	pid = begin_networks(f, "Hotel");
	start(f);
	wait_logged(f, "the network 'Hotel' is none for it", 2);
	assert_int_equal(logged(f, "backup of work: begun"), 0);
	end_networks(f, pid);
	/* Not known: it was never told, or the bus has gone. */
	wait_logged(f, "backup of work: done", 1);
	stop(f);
	write_ram(f, 2, 12);
	control(f, "entries", "2");
	pid = begin_networks(f, "Office");
	start(f);
	wait_logged(f, "backup of work: done", 1);
	end_networks(f, pid);
}

#define RUNNING(name)                                                          \
	cmocka_unit_test_setup_teardown(name, setup_running, teardown)
#define STOPPED(name)                                                          \
	cmocka_unit_test_setup_teardown(name, setup_backup, teardown)
#define SAVED(name) cmocka_unit_test_setup_teardown(name, setup_saved, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		RUNNING(test_backup),
		SAVED(test_restore),
		SAVED(test_disk),
		SAVED(test_disk_errors),
		SAVED(test_stored),
		SAVED(test_stored_disk),
		SAVED(test_stored_errors),
		SAVED(test_json),
		SAVED(test_terminal),
		SAVED(test_refusals),
		SAVED(test_monitor_errors),
		SAVED(test_restore_errors),
		SAVED(test_settings),
		STOPPED(test_no_helper),
		RUNNING(test_nice_helper),
		SAVED(test_bad_helper),
		SAVED(test_sandbox),
		SAVED(test_flood),
		SAVED(test_busy),
		SAVED(test_cancel),
		SAVED(test_asker_goes),
		SAVED(test_switch_in_the_middle),
		SAVED(test_switch_ends_it),
		SAVED(test_stop_in_the_middle),
		SAVED(test_prune),
		SAVED(test_damage),
		SAVED(test_push_and_pull),
		SAVED(test_pull_by_force),
		SAVED(test_push_stored),
		SAVED(test_push_without_a_store),
		SAVED(test_push_that_is_cut),
		SAVED(test_push_and_nobody_notes),
		SAVED(test_push_without_a_note),
		SAVED(test_policy),
		SAVED(test_policy_remembers),
		SAVED(test_policy_networks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
