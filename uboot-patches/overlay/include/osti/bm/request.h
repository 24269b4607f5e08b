/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * osti/bm/request.h - what an operating system asks for
 */
#ifndef _OSTI_BM_REQUEST_H
#define _OSTI_BM_REQUEST_H

#include <linux/types.h>

struct osti_device;
struct osti_reason;

/**
 * osti_request() - do what a slot asked for, answer and resume it
 * @dev:	the device
 * @reason:	has the slot and the request
 * Return: 0 if the slot is not in memory any more, else only on error
 */
int osti_request(const struct osti_device *dev,
		 const struct osti_reason *reason);

#endif /* _OSTI_BM_REQUEST_H */
