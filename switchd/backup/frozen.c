// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * frozen.c - which backup was made of which freeze
 */
#include "backup/frozen.h"

#include <stdlib.h>
#include <string.h>

#include "backup/catalogue.h"
#include "image_crypto.h"

/* The name, and a keyed hash of it, slot and freeze. */
#define NAME (REPO_NAME - 1)
#define BODY (NAME + REPO_KEY)

static void mac_of(const struct repository *repo, const char *freeze,
		   const uint8_t *name, uint8_t *mac)
{
	struct image_mac m;

	image_crypto_mac_begin(&m, repo->keys.name);
	image_crypto_mac_add(&m, repo->slot, REPO_SLOT);
	image_crypto_mac_add(&m, name, NAME);
	image_crypto_mac_add(&m, (const uint8_t *)freeze, strlen(freeze));
	image_crypto_mac_done(&m, mac);
}

void frozen_note(struct repository *repo, const char *freeze,
		 const char name[REPO_NAME])
{
	uint8_t body[BODY];

	if (!repo->catalogue)
		return;
	memcpy(body, name, NAME);
	mac_of(repo, freeze, body, body + NAME);
	catalogue_put_freeze(repo->catalogue, repo->slot, body, BODY);
}

bool frozen_recall(struct repository *repo, const char *freeze,
		   char name[REPO_NAME])
{
	uint8_t mac[REPO_KEY];
	uint8_t *body;
	size_t bytes;
	bool ok;

	if (!repo->catalogue ||
	    !catalogue_get_freeze(repo->catalogue, repo->slot, &body, &bytes))
		return false;
	ok = bytes == BODY;
	if (ok) {
		mac_of(repo, freeze, body, mac);
		ok = image_crypto_equal(mac, body + NAME, REPO_KEY);
	}
	if (ok) {
		memcpy(name, body, NAME);
		name[NAME] = '\0';
	}
	free(body);
	return ok;
}
