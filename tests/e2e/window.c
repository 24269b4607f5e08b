// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * window - "make run" as a person at a desktop has it: in a window, with its keys
 *
 * The window is on a display of X that nobody sees, and what is looked at are pictures
 * of that. Needs the packages of scripts/packages-window.txt.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "fixture.h"
#include "shell.h"
#include "xwindow.h"

#define SHOWN_MS	120000
#define BETWEEN_US	20000
#define WORD_LEN	8

/* Machine > Power Down: behind Pause and Reset */
#define POWER_DOWN	3

/* An empty display, on which no cursor blinks: pictures would differ. */
#define CLEAR		"echo 0 >/sys/class/graphics/fbcon/cursor_blink; " \
			"printf '\\033[?25l\\033[2J\\033[H' >/dev/tty1"

static struct phone *phone;

/*
 * What was typed in each system, and the window at that moment, from the row and
 * column of characters on in which that text is.
 */
static struct {
	char word[WORD_LEN + 1];
	struct picture *before;
	unsigned int x, y;
} typed[PHONE_SLOTS + 1];

/* ---- Looking ---------------------------------------------------------------------- */

static bool has(const struct picture *pic, const char *text)
{
	unsigned int x, y;

	return picture_find(pic, text, &x, &y);
}

/* Is everything there that was there when the slot was left? */
static bool is_back(const struct picture *pic, int slot)
{
	struct picture *part = picture_part(pic, typed[slot].x, typed[slot].y);
	bool back = picture_begins(part, typed[slot].before);

	picture_free(part);
	return back;
}

/* Does it show a text, nothing of slots that are not this one, and all of this one? */
static bool is_as_wanted(const struct picture *pic, const char *text, int slot)
{
	int i;

	for (i = PERSONAL; i <= PHONE_SLOTS; i++)
		if (i != slot && *typed[i].word && has(pic, typed[i].word))
			return false;
	return has(pic, text) && (!typed[slot].before || is_back(pic, slot));
}

/*
 * Wait for a text of a slot, or of the menu, which is 0. A picture that is taken while
 * it is drawn may have something of two of them, so all of it has to come true.
 */
static struct picture *wait_for(const char *text, int slot)
{
	double deadline = clock_deadline_ms(SHOWN_MS);
	struct picture *pic;

	while (!is_as_wanted(pic = xwindow_take(), text, slot)) {
		if (clock_now_ms() > deadline)
			device_fail(phone->dev, "the window was to show \"%s\" of %s and nothing of others within %d ms",
				    text, phone_name(slot), SHOWN_MS);
		picture_free(pic);
		usleep(BETWEEN_US);
		device_follow(phone->dev);
	}
	return pic;
}

static void shown(const char *text, int slot)
{
	picture_free(wait_for(text, slot));
}

/* It came to the front by whatever way: all is as it was, and it says who it is. */
static void comes_back(int slot)
{
	char banner[64];

	phone_back(phone, slot);
	snprintf(banner, sizeof(banner), "osti: %s is in front", phone_name(slot));
	shown(banner, slot);
}

/* ---- Typing ----------------------------------------------------------------------- */

/* A letter that is not there yet would make others wait, and at last be lost. */
static void type(const char *line)
{
	char so_far[64] = "", key[2] = "";
	size_t i;

	for (i = 0; line[i]; i++) {
		so_far[i] = line[i];
		key[0] = line[i];
		xwindow_press(line[i] == ' ' ? "space" : key);
		shown(so_far, phone->at);
	}
	xwindow_press("Return");
}

/* Type a line in the shell on the display, and keep the picture of it. */
static void leave_word(void)
{
	int at = phone->at;
	char secret[SECRET_LEN + 1], line[32], prompt[32];
	struct picture *pic;

	picture_free(typed[at].before);
	typed[at].before = NULL;
	steps_secret(secret);
	snprintf(typed[at].word, sizeof(typed[at].word), "%.*s", WORD_LEN, secret);
	shell_do(phone->dev, CLEAR);
	snprintf(line, sizeof(line), "echo %s", typed[at].word);
	type(line);
	snprintf(prompt, sizeof(prompt), "%s#", phone_name(at));
	pic = wait_for(prompt, at);
	assert_true(picture_find(pic, line, &typed[at].x, &typed[at].y));
	typed[at].x %= 8;
	typed[at].y %= 16;
	typed[at].before = picture_part(pic, typed[at].x, typed[at].y);
	picture_free(pic);
}

/* ---- Tests ------------------------------------------------------------------------ */

/* Nobody stops the menu, so it starts personal; work is started by its key. */
static void test_boots_in_a_window(void **state)
{
	(void)state;
	device_expect(phone->dev, "the window, with its keyboard", PHONE_MENU_MS);
	phone_menu(phone);
	phone_up(phone, PERSONAL);
	shown("osti: personal is up", PERSONAL);
	xwindow_focus();
	leave_word();
	xwindow_press("ctrl+alt+F2");
	phone_up(phone, WORK);
	shown("osti: work is up", WORK);
}

static void test_keys_switch(void **state)
{
	(void)state;
	leave_word();
	xwindow_press("ctrl+alt+F1");
	comes_back(PERSONAL);
	leave_word();
	xwindow_press("ctrl+alt+F2");
	comes_back(WORK);
	xwindow_press("ctrl+alt+F1");
	comes_back(PERSONAL);
}

/* What the terminal says to those whose desktop takes the keys. */
static void test_other_ways_that_are_told(void **state)
{
	(void)state;
	xwindow_choose(POWER_DOWN);
	comes_back(WORK);
	xwindow_choose(POWER_DOWN);
	comes_back(PERSONAL);
	device_send(phone->dev, "\001c");
	device_expect(phone->dev, "\\(qemu\\) ", PHONE_SWITCH_MS);
	device_send(phone->dev, "sendkey ctrl-alt-f2\n\001c");
	comes_back(WORK);
}

static void test_menu(void **state)
{
	(void)state;
	phone_command_to(phone, "menu");
	phone_menu(phone);
	shown("waiting for a key", 0);
	xwindow_press("2");
	comes_back(WORK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_boots_in_a_window),
		cmocka_unit_test(test_keys_switch),
		cmocka_unit_test(test_other_ways_that_are_told),
		cmocka_unit_test(test_menu),
	};
	int ret;

	fixture_begin();
	xwindow_start();
	phone = calloc(1, sizeof(*phone));
	phone->dev = device_start(&(struct device_options){
		.name = "window", .by_run = true,
	});
	ret = cmocka_run_group_tests(tests, NULL, NULL);
	phone_stop(phone);
	xwindow_stop();
	return ret;
}
