/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * util.h - release of resources by scope, and small helpers
 */
#ifndef SWITCHD_UTIL_H
#define SWITCHD_UTIL_H

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#define USEC_PER_SEC 1000000ULL
#define USEC_PER_MSEC 1000ULL

/* Microseconds of that clock, which must exist. */
static inline uint64_t util_now_usec(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return (uint64_t)ts.tv_sec * USEC_PER_SEC + (uint64_t)ts.tv_nsec / 1000;
}

/* All of it, however often that takes. Return: 0 or a negative errno. */
static inline int util_write(int fd, const void *from, size_t n)
{
	const char *at = (const char *)from;

	while (n) {
		ssize_t wrote = write(fd, at, n);

		if (wrote < 0 && errno == EINTR)
			continue;
		if (wrote < 0)
			return -errno;
		at += wrote;
		n -= (size_t)wrote;
	}
	return 0;
}

static inline void util_freep(void *p)
{
	free(*(void **)p);
}

static inline void util_closep(const int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

/* A variable marked so is freed or closed when it goes out of scope. */
#define _cleanup_free_ __attribute__((cleanup(util_freep)))
#define _cleanup_close_ __attribute__((cleanup(util_closep)))

#endif /* SWITCHD_UTIL_H */
