/* SPDX-License-Identifier: GPL-2.0-or-later */
/* part.h - of U-Boot, as far as what is tested here needs it */
struct disk_partition {
	lbaint_t start, size;
	char type_guid[37];
};

int part_get_info(struct blk_desc *disk, int part, struct disk_partition *info);
int part_get_info_by_name(struct blk_desc *disk, const char *name,
			  struct disk_partition *info);
