// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * json_wipe.c - JSON that leaves nothing behind
 */
#include "common/json_wipe.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

void json_wipe_free(void *p)
{
	if (p)
		explicit_bzero(p, malloc_usable_size(p));
	free(p);
}

void json_wipe_init(void)
{
	json_set_alloc_funcs(malloc, json_wipe_free);
}
