// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * switchctl log: the event ring of the monitor, readable and checked
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
	int type;
	int slot;
	int cpu;

	if (commands_unpack(value, fault, "{s:I,s:I,s:i,s:i,s:i,s:s,s:s,s:s}",
			    "seq", &seq, "time", &time, "type", &type, "slot",
			    &slot, "cpu", &cpu, "a", &a, "b", &b, "digest",
			    &digest) < 0)
		return -1;
	memset(ret, 0, sizeof(*ret));
	if (parse_u64(a, &arg[0]) < 0 || parse_u64(b, &arg[1]) < 0 ||
	    hex_decode(digest, ret->digest, sizeof(ret->digest)) < 0)
		return bad_reply(fault, "an event's arguments or digest");
	ret->seq = (uint64_t)seq;
	ret->time = (uint64_t)time;
	ret->type = (uint16_t)type;
	ret->slot = (uint8_t)slot;
	ret->cpu = (uint8_t)cpu;
	ret->arg[0] = arg[0];
	ret->arg[1] = arg[1];
	return 0;
}

static int unpack_ring(json_t *reply, struct osti_ioc_ring *ret,
		       struct fault *fault)
{
	json_int_t oldest;
	json_int_t next;
	const char *base;
	const char *head;

	if (commands_unpack(reply, fault, "{s:{s:I,s:I,s:s,s:s}}", "ring",
			    "oldest", &oldest, "next", &next, "base", &base,
			    "head", &head) < 0)
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

	if (ev->type == OSTI_EV_REDACTED) {
		printf("[            ] #%-5" PRIu64 " (of another slot)\n",
		       (uint64_t)ev->seq);
		return;
	}
	event_text(ev, text);
	printf("[%12.6f] #%-5" PRIu64 " ", (double)ev->time / hz,
	       (uint64_t)ev->seq);
	if (ev->slot == OSTI_CONTEXT_BM)
		fputs("menu  ", stdout);
	else
		printf("slot %u", ev->slot);
	printf(" cpu %u  %-12s %s\n", ev->cpu, names_event(ev->type), text);
}

struct output {
	const struct options *options;
	struct verify verify;
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

/* One reply: prints its records and checks them. Return: their number or -1. */
static int take_reply(struct output *output, json_t *reply, struct fault *fault)
{
	bool check = output->options->verify;
	struct osti_ioc_ring ring;
	json_t *events;
	json_t *value;
	int anew;
	size_t i;

	if (commands_unpack(reply, fault, "{s:I,s:b,s:o}", "counter_hz",
			    &output->hz, "anew", &anew, "events",
			    &events) < 0 ||
	    unpack_ring(reply, &ring, fault) < 0)
		return -1;
	if (anew) {
		verify_anew(&output->verify);
		if (!output->options->json)
			puts("This OS came back from an image: the log begins anew.");
	}
	if (check && verify_ring(&output->verify, &ring, fault) < 0)
		return -1;
	json_array_foreach(events, i, value) {
		struct osti_event ev;

		if (unpack_event(value, &ev, fault) < 0)
			return -1;
		print_record(output, value, &ev);
		if (check && verify_event(&output->verify, &ev, fault) < 0)
			return -1;
	}
	/* A reader at the other end of a pipe wants to see it now. */
	fflush(stdout);
	return (int)json_array_size(events);
}

static int finish(struct output *output, struct fault *fault)
{
	const struct verify *verify = &output->verify;
	json_auto_t *object = NULL;

	if (output->options->verify && verify_end(verify, fault) < 0)
		return -1;
	if (output->all) {
		object = json_pack("{s:I,s:O}", "counter_hz", output->hz,
				   "events", output->all);
		if (output->options->verify)
			json_object_set_new(
				object, "verified",
				json_pack("{s:I,s:I}", "checked",
					  (json_int_t)verify->checked,
					  "redacted",
					  (json_int_t)verify->redacted));
		commands_print_json(object);
	} else if (output->options->verify) {
		printf("Verified: %" PRIu64 " records with content, %" PRIu64
		       " of other slots, %u unbroken %s.\n",
		       verify->checked, verify->redacted, verify->chains,
		       verify->chains == 1 ? "chain" : "chains");
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
