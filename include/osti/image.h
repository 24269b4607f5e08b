/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * osti/image.h - format of a hibernation image
 *
 * The contract of everybody who writes, reads, stores or carries an image;
 * docs/image-format.md tells the whole of it. This header names the numbers.
 * It includes only abi.h and may be included from C and assembly.
 *
 *   file     header | sealed manifest | chunk 0 | chunk 1 | ...
 *   header   4096 bytes, plain: says where things are and whose image it is.
 *            Nothing in it is to be trusted before the manifest was opened,
 *            which authenticates all of it.
 *   manifest how to resume, which pages are not zero, the table of chunks
 *   chunk    1 to 64 of those pages
 *
 * No padding, no gap, nothing behind the last chunk. Numbers are little-endian.
 * "Sealed" is ChaCha20-Poly1305 (RFC 8439) with nonce 0 and a key that is used
 * for this one content, followed by its tag.
 */
#ifndef OSTI_IMAGE_H
#define OSTI_IMAGE_H

#include <osti/abi.h>

#define OSTI_IMAGE_VERSION	1

#define OSTI_IMAGE_PAGE		4096
/* Bytes of keys, ids and the platform fingerprint, of a tag, of a device id. */
#define OSTI_IMAGE_HASH		32
#define OSTI_IMAGE_TAG		16
#define OSTI_IMAGE_DEVICE	16

/* ---- Limits ---------------------------------------------------------------- */

/* Bytes of a partition: a multiple of the first, at most the second. */
#define OSTI_IMAGE_PARTITION_UNIT	0x200000
#define OSTI_IMAGE_PARTITION_MAX	0x100000000
/* Bytes of a manifest before it is sealed. */
#define OSTI_IMAGE_MANIFEST_MAX	0x800000
/* Bytes of the interrupt controller's state. */
#define OSTI_IMAGE_GIC_MAX	0x10000
/* No chunk has pages on both sides of a multiple of this. */
#define OSTI_IMAGE_SEGMENT	0x1000000
/* Pages of a chunk; the last of a segment may have fewer than the minimum. */
#define OSTI_IMAGE_CHUNK_MIN	8
#define OSTI_IMAGE_CHUNK_MAX	64
/* A chunk ends after a page whose hash has these bits of byte 0 all clear. */
#define OSTI_IMAGE_CUT_MASK	0x0f

/* ---- Header: offsets in the file -------------------------------------------- */

#define OSTI_IMAGE_HEADER	4096	/* bytes */
#define OSTI_IMAGE_MAGIC	"OSTI-IM1"

#define OSTI_IMAGE_H_MAGIC	0	/* 8 bytes */
#define OSTI_IMAGE_H_VERSION	8	/* u32 */
#define OSTI_IMAGE_H_SLOT	12	/* u32, 1 .. OSTI_MAX_SLOTS */
#define OSTI_IMAGE_H_GENERATION	16	/* u64, from 1 */
#define OSTI_IMAGE_H_SAVED_AT	24	/* u64, seconds since 1970 (UTC) */
#define OSTI_IMAGE_H_NAME	32	/* OSTI_NAME_LEN bytes, as in abi.h */
#define OSTI_IMAGE_H_DEVICE	48	/* 16 bytes */
#define OSTI_IMAGE_H_MANIFEST_BYTES 64	/* u64, with the tag */
#define OSTI_IMAGE_H_CHUNKS_BYTES 72	/* u64, all chunks, with their tags */
#define OSTI_IMAGE_H_MANIFEST_ID 80	/* 32 bytes */
#define OSTI_IMAGE_H_ZERO	112	/* zero from here to the end */

/* ---- Manifest: offsets in its plaintext -------------------------------------- */

#define OSTI_IMAGE_M_PARTITION	0	/* u64, bytes of the partition */
#define OSTI_IMAGE_M_ENTRY	8	/* u64, IPA, a multiple of 4 */
#define OSTI_IMAGE_M_ARG	16	/* u64, x0 at the entry */
#define OSTI_IMAGE_M_FROZEN_AT	24	/* u64, seconds since 1970 (UTC) */
#define OSTI_IMAGE_M_COUNTER	32	/* u64, counter when it was frozen */
#define OSTI_IMAGE_M_PAGES	40	/* u64, pages that are not zero */
#define OSTI_IMAGE_M_CPU	48	/* u32, index of the CPU to resume on */
#define OSTI_IMAGE_M_CHUNKS	52	/* u32, entries of the table */
#define OSTI_IMAGE_M_GIC_BYTES	56	/* u32 */
#define OSTI_IMAGE_M_ZERO	60	/* u32, zero */
#define OSTI_IMAGE_M_PLATFORM	64	/* 32 bytes */
#define OSTI_IMAGE_M_FIXED	96	/* here begins the first of: */
/*
 * interrupt controller's state   GIC_BYTES bytes
 * bitmap                         a bit for a page of the partition, bit 0 of
 *                                byte 0 is the first; 1 = not zero
 * table                          CHUNKS entries
 */

/* ---- Table: offsets in an entry ---------------------------------------------- */

#define OSTI_IMAGE_T_ID		0	/* 32 bytes */
#define OSTI_IMAGE_T_FIRST	32	/* u32, its first page: IPA offset / 4096 */
#define OSTI_IMAGE_T_STORED	36	/* u32, bytes in the file, with the tag */
#define OSTI_IMAGE_T_PAGES	40	/* u8 */
#define OSTI_IMAGE_T_CODEC	41	/* u8 */
#define OSTI_IMAGE_T_ZERO	42	/* u16, zero */
#define OSTI_IMAGE_T_ENTRY	44	/* bytes of an entry */

/*
 * How a chunk's pages became bytes. A number stands for the exact output of a
 * compressor, not only for the way to undo it: a chunk is sealed with a key
 * that depends on the number, and the same key must never seal two outputs. A
 * compressor whose output may differ gets a new number.
 */
#define OSTI_IMAGE_CODEC_RAW	0	/* as they are */
#define OSTI_IMAGE_CODEC_LZ4	1	/* LZ4 1.9.4, table of 2^16 bytes, acceleration 1 */

/* ---- What a chunk's tag covers besides its bytes ------------------------------- */

#define OSTI_IMAGE_AAD_MAGIC	"OSTI-CH1"
#define OSTI_IMAGE_AAD_VERSION	8	/* u32 */
#define OSTI_IMAGE_AAD_PAGES	12	/* u8 */
#define OSTI_IMAGE_AAD_CODEC	13	/* u8 */
#define OSTI_IMAGE_AAD_ZERO	14	/* u16, zero */
#define OSTI_IMAGE_AAD		16	/* bytes */

/* ---- Why an image is refused ---------------------------------------------------- */

#define OSTI_IMAGE_OK		0
#define OSTI_IMAGE_AGAIN	1	/* not an error: call again, there is more */

/* The header, and whom the image is for. */
#define OSTI_IMAGE_E_MAGIC	(-1)	/* not an image */
#define OSTI_IMAGE_E_VERSION	(-2)	/* a version that is not known */
#define OSTI_IMAGE_E_TRUNCATED	(-3)	/* it ends too early */
#define OSTI_IMAGE_E_SIZE	(-4)	/* a size is out of its limits, or too long */
#define OSTI_IMAGE_E_RESERVED	(-5)	/* something that must be zero is not */
#define OSTI_IMAGE_E_SLOT	(-6)	/* of another slot */
#define OSTI_IMAGE_E_DEVICE	(-7)	/* of another device */
#define OSTI_IMAGE_E_GENERATION	(-8)	/* not the generation that may be resumed */
/* The manifest. */
#define OSTI_IMAGE_E_TAG	(-9)	/* header or manifest altered, or wrong key */
#define OSTI_IMAGE_E_MANIFEST_ID (-10)	/* its id is not that of its content */
#define OSTI_IMAGE_E_PARTITION	(-11)	/* for a partition of another size */
#define OSTI_IMAGE_E_PLATFORM	(-12)	/* of another platform */
#define OSTI_IMAGE_E_RESUME	(-13)	/* entry or CPU is impossible */
#define OSTI_IMAGE_E_GIC	(-14)	/* interrupt controller's state too long */
#define OSTI_IMAGE_E_BITMAP	(-15)	/* bitmap and number of pages disagree */
#define OSTI_IMAGE_E_TABLE	(-16)	/* the table contradicts bitmap or header */
/* A chunk. */
#define OSTI_IMAGE_E_INDEX	(-17)	/* there is no chunk of that number */
#define OSTI_IMAGE_E_CHUNK_SIZE	(-18)	/* not as long as the table says */
#define OSTI_IMAGE_E_CHUNK_TAG	(-19)	/* altered, or another chunk */
#define OSTI_IMAGE_E_DECOMPRESS	(-20)	/* not a block of LZ4 of its pages' size */
#define OSTI_IMAGE_E_CHUNK_ID	(-21)	/* its id is not that of its content */
/* The caller's own. */
#define OSTI_IMAGE_E_SPACE	(-22)	/* a buffer is too small */
#define OSTI_IMAGE_E_LAST	OSTI_IMAGE_E_SPACE

#endif /* OSTI_IMAGE_H */
