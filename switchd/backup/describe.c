// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * describe.c - what a repository says, as JSON for people and programs
 */
#include "backup/describe.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "common/foreign_text.h"
#include "common/json_text.h"

void describe_time(uint64_t seconds, char text[DESCRIBE_TIME])
{
	const time_t time = (time_t)seconds;
	struct tm tm;

	if (!gmtime_r(&time, &tm) ||
	    !strftime(text, DESCRIBE_TIME, "%Y-%m-%d %H:%M:%S", &tm))
		snprintf(text, DESCRIBE_TIME, "%" PRIu64, seconds);
}

/* Of a field with a NUL at its end. */
static json_t *foreign(const char *text)
{
	char copy[REPO_HOST + 1];

	snprintf(copy, sizeof(copy), "%s", text);
	foreign_text_clean(copy);
	return json_text(copy);
}

json_t *describe_backup(const struct backup *backup)
{
	const struct repo_backup *info = &backup->info;

	return json_pack("{s:s,s:I,s:I,s:b,s:I,s:I,s:I,s:o,s:o,s:I,s:I}",
			 "backup", backup->name, "time", (json_int_t)info->time,
			 "began", (json_int_t)info->began, "pushed",
			 info->kind == REPO_PUSHED, "new",
			 (json_int_t)info->bytes_new, "shared",
			 (json_int_t)info->bytes_shared, "disk",
			 (json_int_t)info->disk.bytes, "device",
			 foreign(info->label), "host", foreign(info->host),
			 "generation",
			 (json_int_t)info->header.identity.generation,
			 "saved_at", (json_int_t)info->header.saved_at);
}

json_t *describe_holder(const struct repo_holder *holder,
			const uint8_t self[REPO_DEVICE])
{
	const char *state = "cloud";

	if (!holder->number)
		return json_pack("{s:s}", "state", "unknown");
	if (holder->state == REPO_HELD)
		state = memcmp(holder->device, self, REPO_DEVICE) == 0
				? "here"
				: "elsewhere";
	return json_pack("{s:s,s:o,s:I,s:s}", "state", state, "device",
			 foreign(holder->label), "time",
			 (json_int_t)holder->time, "backup", holder->backup);
}
