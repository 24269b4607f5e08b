// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * debian_first - the first boot of a Debian system when something is in its way
 *
 * A disk that somebody altered, a cut of power in the middle, and afterwards a
 * device with another key. Needs "make debian".
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clock.h"
#include "debian_steps.h"
#include "fail.h"
#include "fixture.h"
#include "shell.h"

#define HEAD		(16 << 20)	/* of LUKS2, and what follows it */
#define COPIED		(64 << 20)	/* so much is written, then the cut comes */
#define LABEL_AT	24		/* LUKS2: in the first header */

static struct phone *phone;

/* ---- The disk of "work" --------------------------------------------------------- */

static int disk(void)
{
	return storage_file(device_storage(phone->dev), "data-work.img");
}

static void get(void *to, size_t bytes, off_t at)
{
	if (pread(disk(), to, bytes, at) != (ssize_t)bytes)
		test_fail("cannot read the disk of work: %s", strerror(errno));
}

/* Turns a byte of the first contents over: in the middle of where there are some. */
static void alter(off_t *where)
{
	char path[512];
	struct stat st;
	off_t size = lseek(disk(), 0, SEEK_END);
	char byte;

	if (!*where) {
		snprintf(path, sizeof(path), "%s/debian/work.root",
			 getenv("OSTI_BUILD") ?: "build");
		if (size < 0 || stat(path, &st))
			test_fail("%s: %s", path, strerror(errno));
		*where = lseek(disk(), size - st.st_size / 2, SEEK_DATA);
		if (*where < 0)
			test_fail("no data in the middle of the first contents");
	}
	get(&byte, 1, *where);
	byte ^= 1;
	if (pwrite(disk(), &byte, 1, *where) != 1)
		test_fail("cannot write the disk of work: %s", strerror(errno));
}

static void assert_label(const char *label)
{
	char have[48];

	get(have, sizeof(have), LABEL_AT);
	if (strncmp(have, label, sizeof(have)))
		device_fail(phone->dev, "the disk of work has the label \"%.48s\", expected \"%s\"",
			    have, label);
}

/* ---- Tests ------------------------------------------------------------------------ */

/* What somebody wrote there never becomes a part of the system. */
static void test_altered(void **state)
{
	off_t where = 0;

	(void)state;
	phone = debian_start("debian-first");
	device_cut_power(phone->dev);
	alter(&where);
	phone_power_on(phone);
	phone_choose(phone, WORK);
	device_expect(phone->dev, "the first contents of the private disk .* were altered",
		      DEBIAN_FIRST_MS);
	device_cut_power(phone->dev);
	assert_label("osti-new");
	alter(&where);
}

static void wait_written(uint64_t bytes)
{
	double deadline = clock_deadline_ms(DEBIAN_FIRST_MS);
	uint64_t read, written;

	do {
		if (clock_now_ms() > deadline)
			device_fail(phone->dev, "work does not write to its disk");
		usleep(10000);
		device_disk_io(phone->dev, "data2", &read, &written);
	} while (written < bytes);
}

/* On the disk of the test before, which has its encryption already. */
static void test_cut(void **state)
{
	(void)state;
	phone_power_on(phone);
	phone_choose(phone, WORK);
	device_expect(phone->dev, "the system comes onto the private disk",
		      DEBIAN_FIRST_MS);
	wait_written(COPIED);
	device_cut_power(phone->dev);
	assert_label("osti-new");

	phone_power_on(phone);
	phone_choose(phone, WORK);
	debian_first_user(phone, WORK);
	assert_label("osti-data");
	debian_log_in(phone, WORK);
	debian_check_running(phone);
}

/* Another device has another key: it says so, and writes nothing. */
static void test_other_key(void **state)
{
	struct storage *own;
	static char before[HEAD], after[HEAD];

	(void)state;
	shell_begin(phone->dev, "poweroff");
	device_expect(phone->dev, "osti: waiting for a key|osti: power off|any key stops this",
		      DEBIAN_RUNNING_MS);
	device_cut_power(phone->dev);
	own = storage_copy(device_storage(phone->dev), STORAGE_NV);
	get(before, HEAD, 0);
	device_new_nv(phone->dev);
	phone_power_on(phone);
	phone_choose(phone, WORK);
	device_expect(phone->dev, "does not open with the key of this slot",
		      DEBIAN_FIRST_MS);
	device_cut_power(phone->dev);
	get(after, HEAD, 0);
	if (memcmp(before, after, HEAD))
		test_fail("the disk of work was written to under a key that is not its own");

	storage_put(device_storage(phone->dev), own);
	storage_free(own);
	phone_power_on(phone);
	phone_choose(phone, WORK);
	debian_log_in(phone, WORK);
	debian_check_running(phone);
	phone_stop(phone);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_altered),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_other_key),
	};

	fixture_begin();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
