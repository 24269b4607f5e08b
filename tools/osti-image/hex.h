/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hex.h - hexadecimal digits
 */
#ifndef HEX_H
#define HEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Exactly 2 * nr digits become nr bytes; else the result is false. */
bool hex_decode(const char *text, size_t digits, uint8_t *out, size_t nr);

/* nr bytes become 2 * nr digits and a NUL. */
void hex_encode(const uint8_t *bytes, size_t nr, char *text);

#endif /* HEX_H */
