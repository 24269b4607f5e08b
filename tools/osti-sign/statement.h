/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * statement.h - the body of a start statement (osti/start.h)
 */
#ifndef STATEMENT_H
#define STATEMENT_H

#include <stdint.h>

#include <osti/abi.h>
#include <osti/start.h>

/* A kernel or a RAM disk; all of it is 0 for a RAM disk that is not there. */
struct part {
	uint64_t offset;	/* in the slot's memory */
	uint64_t bytes;
	uint8_t hash[OSTI_START_HASH];
};

struct statement {
	uint64_t flags;		/* OSTI_START_F_* */
	uint64_t version;
	struct part kernel;
	struct part ramdisk;
	/* Each ends with NUL; those that are not used are empty. */
	char slots[OSTI_MAX_SLOTS][OSTI_NAME_LEN + 1];
	char cmdline[OSTI_START_CMDLINE];
};

/* Both return NULL, or what is wrong, as a piece of a sentence. */
const char *statement_check(const struct statement *s);
const char *statement_decode(const uint8_t body[OSTI_START_BODY],
			     struct statement *s);

/* s is good by statement_check(). */
void statement_encode(const struct statement *s, uint8_t body[OSTI_START_BODY]);

#endif /* STATEMENT_H */
