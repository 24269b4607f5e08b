/* SPDX-License-Identifier: GPL-2.0-or-later */
/* command.h - of U-Boot, as far as what is tested here needs it */
int do_reset(void *cmdtp, int flag, int argc, char *const argv[]);
