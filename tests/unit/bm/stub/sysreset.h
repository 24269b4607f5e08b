/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sysreset.h - of U-Boot, as far as what is tested here needs it */
enum sysreset_t { SYSRESET_POWER_OFF };

int sysreset_walk(enum sysreset_t type);
