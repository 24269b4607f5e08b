// SPDX-License-Identifier: GPL-2.0-only
/*
 * osti_backup.c - OSTI_BACKUP_OPEN: a transfer becomes a descriptor of its own
 */
#include <linux/anon_inodes.h>
#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <osti/image.h>
#include <osti/ioctl.h>

#include "osti.h"
#include "osti_backup.h"
#include "osti_smc.h"

static void osti_backup_free(struct osti_transfer *transfer)
{
	osti_transfer_buffers_free(transfer);
	mutex_destroy(&transfer->disk.lock);
	osti_put(transfer->osti);
	kfree(transfer);
}

static int osti_backup_release(struct inode *inode, struct file *file)
{
	struct osti_transfer *transfer = file->private_data;
	struct osti *osti = transfer->osti;

	osti_transfer_end(transfer, true);
	mutex_lock(&osti->transfer_lock);
	if (osti->transfer == transfer)
		osti->transfer = NULL;
	mutex_unlock(&osti->transfer_lock);
	osti_backup_free(transfer);
	return 0;
}

static long osti_backup_ioctl(struct file *file, unsigned int cmd,
			      unsigned long arg)
{
	return osti_transfer_ioctl(file->private_data, cmd,
				   (void __user *)arg);
}

static __poll_t osti_backup_poll(struct file *file, poll_table *table)
{
	struct osti_transfer *transfer = file->private_data;

	poll_wait(file, &transfer->wait, table);
	switch (osti_transfer_state_error(transfer)) {
	case 0:
		return 0;
	case -ENODEV:
		return EPOLLERR | EPOLLHUP;
	default:
		return EPOLLHUP;
	}
}

static const struct file_operations osti_backup_fops = {
	.owner = THIS_MODULE,
	.release = osti_backup_release,
	.read_iter = osti_disk_read,
	.write_iter = osti_disk_write,
	.fsync = osti_disk_sync,
	.unlocked_ioctl = osti_backup_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.poll = osti_backup_poll,
};

static struct osti_transfer *osti_backup_new(struct osti *osti,
					     const struct osti_ioc_backup *arg)
{
	struct osti_transfer *transfer;

	transfer = kzalloc(sizeof(*transfer), GFP_KERNEL_ACCOUNT);
	if (!transfer)
		return NULL;
	kref_get(&osti->ref);
	transfer->osti = osti;
	transfer->slot = arg->slot;
	transfer->what = arg->what;
	transfer->state = OSTI_TRANSFER_OVER;
	spin_lock_init(&transfer->lock);
	init_waitqueue_head(&transfer->wait);
	init_waitqueue_head(&transfer->room);
	mutex_init(&transfer->disk.lock);
	if (osti_transfer_buffers(transfer)) {
		osti_backup_free(transfer);
		return NULL;
	}
	return transfer;
}

/* @header: what lies there is for an import. */
static void osti_backup_ask(const struct osti_ioc_backup *arg,
			    const void *header, struct osti_regs *r)
{
	*r = (struct osti_regs){ { 0, arg->slot } };
	switch (arg->what) {
	case OSTI_BACKUP_EXPORT:
		r->x[0] = OSTI_CALL_EXPORT_BEGIN;
		r->x[2] = arg->saved_at;
		r->x[3] = OSTI_IMAGE_COPY | arg->attachments << 8;
		break;
	case OSTI_BACKUP_STORED:
		r->x[0] = OSTI_CALL_EXPORT_STORED;
		r->x[2] = arg->attachments;
		break;
	default:
		r->x[0] = OSTI_CALL_IMPORT_BEGIN;
		r->x[2] = virt_to_phys(header);
		break;
	}
}

static int osti_backup_call(struct osti_ioc_backup *arg, const void *header)
{
	unsigned int may = OSTI_MAY(OSTI_E_INVALID) | OSTI_MAY(OSTI_E_STATE) |
			   OSTI_MAY(OSTI_E_HARDWARE);
	struct osti_regs r;
	u32 function;
	int err;

	osti_backup_ask(arg, header, &r);
	function = r.x[0];
	if (arg->what == OSTI_BACKUP_IMPORT)
		may |= OSTI_MAY(OSTI_E_IMAGE) | OSTI_MAY(OSTI_E_NO_ROOM);
	err = osti_smc_call(&r, may);
	if (err == -EBADMSG)
		arg->reason = r.x[1];
	if (err)
		return err == -ESTALE ? -EBUSY : err;
	return osti_checked(function, osti_answer_begin(&r, arg));
}

/* The last one may have been ended by the monitor and not closed yet. */
static bool osti_backup_is_done(struct osti_transfer *transfer)
{
	bool done;

	spin_lock(&transfer->lock);
	done = transfer->state == OSTI_TRANSFER_OVER && !transfer->active;
	spin_unlock(&transfer->lock);
	return done;
}

static int osti_backup_begin(struct osti_transfer *transfer,
			     struct osti_ioc_backup *arg)
{
	struct osti *osti = transfer->osti;
	int err = -EBUSY;

	mutex_lock(&osti->transfer_lock);
	if (READ_ONCE(osti->gone))
		err = -ENODEV;
	else if (!osti->transfer || osti_backup_is_done(osti->transfer))
		err = osti_backup_call(arg, transfer->buffer[0]);
	if (!err) {
		transfer->state = OSTI_TRANSFER_ALIVE;
		osti->transfer = transfer;
	}
	mutex_unlock(&osti->transfer_lock);
	return err;
}

/* Begins, and tells user space before there is a descriptor to take back. */
static int osti_backup_start(struct osti_transfer *transfer,
			     struct osti_ioc_backup *arg, void __user *user)
{
	int err;

	if (arg->what == OSTI_BACKUP_IMPORT &&
	    copy_from_user(transfer->buffer[0], u64_to_user_ptr(arg->header),
			   OSTI_IMAGE_HEADER))
		return -EFAULT;
	err = osti_backup_begin(transfer, arg);
	if (err && err != -EBADMSG)
		return err;
	return copy_to_user(user, arg, sizeof(*arg)) ? -EFAULT : err;
}

/* What has a descriptor is ended by the release of its file. */
static long osti_backup_install(struct osti_transfer *transfer,
				struct osti_ioc_backup *arg, void __user *user)
{
	struct file *file;
	int err, fd;

	file = anon_inode_getfile("[osti-transfer]", &osti_backup_fops,
				  transfer, O_RDWR | O_CLOEXEC);
	if (IS_ERR(file)) {
		osti_backup_free(transfer);
		return PTR_ERR(file);
	}
	/* The disk has offsets; the file has none of its own. */
	file->f_mode |= FMODE_PREAD | FMODE_PWRITE;
	fd = get_unused_fd_flags(O_CLOEXEC);
	if (fd < 0) {
		fput(file);
		return fd;
	}
	err = osti_backup_start(transfer, arg, user);
	if (err) {
		put_unused_fd(fd);
		fput(file);
		return err;
	}
	fd_install(fd, file);
	return fd;
}

/**
 * osti_backup_open() - OSTI_BACKUP_OPEN, see osti/ioctl.h
 * @osti:	the monitor.
 * @user:	struct osti_ioc_backup of the caller.
 *
 * Return: a descriptor, or a negative errno.
 */
long osti_backup_open(struct osti *osti, void __user *user)
{
	struct osti_transfer *transfer;
	struct osti_ioc_backup arg;
	int err;

	if (copy_from_user(&arg, user, sizeof(arg)))
		return -EFAULT;
	arg = (struct osti_ioc_backup){
		.slot = arg.slot,
		.what = arg.what,
		.saved_at = arg.saved_at,
		.header = arg.header,
		.attachments = arg.attachments,
	};
	err = osti_transfer_check_begin(&arg);
	if (err)
		return err;
	if (arg.attachments && osti->abi_minor < OSTI_MINOR_DISKS)
		return -EOPNOTSUPP;
	if (arg.what == OSTI_BACKUP_STORED &&
	    osti->abi_minor < OSTI_MINOR_STORED)
		return -EOPNOTSUPP;
	transfer = osti_backup_new(osti, &arg);
	if (!transfer)
		return -ENOMEM;
	return osti_backup_install(transfer, &arg, user);
}

/**
 * osti_backup_resumed() - after a suspend: has the monitor ended the transfer?
 * @osti: the monitor.
 *
 * Context: process, with user space frozen, after all devices were resumed.
 */
void osti_backup_resumed(struct osti *osti)
{
	struct osti_transfer *transfer;

	mutex_lock(&osti->transfer_lock);
	transfer = osti->transfer;
	/* Whoever is giving it up finds out himself. */
	if (transfer && !osti_transfer_state_error(transfer)) {
		if (transfer->what == OSTI_BACKUP_STORED)
			/* Its slot is EMPTY before and after: none can tell. */
			osti_transfer_end(transfer, false);
		else
			osti_transfer_check(transfer);
	}
	mutex_unlock(&osti->transfer_lock);
}

/**
 * osti_backup_gone() - give up what is open, as the driver goes
 * @osti: the monitor, marked as gone.
 *
 * Context: process; waits until no call is in the monitor any more.
 */
void osti_backup_gone(struct osti *osti)
{
	mutex_lock(&osti->transfer_lock);
	if (osti->transfer)
		osti_transfer_end(osti->transfer, false);
	mutex_unlock(&osti->transfer_lock);
}
