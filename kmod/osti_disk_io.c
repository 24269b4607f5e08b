// SPDX-License-Identifier: GPL-2.0-only
/*
 * osti_disk_io.c - pread() and pwrite() on a transfer's descriptor: its disk
 *
 * Straight to the device: what this kernel remembered of a disk would be wrong
 * after its slot ran, and would push out of memory what is of use here. All goes
 * through pages of its own, so that user memory may be any.
 */
#include <linux/bio.h>
#include <linux/blkdev.h>
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/uio.h>
#include <osti/abi.h>
#include <osti/ioctl.h>

#include "osti_backup.h"

/* Most bytes of one bio, and so of memory for one caller. */
#define OSTI_DISK_PIECE		(256 * 1024)
/* Most that is made zero at once. */
#define OSTI_DISK_ZERO_PIECE	(16 * 1024 * 1024)
#define OSTI_DISK_PAGES		DIV_ROUND_UP(OSTI_DISK_PIECE, PAGE_SIZE)

/* ---- Who uses it ---------------------------------------------------------------- */

/**
 * osti_disk_is_idle() - does nobody use the disk now?
 * @transfer: the transfer.
 */
bool osti_disk_is_idle(struct osti_transfer *transfer)
{
	bool idle;

	spin_lock(&transfer->lock);
	idle = !transfer->disk.active;
	spin_unlock(&transfer->lock);
	return idle;
}

/* With the lock. */
static int osti_disk_error(const struct osti_transfer *transfer, u32 access)
{
	const struct osti_disk *disk = &transfer->disk;

	if (!disk->device)
		return disk->was_shown ? -ESTALE : -EBADF;
	return access == OSTI_DISK_WRITE && disk->access != OSTI_DISK_WRITE ?
	       -EBADF : 0;
}

/* The disk stays until osti_disk_leave(). @bytes: of it; or NULL. */
static struct block_device *osti_disk_enter(struct osti_transfer *transfer,
					    u32 access, u64 *bytes)
{
	struct block_device *device;
	int err = osti_transfer_state_error(transfer);

	spin_lock(&transfer->lock);
	if (!err)
		err = osti_disk_error(transfer, access);
	device = err ? ERR_PTR(err) : transfer->disk.device;
	if (!err)
		transfer->disk.active++;
	if (!err && bytes)
		*bytes = transfer->disk.bytes;
	spin_unlock(&transfer->lock);
	return device;
}

static void osti_disk_leave(struct osti_transfer *transfer)
{
	bool idle;

	spin_lock(&transfer->lock);
	idle = !--transfer->disk.active;
	spin_unlock(&transfer->lock);
	if (idle)
		wake_up_all(&transfer->wait);
}

/* ---- One bio ---------------------------------------------------------------------- */

struct osti_disk_piece {
	struct page *page[OSTI_DISK_PAGES];
	unsigned int pages;
	size_t bytes;
};

static size_t osti_disk_in_page(const struct osti_disk_piece *p, unsigned int i)
{
	return min_t(size_t, PAGE_SIZE, p->bytes - i * PAGE_SIZE);
}

static void osti_disk_piece_free(struct osti_disk_piece *p)
{
	while (p->pages)
		__free_page(p->page[--p->pages]);
}

static int osti_disk_piece_get(struct osti_disk_piece *p, size_t bytes)
{
	struct page *page;

	p->bytes = bytes;
	for (p->pages = 0; p->pages < DIV_ROUND_UP(bytes, PAGE_SIZE);) {
		page = alloc_page(GFP_KERNEL);
		if (!page) {
			osti_disk_piece_free(p);
			return -ENOMEM;
		}
		p->page[p->pages++] = page;
	}
	return 0;
}

/* Between the pages and the caller's memory. */
static int osti_disk_piece_copy(struct osti_disk_piece *p,
				struct iov_iter *iter, bool write)
{
	unsigned int i;
	size_t n;

	for (i = 0; i < p->pages; i++) {
		n = osti_disk_in_page(p, i);
		if ((write ? copy_page_from_iter(p->page[i], 0, n, iter) :
			     copy_page_to_iter(p->page[i], 0, n, iter)) != n)
			return -EFAULT;
	}
	return 0;
}

/* Between the pages and the disk. */
static int osti_disk_piece_move(struct osti_disk_piece *p,
				struct block_device *device, loff_t pos,
				bool write)
{
	struct bio *bio;
	unsigned int i;
	int err;

	bio = bio_alloc(device, p->pages, write ? REQ_OP_WRITE : REQ_OP_READ,
			GFP_KERNEL);
	bio->bi_iter.bi_sector = pos >> SECTOR_SHIFT;
	for (i = 0; i < p->pages; i++)
		/* There is room: the bio was made for so many pages. */
		__bio_add_page(bio, p->page[i], osti_disk_in_page(p, i), 0);
	err = submit_bio_wait(bio);
	bio_put(bio);
	return err;
}

static ssize_t osti_disk_piece(struct block_device *device,
			       struct iov_iter *iter, loff_t pos, size_t bytes,
			       bool write)
{
	struct osti_disk_piece piece;
	int err;

	err = osti_disk_piece_get(&piece, bytes);
	if (err)
		return err;
	if (write)
		err = osti_disk_piece_copy(&piece, iter, true);
	if (!err)
		err = osti_disk_piece_move(&piece, device, pos, write);
	if (!err && !write)
		err = osti_disk_piece_copy(&piece, iter, false);
	osti_disk_piece_free(&piece);
	return err ?: bytes;
}

/* ---- read() and write() --------------------------------------------------------------- */

/* The next piece; 0 at the end of the disk. */
static ssize_t osti_disk_step(struct osti_transfer *transfer,
			      struct iov_iter *iter, loff_t pos, bool write)
{
	size_t bytes = min_t(size_t, iov_iter_count(iter), OSTI_DISK_PIECE);
	struct block_device *device;
	ssize_t ret;
	u64 end;

	device = osti_disk_enter(transfer, write ? OSTI_DISK_WRITE :
						   OSTI_DISK_READ, &end);
	if (IS_ERR(device))
		return PTR_ERR(device);
	if (pos >= end)
		ret = write ? -EINVAL : 0;
	else if (bytes > end - pos && write)
		ret = -EINVAL;
	else
		ret = osti_disk_piece(device, iter, pos,
				      min_t(u64, bytes, end - pos), write);
	osti_disk_leave(transfer);
	return ret;
}

static ssize_t osti_disk_move(struct kiocb *iocb, struct iov_iter *iter,
			      bool write)
{
	struct osti_transfer *transfer = iocb->ki_filp->private_data;
	ssize_t done = 0, ret = 0;

	if (!IS_ALIGNED(iocb->ki_pos, OSTI_DISK_SECTOR) ||
	    !IS_ALIGNED(iov_iter_count(iter), OSTI_DISK_SECTOR))
		return -EINVAL;
	while (iov_iter_count(iter)) {
		ret = osti_disk_step(transfer, iter, iocb->ki_pos, write);
		if (ret <= 0)
			break;
		done += ret;
		iocb->ki_pos += ret;
		if (signal_pending(current)) {
			ret = -ERESTARTSYS;
			break;
		}
	}
	return done ?: ret;
}

/**
 * osti_disk_read() - read_iter of a transfer's descriptor
 * @iocb:	where.
 * @to:		whither.
 *
 * Return: as osti/ioctl.h has it.
 */
ssize_t osti_disk_read(struct kiocb *iocb, struct iov_iter *to)
{
	return osti_disk_move(iocb, to, false);
}

/**
 * osti_disk_write() - write_iter of a transfer's descriptor
 * @iocb:	where.
 * @from:	whence.
 *
 * Return: as osti/ioctl.h has it.
 */
ssize_t osti_disk_write(struct kiocb *iocb, struct iov_iter *from)
{
	return osti_disk_move(iocb, from, true);
}

/**
 * osti_disk_sync() - fsync of a transfer's descriptor
 * @file:	the descriptor's.
 * @start:	not looked at: all of the disk.
 * @end:	likewise.
 * @datasync:	likewise: there is nothing but data.
 *
 * Return: as osti/ioctl.h has it.
 */
int osti_disk_sync(struct file *file, loff_t start, loff_t end, int datasync)
{
	struct osti_transfer *transfer = file->private_data;
	struct block_device *device;
	int err;

	device = osti_disk_enter(transfer, OSTI_DISK_READ, NULL);
	if (IS_ERR(device))
		return PTR_ERR(device);
	err = blkdev_issue_flush(device);
	osti_disk_leave(transfer);
	return err;
}

static int osti_disk_zero_piece(struct osti_transfer *transfer,
				const struct osti_ioc_zero *zero, u64 done,
				u64 bytes)
{
	struct block_device *device;
	u64 disk_bytes;
	int err;

	device = osti_disk_enter(transfer, OSTI_DISK_WRITE, &disk_bytes);
	if (IS_ERR(device))
		return PTR_ERR(device);
	err = osti_transfer_check_zero(zero, disk_bytes);
	if (!err)
		err = blkdev_issue_zeroout(device, (zero->offset + done) >>
					   SECTOR_SHIFT, bytes >> SECTOR_SHIFT,
					   GFP_KERNEL, 0);
	osti_disk_leave(transfer);
	return err;
}

/**
 * osti_disk_zero() - OSTI_TRANSFER_DISK_ZERO, see osti/ioctl.h
 * @transfer:	the transfer.
 * @zero:	of the caller.
 *
 * Return: as osti/ioctl.h has it.
 */
int osti_disk_zero(struct osti_transfer *transfer,
		   const struct osti_ioc_zero *zero)
{
	u64 done = 0, bytes;
	int err;

	/* Piece by piece: a suspend waits for who is in the disk. */
	do {
		bytes = min_t(u64, zero->bytes - done, OSTI_DISK_ZERO_PIECE);
		err = osti_disk_zero_piece(transfer, zero, done, bytes);
		done += bytes;
		if (!err && done < zero->bytes && signal_pending(current))
			err = -ERESTARTSYS;
	} while (!err && done < zero->bytes);
	return err;
}
