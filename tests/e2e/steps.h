/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * steps.h - what the demo and the tests do and check inside of the OSes
 */
#ifndef E2E_STEPS_H
#define E2E_STEPS_H

#include "phone.h"

#define SECRET_LEN	32

/**
 * struct vault - a process that keeps a secret in its memory
 * @slot:	where it runs.
 * @id:	distinguishes it from other vaults of the same OS.
 * @secret:	what it keeps.
 * @pid:	its process id.
 * @started:	its start time, in the kernel's ticks since boot.
 */
struct vault {
	int slot, id;
	char secret[SECRET_LEN + 1];
	long long pid, started;
};

/**
 * struct holder - a process with an open file and a listening socket
 * @slot:	where it runs.
 * @pid:	its process id.
 * @asked:	how often it was asked.
 * @offset:	where its file will be read next.
 */
struct holder {
	int slot;
	long long pid, asked, offset;
};

/**
 * struct attempt - what came of reaching for foreign memory
 * @tried:	how many addresses or requests.
 * @got:	of them, how many gave something.
 * @refused:	of them, how many were refused with an error.
 * @events:	how much the monitor's count of such offences went up.
 */
struct attempt {
	long long tried, got, refused, events;
};

/** steps_files - what has to be on the data disks for all of these steps. */
const struct device_file *steps_files(void);

/**
 * steps_carry() - put a file of this machine onto the removable disk
 * @name: what it is called there.
 *
 * The device has no power, and no system has seen the disk yet.
 */
void steps_carry(struct phone *ph, const char *file, const char *name);

/** steps_secret() - make a random text. */
void steps_secret(char secret[SECRET_LEN + 1]);

/** steps_vault_start() - start a process with a new secret at the console. */
void steps_vault_start(struct phone *ph, struct vault *v);

/**
 * steps_vault_check() - the same process must still have the same secret
 *
 * The vault's slot has the console.
 */
void steps_vault_check(struct phone *ph, const struct vault *v);

/** steps_holder_start() - start tests/e2e/guest/holder.c at the console. */
void steps_holder_start(struct phone *ph, struct holder *h);

/**
 * steps_holder_check() - the same process must answer on its socket, with what
 * stands next in its file
 */
void steps_holder_check(struct phone *ph, struct holder *h);

/** steps_file_write() - put a text into a file on the data disk, synced. */
void steps_file_write(struct phone *ph, const char *name, const char *text);

/** steps_file_check() - the file must hold the text. */
void steps_file_check(struct phone *ph, const char *name, const char *text);

/**
 * steps_memory_find() - look for a text in the memory of the device
 *
 * From outside, through the emulator, whoever runs.
 *
 * Return: how often it stands there.
 */
int steps_memory_find(struct phone *ph, uint64_t address, uint64_t size,
		      const char *text);

/** steps_memory_sum() - a checksum of a slot's memory, seen from outside. */
uint64_t steps_memory_sum(struct phone *ph, int slot);

/**
 * steps_cpu_attempt() - the OS at the console reads all addresses behind its
 * own memory, up to the end of the device's memory, with the CPU
 */
struct attempt steps_cpu_attempt(struct phone *ph);

/**
 * steps_dma_attempt() - the same with its private disk: each address is to be
 * written to the disk, and to be overwritten from it
 *
 * Unmounts /data for the while.
 */
struct attempt steps_dma_attempt(struct phone *ph);

#endif /* E2E_STEPS_H */
