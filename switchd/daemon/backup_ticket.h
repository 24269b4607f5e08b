/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * backup_ticket.h - what whoever asked for a job is told of it
 *
 * It outlives the job until he has taken all of it, and the job outlives it if
 * he loses interest. What is queued is bounded: the job waits for him.
 */
#ifndef SWITCHD_BACKUP_TICKET_H
#define SWITCHD_BACKUP_TICKET_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#include "common/fault.h"

/* With that many bytes in its queue a ticket is full. */
#define BACKUP_TICKET_BYTES (24 * 1024)

struct backup_ticket;

/* Something can be taken. */
typedef void (*backup_ticket_news)(void *userdata);

/* Return: NULL without memory. */
struct backup_ticket *backup_ticket_new(backup_ticket_news news,
					void *userdata);
/* The job goes on, if it still runs. NULL is allowed. */
void backup_ticket_free(struct backup_ticket *ticket);

/* ---- The job's side ------------------------------------------------------ */

/*
 * The job that it is for; *holder is where the job keeps it, and becomes NULL
 * when it is freed, after which gone() is called. room() is called when it has
 * become less than full.
 */
struct backup_ticket_job {
	struct backup_ticket **holder;
	void (*gone)(void *userdata);
	void (*room)(void *userdata);
	void *userdata;
};

void backup_ticket_attach(struct backup_ticket *ticket,
			  const struct backup_ticket_job *job);

/* {"item"|"note": ...}; {"progress": ...} takes the place of an older one. */
void backup_ticket_line(struct backup_ticket *ticket, json_t *line);
bool backup_ticket_is_full(const struct backup_ticket *ticket);

/* The end: a result or a fault, the other one NULL. Detaches it. */
void backup_ticket_end(struct backup_ticket *ticket, json_t *result,
		       const struct fault *fault);

/* ---- His side ------------------------------------------------------------ */

/* Is there anything to take? */
bool backup_ticket_has_news(const struct backup_ticket *ticket);

/*
 * Takes what there is: {"lines": [...]}, with the end {"lines", "result"}.
 * Return: 0 and *ret, 1 when that was the end, or -1 and the fault that was the
 * end, when all lines were taken before.
 */
int backup_ticket_take(struct backup_ticket *ticket, json_t **ret,
		       struct fault *fault);

#endif /* SWITCHD_BACKUP_TICKET_H */
