// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * repo_error.c - why an object of a repository is not believed
 */
#include "repo_error.h"

static const char *const texts[] = {
	[-REPO_OK] = "nothing is wrong with it",
	[-REPO_E_TRUNCATED] = "it ends too early",
	[-REPO_E_MAGIC] = "it is something else than its name says",
	[-REPO_E_VERSION] = "it was written by a newer version",
	[-REPO_E_SIZE] = "a size in it cannot be",
	[-REPO_E_RESERVED] = "something in it that must be zero is not",
	[-REPO_E_SUM] = "its checksum is wrong",
	[-REPO_E_TAG] = "it was altered or moved, or the key is another slot's",
	[-REPO_E_PADDING] = "its padding is not what it must be",
	[-REPO_E_TEXT] = "a name in it is no text",
	[-REPO_E_KIND] = "a kind or number in it is not known",
	[-REPO_E_HEADER] = "the header of its image is none",
	[-REPO_E_TABLE] = "the table of its image contradicts itself",
	[-REPO_E_PACK] = "its list of packs is none",
	[-REPO_E_PLACE] = "it says that a chunk lies outside its pack",
	[-REPO_E_DISK] = "it says that its disk has a size that none has",
};

const char *repo_error_text(int error)
{
	if (error > 0 || error < REPO_E_LAST)
		return "an error that has no name";
	return texts[-error];
}
