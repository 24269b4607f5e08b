/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * catalogue.h - what the courier remembers of a repository, in SQLite
 *
 * A cache: everything in it is in the repository, too, or saves work only. It
 * has sealed objects as they are there, so nobody learns from it what the
 * repository does not tell; whoever reads one opens it and so finds damage. A
 * file that is damaged, of another repository or of another version is made
 * anew. Nothing that goes wrong here is an error: what is not remembered is
 * fetched.
 */
#ifndef CATALOGUE_H
#define CATALOGUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "repo_config.h"
#include "repo_keys.h"

struct catalogue;

/*
 * Open the file, or make it, for the repository of that id. Returns NULL when
 * that is not possible at all: then everything is done without.
 */
struct catalogue *catalogue_open(const char *path,
				 const uint8_t id[REPO_CONFIG_ID]);
/* NULL is allowed. */
void catalogue_close(struct catalogue *c);

/* A sealed object by its key; the caller free()s *body. */
bool catalogue_get(struct catalogue *c, const char *key, uint8_t **body,
		   size_t *bytes);
void catalogue_put(struct catalogue *c, const char *key, const uint8_t *body,
		   size_t bytes);
void catalogue_drop(struct catalogue *c, const char *key);

/*
 * Drop the objects whose keys begin with @prefix and for which @keep says no.
 */
void catalogue_trim(struct catalogue *c, const char *prefix,
		    bool (*keep)(const char *key, void *data), void *data);

/*
 * Packs that were uploaded for a backup that is not complete: @body says what
 * is in one, see plan.c. All of a slot are forgotten when it is.
 */
void catalogue_add_pack(struct catalogue *c, const uint8_t slot[REPO_SLOT],
			const uint8_t pack[REPO_KEY], const uint8_t *body,
			size_t bytes);
void catalogue_each_pack(struct catalogue *c, const uint8_t slot[REPO_SLOT],
			 void (*fn)(const uint8_t *pack, const uint8_t *body,
				    size_t bytes, void *data),
			 void *data);
void catalogue_forget_packs(struct catalogue *c, const uint8_t slot[REPO_SLOT]);

/*
 * The last freeze of a slot of which a backup was made: @body says which, see
 * frozen.c. One for a slot; the caller free()s *body.
 */
void catalogue_put_freeze(struct catalogue *c, const uint8_t slot[REPO_SLOT],
			  const uint8_t *body, size_t bytes);
bool catalogue_get_freeze(struct catalogue *c, const uint8_t slot[REPO_SLOT],
			  uint8_t **body, size_t *bytes);

#endif /* CATALOGUE_H */
