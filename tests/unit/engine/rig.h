/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rig.h - memory of the image engine on the build machine, and its monitor
 *
 * The partition is there twice: as the engine sees it, and as it is in memory
 * behind the cache. The two meet only where the engine flushes.
 */
#ifndef RIG_H
#define RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "jobs.h"

#define MIB		0x100000UL
#define PAGE		OSTI_IMAGE_PAGE

struct rig {
	uint64_t bytes;			/* of the partition */
	uint8_t *ram;			/* the engine's, as engine_abi.h has it */
	uint8_t *partition;		/* what the engine sees */
	uint8_t *memory;		/* what is behind the cache */
	bool import;
	uint64_t result[3];		/* of the last rig_job() */
	struct engine_state state;
};

/* An image, as whoever carries it has it. */
struct parts {
	uint64_t pages, chunks, manifest_bytes, chunks_bytes;
	uint8_t id[OSTI_IMAGE_HASH];
	uint8_t *manifest;		/* sealed */
	uint8_t *table;
	uint8_t **chunk;		/* NULL: not made, the receiver has it */
};

/*
 * An engine that nobody has begun with. For an export the engine's view of the
 * partition is noise, until it flushes; memory is zero. For an import the two are
 * zero, as the monitor gives them.
 */
void rig_init(struct rig *rig, uint64_t bytes, bool import);
void rig_free(struct rig *rig);

/* A job of a worker, alone. Its results are in rig->result. */
int rig_job(struct rig *rig, unsigned int worker, uint64_t op, uint64_t x1,
	    uint64_t x2, uint64_t x3);

/* Likewise in a thread of many: results to @arg, which has the arguments. */
int rig_worker_job(struct rig *rig, unsigned int worker, uint64_t op,
		   uint64_t arg[3]);

/* Memory that an OS could leave: text, noise and zeroes, by that seed. */
void rig_fill(struct rig *rig, uint64_t seed);

/* Export by one worker in order. The chunks of @had with an id of ours are had. */
void rig_export(struct rig *rig, const struct parts *had, struct parts *parts);
/* All of that, of a partition of its own that rig_fill() made. */
void rig_image(uint64_t bytes, uint64_t seed, struct parts *parts);
/* The steps of it; rig_begin() is EXPORT to FINISH. */
void rig_begin(struct rig *rig, struct parts *parts);
void rig_seal(struct rig *rig, struct parts *parts);

/* Give table, manifest and id of an image to the engine. */
void rig_load(struct rig *rig, const struct parts *parts);
/* ENGINE_OP_OPEN of what was loaded. */
int rig_open(struct rig *rig, const struct parts *parts);
/* A chunk into a place of the ring, then ENGINE_OP_PLACE. */
int rig_place(struct rig *rig, const struct parts *parts, uint64_t chunk);

/* Bytes in the image, and id, of a chunk by the table. */
uint32_t parts_stored(const struct parts *parts, uint64_t chunk);
const uint8_t *parts_digest(const struct parts *parts, uint64_t chunk);
void parts_free(struct parts *parts);

#endif /* RIG_H */
