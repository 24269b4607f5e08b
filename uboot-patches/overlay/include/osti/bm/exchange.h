/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * osti/bm/exchange.h - the exchange disk, on which systems hand something over
 */
#ifndef _OSTI_BM_EXCHANGE_H
#define _OSTI_BM_EXCHANGE_H

#include <linux/types.h>

struct osti_slot;
struct udevice;

/**
 * struct osti_exchange - what a slot handed over
 * @slot:	the slot, set by the caller
 * @what:	what it should be, for messages, set by the caller
 * @blk:	the disk
 * @bytes:	of what lies there, which fit the disk
 *
 * All of the disk may be anybody's work.
 */
struct osti_exchange {
	const struct osti_slot *slot;
	const char *what;
	struct udevice *blk;
	u64 bytes;
};

/**
 * osti_exchange_open() - find the disk
 * @ex:		@blk is set
 * Return: 0, -ENODEV (there is none)
 */
int osti_exchange_open(struct osti_exchange *ex);

/**
 * osti_exchange_header() - what was handed over?
 * @ex:		opened; @bytes is set
 * @why:	result with -EKEYREJECTED: OSTI_BOOT_E_*
 * Return: 0, -EKEYREJECTED, -EIO
 */
int osti_exchange_header(struct osti_exchange *ex, u64 *why);

/**
 * osti_exchange_read() - read it to osti_fit_memory()
 * @ex:		as osti_exchange_header() left it
 * @percent:	of the progress bar, when it is all there
 *
 * It is read once, whoever may write to the disk meanwhile. Zeros follow it, up to
 * a multiple of OSTI_STORE_UNIT.
 *
 * Return: 0, -EFBIG (too large for the boot manager), -ECANCELED (Esc), -EIO
 */
int osti_exchange_read(const struct osti_exchange *ex, u32 percent);

/**
 * osti_exchange_failed() - say that the disk does not work
 * @ex:		what was on it
 * Return: -EIO
 */
int osti_exchange_failed(const struct osti_exchange *ex);

/**
 * osti_exchange_refused() - say why it is not taken
 * @ex:		what was handed over
 * @text:	what is wrong, and what to do
 * @code:	goes to @why
 * @why:	the reason, for the slot
 * Return: -EKEYREJECTED
 */
int osti_exchange_refused(const struct osti_exchange *ex, const char *text,
			  u64 code, u64 *why);

#endif /* _OSTI_BM_EXCHANGE_H */
