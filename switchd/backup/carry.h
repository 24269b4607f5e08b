/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * carry.h - the calls on a descriptor of OSTI_BACKUP_OPEN
 *
 * Meaning and errors are those of OSTI_TRANSFER_* in osti/ioctl.h; an error is
 * returned as negative errno, but never -EINTR: who is to end is killed. Several
 * threads may call at a time. Tests link another implementation.
 */
#ifndef CARRY_H
#define CARRY_H

#include <stddef.h>
#include <stdint.h>

#include <osti/ioctl.h>

int carry_scan(int fd, struct osti_ioc_scan *scan);
int carry_table(int fd, struct osti_ioc_table *table);
int carry_chunk(int fd, struct osti_ioc_chunk *chunk);
int carry_have(int fd, struct osti_ioc_have *have);
int carry_seal(int fd, struct osti_ioc_step *step);
int carry_read(int fd, struct osti_ioc_piece *piece);
int carry_write(int fd, struct osti_ioc_piece *piece);
int carry_open(int fd, struct osti_ioc_step *step);
int carry_check(int fd, struct osti_ioc_step *step);
int carry_commit(int fd, struct osti_ioc_step *step);
int carry_attach(int fd, struct osti_ioc_attach *attach);
int carry_disk(int fd, struct osti_ioc_disk *disk);
int carry_disk_end(int fd);

/* Of the disk, once it is there. All of @bytes, or it is -EIO. */
int carry_disk_read(int fd, uint64_t offset, uint8_t *buf, size_t bytes);
int carry_disk_write(int fd, uint64_t offset, const uint8_t *buf, size_t bytes);
int carry_disk_zero(int fd, struct osti_ioc_zero *zero);
int carry_disk_flush(int fd);

#endif /* CARRY_H */
