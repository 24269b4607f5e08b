/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * flush.h - waits until disks have what was written, before this OS is frozen
 *
 * The kernel does that, too, when it is asked to freeze, but whoever asked
 * stands still meanwhile: a slow disk can take minutes for what is in memory. So
 * the wait for much is a process of its own, and switchd tells of it and answers.
 */
#ifndef SWITCHD_FLUSH_H
#define SWITCHD_FLUSH_H

#include <stdint.h>

#include <systemd/sd-event.h>

/* Less than that the kernel may write by itself. */
#define FLUSH_LEAST (4 << 20)

struct flush;

/* All of it is written, or as much as could be. May call flush_free(). */
typedef void (*flush_done)(void *userdata);

/*
 * what is for people, like "switch to work", and must live as long. done is
 * called once, from the event loop, never from in here.
 * Return: 1 and *ret, which the caller ends with flush_free(); 0: there is
 * nothing worth a wait; or a negative errno.
 */
int flush_start(sd_event *event, const char *what, flush_done done,
		void *userdata, struct flush **ret);
/* The disk goes on writing. NULL is allowed. */
void flush_free(struct flush *flush);

/* Bytes that disks do not have yet. */
uint64_t flush_left(void);

/* The same, of the text of /proc/meminfo; for tests. */
uint64_t flush_parse(const char *meminfo);

#endif /* SWITCHD_FLUSH_H */
