/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * say.h - what a tool tells its user when it cannot do what it should
 */
#ifndef SAY_H
#define SAY_H

#include "status.h"

/* Each prints a line on standard error and returns its status. */
enum status say_usage(const char *format, ...)
	__attribute__((format(printf, 1, 2)));
enum status say_refused(const char *path, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* error: a positive or negative errno */
enum status say_failed(const char *path, const char *what, int error);

#endif /* SAY_H */
