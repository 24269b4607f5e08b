// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * methods_log.c - requests for what the monitor has recorded
 */
#include "daemon/methods_log.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <osti/abi.h>

#include "common/hex.h"
#include "common/names.h"
#include "common/protocol.h"
#include "daemon/methods.h"
#include "daemon/session.h"

static json_t *describe_event(const struct osti_event *ev)
{
	char digest[2 * sizeof(ev->digest) + 1];
	char a[19];
	char b[19];

	hex_encode(ev->digest, sizeof(ev->digest), digest);
	/* As text: a JSON number need not hold 64 bits. */
	snprintf(a, sizeof(a), "0x%" PRIx64, (uint64_t)ev->arg[0]);
	snprintf(b, sizeof(b), "0x%" PRIx64, (uint64_t)ev->arg[1]);
	return json_pack("{s:i,s:I,s:I,s:i,s:s,s:i,s:i,s:s,s:s,s:s}", "ring",
			 (int)ev->ring, "seq", (json_int_t)ev->seq, "time",
			 (json_int_t)ev->time, "type", (int)ev->type, "event",
			 names_event(ev->type), "slot", (int)ev->slot, "cpu",
			 (int)ev->cpu, "a", a, "b", b, "digest", digest);
}

/*
 * Notes how far a log was read. Return: whether it began anew before the
 * records, as it does when this OS came back from an image.
 */
static bool began_anew(struct session *session,
		       const struct osti_event *records, int n)
{
	bool anew = false;
	int i;

	for (i = 0; i < n; i++) {
		uint64_t *next = &session->log_next[records[i].ring];

		if (records[i].seq < *next && !anew) {
			anew = true;
			memset(session->log_next, 0, sizeof(session->log_next));
		}
		*next = records[i].seq + 1;
	}
	return anew;
}

/* Asks for the state of both rings. Return: 0, or a negative errno. */
static int read_rings(struct methods *methods, json_t **ret)
{
	json_t *list = json_array();
	uint32_t i;

	for (i = 0; i < OSTI_RINGS; i++) {
		struct osti_ioc_ring ring;
		char base[2 * sizeof(ring.base) + 1];
		char head[2 * sizeof(ring.head) + 1];
		int r = device_ring(methods->device, i, &ring);

		if (r < 0) {
			json_decref(list);
			return r;
		}
		hex_encode(ring.base, sizeof(ring.base), base);
		hex_encode(ring.head, sizeof(ring.head), head);
		json_array_append_new(list,
				      json_pack("{s:I,s:I,s:s,s:s}", "oldest",
						(json_int_t)ring.oldest, "next",
						(json_int_t)ring.next, "base",
						base, "head", head));
	}
	json_decref(*ret);
	*ret = list;
	return 0;
}

/*
 * Reads what is there, up to max records.
 * Return: their number, or -1; then the request is answered.
 */
static int read_log(struct session *session, int max, json_t **ret)
{
	struct osti_event records[PROTOCOL_LOG_MAX];
	struct methods *methods = session->methods;
	json_auto_t *rings = NULL;
	struct osti_ioc_info info;
	json_t *list;
	bool anew;
	int i;
	int n;
	int r;

	/* The state first: so the records reach at least as far as it does. */
	r = read_rings(methods, &rings);
	if (r >= 0)
		r = device_info(methods->device, &info);
	if (r < 0) {
		session_device_failed(session, "asking the monitor for its log",
				      r);
		return -1;
	}
	n = device_events_read(session->events, records, (size_t)max);
	if (n < 0) {
		session_device_failed(session, "reading the monitor's log", n);
		return -1;
	}
	/* The state may be that of another power-on; it is the first one now. */
	anew = began_anew(session, records, n);
	if (anew) {
		r = read_rings(methods, &rings);
		if (r < 0) {
			session_device_failed(
				session, "asking the monitor for its log", r);
			return -1;
		}
	}
	list = json_array();
	for (i = 0; i < n; i++)
		json_array_append_new(list, describe_event(&records[i]));
	*ret = json_pack("{s:I,s:b,s:O,s:o}", "counter_hz",
			 (json_int_t)info.counter_hz, "anew", anew, "rings",
			 rings, "events", list);
	return n;
}

static void reply_log(struct session *session, bool wait);

static int on_record(sd_event_source *source, int fd, uint32_t revents,
		     void *userdata)
{
	struct session *session = userdata;

	(void)source;
	(void)fd;
	(void)revents;
	/* First this, as a reply may end the session. */
	session->waiting = sd_event_source_disable_unref(session->waiting);
	reply_log(session, true);
	return 0;
}

/* Answers with what there is, or as soon as there is something. */
static void reply_log(struct session *session, bool wait)
{
	json_t *reply;
	int n;
	int r;

	n = read_log(session, session->log_max, &reply);
	if (n < 0)
		return;
	if (n > 0 || !wait) {
		client_reply(session->client, reply);
		return;
	}
	json_decref(reply);
	r = sd_event_add_io(session->methods->event, &session->waiting,
			    device_events_fd(session->events), EPOLLIN,
			    on_record, session);
	if (r < 0)
		session_device_failed(session, "waiting for the monitor's log",
				      r);
}

/*
 * Begins with the oldest record, on an open file of the session's own.
 * Return: 0, or -1; then the request is answered.
 */
static int open_log(struct session *session)
{
	struct methods *methods = session->methods;
	uid_t uid = client_uid(session->client);
	const struct session *other;
	struct fault fault;
	unsigned int n = 0;
	int r;

	for (other = methods->sessions; other; other = other->next)
		n += other->events && client_uid(other->client) == uid;
	if (uid != 0 && n >= METHODS_USER_LOGS) {
		fault_set(
			&fault, FAULT_LIMIT,
			"user %u reads the log on %u connections already, the most for one user",
			uid, n);
		client_fail(session->client, &fault);
		return -1;
	}
	r = device_events_open(methods->device, &session->events);
	if (r < 0) {
		session_device_failed(session, "opening the monitor's log", r);
		return -1;
	}
	return 0;
}

void methods_log(struct session *session, json_t *params)
{
	json_int_t max = PROTOCOL_LOG_MAX;
	json_error_t error;
	int wait = 0;

	if (json_unpack_ex(params, &error, JSON_STRICT, "{s?I,s?b}", "max",
			   &max, "wait", &wait) < 0) {
		session_bad_request(session, error.text);
		return;
	}
	if (max < 1 || max > PROTOCOL_LOG_MAX) {
		session_bad_request(session, "'max' must be from 1 to 64");
		return;
	}
	if (!session->events && open_log(session) < 0)
		return;
	session->log_max = (int)max;
	reply_log(session, wait);
}

static json_t *describe_phases(const struct osti_ioc_phases *phases)
{
	json_t *times = json_array();
	size_t i;

	for (i = 0; i < OSTI_PHASES; i++)
		json_array_append_new(
			times, json_integer((json_int_t)phases->time[i]));
	return json_pack("{s:I,s:I,s:I,s:s,s:o,s:I}", "record",
			 (json_int_t)phases->record, "source",
			 (json_int_t)phases->source, "target",
			 (json_int_t)phases->target, "kind",
			 names_switch_kind(phases->kind), "times", times,
			 "slept", (json_int_t)phases->slept);
}

void methods_stats(struct session *session, json_t *params)
{
	struct methods *methods = session->methods;
	json_int_t count = OSTI_PHASE_RECORDS;
	struct osti_ioc_info info;
	json_error_t error;
	json_t *list;
	int i;
	int r;

	if (json_unpack_ex(params, &error, JSON_STRICT, "{s?I}", "count",
			   &count) < 0) {
		session_bad_request(session, error.text);
		return;
	}
	if (count < 1 || count > OSTI_PHASE_RECORDS) {
		session_bad_request(session, "'count' must be from 1 to 64");
		return;
	}
	if (!session_info(session, &info))
		return;
	list = json_array();
	for (i = 0; i < count; i++) {
		struct osti_ioc_phases phases;

		r = device_phases(methods->device, (uint32_t)i, &phases);
		if (r == -ENOENT)
			break;
		if (r < 0) {
			json_decref(list);
			session_device_failed(
				session, "reading the times of a switch", r);
			return;
		}
		json_array_append_new(list, describe_phases(&phases));
	}
	client_reply(session->client,
		     json_pack("{s:I,s:o}", "counter_hz",
			       (json_int_t)info.counter_hz, "records", list));
}
