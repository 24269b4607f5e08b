/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * common.h - of U-Boot, as far as what is tested here needs it
 */
#ifndef TEST_BOOT_COMMON_H
#define TEST_BOOT_COMMON_H

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

typedef uint8_t u8;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int64_t s64;

#define __printf(format_at, args_at) \
	__attribute__((format(printf, format_at, args_at)))

/* U-Boot's console; the second one adds no newline. */
#undef putc
#define putc(c)	putchar(c)
#undef puts
#define puts(s)	fputs(s, stdout)

#endif /* TEST_BOOT_COMMON_H */
