/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * transfer_state.h - what transfer.c, transfer_export.c, transfer_import.c and
 * transfer_stored.c share: the one image that is on its way
 *
 * There is one at a time: its memory is static, and a device has one store.
 */
#ifndef TRANSFER_STATE_H
#define TRANSFER_STATE_H

#include "engine.h"
#include "engine_abi.h"
#include "image_frame.h"
#include "image_record.h"
#include "transfer.h"

enum transfer_stage {
	STAGE_NONE,
	/* Export */
	STAGE_SCAN,		/* pages are hashed and cut */
	STAGE_CHUNKS,		/* the table is known */
	STAGE_SEAL,		/* all chunks are made or had */
	STAGE_SEALED,		/* header, table and manifest can be read */
	/* Export of an image that is stored; STAGE_SEAL is next */
	STAGE_GIVE,		/* header, table, manifest are being copied in */
	STAGE_REOPEN,		/* they are decrypted and checked */
	STAGE_KNOWN,		/* they are genuine */
	/* Import */
	STAGE_MANIFEST,		/* table and manifest are being copied in */
	STAGE_OPEN,		/* they are decrypted and checked */
	STAGE_PLACE,		/* they are genuine; chunks are wanted */
	/* Both */
	STAGE_CLEAN,		/* it is over, memory is being zeroed */
	STAGES
};

/* The calls; transfer_may() has which are for which stage. */
enum transfer_op {
	OP_TABLE,
	OP_SCAN,
	OP_CHUNK,
	OP_HAVE,
	OP_SEAL,
	OP_READ,
	OP_COMMIT_EXPORT,
	OP_ABORT_EXPORT,
	OP_ATTACH,
	OP_GIVE,
	OP_REOPEN,
	OP_WRITE,
	OP_OPEN,
	OP_PLACE,
	OP_CHECK,
	OP_COMMIT_IMPORT,
	OP_ABORT_IMPORT,
	OPS
};

/* What becomes of the slot at the end of STAGE_CLEAN. */
enum transfer_end {
	END_STORED,		/* EMPTY, and its image can be resumed */
	END_COPIED,		/* as before, and there is a copy */
	END_KEPT,		/* as before its export */
	END_RESTORED,		/* FROZEN, and its image is used up */
	END_EMPTY,		/* EMPTY, as before its import */
};

/* A chunk's place in the ring, or a segment that is looked at. */
struct transfer_place {
	bool used;
	uint32_t number;
	struct engine_job job;
};

/* The largest partition that the device can have. */
#define RAM_BYTES	(CONFIG_OSTI_RAM_MIB * 1024ULL * 1024)
#define LARGEST \
	(RAM_BYTES < OSTI_IMAGE_PARTITION_MAX ? RAM_BYTES : \
	 OSTI_IMAGE_PARTITION_MAX)

struct transfer {
	enum transfer_stage stage;
	const struct context *owner;
	struct context *slot;
	bool copy;
	bool stored;		/* of an image, not of memory */
	struct image_frame_keys frame;
	struct image_header header;
	struct image_record record;
	uint8_t head[OSTI_IMAGE_HEADER];
	uint8_t record_bytes[OSTI_IMAGE_RECORD_MAX];
	/*
	 * What the owner says that is attached: export, of as many as are wanted;
	 * import, to be compared with those of the record.
	 */
	uint32_t wanted;	/* export: attachments */
	uint32_t attached;
	struct image_attachment attachment[OSTI_IMAGE_ATTACHMENTS_MAX];
	/* Jobs */
	bool alone_used;
	struct engine_job alone;
	struct transfer_place place[ENGINE_RING_PLACES];
	uint32_t next;		/* segment or chunk to begin with */
	uint32_t missing;	/* segments, or chunks not made or handed over */
	/* Export: the engine knows the record; of a stored image: the header is here */
	bool begun;
	bool asked;		/* export: a chunk was asked for */
	uint8_t seen[IMAGE_CHUNKS_MAX(LARGEST) / 8 + 1]; /* the others */
	/* Export */
	uint64_t pages;		/* that are not zero, as the engine says */
	uint64_t head_read;	/* bytes of header, table, manifest given away */
	/* What is to be opened */
	uint64_t written;	/* bytes of table and manifest that are here */
	bool verified;
	/* The end */
	enum transfer_end end;
	enum transfer_op ended_by;
	int why;		/* OSTI_IMAGE_E_*, or OSTI_IMAGE_OK: not refused */
};

extern struct transfer transfer;

/* Is that call for this stage? OSTI_OK or OSTI_E_STATE. */
int64_t transfer_may(enum transfer_op op);
/* Only one, and none while a slot is filled: the window is not watched. */
bool transfer_is_free(void);
/*
 * The slot's keys, half of them for the engine's desk; it was loaded. There is a
 * key.
 */
void transfer_begin(const struct context *owner, struct context *slot,
		    enum transfer_stage stage);
void transfer_identify(const struct context *slot, uint64_t generation,
		       struct image_identity *id);

/*
 * Is that the header of the slot's image that can be resumed, or of any copy of it?
 * Returns OSTI_IMAGE_OK with *header, or OSTI_IMAGE_E_*.
 */
int transfer_header(const struct context *slot, const uint8_t *head, bool copy,
		    struct image_header *header);
/* Table and manifest, the next piece: OSTI_OK or OSTI_E_INVALID. */
int64_t transfer_copy_in(uint64_t offset, const uint8_t *buf, size_t bytes);
/*
 * ENGINE_OP_OPEN is done: believe it, or not. The record is in transfer.record
 * then. Returns OSTI_IMAGE_OK or OSTI_IMAGE_E_*.
 */
int transfer_opened(void);
/* Write transfer.record to transfer.record_bytes; returns how long it is. */
size_t transfer_record(void);

/* A stored image is about to be sealed as a copy: its record, to the engine. */
void transfer_stored_record(void);

/* The job that is alone: begin it once, then tell when it is done. */
bool transfer_alone(uint64_t op, uint64_t a, uint64_t b, uint64_t c);
/* Begin a job in a place. */
void transfer_submit(struct transfer_place *p, uint32_t number, uint64_t op,
		     uint64_t a, uint64_t b, uint64_t c);
/* The place that is used for this number, or NULL; a free one, or NULL. */
struct transfer_place *transfer_find(uint32_t number);
struct transfer_place *transfer_free_place(void);
/* Its bytes in the ring. */
uint8_t *transfer_ring(const struct transfer_place *p);
/* Note that segment or chunk @number is not missing any more. */
void transfer_note(uint32_t number);
bool transfer_noted(uint32_t number);

/* Work for the caller's time, then OSTI_AGAIN. */
int64_t transfer_wait(const struct engine_job *first);
/*
 * It is over, by this call: take memory and keys away, then transfer_clean().
 * @why is OSTI_IMAGE_OK when it is not refused.
 */
int64_t transfer_finish(enum transfer_end end, enum transfer_op op, int why,
			uint64_t *reason);
/*
 * In STAGE_CLEAN: OSTI_AGAIN until all is zero, then the end's result, once.
 */
int64_t transfer_clean(uint64_t *reason);

#endif /* TRANSFER_STATE_H */
