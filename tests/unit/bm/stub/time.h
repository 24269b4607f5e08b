/* SPDX-License-Identifier: GPL-2.0-or-later */
/* time.h - of U-Boot, as far as what is tested here needs it */
#include_next <time.h>

unsigned long get_timer(unsigned long base);
u64 get_ticks(void);
