/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * image_stored.h - an image that hibernated to the store, as a copy
 *
 * The monitor gives it another header and manifest. The chunks are in the store as
 * the copy has them, sealed, and are read from there. The transfer shows one disk
 * at a time, the store or the slot's own: so there is one reader, which takes
 * chunks first (one maker, upload.h).
 */
#ifndef IMAGE_STORED_H
#define IMAGE_STORED_H

#include "backup/image_device.h"
#include "backup/stored_place.h"

/* Neither OSTI_DISK_READ nor OSTI_DISK_STORE */
#define IMAGE_STORED_NONE (-1)

struct image_stored {
	/* Its source, after image_stored_open(), is that of the upload. */
	struct image_device device;
	struct stored_disk store;
	struct stored_place place;
	uint64_t *chunk_at; /* in the image, and behind the last */
	bool *had; /* the manifest has another one of the repository */
	bool sealed;
	int shown; /* OSTI_DISK_* */
	uint64_t shown_bytes;
};

/*
 * Finds the image, hands the monitor what it has to open, and reads the table. The
 * descriptor, of an OSTI_BACKUP_STORED, becomes the image's in any case;
 * image_stored_close() it.
 * Return: 0, or -1 and the fault: FAULT_DEVICE, FAULT_REFUSED, FAULT_INTERRUPTED,
 * FAULT_FAILED.
 */
int image_stored_open(struct image_stored *image, int fd, uint32_t slot,
		      const char *name, uint64_t generation,
		      struct fault *fault);
void image_stored_close(struct image_stored *image);

#endif /* IMAGE_STORED_H */
