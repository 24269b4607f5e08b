/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * osti/bm/statement.h - start statements of boot images
 */
#ifndef _OSTI_BM_STATEMENT_H
#define _OSTI_BM_STATEMENT_H

#include <linux/types.h>

struct osti_fit;
struct osti_slot;

/**
 * struct osti_layout - where things lie in a slot, as offsets from its start
 * @kernel:	kernel
 * @initrd:	initial RAM disk, meaningless without one
 */
struct osti_layout {
	u64 kernel;
	u64 initrd;
};

/**
 * osti_statement_check() - ask the monitor what it thinks of a start statement
 * @slot:	the slot to be started
 * @img:	the boot image
 * @told:	result: OSTI_START_* flags that a start needs; if the monitor refuses
 *		it, OSTI_START_E_*; else 0
 *
 * Whether kernel and RAM disk are the right ones shows at the start.
 *
 * Return: 0 or negative errno
 */
int osti_statement_check(const struct osti_slot *slot,
			 const struct osti_fit *img, u64 *told);

/**
 * osti_statement_layout() - tell where kernel and RAM disk shall lie
 * @slot:	the slot
 * @img:	the boot image, good by osti_statement_check()
 * @layout:	result; both lie in the part of the window that is mapped
 * Return: 0 or negative errno
 */
int osti_statement_layout(const struct osti_slot *slot,
			  const struct osti_fit *img,
			  struct osti_layout *layout);

/**
 * osti_statement_refused() - print why the monitor refuses a start
 * @slot:	the slot
 * @img:	the boot image
 * @why:	OSTI_START_E_*
 * Return: -EKEYREJECTED
 */
int osti_statement_refused(const struct osti_slot *slot,
			   const struct osti_fit *img, u64 why);

#endif /* _OSTI_BM_STATEMENT_H */
