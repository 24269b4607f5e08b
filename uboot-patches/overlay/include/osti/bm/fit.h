/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * osti/bm/fit.h - boot images: a slot's FIT
 */
#ifndef _OSTI_BM_FIT_H
#define _OSTI_BM_FIT_H

#include <linux/types.h>
#include <osti/abi.h>

struct osti_slot;

/**
 * struct osti_fit - a boot image in the boot manager's memory
 * @file:	name of the file, or where it lies in the store, for messages
 * @statement:	its start statement, which only the monitor verifies
 * @statement_len: bytes of it, as the file has them
 * @kernel:	kernel, unpacked
 * @kernel_len:	bytes of it
 * @initrd:	initial RAM disk, NULL if there is none
 * @initrd_len:	bytes of it
 *
 * All pointers stay valid until something else comes into osti_fit_memory().
 */
struct osti_fit {
	char file[OSTI_NAME_LEN + sizeof("new boot image of ")];
	const void *statement;
	size_t statement_len;
	const void *kernel;
	size_t kernel_len;
	const void *initrd;
	size_t initrd_len;
};

/**
 * osti_fit_load() - read a slot's boot image
 * @slot:	the slot; the file is <name of the slot>.itb on the boot disk
 * @img:	result
 *
 * Nothing of it is verified: the monitor does that.
 *
 * Return: 0 or negative errno
 */
int osti_fit_load(const struct osti_slot *slot, struct osti_fit *img);

/**
 * osti_fit_memory() - where a boot image is put
 * @room:	result: bytes that are there, for what is unpacked of it, too
 * Return: its start
 */
void *osti_fit_memory(size_t *room);

/**
 * osti_fit_parse() - find the parts of a boot image
 * @name:	what it is called in messages
 * @len:	bytes of it, which lie at osti_fit_memory()
 * @img:	result
 *
 * Nothing of it is verified: the monitor does that.
 *
 * Return: 0 or negative errno
 */
int osti_fit_parse(const char *name, size_t len, struct osti_fit *img);

#endif /* _OSTI_BM_FIT_H */
