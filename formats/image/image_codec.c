// SPDX-License-Identifier: GPL-2.0-only
/*
 * image_codec.c - compress and decompress the pages of a chunk
 */
#include "image_codec.h"

#include <stdbool.h>

#define ZSTD_STATIC_LINKING_ONLY
#include <lz4.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "log.h"

_Static_assert(IMAGE_CODEC_STATE >= sizeof(LZ4_stream_t),
	       "room for LZ4's state");

/*
 * Tables of that many bits are enough for a chunk. Level 3 would take twice as
 * much, which is not worth its place in every worker's memory. It looks for
 * matches of 5 bytes, which is for other data: with 4, memory gets 1.6 % smaller in
 * the same time, as small as with level 4, which takes longer.
 */
#define ZSTD_TABLE_BITS	15
#define ZSTD_MATCH	4

static size_t pack_lz4(struct image_codec *c, const uint8_t *from, size_t bytes,
		       uint8_t *to, size_t room)
{
	return LZ4_compress_fast_extState(c->state, (const char *)from,
					  (char *)to, bytes, room, 1);
}

static void zstd_set(ZSTD_CCtx *zstd, ZSTD_cParameter what, int value)
{
	CHECK(!ZSTD_isError(ZSTD_CCtx_setParameter(zstd, what, value)));
}

static size_t pack_zstd(struct image_codec *c, int level, const uint8_t *from,
			size_t bytes, uint8_t *to, size_t room)
{
	ZSTD_CCtx *zstd = ZSTD_initStaticCCtx(c->state, sizeof(c->state));
	size_t packed;

	ASSERT(zstd);
	zstd_set(zstd, ZSTD_c_compressionLevel, level);
	if (level == IMAGE_ZSTD_MAX) {
		zstd_set(zstd, ZSTD_c_minMatch, ZSTD_MATCH);
		zstd_set(zstd, ZSTD_c_hashLog, ZSTD_TABLE_BITS);
		zstd_set(zstd, ZSTD_c_chainLog, ZSTD_TABLE_BITS);
	}
	packed = ZSTD_compress2(zstd, to, room, from, bytes);
	if (!ZSTD_isError(packed))
		return packed;
	/* Anything else would be a state that is too small. */
	ASSERT(ZSTD_getErrorCode(packed) == ZSTD_error_dstSize_tooSmall);
	return 0;
}

size_t image_codec_pack(struct image_codec *c, uint8_t codec, int level,
			const uint8_t *from, size_t bytes, uint8_t *to,
			size_t room)
{
	ASSERT(bytes <= OSTI_IMAGE_CHUNK_MAX * OSTI_IMAGE_PAGE);
	if (codec == OSTI_IMAGE_CODEC_LZ4)
		return pack_lz4(c, from, bytes, to, room);
	ASSERT(codec == OSTI_IMAGE_CODEC_ZSTD);
	ASSERT(level >= 1 && level <= IMAGE_ZSTD_MAX);
	return pack_zstd(c, level, from, bytes, to, room);
}

/* One frame and nothing behind it. */
static size_t unpack_zstd(struct image_codec *c, const uint8_t *from,
			  size_t from_bytes, uint8_t *to, size_t bytes)
{
	ZSTD_DCtx *zstd = ZSTD_initStaticDCtx(c->state, sizeof(c->state));

	ASSERT(zstd);
	if (ZSTD_findFrameCompressedSize(from, from_bytes) != from_bytes)
		return 0;
	return ZSTD_decompressDCtx(zstd, to, bytes, from, from_bytes);
}

int image_codec_unpack(struct image_codec *c, uint8_t codec,
		       const uint8_t *from, size_t from_bytes, uint8_t *to,
		       size_t bytes)
{
	bool good = false;

	switch (codec) {
	case OSTI_IMAGE_CODEC_LZ4:
		good = LZ4_decompress_safe((const char *)from, (char *)to,
					   from_bytes, bytes) == (int)bytes;
		break;
	case OSTI_IMAGE_CODEC_ZSTD:
		/* An error is a number that is larger than any size. */
		good = unpack_zstd(c, from, from_bytes, to, bytes) == bytes;
		break;
	}
	return good ? OSTI_IMAGE_OK : OSTI_IMAGE_E_DECOMPRESS;
}
