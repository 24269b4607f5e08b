/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * osti/bm/call.h - calls into the switch monitor
 */
#ifndef _OSTI_BM_CALL_H
#define _OSTI_BM_CALL_H

#include <linux/types.h>

struct osti_slot;

/**
 * struct osti_regs - registers of a call into the switch monitor
 * @x: x[0] is the function identifier and the status, x[1]..x[6] are
 *	arguments, x[1]..x[11] results (see osti/abi.h)
 */
struct osti_regs {
	u64 x[12];
};

/**
 * osti_smc() - make a call, SMC #0
 * @regs:	in: x[0]..x[6], out: x[0]..x[11]
 */
void osti_smc(struct osti_regs *regs);

/**
 * osti_call() - make a call that has a status, without printing anything
 * @id:		OSTI_CALL_*
 * @a1:		first argument
 * @a2:		second argument
 * @a3:		third argument
 * @regs:	results
 * Return: OSTI_OK or OSTI_E_*
 */
s64 osti_call(u32 id, u64 a1, u64 a2, u64 a3, struct osti_regs *regs);

/**
 * osti_call_through() - make a call until it is done
 * @id:		OSTI_CALL_*
 * @a1:		first argument
 * @a2:		second argument
 * @a3:		third argument
 * @regs:	results
 * Return: as osti_call(), but not OSTI_AGAIN
 */
s64 osti_call_through(u32 id, u64 a1, u64 a2, u64 a3, struct osti_regs *regs);

/**
 * osti_call_refused() - print that the monitor refused a call
 * @what:	what was attempted, such as "open its memory"
 * @slot:	for which slot, or NULL
 * @status:	what the call returned
 * Return: -EIO
 */
int osti_call_refused(const char *what, const struct osti_slot *slot, s64 status);

#endif /* _OSTI_BM_CALL_H */
