/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * firmware_statement.h - what a firmware statement says
 *
 * The body of osti/firmware.h, OSTI_FIRMWARE_BODY bytes; who signed it is another
 * question. Pure functions: what they return points into the body.
 */
#ifndef FIRMWARE_STATEMENT_H
#define FIRMWARE_STATEMENT_H

#include <stdbool.h>
#include <stdint.h>

#include <osti/firmware.h>

struct firmware_statement {
	uint64_t version;
	uint64_t bytes;		/* of the image */
	const uint8_t *hash;	/* OSTI_FIRMWARE_HASH bytes */
};

/* Read a body, good or not. */
void firmware_statement_read(const uint8_t *body, struct firmware_statement *out);

/*
 * Is it what every statement is, whatever board it is for? Returns NULL, or what is
 * wrong with it, as a piece of a sentence.
 */
const char *firmware_statement_wrong(const uint8_t *body);

/* Is it for the board of that name, which ends with NUL? */
bool firmware_statement_names(const uint8_t *body, const char *board);

/* Make a body. @board has at most OSTI_FIRMWARE_BOARD characters. */
void firmware_statement_make(uint8_t body[OSTI_FIRMWARE_BODY],
			     const struct firmware_statement *what,
			     const char *board);

#endif /* FIRMWARE_STATEMENT_H */
