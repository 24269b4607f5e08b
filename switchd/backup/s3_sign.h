/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * s3_sign.h - signatures of requests, AWS Signature Version 4
 */
#ifndef S3_SIGN_H
#define S3_SIGN_H

#include <stddef.h>
#include <stdint.h>
#include <time.h>

#define S3_SHA256 32
#define S3_SHA256_HEX (2 * S3_SHA256 + 1)
/* "20130524T000000Z" */
#define S3_TIME 17
#define S3_HEADERS 12

struct s3_header {
	const char *name; /* small letters */
	const char *value;
};

struct s3_to_sign {
	const char *method;
	const char *path; /* as it is sent: encoded */
	const char *query; /* encoded and sorted, or "" */
	const struct s3_header *headers; /* all that are to be signed */
	size_t nr_headers; /* at most S3_HEADERS */
	const char *payload; /* SHA-256 of the body, in hexadecimal */
	const char *region;
	const char *service;
	time_t when; /* what x-amz-date says */
};

/* Only one of the two is secret. */
struct s3_key {
	const char *access;
	const char *secret;
};

/* The time as x-amz-date has it; when is not negative and not after 9999. */
void s3_sign_time(time_t when, char text[S3_TIME]);

/* SHA-256 in hexadecimal. */
void s3_sign_digest(const void *bytes, size_t n, char text[S3_SHA256_HEX]);

/*
 * Writes the value of the header Authorization.
 * Return: 0, or -ENOSPC: room is too small.
 */
int s3_sign(const struct s3_key *key, const struct s3_to_sign *what,
	    char *authorization, size_t room);

#endif /* S3_SIGN_H */
