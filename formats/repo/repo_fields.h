/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * repo_fields.h - fields that several objects of a repository have
 */
#ifndef REPO_FIELDS_H
#define REPO_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REPO_MAGIC	8	/* bytes; a version of 4 bytes follows */

/* Returns REPO_OK or REPO_E_MAGIC, _VERSION; there are 12 bytes at @in. */
int repo_fields_front(const uint8_t *in, const char *magic, uint32_t version);

bool repo_fields_zero(const uint8_t *in, size_t bytes);

/*
 * Text of at most @bytes, padded with NUL. What is too long is cut, control
 * characters become "?": a reader would refuse all of the object for them.
 */
void repo_fields_put_text(uint8_t *out, const char *text, size_t bytes);
/*
 * @text has room for one more than @bytes. False when there is a control
 * character in it, or anything behind its end.
 */
bool repo_fields_get_text(const uint8_t *in, size_t bytes, char *text);

/* Are these ids of REPO_KEY bytes, @step apart, in order and each there once? */
bool repo_fields_ascending(const uint8_t *ids, size_t nr, size_t step);

#endif /* REPO_FIELDS_H */
