/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * selector.lds.S - the selector's place in RAM, where the monitor goes later
 */
#include "board.h"

OUTPUT_ARCH(aarch64)
ENTRY(_start)

SECTIONS
{
	. = BOARD_MONITOR_LINK;
	image_start = .;
	.text : {
		KEEP(*(.text.start))
		*(.text .text.*)
		*(.rodata .rodata.*)
		. = ALIGN(16);
	}
	image_end = .;
	ASSERT(image_end - image_start <= BOARD_FLASH_SECTOR,
	       "the selector fills its sector")
	stack_top = BOARD_MONITOR_LINK + 2 * BOARD_FLASH_SECTOR;

	/* Nothing initialises them. */
	.data : { *(.data .data.*) *(.bss .bss.*) *(COMMON) }
	ASSERT(SIZEOF(.data) == 0, "the selector has no variables")

	/DISCARD/ : { *(.comment) *(.note*) *(.eh_frame*) }
}
