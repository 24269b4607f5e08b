// SPDX-License-Identifier: GPL-2.0-only
/*
 * phase.c - when each phase of the last switches began
 */
#include "phase.h"

#include "arch.h"
#include "lock.h"
#include "log.h"
#include "string.h"

/* Marks of a suspend that the running context prepares. */
static struct {
	bool open;
	uint64_t time[OSTI_PHASES];
} pending;

static struct phase_record ring[OSTI_PHASE_RECORDS];
static uint64_t records;

static struct phase_record *newest(void)
{
	return records ? &ring[(records - 1) % OSTI_PHASE_RECORDS] : NULL;
}

void phase_init(void)
{
	memset(&pending, 0, sizeof(pending));
	memset(ring, 0, sizeof(ring));
	records = 0;
}

void phase_request(void)
{
	LOCK_ASSERT_HELD();
	memset(&pending, 0, sizeof(pending));
	pending.open = true;
	pending.time[OSTI_PHASE_REQUEST] = arch_counter();
}

void phase_cancel(void)
{
	LOCK_ASSERT_HELD();
	pending.open = false;
}

static int64_t mark(uint64_t *time)
{
	if (*time)
		return OSTI_E_STATE;
	*time = arch_counter();
	return OSTI_OK;
}

int64_t phase_mark(const struct context *caller, uint64_t phase)
{
	struct phase_record *rec = newest();

	LOCK_ASSERT_HELD();
	switch (phase) {
	case OSTI_PHASE_FROZEN:
	case OSTI_PHASE_DEVICES:
		if (!pending.open)
			return OSTI_E_STATE;
		return mark(&pending.time[phase]);
	case OSTI_PHASE_RESUMED:
	case OSTI_PHASE_USER:
		if (!rec || rec->target != caller->id)
			return OSTI_E_STATE;
		return mark(&rec->time[phase]);
	default:
		return OSTI_E_INVALID;
	}
}

void phase_commit(unsigned int source, unsigned int target, unsigned int kind,
		  uint64_t entered)
{
	struct phase_record *rec = &ring[records % OSTI_PHASE_RECORDS];

	LOCK_ASSERT_HELD();
	memset(rec, 0, sizeof(*rec));
	rec->number = ++records;
	rec->source = source;
	rec->target = target;
	rec->kind = kind;
	if (pending.open)
		memcpy(rec->time, pending.time, sizeof(rec->time));
	else
		rec->time[OSTI_PHASE_REQUEST] = entered;
	rec->time[OSTI_PHASE_MON_ENTER] = entered;
	pending.open = false;
}

void phase_exit(uint64_t slept)
{
	struct phase_record *rec = newest();

	LOCK_ASSERT_HELD();
	ASSERT(rec);
	rec->slept = slept;
	rec->time[OSTI_PHASE_MON_EXIT] = arch_counter();
}

int64_t phase_read(const struct context *reader, uint64_t n,
		   struct phase_record *out)
{
	uint64_t back;

	for (back = 0; back < records && back < OSTI_PHASE_RECORDS; back++) {
		const struct phase_record *rec =
			&ring[(records - 1 - back) % OSTI_PHASE_RECORDS];

		if (reader->id != OSTI_CONTEXT_BM &&
		    rec->source != reader->id && rec->target != reader->id)
			continue;
		if (n-- == 0) {
			*out = *rec;
			return OSTI_OK;
		}
	}
	return OSTI_E_EMPTY;
}
