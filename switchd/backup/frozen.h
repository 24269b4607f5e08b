/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * frozen.h - which backup was made of which freeze
 *
 * Who knows that a slot was not resumed since its last backup knows that nobody
 * wrote to its disk: it need not be read again.
 */
#ifndef FROZEN_H
#define FROZEN_H

#include <stdbool.h>

#include "backup/repository.h"

/*
 * Note that the backup was made of @freeze, a text that no other freeze of the
 * slot ever has. Without a catalogue nothing is noted.
 */
void frozen_note(struct repository *repo, const char *freeze,
		 const char name[REPO_NAME]);
/* Was the last backup that was noted made of it? Then @name is that one's. */
bool frozen_recall(struct repository *repo, const char *freeze,
		   char name[REPO_NAME]);

#endif /* FROZEN_H */
