/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * carry.h - images out of slots and into slots, by the calls that the boot
 * manager, or a slot that is the courier, makes
 *
 * The device of machine.h with keys in its NV flash. One slot is smaller than
 * config.h could say, so that images are quick to make.
 */
#ifndef CARRY_H
#define CARRY_H

#include <stddef.h>
#include <stdint.h>

#include "image_keys.h"

#include "engine_model.h"
#include "machine.h"
#include "nv.h"

#define CARRY_SLOT	3
/* More than one segment. */
#define CARRY_BYTES	(20UL * 1024 * 1024)
#define CARRY_PAGES	(CARRY_BYTES / OSTI_IMAGE_PAGE)
#define CARRY_SEGMENTS	2
#define CARRY_SAVED_AT	1795651260UL

/* Where the slot goes on: entry and argument of its SYSTEM_SUSPEND. */
#define CARRY_ENTRY	(MACHINE_ENTRY + 0x1234)
#define CARRY_ARG	0x0123456789abcdefUL
/* What it did to the first shared interrupts. */
#define CARRY_GIC_GROUP	0x600dbeef

/* The caller's buffer; not aligned. */
#define CARRY_BUFFER	(OSTI_RAM_IPA + 0x4000123UL)

/* An image as it is in a file. */
struct carry_image {
	unsigned int slot;
	/* In: how many disks are attached, each as carry_attach() has it. */
	unsigned int attachments;
	uint64_t generation;
	size_t head;		/* bytes of header, table and sealed manifest */
	uint32_t chunks;
	uint64_t pages;
	size_t *at;		/* of each chunk in the file, and its end */
	uint8_t *file;
	size_t bytes;
};

void carry_free(struct carry_image *image);
/* An image that may be altered without harm to the other. */
struct carry_image carry_copy(const struct carry_image *image);

/* ---- Device ---------------------------------------------------------------- */

/* Power-on of a device with keys; its boot manager runs. */
void carry_boot(void);
/* Power off and on; the NV flash keeps what it has. */
void carry_power_cycle(void);
/* A root key that differs with its number; carry_boot() has number 1. */
void carry_key(uint8_t number, uint8_t key[MACHINE_KEY_BYTES]);
/* The keys of a slot's images on the device of carry_boot(). */
void carry_image_keys(unsigned int slot, struct image_keys *keys);
void carry_frame_keys(unsigned int slot, struct image_frame_keys *keys);

/* As machine_start(), also of a small slot. */
void carry_start(unsigned int slot);
/*
 * Start the slot, put something into its memory, and let it freeze. Contents
 * differ with the seed (from 1).
 */
void carry_freeze(unsigned int slot, uint64_t seed);
/* What carry_freeze() put there; to be freed. */
uint8_t *carry_contents(uint64_t seed);
/* Is that what the slot has now? */
void carry_assert_contents(unsigned int slot, uint64_t seed);
/* Is that what NV memory says of CARRY_SLOT? */
void carry_assert_generation(uint64_t generation, enum nv_state state);
/* Nobody has the engine: its memory is zero, no CPU helps. */
void carry_assert_clean(void);

/* ---- Calls ------------------------------------------------------------------ */

/* The buffer of who runs. */
uint8_t *carry_buffer(size_t bytes);

/* A call that is made again as long as it says OSTI_AGAIN. */
struct machine_smc carry_call(uint64_t fid, uint64_t a, uint64_t b, uint64_t c);
/* Likewise, its status. */
int64_t carry_status(uint64_t fid, uint64_t a, uint64_t b, uint64_t c);

/* How far an export has come: all calls of a stage were made. */
enum carry_export {
	CARRY_SCANNING,		/* BEGIN, and one SCAN that was not all */
	CARRY_SCANNED,
	CARRY_CHUNKING,		/* the first chunk was made */
	CARRY_CHUNKED,		/* all chunks were made */
	CARRY_SEALING,		/* one SEAL that was not all */
	CARRY_SEALED,
	CARRY_READ,		/* ready for COMMIT */
};

/* Make the calls from one stage (not done yet) to another; fills the image in. */
void carry_export_steps(struct carry_image *image, enum carry_export from,
			enum carry_export to);
/* Attach disk @n, from 0, to what is on its way; the status. */
int64_t carry_attach(unsigned int n);
/* A frozen slot becomes an image; all calls but COMMIT. */
void carry_export(unsigned int slot, struct carry_image *image);
void carry_commit_export(void);
/*
 * As carry_export(), of an engine that may say anything. Returns 0, or why there
 * is no image, OSTI_IMAGE_E_*; the slot is frozen then.
 */
int carry_try_export(unsigned int slot, struct carry_image *image);

enum carry_import {
	CARRY_WRITING,		/* BEGIN, and one WRITE that was not all */
	CARRY_WRITTEN,
	CARRY_OPENING,		/* one OPEN that was not all */
	CARRY_OPENED,
	CARRY_PLACING,		/* all chunks but one were handed over */
	CARRY_PLACED,		/* all were, and what is attached */
	CARRY_CHECKED,		/* all are good */
};

/*
 * Likewise. Returns 0, or with OSTI_E_IMAGE the reason, OSTI_IMAGE_E_*; any
 * other status fails the test.
 */
int carry_import_steps(const struct carry_image *image, enum carry_import from,
		       enum carry_import to);
int carry_import(const struct carry_image *image);
void carry_commit_import(void);
/* Give up what is under way. */
void carry_abort_export(void);
void carry_abort_import(void);

#endif /* CARRY_H */
