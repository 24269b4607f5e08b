// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * debian_steps.c - what tests do at the console of a Debian system
 */
#include "debian_steps.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fail.h"
#include "shell.h"

#define USER		"anna"
#define PASSWORD	"a word of 25 characters.."
const char debian_user[] = USER;
const char debian_password[] = PASSWORD;

#define HOOK		"/etc/osti/post-resume.d/90-test"

/* ---- Disks ------------------------------------------------------------------ */

static void copy_data(int to, int from, const char *path)
{
	off_t at = 0, end, size = lseek(from, 0, SEEK_END);
	loff_t in, out;
	ssize_t n;

	if (size < 0 || ftruncate(to, 0) || ftruncate(to, size))
		test_fail("debian: cannot copy %s: %s", path, strerror(errno));
	while ((at = lseek(from, at, SEEK_DATA)) >= 0) {
		end = lseek(from, at, SEEK_HOLE);
		for (in = out = at; in < end;) {
			n = copy_file_range(from, &in, to, &out, end - in, 0);
			if (n <= 0)
				test_fail("debian: cannot copy %s: %s", path,
					  strerror(errno));
		}
		at = end;
	}
}

/* The private disks are those of the build, which no system has seen. */
static void put_disk(struct phone *ph, int slot, const char *dir)
{
	char name[64], *path;
	FILE *from;

	snprintf(name, sizeof(name), "data-%s.img", phone_name(slot));
	path = build_path("%s/%s", dir, name);
	from = fopen(path, "r");
	if (!from)
		test_fail("debian: cannot open %s: %s; run \"make debian\"", path,
			  strerror(errno));
	copy_data(storage_file(device_storage(ph->dev), name), fileno(from), path);
	fclose(from);
	free(path);
}

/* The first so many slots have a Debian system. */
static struct phone *start(const char *name, const char *dir, int slots, bool display)
{
	char *boot = build_path("%s/boot.img", dir);
	const struct device_options opt = {
		.name = name, .boot_image = boot, .display = display,
		.exchange = true,
	};
	struct phone *ph = phone_start(&opt);
	int slot;

	device_cut_power(ph->dev);
	for (slot = PERSONAL; slot <= slots; slot++)
		put_disk(ph, slot, dir);
	phone_power_on(ph);
	free(boot);
	return ph;
}

struct phone *debian_start(const char *name)
{
	return start(name, "debian", WORK, false);
}

struct phone *debian_start_desktop(const char *name)
{
	return start(name, "tests/e2e/desktop", PERSONAL, true);
}

/* ---- At the console ------------------------------------------------------------ */

static void answer(struct phone *ph, const char *question, const char *text)
{
	device_expect(ph->dev, question, DEBIAN_RUNNING_MS);
	device_send(ph->dev, text);
	device_send(ph->dev, "\n");
}

void debian_first_user(struct phone *ph, int slot)
{
	device_expect(ph->dev, "is new\\. Who uses it", DEBIAN_FIRST_MS);
	answer(ph, "Name of the user.*: ", USER);
	answer(ph, "Password: ", PASSWORD);
	answer(ph, "Once more: ", PASSWORD);
	device_expect(ph->dev, "is set up for " USER, DEBIAN_RUNNING_MS);
	ph->at = slot;
	ph->begun[slot] = 0;
}

void debian_log_in(struct phone *ph, int slot)
{
	char pattern[64];

	snprintf(pattern, sizeof(pattern), "%s login: ", phone_name(slot));
	answer(ph, pattern, USER);
	answer(ph, "Password: ", PASSWORD);
	answer(ph, USER "@.*\\$ ", "exec sudo -i");
	answer(ph, "password for " USER ": ", PASSWORD);
	/* A prompt as shell_run() knows it, and no line that is broken. */
	answer(ph, "root@.*# ", "TERM=dumb; stty cols 1000; PS1='\\h# '");
	snprintf(pattern, sizeof(pattern), "^%s# ", phone_name(slot));
	device_expect(ph->dev, pattern, DEBIAN_RUNNING_MS);
	/* As phone.c wants it, but outside of the hook's unit, which ends with it. */
	shell_do(ph->dev, "printf '#!/bin/sh\\n[ \"$OSTI_RESULT\" = ok ] || exit 0\\n"
		 "systemd-run -q --no-block --collect /bin/sh -c "
		 "\"sleep 0.2; echo osti: %s is back >/dev/console\"\\n' >" HOOK
		 " && chmod 755 " HOOK " && dmesg -n 1", phone_name(slot));
}

void debian_check_running(struct phone *ph)
{
	int id = shell_begin(ph->dev, "systemctl is-system-running --wait");
	char *text;

	if (shell_end(ph->dev, id, DEBIAN_RUNNING_MS)) {
		text = shell_run(ph->dev, &id, "systemctl --failed --no-pager");
		device_fail(ph->dev, "systemd is not \"running\" in %s: %s",
			    phone_name(ph->at), text);
	}
	text = shell_run(ph->dev, &id, "journalctl -q -b -p err --no-pager");
	if (*text)
		device_fail(ph->dev, "the journal of %s has errors:\n%s",
			    phone_name(ph->at), text);
	free(text);
	shell_do(ph->dev, "systemctl is-active switchd systemd-networkd");
}
