// SPDX-License-Identifier: GPL-2.0-only
/*
 * osti_event.c - read() and poll() of the monitor's event rings
 *
 * The monitor cannot interrupt an OS to tell of a new record. Sleepers are
 * woken when one is likely, and look for themselves.
 */
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/uaccess.h>
#include <osti/abi.h>

#include "osti.h"
#include "osti_smc.h"

/* More collisions with the ring's writer than this cannot be by chance. */
#define OSTI_EVENT_TRIES	16

/* Puts a reader at the oldest records. With its lock, or before it is used. */
static int osti_event_rewind(struct osti_reader *reader)
{
	struct osti_ioc_ring rings[OSTI_RINGS];
	unsigned int i;
	int err;

	for (i = 0; i < OSTI_RINGS; i++) {
		err = osti_smc_ring(i, &rings[i]);
		if (err)
			return err;
	}
	for (i = 0; i < OSTI_RINGS; i++)
		WRITE_ONCE(reader->next[i], rings[i].oldest);
	WRITE_ONCE(reader->images, READ_ONCE(reader->osti->images));
	return 0;
}

/* This OS came back from an image: the ring may be that of another power-on. */
static bool osti_event_is_lost(const struct osti_reader *reader)
{
	return READ_ONCE(reader->images) != READ_ONCE(reader->osti->images);
}

/**
 * osti_event_open() - put a new reader at the oldest record
 * @reader: the open file.
 *
 * Return: 0, or -EIO (answer of the monitor outside the contract).
 */
int osti_event_open(struct osti_reader *reader)
{
	return osti_event_rewind(reader);
}

/* Gets the next record of a ring; -EAGAIN if it is not written yet. */
static int osti_event_peek(struct osti_reader *reader, unsigned int nr,
			   struct osti_event *event)
{
	struct osti_ioc_ring ring;
	unsigned int i;
	int err;

	for (i = 0; i < OSTI_EVENT_TRIES; i++) {
		err = osti_smc_event(nr, reader->next[nr], event);
		if (err != -ENOENT)
			return err;
		err = osti_smc_ring(nr, &ring);
		if (err)
			return err;
		if (reader->next[nr] >= ring.next)
			return -EAGAIN;
		/* Overwritten; the reader sees it as a gap in seq. */
		if (reader->next[nr] < ring.oldest)
			WRITE_ONCE(reader->next[nr], ring.oldest);
	}
	return -EIO;
}

/* Gets the earlier one of the rings' next records; -EAGAIN if there is none. */
static int osti_event_get(struct osti_reader *reader, struct osti_event *event)
{
	struct osti_event other;
	int err, none;

	if (osti_event_is_lost(reader)) {
		err = osti_event_rewind(reader);
		if (err)
			return err;
	}
	none = osti_event_peek(reader, OSTI_RING_ACTS, event);
	if (none && none != -EAGAIN)
		return none;
	err = osti_event_peek(reader, OSTI_RING_OFFENCES, &other);
	if (err)
		return err == -EAGAIN ? none : err;
	if (none || other.time < event->time)
		*event = other;
	return 0;
}

/*
 * Copies all records there are, as many as fit; an error is given only when
 * there was none to copy before it, as it will come again.
 */
static ssize_t osti_event_copy(struct osti_reader *reader, char __user *buf,
			       size_t count)
{
	struct osti_event event;
	size_t done = 0;
	int err = 0;

	while (count - done >= sizeof(event)) {
		if (READ_ONCE(reader->osti->gone))
			err = -ENODEV;
		else
			err = osti_event_get(reader, &event);
		if (err)
			break;
		if (copy_to_user(buf + done, &event, sizeof(event))) {
			err = -EFAULT;
			break;
		}
		WRITE_ONCE(reader->next[event.ring], event.seq + 1);
		done += sizeof(event);
	}
	return done ? done : err;
}

/* Is there a record to read? -errno if the monitor's answer makes no sense. */
static int osti_event_pending(struct osti_reader *reader)
{
	struct osti_ioc_ring ring;
	unsigned int i;
	int err;

	if (osti_event_is_lost(reader))
		return 1;
	for (i = 0; i < OSTI_RINGS; i++) {
		err = osti_smc_ring(i, &ring);
		if (err)
			return err;
		if (READ_ONCE(reader->next[i]) < ring.next)
			return 1;
	}
	return 0;
}

/* Has read() something to give or to report? Without the reader's lock. */
static bool osti_event_ready(struct osti_reader *reader)
{
	return READ_ONCE(reader->osti->gone) || osti_event_pending(reader);
}

/**
 * osti_event_read() - read() of /dev/osti, see osti/ioctl.h
 * @file:	open file.
 * @buf:	where whole struct osti_event records go.
 * @count:	bytes of it.
 * @pos:	unused; the position is in struct osti_reader.
 *
 * Return: bytes of whole records, or -EINVAL (no room for one), -EAGAIN,
 * -EFAULT, -EIO, -ENODEV (driver unbound) or -ERESTARTSYS.
 */
ssize_t osti_event_read(struct file *file, char __user *buf, size_t count,
			loff_t *pos)
{
	struct osti_reader *reader = file->private_data;
	ssize_t ret;

	if (count < sizeof(struct osti_event))
		return -EINVAL;

	for (;;) {
		if (mutex_lock_interruptible(&reader->lock))
			return -ERESTARTSYS;
		ret = osti_event_copy(reader, buf, count);
		mutex_unlock(&reader->lock);
		if (ret != -EAGAIN || (file->f_flags & O_NONBLOCK))
			return ret;

		ret = wait_event_interruptible(reader->osti->wait,
					       osti_event_ready(reader));
		if (ret)
			return ret;
	}
}

/**
 * osti_event_poll() - poll() of /dev/osti
 * @file:	open file.
 * @table:	of the caller.
 *
 * Return: EPOLLIN if there is a record to read, EPOLLERR if the monitor
 * answered outside its contract, EPOLLERR and EPOLLHUP if the driver was
 * unbound.
 */
__poll_t osti_event_poll(struct file *file, poll_table *table)
{
	struct osti_reader *reader = file->private_data;
	int pending;

	poll_wait(file, &reader->osti->wait, table);

	if (READ_ONCE(reader->osti->gone))
		return EPOLLERR | EPOLLHUP;
	pending = osti_event_pending(reader);
	if (pending < 0)
		return EPOLLERR;
	return pending ? EPOLLIN | EPOLLRDNORM : 0;
}
