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
		return backup->header ||
		       backup->attachments > OSTI_IMAGE_ATTACHMENTS_MAX ?
		       -EINVAL : 0;
	case OSTI_BACKUP_IMPORT:
		return backup->saved_at || backup->attachments ? -EINVAL : 0;
	case OSTI_BACKUP_STORED:
		return backup->saved_at || backup->header ||
		       backup->attachments > OSTI_IMAGE_ATTACHMENTS_MAX ?
		       -EINVAL : 0;
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
 * osti_transfer_check_disk() - check what OSTI_TRANSFER_DISK was given
 * @what:	OSTI_BACKUP_*.
 * @disk:	of user space.
 *
 * Return: 0 or -EINVAL.
 */
int osti_transfer_check_disk(__u32 what, const struct osti_ioc_disk *disk)
{
	int fits;

	switch (disk->access) {
	case OSTI_DISK_READ:
		fits = what != OSTI_BACKUP_IMPORT;
		break;
	case OSTI_DISK_WRITE:
		fits = what == OSTI_BACKUP_IMPORT;
		break;
	case OSTI_DISK_STORE:
		fits = what == OSTI_BACKUP_STORED;
		break;
	default:
		fits = 0;
		break;
	}
	return !fits || disk->reserved ? -EINVAL : 0;
}

/**
 * osti_transfer_check_zero() - check what OSTI_TRANSFER_DISK_ZERO was given
 * @zero:	of user space.
 * @bytes:	of the disk.
 *
 * Return: 0 or -EINVAL.
 */
int osti_transfer_check_zero(const struct osti_ioc_zero *zero, __u64 bytes)
{
	return !zero->bytes || zero->offset % OSTI_DISK_SECTOR ||
	       zero->bytes % OSTI_DISK_SECTOR || zero->offset > bytes ||
	       zero->bytes > bytes - zero->offset ? -EINVAL : 0;
}

/**
 * osti_transfer_check_attach() - check what OSTI_TRANSFER_ATTACH was given
 * @attach: of user space.
 *
 * Return: 0 or -EINVAL.
 */
int osti_transfer_check_attach(const struct osti_ioc_attach *attach)
{
	return attach->kind != OSTI_ATTACH_DISK || attach->reserved ? -EINVAL :
								      0;
}

/* Into x3 and the next three. */
static void put_digest(const __u8 digest[32], struct osti_regs *r)
{
	unsigned int i;

	for (i = 0; i < 32; i++)
		r->x[3 + i / 8] |= (__u64)digest[i] << (8 * (i % 8));
}

/**
 * osti_transfer_ask_attach() - registers for OSTI_CALL_ATTACH
 * @attach:	of user space, checked.
 * @r:		filled.
 */
void osti_transfer_ask_attach(const struct osti_ioc_attach *attach,
			      struct osti_regs *r)
{
	*r = (struct osti_regs){ {
		OSTI_CALL_ATTACH, attach->kind, attach->bytes,
	} };
	put_digest(attach->digest, r);
}

/**
 * osti_transfer_ask_have() - registers for OSTI_CALL_EXPORT_HAVE
 * @have:	of user space, checked.
 * @r:		filled.
 */
void osti_transfer_ask_have(const struct osti_ioc_have *have,
			    struct osti_regs *r)
{
	*r = (struct osti_regs){ {
		OSTI_CALL_EXPORT_HAVE, have->chunk, have->bytes,
	} };
	put_digest(have->digest, r);
}

/**
 * osti_answer_begin() - unpack OSTI_CALL_EXPORT_BEGIN, _STORED or _IMPORT_BEGIN
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

	switch (backup->what) {
	case OSTI_BACKUP_EXPORT:
		backup->generation = r->x[1];
		backup->pages = r->x[2];
		break;
	case OSTI_BACKUP_STORED:
		backup->generation = r->x[1];
		break;
	default:
		backup->head_bytes = r->x[1];
		break;
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
 * osti_answer_open() - unpack OSTI_CALL_IMPORT_OPEN or _EXPORT_OPEN
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

/**
 * osti_answer_disk() - unpack OSTI_CALL_DISK_SHOW
 * @r:		registers after the call, status OSTI_OK.
 * @devfn:	filled: device << 3 | function.
 *
 * Return: 0, or -EIO if there is no such function on a bus.
 */
int osti_answer_disk(const struct osti_regs *r, unsigned int *devfn)
{
	if (r->x[1] > 255)
		return -EIO;

	*devfn = r->x[1];
	return 0;
}
