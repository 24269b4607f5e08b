// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * carry.c - the calls on a descriptor of OSTI_BACKUP_OPEN
 */
#include "backup/carry.h"

#include <errno.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* Being stopped and continued is a signal, too: the call goes on. */
static int call(int fd, unsigned long request, void *arg)
{
	int r;

	do {
		r = ioctl(fd, request, arg);
	} while (r < 0 && errno == EINTR);
	return r < 0 ? -errno : 0;
}

int carry_scan(int fd, struct osti_ioc_scan *scan)
{
	return call(fd, OSTI_TRANSFER_SCAN, scan);
}

int carry_table(int fd, struct osti_ioc_table *table)
{
	return call(fd, OSTI_TRANSFER_TABLE, table);
}

int carry_chunk(int fd, struct osti_ioc_chunk *chunk)
{
	return call(fd, OSTI_TRANSFER_CHUNK, chunk);
}

int carry_have(int fd, struct osti_ioc_have *have)
{
	return call(fd, OSTI_TRANSFER_HAVE, have);
}

int carry_seal(int fd, struct osti_ioc_step *step)
{
	return call(fd, OSTI_TRANSFER_SEAL, step);
}

int carry_read(int fd, struct osti_ioc_piece *piece)
{
	return call(fd, OSTI_TRANSFER_READ, piece);
}

int carry_write(int fd, struct osti_ioc_piece *piece)
{
	return call(fd, OSTI_TRANSFER_WRITE, piece);
}

int carry_open(int fd, struct osti_ioc_step *step)
{
	return call(fd, OSTI_TRANSFER_OPEN, step);
}

int carry_check(int fd, struct osti_ioc_step *step)
{
	return call(fd, OSTI_TRANSFER_CHECK, step);
}

int carry_commit(int fd, struct osti_ioc_step *step)
{
	return call(fd, OSTI_TRANSFER_COMMIT, step);
}

int carry_attach(int fd, struct osti_ioc_attach *attach)
{
	return call(fd, OSTI_TRANSFER_ATTACH, attach);
}

int carry_disk(int fd, struct osti_ioc_disk *disk)
{
	return call(fd, OSTI_TRANSFER_DISK, disk);
}

int carry_disk_end(int fd)
{
	return call(fd, OSTI_TRANSFER_DISK_END, NULL);
}

int carry_disk_read(int fd, uint64_t offset, uint8_t *buf, size_t bytes)
{
	while (bytes) {
		ssize_t n = pread(fd, buf, bytes, (off_t)offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : -EIO;
		buf += n;
		offset += (uint64_t)n;
		bytes -= (size_t)n;
	}
	return 0;
}

int carry_disk_write(int fd, uint64_t offset, const uint8_t *buf, size_t bytes)
{
	while (bytes) {
		ssize_t n = pwrite(fd, buf, bytes, (off_t)offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : -EIO;
		buf += n;
		offset += (uint64_t)n;
		bytes -= (size_t)n;
	}
	return 0;
}

int carry_disk_zero(int fd, struct osti_ioc_zero *zero)
{
	return call(fd, OSTI_TRANSFER_DISK_ZERO, zero);
}

int carry_disk_flush(int fd)
{
	int r;

	do {
		r = fsync(fd);
	} while (r < 0 && errno == EINTR);
	return r < 0 ? -errno : 0;
}
