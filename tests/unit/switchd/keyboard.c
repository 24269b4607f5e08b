// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * keyboard.c - fake keyboards, see libevdev_fake.c
 */
#include "keyboard.h"

#include <time.h>
#include <unistd.h>

#include <linux/input.h>

uint64_t boottime_usec(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_BOOTTIME, &ts);
	return (uint64_t)ts.tv_sec * 1000000 + (uint64_t)ts.tv_nsec / 1000;
}

void send_event(int fd, uint16_t type, uint16_t code, int value,
		uint64_t usec)
{
	const struct input_event ev = {
		.input_event_sec = (__kernel_ulong_t)(usec / 1000000),
		.input_event_usec = (__kernel_ulong_t)(usec % 1000000),
		.type = type,
		.code = code,
		.value = value,
	};

	assert_int_equal(write(fd, &ev, sizeof(ev)), sizeof(ev));
}

void key(int fd, uint16_t code, int value)
{
	send_event(fd, EV_KEY, code, value, boottime_usec());
	send_event(fd, EV_SYN, SYN_REPORT, 0, boottime_usec());
}

void hotkey(int fd, uint16_t code)
{
	key(fd, KEY_LEFTCTRL, 1);
	key(fd, KEY_LEFTALT, 1);
	key(fd, code, 1);
	key(fd, code, 0);
	key(fd, KEY_LEFTALT, 0);
	key(fd, KEY_LEFTCTRL, 0);
}

int plug(struct fixture *f, const char *name)
{
	make_fifo(f, name, 0600);
	return open_fifo(f, name);
}
