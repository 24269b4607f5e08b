/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * log.h - what formats/image wants to be able to say, in the image engine
 *
 * The engine has no console. A bug of its own ends in an instruction that traps:
 * the monitor sees a fault, says where it was, and the image has failed.
 */
#ifndef LOG_H
#define LOG_H

#define ASSERT(cond)							\
	do {								\
		if (!(cond))						\
			__builtin_trap();				\
	} while (0)

/* The same for a call that must happen, and cannot fail. */
#define CHECK(call)	ASSERT(call)

#endif /* LOG_H */
