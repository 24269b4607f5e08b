/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * uboot.h - the services of U-Boot that the boot manager has in the tests
 */
#ifndef BM_UBOOT_H
#define BM_UBOOT_H

#include <stdbool.h>
#include <stdint.h>

/* The exchange disk, as an operating system or anybody else may leave it. */
#define UBOOT_EXCHANGE_BYTES	0x10000
extern uint8_t uboot_exchange[UBOOT_EXCHANGE_BYTES];

/* A person: presses a key when the console shows a text, then the next one. */
struct uboot_key {
	const char *after;
	char key;
};

struct uboot {
	/* Script: ends with an entry without a text */
	const struct uboot_key *keys;
	bool no_store;		/* no disk is attached */
	bool no_boot;		/* its table has no partitions for boot images */
	bool no_exchange;	/* no exchange disk is attached */
	/* Record: what the console has shown since uboot_start() */
	char text[65536];
	unsigned int length;
};

extern struct uboot uboot;

/* The boot manager was copied from flash into zeroed memory. */
void uboot_start(const struct uboot_key *keys);

#endif /* BM_UBOOT_H */
