/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * print.h - text on the console
 */
#ifndef PAYLOAD_PRINT_H
#define PAYLOAD_PRINT_H

#include <stdarg.h>
#include <stddef.h>

void uart_init(void);
void uart_puts(const char *s);

/* %s %c %d %u %x with "l", zero padding and width. Cut at @bytes - 1. */
void vformat(char *buf, size_t bytes, const char *fmt, va_list args);

void print(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif /* PAYLOAD_PRINT_H */
