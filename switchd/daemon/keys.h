/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * keys.h - which key presses ask for a switch
 *
 * No input or output: key codes and times go in, wishes come out. There is one
 * struct keys per input device, so keys of different keyboards never combine
 * and a keyboard that is pulled out takes its pressed modifiers with it.
 */
#ifndef SWITCHD_KEYS_H
#define SWITCHD_KEYS_H

#include <stdbool.h>
#include <stdint.h>

/* What a key press asks for. */
enum keys_wish {
	KEYS_NOTHING,
	KEYS_SLOT, /* the slot with a number */
	KEYS_NEXT, /* the next slot */
	KEYS_MENU, /* the boot menu */
};

struct keys_action {
	enum keys_wish wish;
	unsigned int slot; /* of KEYS_SLOT, from 1 */
};

/* The row of keys of which the n-th stands for slot n. */
enum keys_row {
	KEYS_ROW_NONE,
	KEYS_ROW_F,
	KEYS_ROW_DIGIT,
};

#define KEYS_MOD_CTRL 0x1u
#define KEYS_MOD_ALT 0x2u
#define KEYS_MOD_SHIFT 0x4u
#define KEYS_MOD_META 0x8u

struct keys_config {
	enum keys_row row;
	unsigned int mods; /* KEYS_MOD_*, all of them and no other */
	struct keys_action power; /* of a short press of the power key */
	unsigned int power_max_ms; /* a press of this or longer is not ours */
};

/* State of one input device. Zeroed = nothing is pressed. */
struct keys {
	unsigned int down; /* modifier keys, two bits (left, right) each */
	bool power; /* the power key is down, and came down alone */
	uint64_t power_since; /* when, in microseconds */
};

/*
 * Reads "ctrl+alt+f": modifiers, then the row, "f" for F1..F8 or "digit" for
 * 1..8; or "none". Sets row and mods of the config.
 * Return: 0, or -EINVAL; then the config is as it was.
 */
int keys_parse_hotkey(const char *text, struct keys_config *config);

/*
 * Reads "next", "menu", "none" or the number of a slot.
 * Return: 0, or -EINVAL; then the config is as it was.
 */
int keys_parse_power(const char *text, struct keys_config *config);

/* True if a device with that key is worth listening to. */
bool keys_watches(const struct keys_config *config, unsigned int code);

/*
 * A key event: value 0 = up, 1 = down, 2 = repeated, at usec (any clock, but
 * always the same).
 * Return: what it asks for.
 */
struct keys_action keys_feed(struct keys *keys,
			     const struct keys_config *config,
			     unsigned int code, int value, uint64_t usec);

/* A key's state, learned after events were lost. It asks for nothing. */
void keys_sync(struct keys *keys, unsigned int code, int value);

/* Nothing is pressed any more, as far as we know. */
void keys_forget(struct keys *keys);

#endif /* SWITCHD_KEYS_H */
