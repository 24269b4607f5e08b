/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * retain.h - which backups to keep
 */
#ifndef RETAIN_H
#define RETAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The newest @last, and the newest of each of the last @daily days, @weekly
 * weeks (from Monday on) and @monthly months that have a backup at all; days
 * are those of UTC. All zero: nothing was said, everything is kept.
 */
struct retain_policy {
	unsigned int last;
	unsigned int daily;
	unsigned int weekly;
	unsigned int monthly;
};

/* @times are seconds since 1970, ascending; @keep has an entry for each. */
void retain_select(const struct retain_policy *policy, const uint64_t *times,
		   size_t nr, bool *keep);

#endif /* RETAIN_H */
