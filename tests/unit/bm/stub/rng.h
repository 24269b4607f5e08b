/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rng.h - of U-Boot, as far as what is tested here needs it */
int dm_rng_read(struct udevice *dev, void *buf, size_t bytes);
