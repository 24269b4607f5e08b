// SPDX-License-Identifier: GPL-2.0-only
/*
 * nv_log.c - what the NV flash says, without writing to it
 */
#include "nv_log.h"

#include "cfi.h"
#include "image_crypto.h"
#include "log.h"
#include "string.h"

bool nv_log_follows(const struct nv_log *log, unsigned int slot,
		    uint64_t value, enum nv_state state)
{
	const unsigned int words = log->slot[slot].key_words;

	if (state == NV_FIRMWARE)
		return value > log->firmware;
	if (state == NV_CLOCK)
		return true;
	/* What power cut off is begun anew. */
	if (nv_is_key(state))
		return words < NV_KEY_WORDS &&
		       (state == NV_KEY || state - NV_KEY == words);
	if (state == NV_FLOOR)
		return value > log->slot[slot].floor;
	if (value != log->slot[slot].generation)
		return value > log->slot[slot].generation;
	switch (log->slot[slot].state) {
	case NV_BEGUN:
		return state == NV_STORED;
	case NV_STORED:
		return state == NV_CONSUMED || state == NV_RETIRED;
	case NV_RETIRED:
		return state == NV_CONSUMED;
	default:
		return false;
	}
}

void nv_log_note(struct nv_log *log, unsigned int slot, uint64_t value,
		 enum nv_state state)
{
	if (nv_is_key(state)) {
		log->slot[slot].key[state - NV_KEY] = value;
		log->slot[slot].key_words = state - NV_KEY + 1;
		return;
	}
	switch (state) {
	case NV_FIRMWARE:
		log->firmware = value;
		break;
	case NV_FLOOR:
		log->slot[slot].floor = value;
		break;
	case NV_CLOCK:
		log->slot[slot].clock = value;
		log->slot[slot].has_clock = true;
		break;
	default:
		log->slot[slot].generation = value;
		log->slot[slot].state = state;
		break;
	}
}

/*
 * No key was ever put there, and no log: blank, or all zeros as an emulated flash
 * without a file. A key that cannot be read today leaves other traces.
 */
static bool never_written(void)
{
	static const uint32_t at[] = {
		0, NV_LOG_SECTOR(1) * BOARD_NV_SECTOR,
		NV_LOG_SECTOR(2) * BOARD_NV_SECTOR,
	};
	uint8_t buf[NV_ROOT_BYTES];
	unsigned int i, k;

	for (i = 0; i < sizeof(at) / sizeof(at[0]); i++) {
		cfi_read(CFI_NV, at[i], buf, sizeof(buf));
		for (k = 0; k < sizeof(buf); k++)
			if (buf[k] != buf[0] || (buf[0] && buf[0] != 0xff))
				return false;
	}
	return true;
}

static int read_root(struct nv_log *log)
{
	uint8_t buf[NV_ROOT_BYTES];
	int err;

	cfi_read(CFI_NV, 0, buf, sizeof(buf));
	err = nv_format_root_parse(buf, log->root_key);
	image_crypto_wipe(buf, sizeof(buf));
	if (err == NV_E_UNPROVISIONED && !never_written())
		err = NV_E_DAMAGED;
	if (err)
		return err;
	nv_format_log_key(log->root_key, log->log_key);
	return 0;
}

static enum nv_kind read_entry(const struct nv_log *log, uint64_t epoch,
			       uint32_t index, struct nv_entry *entry,
			       bool *sealed)
{
	uint8_t buf[NV_ENTRY_BYTES];
	enum nv_kind kind;

	cfi_read(CFI_NV, nv_format_offset(epoch, index), buf, sizeof(buf));
	kind = nv_format_parse(log->log_key, buf, entry);
	*sealed = nv_format_sealed(buf);
	/* Entries of another place or time are no proof of anything here. */
	if (kind == NV_VALID && index &&
	    (entry->index != index || entry->epoch != epoch))
		return NV_BROKEN;
	return kind;
}

/*
 * The epoch of the log in the sector that odd or even epochs are in; 0 = none.
 * A sector without valid header was never finished, or its time is over.
 */
static uint64_t read_header(const struct nv_log *log, uint64_t parity,
			    bool *sealed)
{
	struct nv_entry entry;

	if (read_entry(log, parity, 0, &entry, sealed) != NV_VALID ||
	    entry.index != 0 || entry.epoch % 2 != parity)
		return 0;
	return entry.epoch;
}

static int find_epoch(struct nv_log *log)
{
	bool odd_sealed, even_sealed;
	uint64_t odd = read_header(log, 1, &odd_sealed);
	uint64_t even = read_header(log, 0, &even_sealed);

	if (!odd && !even) {
		log_error("NV: neither sector of the log has a valid header");
		return NV_E_DAMAGED;
	}
	log->epoch = odd > even ? odd : even;
	log->stale = odd && even;
	if (!(odd > even ? odd_sealed : even_sealed))
		log->unsealed = 0;
	return 0;
}

static void complain(const struct nv_log *log, const struct nv_entry *entry)
{
	const bool floor = entry->state == NV_FLOOR;

	if (entry->state == NV_FIRMWARE) {
		log_error("NV: epoch %llu, entry %u: least version %llu of the firmware cannot come after %llu",
			  (unsigned long long)entry->epoch, entry->index,
			  (unsigned long long)entry->value,
			  (unsigned long long)log->firmware);
		return;
	}
	if (nv_is_key(entry->state)) {
		log_error("NV: epoch %llu, entry %u: part %u of the key of slot %u cannot come after %u parts",
			  (unsigned long long)entry->epoch, entry->index,
			  entry->state - NV_KEY + 1, entry->slot,
			  log->slot[entry->slot].key_words);
		return;
	}
	log_error("NV: epoch %llu, entry %u: %s %llu of slot %u cannot come after %llu",
		  (unsigned long long)entry->epoch, entry->index,
		  floor ? "least version" : "generation",
		  (unsigned long long)entry->value, entry->slot,
		  (unsigned long long)(floor ?
				       log->slot[entry->slot].floor :
				       log->slot[entry->slot].generation));
}

static int take(struct nv_log *log, const struct nv_entry *entry)
{
	if (!nv_log_follows(log, entry->slot, entry->value, entry->state)) {
		complain(log, entry);
		return NV_E_DAMAGED;
	}
	nv_log_note(log, entry->slot, entry->value, entry->state);
	return 0;
}

static int read_records(struct nv_log *log)
{
	struct nv_entry entry;
	uint32_t index;
	bool sealed;
	int err;

	for (index = 1; index < NV_ENTRIES; index++) {
		switch (read_entry(log, log->epoch, index, &entry, &sealed)) {
		case NV_BLANK:
			continue;
		case NV_ALIEN:
			return NV_E_VERSION;
		case NV_BROKEN:
			log_error("NV: epoch %llu, entry %u is damaged",
				  (unsigned long long)log->epoch, index);
			return NV_E_DAMAGED;
		case NV_TORN:
		case NV_VOID:
			break;
		case NV_VALID:
			err = take(log, &entry);
			if (err)
				return err;
			if (!sealed) {
				log->unsealed = index;
				log->unsealed_slot = entry.slot;
			}
			break;
		}
		/* Nothing is ever written before or into such an entry. */
		log->next = index + 1;
	}
	return 0;
}

int nv_log_replay(struct nv_log *log)
{
	int err;

	memset(log, 0, sizeof(*log));
	log->next = 1;
	log->unsealed = NV_LOG_NONE;
	err = read_root(log);
	if (!err)
		err = find_epoch(log);
	if (!err)
		err = read_records(log);
	return err;
}
