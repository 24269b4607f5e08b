/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * image_codec.h - compress and decompress the pages of a chunk
 *
 * LZ4 and zstd as Debian's source packages have them, without heap: all state
 * is in a struct image_codec of the caller, and nothing of it is needed from
 * one call to the next.
 */
#ifndef IMAGE_CODEC_H
#define IMAGE_CODEC_H

#include <stddef.h>
#include <stdint.h>

#include <osti/image.h>

/* Enough for each codec in both directions; image_codec.c asserts it. */
#define IMAGE_CODEC_STATE	(800 * 1024)

struct image_codec {
	uint8_t state[IMAGE_CODEC_STATE] __attribute__((aligned(64)));
};

/*
 * Compress bytes (pages, at most OSTI_IMAGE_CHUNK_MAX) by OSTI_IMAGE_CODEC_*, not
 * _RAW, to at most room bytes at @to. level is zstd's own, 1 .. IMAGE_ZSTD_MAX,
 * the highest a little harder than zstd has it;
 * LZ4 has none.
 * Returns how many there are, or 0 if they do not fit.
 */
#define IMAGE_ZSTD_MAX		3
size_t image_codec_pack(struct image_codec *c, uint8_t codec, int level,
			const uint8_t *from, size_t bytes, uint8_t *to,
			size_t room);

/*
 * Decompress what may be anything to exactly bytes at @to, at most those of a
 * chunk.
 * Returns OSTI_IMAGE_OK or OSTI_IMAGE_E_DECOMPRESS, also for _RAW and a codec
 * that there is not; bytes at @to are without meaning then.
 */
int image_codec_unpack(struct image_codec *c, uint8_t codec,
		       const uint8_t *from, size_t from_bytes, uint8_t *to,
		       size_t bytes);

#endif /* IMAGE_CODEC_H */
