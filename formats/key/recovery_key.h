/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * recovery_key.h - a slot key as text that a person can copy
 *
 * docs/recovery-key.md tells every digit. Pure functions without a C library,
 * for the boot manager and tools as well. The text is as secret as the key:
 * whoever holds it wipes it, and logs neither.
 */
#ifndef RECOVERY_KEY_H
#define RECOVERY_KEY_H

#include <stddef.h>
#include <stdint.h>

/* Bytes of a slot key. */
#define RECOVERY_KEY_BYTES	32
/* Rows of the text, and digits of each; its last one is the check digit. */
#define RECOVERY_KEY_ROWS	5
#define RECOVERY_KEY_ROW	12
/* Characters of a row: three groups of four digits with hyphens between. */
#define RECOVERY_KEY_ROW_TEXT	14
/* Bytes of the whole text: rows with one space between, and NUL. */
#define RECOVERY_KEY_TEXT \
	(RECOVERY_KEY_ROWS * (RECOVERY_KEY_ROW_TEXT + 1))

/* What can be wrong with a text. */
#define RECOVERY_KEY_OK		0
#define RECOVERY_KEY_E_DIGIT	(-1)	/* a character that is no digit */
#define RECOVERY_KEY_E_ROW	(-2)	/* the check digit of a row is wrong */
#define RECOVERY_KEY_E_SHORT	(-3)	/* it ends too early */
#define RECOVERY_KEY_E_LONG	(-4)	/* there is more behind its end */
#define RECOVERY_KEY_E_WHOLE	(-5)	/* rows are right, but of several keys */
#define RECOVERY_KEY_E_FORM	(-6)	/* of a form that is not known here */
#define RECOVERY_KEY_E_LAST	RECOVERY_KEY_E_FORM

/* Write a key as text, upper case. */
void recovery_key_encode(const uint8_t key[RECOVERY_KEY_BYTES],
			 char text[RECOVERY_KEY_TEXT]);

/*
 * Read @bytes of text; a NUL among them is no digit. Case does not matter, nor
 * do spaces, tabs, line ends and hyphens; O is read as 0, I and L as 1.
 *
 * Returns RECOVERY_KEY_OK, or the first error in order of reading. @row is the
 * row that it is in, from 1, or 0 after _LONG, _WHOLE and _FORM; @key is
 * untouched then.
 */
int recovery_key_decode(const char *text, size_t bytes,
			uint8_t key[RECOVERY_KEY_BYTES], unsigned int *row);

/* What an error means, as a piece of a sentence without the row. */
const char *recovery_key_error(int err);

#endif /* RECOVERY_KEY_H */
