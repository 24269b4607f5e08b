/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nv_format.h - layout of the NV flash (docs/nv-format.md)
 *
 * Shared with the host tool osti-nv. Numbers are little-endian. Nothing here
 * touches the flash.
 */
#ifndef NV_FORMAT_H
#define NV_FORMAT_H

#include <stdbool.h>
#include <stdint.h>

#include <osti/abi.h>

#include "board.h"

#define NV_KEY_BYTES		32
#define NV_SLOTS		OSTI_MAX_SLOTS

/* The root key's record, at offset 0 */
#define NV_ROOT_BYTES		80

/* An entry of the log: a header (index 0) or a record */
#define NV_ENTRY_BYTES		64
#define NV_SEAL_AT		60
#define NV_SEAL_BYTES		4

/* Entries of a log sector, header included; the rest of the sector is unused. */
#define NV_ENTRIES		256

/*
 * Sector 0 holds the root key, 1 and 2 the log. Each compaction raises the
 * epoch by one and moves the log to the other sector.
 */
#define NV_SECTORS		3
#define NV_FIRST_EPOCH		1
#define NV_LOG_SECTOR(epoch)	((epoch) & 1 ? 1U : 2U)

/* What the log says of a slot. */
enum nv_state {
	/* Its image; the value is a generation */
	NV_NONE		= 0,	/* no image was ever stored */
	NV_STORED	= 1,	/* the image of this generation may be resumed */
	NV_CONSUMED	= 2,	/* it was resumed or given up: never again */
	NV_BEGUN	= 3,	/* the number is given away, nothing may be resumed */
	/* Beside its image; the value is the least version that may start */
	NV_FLOOR	= 4,
	/* and the offset of its clock in seconds, two's complement */
	NV_CLOCK	= 5,
	/* and its imported key, sealed, in NV_KEY_WORDS records in this order */
	NV_KEY		= 6,
	/* Its image once more: as NV_STORED, but only when a person wants it. */
	NV_RETIRED	= 10,
	/* Not of a slot, 0: the least version of the firmware that is installed */
	NV_FIRMWARE	= 11,
	NV_STATE_LAST	= NV_FIRMWARE
};

/* 8 bytes each */
#define NV_KEY_WORDS		(NV_RETIRED - NV_KEY)

static inline bool nv_is_key(enum nv_state state)
{
	return state >= NV_KEY && state < NV_KEY + NV_KEY_WORDS;
}

/* May an image of which the log says this be resumed? */
static inline bool nv_resumable(enum nv_state state)
{
	return state == NV_STORED || state == NV_RETIRED;
}

/* Errors of the NV state; nv.h tells which call returns which. */
enum nv_error {
	NV_E_FLASH		= -1,	/* the flash is missing or another */
	NV_E_UNPROVISIONED	= -2,	/* the flash has no root key */
	NV_E_VERSION		= -3,	/* written in a format not known here */
	NV_E_DAMAGED		= -4,	/* what is written is not consistent */
	NV_E_GENERATION		= -5,	/* not a generation that may follow */
	NV_E_STATE		= -6,	/* the slot has no such image */
	NV_E_WORN		= -7,	/* writing failed, now or before */
};

/* What an error means and what to do about it, for messages. */
const char *nv_format_error(int err);

struct nv_entry {
	uint64_t epoch;
	uint64_t value;		/* as enum nv_state says; 0 in a header */
	uint32_t index;		/* its place in the sector */
	uint8_t slot;		/* 0 in a header, and with NV_FIRMWARE */
	uint8_t state;		/* enum nv_state; NV_NONE in a header */
};

/* What an entry's place in the log holds. */
enum nv_kind {
	NV_BLANK,		/* never written */
	NV_VALID,		/* counts */
	NV_TORN,		/* power went while it was written: ignore it */
	NV_BROKEN,		/* was whole once, and is not any more */
	NV_VOID,		/* writing it failed, so it was made nothing */
	NV_ALIEN,		/* authentic, but of a kind not known here */
};

/* Make the root key's record. */
void nv_format_root(uint8_t out[NV_ROOT_BYTES],
		    const uint8_t key[NV_KEY_BYTES]);
/*
 * Check the root key's record, copy its key.
 * Returns 0, NV_E_UNPROVISIONED, NV_E_DAMAGED or NV_E_VERSION; then @key is
 * untouched.
 */
int nv_format_root_parse(const uint8_t in[NV_ROOT_BYTES],
			 uint8_t key[NV_KEY_BYTES]);

/*
 * Seal an imported slot key for the log, or open it: both are the same, XOR with
 * what only the root key gives.
 */
void nv_format_slot_key(const uint8_t root[NV_KEY_BYTES], unsigned int slot,
			const uint64_t in[NV_KEY_WORDS],
			uint64_t out[NV_KEY_WORDS]);
/* Derive the key that authenticates the log. */
void nv_format_log_key(const uint8_t root[NV_KEY_BYTES],
		       uint8_t out[NV_KEY_BYTES]);
/* Make an entry, not sealed yet. */
void nv_format_entry(const uint8_t log_key[NV_KEY_BYTES],
		     const struct nv_entry *entry, uint8_t out[NV_ENTRY_BYTES]);
/*
 * What is this? @entry is set if it is NV_VALID: authentic, with slot and state
 * in their ranges. Whether it belongs here is for the caller to check.
 */
enum nv_kind nv_format_parse(const uint8_t log_key[NV_KEY_BYTES],
			     const uint8_t in[NV_ENTRY_BYTES],
			     struct nv_entry *entry);
bool nv_format_sealed(const uint8_t in[NV_ENTRY_BYTES]);

/* Where an entry lies in the flash. */
static inline uint32_t nv_format_offset(uint64_t epoch, uint32_t index)
{
	return NV_LOG_SECTOR(epoch) * BOARD_NV_SECTOR + index * NV_ENTRY_BYTES;
}

#endif /* NV_FORMAT_H */
