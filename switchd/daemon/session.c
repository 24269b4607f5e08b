// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * session.c - what a connection has, from its first request that needs it
 */
#include "daemon/session.h"

#include <string.h>

#include "daemon/client.h"
#include "daemon/methods.h"

void session_bad_request(struct session *session, const char *text)
{
	struct fault fault;

	fault_set(&fault, FAULT_BAD_REQUEST, "%s", text);
	client_fail(session->client, &fault);
}

void session_device_failed(struct session *session, const char *what, int r)
{
	struct fault fault;

	fault_set(&fault, FAULT_DEVICE, "%s: %s", what, strerror(-r));
	client_fail(session->client, &fault);
}

bool session_info(struct session *session, struct osti_ioc_info *ret)
{
	int r = device_info(session->methods->device, ret);

	if (r < 0)
		session_device_failed(session, "asking the monitor who we are",
				      r);
	return r >= 0;
}

bool session_no_params(struct session *session, json_t *params)
{
	const char *name;
	json_t *value;

	json_object_foreach(params, name, value) {
		struct fault fault;

		fault_set(&fault, FAULT_BAD_REQUEST,
			  "unknown parameter '%.64s'", name);
		client_fail(session->client, &fault);
		return false;
	}
	return true;
}
