// SPDX-License-Identifier: GPL-2.0-only
/*
 * osti_disk.c - the disk of the slot that a transfer is about, or the store, found
 * and given back
 *
 * The monitor shows it as a PCI function that was not there before, and takes it
 * away, whatever is going on, when this OS is frozen or the transfer ends. A driver
 * does not survive that: it would wait for ever for what it had begun. So it is
 * given back before: before a suspend begins, since tasks and devices must still
 * run for that, before COMMIT, and with the transfer.
 */
#include <linux/blkdev.h>
#include <linux/device.h>
#include <linux/delay.h>
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/pci.h>
#include <linux/sched/signal.h>
#include <linux/string.h>
#include <linux/suspend.h>
#include <osti/abi.h>
#include <osti/ioctl.h>

#include "osti.h"
#include "osti_backup.h"
#include "osti_compat.h"
#include "osti_smc.h"

/* How long a driver may take to make a disk of the function. */
#define OSTI_DISK_WAIT_MS	10000
#define OSTI_DISK_POLL_MS	10

/* ---- The function ------------------------------------------------------------ */

static int osti_disk_ask(struct osti_transfer *transfer, u32 access,
			 unsigned int *devfn)
{
	struct osti_regs r = { {
		OSTI_CALL_DISK_SHOW, transfer->slot, access,
	} };
	u32 reason;
	int err;

	err = osti_transfer_call(transfer, &r, OSTI_MAY_DISK, 0, &reason);
	if (err)
		return err;
	return osti_checked(OSTI_CALL_DISK_SHOW, osti_answer_disk(&r, devfn));
}

static void osti_disk_hide(struct osti_transfer *transfer)
{
	struct osti_regs r = { { OSTI_CALL_DISK_HIDE, transfer->slot } };
	int err;

	err = osti_smc_call(&r, OSTI_MAY(OSTI_E_HARDWARE));
	if (err)
		dev_warn(transfer->osti->dev, "disk of slot %u does not stop: error %d; nobody gets it until power-on\n",
			 transfer->slot, err);
}

static void osti_disk_remove(struct osti_transfer *transfer)
{
	struct osti_disk *disk = &transfer->disk;

	if (!disk->pdev)
		return;
	pci_stop_and_remove_bus_device_locked(disk->pdev);
	pci_dev_put(disk->pdev);
	disk->pdev = NULL;
	osti_disk_hide(transfer);
}

/* ---- The block device of the function ------------------------------------------- */

static int osti_disk_is_block(struct device *dev, void *data)
{
	return dev->class && !strcmp(dev->class->name, "block");
}

/* It hangs below the virtio device, which hangs below the function. */
static dev_t osti_disk_number(struct pci_dev *pdev)
{
	struct device *virtio, *block = NULL;
	dev_t number = 0;

	virtio = device_find_any_child(&pdev->dev);
	if (virtio)
		block = device_find_child(virtio, NULL, osti_disk_is_block);
	if (block)
		number = block->devt;
	put_device(block);
	put_device(virtio);
	return number;
}

/* There is no event for a driver that has made its disk ready. */
static int osti_disk_wait(struct pci_dev *pdev, dev_t *number)
{
	unsigned long end = jiffies + msecs_to_jiffies(OSTI_DISK_WAIT_MS);

	for (;;) {
		*number = osti_disk_number(pdev);
		if (*number)
			return 0;
		if (time_after(jiffies, end))
			return -ETIMEDOUT;
		if (msleep_interruptible(OSTI_DISK_POLL_MS))
			return -ERESTARTSYS;
	}
}

static int osti_disk_claim(struct osti_transfer *transfer, u32 access)
{
	struct osti_disk *disk = &transfer->disk;
	bool write = access == OSTI_DISK_WRITE;
	struct block_device *device;
	struct file *file;
	dev_t number;
	int err;

	err = osti_disk_wait(disk->pdev, &number);
	if (err)
		return err;
	device = osti_compat_disk(number, write, transfer, &file);
	if (IS_ERR(device))
		return PTR_ERR(device);
	if (!bdev_nr_bytes(device) ||
	    bdev_nr_bytes(device) % OSTI_DISK_SECTOR ||
	    OSTI_DISK_SECTOR % bdev_logical_block_size(device)) {
		osti_compat_disk_end(device, write, file);
		return -EOPNOTSUPP;
	}
	disk->file = file;
	spin_lock(&transfer->lock);
	disk->device = device;
	disk->bytes = bdev_nr_bytes(device);
	disk->access = access;
	disk->was_shown = true;
	spin_unlock(&transfer->lock);
	return 0;
}

/* ---- Both ---------------------------------------------------------------------- */

static void osti_disk_end_locked(struct osti_transfer *transfer)
{
	struct osti_disk *disk = &transfer->disk;
	struct block_device *device;

	spin_lock(&transfer->lock);
	device = disk->device;
	disk->device = NULL;
	spin_unlock(&transfer->lock);
	if (device) {
		wait_event(transfer->wait, osti_disk_is_idle(transfer));
		osti_compat_disk_end(device, disk->access == OSTI_DISK_WRITE,
				     disk->file);
	}
	osti_disk_remove(transfer);
}

static int osti_disk_show_locked(struct osti_transfer *transfer, u32 access)
{
	struct osti_disk *disk = &transfer->disk;
	unsigned int devfn;
	int err;

	if (disk->pdev)
		return -EBUSY;
	if (disk->barred)
		return -EINVAL;
	err = osti_disk_ask(transfer, access, &devfn);
	if (err)
		return err;
	disk->pdev = osti_pci_scan(devfn);
	if (!disk->pdev) {
		dev_err(transfer->osti->dev, "no PCI function %02x.%x, where the monitor shows the disk of slot %u\n",
			devfn >> 3, devfn & 7, transfer->slot);
		osti_disk_hide(transfer);
		return -EIO;
	}
	err = osti_disk_claim(transfer, access);
	if (err)
		osti_disk_remove(transfer);
	return err;
}

/**
 * osti_disk_show() - OSTI_TRANSFER_DISK, see osti/ioctl.h
 * @transfer:	the transfer.
 * @arg:	of the caller; filled.
 *
 * Return: as osti/ioctl.h has it, or -ERESTARTSYS (a signal came, or a freeze).
 */
int osti_disk_show(struct osti_transfer *transfer, struct osti_ioc_disk *arg)
{
	struct osti_disk *disk = &transfer->disk;
	struct osti *osti = transfer->osti;
	int err;

	if (osti->abi_minor < OSTI_MINOR_DISKS)
		return -EOPNOTSUPP;
	err = osti_transfer_check_disk(transfer->what, arg);
	if (err)
		return err;
	for (;;) {
		err = wait_event_interruptible(osti->wait,
					       !READ_ONCE(osti->suspending));
		if (err)
			return err;
		err = mutex_lock_interruptible(&disk->lock);
		if (err)
			return err;
		/* A suspend that began since takes the lock after it said so. */
		if (!READ_ONCE(osti->suspending))
			break;
		mutex_unlock(&disk->lock);
	}
	err = osti_disk_show_locked(transfer, arg->access);
	arg->bytes = err ? 0 : disk->bytes;
	mutex_unlock(&disk->lock);
	return err;
}

/**
 * osti_disk_end() - give the disk back, if it is shown
 * @transfer: the transfer.
 *
 * Context: process; waits until nobody uses the disk. The monitor has not taken
 * it away yet.
 */
void osti_disk_end(struct osti_transfer *transfer)
{
	mutex_lock(&transfer->disk.lock);
	osti_disk_end_locked(transfer);
	mutex_unlock(&transfer->disk.lock);
}

/**
 * osti_disk_bar() - as osti_disk_end(), and nobody is shown it again
 * @transfer:	the transfer, which a call is about to end.
 * @barred:	false: the call has not ended it.
 */
void osti_disk_bar(struct osti_transfer *transfer, bool barred)
{
	mutex_lock(&transfer->disk.lock);
	transfer->disk.barred = barred;
	if (barred)
		osti_disk_end_locked(transfer);
	mutex_unlock(&transfer->disk.lock);
}

/* ---- Suspend ----------------------------------------------------------------------- */

/* Tasks and devices still run here, or run again. */
static int osti_disk_pm(struct notifier_block *nb, unsigned long event,
			void *data)
{
	struct osti *osti = container_of(nb, struct osti, pm);

	switch (event) {
	case PM_SUSPEND_PREPARE:
	case PM_HIBERNATION_PREPARE:
		WRITE_ONCE(osti->suspending, true);
		mutex_lock(&osti->transfer_lock);
		if (osti->transfer)
			osti_disk_end(osti->transfer);
		mutex_unlock(&osti->transfer_lock);
		break;
	case PM_POST_SUSPEND:
	case PM_POST_HIBERNATION:
		WRITE_ONCE(osti->suspending, false);
		wake_up_all(&osti->wait);
		break;
	}
	return NOTIFY_DONE;
}

/**
 * osti_disk_init() - start to observe suspends
 * @osti: the monitor.
 *
 * Return: 0 or a negative errno of register_pm_notifier().
 */
int osti_disk_init(struct osti *osti)
{
	osti->pm.notifier_call = osti_disk_pm;
	return register_pm_notifier(&osti->pm);
}

/**
 * osti_disk_exit() - undo osti_disk_init()
 * @osti: the monitor.
 */
void osti_disk_exit(struct osti *osti)
{
	unregister_pm_notifier(&osti->pm);
}
