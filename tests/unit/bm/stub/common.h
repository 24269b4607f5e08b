/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * common.h - of U-Boot, as far as the boot manager needs it
 */
#include_next <common.h>
#include <linux/kernel.h>
#include <sys/types.h>

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

/* Of OSTI_SHELL alone, which nobody sets here. */
#define IS_ENABLED(CONFIG_option)	false

/* The console is uboot.c's: a person reads it. */
#undef printf
#undef puts
#undef putc
#define printf(...)		uboot_printf(__VA_ARGS__)
#define vprintf(fmt, args)	uboot_vprintf(fmt, args)
#define puts(s)			uboot_printf("%s", s)
#define putc(c)			uboot_printf("%c", c)

void uboot_printf(const char *fmt, ...);
void uboot_vprintf(const char *fmt, va_list args);
