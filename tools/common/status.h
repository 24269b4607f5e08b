/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * status.h - what the tools exit with
 */
#ifndef STATUS_H
#define STATUS_H

enum status {
	DONE	= 0,
	REFUSED	= 1,	/* what is in a file is not good */
	USAGE	= 2,
	FAILED	= 3,	/* of a file, memory or a program: no word on content */
};

#endif /* STATUS_H */
