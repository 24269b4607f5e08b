/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rate.h - bytes in a second, as people write them
 */
#ifndef SWITCHD_RATE_H
#define SWITCHD_RATE_H

#include <stdint.h>

/* Most that can be said; more than any network has. */
#define RATE_MAX (1024ULL << 30)

/*
 * A number, with K, M or G behind it for 1024, 1024^2 or 1024^3 of them; 0 means
 * no limit. Return: 0, or -EINVAL: something else, or more than RATE_MAX.
 */
int rate_parse(const char *text, uint64_t *ret);

#endif /* SWITCHD_RATE_H */
