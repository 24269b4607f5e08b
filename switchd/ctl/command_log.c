// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * switchctl log: the event rings of the monitor, readable and checked
 */
#include "ctl/commands.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <osti/abi.h>

#include "common/hex.h"
#include "common/names.h"
#include "ctl/event_text.h"
#include "ctl/output.h"
#include "ctl/verify.h"

static int parse_u64(const char *text, uint64_t *ret)
{
	char *end;

	errno = 0;
	*ret = strtoull(text, &end, 0);
	return errno || end == text || *end ? -1 : 0;
}

static int bad_reply(struct fault *fault, const char *what)
{
	fault_set(fault, FAULT_UNREACHABLE,
		  "switchd's reply makes no sense: %s", what);
	return -1;
}

static int unpack_event(json_t *value, struct osti_event *ret,
			struct fault *fault)
{
	const char *digest;
	const char *a;
	const char *b;
	uint64_t arg[2];
	json_int_t time;
	json_int_t seq;
	int ring;
	int type;
	int slot;
	int cpu;

	if (commands_unpack(value, fault,
			    "{s:i,s:I,s:I,s:i,s:i,s:i,s:s,s:s,s:s}", "ring",
			    &ring, "seq", &seq, "time", &time, "type", &type,
			    "slot", &slot, "cpu", &cpu, "a", &a, "b", &b,
			    "digest", &digest) < 0)
		return -1;
	memset(ret, 0, sizeof(*ret));
	if (parse_u64(a, &arg[0]) < 0 || parse_u64(b, &arg[1]) < 0 ||
	    hex_decode(digest, ret->digest, sizeof(ret->digest)) < 0)
		return bad_reply(fault, "an event's arguments or digest");
	if (ring < 0 || ring >= OSTI_RINGS)
		return bad_reply(fault, "an event's ring");
	ret->ring = (uint32_t)ring;
	ret->seq = (uint64_t)seq;
	ret->time = (uint64_t)time;
	ret->type = (uint16_t)type;
	ret->slot = (uint8_t)slot;
	ret->cpu = (uint8_t)cpu;
	ret->arg[0] = arg[0];
	ret->arg[1] = arg[1];
	return 0;
}

static int unpack_ring(json_t *value, struct osti_ioc_ring *ret,
		       struct fault *fault)
{
	json_int_t oldest;
	json_int_t next;
	const char *base;
	const char *head;

	if (commands_unpack(value, fault, "{s:I,s:I,s:s,s:s}", "oldest",
			    &oldest, "next", &next, "base", &base, "head",
			    &head) < 0)
		return -1;
	if (hex_decode(base, ret->base, sizeof(ret->base)) < 0 ||
	    hex_decode(head, ret->head, sizeof(ret->head)) < 0)
		return bad_reply(fault, "a chain value");
	ret->oldest = (uint64_t)oldest;
	ret->next = (uint64_t)next;
	return 0;
}

static void print_event(const struct osti_event *ev, double hz)
{
	char text[EVENT_TEXT_MAX];

	const char mark = ev->ring == OSTI_RING_OFFENCES ? '!' : '#';

	if (ev->type == OSTI_EV_REDACTED) {
		printf("[            ] %c%-5" PRIu64 " (of another slot)\n",
		       mark, (uint64_t)ev->seq);
		return;
	}
	event_text(ev, text);
	printf("[%12.6f] %c%-5" PRIu64 " ", (double)ev->time / hz, mark,
	       (uint64_t)ev->seq);
	if (ev->slot == OSTI_CONTEXT_BM)
		fputs("menu  ", stdout);
	else
		printf("slot %u", ev->slot);
	printf(" cpu %u  %-12s %s\n", ev->cpu, names_event(ev->type), text);
}

struct output {
	const struct options *options;
	struct verify verify[OSTI_RINGS];
	json_int_t hz;
	json_t *all; /* collects the records, if they are to be one object */
};

static void print_record(const struct output *output, json_t *value,
			 const struct osti_event *ev)
{
	if (output->all)
		json_array_append(output->all, value);
	else if (output->options->json)
		commands_print_json(value);
	else
		print_event(ev, (double)output->hz);
}

/* Begins a check where the rings are. Return: 0, or -1 and the fault. */
static int take_rings(struct output *output, json_t *rings, bool anew,
		      struct fault *fault)
{
	size_t i;

	if (json_array_size(rings) != OSTI_RINGS)
		return bad_reply(fault, "the number of rings");
	for (i = 0; i < OSTI_RINGS; i++) {
		struct osti_ioc_ring ring;

		if (unpack_ring(json_array_get(rings, i), &ring, fault) < 0)
			return -1;
		if (anew)
			verify_anew(&output->verify[i]);
		if (output->options->verify &&
		    verify_ring(&output->verify[i], &ring, fault) < 0)
			return -1;
	}
	return 0;
}

/* One reply: prints its records and checks them. Return: their number or -1. */
static int take_reply(struct output *output, json_t *reply, struct fault *fault)
{
	json_t *events;
	json_t *rings;
	json_t *value;
	int anew;
	size_t i;

	if (commands_unpack(reply, fault, "{s:I,s:b,s:o,s:o}", "counter_hz",
			    &output->hz, "anew", &anew, "rings", &rings,
			    "events", &events) < 0)
		return -1;
	if (anew && !output->options->json)
		puts("This OS came back from an image: the log begins anew.");
	if (take_rings(output, rings, anew, fault) < 0)
		return -1;
	json_array_foreach(events, i, value) {
		struct osti_event ev;

		if (unpack_event(value, &ev, fault) < 0)
			return -1;
		print_record(output, value, &ev);
		if (output->options->verify &&
		    verify_event(&output->verify[ev.ring], &ev, fault) < 0)
			return -1;
	}
	return output_flush(fault) < 0 ? -1 : (int)json_array_size(events);
}

/* What was verified of both rings. Return: 0, or -1 and the fault. */
static int end_check(const struct output *output, struct verify *sum,
		     struct fault *fault)
{
	size_t i;

	memset(sum, 0, sizeof(*sum));
	for (i = 0; i < OSTI_RINGS; i++) {
		if (verify_end(&output->verify[i], fault) < 0)
			return -1;
		sum->checked += output->verify[i].checked;
		sum->redacted += output->verify[i].redacted;
		sum->chains += output->verify[i].chains;
	}
	return 0;
}

static int finish(struct output *output, struct fault *fault)
{
	json_auto_t *object = NULL;
	struct verify sum;

	if (output->options->verify && end_check(output, &sum, fault) < 0)
		return -1;
	if (output->all) {
		object = json_pack("{s:I,s:O}", "counter_hz", output->hz,
				   "events", output->all);
		if (output->options->verify)
			json_object_set_new(
				object, "verified",
				json_pack("{s:I,s:I}", "checked",
					  (json_int_t)sum.checked, "redacted",
					  (json_int_t)sum.redacted));
		commands_print_json(object);
	} else if (output->options->verify) {
		printf("Verified: %" PRIu64 " records with content, %" PRIu64
		       " of other slots, %u unbroken chains.\n",
		       sum.checked, sum.redacted, sum.chains);
	}
	return 0;
}

int command_log(struct connection *connection, const struct options *options,
		struct fault *fault)
{
	json_auto_t *all = options->json && !options->follow ? json_array()
							     : NULL;
	struct output output = { .options = options, .all = all };
	bool wait = false;
	int n;

	connection->streams = options->follow;
	do {
		json_auto_t *reply = NULL;

		if (connection_call(
			    connection, "log", json_pack("{s:b}", "wait", wait),
			    wait ? -1 : COMMANDS_TIMEOUT_MS, &reply, fault) < 0)
			return -1;
		n = take_reply(&output, reply, fault);
		if (n < 0)
			return -1;
		wait = options->follow && n == 0;
	} while (n > 0 || options->follow);
	return finish(&output, fault);
}
