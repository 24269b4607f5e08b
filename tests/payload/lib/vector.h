/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vector.h - the SIMD registers, which compilers do not touch here
 */
#ifndef PAYLOAD_VECTOR_H
#define PAYLOAD_VECTOR_H

#include <stdint.h>

/* Both halves of Qn become word + n. */
void vector_fill(uint64_t word);
void vector_read(uint64_t words[64]);

#endif /* PAYLOAD_VECTOR_H */
