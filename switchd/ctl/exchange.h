/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * exchange.h - the exchange disk, on which the boot manager gets what is installed
 *
 * osti/bootimage.h has its format. Whoever runs can write to it.
 */
#ifndef SWITCHCTL_EXCHANGE_H
#define SWITCHCTL_EXCHANGE_H

#include <stdint.h>

#include <osti/bootimage.h>

#include "common/fault.h"

struct exchange_image {
	uint64_t version;
	uint64_t bytes;
	uint64_t state; /* OSTI_BOOT_*; 0: there is none */
	uint64_t tries; /* starts that are left to it, on trial */
};

/*
 * Opens the disk, and waits until it is this program's alone; the path NULL: where
 * the device tree says.
 * Return: 0 and its descriptor, which close() ends, or -1 and the fault.
 */
int exchange_open(const char *path, int *ret, struct fault *fault);

enum exchange_kind {
	EXCHANGE_BOOT_IMAGE,
	EXCHANGE_FIRMWARE,
};

/*
 * Hands a file over. The disk has it or nothing, whatever ends this.
 * Return: 0 when it is there, or -1 and the fault: the file is nothing of that kind
 * (FAULT_REFUSED) or cannot be read, or the disk is too small or fails.
 */
int exchange_put(int fd, uint32_t slot, enum exchange_kind kind,
		 const char *file, struct fault *fault);

/*
 * Reads which boot images the slot has, after the boot manager wrote that down.
 * Return: 0, or -1 and the fault.
 */
int exchange_list(int fd, uint32_t slot,
		  struct exchange_image ret[OSTI_BOOT_AREAS],
		  struct fault *fault);

#endif /* SWITCHCTL_EXCHANGE_H */
