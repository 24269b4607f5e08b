/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * describe.h - what a repository says, as JSON for people and programs
 *
 * Its texts are those of whoever wrote them, but harmless to a terminal.
 */
#ifndef DESCRIBE_H
#define DESCRIBE_H

#include <jansson.h>

#include "backup/backups.h"
#include "repo_holder.h"

#define DESCRIBE_TIME 24

/* Date and time in UTC. */
void describe_time(uint64_t seconds, char text[DESCRIBE_TIME]);

/*
 * {"backup", "time", "began", "pushed", "new", "shared", "disk", "device",
 *  "host", "generation", "saved_at"}; "disk" is 0 when it has none
 */
json_t *describe_backup(const struct backup *backup);

/*
 * Where an OS lives: {"state": "here", "elsewhere", "cloud" or "unknown" (nobody
 * ever said), "device", "time", "backup"}; @self is this device's id.
 */
json_t *describe_holder(const struct repo_holder *holder,
			const uint8_t self[REPO_DEVICE]);

#endif /* DESCRIBE_H */
