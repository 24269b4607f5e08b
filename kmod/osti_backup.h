/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * osti_backup.h - a transfer: who owns it, and when it is over
 */
#ifndef OSTI_BACKUP_H
#define OSTI_BACKUP_H

#include <linux/ktime.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/wait.h>
#include <osti/abi.h>

#include "osti_answer_transfer.h"
#include "osti_disk.h"

struct osti;

/* How a transfer stands. */
enum osti_transfer_state {
	OSTI_TRANSFER_ALIVE,	/* the monitor has it */
	OSTI_TRANSFER_ENDING,	/* it is being given up */
	OSTI_TRANSFER_OVER,	/* the monitor has it no more */
};

/**
 * struct osti_transfer - one copy on its way, the file of its descriptor
 * @osti:	the monitor, referenced.
 * @slot:	slot that it is about.
 * @what:	OSTI_BACKUP_*.
 * @wait:	of poll(), and of who waits for the end of all calls.
 * @room:	sleepers for a buffer.
 * @lock:	guards what follows, but for the buffers' content and @buffer.
 * @state:	only ever grows, but for the begin, before which it is over.
 * @active:	calls that may be in the monitor.
 * @idle:	a bit for each buffer that nobody uses.
 * @buffers:	number of buffers.
 * @disk:	the disk of the slot.
 * @buffer:	each of OSTI_TRANSFER_BUFFER bytes that lie together for the
 *		monitor. What is in one is public: sealed bytes, or the caller's.
 */
struct osti_transfer {
	struct osti *osti;
	u32 slot;
	u32 what;
	wait_queue_head_t wait;
	wait_queue_head_t room;
	spinlock_t lock; /* guards state, active, idle */
	enum osti_transfer_state state;
	unsigned int active;
	unsigned long idle;
	unsigned int buffers;
	struct osti_disk disk;
	void *buffer[OSTI_MAX_CPUS];
};

/* osti_backup.c */
long osti_backup_open(struct osti *osti, void __user *arg);
void osti_backup_resumed(struct osti *osti);
void osti_backup_gone(struct osti *osti);

/* osti_transfer.c */
int osti_transfer_state_error(struct osti_transfer *transfer);
int osti_transfer_call(struct osti_transfer *transfer, struct osti_regs *r,
		       unsigned int may, ktime_t until, u32 *reason);
bool osti_transfer_check(struct osti_transfer *transfer);
void osti_transfer_over(struct osti_transfer *transfer);
void osti_transfer_end(struct osti_transfer *transfer, bool freezable);

/* osti_transfer_buffer.c */
int osti_transfer_buffers(struct osti_transfer *transfer);
void osti_transfer_buffers_free(struct osti_transfer *transfer);
void *osti_transfer_buffer_get(struct osti_transfer *transfer);
void osti_transfer_buffer_put(struct osti_transfer *transfer, void *buffer);

/* osti_transfer_ioctl.c */
long osti_transfer_ioctl(struct osti_transfer *transfer, unsigned int cmd,
			 void __user *arg);

#endif /* OSTI_BACKUP_H */
