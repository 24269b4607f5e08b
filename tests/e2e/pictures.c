// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * pictures - the pictures of README.md, made of the running device
 *
 * Usage: pictures FOLDER
 *
 * What a person types at the keyboard, and what the display shows then: pixmaps, of
 * which the Makefile makes PNG.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "fail.h"
#include "phone.h"
#include "picture.h"
#include "shell.h"

#define SHOWN_MS	120000

static const char *folder;

/* The display as a file. Nothing changes on it by itself. */
static void save(struct phone *ph, const char *name)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s.ppm", folder, name);
	json_decref(device_qmp(ph->dev, "screendump",
			       json_pack("{s:s}", "filename", path)));
	printf("%s\n", path);
}

static void shown(struct phone *ph, const char *text)
{
	picture_free(picture_wait(ph->dev, text, SHOWN_MS));
}

static void waits(struct phone *ph)
{
	device_expect(ph->dev, "waiting for a key", PHONE_MENU_MS);
	shown(ph, "waiting for a key");
}

/* Does a command on the display have an end: is the last line an empty prompt? */
static bool has_ended(const char *text)
{
	size_t end = strlen(text);

	while (end && isspace((unsigned char)text[end - 1]))
		end--;
	return end && text[end - 1] == '#';
}

/* Wait for a text, and then for the shell to wait. */
static void ends(struct phone *ph, const char *wanted)
{
	double deadline = clock_deadline_ms(SHOWN_MS);
	struct picture *pic;
	bool there = false;
	char *text;

	while (!there) {
		pic = picture_wait(ph->dev, wanted, SHOWN_MS);
		text = picture_text(pic);
		there = has_ended(text);
		if (!there && clock_now_ms() > deadline)
			device_fail(ph->dev, "the shell on the display does not end:\n%s",
				    text);
		free(text);
		picture_free(pic);
	}
}

static void press(struct phone *ph, char c)
{
	char key[2] = { c };

	device_press(ph->dev, c == ' ' ? "spc" : c == '-' ? "minus" :
			      c == '\n' ? "ret" : key);
}

/* A line at the keyboard, and what its program has to show. */
static void type(struct phone *ph, const char *line, const char *wanted)
{
	const char *c;

	for (c = line; *c; c++)
		press(ph, *c);
	shown(ph, line);
	press(ph, '\n');
	ends(ph, wanted);
}

/* A slot's shell on the display, without a cursor behind its prompt. */
static void at_display(struct phone *ph)
{
	shell_do(ph->dev, "printf '\\033[?25l' >/dev/tty1");
	ends(ph, " is up");
}

int main(int argc, char **argv)
{
	const struct device_options opt = {
		.name = "pictures", .display = true,
	};
	struct phone *ph;

	if (argc != 2) {
		fprintf(stderr, "usage: pictures FOLDER\n");
		return 2;
	}
	folder = argv[1];
	ph = phone_start(&opt);
	shown(ph, "any key stops this");
	device_press(ph->dev, "esc");
	waits(ph);
	save(ph, "menu");

	device_press(ph->dev, "1");
	phone_up(ph, PERSONAL);
	at_display(ph);
	phone_key(ph, WORK);
	phone_up(ph, WORK);
	at_display(ph);
	type(ph, "switchctl list", "frozen");
	save(ph, "work");

	phone_switch_key(ph, PERSONAL);
	shown(ph, "osti: personal is in front");
	press(ph, '\n');
	type(ph, "switchctl list", "frozen");
	save(ph, "personal");

	phone_command_to(ph, "menu");
	phone_menu(ph);
	shown(ph, "waiting for a key");
	device_press(ph->dev, "h");
	device_press(ph->dev, "2");
	phone_stored(ph, WORK);
	shown(ph, "slot 2 (work) is stored");
	waits(ph);
	save(ph, "store");
	phone_stop(ph);
	return 0;
}
