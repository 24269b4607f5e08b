// SPDX-License-Identifier: GPL-2.0-only
/*
 * osti_transfer_ioctl.c - the calls on a transfer's descriptor, see osti/ioctl.h
 */
#include <linux/errno.h>
#include <linux/io.h>
#include <linux/kernel.h>
#include <linux/uaccess.h>
#include <osti/abi.h>
#include <osti/image.h>
#include <osti/ioctl.h>

#include "osti.h"
#include "osti_backup.h"
#include "osti_smc.h"

/* How long one SCAN works. */
#define OSTI_TRANSFER_SCAN_MS	50

#define OSTI_MAY_LOOP		(OSTI_MAY_TRANSFER | OSTI_MAY_AGAIN)

/* Any of the structures that the calls take. */
union osti_transfer_arg {
	struct osti_ioc_scan scan;
	struct osti_ioc_table table;
	struct osti_ioc_chunk chunk;
	struct osti_ioc_have have;
	struct osti_ioc_piece piece;
	struct osti_ioc_step step;
	struct osti_ioc_attach attach;
	struct osti_ioc_disk disk;
	struct osti_ioc_zero zero;
};

static int osti_transfer_scan(struct osti_transfer *transfer,
			      union osti_transfer_arg *arg)
{
	ktime_t until = ktime_add_ms(ktime_get(), OSTI_TRANSFER_SCAN_MS);
	struct osti_regs r = { { OSTI_CALL_EXPORT_SCAN } };
	u32 reason;
	int err;

	err = osti_transfer_call(transfer, &r, OSTI_MAY_LOOP, until, &reason);
	arg->scan = (struct osti_ioc_scan){ .reason = reason };
	if (err && err != -EAGAIN)
		return err;
	return osti_checked(OSTI_CALL_EXPORT_SCAN,
			    osti_answer_scan(&r, &arg->scan));
}

static int osti_transfer_table_into(struct osti_transfer *transfer,
				    struct osti_ioc_table *table, void *buffer)
{
	struct osti_regs r = { {
		OSTI_CALL_IMAGE_TABLE, table->first, virt_to_phys(buffer),
		table->count,
	} };
	int err;

	err = osti_transfer_call(transfer, &r, OSTI_MAY_TRANSFER, 0,
				 &table->reason);
	if (err)
		return err;
	err = osti_checked(OSTI_CALL_IMAGE_TABLE, osti_answer_table(&r, table));
	if (err)
		return err;
	return copy_to_user(u64_to_user_ptr(table->entries), buffer,
			    table->count * OSTI_IMAGE_T_ENTRY) ? -EFAULT : 0;
}

static int osti_transfer_table(struct osti_transfer *transfer,
			       union osti_transfer_arg *arg)
{
	void *buffer;
	int err;

	err = osti_transfer_check_table(&arg->table);
	if (err)
		return err;
	buffer = osti_transfer_buffer_get(transfer);
	if (IS_ERR(buffer))
		return PTR_ERR(buffer);
	arg->table.reserved = 0;
	err = osti_transfer_table_into(transfer, &arg->table, buffer);
	osti_transfer_buffer_put(transfer, buffer);
	return err;
}

static int osti_transfer_chunk_out(struct osti_transfer *transfer,
				   struct osti_ioc_chunk *chunk, void *buffer)
{
	struct osti_regs r = { {
		OSTI_CALL_EXPORT_CHUNK, chunk->chunk, virt_to_phys(buffer),
		OSTI_IMAGE_STORED_MAX,
	} };
	int err;

	err = osti_transfer_call(transfer, &r, OSTI_MAY_LOOP, 0,
				 &chunk->reason);
	if (err)
		return err;
	err = osti_checked(OSTI_CALL_EXPORT_CHUNK,
			   osti_answer_chunk(&r, transfer->what, chunk));
	if (err)
		return err;
	return copy_to_user(u64_to_user_ptr(chunk->data), buffer,
			    chunk->bytes) ? -EFAULT : 0;
}

static int osti_transfer_chunk_in(struct osti_transfer *transfer,
				  struct osti_ioc_chunk *chunk, void *buffer)
{
	struct osti_regs r = { {
		OSTI_CALL_IMPORT_CHUNK, chunk->chunk, virt_to_phys(buffer),
		chunk->bytes,
	} };
	int err;

	if (copy_from_user(buffer, u64_to_user_ptr(chunk->data), chunk->bytes))
		return -EFAULT;
	err = osti_transfer_call(transfer, &r, OSTI_MAY_LOOP, 0,
				 &chunk->reason);
	if (err)
		return err;
	return osti_checked(OSTI_CALL_IMPORT_CHUNK,
			    osti_answer_chunk(&r, transfer->what, chunk));
}

static int osti_transfer_chunk(struct osti_transfer *transfer,
			       union osti_transfer_arg *arg)
{
	void *buffer;
	int err;

	err = osti_transfer_check_chunk(transfer->what, &arg->chunk);
	if (err)
		return err;
	buffer = osti_transfer_buffer_get(transfer);
	if (IS_ERR(buffer))
		return PTR_ERR(buffer);
	if (transfer->what == OSTI_BACKUP_EXPORT)
		err = osti_transfer_chunk_out(transfer, &arg->chunk, buffer);
	else
		err = osti_transfer_chunk_in(transfer, &arg->chunk, buffer);
	osti_transfer_buffer_put(transfer, buffer);
	return err;
}

static int osti_transfer_have(struct osti_transfer *transfer,
			      union osti_transfer_arg *arg)
{
	struct osti_regs r;
	int err;

	err = osti_transfer_check_have(&arg->have);
	if (err)
		return err;
	osti_transfer_ask_have(&arg->have, &r);
	arg->have.reserved = 0;
	return osti_transfer_call(transfer, &r, OSTI_MAY_TRANSFER, 0,
				  &arg->have.reason);
}

static int osti_transfer_piece_via(struct osti_transfer *transfer,
				   u32 function, struct osti_ioc_piece *piece,
				   void *buffer)
{
	bool out = function == OSTI_CALL_EXPORT_READ;
	void __user *data = u64_to_user_ptr(piece->data);
	struct osti_regs r = { {
		function, piece->offset, virt_to_phys(buffer), piece->bytes,
	} };
	int err;

	if (!out && copy_from_user(buffer, data, piece->bytes))
		return -EFAULT;
	/* A header that is refused ends the transfer, which may take longer. */
	err = osti_transfer_call(transfer, &r,
				 function == OSTI_CALL_EXPORT_GIVE ?
				 OSTI_MAY_LOOP : OSTI_MAY_TRANSFER, 0,
				 &piece->reason);
	if (err || !out)
		return err;
	return copy_to_user(data, buffer, piece->bytes) ? -EFAULT : 0;
}

static int osti_transfer_piece(struct osti_transfer *transfer, u32 function,
			       union osti_transfer_arg *arg)
{
	void *buffer;
	int err;

	err = osti_transfer_check_piece(&arg->piece);
	if (err)
		return err;
	buffer = osti_transfer_buffer_get(transfer);
	if (IS_ERR(buffer))
		return PTR_ERR(buffer);
	err = osti_transfer_piece_via(transfer, function, &arg->piece, buffer);
	osti_transfer_buffer_put(transfer, buffer);
	return err;
}

static int osti_transfer_read(struct osti_transfer *transfer,
			      union osti_transfer_arg *arg)
{
	return osti_transfer_piece(transfer, OSTI_CALL_EXPORT_READ, arg);
}

static int osti_transfer_write(struct osti_transfer *transfer,
			       union osti_transfer_arg *arg)
{
	return osti_transfer_piece(transfer,
				   transfer->what == OSTI_BACKUP_STORED ?
				   OSTI_CALL_EXPORT_GIVE :
				   OSTI_CALL_IMPORT_WRITE, arg);
}

/* A step without arguments; results are in @r, if it has any. */
static int osti_transfer_step(struct osti_transfer *transfer, u32 function,
			      unsigned int may, struct osti_ioc_step *step,
			      struct osti_regs *r)
{
	*r = (struct osti_regs){ { function } };
	*step = (struct osti_ioc_step){ };
	return osti_transfer_call(transfer, r, may, 0, &step->reason);
}

static int osti_transfer_seal(struct osti_transfer *transfer,
			      union osti_transfer_arg *arg)
{
	struct osti_regs r;
	int err;

	err = osti_transfer_step(transfer, OSTI_CALL_EXPORT_SEAL,
				 OSTI_MAY_LOOP, &arg->step, &r);
	if (err)
		return err;
	return osti_checked(OSTI_CALL_EXPORT_SEAL,
			    osti_answer_seal(&r, &arg->step));
}

static int osti_transfer_open(struct osti_transfer *transfer,
			      union osti_transfer_arg *arg)
{
	u32 function = transfer->what == OSTI_BACKUP_STORED ?
		       OSTI_CALL_EXPORT_OPEN : OSTI_CALL_IMPORT_OPEN;
	struct osti_regs r;
	int err;

	err = osti_transfer_step(transfer, function, OSTI_MAY_LOOP, &arg->step,
				 &r);
	if (err)
		return err;
	return osti_checked(function, osti_answer_open(&r, &arg->step));
}

static int osti_transfer_check_chunks(struct osti_transfer *transfer,
				      union osti_transfer_arg *arg)
{
	struct osti_regs r;

	return osti_transfer_step(transfer, OSTI_CALL_IMPORT_CHECK,
				  OSTI_MAY_LOOP, &arg->step, &r);
}

static int osti_transfer_attach(struct osti_transfer *transfer,
				union osti_transfer_arg *arg)
{
	struct osti_regs r;
	u32 reason;
	int err;

	if (transfer->osti->abi_minor < OSTI_MINOR_DISKS)
		return -EOPNOTSUPP;
	err = osti_transfer_check_attach(&arg->attach);
	if (err)
		return err;
	osti_transfer_ask_attach(&arg->attach, &r);
	return osti_transfer_call(transfer, &r, OSTI_MAY(OSTI_E_STATE) |
				  OSTI_MAY(OSTI_E_INVALID), 0, &reason);
}

static int osti_transfer_disk(struct osti_transfer *transfer,
			      union osti_transfer_arg *arg)
{
	return osti_disk_show(transfer, &arg->disk);
}

static int osti_transfer_disk_end(struct osti_transfer *transfer,
				  union osti_transfer_arg *arg)
{
	osti_disk_end(transfer);
	return osti_transfer_state_error(transfer);
}

static int osti_transfer_disk_zero(struct osti_transfer *transfer,
				   union osti_transfer_arg *arg)
{
	return osti_disk_zero(transfer, &arg->zero);
}

static int osti_transfer_commit(struct osti_transfer *transfer,
				union osti_transfer_arg *arg)
{
	bool out = transfer->what != OSTI_BACKUP_IMPORT;
	struct osti_regs r;
	int err;

	/* The monitor takes the disk with it. */
	osti_disk_bar(transfer, true);
	err = osti_transfer_step(transfer, out ? OSTI_CALL_EXPORT_COMMIT :
						 OSTI_CALL_IMPORT_COMMIT,
				 out ? OSTI_MAY_LOOP :
				       OSTI_MAY_LOOP | OSTI_MAY(OSTI_E_AGREE) |
				       OSTI_MAY(OSTI_E_HARDWARE),
				 &arg->step, &r);
	if (!err)
		osti_transfer_over(transfer);
	else
		osti_disk_bar(transfer, false);
	return err;
}

#define OSTI_FOR(what)	(1U << (what))
#define OSTI_FOR_OUT	(OSTI_FOR(OSTI_BACKUP_EXPORT) | \
			 OSTI_FOR(OSTI_BACKUP_STORED))
/* Chunks of a stored image go past the monitor. */
#define OSTI_FOR_CHUNKS	(OSTI_FOR(OSTI_BACKUP_EXPORT) | \
			 OSTI_FOR(OSTI_BACKUP_IMPORT))
#define OSTI_FOR_GIVEN	(OSTI_FOR(OSTI_BACKUP_IMPORT) | \
			 OSTI_FOR(OSTI_BACKUP_STORED))
#define OSTI_FOR_ALL	(OSTI_FOR_OUT | OSTI_FOR(OSTI_BACKUP_IMPORT))

static const struct osti_transfer_ioctl {
	unsigned int cmd;
	unsigned int kinds;
	int (*run)(struct osti_transfer *transfer,
		   union osti_transfer_arg *arg);
} osti_transfer_ioctls[] = {
	{ OSTI_TRANSFER_CHUNK, OSTI_FOR_CHUNKS, osti_transfer_chunk },
	{ OSTI_TRANSFER_SCAN, OSTI_FOR(OSTI_BACKUP_EXPORT),
	  osti_transfer_scan },
	{ OSTI_TRANSFER_TABLE, OSTI_FOR_ALL, osti_transfer_table },
	{ OSTI_TRANSFER_HAVE, OSTI_FOR_OUT, osti_transfer_have },
	{ OSTI_TRANSFER_SEAL, OSTI_FOR_OUT, osti_transfer_seal },
	{ OSTI_TRANSFER_READ, OSTI_FOR_OUT, osti_transfer_read },
	{ OSTI_TRANSFER_WRITE, OSTI_FOR_GIVEN, osti_transfer_write },
	{ OSTI_TRANSFER_OPEN, OSTI_FOR_GIVEN, osti_transfer_open },
	{ OSTI_TRANSFER_CHECK, OSTI_FOR(OSTI_BACKUP_IMPORT),
	  osti_transfer_check_chunks },
	{ OSTI_TRANSFER_COMMIT, OSTI_FOR_ALL, osti_transfer_commit },
	{ OSTI_TRANSFER_ATTACH, OSTI_FOR_ALL, osti_transfer_attach },
	{ OSTI_TRANSFER_DISK, OSTI_FOR_ALL, osti_transfer_disk },
	{ OSTI_TRANSFER_DISK_END, OSTI_FOR_ALL, osti_transfer_disk_end },
	{ OSTI_TRANSFER_DISK_ZERO, OSTI_FOR(OSTI_BACKUP_IMPORT),
	  osti_transfer_disk_zero },
};

static const struct osti_transfer_ioctl *
osti_transfer_find(const struct osti_transfer *transfer, unsigned int cmd)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(osti_transfer_ioctls); i++)
		if (osti_transfer_ioctls[i].cmd == cmd &&
		    osti_transfer_ioctls[i].kinds & OSTI_FOR(transfer->what))
			return &osti_transfer_ioctls[i];
	return NULL;
}

/**
 * osti_transfer_ioctl() - a call on a transfer's descriptor
 * @transfer:	the transfer.
 * @cmd:	OSTI_TRANSFER_*, or anything else.
 * @user:	its structure.
 *
 * Return: as osti/ioctl.h has it.
 */
long osti_transfer_ioctl(struct osti_transfer *transfer, unsigned int cmd,
			 void __user *user)
{
	const struct osti_transfer_ioctl *ioctl;
	union osti_transfer_arg arg;
	int err;

	ioctl = osti_transfer_find(transfer, cmd);
	if (!ioctl)
		return -ENOTTY;
	if (copy_from_user(&arg, user, _IOC_SIZE(cmd)))
		return -EFAULT;
	err = ioctl->run(transfer, &arg);
	/* Nobody has a use for the disk any more. */
	if (err == -EBADMSG)
		osti_disk_end(transfer);
	/* After EBADMSG the structure says why. */
	if ((err && err != -EBADMSG) || !(_IOC_DIR(cmd) & _IOC_READ))
		return err;
	return copy_to_user(user, &arg, _IOC_SIZE(cmd)) ? -EFAULT : err;
}
