/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hex.h - digests as text
 */
#ifndef SWITCHD_HEX_H
#define SWITCHD_HEX_H

#include <stddef.h>
#include <stdint.h>

/* Writes 2 * n hexadecimal digits and a NUL to text. */
void hex_encode(const uint8_t *bytes, size_t n, char *text);

/*
 * Reads exactly 2 * n hexadecimal digits.
 * Return: 0, or -EINVAL when the text is shorter, longer or something else.
 */
int hex_decode(const char *text, uint8_t *bytes, size_t n);

#endif /* SWITCHD_HEX_H */
