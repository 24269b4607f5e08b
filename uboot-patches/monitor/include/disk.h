/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * disk.h - the disk of a slot that does not run, shown to the slot that carries it
 *
 * One is shown at a time, to one slot, and it is taken back before another one
 * runs, and before what allowed it has its end by a call. All functions are called
 * with the monitor's lock held.
 */
#ifndef DISK_H
#define DISK_H

#include <stdint.h>

#include "context.h"

/* No disk is shown. */
void disk_init(void);

/*
 * Show @slot's disk to @to, another slot, which runs. @access is OSTI_DISK_*.
 * Returns OSTI_OK with *devfn, or OSTI_E_STATE, _AGREE, _NO_DISK, _HARDWARE:
 * DISK_SHOW of osti/abi.h says when.
 */
int64_t disk_show(const struct context *to, const struct context *slot,
		  uint64_t access, uint64_t *devfn);
/*
 * Take @slot's disk back from @to, if it is shown to it.
 * Returns OSTI_OK or OSTI_E_HARDWARE: it is cut off.
 */
int64_t disk_hide(const struct context *to, const struct context *slot);
/* What allowed it ends: take @slot's disk back, if it is shown to anybody. */
void disk_end(const struct context *slot);
/* @ctx loses the device: take back what it is shown. */
void disk_leave(const struct context *ctx);

#endif /* DISK_H */
