/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * osti_disk.h - the disk of the slot that a transfer is about
 */
#ifndef OSTI_DISK_H
#define OSTI_DISK_H

#include <linux/mutex.h>
#include <linux/types.h>

struct block_device;
struct file;
struct iov_iter;
struct kiocb;
struct osti;
struct osti_ioc_disk;
struct osti_ioc_zero;
struct osti_transfer;
struct pci_dev;

/**
 * struct osti_disk - the disk, if it is shown
 * @lock:	held while it is shown or given back; guards @pdev and @barred.
 * @pdev:	its PCI function, referenced, or NULL.
 * @barred:	the transfer is about to end: it is not shown any more.
 * @file:	of the claim, which kernels since 6.9 want back; used with @lock.
 * @device:	the disk, claimed, or NULL. With the next three guarded by the
 *		transfer's lock.
 * @bytes:	its size.
 * @access:	OSTI_DISK_*.
 * @active:	who uses @device now.
 * @was_shown:	that there is none is because it was given back.
 */
struct osti_disk {
	struct mutex lock; /* one task shows it, or gives it back */
	struct pci_dev *pdev;
	bool barred;
	struct file *file;
	struct block_device *device;
	u64 bytes;
	u32 access;
	unsigned int active;
	bool was_shown;
};

/* osti_disk.c */
int osti_disk_show(struct osti_transfer *transfer, struct osti_ioc_disk *arg);
void osti_disk_end(struct osti_transfer *transfer);
void osti_disk_bar(struct osti_transfer *transfer, bool barred);
int osti_disk_init(struct osti *osti);
void osti_disk_exit(struct osti *osti);

/* osti_disk_io.c */
ssize_t osti_disk_read(struct kiocb *iocb, struct iov_iter *to);
ssize_t osti_disk_write(struct kiocb *iocb, struct iov_iter *from);
int osti_disk_sync(struct file *file, loff_t start, loff_t end, int datasync);
int osti_disk_zero(struct osti_transfer *transfer,
		   const struct osti_ioc_zero *zero);
bool osti_disk_is_idle(struct osti_transfer *transfer);

#endif /* OSTI_DISK_H */
