/* SPDX-License-Identifier: GPL-2.0-or-later */
/* console.h - of U-Boot, as far as what is tested here needs it */
int tstc(void);
int ctrlc(void);
#undef getchar
#define getchar	uboot_getchar
int uboot_getchar(void);
