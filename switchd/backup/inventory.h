/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * inventory.h - which packs and segments there are, and which of them somebody
 * will delete
 */
#ifndef INVENTORY_H
#define INVENTORY_H

#include <time.h>

#include "backup/repository.h"

struct inventory_pack {
	uint8_t id[REPO_KEY];
	uint64_t bytes;
	time_t modified;
	bool segment; /* it is none, but one of those */
	bool fossil; /* in a list of packs to be deleted */
	bool used; /* for who counts references */
};

struct inventory_list {
	char name[REPO_NAME];
	time_t modified;
	uint8_t *ids; /* REPO_KEY each */
	uint32_t packs;
};

struct inventory {
	struct inventory_pack *packs; /* ascending ids */
	size_t nr_packs;
	struct inventory_list *lists;
	size_t nr_lists;
};

/*
 * Read the lists, and then which packs and segments there are: so one that is
 * there and in no list was not about to be deleted when this was called.
 * BACKUP_E_STORE, _DAMAGED (a list), _MEMORY. Free it in any case.
 */
int inventory_load(struct repository *repo, struct inventory *inv,
		   struct backup_fault *fault);
void inventory_free(struct inventory *inv);

/* NULL: there is no such pack. */
struct inventory_pack *inventory_find(const struct inventory *inv,
				      const uint8_t id[REPO_KEY]);
/* Where it is stored. */
void inventory_path(const struct repository *repo,
		    const struct inventory_pack *pack, char path[REPO_PATH]);
/* Is it there, and will stay? */
bool inventory_has(const struct inventory *inv, const uint8_t id[REPO_KEY]);
/* And is it of that size? */
bool inventory_usable(const struct inventory *inv, const uint8_t id[REPO_KEY],
		      uint64_t bytes);

#endif /* INVENTORY_H */
