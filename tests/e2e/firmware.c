// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * firmware - a system installs the device's next firmware: refused if it is not newer,
 * and one that hangs at once is tried three times and taken back
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "fail.h"
#include "fixture.h"
#include "shell.h"

/* Exit status of switchctl(1) */
#define REFUSED		11
/* docs/firmware-update.md: bank B's header, and the words of its tries */
#define BANK_B		0x2000000
#define TRY		32
#define TRIES		3

static char *file_path(const char *name)
{
	return build_path("tests/e2e/firmware-files/%s", name);
}

/* What is installed, of a file for the flash of a new device. */
static char *sign(const char *name, const char *firmware, const char *version)
{
	char *tool = build_path("osti-sign/osti-sign"), *key = build_path("keys/osti.key");
	char *file = file_path(name);

	host_run((const char *const[]){ tool, "firmware", "--key", key, "--version",
		 version, firmware, file, NULL });
	free(tool);
	free(key);
	return file;
}

/* A monitor that is an endless loop from its first instruction on */
static char *make_hanging(void)
{
	static const unsigned char loop[] = { 0x00, 0x00, 0x00, 0x14 };
	char *selector = build_path("selector/selector.bin");
	char *engine = build_path("engine/engine.bin");
	char *bm = build_path("u-boot/u-boot.bin");
	char *monitor = file_path("hangs.monitor"), *firmware = file_path("hangs.bin");
	FILE *file = fopen(monitor, "w");

	if (!file || fwrite(loop, 1, sizeof(loop), file) != sizeof(loop) ||
	    fclose(file))
		test_fail("cannot write %s", monitor);
	host_run((const char *const[]){ "scripts/mkfirmware", selector, monitor,
		 engine, bm, firmware, NULL });
	free(selector);
	free(engine);
	free(bm);
	free(monitor);
	return firmware;
}

/* Return: the exit status of switchctl. */
static int install(struct phone *ph, const char *name)
{
	char request[64];

	snprintf(request, sizeof(request), "firmware install /media/%s", name);
	phone_ask(ph, request);
	return phone_answer(ph, PERSONAL);
}

/* Switched on, the boot menu says that, and personal boots. */
static void power_on(struct phone *ph, const char *says)
{
	device_power_on(ph->dev);
	device_expect(ph->dev, "OSTI boot menu", PHONE_MENU_MS);
	device_expect(ph->dev, says, PHONE_MENU_MS);
	device_expect(ph->dev, "any key stops this|waiting for a key",
		      PHONE_MENU_MS);
	ph->at = 0;
	phone_boot(ph, PERSONAL);
}

/* Wait until the selector has noted a try; then it runs what hangs. */
static void wait_for_try(struct phone *ph, int n)
{
	const int fd = storage_file(device_storage(ph->dev), "flash.img");
	const double until = clock_deadline_ms(PHONE_MENU_MS);
	unsigned int word = 1;

	while (word) {
		if (pread(fd, &word, sizeof(word), BANK_B + TRY + 4 * n) !=
		    sizeof(word))
			test_fail("cannot read the flash");
		if (clock_now_ms() > until)
			test_fail("the selector notes no try %d", n);
		nanosleep(&(struct timespec){ .tv_nsec = 10000000 }, NULL);
	}
}

static void test_firmware(void **state)
{
	const struct device_options opt = {
		.name = "firmware", .exchange = true, .flash = true,
	};
	char *built = build_path("firmware.bin"), *dir = file_path("");
	char *same, *hanging, *hangs;
	struct phone *ph;
	int i;

	(void)state;
	host_run((const char *const[]){ "mkdir", "-p", dir, NULL });
	same = sign("same.fw", built, "1");
	hanging = make_hanging();
	hangs = sign("hangs.fw", hanging, "2");

	ph = phone_start(&opt);
	device_cut_power(ph->dev);
	steps_carry(ph, same, "same.fw");
	steps_carry(ph, hangs, "hangs.fw");
	device_removable(ph->dev, true);
	power_on(ph, "firmware version 1");

	/* The device has it already. */
	assert_int_equal(install(ph, "same.fw"), REFUSED);

	/* One that hangs is given up, and the one before runs. */
	assert_int_equal(install(ph, "hangs.fw"), 0);
	for (i = 0; i < TRIES; i++) {
		device_cut_power(ph->dev);
		device_power_on(ph->dev);
		wait_for_try(ph, i);
	}
	device_cut_power(ph->dev);
	power_on(ph, "firmware version 2 was tried, and no start was called good");
	phone_stop(ph);
	free(built);
	free(dir);
	free(same);
	free(hanging);
	free(hangs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_firmware),
	};

	fixture_begin();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
