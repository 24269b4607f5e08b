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

struct model_source {
	struct image_source source;	/* first */
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
void model_source_end(struct model_source *m);

struct model_sink {
	struct image_sink sink;		/* first */
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
void model_sink_end(struct model_sink *m);

#endif /* MODEL_H */
