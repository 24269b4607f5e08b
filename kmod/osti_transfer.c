// SPDX-License-Identifier: GPL-2.0-only
/*
 * osti_transfer.c - the calls of a transfer, and its end
 *
 * The monitor ends a transfer by itself when this OS is frozen by a switch, and
 * knows one at a time without a name. So a call must never be made for one that
 * is over: it would meddle with the next. Who makes calls is counted, and the
 * next transfer does not begin before the count is 0.
 */
#include <linux/device.h>
#include <linux/errno.h>
#include <linux/freezer.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>

#include "osti.h"
#include "osti_backup.h"
#include "osti_smc.h"

/* With the lock. */
static int osti_transfer_error(const struct osti_transfer *transfer)
{
	if (READ_ONCE(transfer->osti->gone))
		return -ENODEV;
	return transfer->state == OSTI_TRANSFER_ALIVE ? 0 : -ESTALE;
}

/**
 * osti_transfer_state_error() - can calls be made?
 * @transfer: the transfer.
 *
 * Return: 0, -ESTALE (it is over) or -ENODEV (driver unbound).
 */
int osti_transfer_state_error(struct osti_transfer *transfer)
{
	int err;

	spin_lock(&transfer->lock);
	err = osti_transfer_error(transfer);
	spin_unlock(&transfer->lock);
	return err;
}

static int osti_transfer_enter(struct osti_transfer *transfer)
{
	int err;

	spin_lock(&transfer->lock);
	err = osti_transfer_error(transfer);
	if (!err)
		transfer->active++;
	spin_unlock(&transfer->lock);
	return err;
}

static bool osti_transfer_idle(struct osti_transfer *transfer)
{
	bool idle;

	spin_lock(&transfer->lock);
	idle = !transfer->active;
	spin_unlock(&transfer->lock);
	return idle;
}

static void osti_transfer_leave(struct osti_transfer *transfer)
{
	bool idle;

	spin_lock(&transfer->lock);
	idle = !--transfer->active;
	spin_unlock(&transfer->lock);
	if (idle)
		wake_up_all(&transfer->wait);
}

/* Return: whether it was alive. */
static bool osti_transfer_to(struct osti_transfer *transfer,
			     enum osti_transfer_state state)
{
	bool alive;

	spin_lock(&transfer->lock);
	alive = transfer->state == OSTI_TRANSFER_ALIVE;
	if (transfer->state < state)
		transfer->state = state;
	spin_unlock(&transfer->lock);
	wake_up_all(&transfer->wait);
	wake_up_all(&transfer->room);
	/* The monitor may have left a record of it. */
	wake_up_interruptible(&transfer->osti->wait);
	return alive;
}

/**
 * osti_transfer_over() - the monitor has it no more
 * @transfer: the transfer.
 *
 * Wakes who waits for anything of it.
 */
void osti_transfer_over(struct osti_transfer *transfer)
{
	osti_transfer_to(transfer, OSTI_TRANSFER_OVER);
}

/* That in which the transfer keeps its slot. */
static u32 osti_transfer_slot_state(const struct osti_transfer *transfer)
{
	switch (transfer->what) {
	case OSTI_BACKUP_EXPORT:
		return OSTI_SLOT_SAVING;
	case OSTI_BACKUP_STORED:
		return OSTI_SLOT_EMPTY;
	default:
		return OSTI_SLOT_RESTORING;
	}
}

/**
 * osti_transfer_check() - has the monitor still got it?
 * @transfer: the transfer.
 *
 * The slot's state tells: nobody else can have put it there, since no other
 * context keeps a transfer when this OS runs. Not so of a stored image: that is
 * given up by osti_backup_resumed(), and nothing else ends it.
 *
 * Return: whether it is alive. If the monitor's answer makes no sense, it is not.
 */
bool osti_transfer_check(struct osti_transfer *transfer)
{
	struct osti_ioc_slot slot;

	if (!osti_smc_slot(transfer->slot, &slot) &&
	    slot.state == osti_transfer_slot_state(transfer))
		return true;
	osti_transfer_over(transfer);
	return false;
}

/* Calls until it is done, or until something else is to be done. */
static int osti_transfer_loop(struct osti_transfer *transfer,
			      const struct osti_regs *args, unsigned int may,
			      ktime_t until, struct osti_regs *r)
{
	int err;

	for (;;) {
		*r = *args;
		err = osti_smc_call(r, may);
		if (err != -EAGAIN || (until && ktime_after(ktime_get(), until)))
			return err;
		/* Also when this OS shall be frozen: the freezer wakes like that. */
		if (signal_pending(current))
			return -ERESTARTSYS;
		cond_resched();
		err = osti_transfer_state_error(transfer);
		if (err)
			return err;
	}
}

/**
 * osti_transfer_call() - a call of the transfer, again and again until it is done
 * @transfer:	the transfer.
 * @r:		function and arguments before, results after.
 * @may:	what it may answer, as osti_answer_status() takes it.
 * @until:	when to stop, or 0.
 * @reason:	why, -OSTI_IMAGE_E_*, after -EBADMSG; else 0.
 *
 * Context: process.
 * Return: 0, -EAGAIN (not done at @until; the results are those of a call that
 * is not done), -ERESTARTSYS (a signal came, or a freeze), -ESTALE (the
 * transfer is over), -EINVAL (an argument, or it is not the time for this call),
 * -ENODEV (driver unbound), -EBADMSG (refused, and over), or another errno of
 * osti_answer_status().
 */
int osti_transfer_call(struct osti_transfer *transfer, struct osti_regs *r,
		       unsigned int may, ktime_t until, u32 *reason)
{
	struct osti_regs args = *r;
	int err;

	*reason = 0;
	err = osti_transfer_enter(transfer);
	if (err)
		return err;
	err = osti_transfer_loop(transfer, &args, may, until, r);
	if (err == -EBADMSG) {
		*reason = r->x[1];
		osti_transfer_over(transfer);
	} else if (err == -ESTALE && !osti_transfer_state_error(transfer) &&
		   osti_transfer_check(transfer)) {
		/* The monitor has it, but does not do this now. */
		err = -EINVAL;
	}
	osti_transfer_leave(transfer);
	return err;
}

static void osti_transfer_abort(struct osti_transfer *transfer, bool freezable)
{
	u32 function = transfer->what == OSTI_BACKUP_IMPORT ?
		       OSTI_CALL_IMPORT_ABORT : OSTI_CALL_EXPORT_ABORT;
	struct osti_regs r;
	int err;

	for (;;) {
		r = (struct osti_regs){ { function } };
		err = osti_smc_call(&r, OSTI_MAY(OSTI_E_STATE) | OSTI_MAY_AGAIN);
		if (err != -EAGAIN)
			break;
		if (freezable && try_to_freeze() &&
		    !osti_transfer_check(transfer))
			return;
		cond_resched();
	}
	/* ESTALE: the monitor has ended it when this OS was frozen. */
	if (err && err != -ESTALE)
		dev_warn(transfer->osti->dev, "transfer of slot %u not given up: error %d; it ends with the next switch\n",
			 transfer->slot, err);
}

/**
 * osti_transfer_end() - give it up, if it is not over
 * @transfer:	the transfer.
 * @freezable:	whether this OS may be frozen meanwhile; the caller must then not
 *		hold a lock. Else a freeze waits for the end.
 *
 * Context: process; ends also with a signal pending. May be called again.
 */
void osti_transfer_end(struct osti_transfer *transfer, bool freezable)
{
	bool alive = osti_transfer_to(transfer, OSTI_TRANSFER_ENDING);

	osti_disk_end(transfer);
	wait_event(transfer->wait, osti_transfer_idle(transfer));
	if (alive)
		osti_transfer_abort(transfer, freezable);
	osti_transfer_over(transfer);
}
