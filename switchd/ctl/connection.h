/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * connection.h - switchctl's end of switchd's socket
 */
#ifndef SWITCHCTL_CONNECTION_H
#define SWITCHCTL_CONNECTION_H

#include <stdbool.h>

#include <jansson.h>

#include "common/fault.h"
#include "common/protocol.h"

struct connection {
	int fd; /* -1: not connected */
	/* What comes is shown as it comes: without a reader there is no use in it. */
	bool streams;
	char in[PROTOCOL_REPLY_MAX];
	size_t n_in;
};

/*
 * Connects. End it with connection_close(), in any case.
 * Return: 0, or -1 and FAULT_UNREACHABLE or FAULT_DENIED.
 */
int connection_open(struct connection *connection, const char *path,
		    struct fault *fault);
void connection_close(struct connection *connection);

/*
 * Sends a request and waits for its reply, for timeout_ms milliseconds
 * (-1: without end). Takes over the reference to params (NULL: none).
 * Return: 0 and the result, of which the caller owns a reference, or -1 and
 * the fault: what switchd says, FAULT_UNREACHABLE, or, if it streams, FAULT_FAILED
 * when nobody reads standard output any more.
 */
int connection_call(struct connection *connection, const char *method,
		    json_t *params, int timeout_ms, json_t **result,
		    struct fault *fault);

#endif /* SWITCHCTL_CONNECTION_H */
