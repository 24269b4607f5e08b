/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * wire.h - calls of a transfer, from switchd-backup to a process that stands for
 * the monitor (monitor.c)
 *
 * Each call is a header, its argument (osti/ioctl.h) and the bytes that it hands
 * over; so is each answer. A thread has a connection of its own.
 */
#ifndef BENCH_WIRE_H
#define BENCH_WIRE_H

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include <osti/image.h>
#include <osti/ioctl.h>

/* The largest argument of a call. */
#define WIRE_ARG	128
#define WIRE_DATA	OSTI_IMAGE_STORED_MAX

struct wire {
	uint32_t request;
	int32_t result;		/* 0 or a negative errno */
	uint32_t arg_bytes;
	uint32_t data_bytes;
};

/* Returns false when the other side is gone. */
static inline bool wire_send(int fd, const void *bytes, size_t n, int more)
{
	const char *at = bytes;

	while (n) {
		ssize_t sent = send(fd, at, n, MSG_NOSIGNAL | more);

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent < 0)
			return false;
		at += sent;
		n -= (size_t)sent;
	}
	return true;
}

static inline bool wire_receive(int fd, void *bytes, size_t n)
{
	char *at = bytes;

	while (n) {
		ssize_t got = recv(fd, at, n, MSG_WAITALL);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		at += got;
		n -= (size_t)got;
	}
	return true;
}

#endif /* BENCH_WIRE_H */
