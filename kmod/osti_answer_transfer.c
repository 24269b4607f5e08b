// SPDX-License-Identifier: GPL-2.0-only
/*
 * osti_answer_transfer.c - what a transfer asks of the monitor, and its answers
 *
 * What user space gives is checked here first, so that an argument that the
 * monitor refuses is either one that only it can know to be wrong, or a bug.
 */
#include <linux/errno.h>
#include <osti/abi.h>
#include <osti/image.h>

#include "osti_answer_transfer.h"

#define U32_LAST	((__u32)-1)

/**
 * osti_transfer_check_begin() - can this be the begin of a transfer?
 * @backup: what user space gave.
 *
 * Return: 0, or -EINVAL if it cannot, or says more than this kind takes.
 */
int osti_transfer_check_begin(const struct osti_ioc_backup *backup)
{
	switch (backup->what) {
	case OSTI_BACKUP_EXPORT:
		return backup->header ? -EINVAL : 0;
	case OSTI_BACKUP_IMPORT:
		return backup->saved_at ? -EINVAL : 0;
	default:
		return -EINVAL;
	}
}

/**
 * osti_transfer_check_table() - check what OSTI_TRANSFER_TABLE was given
 * @table: of user space.
 *
 * Return: 0 or -EINVAL.
 */
int osti_transfer_check_table(const struct osti_ioc_table *table)
{
	return table->count < 1 || table->count > OSTI_TABLE_MAX ? -EINVAL : 0;
}

/**
 * osti_transfer_check_chunk() - check what OSTI_TRANSFER_CHUNK was given
 * @what:	OSTI_BACKUP_*.
 * @chunk:	of user space.
 *
 * Return: 0 or -EINVAL.
 */
int osti_transfer_check_chunk(__u32 what, const struct osti_ioc_chunk *chunk)
{
	if (what == OSTI_BACKUP_EXPORT)
		return chunk->bytes < OSTI_IMAGE_STORED_MAX ? -EINVAL : 0;
	return chunk->bytes < 1 || chunk->bytes > OSTI_IMAGE_STORED_MAX ?
	       -EINVAL : 0;
}

/**
 * osti_transfer_check_have() - check what OSTI_TRANSFER_HAVE was given
 * @have: of user space.
 *
 * Return: 0 or -EINVAL.
 */
int osti_transfer_check_have(const struct osti_ioc_have *have)
{
	return have->bytes < 1 || have->bytes > OSTI_IMAGE_STORED_MAX ?
	       -EINVAL : 0;
}

/**
 * osti_transfer_check_piece() - check what OSTI_TRANSFER_READ, _WRITE was given
 * @piece: of user space.
 *
 * Return: 0 or -EINVAL.
 */
int osti_transfer_check_piece(const struct osti_ioc_piece *piece)
{
	return piece->bytes < 1 || piece->bytes > OSTI_COPY_MAX ? -EINVAL : 0;
}

/**
 * osti_transfer_ask_have() - registers for OSTI_CALL_EXPORT_HAVE
 * @have:	of user space, checked.
 * @r:		filled.
 */
void osti_transfer_ask_have(const struct osti_ioc_have *have,
			    struct osti_regs *r)
{
	unsigned int i;

	*r = (struct osti_regs){ {
		OSTI_CALL_EXPORT_HAVE, have->chunk, have->bytes,
	} };
	for (i = 0; i < sizeof(have->digest); i++)
		r->x[3 + i / 8] |= (__u64)have->digest[i] << (8 * (i % 8));
}

/**
 * osti_answer_begin() - unpack OSTI_CALL_EXPORT_BEGIN or _IMPORT_BEGIN
 * @r:		registers after the call, status OSTI_OK.
 * @backup:	what was asked for; those results are filled that this kind has.
 *
 * Return: 0, or -EIO if a value is out of its range.
 */
int osti_answer_begin(const struct osti_regs *r,
		      struct osti_ioc_backup *backup)
{
	if (!r->x[1] || (backup->what == OSTI_BACKUP_EXPORT && !r->x[2]))
		return -EIO;

	if (backup->what == OSTI_BACKUP_EXPORT) {
		backup->generation = r->x[1];
		backup->pages = r->x[2];
	} else {
		backup->head_bytes = r->x[1];
	}
	return 0;
}

/**
 * osti_answer_scan() - unpack OSTI_CALL_EXPORT_SCAN
 * @r:		registers after the call, status OSTI_OK or OSTI_AGAIN.
 * @scan:	filled.
 *
 * Return: 0, or -EIO if a value is out of its range.
 */
int osti_answer_scan(const struct osti_regs *r, struct osti_ioc_scan *scan)
{
	*scan = (struct osti_ioc_scan){ .looked_at = r->x[1] };
	if (r->x[0] != OSTI_OK)
		return 0;
	/* No page can be counted that was not looked at. */
	if (r->x[2] > r->x[1] || r->x[3] > r->x[2] || r->x[3] > U32_LAST ||
	    r->x[4] < OSTI_IMAGE_HEADER)
		return -EIO;

	scan->pages = r->x[2];
	scan->chunks = r->x[3];
	scan->head_bytes = r->x[4];
	scan->done = 1;
	return 0;
}

/**
 * osti_answer_table() - unpack OSTI_CALL_IMAGE_TABLE
 * @r:		registers after the call, status OSTI_OK.
 * @table:	count is what was asked for, and becomes what was given.
 *
 * Return: 0, or -EIO if that is more.
 */
int osti_answer_table(const struct osti_regs *r, struct osti_ioc_table *table)
{
	if (r->x[1] > table->count)
		return -EIO;

	table->count = r->x[1];
	return 0;
}

/**
 * osti_answer_chunk() - unpack OSTI_CALL_EXPORT_CHUNK or _IMPORT_CHUNK
 * @r:		registers after the call, status OSTI_OK.
 * @what:	OSTI_BACKUP_*.
 * @chunk:	what was asked for; its results are filled.
 *
 * Return: 0, or -EIO if a value is out of its range.
 */
int osti_answer_chunk(const struct osti_regs *r, __u32 what,
		      struct osti_ioc_chunk *chunk)
{
	if (what == OSTI_BACKUP_EXPORT) {
		if (r->x[1] < 1 || r->x[1] > OSTI_IMAGE_STORED_MAX)
			return -EIO;
		chunk->bytes = r->x[1];
		chunk->left = 0;
		return 0;
	}
	if (r->x[1] > U32_LAST)
		return -EIO;
	chunk->left = r->x[1];
	return 0;
}

/**
 * osti_answer_seal() - unpack OSTI_CALL_EXPORT_SEAL
 * @r:		registers after the call, status OSTI_OK.
 * @step:	bytes is filled.
 *
 * Return: 0, or -EIO if an image cannot be so small.
 */
int osti_answer_seal(const struct osti_regs *r, struct osti_ioc_step *step)
{
	if (r->x[1] <= OSTI_IMAGE_HEADER)
		return -EIO;

	step->bytes = r->x[1];
	return 0;
}

/**
 * osti_answer_open() - unpack OSTI_CALL_IMPORT_OPEN
 * @r:		registers after the call, status OSTI_OK.
 * @step:	chunks and pages are filled.
 *
 * Return: 0, or -EIO if a value is out of its range.
 */
int osti_answer_open(const struct osti_regs *r, struct osti_ioc_step *step)
{
	if (r->x[1] > U32_LAST || r->x[1] > r->x[2])
		return -EIO;

	step->chunks = r->x[1];
	step->pages = r->x[2];
	return 0;
}
