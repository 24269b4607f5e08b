/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz.h - what the fuzz targets share
 *
 * A target is one LLVMFuzzerTestOneInput(); libFuzzer or replay.c calls it.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A finding: fuzzers look for a crash. The monitor's is for its own bugs. */
#undef CHECK
#define CHECK(cond)							\
	do {								\
		if (!(cond)) {						\
			fprintf(stderr, "%s:%d: not true: %s\n",	\
				__FILE__, __LINE__, #cond);		\
			abort();					\
		}							\
	} while (0)

/*
 * A copy with nothing behind it, so that a sanitizer sees who reads too far;
 * free() it.
 */
static inline uint8_t *fuzz_copy(const uint8_t *from, size_t bytes)
{
	uint8_t *copy = malloc(bytes ? bytes : 1);

	CHECK(copy);
	if (bytes)
		memcpy(copy, from, bytes);
	return copy;
}

#endif /* FUZZ_H */
