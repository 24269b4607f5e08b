/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bucket.h - a bucket at a real server on this machine, near or far away
 *
 * tests/s3/rgw, with a log of its requests, and bench/host/delay before it.
 */
#ifndef BENCH_BUCKET_H
#define BENCH_BUCKET_H

#include "ours.h"
#include "peers.h"

/** bucket_start() - start the server; it ends with the bench, if not before. */
void bucket_start(const char *dir);

/** bucket_stop() - end it, and remove its directory. */
void bucket_stop(void);

/**
 * bucket_far() - all that comes is @ms milliseconds away, there and back
 * @ms: 0: as near as this machine is.
 */
void bucket_far(int ms);

/** bucket_place() - a new place of ours in the bucket. */
struct place bucket_place(const char *name);

/** bucket_restic() - a new repository of restic in the bucket. */
struct restic bucket_restic(const char *name);

/**
 * struct traffic - what the server saw since it was asked last
 * @requests:	all of them.
 * @puts:	of them, those that came with an object.
 * @lists:	of them, listings.
 * @gets:	of them, objects or parts of them that were read.
 * @received:	bytes that came, with those of requests that were cut off.
 * @sent:	bytes that went.
 */
struct traffic {
	long requests, puts, lists, gets;
	double received, sent;
};

/** bucket_traffic() - read the log from where it was read last. */
struct traffic bucket_traffic(void);

/** bucket_wait_received() - until so many bytes of objects came since then. */
void bucket_wait_received(double bytes);

#endif /* BENCH_BUCKET_H */
