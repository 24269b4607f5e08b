// SPDX-License-Identifier: GPL-2.0-only
/*
 * nv.c - what the monitor remembers without power
 *
 * The order of writes is what makes it safe: docs/nv-format.md.
 */
#include "nv.h"

#include "cfi.h"
#include "image_bytes.h"
#include "image_crypto.h"
#include "lock.h"
#include "log.h"
#include "nv_log.h"
#include "string.h"

/* What the flash programs at a time */
#define WORD	4
/* What fails while the voltage is low goes well a little later. */
#define UNDO_TRIES	3

static struct nv_log nv;
static int opened = NV_E_FLASH;
/*
 * A write failed: nothing is built upon this flash until it was read again, and
 * took something.
 */
static bool worn;
/*
 * Slots of which no image may be resumed, whatever the flash says. Only while it
 * cannot be read or written: CONSUMED is the first that is written afterwards.
 */
static bool owed[NV_SLOTS + 1];

static int give_up(const char *what)
{
	worn = true;
	log_error("NV: %s failed: %s", what, nv_format_error(NV_E_WORN));
	return NV_E_WORN;
}

/* ---- Writing ------------------------------------------------------------- */

/*
 * The seal tells that all before it was read back and was good, as *whole does.
 */
static int write_sealed(uint64_t epoch, uint32_t index,
			const uint8_t entry[NV_ENTRY_BYTES], bool *whole)
{
	static const uint8_t seal[NV_SEAL_BYTES];
	uint32_t offset = nv_format_offset(epoch, index);
	int err;

	err = cfi_program(CFI_NV, offset, entry, NV_SEAL_AT);
	*whole = !err;
	if (err)
		return err;
	return cfi_program(CFI_NV, offset + NV_SEAL_AT, seal, sizeof(seal));
}

static int write_entry(const struct nv_entry *entry, bool *whole)
{
	uint8_t buf[NV_ENTRY_BYTES];

	nv_format_entry(nv.log_key, entry, buf);
	return write_sealed(entry->epoch, entry->index, buf, whole);
}

/*
 * Nobody knows what a failed write left, and the next power-on may find it good.
 * So make it nothing: zeros can always be added. True if the entry does not
 * count. Else the flash took it, and takes no zeros any more: then it counts.
 */
static bool undo(const struct nv_entry *entry, bool whole)
{
	static const uint8_t zero[WORD];
	const uint32_t offset = nv_format_offset(entry->epoch, entry->index);
	uint8_t buf[NV_ENTRY_BYTES];
	unsigned int tries = 0, failed;
	struct nv_entry found;
	bool gone = !whole;
	uint32_t i;

	/* Each word, whatever became of the one before. */
	do {
		for (i = failed = 0; i < NV_SEAL_AT; i += sizeof(zero)) {
			int err = cfi_program(CFI_NV, offset + i, zero, sizeof(zero));

			/* The magic number is there no more. */
			if (!err && i == 0)
				gone = true;
			/* It hangs, so what it reads as tells nothing. */
			if (err == CFI_E_TIMEOUT)
				return gone;
			failed += err != 0;
		}
	} while (failed && ++tries < UNDO_TRIES);
	cfi_read(CFI_NV, offset, buf, sizeof(buf));
	return nv_format_parse(nv.log_key, buf, &found) != NV_VALID;
}

/*
 * Power went when this entry was whole but not sealed. Its last bits may be
 * weak and read otherwise tomorrow: write it again, before it counts.
 */
static int strengthen(uint32_t index)
{
	uint8_t buf[NV_ENTRY_BYTES];
	bool whole;

	cfi_read(CFI_NV, nv_format_offset(nv.epoch, index), buf, sizeof(buf));
	return write_sealed(nv.epoch, index, buf, &whole);
}

/* Make the header of an epoch that is over invalid; zeros can always be added. */
static int retire(uint64_t epoch)
{
	static const uint8_t zero[NV_SEAL_AT];

	return cfi_program(CFI_NV, nv_format_offset(epoch, 0), zero, sizeof(zero));
}

static int copy_record(struct nv_entry *entry, unsigned int slot,
		       uint64_t value, enum nv_state state)
{
	bool whole;
	int err;

	entry->slot = slot;
	entry->value = value;
	entry->state = state;
	err = write_entry(entry, &whole);
	entry->index++;
	return err;
}

/* What the log says of a slot, into the sector that will be the log. */
static int copy_slot(struct nv_entry *entry, unsigned int slot)
{
	unsigned int i;
	int err = 0;

	if (nv.slot[slot].state != NV_NONE)
		err = copy_record(entry, slot, nv.slot[slot].generation,
				  nv.slot[slot].state);
	if (!err && nv.slot[slot].floor)
		err = copy_record(entry, slot, nv.slot[slot].floor, NV_FLOOR);
	if (!err && nv.slot[slot].has_clock)
		err = copy_record(entry, slot, nv.slot[slot].clock, NV_CLOCK);
	for (i = 0; !err && i < nv.slot[slot].key_words; i++)
		err = copy_record(entry, slot, nv.slot[slot].key[i],
				  NV_KEY + i);
	return err;
}

/*
 * Go on in the other sector. Until its header is whole, all that is there is
 * ignored; from then on it is the log, and the old one is ignored.
 */
static int compact(void)
{
	struct nv_entry entry = { .epoch = nv.epoch + 1, .index = 1 };
	unsigned int slot;
	bool whole;
	int err;

	ASSERT(entry.epoch);
	err = cfi_erase(CFI_NV, nv_format_offset(entry.epoch, 0));
	for (slot = 1; !err && slot <= NV_SLOTS; slot++)
		err = copy_slot(&entry, slot);
	if (!err && nv.firmware)
		err = copy_record(&entry, 0, nv.firmware, NV_FIRMWARE);
	if (!err)
		err = write_entry(&(struct nv_entry){ .epoch = entry.epoch },
				  &whole);
	if (err)
		return give_up("compacting the log");

	log_debug("NV: log goes on in epoch %llu",
		  (unsigned long long)entry.epoch);
	nv.epoch = entry.epoch;
	nv.next = entry.index;
	if (retire(nv.epoch - 1))
		return give_up("ending the old log");
	return 0;
}

static int append(unsigned int slot, uint64_t value, enum nv_state state)
{
	struct nv_entry entry = {
		.value = value,
		.slot = slot,
		.state = state,
	};
	bool whole;
	int err;

	if (worn)
		return NV_E_WORN;
	if (nv.next == NV_ENTRIES) {
		err = compact();
		if (err)
			return err;
	}
	entry.epoch = nv.epoch;
	entry.index = nv.next;
	err = write_entry(&entry, &whole);
	if (err) {
		err = give_up("writing the log");
		if (undo(&entry, whole)) {
			/* A flash that hangs may have it all the same. */
			owed[slot] |= state == NV_STORED &&
				      nv.slot[slot].state == NV_BEGUN;
			return err;
		}
		log_warn("NV: the entry counts all the same");
	}
	nv.next++;
	nv_log_note(&nv, slot, value, state);
	return 0;
}

/* ---- Opening ------------------------------------------------------------- */

/* Finish what a power cut left undone, in the order in which it was begun. */
static void recover(void)
{
	if (nv.unsealed != NV_LOG_NONE) {
		/* What cannot be made firm there can be in the other sector. */
		if (strengthen(nv.unsealed) && (!nv.unsealed || compact())) {
			give_up("finishing the last entry");
			return;
		}
		nv.unsealed = NV_LOG_NONE;
	}
	if (nv.stale && retire(nv.epoch - 1))
		give_up("ending the old log");
}

/* What was read before stays if it cannot be read now. */
static int open_flash(void)
{
	struct nv_log found;
	int err = cfi_init(CFI_NV) ? NV_E_FLASH : nv_log_replay(&found);

	if (!err) {
		nv = found;
		opened = 0;
		worn = false;
		recover();
	}
	image_crypto_wipe(&found, sizeof(found));
	return err;
}

/* Does it take zeros again? A void entry means nothing. */
static void try_writing(void)
{
	static const uint8_t zero[NV_SEAL_AT];

	if (nv.next == NV_ENTRIES) {
		(void)compact();
		return;
	}
	if (cfi_program(CFI_NV, nv_format_offset(nv.epoch, nv.next), zero,
			sizeof(zero)))
		give_up("trying the log again");
	nv.next++;
}

/* Write down what could not be written when it was decided. */
static void pay(unsigned int slot)
{
	if (nv_resumable(nv.slot[slot].state)) {
		if (append(slot, nv.slot[slot].generation, NV_CONSUMED))
			return;
		log_info("NV: image %llu of slot %u is given up now",
			 (unsigned long long)nv.slot[slot].generation, slot);
	}
	owed[slot] = false;
}

int nv_init(void)
{
	memset(owed, 0, sizeof(owed));
	worn = false;
	image_crypto_wipe(&nv, sizeof(nv));
	opened = open_flash();
	if (opened)
		log_error("NV: %s", nv_format_error(opened));
	return opened;
}

void nv_mend(void)
{
	const bool was_worn = worn;
	unsigned int slot;
	int err;

	LOCK_ASSERT_HELD();
	if (!opened && !worn)
		return;
	err = open_flash();
	if (err) {
		if (opened)
			opened = err;
		return;
	}
	if (was_worn && !worn)
		try_writing();
	for (slot = 1; !worn && slot <= NV_SLOTS; slot++)
		if (owed[slot])
			pay(slot);
}

/* ---- Calls --------------------------------------------------------------- */

const uint8_t *nv_root_key(void)
{
	return opened ? NULL : nv.root_key;
}

int nv_generation(unsigned int slot, uint64_t *generation,
		  enum nv_state *state)
{
	ASSERT(slot >= 1 && slot <= NV_SLOTS);
	if (opened)
		return opened;
	*generation = nv.slot[slot].generation;
	*state = nv.slot[slot].state;
	if (owed[slot] && nv_resumable(*state))
		*state = NV_CONSUMED;
	return 0;
}

bool nv_doubtful(unsigned int slot)
{
	ASSERT(slot >= 1 && slot <= NV_SLOTS);
	if (owed[slot])
		return false;
	if (opened)
		return opened != NV_E_UNPROVISIONED;
	/* What is not firm may read otherwise at the next power-on. */
	return worn && (nv_resumable(nv.slot[slot].state) ||
			(nv.unsealed != NV_LOG_NONE &&
			 nv.unsealed_slot == slot));
}

void nv_forfeit(unsigned int slot)
{
	LOCK_ASSERT_HELD();
	ASSERT(slot >= 1 && slot <= NV_SLOTS);
	ASSERT(opened || worn);
	owed[slot] = true;
}

int nv_begin(unsigned int slot, uint64_t *generation)
{
	uint64_t next;
	int err;

	LOCK_ASSERT_HELD();
	ASSERT(slot >= 1 && slot <= NV_SLOTS);
	if (opened)
		return opened;
	next = nv.slot[slot].generation + 1;
	if (!nv_log_follows(&nv, slot, next, NV_BEGUN))
		return NV_E_GENERATION;
	err = append(slot, next, NV_BEGUN);
	if (!err)
		*generation = next;
	return err;
}

int nv_store(unsigned int slot, uint64_t generation)
{
	LOCK_ASSERT_HELD();
	ASSERT(slot >= 1 && slot <= NV_SLOTS);
	if (opened)
		return opened;
	if (!nv_log_follows(&nv, slot, generation, NV_STORED))
		return NV_E_GENERATION;
	return append(slot, generation, NV_STORED);
}

/* What becomes of the newest generation, which must be @generation. */
static int turn_into(unsigned int slot, uint64_t generation,
		     enum nv_state state)
{
	ASSERT(slot >= 1 && slot <= NV_SLOTS);
	if (opened)
		return opened;
	if (!nv_log_follows(&nv, slot, nv.slot[slot].generation, state))
		return NV_E_STATE;
	if (nv.slot[slot].generation != generation)
		return NV_E_GENERATION;
	return append(slot, generation, state);
}

int nv_retire(unsigned int slot, uint64_t generation)
{
	LOCK_ASSERT_HELD();
	return turn_into(slot, generation, NV_RETIRED);
}

int nv_consume(unsigned int slot, uint64_t generation)
{
	LOCK_ASSERT_HELD();
	return turn_into(slot, generation, NV_CONSUMED);
}

uint64_t nv_floor(unsigned int slot)
{
	ASSERT(slot >= 1 && slot <= NV_SLOTS);
	return opened ? 0 : nv.slot[slot].floor;
}

int nv_raise_floor(unsigned int slot, uint64_t version)
{
	LOCK_ASSERT_HELD();
	ASSERT(slot >= 1 && slot <= NV_SLOTS);
	if (opened || !nv_log_follows(&nv, slot, version, NV_FLOOR))
		return opened;
	return append(slot, version, NV_FLOOR);
}

uint64_t nv_firmware_floor(void)
{
	return opened ? 0 : nv.firmware;
}

int nv_raise_firmware_floor(uint64_t version)
{
	LOCK_ASSERT_HELD();
	if (opened || !nv_log_follows(&nv, 0, version, NV_FIRMWARE))
		return opened;
	return append(0, version, NV_FIRMWARE);
}

bool nv_clock(unsigned int slot, int64_t *seconds)
{
	ASSERT(slot >= 1 && slot <= NV_SLOTS);
	if (opened || !nv.slot[slot].has_clock)
		return false;
	*seconds = (int64_t)nv.slot[slot].clock;
	return true;
}

int nv_set_clock(unsigned int slot, int64_t seconds)
{
	const uint64_t value = seconds;

	LOCK_ASSERT_HELD();
	ASSERT(slot >= 1 && slot <= NV_SLOTS);
	if (opened || (nv.slot[slot].has_clock &&
		       nv.slot[slot].clock == value))
		return opened;
	return append(slot, value, NV_CLOCK);
}

bool nv_has_key(unsigned int slot)
{
	ASSERT(slot >= 1 && slot <= NV_SLOTS);
	return !opened && nv.slot[slot].key_words == NV_KEY_WORDS;
}

bool nv_key(unsigned int slot, uint8_t key[NV_KEY_BYTES])
{
	uint64_t words[NV_KEY_WORDS];
	unsigned int i;

	if (!nv_has_key(slot))
		return false;
	nv_format_slot_key(nv.root_key, slot, nv.slot[slot].key, words);
	for (i = 0; i < NV_KEY_WORDS; i++)
		image_put64(key + 8 * i, words[i]);
	image_crypto_wipe(words, sizeof(words));
	return true;
}

int nv_set_key(unsigned int slot, const uint8_t key[NV_KEY_BYTES])
{
	uint64_t words[NV_KEY_WORDS];
	unsigned int i;
	int err = 0;

	LOCK_ASSERT_HELD();
	ASSERT(slot >= 1 && slot <= NV_SLOTS);
	if (opened)
		return opened;
	if (nv_has_key(slot))
		return NV_E_STATE;
	for (i = 0; i < NV_KEY_WORDS; i++)
		words[i] = image_get64(key + 8 * i);
	nv_format_slot_key(nv.root_key, slot, words, words);
	for (i = 0; !err && i < NV_KEY_WORDS; i++)
		err = append(slot, words[i], NV_KEY + i);
	image_crypto_wipe(words, sizeof(words));
	return err;
}
