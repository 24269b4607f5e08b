/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * harden.h - against what a CPU's predictors carry from one level to another
 */
#ifndef HARDEN_H
#define HARDEN_H

/* Choose the vectors of the calling CPU, which has come up. */
void harden_cpu(void);
/*
 * A context, or a thread of arch_run(), is about to enter the calling CPU: what
 * others taught it goes.
 */
void harden_context(void);

#endif /* HARDEN_H */
