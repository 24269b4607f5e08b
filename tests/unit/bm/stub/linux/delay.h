/* SPDX-License-Identifier: GPL-2.0-or-later */
/* linux/delay.h - of U-Boot, as far as what is tested here needs it */
void udelay(unsigned long usec);
void mdelay(unsigned long msec);
