/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * image.h - benches of hibernation images
 */
#ifndef BENCH_IMAGE_H
#define BENCH_IMAGE_H

#include "phone.h"

/**
 * bench_images() - images of ours and of Linux, in turn; and on this host
 * @image_bytes: median of our image of "personal".
 *
 * Return: a device for bench_init_on_free(); the caller stops it.
 */
struct phone *bench_images(double *image_bytes);

/**
 * bench_init_on_free() - what the kernel's option init_on_free=1 costs and saves
 * @ph:	device with bench/boot/image.img, "personal" at the console, "work" not
 *	started yet; is off afterwards.
 * @bytes: median of the image of "personal", with the option.
 */
void bench_init_on_free(struct phone *ph, double bytes);

/**
 * image_phone_start() - a device with bench/boot/image.img, "personal" is up
 * @name:	as struct device_options has it.
 */
struct phone *image_phone_start(const char *name);

/**
 * image_store() - hibernate all, until the device is off
 * @id:	the command, for workload_answer().
 */
void image_store(struct phone *ph, int *id);

#endif /* BENCH_IMAGE_H */
