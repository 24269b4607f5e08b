// SPDX-License-Identifier: GPL-2.0-or-later
#include "daemon/methods.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <osti/abi.h>

#include "common/hex.h"
#include "common/json_text.h"
#include "common/names.h"
#include "common/protocol.h"
#include "common/util.h"
#include "daemon/flush.h"
#include "daemon/good.h"
#include "daemon/images.h"
#include "daemon/log.h"
#include "daemon/methods_backup.h"
#include "daemon/session.h"
#include "daemon/slots.h"

struct method {
	const char *name;
	void (*call)(struct session *session, json_t *params);
};

static void bad_request(struct session *session, const char *text)
{
	struct fault fault;

	fault_set(&fault, FAULT_BAD_REQUEST, "%s", text);
	client_fail(session->client, &fault);
}

static void device_failed(struct session *session, const char *what, int r)
{
	struct fault fault;

	fault_set(&fault, FAULT_DEVICE, "%s: %s", what, strerror(-r));
	client_fail(session->client, &fault);
}

/* Answers with an error if there is any parameter. */
static bool no_params(struct session *session, json_t *params)
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

static void call_version(struct session *session, json_t *params)
{
	struct osti_ioc_info info;
	int r;

	if (!no_params(session, params))
		return;
	r = device_info(session->methods->device, &info);
	if (r < 0) {
		device_failed(session, "asking the monitor for its version", r);
		return;
	}
	client_reply(session->client,
		     json_pack("{s:s,s:i,s:{s:I,s:I}}", "switchd", OSTI_VERSION,
			       "protocol", PROTOCOL_VERSION, "abi", "major",
			       (json_int_t)info.abi_major, "minor",
			       (json_int_t)info.abi_minor));
}

/* An empty slot whose image can be resumed is more than empty. */
static const char *describe_state(struct device *device,
				  const struct osti_ioc_slot *slot)
{
	struct osti_ioc_image image;

	if (slot->state == OSTI_SLOT_EMPTY &&
	    device_image(device, slot->slot, &image) == 0 &&
	    images_resumable(&image))
		return images_state(&image);
	return names_slot_state(slot->state);
}

/* Which versions the slot accepts, and whether its last start was good. */
static json_t *add_start(json_t *object, const struct osti_ioc_slot *slot)
{
	bool started = slot->state != OSTI_SLOT_EMPTY &&
		       slot->state != OSTI_SLOT_LOADING;

	json_object_set_new(object, "version",
			    json_integer((json_int_t)slot->version));
	json_object_set_new(object, "least_version",
			    json_integer((json_int_t)slot->least_version));
	json_object_set_new(object, "starts",
			    json_integer((json_int_t)slot->starts));
	json_object_set_new(object, "good",
			    started ? json_boolean(!slot->starts)
				    : json_null());
	return object;
}

static json_t *describe_slot(struct device *device,
			     const struct osti_ioc_slot *slot)
{
	json_t *object;

	object = json_pack("{s:I,s:o,s:s,s:I,s:I,s:I,s:s}", "slot",
			   (json_int_t)slot->slot, "name",
			   json_text(slot->name), "state",
			   describe_state(device, slot), "bytes",
			   (json_int_t)slot->bytes, "frozen_at",
			   (json_int_t)slot->frozen_at, "entries",
			   (json_int_t)slot->entries, "key",
			   names_key_origin(slot->key_origin));
	return add_start(object, slot);
}

static void call_list(struct session *session, json_t *params)
{
	struct osti_ioc_info info;
	struct fault fault;
	struct slots slots;
	json_t *list;
	uint32_t i;
	int r;

	if (!no_params(session, params))
		return;
	r = device_info(session->methods->device, &info);
	if (r < 0) {
		device_failed(session, "asking the monitor who we are", r);
		return;
	}
	if (slots_load(session->methods->device, &slots, &fault) < 0) {
		client_fail(session->client, &fault);
		return;
	}
	list = json_array();
	for (i = 0; i < slots.n; i++)
		json_array_append_new(list,
				      describe_slot(session->methods->device,
						    &slots.slot[i]));
	client_reply(session->client,
		     json_pack("{s:I,s:I,s:o}", "own", (json_int_t)slots.own,
			       "counter_hz", (json_int_t)info.counter_hz,
			       "slots", list));
}

static json_t *describe_locks(const struct inhibit *inhibit)
{
	const struct inhibit_lock *lock;
	json_t *list = json_array();

	for (lock = inhibit->locks; lock; lock = lock->next)
		json_array_append_new(list,
				      json_pack("{s:I,s:o,s:o,s:I,s:I}", "lock",
						(json_int_t)lock->id, "who",
						json_text(lock->who), "why",
						json_text(lock->why), "uid",
						(json_int_t)lock->uid, "pid",
						(json_int_t)lock->pid));
	return list;
}

static json_t *describe_result(const struct switcher_result *result)
{
	json_t *object = json_pack("{s:s,s:s,s:I,s:o,s:I,s:s}", "request",
				   names_request(result->request), "what",
				   result->what, "target",
				   (json_int_t)result->target, "name",
				   json_text(result->target_name), "record",
				   (json_int_t)result->record, "resumed",
				   names_resume(result->resumed));

	if (result->generation) {
		json_object_set_new(
			object, "generation",
			json_integer((json_int_t)result->generation));
		json_object_set_new(object, "saved_at",
				    json_integer((json_int_t)result->saved_at));
	}
	return object;
}

static json_t *describe_last(const struct switcher *switcher)
{
	const struct switcher_result *last;
	const struct fault *fault;
	json_t *object;

	last = switcher_last(switcher, &fault);
	if (!last)
		return json_null();
	object = describe_result(last);
	if (fault)
		json_object_set_new(
			object, "error",
			json_pack("{s:s,s:o}", "code", fault_name(fault->code),
				  "message", json_text(fault->message)));
	return object;
}

/* How this OS came to run; null if the monitor does not tell. */
static json_t *describe_resume(struct device *device)
{
	struct osti_ioc_resume resume;

	if (device_resume(device, &resume) < 0)
		return json_null();
	return json_pack("{s:s,s:I,s:I}", "reason", names_resume(resume.reason),
			 "generation", (json_int_t)resume.generation,
			 "saved_at", (json_int_t)resume.saved_at);
}

static void call_status(struct session *session, json_t *params)
{
	struct methods *methods = session->methods;
	const struct switcher_result *current;
	struct osti_ioc_info info;
	struct slots slots;
	struct fault fault;
	json_t *status;
	bool switching;
	int r;

	if (!no_params(session, params))
		return;
	r = device_info(methods->device, &info);
	if (r < 0) {
		device_failed(session, "asking the monitor who we are", r);
		return;
	}
	if (slots_load(methods->device, &slots, &fault) < 0) {
		client_fail(session->client, &fault);
		return;
	}
	current = switcher_current(methods->switcher);
	switching = current && current->request == OSTI_REQUEST_NONE;
	status = json_pack(
		"{s:I,s:o,s:I,s:I,s:I,s:I,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:I}", "slot",
		(json_int_t)slots.own, "name",
		json_text(slots_name(&slots, slots.own)), "nr_slots",
		(json_int_t)info.nr_slots, "nr_cpus", (json_int_t)info.nr_cpus,
		"ram_bytes", (json_int_t)info.ram_bytes, "counter_hz",
		(json_int_t)info.counter_hz, "resumed",
		describe_resume(methods->device), "switching_to",
		switching ? json_text(current->target_name) : json_null(),
		"under_way", current ? json_text(current->what) : json_null(),
		"to_write", switcher_is_writing(methods->switcher)
				    ? json_integer((json_int_t)flush_left())
				    : json_null(),
		"last", describe_last(methods->switcher), "inhibitors",
		describe_locks(methods->inhibit), "backup",
		backup_jobs_describe(methods->backup), "input_devices",
		(json_int_t)input_count(methods->input));
	client_reply(session->client,
		     add_start(status, &slots.slot[slots.own - 1]));
}

static void on_switched(const struct switcher_result *result,
			const struct fault *fault, void *userdata)
{
	struct session *session = userdata;

	if (fault)
		client_fail(session->client, fault);
	else
		client_reply(session->client, describe_result(result));
}

/* A switch, or a request to the boot manager about a slot. */
static void start(struct session *session, uint32_t request,
		  const char *target, unsigned int flags)
{
	struct fault fault;
	bool failed;

	failed = switcher_start(session->methods->switcher, request, target,
				flags, on_switched, session, &fault) < 0;
	log_info("process %d (user %u) asked: %s %.32s",
		 (int)client_pid(session->client), client_uid(session->client),
		 names_request(request), target);
	if (failed) {
		log_notice("refused: %s", fault.message);
		client_fail(session->client, &fault);
	}
}

static void start_for_target(struct session *session, uint32_t request,
			     json_t *params)
{
	const char *target;
	json_error_t error;

	if (json_unpack_ex(params, &error, JSON_STRICT, "{s:s}", "target",
			   &target) < 0)
		bad_request(session, error.text);
	else
		start(session, request, target, 0);
}

static void call_switch(struct session *session, json_t *params)
{
	const char *target;
	json_error_t error;
	int force = 0;

	if (json_unpack_ex(params, &error, JSON_STRICT, "{s:s,s?b}", "target",
			   &target, "force", &force) < 0)
		bad_request(session, error.text);
	else
		start(session, OSTI_REQUEST_NONE, target,
		      force ? SWITCHER_OVER_GUARD : 0);
}

static void call_hibernate(struct session *session, json_t *params)
{
	start_for_target(session, OSTI_REQUEST_HIBERNATE, params);
}

static void call_verify(struct session *session, json_t *params)
{
	start_for_target(session, OSTI_REQUEST_VERIFY, params);
}

static void call_drop(struct session *session, json_t *params)
{
	start_for_target(session, OSTI_REQUEST_DROP, params);
}

static void call_poweroff(struct session *session, json_t *params)
{
	if (no_params(session, params))
		start(session, OSTI_REQUEST_POWER_OFF, "", 0);
}

static json_t *describe_image(const struct osti_ioc_slot *slot,
			      const struct osti_ioc_image *image)
{
	bool refused = image->note == OSTI_NOTE_REFUSED;

	return json_pack("{s:I,s:o,s:s,s:I,s:I,s:I,s:s,s:s*,s:s*}", "slot",
			 (json_int_t)slot->slot, "name", json_text(slot->name),
			 "state", images_state(image), "generation",
			 (json_int_t)image->generation, "saved_at",
			 (json_int_t)image->saved_at, "bytes",
			 (json_int_t)image->bytes, "store",
			 names_note(image->note), "reason",
			 refused ? names_refusal(image->reason) : NULL, "text",
			 refused ? names_refusal_text(image->reason) : NULL);
}

static void call_images(struct session *session, json_t *params)
{
	struct device *device = session->methods->device;
	struct fault fault;
	struct slots slots;
	json_t *list;
	uint32_t i;

	if (!no_params(session, params))
		return;
	if (slots_load(device, &slots, &fault) < 0) {
		client_fail(session->client, &fault);
		return;
	}
	list = json_array();
	for (i = 0; i < slots.n; i++) {
		struct osti_ioc_image image;

		if (images_load(device, i + 1, &image, &fault) < 0) {
			json_decref(list);
			client_fail(session->client, &fault);
			return;
		}
		json_array_append_new(list,
				      describe_image(&slots.slot[i], &image));
	}
	client_reply(session->client, json_pack("{s:o}", "images", list));
}

static void call_inhibit(struct session *session, json_t *params)
{
	struct methods *methods = session->methods;
	struct client *client = session->client;
	json_error_t error;
	struct fault fault;
	const char *who;
	const char *why;

	if (json_unpack_ex(params, &error, JSON_STRICT, "{s:s,s:s}", "who",
			   &who, "why", &why) < 0) {
		bad_request(session, error.text);
		return;
	}
	if (session->lock) {
		bad_request(session, "this connection holds a lock already");
		return;
	}
	if (switcher_will_freeze(methods->switcher)) {
		fault_set(&fault, FAULT_BUSY,
			  "a %s is under way; it is too late to inhibit it",
			  switcher_current(methods->switcher)->what);
		client_fail(client, &fault);
		return;
	}
	if (inhibit_take(methods->inhibit, who, why, client_uid(client),
			 client_pid(client), &session->lock, &fault) < 0) {
		client_fail(client, &fault);
		return;
	}
	client_keep(client);
	log_info("%s (process %d) inhibits switches: %s", who,
		 (int)client_pid(client), why);
	client_reply(client,
		     json_pack("{s:I}", "lock", (json_int_t)session->lock->id));
}

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
			 (int)ev->ring, "seq", (json_int_t)ev->seq, "time", (json_int_t)ev->time,
			 "type", (int)ev->type, "event", names_event(ev->type),
			 "slot", (int)ev->slot, "cpu", (int)ev->cpu, "a", a,
			 "b", b, "digest", digest);
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
			memset(session->log_next, 0,
			       sizeof(session->log_next));
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
		json_array_append_new(
			list, json_pack("{s:I,s:I,s:s,s:s}", "oldest",
					(json_int_t)ring.oldest, "next",
					(json_int_t)ring.next, "base", base,
					"head", head));
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
		device_failed(session, "asking the monitor for its log", r);
		return -1;
	}
	n = device_events_read(session->events, records, (size_t)max);
	if (n < 0) {
		device_failed(session, "reading the monitor's log", n);
		return -1;
	}
	/* The state may be that of another power-on; it is the first one now. */
	anew = began_anew(session, records, n);
	if (anew) {
		r = read_rings(methods, &rings);
		if (r < 0) {
			device_failed(session, "asking the monitor for its log",
				      r);
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
		device_failed(session, "waiting for the monitor's log", r);
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
		device_failed(session, "opening the monitor's log", r);
		return -1;
	}
	return 0;
}

static void call_log(struct session *session, json_t *params)
{
	json_int_t max = PROTOCOL_LOG_MAX;
	json_error_t error;
	int wait = 0;

	if (json_unpack_ex(params, &error, JSON_STRICT, "{s?I,s?b}", "max",
			   &max, "wait", &wait) < 0) {
		bad_request(session, error.text);
		return;
	}
	if (max < 1 || max > PROTOCOL_LOG_MAX) {
		bad_request(session, "'max' must be from 1 to 64");
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

static void call_stats(struct session *session, json_t *params)
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
		bad_request(session, error.text);
		return;
	}
	if (count < 1 || count > OSTI_PHASE_RECORDS) {
		bad_request(session, "'count' must be from 1 to 64");
		return;
	}
	r = device_info(methods->device, &info);
	if (r < 0) {
		device_failed(session, "asking the monitor who we are", r);
		return;
	}
	list = json_array();
	for (i = 0; i < count; i++) {
		struct osti_ioc_phases phases;

		r = device_phases(methods->device, (uint32_t)i, &phases);
		if (r == -ENOENT)
			break;
		if (r < 0) {
			json_decref(list);
			device_failed(session, "reading the times of a switch",
				      r);
			return;
		}
		json_array_append_new(list, describe_phases(&phases));
	}
	client_reply(session->client,
		     json_pack("{s:I,s:o}", "counter_hz",
			       (json_int_t)info.counter_hz, "records", list));
}

static void call_mark_good(struct session *session, json_t *params)
{
	struct client *client = session->client;
	struct good_result result;
	struct fault fault;
	json_error_t error;
	int keep_older = 0;

	if (json_unpack_ex(params, &error, JSON_STRICT, "{s?b}", "keep_older",
			   &keep_older) < 0) {
		bad_request(session, error.text);
		return;
	}
	/* It decides what can start, and nobody can take it back. */
	if (client_uid(client) != 0) {
		fault_set(&fault, FAULT_DENIED,
			  "only root may say that a start was good");
		client_fail(client, &fault);
		return;
	}
	if (good_mark(session->methods->device, !keep_older, &result, &fault) <
	    0) {
		client_fail(client, &fault);
		return;
	}
	log_info("process %d says that this start was good",
		 (int)client_pid(client));
	client_reply(client,
		     json_pack("{s:I,s:I}", "version",
			       (json_int_t)result.version, "least_version",
			       (json_int_t)result.least_version));
}

static const struct method table[] = {
	{ "version", call_version }, { "list", call_list },
	{ "status", call_status },   { "switch", call_switch },
	{ "inhibit", call_inhibit }, { "log", call_log },
	{ "stats", call_stats },     { "hibernate", call_hibernate },
	{ "verify", call_verify },   { "drop", call_drop },
	{ "images", call_images },   { "poweroff", call_poweroff },
	{ "mark-good", call_mark_good },
	{ "backup", methods_backup },
	{ "backups", methods_backups },
	{ "restore", methods_restore },
	{ "verify-backup", methods_verify_backup },
	{ "forget", methods_forget },
	{ "prune", methods_prune },
	{ "push", methods_push },
	{ "pull", methods_pull },
	{ "repo-init", methods_repo_init },
	{ "repo-info", methods_repo_info },
	{ "repo-check", methods_repo_check },
	{ "backup-next", methods_backup_next },
	{ "backup-cancel", methods_backup_cancel },
};

/* Return: what the connection has, NULL without memory. */
static struct session *session_of(struct client *client,
				  struct methods *methods)
{
	struct session *session = client_data(client);

	if (session)
		return session;
	session = calloc(1, sizeof(*session));
	if (!session)
		return NULL;
	session->client = client;
	session->methods = methods;
	session->next = methods->sessions;
	methods->sessions = session;
	client_set_data(client, session);
	return session;
}

void methods_call(struct client *client, const char *method, json_t *params,
		  void *userdata)
{
	struct session *session = session_of(client, userdata);
	struct fault fault;
	size_t i;

	if (!session) {
		fault_set(&fault, FAULT_FAILED, "out of memory");
		client_fail(client, &fault);
		return;
	}
	for (i = 0; i < ARRAY_SIZE(table); i++)
		if (strcmp(table[i].name, method) == 0) {
			table[i].call(session, params);
			return;
		}
	fault_set(&fault, FAULT_UNKNOWN_METHOD, "unknown method '%.64s'",
		  method);
	client_fail(client, &fault);
}

void methods_closed(struct client *client, void *userdata)
{
	struct session *session = client_data(client);
	struct methods *methods = userdata;
	struct session **at = &methods->sessions;

	if (!session)
		return;
	while (*at != session)
		at = &(*at)->next;
	*at = session->next;
	switcher_forget(methods->switcher, session);
	if (session->lock) {
		log_info("%s (process %d) does not inhibit switches any more",
			 session->lock->who, (int)client_pid(client));
		inhibit_release(methods->inhibit, session->lock);
	}
	methods_backup_closed(session);
	sd_event_source_disable_unref(session->waiting);
	device_events_close(session->events);
	free(session);
}
