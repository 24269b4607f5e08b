// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which key presses ask for a switch, and which do not.
 */
#include "helper.h"

#include <errno.h>

#include <linux/input-event-codes.h>

#include "daemon/keys.h"

#define MS 1000ULL

struct fixture {
	struct keys_config config;
	struct keys keys;
	uint64_t usec;
};

static void start(struct fixture *f, const char *hotkey)
{
	*f = (struct fixture){ .usec = 1000000 };
	assert_int_equal(keys_parse_hotkey(hotkey, &f->config), 0);
	assert_int_equal(keys_parse_power("next", &f->config), 0);
	f->config.power_max_ms = 1000;
}

static struct keys_action feed(struct fixture *f, unsigned int code, int value)
{
	f->usec += MS;
	return keys_feed(&f->keys, &f->config, code, value, f->usec);
}

/* A key event that must ask for nothing. */
static void quiet(struct fixture *f, unsigned int code, int value)
{
	struct keys_action action = feed(f, code, value);

	if (action.wish != KEYS_NOTHING)
		fail_msg("key %u value %d asked for a switch", code, value);
}

static void asks_slot(struct fixture *f, unsigned int code, unsigned int slot)
{
	struct keys_action action = feed(f, code, 1);

	assert_int_equal(action.wish, KEYS_SLOT);
	assert_int_equal(action.slot, slot);
}

static void test_every_slot(void **state)
{
	struct fixture f;
	unsigned int i;

	(void)state;
	start(&f, "ctrl+alt+f");
	quiet(&f, KEY_LEFTCTRL, 1);
	quiet(&f, KEY_LEFTALT, 1);
	for (i = 0; i < 8; i++) {
		asks_slot(&f, KEY_F1 + i, i + 1);
		quiet(&f, KEY_F1 + i, 0);
	}
	quiet(&f, KEY_F9, 1);
	quiet(&f, KEY_F10, 1);
	quiet(&f, KEY_ESC, 1);
	quiet(&f, KEY_1, 1);
}

static void test_digits(void **state)
{
	struct fixture f;

	(void)state;
	start(&f, "meta+digit");
	quiet(&f, KEY_RIGHTMETA, 1);
	asks_slot(&f, KEY_1, 1);
	asks_slot(&f, KEY_8, 8);
	quiet(&f, KEY_9, 1);
	quiet(&f, KEY_F1, 1);
}

static void test_left_and_right_are_one(void **state)
{
	static const unsigned int ctrl[] = { KEY_LEFTCTRL, KEY_RIGHTCTRL };
	static const unsigned int alt[] = { KEY_LEFTALT, KEY_RIGHTALT };
	struct fixture f;
	size_t i;
	size_t j;

	(void)state;
	for (i = 0; i < 2; i++)
		for (j = 0; j < 2; j++) {
			start(&f, "ctrl+alt+f");
			quiet(&f, alt[j], 1);
			quiet(&f, ctrl[i], 1);
			asks_slot(&f, KEY_F2, 2);
		}
}

static void test_both_ctrl_keys(void **state)
{
	struct fixture f;

	(void)state;
	start(&f, "ctrl+alt+f");
	quiet(&f, KEY_LEFTCTRL, 1);
	quiet(&f, KEY_RIGHTCTRL, 1);
	quiet(&f, KEY_LEFTALT, 1);
	/* One of them is still down. */
	quiet(&f, KEY_LEFTCTRL, 0);
	asks_slot(&f, KEY_F2, 2);
	quiet(&f, KEY_RIGHTCTRL, 0);
	quiet(&f, KEY_F3, 1);
}

static void test_missing_modifier(void **state)
{
	struct fixture f;

	(void)state;
	start(&f, "ctrl+alt+f");
	quiet(&f, KEY_F1, 1);
	quiet(&f, KEY_F1, 0);
	quiet(&f, KEY_LEFTCTRL, 1);
	quiet(&f, KEY_F1, 1);
	quiet(&f, KEY_F1, 0);
	quiet(&f, KEY_LEFTALT, 1);
	quiet(&f, KEY_LEFTCTRL, 0);
	quiet(&f, KEY_F1, 1);
}

static void test_extra_modifier(void **state)
{
	struct fixture f;

	(void)state;
	start(&f, "ctrl+alt+f");
	quiet(&f, KEY_LEFTCTRL, 1);
	quiet(&f, KEY_LEFTALT, 1);
	quiet(&f, KEY_LEFTSHIFT, 1);
	quiet(&f, KEY_F1, 1);
	quiet(&f, KEY_LEFTSHIFT, 0);
	quiet(&f, KEY_RIGHTMETA, 1);
	quiet(&f, KEY_F1, 1);
	quiet(&f, KEY_RIGHTMETA, 0);
	asks_slot(&f, KEY_F1, 1);
}

static void test_only_the_press_counts(void **state)
{
	struct fixture f;

	(void)state;
	start(&f, "ctrl+alt+f");
	/* F2 first, then the modifiers. */
	quiet(&f, KEY_F2, 1);
	quiet(&f, KEY_LEFTCTRL, 1);
	quiet(&f, KEY_LEFTALT, 1);
	quiet(&f, KEY_F2, 2);
	quiet(&f, KEY_F2, 0);
	asks_slot(&f, KEY_F2, 2);
	quiet(&f, KEY_F2, 2);
	quiet(&f, KEY_F2, 2);
	quiet(&f, KEY_F2, 0);
	asks_slot(&f, KEY_F2, 2);
}

static void test_repeat_keeps_a_modifier(void **state)
{
	struct fixture f;

	(void)state;
	start(&f, "ctrl+alt+f");
	quiet(&f, KEY_LEFTCTRL, 1);
	quiet(&f, KEY_LEFTALT, 1);
	quiet(&f, KEY_LEFTALT, 2);
	asks_slot(&f, KEY_F2, 2);
}

static void test_forget(void **state)
{
	struct fixture f;

	(void)state;
	start(&f, "ctrl+alt+f");
	quiet(&f, KEY_LEFTCTRL, 1);
	quiet(&f, KEY_LEFTALT, 1);
	quiet(&f, KEY_POWER, 1);
	keys_forget(&f.keys);
	quiet(&f, KEY_POWER, 0);
	quiet(&f, KEY_F2, 1);
	/* Key-up events of what was forgotten do no harm. */
	quiet(&f, KEY_LEFTCTRL, 0);
	quiet(&f, KEY_LEFTCTRL, 1);
	quiet(&f, KEY_LEFTALT, 1);
	asks_slot(&f, KEY_F2, 2);
}

static void test_resync(void **state)
{
	struct fixture f;

	(void)state;
	start(&f, "ctrl+alt+f");
	quiet(&f, KEY_LEFTCTRL, 1);
	quiet(&f, KEY_LEFTALT, 1);
	/* The release of Alt was lost. */
	keys_sync(&f.keys, KEY_LEFTALT, 0);
	quiet(&f, KEY_F2, 1);
	/* Its press was lost: it is down all the same. */
	keys_sync(&f.keys, KEY_RIGHTALT, 1);
	asks_slot(&f, KEY_F2, 2);
}

static void test_resync_of_the_power_key(void **state)
{
	struct fixture f;

	(void)state;
	start(&f, "ctrl+alt+f");
	/* When it came down is not known. */
	keys_sync(&f.keys, KEY_POWER, 1);
	quiet(&f, KEY_POWER, 0);
	/* When it came up is not known either. */
	quiet(&f, KEY_POWER, 1);
	keys_sync(&f.keys, KEY_POWER, 0);
	quiet(&f, KEY_POWER, 0);
}

static void test_power_short(void **state)
{
	struct fixture f;

	(void)state;
	start(&f, "ctrl+alt+f");
	quiet(&f, KEY_POWER, 1);
	quiet(&f, KEY_POWER, 2);
	f.usec += 990 * MS;
	assert_int_equal(feed(&f, KEY_POWER, 0).wish, KEYS_NEXT);
	/* A release without a press. */
	quiet(&f, KEY_POWER, 0);
}

static void test_power_long(void **state)
{
	struct fixture f;

	(void)state;
	start(&f, "ctrl+alt+f");
	quiet(&f, KEY_POWER, 1);
	f.usec += 999 * MS;
	/* 1000 ms from press to release, with the one that feed() adds */
	quiet(&f, KEY_POWER, 0);
	quiet(&f, KEY_POWER, 1);
	f.usec += 60000 * MS;
	quiet(&f, KEY_POWER, 0);
	/* A clock that goes back. */
	quiet(&f, KEY_POWER, 1);
	f.usec -= 500 * MS;
	quiet(&f, KEY_POWER, 0);
}

static void test_power_in_a_chord(void **state)
{
	struct fixture f;

	(void)state;
	start(&f, "ctrl+alt+f");
	quiet(&f, KEY_POWER, 1);
	quiet(&f, KEY_VOLUMEDOWN, 1);
	quiet(&f, KEY_VOLUMEDOWN, 0);
	quiet(&f, KEY_POWER, 0);
	quiet(&f, KEY_LEFTCTRL, 1);
	quiet(&f, KEY_POWER, 1);
	quiet(&f, KEY_POWER, 0);
	quiet(&f, KEY_LEFTCTRL, 0);
	/* The release of another key is no chord. */
	quiet(&f, KEY_A, 1);
	quiet(&f, KEY_POWER, 1);
	quiet(&f, KEY_A, 0);
	assert_int_equal(feed(&f, KEY_POWER, 0).wish, KEYS_NEXT);
}

static void test_power_configured(void **state)
{
	struct keys_action action;
	struct fixture f;

	(void)state;
	start(&f, "ctrl+alt+f");
	assert_int_equal(keys_parse_power("3", &f.config), 0);
	quiet(&f, KEY_POWER, 1);
	action = feed(&f, KEY_POWER, 0);
	assert_int_equal(action.wish, KEYS_SLOT);
	assert_int_equal(action.slot, 3);
	assert_int_equal(keys_parse_power("menu", &f.config), 0);
	quiet(&f, KEY_POWER, 1);
	assert_int_equal(feed(&f, KEY_POWER, 0).wish, KEYS_MENU);
	assert_int_equal(keys_parse_power("none", &f.config), 0);
	quiet(&f, KEY_POWER, 1);
	quiet(&f, KEY_POWER, 0);
}

static void test_no_hotkey(void **state)
{
	struct fixture f;

	(void)state;
	start(&f, "none");
	quiet(&f, KEY_F1, 1);
	quiet(&f, KEY_LEFTCTRL, 1);
	quiet(&f, KEY_LEFTALT, 1);
	quiet(&f, KEY_F1, 1);
	quiet(&f, KEY_1, 1);
}

static void test_parse_hotkey(void **state)
{
	static const char *const bad[] = {
		"",	   "f",		  "ctrl",	 "ctrl+",   "+f",
		"ctrl++f", "ctrl+alt",	  "ctrl+ctrl+f", "hyper+f", "ctrl+f1",
		"Ctrl+f",  "ctrl+alt+f ", "ctr+f",	 "digit",   "none+f"
	};
	struct keys_config config = { .row = KEYS_ROW_DIGIT,
				      .mods = KEYS_MOD_META };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (keys_parse_hotkey(bad[i], &config) != -EINVAL)
			fail_msg("'%s' was taken", bad[i]);
		assert_int_equal(config.row, KEYS_ROW_DIGIT);
		assert_int_equal(config.mods, KEYS_MOD_META);
	}
	assert_int_equal(keys_parse_hotkey("shift+meta+f", &config), 0);
	assert_int_equal(config.row, KEYS_ROW_F);
	assert_int_equal(config.mods, KEYS_MOD_SHIFT | KEYS_MOD_META);
}

static void test_parse_power(void **state)
{
	static const char *const bad[] = { "", "0", "9", "10", "Next", "f1" };
	struct keys_config config = { .power.wish = KEYS_MENU };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (keys_parse_power(bad[i], &config) != -EINVAL)
			fail_msg("'%s' was taken", bad[i]);
		assert_int_equal(config.power.wish, KEYS_MENU);
	}
}

static void test_watches(void **state)
{
	struct fixture f;

	(void)state;
	start(&f, "ctrl+alt+f");
	assert_true(keys_watches(&f.config, KEY_F1));
	assert_true(keys_watches(&f.config, KEY_F8));
	assert_true(keys_watches(&f.config, KEY_POWER));
	assert_false(keys_watches(&f.config, KEY_F9));
	assert_false(keys_watches(&f.config, BTN_LEFT));
	assert_int_equal(keys_parse_hotkey("none", &f.config), 0);
	assert_int_equal(keys_parse_power("none", &f.config), 0);
	assert_false(keys_watches(&f.config, KEY_F1));
	assert_false(keys_watches(&f.config, KEY_POWER));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_slot),
		cmocka_unit_test(test_digits),
		cmocka_unit_test(test_left_and_right_are_one),
		cmocka_unit_test(test_both_ctrl_keys),
		cmocka_unit_test(test_missing_modifier),
		cmocka_unit_test(test_extra_modifier),
		cmocka_unit_test(test_only_the_press_counts),
		cmocka_unit_test(test_repeat_keeps_a_modifier),
		cmocka_unit_test(test_forget),
		cmocka_unit_test(test_resync),
		cmocka_unit_test(test_resync_of_the_power_key),
		cmocka_unit_test(test_power_short),
		cmocka_unit_test(test_power_long),
		cmocka_unit_test(test_power_in_a_chord),
		cmocka_unit_test(test_power_configured),
		cmocka_unit_test(test_no_hotkey),
		cmocka_unit_test(test_parse_hotkey),
		cmocka_unit_test(test_parse_power),
		cmocka_unit_test(test_watches),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
