/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * server.h - an HTTP server on this machine that answers as it is told
 *
 * Answers are given in the order in which they were told, one for each request,
 * whoever asks; when there are none, 400 without a body. All of these end the
 * test on an error.
 */
#ifndef TEST_BACKUP_SERVER_H
#define TEST_BACKUP_SERVER_H

#include "helper.h"

#define SERVER_REQUESTS 128

enum server_how {
	SERVER_ANSWER,
	SERVER_CLOSE,	/* read the request, then close without an answer */
	SERVER_RESET,	/* the same, with a reset */
	SERVER_CUT,	/* end in the middle of the body */
	SERVER_STALL,	/* no answer for as long as the server runs */
};

struct server_request {
	char head[8192];	/* request line and headers */
	char *body;
	size_t body_bytes;
	unsigned int connection; /* the how manieth of the server */
};

struct server;

struct server *server_start(void);
/* Answers that were not given are no error. */
void server_stop(struct server *server);
unsigned int server_port(const struct server *server);

/*
 * Tell an answer: status ("200 OK"), header lines that end with "\r\n" or "",
 * and a body that is copied. Content-Length is added.
 */
void server_tell(struct server *server, enum server_how how, const char *status,
		 const char *headers, const char *body, size_t body_bytes);
void server_tells(struct server *server, const char *status,
		  const char *headers, const char *body);

/* How many requests came. */
unsigned int server_count(struct server *server);
/* Waits until as many came. */
void server_wait(struct server *server, unsigned int count);
/* The how manieth request, from 0 on, which has come. */
const struct server_request *server_request(struct server *server,
					    unsigned int nr);
/* Its header, copied to value; "" if there is none. */
void server_header(struct server *server, unsigned int nr, const char *name,
		   char value[1024]);

#endif /* TEST_BACKUP_SERVER_H */
