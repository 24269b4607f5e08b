/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * monitor.lds.S - layout of the monitor in RAM
 *
 * The file holds code, constants and the initial values of data one after the
 * other; head.S spreads them. Data begin a 2 MiB block of their own, which the
 * monitor's page tables map writable and not executable.
 */
#include "arch_arm64.h"
#include "board.h"

OUTPUT_ARCH(aarch64)
ENTRY(_start)

SECTIONS
{
	. = BOARD_MONITOR_LINK;
	image_start = .;
	.text : {
		KEEP(*(.text.head))
		*(.text .text.*)
		. = ALIGN(4096);
	}
	rodata_start = .;
	.rodata : {
		*(.rodata .rodata.*)
		. = ALIGN(4096);
	}
	text_end = .;
	ASSERT(. <= BOARD_MONITOR_LINK + 0x200000, "code fills its block")

	. = BOARD_MONITOR_LINK + 0x200000;
	data_start = .;
	.data : AT(text_end) {
		*(.data .data.*)
		. = ALIGN(16);
	}
	data_end = .;
	bss_start = .;
	.bss (NOLOAD) : {
		*(.bss.stacks)
		*(.bss.fault_stack)
		*(.bss .bss.*)
		. = ALIGN(16);
	}
	bss_end = .;
	/* mmu.c leaves one page out below each, and maps one block by pages. */
	ASSERT(stacks % STACK_GUARD == 0 && fault_stack % STACK_GUARD == 0,
	       "a stack's guard is not a page")
	ASSERT(fault_stack == stacks + 8 * STACK_STRIDE,
	       "something lies between the stacks")
	ASSERT(fault_stack_top <= BOARD_MONITOR_LINK + 0x400000,
	       "stacks do not fit into the block that is mapped by pages")
	ASSERT(. <= BOARD_MONITOR_BASE + BOARD_MONITOR_SIZE, "data do not fit")

	/DISCARD/ : { *(.comment) *(.note*) *(.eh_frame*) }
}
