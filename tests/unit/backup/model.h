/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model.h - what monitor and image engine do, for the other side of a backup
 *
 * An image is made of memory and read into memory with the library that the
 * engine has.
 */
#ifndef MODEL_H
#define MODEL_H

#include "fixture.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "backup/image_sink.h"
#include "backup/image_source.h"

/* The disk of a slot, in memory. */
struct model_disk {
	struct image_disk disk;		/* first */
	uint8_t *bytes;
	uint64_t size;			/* 0: none */
	bool hidden;			/* the board shows it to nobody */
	bool lie;			/* another digest than that which is asked for */
	pthread_mutex_t lock;
	unsigned int reads;
	unsigned int writes;		/* and calls of zero() */
	unsigned int opened;
	/* From this write or read on they fail with that; 0: never. */
	unsigned int fail_write;
	unsigned int fail_read;
	int error;
	struct model_source *source;	/* whose it is, or NULL: of a sink */
	bool attached;
	struct image_attachment what;
};

/* Of zeroes. */
void model_disk_begin(struct model_disk *d, uint64_t size);
void model_disk_end(struct model_disk *d);

struct model_source {
	struct image_source source;	/* first */
	struct model_disk *disk;	/* or NULL */
	struct fixture *f;
	struct image_build *build;
	uint8_t *plain;
	uint8_t *table;
	uint8_t record[OSTI_IMAGE_RECORD_MAX];
	pthread_mutex_t lock;
	unsigned int haves;
	unsigned int made;		/* calls of chunk() */
	bool commit;
	bool aborted;
	/* From this call of chunk() on they fail with that; 0: never. */
	unsigned int fail_at;
	int error;
	bool twist;		/* chunks end otherwise, and do not open */
	int seal_error;
	int commit_error;
	/* Called before each seal(). */
	void (*before_seal)(void *data);
	void *data;
};

/* Freeze what is in the memory of the fixture. */
void model_source_begin(struct model_source *m, struct fixture *f);
/* The slot has that disk, too. */
void model_source_disk(struct model_source *m, struct model_disk *d);
void model_source_end(struct model_source *m);

struct model_sink {
	struct image_sink sink;		/* first */
	struct model_disk *disk;	/* or NULL: what is attached does not count */
	const struct fixture *f;
	struct image_header header;
	uint8_t raw_header[OSTI_IMAGE_HEADER];
	uint8_t *table;
	uint8_t *plain;
	struct image_manifest m;
	uint8_t *ram;
	pthread_mutex_t lock;
	unsigned int chunks;
	bool committed;
	bool checked;
	bool aborted;
	unsigned int fail_at;
	int error;
};

void model_sink_begin(struct model_sink *m, const struct fixture *f);
void model_sink_disk(struct model_sink *m, struct model_disk *d);
void model_sink_end(struct model_sink *m);

#endif /* MODEL_H */
