// SPDX-License-Identifier: GPL-2.0-only
/*
 * firmware.c - the two banks of firmware, and the way of a new one into flash
 *
 * The order of writes is what makes it safe: docs/firmware-update.md.
 */
#include "firmware.h"

#include "board.h"
#include "cfi.h"
#include "firmware_statement.h"
#include "flash.h"
#include "image_bytes.h"
#include "image_crypto.h"
#include "lock.h"
#include "log.h"
#include "nv.h"
#include "owner_key.h"
#include "string.h"

/* So much is read again and hashed in one call. */
#define CHECK_PIECES	8

_Static_assert(FIRMWARE_BANKS == BOARD_BANKS, "as many banks as there are");
_Static_assert(OSTI_FIRMWARE_OWNER == BOARD_FLASH_OWNER &&
	       OSTI_FIRMWARE_OWNER % FIRMWARE_PIECE == 0 &&
	       OWNER_KEY_BYTES <= OSTI_FIRMWARE_PAGE,
	       "the owner's page is one piece");

static const uint32_t banks[FIRMWARE_BANKS] = { BOARD_BANK_A, BOARD_BANK_B };

/* The new image on its way into the bank that does not run. */
static struct {
	enum { NOTHING, ERASING, WRITING, CHECKING } state;
	uint64_t version, bytes;
	uint64_t done;		/* of the bank, erased; of the image, else */
	uint8_t hash[OSTI_FIRMWARE_HASH];
} update;

static unsigned int other_bank(void)
{
	return !flash_bank();
}

/* From the start of the other bank, in flash. */
static uint32_t other(uint64_t offset)
{
	ASSERT(offset < BOARD_BANK_IMAGE + BOARD_IMAGE_SIZE);
	return banks[other_bank()] + offset;
}

static void read_bank(unsigned int n, struct firmware_bank *bank)
{
	uint8_t head[FIRMWARE_BANK_BYTES];

	cfi_read(CFI_FIRMWARE, banks[n], head, sizeof(head));
	firmware_bank_read(head, BOARD_IMAGE_SIZE, bank);
}

unsigned int firmware_running(struct firmware_bank bank[FIRMWARE_BANKS])
{
	unsigned int i;

	LOCK_ASSERT_HELD();
	for (i = 0; i < FIRMWARE_BANKS; i++)
		read_bank(i, &bank[i]);
	return flash_bank();
}

void firmware_init(void)
{
	struct firmware_bank bank;

	memset(&update, 0, sizeof(update));
	read_bank(flash_bank(), &bank);
	log_info("firmware version %llu, of bank %c%s",
		 (unsigned long long)bank.version, 'A' + flash_bank(),
		 bank.good ? "" : ", on trial");
}

static int64_t failed(void)
{
	update.state = NOTHING;
	return OSTI_E_HARDWARE;
}

/* ---- May it be installed? -------------------------------------------------------- */

static uint64_t wrong(const uint8_t *buf, size_t bytes, uint64_t running)
{
	/* The statement that is looked at; its caller cannot reach it. */
	static uint8_t statement[OSTI_FIRMWARE_MAX];
	struct firmware_statement s;

	if (bytes != OSTI_FIRMWARE_BODY + owner_key()->bits / 8)
		return OSTI_FIRMWARE_E_SIGNATURE;
	memcpy(statement, buf, bytes);
	if (!signature_good(owner_key(), statement, OSTI_FIRMWARE_BODY,
			    statement + OSTI_FIRMWARE_BODY))
		return OSTI_FIRMWARE_E_SIGNATURE;
	if (firmware_statement_wrong(statement))
		return OSTI_FIRMWARE_E_FORMAT;
	if (!firmware_statement_names(statement, BOARD_NAME))
		return OSTI_FIRMWARE_E_BOARD;
	firmware_statement_read(statement, &s);
	if (s.version < nv_firmware_floor())
		return OSTI_FIRMWARE_E_VERSION;
	if (s.version <= running)
		return OSTI_FIRMWARE_E_NOT_NEWER;
	if (s.bytes > BOARD_IMAGE_SIZE)
		return OSTI_FIRMWARE_E_ROOM;
	update.version = s.version;
	update.bytes = s.bytes;
	memcpy(update.hash, s.hash, sizeof(update.hash));
	return 0;
}

int64_t firmware_begin(const uint8_t *buf, size_t bytes, uint64_t *why)
{
	static const uint8_t zero[8];
	struct firmware_bank own;

	LOCK_ASSERT_HELD();
	update.state = NOTHING;
	read_bank(flash_bank(), &own);
	if (!own.good)
		return OSTI_E_STATE;
	*why = wrong(buf, bytes, own.version);
	if (*why)
		return OSTI_E_FIRMWARE;
	/*
	 * Its name first: what an erase that is cut off leaves must not be taken for
	 * a bank. Zeros can always be added.
	 */
	if (cfi_init(CFI_FIRMWARE) ||
	    cfi_program(CFI_FIRMWARE, other(FIRMWARE_BANK_MAGIC), zero,
			sizeof(zero)))
		return failed();
	update.state = ERASING;
	update.done = 0;
	return OSTI_OK;
}

/* ---- Into flash -------------------------------------------------------------------- */

int64_t firmware_erase(void)
{
	LOCK_ASSERT_HELD();
	if (update.state != ERASING)
		return OSTI_E_STATE;
	if (cfi_erase(CFI_FIRMWARE, other(update.done)))
		return failed();
	update.done += BOARD_FLASH_SECTOR;
	if (update.done < BOARD_BANK_IMAGE + update.bytes)
		return OSTI_AGAIN;
	update.state = WRITING;
	update.done = 0;
	return OSTI_OK;
}

/* What is blank needs no write. */
static int program(uint32_t at, const uint8_t *data, size_t bytes)
{
	size_t from = 0, to;
	int err = 0;

	while (from < bytes && !err) {
		if (image_get32(data + from) == UINT32_MAX) {
			from += 4;
			continue;
		}
		for (to = from + 4; to < bytes &&
		     image_get32(data + to) != UINT32_MAX; to += 4)
			;
		err = cfi_program(CFI_FIRMWARE, at + from, data + from,
				  to - from);
		from = to;
	}
	return err;
}

static size_t piece_at(uint64_t offset)
{
	const uint64_t left = update.bytes - offset;

	return left < FIRMWARE_PIECE ? left : FIRMWARE_PIECE;
}

int64_t firmware_write(uint64_t offset, const uint8_t *data, size_t bytes)
{
	/* A copy: what is written and what is compared with it must be the same. */
	static uint8_t piece[FIRMWARE_PIECE];

	LOCK_ASSERT_HELD();
	if (update.state != WRITING || update.done == update.bytes)
		return OSTI_E_STATE;
	if (offset != update.done || bytes != piece_at(offset))
		return OSTI_E_INVALID;
	if (offset == OSTI_FIRMWARE_OWNER)
		flash_read(BOARD_FLASH_OWNER, piece, sizeof(piece));
	else
		memcpy(piece, data, bytes);
	if (program(other(BOARD_BANK_IMAGE + offset), piece, bytes))
		return failed();
	update.done += bytes;
	return OSTI_OK;
}

/* ---- Is it what was signed? ---------------------------------------------------------- */

/* As it was signed: without an owner. */
static void hash_piece(void)
{
	static uint8_t piece[FIRMWARE_PIECE];
	const size_t bytes = piece_at(update.done);

	if (update.done == OSTI_FIRMWARE_OWNER)
		memset(piece, 0, bytes);
	else
		cfi_read(CFI_FIRMWARE, other(BOARD_BANK_IMAGE + update.done),
			 piece, bytes);
	signature_hash_add(piece, bytes);
	update.done += bytes;
}

/* All but that it is whole comes first, and is read back. */
static int write_header(void)
{
	static const uint8_t zero[4];
	uint8_t head[FIRMWARE_BANK_BYTES];
	struct firmware_bank own;
	int err;

	read_bank(flash_bank(), &own);
	firmware_bank_make(head, own.sequence + 1, update.version, update.bytes);
	err = program(other(0), head, sizeof(head));
	return err ? err : cfi_program(CFI_FIRMWARE, other(FIRMWARE_BANK_WHOLE),
				       zero, sizeof(zero));
}

int64_t firmware_finish(uint64_t *why)
{
	uint8_t hash[OSTI_FIRMWARE_HASH];
	unsigned int i;

	LOCK_ASSERT_HELD();
	if (update.state == WRITING && update.done == update.bytes) {
		update.state = CHECKING;
		update.done = 0;
		signature_hash_begin();
	}
	if (update.state != CHECKING)
		return OSTI_E_STATE;
	for (i = 0; i < CHECK_PIECES && update.done < update.bytes; i++)
		hash_piece();
	if (update.done < update.bytes)
		return OSTI_AGAIN;
	update.state = NOTHING;
	signature_hash_done(hash);
	if (!image_crypto_equal(hash, update.hash, sizeof(hash))) {
		*why = OSTI_FIRMWARE_E_IMAGE;
		return OSTI_E_FIRMWARE;
	}
	if (write_header())
		return failed();
	log_info("firmware version %llu is in bank %c: the next power-on tries it",
		 (unsigned long long)update.version, 'A' + other_bank());
	return OSTI_OK;
}

/* ---- A good one ----------------------------------------------------------------------- */

/*
 * Whole once more: if power went when that was written, some of its bits may be weak,
 * and read otherwise when there is no other firmware any more.
 */
static bool note_good(void)
{
	static const uint8_t zero[8];

	_Static_assert(FIRMWARE_BANK_GOOD == FIRMWARE_BANK_WHOLE + 4,
		       "one write of both words, in this order");
	if (!cfi_init(CFI_FIRMWARE) &&
	    !cfi_program(CFI_FIRMWARE, banks[flash_bank()] + FIRMWARE_BANK_WHOLE,
			 zero, sizeof(zero)))
		return true;
	log_error("that this firmware is good cannot be noted in flash");
	return false;
}

void firmware_good(void)
{
	struct firmware_bank own;

	LOCK_ASSERT_HELD();
	read_bank(flash_bank(), &own);
	if (!own.whole || (!own.good && !note_good()))
		return;
	/* Nothing is older than the first version. */
	if (own.version > 1)
		(void)nv_raise_firmware_floor(own.version);
}
