/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * osti_compat.h - what kernels call by different names
 *
 * All that differs between Linux 6.1 and 6.12 is here. Debian's kernels have changes
 * of later ones, so the headers are asked, not their version: by a macro of theirs,
 * or by Kbuild.
 */
#ifndef OSTI_COMPAT_H
#define OSTI_COMPAT_H

#include <linux/blkdev.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/syscore_ops.h>

/* ---- Disks ---------------------------------------------------------------------- */

/*
 * osti_compat_disk() - claim a disk
 * @number:	which.
 * @write:	it is for writing, too.
 * @holder:	who claims it.
 * @file:	set to what osti_compat_disk_end() wants back.
 *
 * Context: process.
 * Return: the disk, or an ERR_PTR().
 */
static inline struct block_device *
osti_compat_disk(dev_t number, bool write, void *holder, struct file **file)
{
#ifdef BLK_OPEN_READ
	*file = bdev_file_open_by_dev(number, BLK_OPEN_READ |
				      (write ? BLK_OPEN_WRITE : 0), holder,
				      NULL);
	return IS_ERR(*file) ? ERR_CAST(*file) : file_bdev(*file);
#else
	*file = NULL;
	return blkdev_get_by_dev(number, FMODE_READ | FMODE_EXCL |
				 (write ? FMODE_WRITE : 0), holder);
#endif
}

/* Give it back; all as with osti_compat_disk(), which returned @device. */
static inline void osti_compat_disk_end(struct block_device *device, bool write,
					struct file *file)
{
#ifdef BLK_OPEN_READ
	bdev_fput(file);
#else
	blkdev_put(device, FMODE_READ | FMODE_EXCL |
		   (write ? FMODE_WRITE : 0));
#endif
}

/* ---- Syscore -------------------------------------------------------------------- */

/* Parameters of its callbacks. */
#ifdef OSTI_SYSCORE_HAS_DATA
#define OSTI_SYSCORE_ARGS	void *data
#else
#define OSTI_SYSCORE_ARGS	void
#endif

/* Callbacks, and what registers them; only @ops is the caller's. */
struct osti_syscore {
	struct syscore_ops ops;
#ifdef OSTI_SYSCORE_HAS_DATA
	struct syscore node;
#endif
};

static inline void osti_compat_syscore(struct osti_syscore *syscore)
{
#ifdef OSTI_SYSCORE_HAS_DATA
	syscore->node.ops = &syscore->ops;
	register_syscore(&syscore->node);
#else
	register_syscore_ops(&syscore->ops);
#endif
}

/* Undo osti_compat_syscore(). */
static inline void osti_compat_syscore_end(struct osti_syscore *syscore)
{
#ifdef OSTI_SYSCORE_HAS_DATA
	unregister_syscore(&syscore->node);
#else
	unregister_syscore_ops(&syscore->ops);
#endif
}

#endif /* OSTI_COMPAT_H */
