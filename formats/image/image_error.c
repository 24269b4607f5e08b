// SPDX-License-Identifier: GPL-2.0-only
/*
 * image_error.c - names and texts of OSTI_IMAGE_E_*
 */
#include "image_error.h"

#include <osti/image.h>

#define NR_ERRORS	(-OSTI_IMAGE_E_LAST + 1)

struct description {
	const char *name;
	const char *text;
};

static const struct description descriptions[NR_ERRORS] = {
	[-OSTI_IMAGE_OK] = { "ok", "no error" },
	[-OSTI_IMAGE_E_MAGIC] = { "magic", "this is not a hibernation image" },
	[-OSTI_IMAGE_E_VERSION] = { "version",
		"the image has a version that is not known here" },
	[-OSTI_IMAGE_E_TRUNCATED] = { "truncated", "the image ends too early" },
	[-OSTI_IMAGE_E_SIZE] = { "size",
		"a size in the image is out of its limits, or the image is longer than it says" },
	[-OSTI_IMAGE_E_RESERVED] = { "reserved",
		"something that must be zero is not" },
	[-OSTI_IMAGE_E_SLOT] = { "slot", "the image belongs to another slot" },
	[-OSTI_IMAGE_E_DEVICE] = { "device",
		"the image belongs to another device" },
	[-OSTI_IMAGE_E_GENERATION] = { "generation",
		"the image is not of the generation that may be resumed" },
	[-OSTI_IMAGE_E_TAG] = { "tag",
		"header or manifest were altered, or the key is another one" },
	[-OSTI_IMAGE_E_MANIFEST_ID] = { "manifest-id",
		"the manifest's id is not that of its content" },
	[-OSTI_IMAGE_E_PARTITION] = { "partition",
		"the image was made in a partition of another size" },
	[-OSTI_IMAGE_E_PLATFORM] = { "platform",
		"the image was made on another platform" },
	[-OSTI_IMAGE_E_RESUME] = { "resume",
		"the image cannot be entered where it says" },
	[-OSTI_IMAGE_E_GIC] = { "gic",
		"the interrupt controller's state is too long" },
	[-OSTI_IMAGE_E_BITMAP] = { "bitmap",
		"bitmap and number of pages disagree" },
	[-OSTI_IMAGE_E_TABLE] = { "table",
		"the table of chunks contradicts bitmap or header" },
	[-OSTI_IMAGE_E_INDEX] = { "index", "there is no chunk of that number" },
	[-OSTI_IMAGE_E_CHUNK_SIZE] = { "chunk-size",
		"a chunk is not as long as the table says" },
	[-OSTI_IMAGE_E_CHUNK_TAG] = { "chunk-tag",
		"a chunk was altered, or is another one" },
	[-OSTI_IMAGE_E_DECOMPRESS] = { "decompress",
		"a chunk does not decompress to its pages" },
	[-OSTI_IMAGE_E_CHUNK_ID] = { "chunk-id",
		"a chunk's id is not that of its content" },
	[-OSTI_IMAGE_E_SPACE] = { "space", "a buffer is too small" },
	[-OSTI_IMAGE_E_OLD] = { "old",
		"the image has the format of an older release, which is not read any more" },
	[-OSTI_IMAGE_E_RECORD] = { "record",
		"the resume record was altered or is impossible" },
	[-OSTI_IMAGE_E_KIND] = { "kind",
		"the image is not of the kind that is wanted" },
	[-OSTI_IMAGE_E_CHANGED] = { "changed",
		"memory changed while it was saved" },
	[-OSTI_IMAGE_E_ENGINE] = { "engine",
		"the image engine failed on the image" },
	[-OSTI_IMAGE_E_ATTACHED] = { "attached",
		"what is attached to the image, as the slot's disk, is missing or another one" },
};

const char *image_error_name(int error)
{
	return error <= 0 && error >= OSTI_IMAGE_E_LAST ?
	       descriptions[-error].name : "?";
}

const char *image_error_text(int error)
{
	return error <= 0 && error >= OSTI_IMAGE_E_LAST ?
	       descriptions[-error].text : "unknown error";
}
