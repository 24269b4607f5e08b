/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * device.h - one emulated device under test
 *
 * Starts scripts/run-qemu with copies of the disks, follows its serial console
 * and drives it by QMP. The emulator is a child that ends with the test in
 * whatever way the test ends. Every wait is for something that happens, with
 * a deadline in host milliseconds; when the deadline passes the test fails
 * with what was expected and the last lines of the console.
 *
 * One thread only. While no function of this file runs, nobody takes the
 * device's serial output, and the device stops when about 200 KiB of it have
 * gathered.
 */
#ifndef TEST_DEVICE_H
#define TEST_DEVICE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "console.h"
#include "storage.h"

struct device;

/**
 * struct device_file - a host file for a slot
 * @slot:	name of the slot.
 * @host:	path on the host.
 * @name:	name under which the slot gets it from the device, as
 *		tftp://10.0.2.2/SLOT/NAME; phone_up() puts it into /data. Nobody
 *		else can put anything there, the disk being encrypted.
 */
struct device_file {
	const char *slot, *host, *name;
};

/**
 * struct device_options - what to start
 * @name:	short name for messages and the transcript's file.
 * @cpus:	number of CPUs; 0 for the configured one.
 * @cpu:	CPU model with its options; NULL for cortex-a57.
 * @boot_image:	boot disk; NULL for build/images/boot.img.
 * @firmware:	NULL for build/firmware.bin.
 * @ram_mib:	RAM that the firmware is built for; 0 for the configured size.
 * @files:	ends with an entry without slot; NULL for none. Kept by the caller.
 * @forward:	host port on loopback that reaches port 8080 of the OS that
 *		runs; 0 for none.
 * @reach:	host port on loopback that the OS that runs reaches at 10.0.2.100,
 *		port 443; 0 for none.
 * @removable:	its removable disk is put in.
 * @exchange:	with an exchange disk, on which boot images are handed over.
 * @flash:	its firmware is in a flash that is kept, and can be updated; not with
 *		@firmware.
 * @display:	with a display, which nobody sees.
 * @icount:	count instructions: one instruction is one nanosecond of the
 *		device's time.
 * @by_run:	as "make run" has it, by scripts/run-device: its terminal is the
 *		console, where nothing else is said of hardware, and the
 *		environment's DISPLAY decides where its display is. It has no QMP,
 *		so neither keys nor pictures, and is not switched on again.
 * @to_save:	device_save() will be called, before its power is cut.
 * @saved:	where device_save() put a device of the same options, names, files
 *		and ports aside: this one begins as that; NULL for power-on.
 */
struct device_options {
	const char *name;
	unsigned int cpus;
	const char *cpu;
	const char *boot_image;
	const char *firmware;
	unsigned int ram_mib;
	const struct device_file *files;
	unsigned int forward;
	unsigned int reach;
	bool removable;
	bool exchange;
	bool flash;
	bool display;
	bool icount;
	bool by_run;
	bool to_save;
	const char *saved;
};

/**
 * device_start() - switch a device on
 *
 * The build directory is the environment's OSTI_BUILD, or "build". The
 * transcript goes to <build>/tests/log/<name>.serial. A device that begins as a
 * saved one runs, and its console shows nothing of before.
 *
 * Return: the device, to be ended with device_stop(). Its console shows the
 * first output of the firmware from now on.
 */
struct device *device_start(const struct device_options *opt);

/**
 * device_off() - wait until the device has switched itself off
 *
 * The emulator must end, by itself and without an error.
 */
void device_off(struct device *dev, double ms);

/**
 * device_cut_power() - take the power away, in the middle of whatever is done
 *
 * What the emulator has given to its files by then is there at the next
 * device_power_on(), nothing else.
 */
void device_cut_power(struct device *dev);

/** device_has_power() - false once it is off or was cut off. */
bool device_has_power(struct device *dev);

/**
 * device_save() - save what it is at this moment, for @saved of others
 * @dir:	exists, and is empty.
 *
 * The device stops meanwhile and goes on. What is in it of the host's time shows
 * the time of now also when it is begun with, but for what its OSes count by
 * themselves.
 *
 * Return: false when the emulator cannot.
 */
bool device_save(struct device *dev, const char *dir);

/**
 * device_disk_io() - bytes that it read from and wrote to a disk
 * @disk: as scripts/run-qemu names it: "store", or "data2" of slot 2.
 *
 * Since it was switched on.
 */
void device_disk_io(struct device *dev, const char *disk, uint64_t *read,
		    uint64_t *written);

/**
 * device_power_on() - switch on a device that was cut off or is off
 *
 * Another emulator with the same disks and flash. The console's transcript goes
 * on.
 */
void device_power_on(struct device *dev);

/**
 * device_storage() - its disks and flash
 *
 * May be changed only while the device has no power.
 */
struct storage *device_storage(struct device *dev);

/** device_removable() - put its removable disk in, or pull it; it has no power. */
void device_removable(struct device *dev, bool there);

/**
 * device_rtc() - what its clock shows at each power-on; it has no power
 * @when:	such as "2090-01-01T12:00:00", UTC; "" for the right time, which it
 *		has at first.
 */
void device_rtc(struct device *dev, const char *when);

/**
 * device_new_nv() - give it the flash of another device
 *
 * With another root key, and without any generation. The device has no power.
 */
void device_new_nv(struct device *dev);

/**
 * device_other() - let its removable disk be in another device
 *
 * One that was never used, with another root key. The device has no power.
 */
void device_other(struct device *dev);

/** device_files() - what it was started with; NULL for none. */
const struct device_file *device_files(const struct device *dev);

/** device_stop() - take the power away and free; NULL is fine. */
void device_stop(struct device *dev);

/** device_console() - its serial console. */
struct console *device_console(struct device *dev);

/** device_pid() - process id of the emulator, or of what leads its group. */
int device_pid(const struct device *dev);

/**
 * device_fail() - end the test with a message and the console's last lines
 */
void device_fail(struct device *dev, const char *fmt, ...)
	__attribute__((format(printf, 2, 3), noreturn));

/**
 * device_expect_errors() - say whether the monitor may report errors
 *
 * Where it may not, which is what a new device begins with, one ends the test.
 */
void device_expect_errors(struct device *dev, bool errors);

/**
 * device_expect_panics() - the same for kernels that panic
 */
void device_expect_panics(struct device *dev, bool panics);

/**
 * device_expect() - wait for a pattern on the console
 * @pattern:	POSIX extended regular expression, searched from the end of
 *		the last match on.
 * @ms:		deadline.
 *
 * Fails at once when a kernel panics, unless that is expected, or the emulator
 * ends.
 *
 * Return: the match, valid until the next wait.
 */
const struct console_match *device_expect(struct device *dev,
					  const char *pattern, double ms);

/**
 * device_expect_any() - wait for the first of several patterns
 * @patterns:	ends with NULL, at most 6.
 *
 * Return: the match; its index tells which.
 */
const struct console_match *device_expect_any(struct device *dev,
					      const char *const *patterns,
					      double ms);

/** device_follow() - take in what has come, without waiting. */
void device_follow(struct device *dev);

/** device_send() - type text; give the line's end as "\n". */
void device_send(struct device *dev, const char *text);

/**
 * device_qmp() - send a QMP command and wait for its reply
 * @arguments:	an object, whose reference is taken, or NULL.
 *
 * Fails the test when QEMU answers with an error.
 *
 * Return: the value of "return", to be released by the caller.
 */
json_t *device_qmp(struct device *dev, const char *command, json_t *arguments);

/**
 * device_event() - wait for a QMP event
 *
 * Takes the oldest of that name that has come since the start.
 *
 * Return: the event, to be released by the caller.
 */
json_t *device_event(struct device *dev, const char *name, double ms);

/**
 * device_press() - press and release keys together
 * @keys:	QEMU key codes joined by "-", such as "ctrl-alt-f2".
 *
 * Return: host time just before QEMU got the key.
 */
double device_press(struct device *dev, const char *keys);

/**
 * device_power_key() - press the power key for a moment
 *
 * Return: host time just before QEMU got it.
 */
double device_power_key(struct device *dev);

/** device_pause() - stop its CPUs until device_go_on(). */
void device_pause(struct device *dev);

/** device_go_on() - let its CPUs go on. */
void device_go_on(struct device *dev);

/**
 * device_memory() - a copy of the device's physical memory
 * @address:	physical address, as the hardware sees it.
 * @size:	bytes.
 *
 * The device is stopped while the copy is made and then goes on, unless it was
 * paused before.
 *
 * Return: the bytes, to be freed with device_memory_free().
 */
const uint8_t *device_memory(struct device *dev, uint64_t address, size_t size);

/** device_memory_free() - free what device_memory() returned. */
void device_memory_free(const uint8_t *bytes, size_t size);

/** build_dir() - the build directory, without a final slash. */
const char *build_dir(void);

/**
 * build_path() - a path in the build directory, as a new string
 * @fmt: printf format of what comes behind the build directory and a slash.
 */
char *build_path(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/**
 * host_output() - run a program of the host to its end
 * @argv: ends with NULL; found in PATH.
 *
 * Fails the test unless it exits with 0.
 *
 * Return: what it printed and complained, to be freed by the caller.
 */
char *host_output(const char *const *argv);

/** host_run() - the same, without the output. */
void host_run(const char *const *argv);

#endif /* TEST_DEVICE_H */
