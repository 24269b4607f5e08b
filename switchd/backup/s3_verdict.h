/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * s3_verdict.h - what an answer means: done, try again, or give up, and why
 */
#ifndef S3_VERDICT_H
#define S3_VERDICT_H

#include <stdint.h>

#include "backup/store.h"

enum s3_action { S3_DONE, S3_AGAIN, S3_FAILED };

struct s3_verdict {
	enum s3_action action;
	int status; /* for who gives up, also after S3_AGAIN */
	const char *advice; /* NULL: what the server says must do */
};

/* How long to bear with a server. */
struct s3_patience {
	unsigned int attempts; /* of one request */
	unsigned int base_ms; /* the first pause is at most so long, */
	unsigned int most_ms; /* the next ones twice as long, up to this */
	unsigned int retry_after_s; /* most that Retry-After is obeyed */
	unsigned int connect_s;
	unsigned int stall_s; /* without a byte in either direction */
};

extern const struct s3_patience s3_patience_default;

/* An answer with an HTTP status, and the code in its body or "". */
struct s3_verdict s3_verdict_http(enum store_op op, long http,
				  const char *code);

/* No answer: a CURLcode that is not CURLE_OK. */
struct s3_verdict s3_verdict_curl(int code);

/*
 * How long to wait before the next attempt, in ms. attempt: how many failed.
 * retry_after: seconds that the server asked for, -1 = it did not. random: any
 * number, so that not all come back at the same time.
 */
int64_t s3_pause_ms(const struct s3_patience *patience, unsigned int attempt,
		    int64_t retry_after, uint64_t random);

#endif /* S3_VERDICT_H */
