/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plan.h - where kernel and RAM disk lie in a slot
 */
#ifndef PLAN_H
#define PLAN_H

#include <stddef.h>

#include "say.h"
#include "statement.h"

/* Length and hash of a file; its first bytes go to head if that is not NULL. */
enum status plan_measure(const char *path, struct part *part, uint8_t *head,
			 size_t head_bytes);

/*
 * The kernel is an arm64 Image, which must not be packed, and lies text_offset
 * behind OSTI_START_RESERVED; the RAM disk, if ramdisk is not NULL, at the next
 * multiple of 2 MiB behind the memory that the kernel needs.
 */
enum status plan_parts(const char *kernel, const char *ramdisk,
		       struct statement *s);

#endif /* PLAN_H */
