/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * osti/bm/nap.h - waiting without a busy CPU
 */
#ifndef _OSTI_BM_NAP_H
#define _OSTI_BM_NAP_H

/**
 * osti_nap() - let the CPU rest for a millisecond
 *
 * For loops that look for a key over and over. Interrupts stay masked, and nothing
 * is left pending.
 */
void osti_nap(void);

#endif /* _OSTI_BM_NAP_H */
