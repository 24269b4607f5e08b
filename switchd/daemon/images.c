// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * images.c - which slot has an image
 */
#include "daemon/images.h"

#include <errno.h>
#include <string.h>

#include <osti/abi.h>

int images_load(struct device *device, uint32_t slot,
		struct osti_ioc_image *ret, struct fault *fault)
{
	int r = device_image(device, slot, ret);

	if (r == 0)
		return 0;
	if (r == -ENODATA)
		fault_set(
			fault, FAULT_NOT_SUPPORTED,
			"this device has no images: it has no NV memory that can be trusted; the monitor has told why on the console at power-on");
	else
		fault_set(fault, FAULT_DEVICE,
			  "asking the monitor about the image of slot %u: %s",
			  slot, strerror(-r));
	return -1;
}

bool images_resumable(const struct osti_ioc_image *image)
{
	return image->state == OSTI_GENERATION_STORED ||
	       image->state == OSTI_GENERATION_RETIRED;
}

int images_check(struct device *device, uint32_t slot, const char *name,
		 struct fault *fault)
{
	struct osti_ioc_image image;

	/* Where there is no image, none is retired. */
	if (device_image(device, slot, &image) < 0 ||
	    image.state != OSTI_GENERATION_RETIRED)
		return 0;
	fault_set(
		fault, FAULT_PUSHED,
		"%s was pushed: it lives in the repository now, and what is left here is old as soon as it runs elsewhere; 'switchctl pull %s' brings it back, 'switchctl switch --force %s' leads to the boot menu, where a person can go on with what is here",
		name, name, name);
	return -1;
}

const char *images_state(const struct osti_ioc_image *image)
{
	/* Only NV memory decides what can be resumed; a note is a hint. */
	switch (image->state) {
	case OSTI_GENERATION_NONE:
		return "none";
	case OSTI_GENERATION_CONSUMED:
		return "consumed";
	default:
		break;
	}
	switch (image->note) {
	case OSTI_NOTE_NONE:
		return "missing";
	case OSTI_NOTE_REFUSED:
		return "refused";
	default:
		return image->state == OSTI_GENERATION_RETIRED ? "retired"
							       : "stored";
	}
}
