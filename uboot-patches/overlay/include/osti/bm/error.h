/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * osti/bm/error.h - errors, told to the person at the console
 *
 * Of all of osti/bm: everything runs on the one CPU of the boot manager. Functions
 * that return an error have told the person at the console what failed and what to
 * do about it, unless their comment says otherwise.
 */
#ifndef _OSTI_BM_ERROR_H
#define _OSTI_BM_ERROR_H

#include <linux/compiler.h>

/**
 * osti_error() - print a line "osti: error: ..." on the console
 * @fmt:	as for printf(), without the newline
 */
void __printf(1, 2) osti_error(const char *fmt, ...);

#endif /* _OSTI_BM_ERROR_H */
