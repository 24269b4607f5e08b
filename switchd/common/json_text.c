// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * json_text.c - JSON strings from text of any origin
 */
#include "common/json_text.h"

#include <string.h>

#include "common/util.h"

json_t *json_text(const char *text)
{
	_cleanup_free_ char *copy = NULL;
	json_t *value = json_string(text);
	char *c;

	if (value)
		return value;
	copy = strdup(text);
	if (!copy)
		return NULL;
	for (c = copy; *c; c++)
		if (*c & 0x80)
			*c = '?';
	return json_string(copy);
}
