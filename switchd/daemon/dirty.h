/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dirty.h - what the kernel has yet to write to disks; a fake of tests is in its
 * place
 */
#ifndef SWITCHD_DIRTY_H
#define SWITCHD_DIRTY_H

#include <stddef.h>

/* The text of /proc/meminfo, "" if it cannot be read. */
void dirty_read(char *text, size_t room);

/* Waits until all that is dirty now is on its disk. In a process of its own. */
void dirty_write(void);

#endif /* SWITCHD_DIRTY_H */
