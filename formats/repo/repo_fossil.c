// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * repo_fossil.c - lists of packs that are to be deleted
 */
#include "repo_fossil.h"

#include <string.h>

#include "image_bytes.h"
#include "log.h"
#include "repo_fields.h"

#define MAGIC	"OSTI-FO1"
#define VERSION	1

/* Offsets */
#define F_VERSION	8
#define F_PACKS		12
#define F_TIME		16
#define F_ZERO		24
#define F_IDS		32

size_t repo_fossil_size(uint32_t packs)
{
	return F_IDS + (size_t)packs * REPO_KEY;
}

void repo_fossil_write(const struct repo_fossil *f, uint8_t *out)
{
	ASSERT(f->packs && f->packs <= REPO_FOSSIL_MAX);
	memset(out, 0, F_IDS);
	memcpy(out, MAGIC, REPO_MAGIC);
	image_put32(out + F_VERSION, VERSION);
	image_put32(out + F_PACKS, f->packs);
	image_put64(out + F_TIME, f->time);
	memcpy(out + F_IDS, f->ids, (size_t)f->packs * REPO_KEY);
}

int repo_fossil_parse(const uint8_t *in, size_t bytes, struct repo_fossil *f)
{
	int error;

	if (bytes < F_IDS)
		return REPO_E_TRUNCATED;
	error = repo_fields_front(in, MAGIC, VERSION);
	if (error)
		return error;
	f->packs = image_get32(in + F_PACKS);
	f->time = image_get64(in + F_TIME);
	f->ids = in + F_IDS;
	if (!f->packs || f->packs > REPO_FOSSIL_MAX)
		return REPO_E_SIZE;
	if (!repo_fields_zero(in + F_ZERO, F_IDS - F_ZERO))
		return REPO_E_RESERVED;
	if (bytes != repo_fossil_size(f->packs))
		return bytes < repo_fossil_size(f->packs) ? REPO_E_TRUNCATED :
							    REPO_E_SIZE;
	return repo_fields_ascending(f->ids, f->packs, REPO_KEY) ? REPO_OK :
								   REPO_E_PACK;
}
