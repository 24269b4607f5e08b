/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * s3_reply.h - what a server answers
 *
 * All of it comes from a stranger.
 */
#ifndef S3_REPLY_H
#define S3_REPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#define S3_TOKEN_MAX 2047

/* What headers say that matters. */
struct s3_head {
	time_t date; /* 0 = it does not say */
	int64_t retry_after; /* seconds from then on, -1 = it does not say */
	bool ranged; /* Content-Range: */
	uint64_t first; /* offset of the first byte */
	char region[64]; /* where the bucket is, or "" */
};

struct s3_error {
	char code[64]; /* "NoSuchKey", or "" */
	char message[160];
	char region[64];
};

struct s3_page {
	bool more;
	bool encoded; /* keys are encoded as in a URL */
	char token[S3_TOKEN_MAX + 1]; /* for the next one */
};

/* A key, without what stands before all keys of the store. Return: 0 = go on. */
typedef int s3_page_entry(void *data, const char *key, uint64_t bytes,
			  time_t modified);

/* Before the first line of an answer. */
void s3_head_clear(struct s3_head *head);
/*
 * One line, with what ends it. Lines that say nothing that is known, or in a way
 * that is not, are passed over; a status line begins a new answer.
 */
void s3_head_line(struct s3_head *head, const char *line, size_t n);

/* The body of an answer that is an error; what is not one gives "" for all. */
void s3_error_parse(const void *body, size_t n, struct s3_error *error);

/*
 * A page of a list. Keys begin with @before, which they are given without, and
 * with @prefix behind it; those that no store has are passed over.
 * Return: 0, what entry() returned if not 0, or -EBADMSG: it is no such page, or
 * lists what was not asked for.
 */
int s3_page_parse(const void *body, size_t n, const char *before,
		  const char *prefix, struct s3_page *page,
		  s3_page_entry *entry, void *data);

#endif /* S3_REPLY_H */
