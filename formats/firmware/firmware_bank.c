// SPDX-License-Identifier: GPL-2.0-only
/*
 * firmware_bank.c - the header of a bank of firmware
 *
 * A program of some KiB uses it before anything is set up: nothing of a C library
 * is called here.
 */
#include "firmware_bank.h"

#include <stddef.h>

#include "image_bytes.h"

#define BLANK	UINT32_MAX

static uint32_t try_word(const uint8_t *head, unsigned int n)
{
	return image_get32(head + FIRMWARE_BANK_TRY + 4 * n);
}

/* A word with some bits left was begun: the try was made, or power went before. */
static unsigned int tries_left(const uint8_t *head)
{
	unsigned int left = 0, i;

	for (i = 0; i < FIRMWARE_TRIES; i++)
		left += try_word(head, i) == BLANK;
	return left;
}

static bool is_bank(const uint8_t *head)
{
	static const char name[] = FIRMWARE_BANK_NAME;
	unsigned int i;

	for (i = 0; i < 8; i++)
		if (head[FIRMWARE_BANK_MAGIC + i] != (uint8_t)name[i])
			return false;
	return true;
}

void firmware_bank_read(const uint8_t head[FIRMWARE_BANK_BYTES], uint64_t room,
			struct firmware_bank *bank)
{
	const uint64_t version = image_get64(head + FIRMWARE_BANK_VERSION);
	const uint64_t bytes = image_get64(head + FIRMWARE_BANK_LENGTH);

	bank->whole = is_bank(head) && version && bytes && bytes <= room &&
		      !image_get32(head + FIRMWARE_BANK_WHOLE);
	bank->good = bank->whole && !image_get32(head + FIRMWARE_BANK_GOOD);
	bank->tries = bank->whole && !bank->good ? tries_left(head) : 0;
	bank->sequence = bank->whole ?
			 image_get64(head + FIRMWARE_BANK_SEQUENCE) : 0;
	bank->version = bank->whole ? version : 0;
	bank->bytes = bank->whole ? bytes : 0;
}

bool firmware_bank_may_start(const struct firmware_bank *bank)
{
	return bank->whole && (bank->good || bank->tries);
}

int firmware_bank_choose(const struct firmware_bank bank[FIRMWARE_BANKS],
			 unsigned int refused)
{
	int best = -1;
	int i;

	for (i = 0; i < FIRMWARE_BANKS; i++)
		if (firmware_bank_may_start(&bank[i]) && !(refused & 1U << i) &&
		    (best < 0 || bank[i].sequence > bank[best].sequence))
			best = i;
	return best;
}

uint32_t firmware_bank_next_try(const uint8_t head[FIRMWARE_BANK_BYTES])
{
	unsigned int i = 0;

	while (i < FIRMWARE_TRIES - 1 && try_word(head, i) != BLANK)
		i++;
	return FIRMWARE_BANK_TRY + 4 * i;
}

void firmware_bank_make(uint8_t head[FIRMWARE_BANK_BYTES], uint64_t sequence,
			uint64_t version, uint64_t bytes)
{
	static const char name[] = FIRMWARE_BANK_NAME;
	unsigned int i;

	for (i = 0; i < FIRMWARE_BANK_BYTES; i++)
		head[i] = i < 8 ? (uint8_t)name[i] : 0xff;
	image_put64(head + FIRMWARE_BANK_SEQUENCE, sequence);
	image_put64(head + FIRMWARE_BANK_VERSION, version);
	image_put64(head + FIRMWARE_BANK_LENGTH, bytes);
}
