/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stored_model.h - what monitor and image engine do to copy an image that is
 * stored: another record, and with it another manifest and header
 *
 * Functions return 0, -EINVAL (not the time for it, or a bad value) or -EBADMSG
 * (refused).
 */
#ifndef STORED_MODEL_H
#define STORED_MODEL_H

#include "fixture.h"

#include <stdbool.h>

struct stored_model {
	struct fixture *f;		/* whose identity and keys are wanted */
	unsigned int attachments;
	uint8_t *given;
	size_t nr_given;
	struct fixture_image image;
	bool open;
	unsigned int haves;
	unsigned int attached;
	struct image_attachment what;
	uint8_t *head;			/* sealed; NULL: not yet */
	size_t head_bytes;
};

void stored_model_begin(struct stored_model *m, struct fixture *f,
			unsigned int attachments);
void stored_model_end(struct stored_model *m);

int stored_model_give(struct stored_model *m, uint64_t offset,
		      const void *buf, size_t bytes);
int stored_model_open(struct stored_model *m);
int stored_model_have(struct stored_model *m, uint32_t index, uint32_t stored,
		      const uint8_t digest[OSTI_IMAGE_HASH]);
int stored_model_attach(struct stored_model *m, uint64_t bytes,
			const uint8_t digest[OSTI_IMAGE_HASH]);
int stored_model_seal(struct stored_model *m);
int stored_model_read(struct stored_model *m, uint64_t offset, void *buf,
		      size_t bytes);

#endif /* STORED_MODEL_H */
