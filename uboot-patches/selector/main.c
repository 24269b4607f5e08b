// SPDX-License-Identifier: GPL-2.0-only
/*
 * main.c - the selector: which bank of firmware is started
 *
 * It never changes, so it does as little as can be done, and looks at no signature:
 * the monitor alone can write flash, and says that a bank is whole after it has
 * verified what is in it.
 */
#include <stddef.h>

#include "board.h"
#include "cfi_regs.h"
#include "firmware_bank.h"

/* So often the status is read before a chip counts as broken. */
#define PATIENCE	10000000U

void selector_main(void) __attribute__((noreturn));

static const unsigned long banks[FIRMWARE_BANKS] = { BOARD_BANK_A, BOARD_BANK_B };

static volatile unsigned int *flash(unsigned long offset)
{
	return (volatile unsigned int *)(BOARD_FLASH_BASE + offset);
}

static void say(const char *text)
{
	volatile unsigned int *uart = (volatile unsigned int *)BOARD_UART_BASE;

	while (*text)
		*uart = (unsigned char)*text++;
}

static void read_head(unsigned long at, uint8_t head[FIRMWARE_BANK_BYTES])
{
	unsigned int i;

	for (i = 0; i < FIRMWARE_BANK_BYTES; i++)
		head[i] = *flash(at + (i & ~3U)) >> 8 * (i % 4);
}

/* Clear a word of flash, and see that it is. A chip at work gives no content. */
static bool clear_word(unsigned long at)
{
	const unsigned int ready = CFI_BOTH(CFI_SR_READY);
	unsigned int n = 0;

	/* Twice, and then the status: a reset may have come within a command. */
	*flash(0) = CFI_READ_ARRAY;
	*flash(0) = CFI_READ_ARRAY;
	*flash(0) = CFI_BOTH(CFI_CMD_CLEAR_STATUS);
	*flash(at) = CFI_BOTH(CFI_CMD_PROGRAM);
	*flash(at) = 0;
	while ((*flash(at) & ready) != ready && n < PATIENCE)
		n++;
	*flash(0) = CFI_BOTH(CFI_CMD_CLEAR_STATUS);
	*flash(0) = CFI_READ_ARRAY;
	return *flash(at) == 0;
}

/* A try that cannot be noted is not made: it would be made without end. */
static bool may_go(unsigned int bank, const struct firmware_bank *what,
		   const uint8_t *head)
{
	return what->good ||
	       clear_word(banks[bank] + firmware_bank_next_try(head));
}

void selector_main(void)
{
	uint8_t head[FIRMWARE_BANKS][FIRMWARE_BANK_BYTES];
	struct firmware_bank bank[FIRMWARE_BANKS];
	unsigned int refused = 0, i;
	int best;

	for (i = 0; i < FIRMWARE_BANKS; i++) {
		read_head(banks[i], head[i]);
		firmware_bank_read(head[i], BOARD_IMAGE_SIZE, &bank[i]);
	}
	for (;;) {
		best = firmware_bank_choose(bank, refused);
		if (best < 0)
			break;
		if (may_go(best, &bank[best], head[best]))
			((void (*)(void))(BOARD_FLASH_BASE + banks[best] +
					  BOARD_BANK_IMAGE))();
		say("osti: a try of the newer firmware cannot be noted in flash\r\n");
		refused |= 1U << best;
	}
	say("osti: no sound firmware in flash: write a firmware image to it anew\r\n");
	for (;;)
		asm volatile("wfe");
}
