// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * methods_slots.c - requests that ask: slots, their images, how it stands here
 */
#include "daemon/methods_slots.h"

#include <stdio.h>

#include <osti/abi.h>

#include "common/json_text.h"
#include "common/names.h"
#include "daemon/flush.h"
#include "daemon/images.h"
#include "daemon/methods.h"
#include "daemon/ready.h"
#include "daemon/session.h"
#include "daemon/slots.h"

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

void methods_list(struct session *session, json_t *params)
{
	struct osti_ioc_info info;
	struct fault fault;
	struct slots slots;
	json_t *list;
	uint32_t i;

	if (!session_no_params(session, params))
		return;
	if (!session_info(session, &info))
		return;
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

json_t *methods_describe_result(const struct switcher_result *result)
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
	object = methods_describe_result(last);
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

void methods_status(struct session *session, json_t *params)
{
	struct methods *methods = session->methods;
	const struct switcher_result *current;
	const struct ready *ready;
	struct osti_ioc_info info;
	struct slots slots;
	struct fault fault;
	json_t *status;
	bool switching;

	if (!session_no_params(session, params))
		return;
	if (!session_info(session, &info))
		return;
	if (slots_load(methods->device, &slots, &fault) < 0) {
		client_fail(session->client, &fault);
		return;
	}
	current = switcher_current(methods->switcher);
	ready = switcher_ready(methods->switcher);
	switching = current && current->request == OSTI_REQUEST_NONE;
	status = json_pack(
		"{s:I,s:o,s:I,s:I,s:I,s:I,s:o,s:o,s:o,s:o,s:b,s:o,s:o,s:o,s:I}",
		"slot", (json_int_t)slots.own, "name",
		json_text(slots_name(&slots, slots.own)), "nr_slots",
		(json_int_t)info.nr_slots, "nr_cpus", (json_int_t)info.nr_cpus,
		"ram_bytes", (json_int_t)info.ram_bytes, "counter_hz",
		(json_int_t)info.counter_hz, "resumed",
		describe_resume(methods->device), "switching_to",
		switching ? json_text(current->target_name) : json_null(),
		"under_way", current ? json_text(current->what) : json_null(),
		"to_write",
		ready_is_writing(ready) ? json_integer((json_int_t)flush_left())
					: json_null(),
		"preparing", ready_is_preparing(ready), "last",
		describe_last(methods->switcher), "inhibitors",
		describe_locks(methods->inhibit), "backup",
		backup_jobs_describe(methods->backup), "input_devices",
		(json_int_t)input_count(methods->input));
	client_reply(session->client,
		     add_start(status, &slots.slot[slots.own - 1]));
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

void methods_images(struct session *session, json_t *params)
{
	struct device *device = session->methods->device;
	struct fault fault;
	struct slots slots;
	json_t *list;
	uint32_t i;

	if (!session_no_params(session, params))
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
