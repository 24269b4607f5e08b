// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bootimage - a system installs its next kernel: tried, kept, taken back, refused
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <osti/start.h>

#include "fail.h"
#include "fixture.h"
#include "shell.h"

/* Exit status of switchctl(1) */
#define REFUSED		11

static char *image_path(const char *name)
{
	return build_path("tests/e2e/boot-images/%s", name);
}

/* An image of "personal", with a version, and another setting of images/mkfit. */
static char *make_image(const char *name, const char *version,
			const char *setting)
{
	char *ramdisk = build_path("images/%s.initramfs", phone_name(PERSONAL));
	char *build = build_path("."), *dir = image_path("");
	char *image = image_path(name);

	host_run((const char *const[]){ "mkdir", "-p", dir, NULL });
	host_run((const char *const[]){ "env", version, setting, "images/mkfit",
		 build, phone_name(PERSONAL), ramdisk, image, NULL });
	free(ramdisk);
	free(build);
	free(dir);
	return image;
}

/* One bit of the command line, which is signed. */
static char *make_altered(const char *from)
{
	char *image = image_path("altered.itb"), *bytes;
	size_t len, at = 0;
	FILE *file;

	host_run((const char *const[]){ "cp", from, image, NULL });
	file = fopen(image, "r+");
	if (!file || fseek(file, 0, SEEK_END))
		test_fail("cannot open %s", image);
	len = ftell(file);
	bytes = malloc(len);
	rewind(file);
	if (!bytes || fread(bytes, 1, len, file) != len)
		test_fail("cannot read %s", image);
	while (at < len && memcmp(bytes + at, OSTI_START_MAGIC, 8))
		at++;
	if (at == len)
		test_fail("%s has no start statement", image);
	bytes[at + OSTI_START_S_CMDLINE] ^= 1;
	if (fseek(file, at, SEEK_SET) ||
	    fwrite(bytes + at, 1, OSTI_START_BODY, file) != OSTI_START_BODY ||
	    fclose(file))
		test_fail("cannot write %s", image);
	free(bytes);
	return image;
}

/* Return: the exit status of switchctl. */
static int install(struct phone *ph, const char *name)
{
	char request[64];

	snprintf(request, sizeof(request), "boot-image install /media/%s",
		 name);
	phone_ask(ph, request);
	return phone_answer(ph, PERSONAL);
}

static void assert_version(struct phone *ph, int version)
{
	json_t *status = shell_json(ph->dev, "switchctl status --json");

	assert_int_equal(json_integer_value(json_object_get(status, "version")),
			 version);
	json_decref(status);
}

static void restart(struct phone *ph)
{
	shell_begin(ph->dev, "reboot");
}

static void test_boot_image(void **state)
{
	const struct device_options opt = {
		.name = "bootimage", .exchange = true,
	};
	char *next = make_image("next.itb", "BOOT_VERSION=7", "KEEP=1");
	char *altered = make_altered(next);
	/* As soon as it is up its init ends, and the kernel panics. */
	char *panics = make_image("panics.itb", "BOOT_VERSION=8",
				  "BOOTARGS=console=ttyAMA0 panic=1 rdinit=/bin/busybox -- false");
	struct phone *ph = phone_start(&opt);
	int i;

	(void)state;
	device_cut_power(ph->dev);
	steps_carry(ph, next, "next.itb");
	steps_carry(ph, altered, "altered.itb");
	steps_carry(ph, panics, "panics.itb");
	device_removable(ph->dev, true);
	phone_power_on(ph);
	phone_boot(ph, PERSONAL);
	assert_version(ph, CONFIG_OSTI_BOOT_VERSION);

	/* What the owner did not sign does not come in. */
	assert_int_equal(install(ph, "altered.itb"), REFUSED);

	/* Tried. */
	assert_int_equal(install(ph, "next.itb"), 0);
	assert_version(ph, CONFIG_OSTI_BOOT_VERSION);
	restart(ph);
	device_expect(ph->dev, "version 7 of its boot image is on trial, 2 more to come",
		      PHONE_BOOT_MS);
	phone_up(ph, PERSONAL);
	assert_version(ph, 7);

	/* Kept; the same one is no news then. */
	shell_do(ph->dev, "switchctl mark-good");
	assert_int_equal(install(ph, "next.itb"), REFUSED);
	assert_int_equal(install(ph, "panics.itb"), 0);

	/* Taken back, after three starts that nobody called good. */
	device_expect_panics(ph->dev, true);
	restart(ph);
	for (i = 0; i < 3; i++) {
		device_expect(ph->dev, "osti: entering slot 1", PHONE_BOOT_MS);
		device_expect(ph->dev, "Kernel panic - not syncing",
			      PHONE_BOOT_MS);
	}
	device_expect(ph->dev, "version 8 of its boot image was tried 3 times, and no start was called good",
		      PHONE_BOOT_MS);
	device_expect_panics(ph->dev, false);
	phone_up(ph, PERSONAL);
	assert_version(ph, 7);
	shell_begin(ph->dev, "switchctl boot-image list");
	device_expect(ph->dev, "A +7 +[0-9]+ KiB  good", PHONE_SWITCH_MS);
	device_expect(ph->dev, "B +8 +[0-9]+ KiB  bad", PHONE_SWITCH_MS);
	phone_stop(ph);
	free(next);
	free(altered);
	free(panics);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_boot_image),
	};

	fixture_begin();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
