/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * repo_error.h - why an object of a repository is not believed
 */
#ifndef REPO_ERROR_H
#define REPO_ERROR_H

#define REPO_OK			0
#define REPO_E_TRUNCATED	(-1)	/* it ends too early */
#define REPO_E_MAGIC		(-2)	/* something else than what its key says */
#define REPO_E_VERSION		(-3)	/* a version that is not known */
#define REPO_E_SIZE		(-4)	/* longer than it may be, or a size in it */
#define REPO_E_RESERVED		(-5)	/* something that must be zero is not */
#define REPO_E_SUM		(-6)	/* osti-repository: wrong checksum */
#define REPO_E_TAG		(-7)	/* altered, of another key, or moved */
#define REPO_E_PADDING		(-8)	/* not padded as it must be */
#define REPO_E_TEXT		(-9)	/* a name with what is no text */
#define REPO_E_KIND		(-10)	/* a kind, state or number that is none */
#define REPO_E_HEADER		(-11)	/* the image's header is none */
#define REPO_E_TABLE		(-12)	/* the image's table contradicts itself */
#define REPO_E_PACK		(-13)	/* a list of packs that is none */
#define REPO_E_PLACE		(-14)	/* a chunk lies outside its pack */
#define REPO_E_DISK		(-15)	/* a disk of a size that none has */
#define REPO_E_LAST		REPO_E_DISK

/* What it means, to be put behind "object KEY: ". Never NULL. */
const char *repo_error_text(int error);

#endif /* REPO_ERROR_H */
