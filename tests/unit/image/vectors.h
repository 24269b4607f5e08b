/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vectors.h - read the text files of tests/unit/image/vectors
 *
 * A missing file, name or a value of another kind fails the test.
 */
#ifndef VECTORS_H
#define VECTORS_H

#include "test.h"

struct vectors {
	char *text;
};

/* From the directory that VECTORS_DIR names. */
void vectors_open(struct vectors *v, const char *file);
void vectors_close(struct vectors *v);

/* The value of a name, up to its end of line; NULL if it is not there. */
const char *vectors_find(const struct vectors *v, const char *name);
uint64_t vectors_number(const struct vectors *v, const char *name);
/* Hexadecimal. Returns the number of bytes; more than max is an error. */
size_t vectors_hex(const struct vectors *v, const char *name, uint8_t *out,
		   size_t max);
/* Is the value of that name these bytes? */
void vectors_compare(const struct vectors *v, const char *name,
		     const uint8_t *bytes, size_t nr);

#endif /* VECTORS_H */
