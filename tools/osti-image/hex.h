/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hex.h - hexadecimal digits, as people type them
 */
#ifndef HEX_H
#define HEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Exactly 2 * nr digits become nr bytes; else the result is false. */
bool hex_read(const char *text, size_t digits, uint8_t *out, size_t nr);

#endif /* HEX_H */
