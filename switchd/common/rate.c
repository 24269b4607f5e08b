// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rate.c - bytes in a second, as people write them
 */
#include "common/rate.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int rate_parse(const char *text, uint64_t *ret)
{
	static const char units[] = "KMG";
	unsigned long long value;
	unsigned int shift = 0;
	const char *unit;
	char *end;

	if (text[0] < '0' || text[0] > '9')
		return -EINVAL;
	errno = 0;
	value = strtoull(text, &end, 10);
	if (errno)
		return -EINVAL;
	if (*end) {
		unit = strchr(units, *end);
		if (!unit || end[1])
			return -EINVAL;
		shift = 10 * (unsigned int)(unit - units + 1);
	}
	if (value > RATE_MAX >> shift)
		return -EINVAL;
	*ret = value << shift;
	return 0;
}
