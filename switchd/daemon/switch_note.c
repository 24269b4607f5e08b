// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * switch_note.c - how far a switch has come, for the next switchd
 */
#include "daemon/switch_note.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <jansson.h>
#include <systemd/sd-id128.h>

#include "common/json_text.h"
#include "common/util.h"
#include "daemon/note.h"

#define NAME "switch"
/* A message of the longest kind, each byte of it escaped, and the rest. */
#define TEXT_MAX (6 * FAULT_MESSAGE_MAX + 1024)

static int this_start(char text[SD_ID128_STRING_MAX])
{
	sd_id128_t id;
	int r = sd_id128_get_boot(&id);

	if (r >= 0)
		sd_id128_to_string(id, text);
	return r;
}

int switch_note_write(const char *dir, const struct switch_note *note)
{
	_cleanup_free_ char *text = NULL;
	const struct switcher_result *about = &note->about;
	char start[SD_ID128_STRING_MAX];
	json_auto_t *value = NULL;
	int r = this_start(start);

	if (r < 0)
		return r;
	value = json_pack(
		"{s:s,s:i,s:I,s:I,s:o,s:o,s:I,s:I,s:I,s:I,s:b,s:s,s:o,s:s,s:I,s:I,s:I}",
		"start", start, "stage", (int)note->stage, "request",
		(json_int_t)about->request, "target", (json_int_t)about->target,
		"name", json_text(about->target_name), "what",
		json_text(about->what), "record", (json_int_t)about->record,
		"resumed", (json_int_t)about->resumed, "generation",
		(json_int_t)about->generation, "saved_at",
		(json_int_t)about->saved_at, "failed", (int)note->failed,
		"code", fault_name(note->fault.code), "message",
		json_text(note->fault.message), "outcome", note->outcome,
		"last_return", (json_int_t)note->last_return, "was_generation",
		(json_int_t)note->generation, "was_saved_at",
		(json_int_t)note->saved_at);
	if (value)
		text = json_dumps(value, JSON_COMPACT | JSON_ENSURE_ASCII);
	return text ? note_write(dir, NAME, text) : -ENOMEM;
}

/* Return: 0, -ENOENT: of another start, or -EBADMSG. */
static int unpack(json_t *value, const char *start, struct switch_note *ret)
{
	struct switcher_result *about = &ret->about;
	json_int_t last_return, generation, saved_at;
	json_int_t was_generation, was_saved_at, record;
	json_int_t request, target, resumed;
	const char *message, *outcome, *code;
	const char *name, *what, *whose;
	int failed;
	int stage;

	if (json_unpack(
		    value,
		    "{s:s,s:i,s:I,s:I,s:s,s:s,s:I,s:I,s:I,s:I,s:b,s:s,s:s,s:s,s:I,s:I,s:I}",
		    "start", &whose, "stage", &stage, "request", &request,
		    "target", &target, "name", &name, "what", &what, "record",
		    &record, "resumed", &resumed, "generation", &generation,
		    "saved_at", &saved_at, "failed", &failed, "code", &code,
		    "message", &message, "outcome", &outcome, "last_return",
		    &last_return, "was_generation", &was_generation,
		    "was_saved_at", &was_saved_at) < 0 ||
	    stage < SWITCH_BEFORE || stage > SWITCH_ENDED)
		return -EBADMSG;
	if (strcmp(whose, start) != 0)
		return -ENOENT;
	memset(ret, 0, sizeof(*ret));
	ret->stage = (enum switch_stage)stage;
	about->request = (uint32_t)request;
	about->target = (uint32_t)target;
	snprintf(about->target_name, sizeof(about->target_name), "%s", name);
	snprintf(about->what, sizeof(about->what), "%s", what);
	about->record = (uint64_t)record;
	about->resumed = (uint32_t)resumed;
	about->generation = (uint64_t)generation;
	about->saved_at = (uint64_t)saved_at;
	ret->failed = failed;
	fault_set(&ret->fault, fault_from_name(code), "%s", message);
	snprintf(ret->outcome, sizeof(ret->outcome), "%s", outcome);
	ret->last_return = (uint64_t)last_return;
	ret->generation = (uint64_t)was_generation;
	ret->saved_at = (uint64_t)was_saved_at;
	return 0;
}

int switch_note_read(const char *dir, struct switch_note *ret)
{
	char start[SD_ID128_STRING_MAX];
	json_auto_t *value = NULL;
	char text[TEXT_MAX];
	int r;

	r = note_read(dir, NAME, text, sizeof(text));
	if (r < 0)
		return r;
	r = this_start(start);
	if (r < 0)
		return r;
	value = json_loads(text, 0, NULL);
	return value ? unpack(value, start, ret) : -EBADMSG;
}
