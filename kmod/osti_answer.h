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
#include <osti/abi.h>
#include <osti/ioctl.h>

/* Registers of a call: x[0] function and status, x[1..] arguments, results. */
struct osti_regs {
	__u64 x[12];
};

/* A set of the errors that a call may answer, for osti_answer_status(). */
#define OSTI_MAY(error)	(1U << -(error))
/* In such a set: the call may want to be made again. */
#define OSTI_MAY_AGAIN	OSTI_MAY(OSTI_OK)

/* Minor version of the contract that has copies and slot keys. */
#define OSTI_MINOR_COPIES	1
/* That which has disks, their keys, and what else is attached to a copy. */
#define OSTI_MINOR_DISKS	2
/* That which makes copies of stored images. */
#define OSTI_MINOR_STORED	3

/* What RESUME_INFO tells. */
struct osti_resume {
	__u32 reason;		/* OSTI_RESUMED_* */
	__u64 generation;	/* of the image that this OS came from last */
	__u64 frozen_at;	/* counter of that, from its own power-on */
	__u64 saved_at;		/* seconds since 1970 */
	__u8 secret[32];	/* for the random number generator, told once */
};

int osti_answer_status(const struct osti_regs *r, unsigned int may);
int osti_answer_uid(const struct osti_regs *r);
int osti_answer_revision(const struct osti_regs *r, __u32 *major,
			 __u32 *minor);
int osti_answer_info(const struct osti_regs *r, struct osti_ioc_info *info);
int osti_answer_slot(const struct osti_regs *r, struct osti_ioc_slot *slot);
int osti_answer_phases(const struct osti_regs *r, struct osti_ioc_phases *p);
int osti_answer_ring(const struct osti_regs *r, struct osti_ioc_ring *ring);
int osti_answer_event(const struct osti_regs *r, __u32 ring, __u64 seq,
		      struct osti_event *ev);
int osti_answer_image(const struct osti_regs *r, struct osti_ioc_image *image);
int osti_answer_result(const struct osti_regs *r, __u32 request,
		       struct osti_ioc_switch *sw);
int osti_answer_resume(const struct osti_regs *r, struct osti_resume *resume);
int osti_answer_good(const struct osti_regs *r, struct osti_ioc_good *good);
void osti_answer_key(const struct osti_regs *r, __u8 *key, unsigned int bytes);
void osti_answer_carrier(const struct osti_regs *r,
			 struct osti_ioc_carrier *carrier);
int osti_answer_psci(int err);

#endif /* OSTI_ANSWER_H */
