/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * imagefile.h - the images in a device's store, by osti-image and the device's
 * root key
 */
#ifndef BENCH_IMAGEFILE_H
#define BENCH_IMAGEFILE_H

#include <jansson.h>

#include "phone.h"

/**
 * struct imagefile - what an image consists of
 * @bytes:	of the whole image.
 * @front:	of them, header, table and manifest.
 * @ram:	bytes of the pages that are not zero.
 * @zstd1:	the same pages through "zstd -1" as one stream.
 * @chunks:	stored bytes of each chunk, by its id.
 */
struct imagefile {
	double bytes, front, ram, zstd1;
	json_t *chunks;
};

/** imagefile_read() - the newest image of a slot, while the device is off. */
void imagefile_read(struct phone *ph, int slot, struct imagefile *f);

/**
 * imagefile_moved() - bytes of an image that a receiver needs
 * @old: an image that the receiver has.
 */
double imagefile_moved(const struct imagefile *f, const struct imagefile *old);

/** imagefile_unpack() - the memory in a slot's newest image, into a file. */
void imagefile_unpack(struct phone *ph, int slot, const char *path);

/** imagefile_free() - free what imagefile_read() made. */
void imagefile_free(struct imagefile *f);

/** imagefile_host_bench() - the object that "osti-image bench --json" prints. */
json_t *imagefile_host_bench(void);

#endif /* BENCH_IMAGEFILE_H */
