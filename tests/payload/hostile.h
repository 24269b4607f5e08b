/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hostile.h - what an image engine in wrong hands tries: engine.c says which,
 * hostile.c does it
 *
 * The number is the thousands of the time at which the image is made, which the
 * resume record brings into the engine in both directions.
 */
#ifndef PAYLOAD_HOSTILE_H
#define PAYLOAD_HOSTILE_H

#define HOSTILE_UNIT	1000

enum hostile {
	/* Does its work, but looks at what it was given, and leaves all it can. */
	HOSTILE_NOSY = 1,
	/* Never gives the CPU back. */
	HOSTILE_SPIN,

	/* What must trap */
	HOSTILE_WRITE_CODE,
	HOSTILE_RUN_DATA,
	HOSTILE_WRITE_PARTITION,	/* in an export */
	HOSTILE_READ,			/* and so on, each of hostile_places */
	HOSTILE_WRITE = HOSTILE_READ + 20,
	HOSTILE_INSN = HOSTILE_WRITE + 20,	/* each of hostile.c's list */

	/* What it may say, and is not believed */
	HOSTILE_SAY_PAGES = HOSTILE_INSN + 40,
	HOSTILE_SAY_CHUNKS,
	HOSTILE_SAY_MANIFEST,
	HOSTILE_SAY_NOTHING_STORED,
	HOSTILE_SAY_STORED,
	HOSTILE_SAY_TOTAL,
	HOSTILE_SAY_STATUS,
	HOSTILE_SAY_AGAIN,

	/* In an import */
	HOSTILE_OPEN_ENTRY,		/* another resume point */
	HOSTILE_OPEN_RECORD,		/* a record that is too long */
	HOSTILE_OPEN_PAGES,
	HOSTILE_OPEN_BEHIND,		/* writes behind the partition */
	HOSTILE_OPEN_SPIN,
};

/* IPAs that are not the engine's, whoever they may be. */
#define HOSTILE_PLACES	17
#define HOSTILE_INSNS	24

#endif /* PAYLOAD_HOSTILE_H */
