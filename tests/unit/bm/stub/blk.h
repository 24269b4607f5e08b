/* SPDX-License-Identifier: GPL-2.0-or-later */
/* blk.h - of U-Boot, as far as what is tested here needs it */
struct udevice;

#define PART_TYPE_EFI	2

typedef u64 lbaint_t;

struct blk_desc {
	unsigned char part_type;
	lbaint_t lba;
	unsigned long blksz;
};

long blk_read(struct udevice *dev, lbaint_t start, lbaint_t count, void *buf);
long blk_write(struct udevice *dev, lbaint_t start, lbaint_t count,
	       const void *buf);
/* patches/0004-... */
int blk_flush(struct udevice *dev);
