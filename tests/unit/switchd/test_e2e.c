// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * switchd and switchctl as programs: one talks to the other, to a fake device
 * and to fake keyboards.
 */
#include "keyboard.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <libgen.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <jansson.h>
#include <linux/input.h>
#include <osti/bootimage.h>
#include <osti/firmware.h>

/* ---- Questions ------------------------------------------------------------- */

static void test_list(void **state)
{
	struct fixture *f = *state;
	json_t *value;
	json_t *slot;

	ctl(f, 0, "list");
	says(f->out, "*    1  personal         running     512 MiB");
	says(f->out,
	     "     2  work             frozen      512 MiB        1      2.500");
	says(f->out, "     3  spare            empty       512 MiB");
	ctl(f, 0, "list", "--json");
	value = out_json(f);
	assert_int_equal(json_integer_value(json_object_get(value, "own")), 1);
	slot = json_array_get(json_object_get(value, "slots"), 1);
	assert_int_equal(json_integer_value(json_object_get(slot, "slot")), 2);
	assert_string_equal(json_string_value(json_object_get(slot, "name")),
			    "work");
	assert_string_equal(json_string_value(json_object_get(slot, "state")),
			    "frozen");
	json_decref(value);
}

static void test_status(void **state)
{
	struct fixture *f = *state;
	json_t *value;

	ctl(f, 0, "status");
	says(f->out, "Slot:         1 (personal) of 3\n");
	says(f->out, "Last switch:  none yet\n");
	says(f->out, "Inhibitors:   none\n");
	ctl(f, 0, "switch", "work");
	ctl(f, 0, "status");
	says(f->out, "Last switch:  switch to work, and back\n");
	control(f, "switch-errno", "16");
	ctl(f, 9, "switch", "work");
	ctl(f, 0, "status");
	says(f->out, "Last switch:  failed: this OS was not frozen");
	ctl(f, 0, "--json", "status");
	value = out_json(f);
	assert_int_equal(json_integer_value(json_object_get(value, "nr_cpus")),
			 2);
	assert_true(json_is_null(json_object_get(value, "switching_to")));
	json_decref(value);
}

/* "list" and "status" tell of versions and starts; "mark-good" ends the count. */
static void test_mark_good(void **state)
{
	struct fixture *f = *state;
	json_t *value;

	ctl(f, 0, "status");
	says(f->out, "Version:      not known; any is accepted\n");
	says(f->out, "Start:        good\n");
	control(f, "start-1", "5 1 7");
	control(f, "start-3", "4 3 0");
	ctl(f, 0, "list");
	says(f->out, "FROZEN AT  VERSION  LEAST  START\n");
	says(f->out, "        -        7      5  1 not good\n");
	says(f->out, "    2.500        -      -  good\n");
	says(f->out, "        -        -      4  3 not good\n");
	ctl(f, 0, "status");
	says(f->out, "Version:      7; accepted are 5 and newer\n");
	says(f->out, "Start:        1 not good\n");
	ctl(f, 0, "mark-good", "--keep-older");
	says(f->out, "good; this slot accepts version 5 and newer.\n");
	ctl(f, 0, "mark-good");
	says(f->out, "good; this slot accepts version 7 and newer.\n");
	ctl(f, 0, "mark-good", "--json");
	value = out_json(f);
	assert_json(value, "{\"version\":7,\"least_version\":7}");
	json_decref(value);
	assert_calls(f, "good 0\ngood 7\ngood 7\n");
	ctl(f, 0, "status", "--json");
	value = out_json(f);
	assert_true(json_is_true(json_object_get(value, "good")));
	assert_int_equal(
		json_integer_value(json_object_get(value, "least_version")), 7);
	json_decref(value);
	ctl(f, 0, "list", "--json");
	value = out_json(f);
	/* An empty slot has no start that could be good. */
	assert_true(json_is_null(json_object_get(
		json_array_get(json_object_get(value, "slots"), 2), "good")));
	json_decref(value);
}

static void test_mark_good_errors(void **state)
{
	struct fixture *f = *state;

	control(f, "start-1", "5 1 0");
	ctl(f, 18, "mark-good");
	says(f->err, "counts as good, but the least version stays 5");
	ctl(f, 18, "--json", "mark-good");
	assert_json_error(f, "no-version");
	ctl(f, 0, "mark-good", "--keep-older");
	control(f, "start-1", "5 1 7");
	control(f, "good-errno", "61");
	ctl(f, 19, "--json", "mark-good");
	assert_json_error(f, "no-nv");
	control(f, "good-errno", "5");
	ctl(f, 1, "--json", "mark-good");
	assert_json_error(f, "device");
}

/* ---- Boot images ------------------------------------------------------------------- */

#define EXCHANGE_BYTES 0x4000
#define FIT_BYTES 5000

/* A file of the fixture, with these bytes and then zeroes. */
static void write_bytes(struct fixture *f, const char *name, const void *bytes,
			size_t n, off_t size)
{
	char path[PATH_MAX + 32];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", f->dir, name);
	file = fopen(path, "we");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, n, file), n);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(truncate(path, size), 0);
}

static void read_exchange(struct fixture *f, uint8_t bytes[EXCHANGE_BYTES])
{
	char path[PATH_MAX + 32];
	FILE *file;

	snprintf(path, sizeof(path), "%s/device/exchange", f->dir);
	file = fopen(path, "re");
	assert_non_null(file);
	assert_int_equal(fread(bytes, 1, EXCHANGE_BYTES, file), EXCHANGE_BYTES);
	fclose(file);
}

static uint64_t number_at(const uint8_t *at)
{
	uint64_t n;

	memcpy(&n, at, sizeof(n));
	return le64toh(n);
}

static void put_number_at(uint8_t *at, uint64_t n)
{
	n = htole64(n);
	memcpy(at, &n, sizeof(n));
}

static void make_fit(uint8_t fit[FIT_BYTES], uint32_t told)
{
	const uint32_t head[] = { htobe32(0xd00dfeed), htobe32(told) };
	size_t i;

	for (i = 0; i < FIT_BYTES; i++)
		fit[i] = (uint8_t)(i * 7);
	memcpy(fit, head, sizeof(head));
}

static void test_boot_image(void **state)
{
	static uint8_t disk[EXCHANGE_BYTES], fit[FIT_BYTES];
	struct fixture *f = *state;
	char exchange[PATH_MAX + 32], file[PATH_MAX + 32];

	snprintf(exchange, sizeof(exchange), "--exchange=%s/device/exchange",
		 f->dir);
	snprintf(file, sizeof(file), "%s/work.itb", f->dir);
	make_fit(fit, FIT_BYTES);
	write_bytes(f, "work.itb", fit, sizeof(fit), sizeof(fit));
	write_bytes(f, "device/exchange", "", 0, EXCHANGE_BYTES);
	ctl(f, 0, "boot-image", "install", file, exchange);
	says(f->out, "installed; the next start of personal tries it.\n");
	assert_calls(f, "request 7 1\nmark\n");
	read_exchange(f, disk);
	assert_memory_equal(disk, OSTI_BOOT_X_MAGIC, 8);
	assert_int_equal(number_at(disk + OSTI_BOOT_X_SLOT), 1);
	assert_int_equal(number_at(disk + OSTI_BOOT_X_BYTES), FIT_BYTES);
	assert_memory_equal(disk + OSTI_BOOT_HEADER, fit, FIT_BYTES);
	control(f, "result", "2");
	control(f, "detail", "4");
	ctl(f, 11, "boot-image", "install", file, exchange);
	says(f->err, "an image is refused: too old");
	control(f, "detail", "258");
	ctl(f, 11, "boot-image", "install", file, exchange, "--json");
	assert_json_error(f, "refused");
	control(f, "result", "5");
	control(f, "detail", "1");
	ctl(f, 14, "boot-image", "install", file, exchange);
	says(f->err, "on trial itself; 'switchctl mark-good' ends that");
}

static void test_firmware(void **state)
{
	static uint8_t disk[EXCHANGE_BYTES], file_bytes[OSTI_FIRMWARE_IMAGE + 8];
	struct fixture *f = *state;
	char exchange[PATH_MAX + 32], file[PATH_MAX + 32];

	snprintf(exchange, sizeof(exchange), "--exchange=%s/device/exchange",
		 f->dir);
	snprintf(file, sizeof(file), "%s/new.fw", f->dir);
	memset(file_bytes, 0x21, sizeof(file_bytes));
	memcpy(file_bytes, "OSTI-FS1", 8);
	write_bytes(f, "device/exchange", "", 0, EXCHANGE_BYTES);
	/* Its image is missing, or it is something else. */
	write_bytes(f, "new.fw", file_bytes, OSTI_FIRMWARE_IMAGE,
		    OSTI_FIRMWARE_IMAGE);
	ctl(f, 11, "firmware", "install", file, exchange);
	says(f->err, "is no firmware to install");
	ctl(f, 11, "boot-image", "install", file, exchange);
	write_bytes(f, "new.fw", file_bytes, sizeof(file_bytes),
		    sizeof(file_bytes));
	ctl(f, 0, "firmware", "install", file, exchange);
	says(f->out, "The firmware is installed; the next power-on tries it.\n");
	assert_calls(f, "request 9 1\nmark\n");
	read_exchange(f, disk);
	assert_memory_equal(disk, OSTI_BOOT_X_MAGIC, 8);
	assert_int_equal(number_at(disk + OSTI_BOOT_X_BYTES),
			 sizeof(file_bytes));
	assert_memory_equal(disk + OSTI_BOOT_HEADER, file_bytes,
			    sizeof(file_bytes));
	control(f, "result", "2");
	control(f, "detail", "516");
	ctl(f, 11, "firmware", "install", file, exchange);
	says(f->err, "older than the device accepts");
	control(f, "result", "5");
	control(f, "detail", "1");
	ctl(f, 14, "firmware", "install", file, exchange);
	says(f->err, "the firmware that runs is on trial itself");
}

/* Nothing is asked of the boot manager then, nor lies there for it. */
static void test_boot_image_errors(void **state)
{
	static uint8_t disk[EXCHANGE_BYTES], fit[FIT_BYTES];
	struct fixture *f = *state;
	char exchange[PATH_MAX + 32], file[PATH_MAX + 32];

	snprintf(exchange, sizeof(exchange), "--exchange=%s/device/exchange",
		 f->dir);
	snprintf(file, sizeof(file), "%s/work.itb", f->dir);
	write_bytes(f, "device/exchange", OSTI_BOOT_X_MAGIC, 8, EXCHANGE_BYTES);
	ctl(f, 1, "boot-image", "install", file, exchange);
	says(f->err, "work.itb: No such file");
	make_fit(fit, FIT_BYTES + 1);
	write_bytes(f, "work.itb", fit, sizeof(fit), sizeof(fit));
	ctl(f, 11, "boot-image", "install", file, exchange);
	says(f->err, "is no boot image (FIT), or not all of one");
	write_bytes(f, "work.itb", "#!/bin/sh\n", 10, FIT_BYTES);
	ctl(f, 11, "boot-image", "install", file, exchange);
	make_fit(fit, FIT_BYTES);
	write_bytes(f, "work.itb", fit, sizeof(fit),
		    EXCHANGE_BYTES - OSTI_BOOT_HEADER + 1);
	ctl(f, 1, "boot-image", "install", file, exchange);
	says(f->err, "too large for the exchange disk");
	write_bytes(f, "work.itb", fit, sizeof(fit), sizeof(fit));
	write_bytes(f, "device/exchange", "", 0, 100);
	ctl(f, 1, "boot-image", "install", file, exchange);
	snprintf(exchange, sizeof(exchange), "--exchange=%s/none", f->dir);
	ctl(f, 1, "boot-image", "install", file, exchange);
	/* This machine is none of our devices. */
	ctl(f, 17, "boot-image", "install", file);
	says(f->err, "has no exchange disk");
	assert_calls(f, "");
	write_bytes(f, "device/exchange", "", 0, EXCHANGE_BYTES);
	read_exchange(f, disk);
	assert_int_equal(disk[0], 0);
}

static void test_boot_image_list(void **state)
{
	static uint8_t report[OSTI_BOOT_HEADER];
	uint8_t *area = report + OSTI_BOOT_R_AREA + OSTI_BOOT_R_ENTRY;
	struct fixture *f = *state;
	char exchange[PATH_MAX + 32];
	json_t *value;

	snprintf(exchange, sizeof(exchange), "--exchange=%s/device/exchange",
		 f->dir);
	write_bytes(f, "device/exchange", "", 0, EXCHANGE_BYTES);
	/* The boot manager did not write it. */
	ctl(f, 1, "boot-image", "list", exchange);
	says(f->err, "does not have what the boot manager wrote");
	memcpy(report, OSTI_BOOT_R_MAGIC, 8);
	put_number_at(report + OSTI_BOOT_R_SLOT, 1);
	put_number_at(area + OSTI_BOOT_A_VERSION, 7);
	put_number_at(area + OSTI_BOOT_A_BYTES, 45000000);
	put_number_at(area + OSTI_BOOT_A_STATE, OSTI_BOOT_TRIAL);
	put_number_at(area + OSTI_BOOT_A_TRIES, 2);
	write_bytes(f, "device/boot-report", report, sizeof(report),
		    sizeof(report));
	ctl(f, 0, "boot-image", "list", exchange);
	says(f->out,
	     "B             7       43946 KiB  trial, 2 more to come\n");
	ctl(f, 0, "boot-image", "list", exchange, "--json");
	value = out_json(f);
	assert_json(
		value,
		"{\"slot\":1,\"images\":[{\"area\":\"B\",\"state\":\"trial\",\"version\":7,\"bytes\":45000000,\"tries\":2}]}");
	json_decref(value);
	/* Of another slot. */
	put_number_at(report + OSTI_BOOT_R_SLOT, 2);
	write_bytes(f, "device/boot-report", report, sizeof(report),
		    sizeof(report));
	ctl(f, 1, "boot-image", "list", exchange);
}

/* By itself, as configured, and not twice. */
static void test_good_by_itself(void **state)
{
	struct fixture *f = *state;
	char more[128];

	snprintf(more, sizeof(more),
		 "users = %u\n[start]\nmark-good-after-s = 1\n"
		 "raise-least-version = no\n",
		 geteuid());
	write_config(f, more);
	control(f, "start-1", "5 1 7");
	start(f);
	helper_wait_text(f->dir, "log", "this start counts as good");
	assert_calls(f, "good 0\n");
	stop(f);
	start(f);
	ctl(f, 0, "switch", "work");
	assert_calls(f, "good 0\nswitch 2\nmark\n");
}

static void test_version(void **state)
{
	struct fixture *f = *state;
	json_t *value;

	ctl(f, 0, "version");
	says(f->out, "switchctl test\nswitchd test (protocol 1)\n");
	says(f->out, "ABI 3.");
	ctl(f, 0, "version", "--json");
	value = out_json(f);
	assert_string_equal(
		json_string_value(json_object_get(value, "switchd")), "test");
	assert_string_equal(
		json_string_value(json_object_get(value, "switchctl")), "test");
	json_decref(value);
}

static void test_stats(void **state)
{
	struct fixture *f = *state;
	json_t *record;
	json_t *value;
	const char *kind;
	double freeze;
	double total;
	double user;
	int number;

	ctl(f, 0, "stats");
	says(f->out, "No switch yet");
	ctl(f, 0, "switch", "work");
	ctl(f, 0, "switch", "spare");
	ctl(f, 0, "stats");
	says(f->out,
	     "     2  3 > 1  hot             16.500     1.000     2.000     3.000     0.500     4.000     6.000\n");
	says(f->out, "     1  2 > 1  hot             16.500     1.000");
	says(f->out, "median         hot             16.500     1.000");
	says(f->out,
	     "  user         6.000  ########################################\n");
	says(f->out, "  devices      2.000  #############\n");
	ctl(f, 0, "stats", "--svg");
	says(f->out, "<svg ");
	says(f->out, ">2: 3 to 1<");
	says(f->out, "<title>user 6.000 ms</title>");
	ctl(f, 0, "stats", "-n", "1", "--json");
	value = out_json(f);
	assert_int_equal(json_array_size(json_object_get(value, "records")), 1);
	record = json_array_get(json_object_get(value, "records"), 0);
	assert_int_equal(json_unpack(record, "{s:i,s:s,s:{s:f,s:f,s:f}}",
				     "record", &number, "kind", &kind, "ms",
				     "freeze", &freeze, "user", &user, "total",
				     &total),
			 0);
	assert_int_equal(number, 2);
	assert_string_equal(kind, "hot");
	assert_true(freeze > 0.999 && freeze < 1.001);
	assert_true(user > 5.999 && user < 6.001);
	assert_true(total > 16.499 && total < 16.501);
	assert_int_equal(json_array_size(json_object_get(record, "times")), 7);
	assert_int_equal(
		json_integer_value(json_object_get(value, "counter_hz")),
		1000000);
	json_decref(value);
}

/* A cold switch is shown, but it is no part of the median. */
static void test_stats_of_cold_switches(void **state)
{
	struct fixture *f = *state;

	control(f, "cold", "1");
	ctl(f, 0, "switch", "work");
	ctl(f, 0, "stats");
	says(f->out, "     1  2 > 1  cold            16.500");
	assert_null(strstr(f->out, "median"));
	ctl(f, 0, "stats", "--svg");
	says(f->out, "No switch yet.");
	control(f, "cold", "0");
	ctl(f, 0, "switch", "work");
	ctl(f, 0, "stats");
	says(f->out, "     1  2 > 1  cold            16.500");
	says(f->out, "median         hot             16.500");
}

static void test_device_error(void **state)
{
	struct fixture *f = *state;

	control(f, "info-errno", "5");
	ctl(f, 1, "list");
	says(f->err, "asking the monitor who we are: Input/output error");
	ctl(f, 1, "status", "--json");
	assert_json_error(f, "device");
	ctl(f, 1, "switch", "work");
	ctl(f, 1, "version");
	ctl(f, 1, "stats");
	control(f, "info-errno", "0");
	ctl(f, 0, "list");
}

/* ---- switch ---------------------------------------------------------------- */

static void test_switch(void **state)
{
	struct fixture *f = *state;
	json_t *value;

	hook(f, "pre-freeze.d/10-x",
	     "echo \"pre $OSTI_TARGET_NAME\" >>$T/order");
	hook(f, "post-resume.d/10-x",
	     "cat $T/device/calls >>$T/order; echo \"post $OSTI_RESULT\" >>$T/order");
	ctl(f, 0, "switch", "work");
	assert_string_equal(f->out, "Back from the switch to work.\n");
	helper_wait_text(f->dir, "order",
			 "pre work\nswitch 2\nmark\npost ok\n");
	ctl(f, 0, "switch", "3", "--json");
	value = out_json(f);
	assert_string_equal(json_string_value(json_object_get(value, "name")),
			    "spare");
	assert_int_equal(json_integer_value(json_object_get(value, "record")),
			 2);
	json_decref(value);
	ctl(f, 0, "switch", "next");
	ctl(f, 0, "switch", "menu");
	assert_calls(f, "switch 2\nmark\nswitch 3\nmark\nswitch 2\nmark\n"
			"switch 0\nmark\n");
}

static void test_switch_errors(void **state)
{
	struct fixture *f = *state;

	ctl(f, 7, "switch", "nobody");
	says(f->err, "there is no slot 'nobody'");
	ctl(f, 7, "switch", "personal");
	says(f->err, "is the one that runs here");
	ctl(f, 7, "switch", "9", "--json");
	assert_json_error(f, "no-target");
	ctl(f, 2, "switch");
	ctl(f, 7, "switch", "");
	ctl(f, 7, "switch", "\xff");
	assert_calls(f, "");
	control(f, "switch-errno", "16");
	ctl(f, 9, "switch", "work");
	says(f->err, "a task or a device refused to freeze");
	hook(f, "pre-freeze.d/10-no", "exit 1");
	ctl(f, 8, "switch", "work");
	says(f->err, "10-no failed with status 1");
	assert_calls(f, "switch 2\n");
}

static void test_busy(void **state)
{
	struct fixture *f = *state;
	pid_t first;
	int fd;

	make_fifo(f, "gate", 0600);
	hook(f, "pre-freeze.d/10-gate", "cat $T/gate >/dev/null");
	first = ctl_begin(f, "switch", "work");
	fd = open_fifo(f, "gate");
	ctl(f, 6, "switch", "spare");
	says(f->err, "a switch to work is under way already");
	ctl(f, 6, "inhibit", "--", "true");
	says(f->err, "too late to inhibit");
	ctl(f, 0, "status");
	says(f->out, "Under way:    switch to work\n");
	close(fd);
	assert_int_equal(wait_exit(f, first), 0);
	assert_calls(f, "switch 2\nmark\n");
	ctl(f, 0, "status");
	says(f->out, "Under way:    -\n");
}

/* Whoever asked has gone; the switch takes place. */
static void test_asker_goes(void **state)
{
	struct fixture *f = *state;
	pid_t asker;
	int fd;

	make_fifo(f, "gate", 0600);
	hook(f, "pre-freeze.d/10-gate", "cat $T/gate >/dev/null");
	asker = ctl_begin(f, "switch", "work");
	fd = open_fifo(f, "gate");
	kill(asker, SIGKILL);
	assert_int_equal(wait_exit(f, asker), 1000 + SIGKILL);
	close(fd);
	helper_wait_text(f->dir, "log", "back from the switch to work");
	ctl(f, 0, "list");
}

/* ---- inhibit --------------------------------------------------------------- */

static void test_inhibit(void **state)
{
	struct fixture *f = *state;
	json_t *value;
	json_t *locks;
	pid_t holder;
	int fd;

	make_fifo(f, "gate", 0600);
	holder = ctl_begin(f, "inhibit", "--who", "backup", "--why",
			   "writes to the disk", "--", "sh", "-c",
			   "cat $T/gate; exit 7");
	fd = open_fifo(f, "gate");
	ctl(f, 4, "switch", "work");
	says(f->err, "inhibited by backup (process ");
	says(f->err, "): writes to the disk");
	ctl(f, 4, "switch", "work", "--json");
	assert_json_error(f, "inhibited");
	ctl(f, 0, "status");
	says(f->out, "Inhibitors:\n  backup (process ");
	ctl(f, 0, "status", "--json");
	value = out_json(f);
	locks = json_object_get(value, "inhibitors");
	assert_int_equal(json_array_size(locks), 1);
	assert_int_equal(json_integer_value(json_object_get(
				 json_array_get(locks, 0), "pid")),
			 holder);
	json_decref(value);
	close(fd);
	/* The status is the program's. */
	assert_int_equal(wait_exit(f, holder), 7);
	ctl(f, 0, "switch", "work");
	assert_calls(f, "switch 2\nmark\n");
}

/* Who and why are shown to others. */
static void test_inhibit_in_foreign_text(void **state)
{
	struct fixture *f = *state;
	pid_t holder;
	int fd;

	make_fifo(f, "gate", 0600);
	holder = ctl_begin(f, "inhibit", "--who", "me\302\23331m", "--why",
			   "\342\200\256backup \303\274", "--", "cat", "gate");
	fd = open_fifo(f, "gate");
	helper_wait_text(f->dir, "log", "me??31m (process ");
	ctl(f, 4, "switch", "work");
	says(f->err, "inhibited by me??31m (process ");
	says(f->err, "): ???backup \xc3\xbc");
	ctl(f, 0, "status", "--json");
	says(f->out, "\"me??31m\"");
	says(f->out, "\"???backup ");
	close(fd);
	assert_int_equal(wait_exit(f, holder), 0);
}

static void test_inhibit_ends_with_its_holder(void **state)
{
	struct fixture *f = *state;
	pid_t holder;
	int fd;

	make_fifo(f, "gate", 0600);
	holder = ctl_begin(f, "inhibit", "--", "cat", "gate");
	fd = open_fifo(f, "gate");
	ctl(f, 4, "switch", "work");
	says(f->err, "inhibited by cat");
	kill(holder, SIGKILL);
	assert_int_equal(wait_exit(f, holder), 1000 + SIGKILL);
	/* The program lives on, the lock does not. */
	helper_wait_text(f->dir, "log", "does not inhibit switches any more");
	ctl(f, 0, "switch", "work");
	close(fd);
}

static void test_inhibit_statuses(void **state)
{
	struct fixture *f = *state;
	pid_t holder;
	int fd;

	ctl(f, 0, "inhibit", "--", "true");
	ctl(f, 127, "inhibit", "--", "/no/such/program");
	ctl(f, 126, "inhibit", "--", "/");
	ctl(f, 0, "inhibit", "--", "/bin/true");
	ctl(f, 128 + SIGUSR1, "inhibit", "--", "sh", "-c", "kill -USR1 $$");
	ctl(f, 2, "inhibit");
	ctl(f, 1, "inhibit", "--who", "", "--", "true");
	says(f->err, "'who' must have");
	/* SIGTERM is passed on. */
	make_fifo(f, "gate", 0600);
	holder = ctl_begin(f, "inhibit", "--", "sh", "-c",
			   "trap 'exit 5' TERM; cat $T/gate & wait");
	fd = open_fifo(f, "gate");
	kill(holder, SIGTERM);
	assert_int_equal(wait_exit(f, holder), 5);
	close(fd);
}

static void test_inhibit_loses_switchd(void **state)
{
	struct fixture *f = *state;
	pid_t holder;
	int fd;

	make_fifo(f, "gate", 0600);
	holder = ctl_begin(f, "inhibit", "--", "cat", "gate");
	fd = open_fifo(f, "gate");
	stop(f);
	helper_wait_text(f->dir, "bg.err", "switchd has gone, and the");
	close(fd);
	assert_int_equal(wait_exit(f, holder), 0);
}

/* ---- log ------------------------------------------------------------------- */

static void test_log(void **state)
{
	struct fixture *f = *state;
	json_t *events;
	json_t *value;
	json_t *event;

	ctl(f, 0, "switch", "work");
	ctl(f, 0, "log");
	says(f->out,
	     "[    0.005000] #1     menu   cpu 0  power-on     2 CPUs, 3 slots\n");
	says(f->out, "menu   cpu 0  boot-manager reason power-on\n");
	says(f->out, "slot 1 cpu 0  started      entry 0x40200000\n");
	says(f->out, "slot 1 cpu 0  armed        target slot 2\n");
	says(f->out, "#6     (of another slot)\n");
	says(f->out, "slot 1 cpu 0  resumed      entry 0x40201000\n");
	ctl(f, 0, "log", "--json");
	value = out_json(f);
	events = json_object_get(value, "events");
	assert_int_equal(json_array_size(events), 7);
	event = json_array_get(events, 4);
	assert_string_equal(json_string_value(json_object_get(event, "event")),
			    "frozen");
	assert_string_equal(json_string_value(json_object_get(event, "a")),
			    "0x40201000");
	assert_null(json_object_get(value, "verified"));
	json_decref(value);
}

static void test_log_verify(void **state)
{
	struct fixture *f = *state;
	json_t *value;
	int redacted;
	int checked;
	int i;

	ctl(f, 0, "log", "--verify");
	says(f->out, "Verified: 3 records with content, 0 of other slots");
	/* More than the ring holds. */
	for (i = 0; i < 6; i++)
		ctl(f, 0, "switch", "work");
	ctl(f, 0, "log", "--verify", "--json");
	value = out_json(f);
	assert_int_equal(json_unpack(value, "{s:{s:i,s:i}}", "verified",
				     "checked", &checked, "redacted",
				     &redacted),
			 0);
	assert_int_equal(checked, 12);
	assert_int_equal(redacted, 4);
	json_decref(value);

	control(f, "tamper", "20");
	ctl(f, 10, "log", "--verify");
	says(f->err, "record 20 does not have the content");
	ctl(f, 10, "log", "--verify", "--json");
	assert_json_error(f, "verify");
	/* Without a check it is shown as it is. */
	ctl(f, 0, "log");
	control(f, "tamper", "0");

	control(f, "forge", "20");
	ctl(f, 10, "log", "--verify");
	says(f->err, "is not what the monitor says");
	control(f, "forge", "0");

	control(f, "hide", "20");
	ctl(f, 10, "log", "--verify");
	says(f->err, "record 21 follows where 20 should");
	control(f, "hide", "27");
	ctl(f, 10, "log", "--verify");
	says(f->err, "records from 27 to 27 are missing");
	control(f, "hide", "0");
	ctl(f, 0, "log", "--verify");
}

static void test_log_follow(void **state)
{
	struct fixture *f = *state;
	pid_t follower;

	follower = ctl_begin(f, "log", "--follow", "--verify");
	helper_wait_text(f->dir, "bg.out", "started");
	ctl(f, 0, "switch", "work");
	helper_wait_text(f->dir, "bg.out", "#7     slot 1 cpu 0  resumed");
	ctl(f, 0, "switch", "work");
	helper_wait_text(f->dir, "bg.out", "#11    slot 1 cpu 0  resumed");
	control(f, "tamper", "12");
	ctl(f, 0, "switch", "work");
	assert_int_equal(wait_exit(f, follower), 10);
	helper_wait_text(f->dir, "bg.err", "record 12 does not have");

	follower = ctl_begin(f, "log", "-f", "--json");
	helper_wait_text(f->dir, "bg.out", "\"seq\":15,");
	kill(follower, SIGTERM);
	assert_int_equal(wait_exit(f, follower), 1000 + SIGTERM);
}

/* Starts a follower that writes into a pipe, and takes its reader away. */
static pid_t follow_and_leave(struct fixture *f)
{
	const char *const words[] = { "log", "--follow", NULL };
	char path[PATH_MAX + 32];
	struct pollfd pollfd;
	pid_t follower;

	snprintf(path, sizeof(path), "%s/pipe", f->dir);
	pollfd = (struct pollfd){ .fd = open(path,
					     O_RDONLY | O_NONBLOCK | O_CLOEXEC),
				  .events = POLLIN };
	assert_true(pollfd.fd >= 0);
	follower = spawn_ctl(f, "pipe", "bg.err", words);
	assert_int_equal(poll(&pollfd, 1, HELPER_DEADLINE_MS), 1);
	close(pollfd.fd);
	return follower;
}

/* Nothing is logged any more, so only the reader's end can end it. */
static void test_log_without_a_reader(void **state)
{
	const char *const list[] = { "list", NULL };
	const char *const follow[] = { "log", "--follow", NULL };
	const char *const json[] = { "--json", "log", "--follow", NULL };
	const char *const *const full[] = { list, follow, json };
	struct fixture *f = *state;
	char path[PATH_MAX + 32];
	size_t i;

	make_fifo(f, "pipe", 0600);
	assert_int_equal(wait_exit(f, follow_and_leave(f)), 1000 + SIGPIPE);
	signal(SIGPIPE, SIG_IGN);
	assert_int_equal(wait_exit(f, follow_and_leave(f)), 1);
	signal(SIGPIPE, SIG_DFL);
	forget_output(f);
	f->err = helper_read(f->dir, "bg.err");
	says(f->err, "standard output: Broken pipe");

	snprintf(path, sizeof(path), "%s/full", f->dir);
	assert_int_equal(symlink("/dev/full", path), 0);
	for (i = 0; i < 3; i++) {
		assert_int_equal(
			wait_exit(f, spawn_ctl(f, "full", "bg.err", full[i])),
			1);
		forget_output(f);
		f->err = helper_read(f->dir, "bg.err");
		says(f->err, "standard output: No space left on device");
	}
}

/* A follower and a check go on with what the device has after a power-off. */
static void test_log_begins_anew(void **state)
{
	struct fixture *f = *state;
	pid_t follower;
	char *text;

	follower = ctl_begin(f, "log", "--follow", "--verify");
	ctl(f, 0, "switch", "work");
	helper_wait_text(f->dir, "bg.out", "#7     slot 1 cpu 0  resumed");
	control(f, "resumed", "2");
	ctl(f, 0, "switch", "work");
	helper_wait_text(f->dir, "bg.out", "#4     slot 1 cpu 0  resumed");
	text = helper_read(f->dir, "bg.out");
	says(text, "came back from an image: the log begins anew.\n"
		   "[    0.005000] #1     menu   cpu 0  power-on");
	says(text, "cpu 0  restored     generation 3\n");
	free(text);
	/* What follows is still checked. */
	control(f, "resumed", "1");
	control(f, "tamper", "5");
	ctl(f, 0, "switch", "work");
	assert_int_equal(wait_exit(f, follower), 10);
	helper_wait_text(f->dir, "bg.err", "record 5 does not have");
}

/* ---- Requests to the boot manager ------------------------------------------- */

static void test_images(void **state)
{
	static const struct {
		const char *name;
		const char *text;
	} images[] = {
		{ "image-2", "2 4 1 0 1700000000 123456789" },
		{ "image-3", "1 5 2 0 1700000000 4097" },
		{ "image-4", "1 6 3 19 1700003600 1024" },
		{ "image-5", "1 7 1 0 0 0" },
		{ "image-6", "1 8 0 0 0 0" },
		{ "image-7", "1 9 3 4294967295 1700000000 1" },
		/* What was consumed has no worth, whatever it looks like. */
		{ "image-8", "2 10 3 19 1700000000 1" },
	};
	struct fixture *f = *state;
	json_t *value;
	json_t *list;
	size_t i;

	control(f, "slots", "8");
	for (i = 0; i < sizeof(images) / sizeof(images[0]); i++)
		control(f, images[i].name, images[i].text);
	ctl(f, 0, "images");
	says(f->out,
	     "SLOT  NAME             GENERATION  SAVED (UTC)                  SIZE  STATE\n"
	     "   1  personal                  0  -                                -  none\n"
	     "   2  work                      4  2023-11-14 22:13:20     120564 KiB  consumed\n"
	     "   3  spare                     5  2023-11-14 22:13:20          5 KiB  stored\n"
	     "   4  four                      6  2023-11-14 23:13:20          1 KiB  refused: a chunk was altered, or is another one\n"
	     "   5  five                      7  -                                -  missing\n"
	     "   6  six                       8  -                                -  stored\n"
	     "   7  seven                     9  2023-11-14 22:13:20          1 KiB  refused: unknown error\n"
	     "   8  eight                    10  2023-11-14 22:13:20          1 KiB  consumed\n");
	ctl(f, 0, "images", "--json");
	value = out_json(f);
	list = json_object_get(value, "images");
	assert_int_equal(json_array_size(list), 8);
	assert_json(
		json_array_get(list, 2),
		"{\"slot\":3,\"name\":\"spare\",\"state\":\"stored\",\"generation\":5,\"saved_at\":1700000000,\"bytes\":4097,\"store\":\"present\"}");
	assert_json(
		json_array_get(list, 3),
		"{\"slot\":4,\"name\":\"four\",\"state\":\"refused\",\"generation\":6,\"saved_at\":1700003600,\"bytes\":1024,\"store\":\"refused\",\"reason\":\"chunk-tag\",\"text\":\"a chunk was altered, or is another one\"}");
	json_decref(value);

	/* Where a slot goes on from, if it is entered. */
	control(f, "state-2", "0");
	ctl(f, 0, "list");
	says(f->out, "2  work             empty ");
	says(f->out, "3  spare            stored ");
	says(f->out, "4  four             refused ");
	says(f->out, "5  five             missing ");
	ctl(f, 0, "list", "--json");
	says(f->out, "\"name\":\"spare\",\"state\":\"stored\"");
	/* Not one that is not empty. */
	control(f, "state-3", "3");
	ctl(f, 0, "list");
	says(f->out, "3  spare            frozen ");
}

static void test_requests(void **state)
{
	struct fixture *f = *state;
	json_t *value;

	control(f, "image-3", "1 5 2 0 1700000000 4097");
	ctl(f, 0, "hibernate", "work");
	assert_string_equal(f->out, "work was hibernated.\n");
	ctl(f, 0, "verify", "spare");
	assert_string_equal(f->out, "The image of spare is good.\n");
	ctl(f, 0, "drop", "3");
	assert_string_equal(f->out,
			    "The image of spare is given up for good.\n");
	ctl(f, 0, "status");
	says(f->out, "Last switch:  drop of the image of spare, and back\n");
	ctl(f, 0, "hibernate", "work", "--json");
	value = out_json(f);
	assert_json(
		value,
		"{\"request\":\"hibernate\",\"what\":\"hibernation of work\",\"target\":2,\"name\":\"work\",\"record\":4,\"resumed\":\"hot\"}");
	json_decref(value);
	assert_calls(f, "request 1 2\nmark\nrequest 3 3\nmark\n"
			"request 4 3\nmark\nrequest 1 2\nmark\n");

	control(f, "resumed", "2");
	ctl(f, 0, "poweroff");
	assert_string_equal(
		f->out,
		"The device was off.\n"
		"This OS came back from an image of generation 3, saved 2023-11-14 22:13:20 UTC.\n");
	ctl(f, 0, "status");
	says(f->out,
	     "Resumed:      image; last image: generation 3, saved 2023-11-14 22:13:20 UTC\n");
	control(f, "resumed", "3");
	ctl(f, 0, "hibernate", "personal", "--json");
	value = out_json(f);
	assert_json(
		value,
		"{\"request\":\"hibernate\",\"what\":\"hibernation of personal\",\"target\":1,\"name\":\"personal\",\"record\":0,\"resumed\":\"copy\",\"generation\":3,\"saved_at\":1700000000}");
	json_decref(value);
	ctl(f, 0, "switch", "work");
	says(f->out,
	     "saved 2023-11-14 22:13:20 UTC; it may run elsewhere, too.");
	ctl(f, 16, "verify", "spare");
	says(f->err, "is not known: this OS came back from an image");
}

static void test_request_errors(void **state)
{
	static const struct {
		const char *result;
		int status;
		const char *code;
	} results[] = {
		{ "1", 16, "request-failed" }, { "2", 11, "refused" },
		{ "3", 12, "declined" },       { "4", 13, "no-image" },
		{ "5", 14, "slot-state" },     { "6", 15, "no-store" },
	};
	struct fixture *f = *state;
	pid_t holder;
	size_t i;
	int fd;

	control(f, "image-3", "1 5 2 0 1700000000 4097");
	control(f, "detail", "3");
	for (i = 0; i < sizeof(results) / sizeof(results[0]); i++) {
		control(f, "result", results[i].result);
		ctl(f, results[i].status, "verify", "spare");
		says(f->err, "switchctl: the check of the image of spare ");
		ctl(f, results[i].status, "verify", "spare", "--json");
		assert_json_error(f, results[i].code);
	}
	ctl(f, 0, "status");
	says(f->out,
	     "Last switch:  failed: the check of the image of spare was not possible: there is no store disk");
	control(f, "result", "0");
	remove_file(f, "device/calls");

	ctl(f, 14, "hibernate", "spare");
	says(f->err, "slot 3 (spare) is empty; only");
	ctl(f, 13, "drop", "work");
	says(f->err, "slot 2 (work) has no image that could be resumed");
	ctl(f, 7, "hibernate", "nobody");
	ctl(f, 7, "hibernate", "\xff");
	make_fifo(f, "gate", 0600);
	holder = ctl_begin(f, "inhibit", "--who", "me", "--", "cat", "gate");
	fd = open_fifo(f, "gate");
	ctl(f, 4, "hibernate", "work");
	ctl(f, 4, "poweroff");
	says(f->err, "inhibited by me");
	close(fd);
	assert_int_equal(wait_exit(f, holder), 0);
	assert_calls(f, "");
	control(f, "switch-errno", "16");
	ctl(f, 9, "poweroff");
	says(f->err, "this OS was not frozen for the power-off");
}

static void test_no_nv_memory(void **state)
{
	struct fixture *f = *state;

	control(f, "image-errno", "61");
	ctl(f, 17, "images");
	says(f->err, "this device has no images: it has no NV memory");
	ctl(f, 17, "poweroff", "--json");
	assert_json_error(f, "not-supported");
	ctl(f, 17, "hibernate", "work");
	ctl(f, 0, "list");
	says(f->out, "3  spare            empty ");
	ctl(f, 0, "switch", "work");
	assert_calls(f, "switch 2\nmark\n");
}

/* ---- Keys ------------------------------------------------------------------ */

static void test_keys(void **state)
{
	struct fixture *f = *state;
	int fd = plug(f, "input/event0");

	hotkey(fd, KEY_F3);
	helper_wait_text(f->dir, "device/calls", "switch 3\nmark\n");
	/* Until it is over, another one is dropped. */
	wait_notified(f, "STATUS=Running hooks after");
	wait_notified(f, "STATUS=In slot");
	key(fd, KEY_POWER, 1);
	key(fd, KEY_POWER, 0);
	helper_wait_text(f->dir, "device/calls", "switch 2\nmark\n");
	assert_calls(f, "switch 3\nmark\nswitch 2\nmark\n");
	wait_notified(f, "STATUS=Running hooks after");
	wait_notified(f, "STATUS=In slot");
	/* Wishes that cannot be fulfilled are told in the log. */
	hotkey(fd, KEY_F8);
	helper_wait_text(f->dir, "log",
			 "key press for 8 dropped: there is no slot 8");
	hotkey(fd, KEY_F1);
	helper_wait_text(f->dir, "log",
			 "key press for 1 dropped: slot 1 (personal) is");
	close(fd);
}

static void test_plugging(void **state)
{
	struct fixture *f = *state;
	int fd;

	/* Two at the start, besides a mouse and things that are no devices. */
	make_fifo(f, "input/event0", 0600);
	make_fifo(f, "input/event1", 0600);
	make_fifo(f, "input/event2", 0700);
	make_fifo(f, "input/mice", 0600);
	helper_write(f->dir, "input/event9", 0644, "no device");
	start(f);
	ctl(f, 0, "status");
	says(f->out, "Keys of:      2 input devices\n");

	/* One goes with its modifiers pressed. */
	fd = open_fifo(f, "input/event0");
	key(fd, KEY_LEFTCTRL, 1);
	key(fd, KEY_LEFTALT, 1);
	remove_file(f, "input/event0");
	helper_wait_text(f->dir, "log", "input device event0 is gone");
	close(fd);
	/* It comes back under its old name. */
	fd = plug(f, "input/event0");
	key(fd, KEY_F2, 1);
	key(fd, KEY_F2, 0);
	hotkey(fd, KEY_F3);
	helper_wait_text(f->dir, "device/calls", "switch 3\nmark\n");
	assert_calls(f, "switch 3\nmark\n");
	close(fd);
	ctl(f, 0, "status");
	says(f->out, "Keys of:      2 input devices\n");
}

/* The keys of two keyboards do not add up. */
static void test_two_keyboards(void **state)
{
	struct fixture *f = *state;
	int a = plug(f, "input/event0");
	int b = plug(f, "input/event1");

	key(a, KEY_LEFTCTRL, 1);
	key(a, KEY_LEFTALT, 1);
	key(b, KEY_F2, 1);
	key(b, KEY_F2, 0);
	hotkey(b, KEY_F3);
	helper_wait_text(f->dir, "device/calls", "switch 3\nmark\n");
	assert_calls(f, "switch 3\nmark\n");
	close(a);
	close(b);
}

/* The directory of the input devices comes after switchd. */
static void test_late_directory(void **state)
{
	char path[PATH_MAX + 32];
	struct fixture *f = *state;
	int fd;

	snprintf(path, sizeof(path), "%s/input", f->dir);
	assert_int_equal(rmdir(path), 0);
	start(f);
	helper_wait_text(f->dir, "log", "is not there yet");
	make_dir(f, "input");
	fd = plug(f, "input/event5");
	hotkey(fd, KEY_F2);
	helper_wait_text(f->dir, "device/calls", "switch 2\nmark\n");
	close(fd);
	/* And it goes and comes again. */
	remove_file(f, "input/event5");
	assert_int_equal(rmdir(path), 0);
	make_dir(f, "input");
	fd = plug(f, "input/event6");
	hotkey(fd, KEY_F3);
	helper_wait_text(f->dir, "device/calls", "switch 3\nmark\n");
	close(fd);
}

/* fs.inotify.max_user_instances is used up: that is no reason to do nothing. */
static void test_nothing_can_be_watched(void **state)
{
	struct fixture *f = *state;
	int fd;

	control(f, "no-inotify", "");
	make_fifo(f, "input/event0", 0600);
	start(f);
	helper_wait_text(f->dir, "log", "cannot be watched: Too many open");
	fd = open_fifo(f, "input/event0");
	hotkey(fd, KEY_F2);
	helper_wait_text(f->dir, "device/calls", "switch 2\nmark\n");
	ctl(f, 0, "list");
	close(fd);
}

static void test_lost_events(void **state)
{
	struct fixture *f = *state;
	int fd = plug(f, "input/event0");

	key(fd, KEY_LEFTCTRL, 1);
	key(fd, KEY_LEFTALT, 1);
	/* Events are lost; Alt is up now, and F2 was pressed meanwhile. */
	send_event(fd, EV_SYN, SYN_DROPPED, 0, boottime_usec());
	send_event(fd, EV_KEY, KEY_LEFTALT, 0, boottime_usec());
	send_event(fd, EV_KEY, KEY_F2, 1, boottime_usec());
	send_event(fd, EV_SYN, SYN_REPORT, 0, boottime_usec());
	key(fd, KEY_F2, 0);
	key(fd, KEY_F2, 1);
	key(fd, KEY_F2, 0);
	key(fd, KEY_LEFTALT, 1);
	key(fd, KEY_F3, 1);
	helper_wait_text(f->dir, "device/calls", "switch 3\nmark\n");
	assert_calls(f, "switch 3\nmark\n");
	close(fd);
}

/* The user presses keys, the OS is frozen, they are released elsewhere. */
static void test_modifiers_over_a_switch(void **state)
{
	struct fixture *f = *state;
	pid_t asker;
	int hold;
	int fd;

	fd = plug(f, "input/event0");
	key(fd, KEY_LEFTCTRL, 1);
	key(fd, KEY_LEFTALT, 1);
	make_fifo(f, "device/hold", 0600);
	asker = ctl_begin(f, "switch", "work");
	hold = open_fifo(f, "device/hold");
	remove_file(f, "device/hold");
	/* "Frozen": what was on its way now is from before the resume. */
	send_event(fd, EV_KEY, KEY_RIGHTCTRL, 1, boottime_usec() - 60000000);
	send_event(fd, EV_KEY, KEY_RIGHTALT, 1, boottime_usec() - 60000000);
	send_event(fd, EV_KEY, KEY_F2, 1, boottime_usec() - 60000000);
	close(hold);
	assert_int_equal(wait_exit(f, asker), 0);
	/* Neither of them counts any more. */
	key(fd, KEY_F2, 1);
	key(fd, KEY_F2, 0);
	hotkey(fd, KEY_F3);
	helper_wait_text(f->dir, "device/calls", "switch 3\nmark\n");
	assert_calls(f, "switch 2\nmark\nswitch 3\nmark\n");
	close(fd);
}

/* A freeze that fails takes time, and may take events. */
static void test_modifiers_over_a_failure(void **state)
{
	struct fixture *f = *state;
	int fd;

	control(f, "switch-errno", "16");
	fd = plug(f, "input/event0");
	key(fd, KEY_LEFTCTRL, 1);
	key(fd, KEY_LEFTALT, 1);
	key(fd, KEY_F2, 1);
	wait_notified(f, "STATUS=Running hooks after the switch to work");
	wait_notified(f, "STATUS=In slot 1 (personal)");
	/* They are down: with another key that is a hot key again. */
	control(f, "switch-errno", "0");
	key(fd, KEY_F3, 1);
	helper_wait_text(f->dir, "device/calls", "switch 3\nmark\n");
	wait_notified(f, "STATUS=Running hooks after the switch to spare");
	wait_notified(f, "STATUS=In slot 1 (personal)");
	key(fd, KEY_LEFTALT, 0);
	key(fd, KEY_LEFTCTRL, 0);
	/* They were released, but nobody saw it. */
	control(f, "switch-errno", "16");
	control(f, "all-keys-up", "");
	key(fd, KEY_LEFTCTRL, 1);
	key(fd, KEY_LEFTALT, 1);
	key(fd, KEY_F2, 1);
	wait_notified(f, "STATUS=Running hooks after the switch to work");
	wait_notified(f, "STATUS=In slot 1 (personal)");
	control(f, "switch-errno", "0");
	key(fd, KEY_F3, 1);
	key(fd, KEY_F3, 0);
	hotkey(fd, KEY_F2);
	helper_wait_text(f->dir, "log", "back from the switch to work");
	assert_calls(f, "switch 2\nswitch 3\nmark\nswitch 2\nswitch 2\nmark\n");
	close(fd);
}

/* Pressed after the resume, but before switchd came to run: they count. */
static void test_keys_right_after_the_resume(void **state)
{
	struct fixture *f = *state;
	uint64_t soon;
	pid_t asker;
	int hold;
	int fd;

	fd = plug(f, "input/event0");
	make_fifo(f, "device/hold", 0600);
	asker = ctl_begin(f, "switch", "work");
	hold = open_fifo(f, "device/hold");
	remove_file(f, "device/hold");
	soon = boottime_usec() + 1000000;
	send_event(fd, EV_KEY, KEY_LEFTCTRL, 1, soon);
	send_event(fd, EV_KEY, KEY_LEFTALT, 1, soon);
	send_event(fd, EV_KEY, KEY_F3, 1, soon);
	close(hold);
	assert_int_equal(wait_exit(f, asker), 0);
	/* Taken or, when the first switch is not over yet, dropped: but seen. */
	helper_wait_text(f->dir, "log", "key press");
	close(fd);
}

static void test_keys_while_switching(void **state)
{
	struct fixture *f = *state;
	int fd = plug(f, "input/event0");
	int gate;

	make_fifo(f, "gate", 0600);
	hook(f, "pre-freeze.d/10-gate", "cat $T/gate >/dev/null");
	hotkey(fd, KEY_F2);
	gate = open_fifo(f, "gate");
	hotkey(fd, KEY_F3);
	helper_wait_text(
		f->dir, "log",
		"key press for 3 dropped: a switch to work is under way");
	remove_file(f, "pre-freeze.d/10-gate");
	close(gate);
	helper_wait_text(f->dir, "log", "back from the switch to work");
	assert_calls(f, "switch 2\nmark\n");
	close(fd);
}

static void test_keys_while_inhibited(void **state)
{
	struct fixture *f = *state;
	pid_t holder;
	int gate;
	int fd;

	fd = plug(f, "input/event0");
	make_fifo(f, "gate", 0600);
	holder = ctl_begin(f, "inhibit", "--who", "me", "--", "cat", "gate");
	gate = open_fifo(f, "gate");
	hotkey(fd, KEY_F2);
	helper_wait_text(f->dir, "log",
			 "key press for 2 dropped: inhibited by me");
	helper_wait_text(f->dir, "log", "again within 5 s");
	/* Another key is no second press. */
	hotkey(fd, KEY_F3);
	helper_wait_text(f->dir, "log", "key press for 3 dropped");
	assert_calls(f, "");
	hotkey(fd, KEY_F3);
	helper_wait_text(f->dir, "log", "back from the switch to spare");
	assert_calls(f, "switch 3\nmark\n");
	close(gate);
	assert_int_equal(wait_exit(f, holder), 0);
	helper_wait_text(f->dir, "log", "does not inhibit switches any more");
	close(fd);
}

/* ---- Who may ask, and who answers ------------------------------------------- */

static void test_peer_is_refused(void **state)
{
	struct fixture *f = *state;
	char *argv[5] = { (char *)"switchctl", (char *)"--socket", f->sock,
			  (char *)"list", NULL };
	char path[2 * PATH_MAX];
	char *text;
	pid_t pid;
	int fd;

	/* Only another user than ours can be refused, and only root can be one. */
	if (geteuid() != 0)
		skip();
	helper_write(f->dir, "denied", 0666, "");
	snprintf(path, sizeof(path), "%s/denied", f->dir);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	snprintf(path, sizeof(path), "%s/switchctl", f->programs);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		int program = open(path, O_PATH | O_CLOEXEC);

		/* The program may lie where that user cannot look. */
		if (dup2(fd, 2) < 0 || setgroups(0, NULL) < 0 ||
		    setgid(65534) < 0 || setuid(65534) < 0)
			_exit(120);
		fexecve(program, argv, environ);
		_exit(121);
	}
	close(fd);
	assert_int_equal(wait_exit(f, pid), 5);
	text = helper_read(f->dir, "denied");
	says(text, "user 65534 may not talk to switchd");
	free(text);
}

static void test_group_is_allowed(void **state)
{
	struct fixture *f = *state;
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const gid_t groups[] = { 100, 4242 };
	char reply[256] = "";
	pid_t pid;

	if (geteuid() != 0)
		skip();
	write_config(f, "");
	{
		char text[4 * PATH_MAX];
		char *config = helper_read(f->dir, "switchd.conf");
		char *at = strstr(config, "group = none");

		assert_non_null(at);
		snprintf(text, sizeof(text), "%.*sgroup = 4242\n",
			 (int)(at - config), config);
		helper_write(f->dir, "switchd.conf", 0644, text);
		free(config);
	}
	start(f);
	memcpy(address.sun_path, f->sock, strlen(f->sock) + 1);
	/* A supplementary group, not the primary one. */
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		int fd = socket(AF_UNIX, SOCK_STREAM, 0);

		if (setgroups(2, groups) < 0 || setgid(65534) < 0 ||
		    setuid(65534) < 0 ||
		    connect(fd, (struct sockaddr *)&address, sizeof(address)) <
			    0 ||
		    send(fd, "{\"method\":\"version\"}\n", 21, 0) != 21 ||
		    recv(fd, reply, sizeof(reply) - 1, 0) <= 0)
			_exit(120);
		if (!strstr(reply, "\"result\""))
			_exit(1);
		/* This is for root, whoever else may talk to switchd. */
		memset(reply, 0, sizeof(reply));
		if (send(fd, "{\"method\":\"mark-good\"}\n", 23, 0) != 23 ||
		    recv(fd, reply, sizeof(reply) - 1, 0) <= 0)
			_exit(121);
		if (!strstr(reply, "\"denied\""))
			_exit(2);
		memset(reply, 0, sizeof(reply));
		if (send(fd, "{\"method\":\"boot-install\"}\n", 26, 0) != 26 ||
		    recv(fd, reply, sizeof(reply) - 1, 0) <= 0)
			_exit(122);
		_exit(strstr(reply, "\"denied\"") ? 0 : 3);
	}
	assert_int_equal(wait_exit(f, pid), 0);
	assert_calls(f, "");
}

static void test_no_switchd(void **state)
{
	struct fixture *f = *state;

	ctl(f, 3, "list");
	says(f->err, "switchd cannot be reached");
	ctl(f, 3, "switch", "work", "--json");
	assert_json_error(f, "unreachable");
	ctl(f, 3, "inhibit", "--", "touch", "ran");
	assert_false(helper_exists(f->dir, "ran"));
	memset(f->sock, 'x', 200);
	f->sock[200] = '\0';
	ctl(f, 3, "list");
	says(f->err, "longer than 107 bytes");
}

/* A switchd that says something else than it should. */
/* A socket in the place of switchd's. */
static int be_switchd(struct fixture *f)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	memcpy(address.sun_path, f->sock, strlen(f->sock) + 1);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)),
			 0);
	assert_int_equal(listen(fd, 1), 0);
	return fd;
}

/* Answers what a switchctl asks. Return: its exit status. */
static int answer(struct fixture *f, int fd, pid_t pid, const char *reply)
{
	struct pollfd pollfd = { .fd = fd, .events = POLLIN };
	char request[256];
	int peer;

	assert_int_equal(poll(&pollfd, 1, HELPER_DEADLINE_MS), 1);
	peer = accept(fd, NULL, NULL);
	assert_true(peer >= 0);
	assert_true(recv(peer, request, sizeof(request), 0) > 0);
	/* It may hang up in the middle of a big one. */
	(void)!send(peer, reply, strlen(reply), MSG_NOSIGNAL);
	close(peer);
	return wait_exit(f, pid);
}

static void test_bad_replies(void **state)
{
	static const char *const replies[] = {
		"",
		"hello\n",
		"{}\n",
		"{\"result\":1}\n",
		"{\"error\":{}}\n",
		"{\"error\":{\"code\":1,\"message\":\"x\"}}\n",
		"{\"result\":{}}\n",
		"{\"result\":{\"own\":\"1\"}}\n",
		"{\"result\":{\"own\":1,\"counter_hz\":1,\"slots\":[1]}}\n",
		"{\"result\":{\"own\":1",
	};
	struct fixture *f = *state;
	char *big;
	size_t i;
	int fd;

	fd = be_switchd(f);
	big = malloc(100001);
	memset(big, 'x', 100000);
	big[100000] = '\0';
	for (i = 0; i <= sizeof(replies) / sizeof(replies[0]); i++) {
		const char *reply = i < sizeof(replies) / sizeof(replies[0])
					    ? replies[i]
					    : big;

		if (answer(f, fd, ctl_begin(f, "list"), reply) != 3)
			fail_msg("taken: %s", reply);
	}
	free(big);
	close(fd);
	assert_int_equal(unlink(f->sock), 0);
}

/* Whatever switchd sends, terminals and what else reads it are safe. */
static void test_foreign_replies(void **state)
{
	struct fixture *f = *state;
	char *text;
	pid_t pid;
	int fd;

	fd = be_switchd(f);
	pid = ctl_begin(f, "switch", "work");
	assert_int_equal(
		answer(f, fd, pid,
		       "{\"result\":{\"resumed\":\"hot\","
		       "\"name\":\"w\\u009b\\u202ek\\u001b\\u00e4\"}}\n"),
		0);
	text = helper_read(f->dir, "bg.out");
	says(text, "switch to w?????k?\xc3\xa4.\n");
	free(text);
	pid = ctl_begin(f, "switch", "work", "--json");
	assert_int_equal(answer(f, fd, pid,
				"{\"result\":{\"resumed\":\"hot\","
				"\"more\":[{\"name\":\"w\\u009bk\"}]}}\n"),
			 0);
	text = helper_read(f->dir, "bg.out");
	says(text, "\"w??k\"");
	free(text);
	pid = ctl_begin(f, "list");
	assert_int_equal(answer(f, fd, pid,
				"{\"error\":{\"code\":\"busy\","
				"\"message\":\"\\u0085 \\u2066x\"}}\n"),
			 6);
	text = helper_read(f->dir, "bg.err");
	says(text, "switchctl: ?? ???x\n");
	free(text);
	close(fd);
	assert_int_equal(unlink(f->sock), 0);
}

static void test_raw_requests(void **state)
{
	static const struct {
		const char *request;
		const char *says;
	} bad[] = {
		{ "{\"method\":\"reboot\"}", "\"unknown-method\"" },
		{ "{\"method\":\"list\",\"params\":{\"x\":1}}",
		  "parameter 'x'" },
		{ "{\"method\":\"status\",\"params\":{\"x\":1}}",
		  "parameter 'x'" },
		{ "{\"method\":\"version\",\"params\":{\"x\":1}}",
		  "parameter 'x'" },
		{ "{\"method\":\"switch\"}", "not found: target" },
		{ "{\"method\":\"switch\",\"params\":{\"target\":2}}",
		  "Expected string" },
		{ "{\"method\":\"switch\",\"params\":{\"target\":\"work\",\"hard\":true}}",
		  "unpacked: hard" },
		{ "{\"method\":\"hibernate\"}", "not found: target" },
		{ "{\"method\":\"verify\",\"params\":{\"target\":2}}",
		  "Expected string" },
		{ "{\"method\":\"drop\",\"params\":{\"target\":\"work\",\"force\":true}}",
		  "unpacked: force" },
		{ "{\"method\":\"poweroff\",\"params\":{\"x\":1}}",
		  "parameter 'x'" },
		{ "{\"method\":\"images\",\"params\":{\"x\":1}}",
		  "parameter 'x'" },
		{ "{\"method\":\"inhibit\",\"params\":{\"who\":\"x\"}}",
		  "not found: why" },
		{ "{\"method\":\"inhibit\",\"params\":{\"who\":\"x\",\"why\":\"a\\nb\"}}",
		  "control characters" },
		{ "{\"method\":\"log\",\"params\":{\"max\":\"1\"}}",
		  "Expected" },
		{ "{\"method\":\"log\",\"params\":{\"max\":0}}",
		  "from 1 to 64" },
		{ "{\"method\":\"log\",\"params\":{\"max\":65}}",
		  "from 1 to 64" },
		{ "{\"method\":\"log\",\"params\":{\"max\":4294967297}}",
		  "from 1 to 64" },
		{ "{\"method\":\"log\",\"params\":{\"wait\":1}}", "Expected" },
		{ "{\"method\":\"stats\",\"params\":{\"count\":0}}",
		  "from 1 to 64" },
		{ "{\"method\":\"stats\",\"params\":{\"count\":-1}}",
		  "from 1 to 64" },
		{ "{\"method\":\"log\",\"params\":{\"max\":1}}", "\"seq\":1," },
		{ "{\"method\":\"log\",\"params\":{\"max\":1}}", "\"seq\":2," },
		{ "{\"method\":\"inhibit\",\"params\":{\"who\":\"x\",\"why\":\"y\"}}",
		  "\"lock\":" },
		{ "{\"method\":\"inhibit\",\"params\":{\"who\":\"x\",\"why\":\"y\"}}",
		  "holds a lock already" },
	};
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct fixture *f = *state;
	size_t i;
	int fd;

	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_true(fd >= 0);
	memcpy(address.sun_path, f->sock, strlen(f->sock) + 1);
	assert_int_equal(
		connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct pollfd pollfd = { .fd = fd, .events = POLLIN };
		char line[512];
		char reply[4096] = "";
		size_t n = 0;

		snprintf(line, sizeof(line), "%s\n", bad[i].request);
		assert_int_equal(send(fd, line, strlen(line), MSG_NOSIGNAL),
				 strlen(line));
		while (!strchr(reply, '\n')) {
			ssize_t r;

			assert_int_equal(poll(&pollfd, 1, HELPER_DEADLINE_MS),
					 1);
			r = recv(fd, reply + n, sizeof(reply) - 1 - n, 0);
			assert_true(r > 0);
			n += (size_t)r;
		}
		says(reply, bad[i].says);
	}
	assert_calls(f, "");
	close(fd);
}

/* ---- Life of switchd ------------------------------------------------------- */

static void test_second_switchd(void **state)
{
	struct fixture *f = *state;
	char *log;

	assert_int_equal(wait_exit(f, spawn_switchd(f, "log2")), 1);
	log = helper_read(f->dir, "log2");
	says(log, "another switchd runs already");
	free(log);
	ctl(f, 0, "list");
}

static void test_restart_after_a_crash(void **state)
{
	struct fixture *f = *state;

	kill(f->switchd, SIGKILL);
	assert_int_equal(wait_exit(f, f->switchd), 1000 + SIGKILL);
	assert_int_equal(access(f->sock, F_OK), 0);
	ctl(f, 3, "list");
	start(f);
	ctl(f, 0, "list");
}

/* It is to end while a switch has begun: that is cancelled and undone. */
static void test_stop_while_switching(void **state)
{
	struct fixture *f = *state;
	pid_t asker;
	pid_t pid;
	int fd;

	make_fifo(f, "gate", 0600);
	hook(f, "pre-freeze.d/10-gate", "cat $T/gate >/dev/null");
	hook(f, "post-resume.d/10-x", "echo \"$OSTI_RESULT\" >$T/result");
	asker = ctl_begin(f, "switch", "work");
	fd = open_fifo(f, "gate");
	pid = f->switchd;
	f->switchd = 0;
	assert_int_equal(kill(pid, SIGTERM), 0);
	wait_notified(f, "STOPPING=1");
	close(fd);
	assert_int_equal(wait_exit(f, pid), 0);
	assert_int_equal(wait_exit(f, asker), 1);
	helper_wait_text(f->dir, "bg.err", "switchd is being stopped");
	helper_wait_text(f->dir, "result", "cancelled");
	assert_calls(f, "");
}

static void kill_switchd(struct fixture *f)
{
	pid_t pid = f->switchd;

	f->switchd = 0;
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(wait_exit(f, pid), 1000 + SIGKILL);
}

/* Starts switchd, which ends what another one had begun. */
static void start_after(struct fixture *f, const char *what)
{
	char text[128];

	start(f);
	snprintf(text, sizeof(text), "STATUS=Running hooks after the %s", what);
	wait_notified(f, text);
	wait_notified(f, "STATUS=In slot 1 (personal)");
}

/* Hooks are undone, and the last switch is known, whenever switchd is killed. */
static void test_killed_while_switching(void **state)
{
	struct fixture *f = *state;
	pid_t asker;
	int fd;

	make_fifo(f, "gate", 0600);
	hook(f, "post-resume.d/10-x", "echo \"$OSTI_RESULT\" >>$T/result");
	hook(f, "pre-freeze.d/10-gate", "cat $T/gate >/dev/null");
	asker = ctl_begin(f, "switch", "work");
	fd = open_fifo(f, "gate");
	kill_switchd(f);
	close(fd);
	assert_int_equal(wait_exit(f, asker), 3);
	assert_false(helper_exists(f->dir, "result"));
	start_after(f, "switch to work");
	helper_wait_text(f->dir, "result", "cancelled\n");
	helper_wait_text(f->dir, "log", "in the middle of the switch to work");
	ctl(f, 0, "status");
	says(f->out, "Last switch:  failed: the switch to work was cancelled");
	assert_calls(f, "");
	remove_file(f, "pre-freeze.d/10-gate");

	/* While it is "frozen"; the fake forgets that, so it was not. */
	remove_file(f, "result");
	make_fifo(f, "device/hold", 0600);
	asker = ctl_begin(f, "switch", "work");
	fd = open_fifo(f, "device/hold");
	remove_file(f, "device/hold");
	kill_switchd(f);
	close(fd);
	assert_int_equal(wait_exit(f, asker), 3);
	start_after(f, "switch to work");
	helper_wait_text(f->dir, "result", "failed\n");

	/* In its last part; and the next one, which did not ask, is no new one. */
	remove_file(f, "result");
	hook(f, "post-resume.d/20-gate", "cat $T/gate >/dev/null");
	asker = ctl_begin(f, "switch", "spare");
	fd = open_fifo(f, "gate");
	kill_switchd(f);
	remove_file(f, "post-resume.d/20-gate");
	close(fd);
	assert_int_equal(wait_exit(f, asker), 3);
	start_after(f, "switch to spare");
	helper_wait_text(f->dir, "result", "ok\nok\n");
	kill_switchd(f);
	start(f);
	ctl(f, 0, "status");
	says(f->out, "Last switch:  switch to spare, and back\n");
	assert_calls(f, "switch 2\nswitch 3\nmark\n");
	stop(f);
	start(f);
	ctl(f, 0, "status");
	says(f->out, "Last switch:  switch to spare, and back\n");
}

/* 121 MiB, and 5 MiB of something else */
#define MEMINFO                                                                \
	"MemTotal: 524288 kB\nDirty: 122880 kB\nWriteback: 1024 kB\n"          \
	"WritebackTmp: 5120 kB\n"

/* A slow disk is waited for in front of everybody, watchdog included. */
static void test_slow_disk(void **state)
{
	struct fixture *f = *state;
	pid_t asker;
	int fd;

	setenv("WATCHDOG_USEC", "400000", 1);
	start(f);
	unsetenv("WATCHDOG_USEC");
	make_fifo(f, "device/disk", 0600);
	control(f, "meminfo", MEMINFO);
	hook(f, "pre-freeze.d/10-x", ": >$T/ran");
	asker = ctl_begin(f, "switch", "work");
	fd = open_fifo(f, "device/disk");
	assert_true(helper_exists(f->dir, "ran"));
	wait_notified(f, "STATUS=Writing 121 MiB to disk before the switch");
	wait_notified(f, "WATCHDOG=1");
	wait_notified(f, "WATCHDOG=1");
	helper_wait_text(f->dir, "log", "121 MiB are to be written to disk");
	ctl(f, 0, "status");
	says(f->out,
	     "Under way:    switch to work, when 121 MiB are written to disk\n");
	ctl(f, 6, "switch", "spare");
	ctl(f, 6, "inhibit", "--", "true");
	assert_calls(f, "");
	close(fd);
	assert_int_equal(wait_exit(f, asker), 0);
	assert_calls(f, "switch 2\nmark\n");
	/* The kernel may have to wait for it again. */
	wait_notified(f, "WATCHDOG_USEC=600000000");
	wait_notified(f, "WATCHDOG_USEC=400000");
	/* Little is not waited for. */
	control(f, "meminfo", "MemTotal: 9 kB\nDirty: 4000 kB\n");
	ctl(f, 0, "switch", "spare");
}

/* A task that does not stop is named soon, and may only have been late. */
static void test_task_does_not_stop(void **state)
{
	struct fixture *f = *state;

	setenv("WATCHDOG_USEC", "400000", 1);
	start(f);
	unsetenv("WATCHDOG_USEC");
	control(f, "kmsg", "task:of earlier     state:S stack:0\n");
	control(f, "freeze-limit", "20000");
	control(f, "refuse", "1");
	ctl(f, 0, "switch", "work");
	assert_calls(f, "switch 2\nrefused 3000\nswitch 2\nmark\n");
	helper_wait_text(
		f->dir, "log",
		"tasks did not stop within 3 s, so the switch to work is tried again: jbd2/vda-8, my task\n");
	wait_notified(
		f,
		"STATUS=Tasks do not stop, the switch to work is tried again");
	control(f, "freeze-limit", "20000");
	control(f, "refuse", "9");
	ctl(f, 9, "switch", "spare");
	says(f->err,
	     "this OS was not frozen for the switch to spare: these tasks do not stop: jbd2/vda-8, my task\n");
	assert_calls(f, "switch 2\nrefused 3000\nswitch 2\nmark\n"
			"switch 3\nrefused 3000\nswitch 3\nrefused 6000\n"
			"switch 3\nrefused 20000\n");
	/* Who has less patience than we is not waited for longer. */
	control(f, "freeze-limit", "5000");
	control(f, "refuse", "9");
	ctl(f, 9, "hibernate", "personal");
	assert_calls(f,
		     "switch 2\nrefused 3000\nswitch 2\nmark\n"
		     "switch 3\nrefused 3000\nswitch 3\nrefused 6000\n"
		     "switch 3\nrefused 20000\n"
		     "request 1 1\nrefused 3000\nrequest 1 1\nrefused 5000\n");
}

static void test_stop_while_writing(void **state)
{
	struct fixture *f = *state;
	pid_t asker;
	pid_t pid;
	int fd;

	make_fifo(f, "device/disk", 0600);
	control(f, "meminfo", MEMINFO);
	hook(f, "post-resume.d/10-x", "echo \"$OSTI_RESULT\" >$T/result");
	asker = ctl_begin(f, "switch", "work");
	fd = open_fifo(f, "device/disk");
	pid = f->switchd;
	f->switchd = 0;
	assert_int_equal(kill(pid, SIGTERM), 0);
	assert_int_equal(wait_exit(f, pid), 0);
	assert_int_equal(wait_exit(f, asker), 1);
	helper_wait_text(f->dir, "bg.err", "switchd is being stopped");
	helper_wait_text(f->dir, "result", "cancelled");
	assert_calls(f, "");
	close(fd);
}

static void test_watchdog(void **state)
{
	struct fixture *f = *state;

	setenv("WATCHDOG_USEC", "400000", 1);
	start(f);
	unsetenv("WATCHDOG_USEC");
	wait_notified(f, "WATCHDOG=1");
	wait_notified(f, "WATCHDOG=1");
}

/* The time of a cold switch ends when switchd is ready. */
static void test_cold_start_is_marked(void **state)
{
	struct fixture *f = *state;
	char *log;

	control(f, "cold", "1");
	start(f);
	assert_calls(f, "mark\n");
	stop(f);
	/* Not again, and that is no reason to complain. */
	control(f, "cold", "0");
	start(f);
	assert_calls(f, "mark\n");
	log = helper_read(f->dir, "log");
	assert_null(strstr(log, "could not be marked"));
	free(log);
}

/* In the journal each line has its level, and no name. */
static void test_journal_levels(void **state)
{
	struct fixture *f = *state;
	char path[PATH_MAX + 32];
	char text[64];
	struct stat st;

	helper_write(f->dir, "log", 0644, "");
	snprintf(path, sizeof(path), "%s/log", f->dir);
	assert_int_equal(stat(path, &st), 0);
	snprintf(text, sizeof(text), "%ju:%ju", (uintmax_t)st.st_dev,
		 (uintmax_t)st.st_ino);
	setenv("JOURNAL_STREAM", text, 1);
	start(f);
	helper_wait_text(f->dir, "log", "<6>version test, in slot 1");
	stop(f);
	/* Somebody else's journal. */
	setenv("JOURNAL_STREAM", "1:1", 1);
	start(f);
	helper_wait_text(f->dir, "log", "switchd: version test, in slot 1");
	unsetenv("JOURNAL_STREAM");
}

static void test_systemd_status(void **state)
{
	struct fixture *f = *state;

	f->switchd = spawn_switchd(f, "log");
	wait_notified(f, "STATUS=In slot 1 (personal)");
	ctl(f, 0, "switch", "work");
	wait_notified(f, "STATUS=Preparing the switch to work");
	wait_notified(f, "STATUS=In slot 1 (personal)");
}

static int run_switchd(struct fixture *f, const char *a, const char *b)
{
	char *argv[4] = { (char *)"switchd", (char *)a, (char *)b, NULL };

	forget_output(f);
	f->status = wait_exit(f, spawn(f, "switchd", "out", "err", argv));
	f->out = helper_read(f->dir, "out");
	f->err = helper_read(f->dir, "err");
	return f->status;
}

static void test_switchd_options(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(run_switchd(f, "--help", NULL), 0);
	says(f->out, "Usage: switchd");
	assert_int_equal(run_switchd(f, "--version", NULL), 0);
	assert_string_equal(f->out, "switchd test\n");
	assert_int_equal(run_switchd(f, "--nothing", NULL), 2);
	assert_int_equal(run_switchd(f, "argument", NULL), 2);
	assert_int_equal(run_switchd(f, "--check", "-cswitchd.conf"), 0);
	says(f->out, "is good");
	assert_int_equal(run_switchd(f, "--check", "-cno-such-file"), 1);
	says(f->err, "no-such-file: No such file");
	helper_write(f->dir, "switchd.conf", 0644, "[keys]\nx = 1\n");
	assert_int_equal(run_switchd(f, "--check", "-cswitchd.conf"), 1);
	says(f->err, "switchd.conf:2: unknown key 'x'");
	assert_int_equal(run_switchd(f, "-cswitchd.conf", NULL), 1);
	says(f->err, "switchd.conf:2: unknown key 'x'");
}

static void test_no_device(void **state)
{
	char path[PATH_MAX + 32];
	struct fixture *f = *state;

	snprintf(path, sizeof(path), "%s/device", f->dir);
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(run_switchd(f, "-cswitchd.conf", NULL), 1);
	says(f->err, "is osti.ko loaded");
}

#define STOPPED(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
#define STARTED(name)                                                          \
	cmocka_unit_test_setup_teardown(name, setup_started, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STARTED(test_list),
		STARTED(test_status),
		STARTED(test_mark_good),
		STARTED(test_mark_good_errors),
		STARTED(test_boot_image),
		STARTED(test_firmware),
		STARTED(test_boot_image_errors),
		STARTED(test_boot_image_list),
		STOPPED(test_good_by_itself),
		STARTED(test_version),
		STARTED(test_stats),
		STARTED(test_stats_of_cold_switches),
		STARTED(test_device_error),
		STARTED(test_switch),
		STARTED(test_switch_errors),
		STARTED(test_busy),
		STARTED(test_asker_goes),
		STARTED(test_inhibit),
		STARTED(test_inhibit_in_foreign_text),
		STARTED(test_inhibit_ends_with_its_holder),
		STARTED(test_inhibit_statuses),
		STARTED(test_inhibit_loses_switchd),
		STARTED(test_log),
		STARTED(test_log_verify),
		STARTED(test_log_follow),
		STARTED(test_log_without_a_reader),
		STARTED(test_log_begins_anew),
		STARTED(test_images),
		STARTED(test_requests),
		STARTED(test_request_errors),
		STARTED(test_no_nv_memory),
		STARTED(test_keys),
		STOPPED(test_plugging),
		STARTED(test_two_keyboards),
		STOPPED(test_late_directory),
		STOPPED(test_nothing_can_be_watched),
		STARTED(test_lost_events),
		STARTED(test_modifiers_over_a_switch),
		STARTED(test_modifiers_over_a_failure),
		STARTED(test_keys_right_after_the_resume),
		STARTED(test_keys_while_switching),
		STARTED(test_keys_while_inhibited),
		STARTED(test_peer_is_refused),
		STOPPED(test_group_is_allowed),
		STOPPED(test_no_switchd),
		STOPPED(test_bad_replies),
		STOPPED(test_foreign_replies),
		STARTED(test_raw_requests),
		STARTED(test_second_switchd),
		STARTED(test_restart_after_a_crash),
		STARTED(test_stop_while_switching),
		STARTED(test_killed_while_switching),
		STOPPED(test_slow_disk),
		STOPPED(test_task_does_not_stop),
		STARTED(test_stop_while_writing),
		STOPPED(test_watchdog),
		STOPPED(test_cold_start_is_marked),
		STOPPED(test_journal_levels),
		STOPPED(test_systemd_status),
		STOPPED(test_switchd_options),
		STOPPED(test_no_device),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
