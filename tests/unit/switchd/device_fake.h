/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * device_fake.h - a device.h without a device
 *
 * The "device" is a directory. Files in it, read at each call, say how it
 * behaves:
 *
 *	slots		number of slots (default 3: personal, work, spare)
 *	own		own slot (default 1)
 *	cold		1: this OS was started by a switch that is not marked yet;
 *			the next switch is recorded as a cold one
 *	state-N		OSTI_SLOT_* of slot N
 *	entries		how often each slot was entered (default 1)
 *	start-N		starts of slot N (default 0 0 0): least version, starts
 *			that nobody called good, version
 *	image-N		image of slot N: OSTI_GENERATION_*, generation,
 *			OSTI_NOTE_*, why refused, when made, bytes
 *	resumed		OSTI_RESUMED_* of the next switches (default: hot); from
 *			an image, the log and the times begin anew
 *	result, detail	answer to the next requests (default: 0, done); a slot that
 *			is retired is EMPTY then, and its image-N says so
 *	image-errno	errno of device_image()
 *	good-errno	errno of device_start_good()
 *	info-errno	errno of device_info()
 *	key-errno	errno of device_slot_key(); the key is 0, 1, 2 ... 31
 *	disk-key-errno	errno of device_disk_key(); the key is 100, 101 ... 163
 *	switch-errno	errno of device_switch()
 *	refuse		how many of the next switches end because tasks do not stop:
 *			EBUSY after the time in "freeze-limit", and what Linux 6.1
 *			says of it is appended to "kmsg" (freezer_fake.c)
 *	carrier-errno	errno of device_carrier()
 *	ask-errno	errno of device_restore_ask()
 *	open-errno	errno of device_backup_open()
 *	ram-N		memory of slot N, for a transfer out of it; see carry_fake.h
 *	hold		a FIFO: device_switch() blocks until a writer came and
 *			went, like an OS that is frozen
 *	tamper		sequence number of a record to give with a wrong time
 *	forge		the same, with the digest made to fit
 *	hide		sequence number of a record to leave out
 *
 * A switch to a slot takes it from a transfer that is about it.
 *
 * What is called is an event (event_fake.h), and is appended to the file "calls":
 * "switch N", "refused LIMIT", "request OSTI_REQUEST_* SLOT", "mark", "good LEAST-VERSION",
 * "ask N" (for a restore), "export N", "stored N", "import N", "key".
 */
#ifndef TEST_SWITCHD_DEVICE_FAKE_H
#define TEST_SWITCHD_DEVICE_FAKE_H

#define DEVICE_FAKE_HZ 1000000
#define DEVICE_FAKE_RING 16
/* Of the image that this OS comes from, if it does. */
#define DEVICE_FAKE_GENERATION 3
#define DEVICE_FAKE_SAVED_AT 1700000000

/* Ticks that each phase of a fake switch takes, from the request on. */
#define DEVICE_FAKE_PHASES                                                     \
	{                                                                      \
		1000, 2000, 3000, 500, 4000, 6000                              \
	}

#endif /* TEST_SWITCHD_DEVICE_FAKE_H */
