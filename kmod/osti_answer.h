/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * osti_answer.h - check what the monitor answered and unpack it
 *
 * Pure functions over register values, so that the unit tests run them on the
 * build machine. All of them may be called in any context.
 */
#ifndef OSTI_ANSWER_H
#define OSTI_ANSWER_H

#include <linux/types.h>
#include <osti/ioctl.h>

/* Registers of a call: x[0] function and status, x[1..] arguments, results. */
struct osti_regs {
	__u64 x[12];
};

int osti_answer_status(const struct osti_regs *r, int expected);
int osti_answer_uid(const struct osti_regs *r);
int osti_answer_revision(const struct osti_regs *r, __u32 *major,
			 __u32 *minor);
int osti_answer_info(const struct osti_regs *r, struct osti_ioc_info *info);
int osti_answer_slot(const struct osti_regs *r, struct osti_ioc_slot *slot);
int osti_answer_phases(const struct osti_regs *r, struct osti_ioc_phases *p);
int osti_answer_ring(const struct osti_regs *r, struct osti_ioc_ring *ring);
int osti_answer_event(const struct osti_regs *r, __u64 seq,
		      struct osti_event *ev);
int osti_answer_psci(int err);

#endif /* OSTI_ANSWER_H */
