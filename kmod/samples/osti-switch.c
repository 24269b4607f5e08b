// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * osti-switch - list the slots, or switch to one
 *
 * Usage: osti-switch [SLOT]
 * SLOT is a number from 1, or 0 for the boot menu. Exit code 0 after the list,
 * or when this OS runs again after the switch; else 1 and a message.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <osti/abi.h>
#include <osti/ioctl.h>

static int fail(const char *what)
{
	fprintf(stderr, "osti-switch: %s: %s\n", what, strerror(errno));
	return 1;
}

static int list(int fd)
{
	static const char * const state[] = {
		"empty", "loading", "running", "frozen", "saving", "restoring"
	};
	struct osti_ioc_info info;

	if (ioctl(fd, OSTI_GET_INFO, &info))
		return fail("OSTI_GET_INFO");
	for (unsigned int n = 1; n <= info.nr_slots; n++) {
		struct osti_ioc_slot slot = { .slot = n };

		if (ioctl(fd, OSTI_GET_SLOT, &slot))
			return fail("OSTI_GET_SLOT");
		printf("%c %u %-16s %-9s %llu MiB\n",
		       n == info.own_slot ? '*' : ' ', n, slot.name,
		       state[slot.state],
		       (unsigned long long)slot.bytes >> 20);
	}
	return 0;
}

static int switch_to(int fd, unsigned int target)
{
	struct osti_ioc_switch sw = { .target = target };

	if (ioctl(fd, OSTI_SWITCH, &sw))
		return fail("OSTI_SWITCH");
	/* First thing after the return, so that the time means something. */
	if (ioctl(fd, OSTI_MARK_USER))
		return fail("OSTI_MARK_USER");
	if (sw.resumed == OSTI_RESUMED_HOT)
		printf("back, phase record %llu\n",
		       (unsigned long long)sw.record);
	else
		puts("back from an image");
	return 0;
}

int main(int argc, char **argv)
{
	unsigned long target;
	char *end;
	int fd;

	fd = open(OSTI_DEVICE_PATH, O_RDWR);
	if (fd < 0)
		return fail(OSTI_DEVICE_PATH);
	if (argc < 2)
		return list(fd);

	errno = 0;
	target = strtoul(argv[1], &end, 10);
	if (errno || *end || end == argv[1] || target > OSTI_MAX_SLOTS) {
		fprintf(stderr, "osti-switch: \"%s\" is no slot number, give 0 to %d\n",
			argv[1], OSTI_MAX_SLOTS);
		return 1;
	}
	return switch_to(fd, target);
}
