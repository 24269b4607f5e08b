/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * store.h - the store disk as somebody sees it who has the disk in hands
 *
 * All offsets are from the start of the disk, in bytes. Most of it may also be
 * used while the device has power.
 */
#ifndef E2E_STORE_H
#define E2E_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "phone.h"

#define STORE_AREAS	2

/**
 * struct store_image - an image as its header tells of it
 * @at:		where it begins.
 * @generation:	its generation.
 * @table:	where its table begins.
 * @manifest:	where its sealed manifest begins.
 * @chunks:	where its chunks begin.
 * @end:	where they end.
 */
struct store_image {
	uint64_t at, generation, table, manifest, chunks, end;
};

/** store_area() - where an area (0 or 1) of a slot's partition begins. */
uint64_t store_area(struct phone *ph, int slot, int area);

/**
 * store_image() - read the header in an area
 *
 * Return: false if there is none.
 */
bool store_image(struct phone *ph, int slot, int area,
		 struct store_image *image);

/** store_newest() - the newest of a slot's images, of which there must be one. */
struct store_image store_newest(struct phone *ph, int slot);

/** store_write() - overwrite what is there. */
void store_write(struct phone *ph, uint64_t at, const void *bytes, size_t len);

/** store_flip() - flip one bit of a byte. */
void store_flip(struct phone *ph, uint64_t at);

/** store_find() - how often a text stands anywhere on the disk. */
int store_find(struct phone *ph, const char *text);

/**
 * store_wait_written() - wait until the device has written to the store
 * @bytes:	how many bytes, counted from the call on.
 */
void store_wait_written(struct phone *ph, uint64_t bytes);

/** store_wait_read() - the same for reading. */
void store_wait_read(struct phone *ph, uint64_t bytes);

#endif /* E2E_STORE_H */
