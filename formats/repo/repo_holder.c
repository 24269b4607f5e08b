// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * repo_holder.c - records of where a slot's OS lives
 */
#include "repo_holder.h"

#include <string.h>

#include "image_bytes.h"
#include "repo_fields.h"

#define MAGIC	"OSTI-HO1"
#define VERSION	1

/* Offsets */
#define H_VERSION	8
#define H_STATE		12
#define H_NUMBER	16
#define H_ZERO_1	20
#define H_TIME		24
#define H_DEVICE	32
#define H_LABEL		48
#define H_BACKUP	80
#define H_CLAIM		120
#define H_ZERO_2	136

#define BACKUP_BYTES	(H_CLAIM - H_BACKUP)

void repo_holder_write(const struct repo_holder *h, uint8_t out[REPO_HOLDER])
{
	memset(out, 0, REPO_HOLDER);
	memcpy(out, MAGIC, REPO_MAGIC);
	image_put32(out + H_VERSION, VERSION);
	image_put32(out + H_STATE, h->state);
	image_put32(out + H_NUMBER, h->number);
	image_put64(out + H_TIME, h->time);
	memcpy(out + H_DEVICE, h->device, REPO_DEVICE);
	repo_fields_put_text(out + H_LABEL, h->label, REPO_LABEL);
	repo_fields_put_text(out + H_BACKUP, h->backup, BACKUP_BYTES);
	memcpy(out + H_CLAIM, h->claim, REPO_DEVICE);
}

/* The backup's name fits the state. */
static int parse_backup(const uint8_t *in, struct repo_holder *h)
{
	char name[BACKUP_BYTES + 1];

	if (!repo_fields_get_text(in, BACKUP_BYTES, name))
		return REPO_E_TEXT;
	if (!repo_name_ok(name) && (h->state == REPO_IN_CLOUD || name[0]))
		return REPO_E_KIND;
	memcpy(h->backup, name, REPO_NAME);
	return REPO_OK;
}

int repo_holder_parse(const uint8_t *in, size_t bytes, struct repo_holder *h)
{
	uint32_t state;
	int error;

	if (bytes < REPO_HOLDER)
		return REPO_E_TRUNCATED;
	error = repo_fields_front(in, MAGIC, VERSION);
	if (error)
		return error;
	if (bytes > REPO_HOLDER)
		return REPO_E_SIZE;
	memset(h, 0, sizeof(*h));
	state = image_get32(in + H_STATE);
	h->number = image_get32(in + H_NUMBER);
	if ((state != REPO_HELD && state != REPO_IN_CLOUD) || !h->number ||
	    h->number > REPO_HOLDER_MAX)
		return REPO_E_KIND;
	h->state = (enum repo_state)state;
	h->time = image_get64(in + H_TIME);
	memcpy(h->device, in + H_DEVICE, REPO_DEVICE);
	memcpy(h->claim, in + H_CLAIM, REPO_DEVICE);
	if (image_get32(in + H_ZERO_1) ||
	    !repo_fields_zero(in + H_ZERO_2, REPO_HOLDER - H_ZERO_2))
		return REPO_E_RESERVED;
	if (!repo_fields_get_text(in + H_LABEL, REPO_LABEL, h->label))
		return REPO_E_TEXT;
	return parse_backup(in + H_BACKUP, h);
}
