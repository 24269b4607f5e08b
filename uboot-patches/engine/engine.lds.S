/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * engine.lds.S - layout of the image engine, by engine_abi.h
 *
 * The file is code and constants, which nobody writes to. There are no variables
 * that have a value from the start.
 */
#include "engine_abi.h"

OUTPUT_ARCH(aarch64)
ENTRY(_start)

SECTIONS
{
	. = ENGINE_CODE_IPA;
	.text : {
		KEEP(*(.text.start))
		*(.text .text.*)
	}
	.rodata : {
		*(.rodata .rodata.*)
		. = ALIGN(16);
	}
	ASSERT(. <= ENGINE_CODE_IPA + ENGINE_CODE_BYTES, "code does not fit")
	ASSERT(_start == ENGINE_CODE_IPA, "the entry is not the first instruction")

	.data : {
		*(.data .data.* .got .got.*)
	}
	ASSERT(SIZEOF(.data) == 0, "a variable has a value")

	. = ENGINE_CODE_IPA + ENGINE_BSS;
	.bss (NOLOAD) : {
		*(.bss .bss.*)
		*(COMMON)
	}
	ASSERT(SIZEOF(.bss) <= ENGINE_BSS_BYTES, "variables do not fit")

	/DISCARD/ : { *(.comment) *(.note*) *(.eh_frame*) }
}
