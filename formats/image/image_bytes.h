/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * image_bytes.h - little-endian numbers at byte offsets
 *
 * No alignment is needed. Nothing checks a length: the caller has.
 */
#ifndef IMAGE_BYTES_H
#define IMAGE_BYTES_H

#include <stdint.h>

static inline uint16_t image_get16(const uint8_t *p)
{
	return p[0] | p[1] << 8;
}

static inline uint32_t image_get32(const uint8_t *p)
{
	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
	       (uint32_t)p[3] << 24;
}

static inline uint64_t image_get64(const uint8_t *p)
{
	return image_get32(p) | (uint64_t)image_get32(p + 4) << 32;
}

static inline void image_put16(uint8_t *p, uint16_t val)
{
	p[0] = val;
	p[1] = val >> 8;
}

static inline void image_put32(uint8_t *p, uint32_t val)
{
	p[0] = val;
	p[1] = val >> 8;
	p[2] = val >> 16;
	p[3] = val >> 24;
}

static inline void image_put64(uint8_t *p, uint64_t val)
{
	image_put32(p, val);
	image_put32(p + 4, val >> 32);
}

#endif /* IMAGE_BYTES_H */
