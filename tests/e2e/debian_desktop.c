// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * debian_desktop - a Debian system with a desktop, at its display and keyboard
 *
 * A person logs in, types in the desktop's terminal, switches by key and comes back,
 * also from the store: the picture is there again, and the terminal goes on. Needs
 * the disk of tests/e2e/Makefile's "soak".
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "debian_steps.h"
#include "fixture.h"
#include "picture.h"
#include "shell.h"

#define SHOWN_MS	300000
#define BETWEEN_US	100000
#define TRIES		20

/* weston.ini's, and what is above it: the panel with its clock */
#define BACKGROUND	0x2d4a5f
#define PANEL_ROWS	32

static struct phone *phone;
static struct picture *desktop;

/* ---- Typing ----------------------------------------------------------------------- */

/*
 * The next key waits until this one was taken, which the console tells: both have
 * their interrupts, in this order.
 */
static void press(char c)
{
	char key[2] = { c };

	device_press(phone->dev, c == ' ' ? "spc" : c == '.' ? "dot" :
		     c == ';' ? "semicolon" : c == '\n' ? "ret" : key);
	shell_do(phone->dev, ":");
}

static void type(const char *text)
{
	for (; *text; text++)
		press(*text);
}

/* Keys that come before the terminal has the keyboard are nobody's. */
static void type_in_terminal(const char *line, const char *wanted)
{
	int i, code;

	for (i = 0; i < TRIES; i++) {
		type("\n");
		type(line);
		type("\n");
		free(shell_run(phone->dev, &code, "for i in 1 2 3 4 5; do %s && break; "
			       "sleep 1; done; %s", wanted, wanted));
		if (!code)
			return;
	}
	device_fail(phone->dev, "\"%s\" was typed %d times in the terminal: no answer",
		    line, TRIES);
}

/* ---- Looking ---------------------------------------------------------------------- */

static unsigned int pixel(const struct picture *pic, unsigned int x, unsigned int y)
{
	const unsigned char *rgb = pic->rgb + 3UL * (y * pic->width + x);

	return rgb[0] << 16 | rgb[1] << 8 | rgb[2];
}

/* A panel, and below it a window, of which each has a tenth of its place. */
static bool is_desktop(const struct picture *pic)
{
	unsigned long panel = 0, background = 0, window = 0, all;
	unsigned int x, y, rgb;

	for (y = 0; y < pic->height; y++)
		for (x = 0; x < pic->width; x++) {
			rgb = pixel(pic, x, y);
			if (y < PANEL_ROWS)
				panel += rgb != 0;
			else if (rgb == BACKGROUND)
				background++;
			else
				window += rgb != 0;
		}
	all = (unsigned long)pic->width * pic->height;
	return panel * 10 > pic->width * PANEL_ROWS && background * 10 > all &&
	       window > 1000;
}

/* But for the panel, whose clock goes on. */
static bool is_same(const struct picture *a, const struct picture *b)
{
	size_t skip = 3UL * PANEL_ROWS * a->width;

	return a->width == b->width && a->height == b->height &&
	       !memcmp(a->rgb + skip, b->rgb + skip, 3UL * a->width * a->height - skip);
}

/* For who wants to see what it was. */
static void save_picture(const char *when)
{
	char *path = build_path("tests/log/debian-desktop-%s.ppm", when);

	json_decref(device_qmp(phone->dev, "screendump",
			       json_pack("{s:s}", "filename", path)));
	printf("%s\n", path);
	free(path);
}

/* Keep the picture, once neither the compositor nor the terminal has anything to do. */
static void keep_desktop(void)
{
	int id = shell_begin(phone->dev, "ticks() { cat $(pgrep -x -d ' ' weston.* | "
			     "sed 's,[0-9][0-9]*,/proc/&/stat,g') | cut -d ' ' -f 14,15; }; "
			     "until a=$(ticks); sleep 3; [ \"$a\" = \"$(ticks)\" ]; "
			     "do :; done");

	assert_int_equal(shell_end(phone->dev, id, DEBIAN_RUNNING_MS), 0);
	picture_free(desktop);
	desktop = picture_take(phone->dev);
	save_picture("before");
	if (!is_desktop(desktop))
		device_fail(phone->dev, "the display shows no desktop");
}

static void desktop_comes_back(void)
{
	double deadline = clock_deadline_ms(SHOWN_MS);
	struct picture *pic;
	bool there;

	do {
		if (clock_now_ms() > deadline) {
			save_picture("after");
			device_fail(phone->dev, "the desktop was to be as it was within %d ms, it is not",
				    SHOWN_MS);
		}
		usleep(BETWEEN_US);
		device_follow(phone->dev);
		pic = picture_take(phone->dev);
		there = is_desktop(pic) && is_same(pic, desktop);
		picture_free(pic);
	} while (!there);
}

static void shown(const char *text)
{
	picture_free(picture_wait(phone->dev, text, SHOWN_MS));
}

/* ---- Tests ------------------------------------------------------------------------ */

/* The key is OSTI's alone: Linux has no second console to go to. */
static void test_login_comes_back(void **state)
{
	(void)state;
	phone = debian_start_desktop("debian-desktop");
	phone_choose(phone, PERSONAL);
	debian_first_user(phone, PERSONAL);
	debian_log_in(phone, PERSONAL);
	debian_check_running(phone);
	shown("personal login:");
	phone_key(phone, WORK);
	phone_up(phone, WORK);
	shown("osti: work is up");
	phone_switch_key(phone, PERSONAL);
	shown("personal login:");
	shell_do(phone->dev, "grep -qx tty1 /sys/class/tty/tty0/active");
}

static void test_desktop_comes_back(void **state)
{
	char *text;
	int id;

	(void)state;
	type(debian_user);
	type("\n");
	shown("Password:");
	type(debian_password);
	type("\n");
	id = shell_begin(phone->dev, "until pgrep -x weston-terminal; do sleep 1; done");
	assert_int_equal(shell_end(phone->dev, id, DEBIAN_RUNNING_MS), 0);
	type_in_terminal("clear; touch here", "test -e ~anna/here");
	text = shell_run(phone->dev, NULL, "free -m; systemd-analyze");
	printf("%s\n", text);
	free(text);
	keep_desktop();
	phone_switch_key(phone, WORK);
	shown("osti: work is in front");
	printf("back from work: %.0f ms\n", phone_switch_key(phone, PERSONAL));
	desktop_comes_back();
	type_in_terminal("clear; rm here", "! test -e ~anna/here");
	debian_check_running(phone);
}

static void test_desktop_comes_from_the_store(void **state)
{
	(void)state;
	keep_desktop();
	phone_switch_key(phone, WORK);
	printf("personal is stored: %lld KiB\n", phone_hibernate(phone, PERSONAL));
	phone_key(phone, PERSONAL);
	phone_resumed(phone, PERSONAL);
	desktop_comes_back();
	type_in_terminal("clear; touch here", "test -e ~anna/here");
	debian_check_running(phone);
	picture_free(desktop);
	phone_stop(phone);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_login_comes_back),
		cmocka_unit_test(test_desktop_comes_back),
		cmocka_unit_test(test_desktop_comes_from_the_store),
	};

	fixture_begin();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
