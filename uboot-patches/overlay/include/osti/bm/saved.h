/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * osti/bm/saved.h - hibernation images: which there are
 */
#ifndef _OSTI_BM_SAVED_H
#define _OSTI_BM_SAVED_H

#include <linux/types.h>
#include <osti/bm/store.h>

struct osti_device;
struct osti_slot;

/**
 * enum osti_saved_state - is there a hibernation image of a slot?
 * @OSTI_SAVED_NONE:	none that could be resumed
 * @OSTI_SAVED_STORED:	it is in the store, and nothing speaks against it yet
 * @OSTI_SAVED_REFUSED:	what is in the store cannot be resumed
 * @OSTI_SAVED_MISSING:	the monitor knows of one, the store has none
 */
enum osti_saved_state {
	OSTI_SAVED_NONE,
	OSTI_SAVED_STORED,
	OSTI_SAVED_REFUSED,
	OSTI_SAVED_MISSING,
};

/**
 * struct osti_saved - hibernation image of a slot
 * @state:	is there one?
 * @generation:	the newest generation that the monitor knows of, or 0
 * @retired:	the slot lives elsewhere: only a person resumes it from this image
 * @nv:		0, or -EIO: the device has no NV memory that can be trusted, and
 *		so no images
 * @store_err:	0, or what osti_store_open() returned
 * @store:	where it is, when @store_err is 0
 * @area:	in which area, 0 or 1; @saved_at and @bytes tell of that one
 * @error:	why it is refused, OSTI_IMAGE_E_*, or OSTI_IMAGE_OK
 * @saved_at:	when it was made, in seconds since 1970, 0 if that is not known
 * @bytes:	its size
 * @spare:	the area that the next image goes to
 */
struct osti_saved {
	enum osti_saved_state state;
	u64 generation;
	bool retired;
	int nv;
	int store_err;
	struct osti_store store;
	u32 area;
	int error;
	u64 saved_at;
	u64 bytes;
	u32 spare;
};

/**
 * osti_saved_get() - ask monitor and store for a slot's hibernation image
 * @slot:	the slot
 * @saved:	result
 *
 * The store is read, so this is true now, but it proves nothing.
 *
 * Return: 0 or -EIO (from the monitor; a bad store is in the result)
 */
int osti_saved_get(const struct osti_slot *slot, struct osti_saved *saved);

/**
 * osti_saved_note() - tell the monitor, so that operating systems can ask
 * @slot:	the slot
 * @saved:	what is known of its image
 * Return: 0 or -EIO
 */
int osti_saved_note(const struct osti_slot *slot,
		    const struct osti_saved *saved);

/**
 * osti_saved_refresh() - tell the monitor what the store has of all slots
 * @dev:	the device
 * Return: 0 or -EIO
 */
int osti_saved_refresh(const struct osti_device *dev);

/**
 * osti_saved_newest() - find the newest image of all that can be resumed
 * @dev:	the device
 * @nr:		result: number of its slot, or 0 if there is none
 * @saved_at:	result: when it was made, at most OSTI_CLOCK_MAX
 *
 * One that lies ahead of the clock is the newest only if all do.
 *
 * Return: 0 or -EIO
 */
int osti_saved_newest(const struct osti_device *dev, u32 *nr, u64 *saved_at);

/**
 * osti_saved_time() - choose the time of an image that is made now
 * @dev:	the device
 * @saved_at:	result: by which osti_saved_newest() finds it
 *
 * The clock's, but also without a clock it is the newest.
 *
 * Return: 0 or -EIO
 */
int osti_saved_time(const struct osti_device *dev, u64 *saved_at);

/**
 * osti_saved_retire() - nothing resumes a slot's image by itself any more
 * @slot:	the slot
 * Return: 0, -ENOENT (there is none in the store), -EIO
 */
int osti_saved_retire(const struct osti_slot *slot);

/**
 * osti_saved_drop() - give a slot's image up for good
 * @slot:	the slot
 * Return: 0, -ENOENT (there is none), -EIO
 */
int osti_saved_drop(const struct osti_slot *slot);

#endif /* _OSTI_BM_SAVED_H */
