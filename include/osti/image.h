/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * osti/image.h - format of a hibernation image
 *
 * The contract of everybody who writes, reads, stores or carries an image;
 * docs/image-format.md tells the whole of it. This header names the numbers.
 * It includes only abi.h and may be included from C and assembly.
 *
 *   file     header | table | sealed manifest | chunk 0 | chunk 1 | ...
 *   header   4096 bytes, plain: says where things are and whose image it is.
 *            The monitor's own MAC covers all of it.
 *   table    plain: id, digest and stored bytes of each chunk, so that whoever
 *            carries images can tell which chunks he has. The manifest covers it.
 *   manifest how to resume, which pages are not zero, where chunks belong
 *   chunk    1 to 64 of those pages
 *
 * No padding, no gap, nothing behind the last chunk. Numbers are little-endian.
 * "Sealed" is ChaCha20-Poly1305 (RFC 8439) with nonce 0 and a key that is used
 * for this one content, followed by its tag.
 */
#ifndef OSTI_IMAGE_H
#define OSTI_IMAGE_H

#include <osti/abi.h>

#define OSTI_IMAGE_VERSION	2

#define OSTI_IMAGE_PAGE		4096
/* Bytes of keys, ids, digests and the platform fingerprint. */
#define OSTI_IMAGE_HASH		32
/* Bytes of a tag, and of a device id. */
#define OSTI_IMAGE_TAG		16
#define OSTI_IMAGE_DEVICE	16
/* Bytes of a slot's disk key. */
#define OSTI_DISK_KEY_BYTES	64
/* Bytes of a slot key's public name. */
#define OSTI_IMAGE_SLOT_ID	16

/* ---- Limits ---------------------------------------------------------------- */

/* Bytes of a partition: a multiple of the first, at most the second, 32 GiB. */
#define OSTI_IMAGE_PARTITION_UNIT	0x200000
#define OSTI_IMAGE_PARTITION_MAX	0x800000000
/*
 * Bytes of a manifest before it is sealed: at least those of the smallest
 * partition without anything in it.
 */
#define OSTI_IMAGE_MANIFEST_MIN \
	(OSTI_IMAGE_M_FIXED + OSTI_IMAGE_R_FIXED + \
	 OSTI_IMAGE_PARTITION_UNIT / OSTI_IMAGE_PAGE / 8)
#define OSTI_IMAGE_MANIFEST_MAX	0xa00000
/* Bytes of the resume record. */
#define OSTI_IMAGE_RECORD_MAX	8192
/* Bytes of the interrupt controller's state. */
#define OSTI_IMAGE_GIC_MAX	4096
#define OSTI_IMAGE_ATTACHMENTS_MAX	16
/* No chunk has pages on both sides of a multiple of this. */
#define OSTI_IMAGE_SEGMENT	0x1000000
/* Pages of a chunk; the last of a segment may have fewer than the minimum. */
#define OSTI_IMAGE_CHUNK_MIN	8
#define OSTI_IMAGE_CHUNK_MAX	64
/* A chunk ends after a page whose hash has these bits of byte 0 all clear. */
#define OSTI_IMAGE_CUT_MASK	0x0f

/* ---- Header: offsets in the file -------------------------------------------- */

#define OSTI_IMAGE_HEADER	4096	/* bytes */
#define OSTI_IMAGE_MAGIC	"OSTI-IM2"
#define OSTI_IMAGE_MAGIC_1	"OSTI-IM1"	/* that of version 1 */

#define OSTI_IMAGE_H_MAGIC	0	/* 8 bytes */
#define OSTI_IMAGE_H_VERSION	8	/* u32 */
#define OSTI_IMAGE_H_SLOT	12	/* u32, 1 .. OSTI_MAX_SLOTS */
#define OSTI_IMAGE_H_GENERATION	16	/* u64, from 1 */
#define OSTI_IMAGE_H_SAVED_AT	24	/* u64, seconds since 1970 (UTC) */
#define OSTI_IMAGE_H_NAME	32	/* OSTI_NAME_LEN bytes, as in abi.h */
#define OSTI_IMAGE_H_DEVICE	48	/* 16 bytes */
#define OSTI_IMAGE_H_MANIFEST_BYTES 64	/* u64, with the tag */
#define OSTI_IMAGE_H_CHUNKS_BYTES 72	/* u64, all chunks, with their tags */
#define OSTI_IMAGE_H_CHUNKS	80	/* u32, entries of the table */
#define OSTI_IMAGE_H_ZERO_1	84	/* u32, zero */
#define OSTI_IMAGE_H_MANIFEST_ID 88	/* 32 bytes */
#define OSTI_IMAGE_H_RECORD_ID	120	/* 32 bytes, of the resume record */
#define OSTI_IMAGE_H_MAC	152	/* 32 bytes, of all else of the header */
#define OSTI_IMAGE_H_ZERO	184	/* zero from here to the end */

/* ---- Table: offsets in an entry ---------------------------------------------- */

#define OSTI_IMAGE_T_ID		0	/* 32 bytes, a keyed hash of its pages */
#define OSTI_IMAGE_T_DIGEST	32	/* 32 bytes, of what is sealed */
#define OSTI_IMAGE_T_STORED	64	/* u32, bytes in the file, with the tag */
#define OSTI_IMAGE_T_ENTRY	68	/* bytes of an entry */

/* ---- Manifest: offsets in its plaintext -------------------------------------- */

#define OSTI_IMAGE_M_PAGES	0	/* u64, pages that are not zero */
#define OSTI_IMAGE_M_RECORD_BYTES 8	/* u32, a multiple of 8 */
#define OSTI_IMAGE_M_ZERO	12	/* u32, zero */
#define OSTI_IMAGE_M_FIXED	16	/* here begins the first of: */
/*
 * record    RECORD_BYTES bytes, below
 * bitmap    a bit for a page of the partition, bit 0 of byte 0 is the first;
 *           1 = not zero
 * layout    an entry for each chunk: where its pages belong
 */
#define OSTI_IMAGE_L_FIRST	0	/* u32, its first page: IPA offset / 4096 */
#define OSTI_IMAGE_L_PAGES	4	/* u8 */
#define OSTI_IMAGE_L_ZERO	5	/* 3 bytes, zero */
#define OSTI_IMAGE_L_ENTRY	8	/* bytes of an entry */

/* ---- Resume record: what the monitor itself says, and wants to know again ---- */

#define OSTI_IMAGE_R_PARTITION	0	/* u64, bytes of the partition */
#define OSTI_IMAGE_R_ENTRY	8	/* u64, IPA, a multiple of 4 */
#define OSTI_IMAGE_R_ARG	16	/* u64, x0 at the entry */
#define OSTI_IMAGE_R_FROZEN_AT	24	/* u64, seconds since 1970 (UTC) */
#define OSTI_IMAGE_R_COUNTER	32	/* u64, counter when it was frozen */
#define OSTI_IMAGE_R_START	40	/* u64, version it was started by, or 0 */
#define OSTI_IMAGE_R_CPU	48	/* u32, index of the CPU to resume on */
#define OSTI_IMAGE_R_KIND	52	/* u16, OSTI_IMAGE_LOCAL or _COPY */
#define OSTI_IMAGE_R_FLAGS	54	/* u16, OSTI_IMAGE_F_*, no others */
#define OSTI_IMAGE_R_ATTACHMENTS 56	/* u32 */
#define OSTI_IMAGE_R_GIC_BYTES	60	/* u32 */
#define OSTI_IMAGE_R_PLATFORM	64	/* 32 bytes */
#define OSTI_IMAGE_R_FIXED	96	/* here begins the first of: */
/*
 * attachments                    ATTACHMENTS entries
 * interrupt controller's state   GIC_BYTES bytes
 * zeroes                         up to a multiple of 8
 */
#define OSTI_IMAGE_A_KIND	0	/* u32, not 0 */
#define OSTI_IMAGE_A_ZERO	4	/* u32, zero */
#define OSTI_IMAGE_A_BYTES	8	/* u64 */
#define OSTI_IMAGE_A_DIGEST	16	/* 32 bytes */
#define OSTI_IMAGE_A_ENTRY	48	/* bytes of an entry */

/* The slot's disk; how its digest is made: docs/repository-format.md. */
#define OSTI_ATTACH_DISK	1
/* Bytes of the disk that a block digest is of. */
#define OSTI_DISK_BLOCK		0x40000

#define OSTI_IMAGE_LOCAL	0	/* resumed once, on its own device */
#define OSTI_IMAGE_COPY		1	/* may go on anywhere its slot key is */

/* Its start may ask for the slot's disk key: OSTI_START_F_DISK_KEY */
#define OSTI_IMAGE_F_DISK_KEY	(1 << 0)
#define OSTI_IMAGE_F_ALL	OSTI_IMAGE_F_DISK_KEY

/* ---- Chunk: what is sealed ---------------------------------------------------- */

#define OSTI_IMAGE_C_CODEC	0	/* u8, how pages became bytes */
#define OSTI_IMAGE_C_PAGES	1	/* u8, 1 .. OSTI_IMAGE_CHUNK_MAX */
#define OSTI_IMAGE_C_ZERO	2	/* 6 bytes, zero */
#define OSTI_IMAGE_C_DATA	8	/* here the bytes begin */
/* Most bytes of a stored chunk: one that no codec makes smaller. */
#define OSTI_IMAGE_STORED_MAX \
	(OSTI_IMAGE_C_DATA + OSTI_IMAGE_CHUNK_MAX * OSTI_IMAGE_PAGE + \
	 OSTI_IMAGE_TAG)

/*
 * A number stands for how to undo it. How well a writer compresses is its own
 * matter: other output has another digest, and so another key.
 */
#define OSTI_IMAGE_CODEC_RAW	0	/* as they are */
#define OSTI_IMAGE_CODEC_LZ4	1	/* a block of LZ4 */
#define OSTI_IMAGE_CODEC_ZSTD	2	/* a frame of zstd */
#define OSTI_IMAGE_CODECS	3

/* What a chunk's tag covers besides its bytes: this, and 8 zeroes. */
#define OSTI_IMAGE_AAD_MAGIC	"OSTI-CH2"
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
#define OSTI_IMAGE_E_GIC	(-14)	/* interrupt controller's state is not one */
#define OSTI_IMAGE_E_BITMAP	(-15)	/* bitmap and number of pages disagree */
#define OSTI_IMAGE_E_TABLE	(-16)	/* the table contradicts bitmap or header */
/* A chunk. */
#define OSTI_IMAGE_E_INDEX	(-17)	/* there is no chunk of that number */
#define OSTI_IMAGE_E_CHUNK_SIZE	(-18)	/* not as long as the table says */
#define OSTI_IMAGE_E_CHUNK_TAG	(-19)	/* altered, or another chunk */
#define OSTI_IMAGE_E_DECOMPRESS	(-20)	/* does not decompress to its pages */
#define OSTI_IMAGE_E_CHUNK_ID	(-21)	/* its id is not that of its content */
/* The caller's own. */
#define OSTI_IMAGE_E_SPACE	(-22)	/* a buffer is too small */
/* Since version 2. */
#define OSTI_IMAGE_E_OLD	(-23)	/* version 1, which is not read any more */
#define OSTI_IMAGE_E_RECORD	(-24)	/* resume record altered or impossible */
#define OSTI_IMAGE_E_KIND	(-25)	/* not the kind that is wanted */
#define OSTI_IMAGE_E_CHANGED	(-26)	/* a page changed while it was saved */
#define OSTI_IMAGE_E_ENGINE	(-27)	/* the image engine failed on it */
#define OSTI_IMAGE_E_ATTACHED	(-28)	/* attachments are not those it has */
#define OSTI_IMAGE_E_LAST	OSTI_IMAGE_E_ATTACHED

#endif /* OSTI_IMAGE_H */
