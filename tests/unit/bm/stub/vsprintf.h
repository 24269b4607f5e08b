/* SPDX-License-Identifier: GPL-2.0-or-later */
/* vsprintf.h - of U-Boot, as far as what is tested here needs it */
unsigned long dectoul(const char *cp, char **endp);
