/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * blake2b.h - BLAKE2b-256 of one block, for the chains of events
 *
 * RFC 7693.
 */
#ifndef PAYLOAD_BLAKE2B_H
#define PAYLOAD_BLAKE2B_H

#include <stdint.h>

/* @bytes <= 128 and a multiple of 8; @out may be @in. */
void blake2b_256(const uint64_t *in, unsigned int bytes, uint64_t out[4]);

#endif /* PAYLOAD_BLAKE2B_H */
