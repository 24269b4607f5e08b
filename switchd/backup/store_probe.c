// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * store_probe.c - does CREATE keep its promise here?
 */
#include "backup/store_probe.h"

#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "backup/store_message.h"

#define RACERS 4

struct race {
	char body[RACERS][64];
	struct store_request r[RACERS];
	unsigned int won;
	unsigned int refused; /* it was there already */
	unsigned int unknown; /* the server does not know of conditions */
	const struct store_request *failed;
};

/* Who cannot delete can still make backups: that is no failure of the probe. */
static int discard(struct store *store, const char *key, char *message,
		   size_t room)
{
	struct store_request r = { .op = STORE_DELETE, .key = key };
	int status = store_do(store, &r);

	if (status == STORE_E_DENIED)
		status = STORE_OK;
	return store_say(message, room, status, "%s", r.message);
}

/* Each with another body: who wins by a lost answer is known by it. */
static void run(struct store *store, const char *key, struct race *race)
{
	uint64_t number = 0;
	unsigned int i;

	if (getrandom(&number, sizeof(number), GRND_NONBLOCK) < 0)
		number = 0;
	for (i = 0; i < RACERS; i++) {
		snprintf(race->body[i], sizeof(race->body[i]),
			 "osti probe %016llx %u\n", (unsigned long long)number,
			 i);
		race->r[i] = (struct store_request){
			.op = STORE_CREATE,
			.key = key,
			.body = race->body[i],
			.body_bytes = strlen(race->body[i]),
		};
		store_start(store, &race->r[i]);
	}
	for (i = 0; i < RACERS; i++)
		while (!race->r[i].finished)
			store_run(store, 1000);
}

static void judge(struct race *race)
{
	unsigned int i;

	for (i = 0; i < RACERS; i++) {
		if (race->r[i].status == STORE_OK)
			race->won++;
		else if (race->r[i].status == STORE_E_EXISTS)
			race->refused++;
		else if (race->r[i].status == STORE_E_REPLY)
			race->unknown++;
		else
			race->failed = &race->r[i];
	}
}

int store_probe_create(struct store *store, const char *scratch_key,
		       bool *honoured, char *message, size_t room)
{
	struct race race = { .won = 0 };
	int r;

	*honoured = false;
	r = discard(store, scratch_key, message, room);
	if (r != STORE_OK)
		return r;
	run(store, scratch_key, &race);
	judge(&race);
	r = discard(store, scratch_key, message, room);
	if (r != STORE_OK)
		return r;
	if (race.failed)
		return store_say(message, room, race.failed->status, "%s",
				 race.failed->message);
	/* Nobody wins where an old one could not be deleted. */
	*honoured = !race.unknown && race.won <= 1;
	if (*honoured)
		return store_say(message, room, STORE_OK, "%s", "");
	if (race.unknown)
		return store_say(
			message, room, STORE_OK,
			"the server refuses to write an object only if it is not there");
	return store_say(
		message, room, STORE_OK,
		"the server was asked to write an object only if it is not there, and wrote it %u times",
		race.won);
}
