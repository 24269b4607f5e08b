// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * removable - a disk that all systems of the device write to, each while it runs
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fail.h"
#include "fixture.h"
#include "ready.h"
#include "shell.h"

/* Exit code of switchctl: there is no repository where it should be. */
#define NO_REPOSITORY	20

static struct phone *start(const char *name)
{
	const struct device_options opt = { .name = name, .removable = true };
	struct phone *ph = phone_start(&opt);

	phone_boot(ph, PERSONAL);
	return ph;
}

static void start_work(struct phone *ph)
{
	phone_key(ph, WORK);
	phone_up(ph, WORK);
}

/* Nothing is synced here: it is the switch that has to do so. */
static void write_file(struct phone *ph, const char *name, const char *text)
{
	shell_do(ph->dev, "echo %s >/media/%s", text, name);
}

static void check_file(struct phone *ph, const char *name, const char *text)
{
	char *got = shell_run(ph->dev, NULL, "cat /media/%s", name);

	got[strcspn(got, "\r\n")] = '\0';
	if (strcmp(got, text))
		device_fail(ph->dev, "/media/%s holds \"%s\", expected \"%s\"",
			    name, got, text);
	free(got);
}

static void check_mounted(struct phone *ph)
{
	shell_do(ph->dev, "grep ' /media ext4 ' /proc/mounts | "
		 "grep nosuid | grep nodev | grep noexec");
}

/* As it is, without the journal of a file system that was still mounted. */
static void check_disk(struct phone *ph)
{
	char path[64];

	shell_do(ph->dev, "/etc/init.d/media stop");
	device_cut_power(ph->dev);
	snprintf(path, sizeof(path), "/proc/%d/fd/%d", getpid(),
		 storage_file(device_storage(ph->dev), "removable.img"));
	host_run((const char *const[]){ "e2fsck", "-fn", path, NULL });
}

/* ---- Tests ------------------------------------------------------------------- */

static void test_each_sees_what_the_other_wrote(void **state)
{
	struct phone *ph = start("removable");
	int i;

	(void)state;
	check_mounted(ph);
	write_file(ph, "personal", "one");
	start_work(ph);
	check_mounted(ph);
	check_file(ph, "personal", "one");
	write_file(ph, "work", "two");
	phone_switch_key(ph, PERSONAL);
	check_mounted(ph);
	check_file(ph, "work", "two");
	/* What either has read before is read again. */
	for (i = 0; i < 3; i++) {
		write_file(ph, "personal", "three");
		write_file(ph, "work", "four");
		phone_switch_key(ph, WORK);
		check_file(ph, "personal", "three");
		check_file(ph, "work", "four");
		write_file(ph, "personal", "five");
		phone_switch_key(ph, PERSONAL);
		check_file(ph, "personal", "five");
	}
	check_disk(ph);
	phone_stop(ph);
}

/* A file that is open at the switch is one of a disk that was pulled. */
static void test_used_at_a_switch(void **state)
{
	const struct device_options opt = {
		.name = "removable-used", .removable = true,
	};
	struct phone *ph = ready_start(&opt);
	int code;

	(void)state;
	shell_do(ph->dev, "exec 3>/media/open && echo before >&3 && cd /media");
	phone_switch_key(ph, WORK);
	check_file(ph, "open", "before");
	shell_do(ph->dev, "dd if=/dev/zero of=/media/much bs=64k count=256 && "
		 "echo work >/media/open");
	phone_switch_key(ph, PERSONAL);
	check_mounted(ph);
	check_file(ph, "open", "work");
	free(shell_run(ph->dev, &code,
		       "dd if=/dev/zero bs=4k count=1 conv=fsync >&3"));
	if (!code)
		device_fail(ph->dev, "a file of the disk that was pulled can be written");
	shell_do(ph->dev, "cd / && exec 3>&-");
	write_file(ph, "personal", "after");
	phone_switch_key(ph, WORK);
	check_file(ph, "open", "work");
	check_file(ph, "personal", "after");
	check_disk(ph);
	phone_stop(ph);
}

static void power_off(struct phone *ph)
{
	phone_ask(ph, "poweroff");
	device_off(ph->dev, PHONE_IMAGE_MS);
}

/* Its disk is not what a frozen system must find again. */
static void test_pulled_without_power(void **state)
{
	const struct device_options opt = {
		.name = "removable-pulled", .removable = true,
	};
	struct phone *ph = ready_start(&opt);
	char *text;
	int code;

	(void)state;
	write_file(ph, "note", "here");
	power_off(ph);
	device_removable(ph->dev, false);
	device_power_on(ph->dev);
	phone_resumed(ph, PERSONAL);
	shell_do(ph->dev, "! grep /media /proc/mounts && ! ls /media/note");
	text = shell_run(ph->dev, &code, "switchctl repo init 2>&1");
	if (code != NO_REPOSITORY ||
	    !strstr(text, "no directory file:///media/osti: connect and mount the disk"))
		device_fail(ph->dev, "without a disk \"switchctl repo init\" exits with %d and says \"%s\"",
			    code, text);
	free(text);
	power_off(ph);
	device_removable(ph->dev, true);
	device_power_on(ph->dev);
	phone_resumed(ph, PERSONAL);
	check_file(ph, "note", "here");
	shell_do(ph->dev, "switchctl repo init");
	check_disk(ph);
	phone_stop(ph);
}

/* What is no file system of ours is left alone, and said. */
static void test_foreign(void **state)
{
	const struct device_options opt = {
		.name = "removable-foreign", .removable = true,
	};
	struct phone *ph = phone_start(&opt);
	static const char zero[8192];
	int fd;

	(void)state;
	device_cut_power(ph->dev);
	fd = storage_file(device_storage(ph->dev), "removable.img");
	if (pwrite(fd, zero, sizeof(zero), 0) != sizeof(zero))
		test_fail("cannot write removable.img");
	phone_power_on(ph);
	phone_choose(ph, PERSONAL);
	device_expect(ph->dev, "no ext4 file system on the removable disk",
		      PHONE_BOOT_MS);
	phone_up(ph, PERSONAL);
	start_work(ph);
	phone_switch_key(ph, PERSONAL);
	phone_stop(ph);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_sees_what_the_other_wrote),
		cmocka_unit_test(test_used_at_a_switch),
		cmocka_unit_test(test_pulled_without_power),
		cmocka_unit_test(test_foreign),
	};

	fixture_begin();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
