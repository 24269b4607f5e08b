/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * engine_abi.h - the contract of switch monitor and image engine
 *
 * The engine makes and opens hibernation images (formats/image). It runs at EL0
 * with stage 1 off, under a stage 2 table of its own that has nothing but
 *
 *   its code                      read and execute
 *   its memory                    read and write
 *   the partition of the slot     read (export), or read and write (import)
 *
 * and has the image keys of that slot, no others. Whatever it does is between
 * that slot and itself: the monitor believes none of its results, but bounds
 * every number, and takes only sealed bytes, or what it can prove by a MAC.
 *
 * A job begins at ENGINE_CODE_IPA with
 *   x0 ENGINE_OP_*   x1..x3 its arguments   x4 number of the worker
 *   SP the top of that worker's stack
 * and ends by SVC #0 with
 *   x0 OSTI_IMAGE_*  x1..x3 its results
 * Any other exception is a fault: the image has failed (OSTI_IMAGE_E_ENGINE).
 * Between jobs nothing is kept in registers; what jobs share is in the engine's
 * memory. At any time the monitor may take the CPU away and give it back later,
 * maybe another one. Jobs of different workers run at the same time; which may,
 * is said at each.
 *
 * The code is loaded at power-on; nobody writes to it after that.
 *
 * The monitor zeroes the memory before the first job of an image and after its
 * last.
 */
#ifndef ENGINE_ABI_H
#define ENGINE_ABI_H

/* IPAs. Offsets below count from the engine's RAM, which begins with its code. */
#define ENGINE_CODE_IPA		0x40000000
#define ENGINE_PARTITION_IPA	0x1000000000

/*
 * Code and constants: a program in flash of at most that many bytes, with this
 * magic and load offset 0 in its header (the monitor's flash.h).
 */
#define ENGINE_CODE_BYTES	0x200000
#define ENGINE_MAGIC		"OSTI-EN1"
/* Then its variables, which the linker places and nobody initialises. */
#define ENGINE_BSS		0x200000
#define ENGINE_BSS_BYTES	0x10000
/* What the monitor says of the image: struct engine_desk. */
#define ENGINE_DESK		0x210000
/* The resume record to be sealed, at most OSTI_IMAGE_RECORD_MAX bytes. */
#define ENGINE_RECORD		0x211000
/* For each worker a stack, which grows down to its start, and a work area. */
#define ENGINE_WORKER(n)	(0x220000 + (n) * ENGINE_WORKER_BYTES)
#define ENGINE_WORKER_BYTES	0x180000
#define ENGINE_STACK_BYTES	0x10000
#define ENGINE_WORKERS		8
/* Stored chunks on their way, in places of their own. */
#define ENGINE_RING(n)		(0xe20000 + (n) * ENGINE_RING_BYTES)
#define ENGINE_RING_BYTES	0x41000
#define ENGINE_RING_PLACES	32
/* The table, as large as the largest partition needs it, then the manifest. */
#define ENGINE_TABLE		ENGINE_RING(ENGINE_RING_PLACES)

#ifndef __ASSEMBLER__

#include <stdint.h>

#include <osti/image.h>

#include "image_chunk.h"
#include "image_keys.h"
#include "image_manifest.h"

/*
 * Written by the monitor before the first job, and the record's bytes also before
 * ENGINE_OP_RESEAL.
 */
struct engine_desk {
	struct image_keys keys;
	struct image_packing packing;
	uint32_t record_bytes;		/* to be sealed: at ENGINE_RECORD */
	uint64_t manifest;		/* offset of the manifest's buffer */
	/* The header's of what is opened. The engine's, after it has sealed. */
	uint8_t manifest_id[OSTI_IMAGE_HASH];
};

_Static_assert(sizeof(struct engine_desk) <= ENGINE_RECORD - ENGINE_DESK,
	       "the desk fits its page");
_Static_assert(OSTI_IMAGE_RECORD_MAX <= ENGINE_WORKER(0) - ENGINE_RECORD,
	       "the record fits");
_Static_assert(OSTI_IMAGE_STORED_MAX <= ENGINE_RING_BYTES,
	       "a chunk fits its place");
_Static_assert(sizeof(struct image_work) <=
	       ENGINE_WORKER_BYTES - ENGINE_STACK_BYTES, "a work area fits");

/* Bytes of the engine's RAM for partitions of at most that many bytes. */
#define ENGINE_BYTES(largest) \
	((ENGINE_TABLE + IMAGE_TABLE_MAX(largest) + 4096 + \
	  IMAGE_MANIFEST_MAX(largest) + OSTI_IMAGE_TAG + 0x1fffff) & \
	 ~0x1fffffULL)
/* Where engine_desk.manifest points to then. */
#define ENGINE_MANIFEST(largest) \
	((ENGINE_TABLE + IMAGE_TABLE_MAX(largest) + 4095) & ~4095ULL)

enum engine_op {
	/* ---- Export, in this order ------------------------------------------ */
	/* Begin, alone. -> x1 segments */
	ENGINE_OP_EXPORT = 1,
	/* Look at a segment: x1 its number. Any number at the same time. */
	ENGINE_OP_SCAN,
	/*
	 * All segments were looked at, alone.
	 *   -> x1 pages that are not zero  x2 chunks  x3 bytes of the manifest
	 *      with its tag
	 */
	ENGINE_OP_FINISH,
	/*
	 * Seal a chunk: x1 its number, x2 a place of the ring. Any number at the
	 * same time, for different chunks and places. -> x1 stored bytes
	 */
	ENGINE_OP_CHUNK,
	/*
	 * Each chunk is made; or the receiver has it, and the monitor wrote its
	 * stored bytes and digest into the table. Alone. -> x1 bytes of all chunks
	 */
	ENGINE_OP_SEAL,

	/* ---- Import, in this order ------------------------------------------ */
	/*
	 * Table and manifest are in their places: open, alone. x1 bytes of the
	 * manifest with its tag, x2 chunks, x3 bytes of all chunks.
	 *   -> x1 pages that are not zero
	 * The monitor finds the resume record in the manifest then.
	 */
	ENGINE_OP_OPEN,
	/*
	 * A chunk is in the ring: x1 its number, x2 the place, x3 bytes. Any
	 * number at the same time, for different chunks and places.
	 */
	ENGINE_OP_PLACE,

	/* ---- Export of an image that is stored, after ENGINE_OP_OPEN ---------- */
	/*
	 * Seal the manifest anew, alone: with the record at ENGINE_RECORD, and
	 * with the table as it is now.
	 *   -> x1 bytes of all chunks  x2 bytes of the manifest with its tag
	 */
	ENGINE_OP_RESEAL,
	ENGINE_OPS
};

#endif /* __ASSEMBLER__ */
#endif /* ENGINE_ABI_H */
