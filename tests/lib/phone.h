/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * phone.h - a device with OSTI on it, as a person uses it
 *
 * Knows the boot menu, the two slots, their prompts, and which of them has the
 * console. Tests say what the person does; each function returns once the
 * device has done it.
 */
#ifndef TEST_PHONE_H
#define TEST_PHONE_H

#include "device.h"

#define PERSONAL	1
#define WORK		2
#define PHONE_SLOTS	2

/*
 * Deadlines. They end a test that waits for what never comes, so they are several
 * times what a machine needs that has three devices on two CPUs. A command that a
 * switch ended may begin a whole transfer again before it says how it went.
 */
#define PHONE_MENU_MS	180000
#define PHONE_BOOT_MS	300000
#define PHONE_SWITCH_MS	180000
#define PHONE_FILE_MS	600000
#define PHONE_IMAGE_MS	600000

/**
 * struct phone - a device and what runs on it
 * @dev:	the device.
 * @at:		slot that has the console; 0 while it is the boot manager.
 */
struct phone {
	struct device *dev;
	int at;
	int begun[PHONE_SLOTS + 1];	/* shell command under way */
};

/** phone_name() - the name of a slot. */
const char *phone_name(int slot);

/** phone_start() - power on, and wait for the boot menu. */
struct phone *phone_start(const struct device_options *opt);

/**
 * phone_start_both() - power on, and boot both OSes
 *
 * Return: with "personal" at the console, and "work" frozen.
 */
struct phone *phone_start_both(const struct device_options *opt);

/**
 * phone_start_saved() - the same from one that was saved like that
 * @opt:	@saved says where.
 */
struct phone *phone_start_saved(const struct device_options *opt);

/**
 * phone_catch_up() - make good what both OSes missed while the device was saved
 *
 * Their clocks stood still, the device's shows the host's time. And each gets those
 * of its files that it has not.
 */
void phone_catch_up(struct phone *ph);

/** phone_power_on() - power on again after a cut, and wait for the boot menu. */
void phone_power_on(struct phone *ph);

/** phone_stop() - take the power away and free; NULL is fine. */
void phone_stop(struct phone *ph);

/**
 * phone_menu() - wait for the boot menu
 *
 * After power-on, after an OS ended, or when one could not be started. The
 * menu waits for a key now, or counts down.
 */
void phone_menu(struct phone *ph);

/**
 * phone_choose() - press a slot's digit in the boot menu
 *
 * Does not wait for what comes of it.
 */
void phone_choose(struct phone *ph, int slot);

/**
 * phone_up() - wait until an OS has booted, and make it ready for tests
 *
 * Return: host time at which its init said that it is up.
 */
double phone_up(struct phone *ph, int slot);

/**
 * phone_back() - wait until an OS that was frozen has the console again
 *
 * When it was left by phone_switch_command(), that command must end with 0.
 *
 * Return: host time at which its first program ran again.
 */
double phone_back(struct phone *ph, int slot);

/**
 * struct phone_state - what a device without power keeps
 * @storage:	a copy of its disks and flash.
 * @begun:	as in struct phone, of the OSes that are images.
 */
struct phone_state {
	struct storage *storage;
	int begun[PHONE_SLOTS + 1];
};

/** phone_save() - copy all that a device without power keeps. */
void phone_save(struct phone *ph, struct phone_state *state);

/** phone_restore() - make a device without power what it was. */
void phone_restore(struct phone *ph, const struct phone_state *state);

/** phone_state_free() - free what phone_save() made. */
void phone_state_free(struct phone_state *state);

/** phone_boot() - choose a slot in the menu and wait until it is up. */
double phone_boot(struct phone *ph, int slot);

/**
 * phone_key() - press the hot key of a slot
 *
 * Return: host time of the key. Does not wait for what comes of it.
 */
double phone_key(struct phone *ph, int slot);

/**
 * phone_command() - type "switchctl switch NAME"
 *
 * Return: host time. Does not wait for what comes of it; phone_back() to the
 * present OS checks how it ended.
 */
double phone_command(struct phone *ph, int slot);

/** phone_command_to() - the same with a target by its name, such as "next". */
double phone_command_to(struct phone *ph, const char *target);

/**
 * phone_ask() - type "switchctl REQUEST"
 * @request:	such as "hibernate work".
 *
 * For requests that the boot manager serves. Does not wait for what comes of
 * it; phone_back() or phone_answer() does. Return: host time.
 */
double phone_ask(struct phone *ph, const char *request);

/**
 * phone_answer() - wait until an OS that was frozen for a request is back
 *
 * Return: the exit code of its "switchctl".
 */
int phone_answer(struct phone *ph, int slot);

/**
 * phone_stored() - wait until the boot manager has stored a slot's image
 *
 * Return: the size of the image in KiB.
 */
long long phone_stored(struct phone *ph, int slot);

/**
 * phone_resumed() - wait until an OS has come back from its image
 *
 * Return: host time at which its first program ran again.
 */
double phone_resumed(struct phone *ph, int slot);

/**
 * phone_hibernate() - let the OS at the console hibernate the frozen other
 *
 * Return: the size of the image in KiB.
 */
long long phone_hibernate(struct phone *ph, int slot);

/** phone_switch_key() - hot key to a frozen slot; returns its ms. */
double phone_switch_key(struct phone *ph, int slot);

/** phone_switch_command() - command to a frozen slot; returns its ms. */
double phone_switch_command(struct phone *ph, int slot);

/**
 * phone_events() - the event ring as the OS at the console sees it
 *
 * Return: the array of "switchctl log --json", to be released by the caller.
 */
json_t *phone_events(struct phone *ph);

/**
 * phone_count() - how many events of a type the log has for a slot
 * @type:	name of the type as switchctl prints it.
 *
 * For offences, of which not each is recorded: the count that the newest
 * record gives.
 */
long long phone_count(struct phone *ph, const char *type, int slot);

/**
 * phone_slot_state() - the state of a slot as the OS at the console sees it
 *
 * Return: a new string, such as "frozen".
 */
char *phone_slot_state(struct phone *ph, int slot);

/** phone_entries() - how often a slot was entered since power-on. */
long long phone_entries(struct phone *ph, int slot);

/**
 * phone_slot_address() - where a slot's memory really lies
 *
 * The address that the hardware sees; no OS of the device ever does.
 */
uint64_t phone_slot_address(int slot);

/** phone_slot_size() - bytes of a slot's memory. */
uint64_t phone_slot_size(int slot);

#endif /* TEST_PHONE_H */
