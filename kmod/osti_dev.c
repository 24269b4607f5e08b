// SPDX-License-Identifier: GPL-2.0-only
/*
 * osti_dev.c - /dev/osti: open files and their ioctls, see osti/ioctl.h
 */
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <osti/abi.h>
#include <osti/ioctl.h>

#include "osti.h"
#include "osti_answer.h"
#include "osti_backup.h"
#include "osti_smc.h"

static int osti_dev_open(struct inode *inode, struct file *file)
{
	/* The misc core holds its lock: osti cannot be unregistered now. */
	struct osti *osti = container_of(file->private_data, struct osti, misc);
	struct osti_reader *reader;
	int err;

	reader = kzalloc(sizeof(*reader), GFP_KERNEL);
	if (!reader)
		return -ENOMEM;
	reader->osti = osti;
	mutex_init(&reader->lock);

	err = osti_event_open(reader);
	if (err) {
		kfree(reader);
		return err;
	}

	kref_get(&osti->ref);
	file->private_data = reader;
	return stream_open(inode, file);
}

static int osti_dev_release(struct inode *inode, struct file *file)
{
	struct osti_reader *reader = file->private_data;

	osti_put(reader->osti);
	mutex_destroy(&reader->lock);
	kfree(reader);
	return 0;
}

static long osti_get_info(struct osti *osti, void __user *arg)
{
	struct osti_ioc_info info = {
		.abi_major = osti->abi_major,
		.abi_minor = osti->abi_minor,
	};
	int err;

	err = osti_smc_info(&info);
	if (err)
		return err;
	return copy_to_user(arg, &info, sizeof(info)) ? -EFAULT : 0;
}

static long osti_get_slot(void __user *arg)
{
	struct osti_ioc_slot slot;
	int err;

	if (copy_from_user(&slot, arg, sizeof(slot)))
		return -EFAULT;
	err = osti_smc_slot(slot.slot, &slot);
	if (err)
		return err;
	return copy_to_user(arg, &slot, sizeof(slot)) ? -EFAULT : 0;
}

static long osti_do_switch(struct osti *osti, void __user *arg)
{
	struct osti_ioc_switch sw;
	int err;

	if (copy_from_user(&sw, arg, sizeof(sw)))
		return -EFAULT;
	sw = (struct osti_ioc_switch){
		.target = sw.target,
		.request = sw.request,
	};
	/* A pointer to read-only memory must fail before the switch. */
	if (copy_to_user(arg, &sw, sizeof(sw)))
		return -EFAULT;

	err = osti_switch(osti, &sw);
	if (err)
		return err;
	return copy_to_user(arg, &sw, sizeof(sw)) ? -EFAULT : 0;
}

static long osti_get_phases(void __user *arg)
{
	struct osti_ioc_phases phases;
	int err;

	if (copy_from_user(&phases, arg, sizeof(phases)))
		return -EFAULT;
	err = osti_smc_phases(phases.index, &phases);
	if (err)
		return err;
	return copy_to_user(arg, &phases, sizeof(phases)) ? -EFAULT : 0;
}

static long osti_get_ring(void __user *arg)
{
	struct osti_ioc_ring ring;
	int err;

	if (copy_from_user(&ring, arg, sizeof(ring)))
		return -EFAULT;
	err = osti_smc_ring(ring.ring, &ring);
	if (err)
		return err;
	return copy_to_user(arg, &ring, sizeof(ring)) ? -EFAULT : 0;
}

static long osti_get_image(void __user *arg)
{
	struct osti_ioc_image image;
	int err;

	if (copy_from_user(&image, arg, sizeof(image)))
		return -EFAULT;
	err = osti_smc_image(image.slot, &image);
	if (err)
		return err;
	return copy_to_user(arg, &image, sizeof(image)) ? -EFAULT : 0;
}

static long osti_get_resume(void __user *arg)
{
	struct osti_ioc_resume ioc = { };
	struct osti_resume resume;
	int err;

	err = osti_smc_resume(&resume);
	if (err)
		return err;
	ioc.reason = resume.reason;
	ioc.generation = resume.generation;
	ioc.saved_at = resume.saved_at;
	return copy_to_user(arg, &ioc, sizeof(ioc)) ? -EFAULT : 0;
}

static long osti_start_good(void __user *arg)
{
	struct osti_ioc_good good;
	int err;

	if (copy_from_user(&good, arg, sizeof(good)))
		return -EFAULT;
	err = osti_smc_good(&good);
	if (err)
		return err;
	return copy_to_user(arg, &good, sizeof(good)) ? -EFAULT : 0;
}

/* For what changes something, or tells what not everybody may know. */
static int osti_may_write(const struct file *file)
{
	return file->f_mode & FMODE_WRITE ? 0 : -EBADF;
}

static int osti_has_copies(const struct osti *osti)
{
	return osti->abi_minor >= OSTI_MINOR_COPIES ? 0 : -EOPNOTSUPP;
}

static int osti_has_disk_keys(const struct osti *osti)
{
	return osti->abi_minor >= OSTI_MINOR_DISKS ? 0 : -EOPNOTSUPP;
}

static long osti_dispatch(struct file *file, struct osti *osti,
			  unsigned int cmd, void __user *arg)
{
	switch (cmd) {
	case OSTI_GET_INFO:
		return osti_get_info(osti, arg);
	case OSTI_GET_SLOT:
		return osti_get_slot(arg);
	case OSTI_SWITCH:
		return osti_may_write(file) ?: osti_do_switch(osti, arg);
	case OSTI_GET_PHASES:
		return osti_get_phases(arg);
	case OSTI_GET_RING:
		return osti_get_ring(arg);
	case OSTI_MARK_USER:
		return osti_may_write(file) ?:
		       osti_smc_phase_mark(OSTI_PHASE_USER);
	case OSTI_GET_IMAGE:
		return osti_get_image(arg);
	case OSTI_GET_RESUME:
		return osti_get_resume(arg);
	case OSTI_START_GOOD:
		return osti_may_write(file) ?: osti_start_good(arg);
	case OSTI_GET_SLOT_KEY:
		return osti_may_write(file) ?: osti_has_copies(osti) ?:
		       osti_get_slot_key(arg);
	case OSTI_GET_DISK_KEY:
		return osti_may_write(file) ?: osti_has_disk_keys(osti) ?:
		       osti_get_disk_key(arg);
	case OSTI_GET_CARRIER:
		return osti_has_copies(osti) ?: osti_get_carrier(arg);
	case OSTI_RESTORE_ASK:
		return osti_may_write(file) ?: osti_has_copies(osti) ?:
		       osti_restore_ask(arg);
	case OSTI_BACKUP_OPEN:
		return osti_may_write(file) ?: osti_has_copies(osti) ?:
		       osti_backup_open(osti, arg);
	default:
		return -ENOTTY;
	}
}

static long osti_dev_ioctl(struct file *file, unsigned int cmd,
			   unsigned long arg)
{
	struct osti_reader *reader = file->private_data;
	struct osti *osti = reader->osti;
	long ret;

	if (READ_ONCE(osti->gone))
		return -ENODEV;
	ret = osti_dispatch(file, osti, cmd, (void __user *)arg);
	/* Calls into the monitor may have left records, also refused ones. */
	wake_up_interruptible(&osti->wait);
	return ret;
}

static const struct file_operations osti_dev_fops = {
	.owner = THIS_MODULE,
	.open = osti_dev_open,
	.release = osti_dev_release,
	.read = osti_event_read,
	.poll = osti_event_poll,
	.unlocked_ioctl = osti_dev_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
};

/**
 * osti_dev_register() - make /dev/osti and its sysfs attributes
 * @osti: the monitor, complete: it can be used before this returns.
 *
 * Return: 0 or a negative errno of the driver core.
 */
int osti_dev_register(struct osti *osti)
{
	osti->misc = (struct miscdevice){
		.minor = MISC_DYNAMIC_MINOR,
		.name = "osti",
		/* Not a group's: whoever may write skips switchd's rules. */
		.mode = 0600,
		.parent = osti->dev,
		.fops = &osti_dev_fops,
		.groups = osti_sysfs_groups,
	};
	return misc_register(&osti->misc);
}

/**
 * osti_dev_unregister() - remove /dev/osti; files still open get -ENODEV
 * @osti: the monitor.
 */
void osti_dev_unregister(struct osti *osti)
{
	misc_deregister(&osti->misc);
	WRITE_ONCE(osti->gone, true);
	wake_up_all(&osti->wait);
	osti_backup_gone(osti);
}
