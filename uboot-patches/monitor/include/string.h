/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * string.h - the few functions of C's <string.h> that the monitor has
 *
 * Compilers call them by these names. On the host the C library has them.
 */
#ifndef OSTI_MONITOR_STRING_H
#define OSTI_MONITOR_STRING_H

#include <stddef.h>

void *memcpy(void *restrict dst, const void *restrict src, size_t n);
void *memmove(void *dst, const void *src, size_t n);
void *memset(void *dst, int c, size_t n);
int memcmp(const void *a, const void *b, size_t n);

#endif /* OSTI_MONITOR_STRING_H */
