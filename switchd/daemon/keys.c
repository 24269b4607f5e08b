// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * keys.c - which key presses ask for a switch
 */
#include "daemon/keys.h"

#include <errno.h>
#include <string.h>

#include <linux/input-event-codes.h>

#include <osti/abi.h>

#include "common/util.h"

static const struct {
	const char *name;
	unsigned int mod;
	unsigned int left;
	unsigned int right;
} modifiers[] = {
	{ "ctrl", KEYS_MOD_CTRL, KEY_LEFTCTRL, KEY_RIGHTCTRL },
	{ "alt", KEYS_MOD_ALT, KEY_LEFTALT, KEY_RIGHTALT },
	{ "shift", KEYS_MOD_SHIFT, KEY_LEFTSHIFT, KEY_RIGHTSHIFT },
	{ "meta", KEYS_MOD_META, KEY_LEFTMETA, KEY_RIGHTMETA },
};

static unsigned int row_first(enum keys_row row)
{
	return row == KEYS_ROW_F ? KEY_F1 : KEY_1;
}

/* The slot that the key stands for, 0 if it is not in the row. */
static unsigned int row_slot(enum keys_row row, unsigned int code)
{
	unsigned int first = row_first(row);

	if (row == KEYS_ROW_NONE || code < first ||
	    code >= first + OSTI_MAX_SLOTS)
		return 0;
	return code - first + 1;
}

/* The bit of a modifier key in keys.down, 0 if it is another key. */
static unsigned int modifier_bit(unsigned int code)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(modifiers); i++) {
		if (code == modifiers[i].left)
			return 1u << (2 * i);
		if (code == modifiers[i].right)
			return 2u << (2 * i);
	}
	return 0;
}

static unsigned int mods_down(const struct keys *keys)
{
	unsigned int mods = 0;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(modifiers); i++)
		if (keys->down & (3u << (2 * i)))
			mods |= modifiers[i].mod;
	return mods;
}

/* True if the n characters at text are the word. */
static bool is_word(const char *text, size_t n, const char *word)
{
	return strlen(word) == n && memcmp(text, word, n) == 0;
}

int keys_parse_hotkey(const char *text, struct keys_config *config)
{
	unsigned int mods = 0;
	enum keys_row row;

	if (strcmp(text, "none") == 0) {
		config->row = KEYS_ROW_NONE;
		config->mods = 0;
		return 0;
	}
	for (;;) {
		size_t n = strcspn(text, "+");
		size_t i;

		if (!text[n])
			break;
		for (i = 0; i < ARRAY_SIZE(modifiers); i++)
			if (is_word(text, n, modifiers[i].name))
				break;
		if (i == ARRAY_SIZE(modifiers) || mods & modifiers[i].mod)
			return -EINVAL;
		mods |= modifiers[i].mod;
		text += n + 1;
	}
	if (strcmp(text, "f") == 0)
		row = KEYS_ROW_F;
	else if (strcmp(text, "digit") == 0)
		row = KEYS_ROW_DIGIT;
	else
		return -EINVAL;
	/* A bare F key or digit belongs to the programs. */
	if (!mods)
		return -EINVAL;
	config->row = row;
	config->mods = mods;
	return 0;
}

int keys_parse_power(const char *text, struct keys_config *config)
{
	struct keys_action action = { .wish = KEYS_NOTHING };

	if (strcmp(text, "next") == 0) {
		action.wish = KEYS_NEXT;
	} else if (strcmp(text, "menu") == 0) {
		action.wish = KEYS_MENU;
	} else if (strcmp(text, "none") != 0) {
		if (text[0] < '1' || text[0] > '0' + OSTI_MAX_SLOTS || text[1])
			return -EINVAL;
		action.wish = KEYS_SLOT;
		action.slot = (unsigned int)(text[0] - '0');
	}
	config->power = action;
	return 0;
}

bool keys_watches(const struct keys_config *config, unsigned int code)
{
	if (code == KEY_POWER)
		return config->power.wish != KEYS_NOTHING;
	return row_slot(config->row, code) != 0;
}

static struct keys_action feed_power(struct keys *keys,
				     const struct keys_config *config,
				     int value, uint64_t usec)
{
	struct keys_action nothing = { .wish = KEYS_NOTHING };
	bool was_down = keys->power;

	if (value == 2)
		return nothing;
	if (value == 1) {
		keys->power = keys->down == 0;
		keys->power_since = usec;
		return nothing;
	}
	keys->power = false;
	if (!was_down || usec < keys->power_since ||
	    usec - keys->power_since >= config->power_max_ms * USEC_PER_MSEC)
		return nothing;
	return config->power;
}

struct keys_action keys_feed(struct keys *keys,
			     const struct keys_config *config,
			     unsigned int code, int value, uint64_t usec)
{
	struct keys_action action = { .wish = KEYS_NOTHING };
	unsigned int slot = row_slot(config->row, code);

	if (code == KEY_POWER)
		return feed_power(keys, config, value, usec);
	/* Power with another key is a chord of somebody else. */
	if (value == 1)
		keys->power = false;
	keys_sync(keys, code, value);
	if (slot && value == 1 && mods_down(keys) == config->mods) {
		action.wish = KEYS_SLOT;
		action.slot = slot;
	}
	return action;
}

void keys_sync(struct keys *keys, unsigned int code, int value)
{
	unsigned int bit = modifier_bit(code);

	if (value)
		keys->down |= bit;
	else
		keys->down &= ~bit;
	/* When it came down is not known, so whether it is short is not. */
	if (code == KEY_POWER)
		keys->power = false;
}

void keys_forget(struct keys *keys)
{
	memset(keys, 0, sizeof(*keys));
}
