// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * disk_model.c - the store: a disk in memory with a cache for what is written
 */
#include "disk_model.h"

#include <errno.h>
#include <string.h>

struct disk disk;
void (*disk_hook)(uint64_t first, uint64_t count);

void disk_power_on(const uint8_t medium[DISK_BYTES])
{
	if (medium != disk.medium)
		memcpy(disk.medium, medium, DISK_BYTES);
	memcpy(disk.now, disk.medium, DISK_BYTES);
	memset(disk.cached, 0, sizeof(disk.cached));
	disk.fail_at = 0;
}

static bool is_there(uint64_t first, uint64_t count)
{
	return first <= DISK_SECTORS && count <= DISK_SECTORS - first;
}

static bool fails_now(void)
{
	disk.acts++;
	return disk.fail_at && !--disk.fail_at;
}

long disk_read(uint64_t first, uint64_t count, void *buf)
{
	if (!is_there(first, count))
		return -EIO;
	memcpy(buf, &disk.now[first * DISK_SECTOR], count * DISK_SECTOR);
	return count;
}

long disk_write(uint64_t first, uint64_t count, const void *buf)
{
	if (!is_there(first, count))
		return -EIO;
	if (fails_now())
		return disk.fail_err;
	memcpy(&disk.now[first * DISK_SECTOR], buf, count * DISK_SECTOR);
	memset(&disk.cached[first], true, count);
	if (disk_hook)
		disk_hook(first, count);
	return count;
}

int disk_flush(void)
{
	if (fails_now())
		return disk.fail_err;
	memcpy(disk.medium, disk.now, DISK_BYTES);
	memset(disk.cached, 0, sizeof(disk.cached));
	if (disk_hook)
		disk_hook(0, 0);
	return 0;
}

bool disk_is_flushed(void)
{
	return !memchr(disk.cached, 1, sizeof(disk.cached));
}
