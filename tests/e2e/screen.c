// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * screen - the display and the keyboard, as the person in front of them has them
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "fixture.h"
#include "picture.h"
#include "shell.h"

#define SHOWN_MS	120000

/* An empty display, on which no cursor blinks: pictures would differ. */
#define CLEAR		"echo 0 >/sys/class/graphics/fbcon/cursor_blink; " \
			"printf '\\033[?25l\\033[2J\\033[H' >/dev/tty1"

static struct phone *get_phone(void)
{
	return fixture_phone(&(struct device_options){
		.name = "screen", .display = true, .files = steps_files(),
	});
}

static void shown(struct phone *ph, const char *text)
{
	picture_free(picture_wait(ph->dev, text, SHOWN_MS));
}

/* The menu's keys are read from here on. */
static void waits(struct phone *ph)
{
	device_expect(ph->dev, "waiting for a key", PHONE_MENU_MS);
	shown(ph, "waiting for a key");
}

static bool has(const struct picture *pic, const char *text)
{
	char *have = picture_text(pic);
	bool found = strstr(have, text);

	free(have);
	return found;
}

/* A text that the OS at the console has on its display, and nobody else. */
static void write_secret(struct phone *ph, char secret[SECRET_LEN + 1])
{
	steps_secret(secret);
	shell_do(ph->dev, CLEAR "; echo %s >/dev/tty1", secret);
	shown(ph, secret);
}

/* ---- Boot menu ------------------------------------------------------------------- */

/* All of it without the serial port: what is typed there is only read. */
static void test_menu_by_display_and_keyboard(void **state)
{
	struct phone *ph = phone_start(&(struct device_options){
		.name = "screen-menu", .display = true,
	});

	(void)state;
	shown(ph, "OSTI boot menu");
	shown(ph, "any key stops this");
	device_press(ph->dev, "x");
	waits(ph);
	device_press(ph->dev, "h");
	shown(ph, "osti: hibernate which slot? 1-2, any other key to go back");
	device_press(ph->dev, "2");
	waits(ph);
	/* Small letters, capitals and digits; it is no key. */
	device_press(ph->dev, "k");
	shown(ph, "import the key of which slot?");
	device_press(ph->dev, "1");
	shown(ph, "osti: row 1:");
	device_press(ph->dev, "a");
	device_press(ph->dev, "shift-b");
	device_press(ph->dev, "7");
	shown(ph, "osti: row 1: aB7");
	device_press(ph->dev, "esc");
	waits(ph);
	device_press(ph->dev, "1");
	phone_up(ph, PERSONAL);
	shown(ph, "osti: personal is up");
	phone_stop(ph);
}

/* To the menu by a command, to the store and back by the keyboard. */
static void test_progress_and_back(void **state)
{
	struct phone *ph = get_phone();
	char secret[SECRET_LEN + 1];
	struct picture *before, *pic;

	(void)state;
	write_secret(ph, secret);
	before = picture_take(ph->dev);
	phone_command_to(ph, "menu");
	phone_menu(ph);
	pic = picture_wait(ph->dev, "waiting for a key", SHOWN_MS);
	assert_false(has(pic, secret));
	picture_free(pic);
	device_press(ph->dev, "h");
	device_press(ph->dev, "2");
	phone_stored(ph, WORK);
	shown(ph, "osti: [####################] 100 %");
	shown(ph, "slot 2 (work) is stored");
	device_press(ph->dev, "1");
	phone_back(ph, PERSONAL);
	pic = picture_wait(ph->dev, "osti: personal is in front", SHOWN_MS);
	assert_true(picture_begins(pic, before));
	picture_free(before);
	picture_free(pic);
	phone_key(ph, WORK);
	phone_resumed(ph, WORK);
	phone_switch_key(ph, PERSONAL);
	fixture_pass(ph);
}

/* ---- Switches ---------------------------------------------------------------------- */

/*
 * Press a slot's key, and look until it shows its text. From the monitor's word on,
 * whatever the kernels do, nothing is shown of the other's.
 */
static void watch_switch(struct phone *ph, int slot, const char *old,
			 const char *text)
{
	double deadline = clock_deadline_ms(PHONE_SWITCH_MS);
	struct picture *pic;
	bool there = false;
	int between = 0;
	char said[64];

	snprintf(said, sizeof(said), "osti-mon: resuming slot %d \\(%s\\)", slot,
		 phone_name(slot));
	phone_key(ph, slot);
	device_expect(ph->dev, said, PHONE_SWITCH_MS);
	while (!there) {
		pic = picture_take(ph->dev);
		if (has(pic, old))
			device_fail(ph->dev, "the display shows what the other left there");
		there = has(pic, text);
		between += !there;
		picture_free(pic);
		if (clock_now_ms() > deadline)
			device_fail(ph->dev, "%s was to show its text within %d ms",
				    phone_name(slot), PHONE_SWITCH_MS);
	}
	printf("%d pictures between the two\n", between);
	phone_back(ph, slot);
}

static void test_console_comes_back(void **state)
{
	struct phone *ph = get_phone();
	char secret[2][SECRET_LEN + 1];
	struct picture *before[2], *pic;
	char banner[64];
	int i, at;

	(void)state;
	for (i = 0; i < 2; i++) {
		fixture_at(ph, i ? WORK : PERSONAL);
		write_secret(ph, secret[i]);
		before[i] = picture_take(ph->dev);
	}
	assert_false(has(before[1], secret[0]));
	for (i = 0; i < 6; i++) {
		at = i % 2 ? WORK : PERSONAL;
		watch_switch(ph, at, secret[!(i % 2)], secret[i % 2]);
		snprintf(banner, sizeof(banner), "osti: %s is in front",
			 phone_name(at));
		pic = picture_wait(ph->dev, banner, SHOWN_MS);
		/* All of it is there: not only the line that was looked for. */
		if (!picture_begins(pic, before[i % 2]))
			device_fail(ph->dev, "the display of %s is not what it was:\n%s",
				    phone_name(ph->at), picture_text(pic));
		picture_free(before[i % 2]);
		before[i % 2] = pic;
	}
	picture_free(before[0]);
	picture_free(before[1]);
	fixture_at(ph, PERSONAL);
	fixture_pass(ph);
}

/* Wait until all of the display is what tests/e2e/guest/draw.c draws. */
static void drawn(struct phone *ph)
{
	double deadline = clock_deadline_ms(SHOWN_MS);
	struct picture *pic;
	const unsigned char *p;
	unsigned int x, y, wrong = 0;
	uint32_t rgb;

	do {
		if (clock_now_ms() > deadline)
			device_fail(ph->dev, "%u pixels are not what a program has drawn",
				    wrong);
		pic = picture_take(ph->dev);
		wrong = 0;
		for (p = pic->rgb, y = 0; y < pic->height; y++)
			for (x = 0; x < pic->width; x++, p += 3) {
				rgb = x * 2654435761u ^ y * 40503u;
				wrong += p[0] != (rgb >> 16 & 0xff) ||
					 p[1] != (rgb >> 8 & 0xff) ||
					 p[2] != (rgb & 0xff);
			}
		picture_free(pic);
	} while (wrong);
}

/* As a compositor does, who draws only what changes and is told of no switch. */
static void test_drawn_picture_comes_back(void **state)
{
	struct phone *ph = get_phone();

	(void)state;
	shell_do(ph->dev, "/data/draw & echo $! >/tmp/draw.pid");
	drawn(ph);
	phone_switch_key(ph, WORK);
	shown(ph, "osti: work is in front");
	phone_switch_key(ph, PERSONAL);
	drawn(ph);
	shell_do(ph->dev, "kill $(cat /tmp/draw.pid) && wait $(cat /tmp/draw.pid)");
	fixture_pass(ph);
}

/* The shell on the display has the keyboard, and a hot key types nothing there. */
static void test_keyboard_types_in_the_shell(void **state)
{
	struct phone *ph = get_phone();

	(void)state;
	phone_switch_key(ph, WORK);
	phone_switch_key(ph, PERSONAL);
	device_press(ph->dev, "i");
	device_press(ph->dev, "d");
	device_press(ph->dev, "ret");
	shown(ph, "\nid\nuid=0(root)");
	fixture_pass(ph);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_menu_by_display_and_keyboard),
		cmocka_unit_test(test_console_comes_back),
		cmocka_unit_test(test_drawn_picture_comes_back),
		cmocka_unit_test(test_keyboard_types_in_the_shell),
		cmocka_unit_test(test_progress_and_back),
	};
	int ret;

	fixture_begin();
	ret = cmocka_run_group_tests(tests, NULL, NULL);
	fixture_end();
	return ret;
}
