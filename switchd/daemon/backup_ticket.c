// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * backup_ticket.c - what whoever asked for a job is told of it
 */
#include "daemon/backup_ticket.h"

#include <stdlib.h>

struct backup_ticket {
	backup_ticket_news news;
	void *userdata;
	struct backup_ticket_job job; /* holder NULL: there is none */
	json_t *lines;
	size_t bytes; /* of the lines */
	json_t *progress; /* the newest line of that kind, or NULL */
	bool ended;
	json_t *result; /* NULL: the fault holds */
	struct fault fault;
};

struct backup_ticket *backup_ticket_new(backup_ticket_news news, void *userdata)
{
	struct backup_ticket *ticket = calloc(1, sizeof(*ticket));

	if (!ticket)
		return NULL;
	ticket->lines = json_array();
	if (!ticket->lines) {
		free(ticket);
		return NULL;
	}
	ticket->news = news;
	ticket->userdata = userdata;
	return ticket;
}

void backup_ticket_free(struct backup_ticket *ticket)
{
	if (!ticket)
		return;
	if (ticket->job.holder) {
		*ticket->job.holder = NULL;
		ticket->job.gone(ticket->job.userdata);
	}
	json_decref(ticket->lines);
	json_decref(ticket->progress);
	json_decref(ticket->result);
	free(ticket);
}

void backup_ticket_attach(struct backup_ticket *ticket,
			  const struct backup_ticket_job *job)
{
	ticket->job = *job;
	*job->holder = ticket;
}

void backup_ticket_line(struct backup_ticket *ticket, json_t *line)
{
	if (json_object_get(line, "progress")) {
		json_decref(ticket->progress);
		ticket->progress = json_incref(line);
	} else {
		ticket->bytes += json_dumpb(line, NULL, 0, JSON_COMPACT);
		json_array_append(ticket->lines, line);
	}
	ticket->news(ticket->userdata);
}

bool backup_ticket_is_full(const struct backup_ticket *ticket)
{
	return ticket->bytes >= BACKUP_TICKET_BYTES;
}

void backup_ticket_end(struct backup_ticket *ticket, json_t *result,
		       const struct fault *fault)
{
	*ticket->job.holder = NULL;
	ticket->job.holder = NULL;
	ticket->ended = true;
	if (result)
		ticket->result = json_incref(result);
	else
		ticket->fault = *fault;
	ticket->news(ticket->userdata);
}

bool backup_ticket_has_news(const struct backup_ticket *ticket)
{
	return ticket->ended || ticket->progress ||
	       json_array_size(ticket->lines);
}

/* All lines, in order; how far it is goes last. */
static json_t *take_lines(struct backup_ticket *ticket)
{
	bool was_full = backup_ticket_is_full(ticket);
	json_t *lines = ticket->lines;

	ticket->lines = json_array();
	ticket->bytes = 0;
	if (ticket->progress)
		json_array_append_new(lines, ticket->progress);
	ticket->progress = NULL;
	if (was_full && ticket->job.holder)
		ticket->job.room(ticket->job.userdata);
	return lines;
}

int backup_ticket_take(struct backup_ticket *ticket, json_t **ret,
		       struct fault *fault)
{
	bool lines = json_array_size(ticket->lines) || ticket->progress;

	if (ticket->ended && !ticket->result && !lines) {
		*fault = ticket->fault;
		return -1;
	}
	*ret = json_pack("{s:o}", "lines", take_lines(ticket));
	if (!ticket->ended || !ticket->result)
		return 0;
	json_object_set(*ret, "result", ticket->result);
	return 1;
}
