/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * start_statement.h - what a start statement says
 *
 * The body of osti/start.h, OSTI_START_BODY bytes; who signed it is another
 * question. Pure functions: what they return points into the body.
 */
#ifndef START_STATEMENT_H
#define START_STATEMENT_H

#include <stdbool.h>
#include <stdint.h>

#include <osti/abi.h>
#include <osti/start.h>

/* A part of the slot's memory, and what must lie there. */
struct start_part {
	uint64_t at;		/* offset in the slot's memory */
	uint64_t bytes;
	const uint8_t *hash;	/* OSTI_START_HASH bytes */
};

struct start {
	uint64_t flags;		/* OSTI_START_F_* */
	uint64_t version;
	struct start_part kernel;
	struct start_part ramdisk;	/* 0 bytes: there is none */
	const char *cmdline;		/* ends with NUL in a good statement */
};

/* Read a body, good or not. */
void start_statement_read(const uint8_t *body, struct start *out);

/*
 * Is it what every statement is, whatever it is for? Returns NULL, or what is
 * wrong with it, as a piece of a sentence.
 */
const char *start_statement_wrong(const uint8_t *body);

/* May what it tells of start in the slot of that name, OSTI_NAME_LEN bytes? */
bool start_statement_names(const uint8_t *body, const uint8_t *name);

#endif /* START_STATEMENT_H */
