// SPDX-License-Identifier: GPL-2.0-only
/*
 * osti_transfer_buffer.c - memory through which a transfer's bytes go
 *
 * The monitor wants bytes that lie together, and user memory does not, nor does
 * it stay where it is. So all of it is copied through a few buffers.
 */
#include <linux/bitops.h>
#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <osti/image.h>

#include "osti_backup.h"

/* Of the largest thing that goes through: chunk, piece, or entries of the table. */
#define OSTI_TRANSFER_BUFFER	PAGE_ALIGN(OSTI_IMAGE_STORED_MAX)

static_assert(OSTI_COPY_MAX <= OSTI_IMAGE_STORED_MAX);
static_assert(OSTI_TABLE_MAX * OSTI_IMAGE_T_ENTRY <= OSTI_IMAGE_STORED_MAX);
static_assert(OSTI_IMAGE_HEADER <= OSTI_IMAGE_STORED_MAX);

/**
 * osti_transfer_buffers() - get buffers, one for each CPU where memory has them
 * @transfer: the transfer, not known to anybody yet.
 *
 * Return: 0, or -ENOMEM if there is not a single one.
 */
int osti_transfer_buffers(struct osti_transfer *transfer)
{
	/* So large and in one piece: an OS that runs for long may have few. */
	const gfp_t flags = GFP_KERNEL_ACCOUNT | __GFP_NOWARN | __GFP_NORETRY;
	unsigned int want = min_t(unsigned int, num_online_cpus(),
				  ARRAY_SIZE(transfer->buffer));
	void *buffer;

	while (transfer->buffers < want) {
		buffer = alloc_pages_exact(OSTI_TRANSFER_BUFFER, flags);
		if (!buffer && !transfer->buffers)
			buffer = alloc_pages_exact(OSTI_TRANSFER_BUFFER,
						   GFP_KERNEL_ACCOUNT |
						   __GFP_RETRY_MAYFAIL);
		if (!buffer)
			break;
		transfer->buffer[transfer->buffers++] = buffer;
	}
	transfer->idle = BIT(transfer->buffers) - 1;
	return transfer->buffers ? 0 : -ENOMEM;
}

/**
 * osti_transfer_buffers_free() - give them back
 * @transfer: the transfer, which nobody uses any more.
 */
void osti_transfer_buffers_free(struct osti_transfer *transfer)
{
	while (transfer->buffers)
		free_pages_exact(transfer->buffer[--transfer->buffers],
				 OSTI_TRANSFER_BUFFER);
}

/* Is there a buffer, or no more reason to wait? With it in @buffer, or an error. */
static bool osti_transfer_take(struct osti_transfer *transfer, void **buffer)
{
	int err = osti_transfer_state_error(transfer);
	unsigned long nr;

	if (err) {
		*buffer = ERR_PTR(err);
		return true;
	}
	spin_lock(&transfer->lock);
	nr = transfer->idle ? __ffs(transfer->idle) : BITS_PER_LONG;
	if (nr < BITS_PER_LONG)
		transfer->idle &= ~BIT(nr);
	spin_unlock(&transfer->lock);
	if (nr == BITS_PER_LONG)
		return false;
	*buffer = transfer->buffer[nr];
	return true;
}

/**
 * osti_transfer_buffer_get() - get a buffer, wait for one if all are in use
 * @transfer: the transfer.
 *
 * Return: the buffer, which osti_transfer_buffer_put() gives back; or ERR_PTR()
 * of -ERESTARTSYS (a signal came, or a freeze), -ESTALE or -ENODEV (the
 * transfer is over).
 */
void *osti_transfer_buffer_get(struct osti_transfer *transfer)
{
	void *buffer;
	int err;

	err = wait_event_interruptible(transfer->room,
				       osti_transfer_take(transfer, &buffer));
	return err ? ERR_PTR(err) : buffer;
}

/**
 * osti_transfer_buffer_put() - give a buffer back
 * @transfer:	the transfer.
 * @buffer:	of osti_transfer_buffer_get().
 */
void osti_transfer_buffer_put(struct osti_transfer *transfer, void *buffer)
{
	unsigned int nr = 0;

	while (transfer->buffer[nr] != buffer)
		nr++;
	spin_lock(&transfer->lock);
	transfer->idle |= BIT(nr);
	spin_unlock(&transfer->lock);
	wake_up(&transfer->room);
}
