/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * import.h - an image is checked, and becomes memory
 */
#ifndef IMPORT_H
#define IMPORT_H

#include <stdbool.h>

#include "file.h"
#include "image_header.h"
#include "image_manifest.h"
#include "image_record.h"
#include "keyfile.h"

/* An image whose header and table were read, and perhaps its manifest. */
struct import {
	const struct file *in;
	uint64_t offset;	/* where it begins in the file */
	uint8_t head[OSTI_IMAGE_HEADER];
	struct image_header header;
	uint8_t *table;
	uint8_t *plain;
	struct image_manifest manifest;
	struct image_record record;
};

/*
 * What can go wrong: a refusal (with the chunk, or -1), or a negative errno.
 */
struct import_error {
	int refusal;
	int64_t chunk;
	int error;
};

/*
 * Read header and table. exact: the image must end where the file ends. Each
 * function returns false with *e filled in when it failed. import_free() it,
 * whatever the result was.
 */
bool import_front(struct import *i, const struct file *in, uint64_t offset,
		  bool exact, struct import_error *e);

/* Of an image whose chunks are elsewhere; in has what is before them. */
bool import_head(struct import *i, const struct file *in,
		 struct import_error *e);

/* What can be checked without a key: does the table fit the header? */
bool import_unproven(const struct import *i, struct import_error *e);

/* With the keys of its slot: prove the header, open manifest and record. */
bool import_manifest(struct import *i, const struct keyring *keys,
		     struct import_error *e);

/* Open all chunks; pages go to their places in out, unless that is NULL. */
bool import_chunks(const struct import *i, const struct image_keys *keys,
		   const struct file *out, unsigned int threads,
		   struct import_error *e);

void import_free(struct import *i);

#endif /* IMPORT_H */
