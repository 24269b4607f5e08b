/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * board.h - addresses of QEMU's "virt" machine
 *
 * Source: QEMU 7.2 hw/arm/virt.c, base_memmap, extended_memmap and
 * a15irqmap. How to write this file for another device: docs/porting.md.
 */
#ifndef BOARD_H
#define BOARD_H

/* Assembly and linker script know no suffixes. */
#ifdef __ASSEMBLER__
#define ADDR(n)			n
#else
#define ADDR(n)			n##UL
#endif

#define BOARD_NAME		"qemu-virt"

/* Normal memory */
#define BOARD_RAM_BASE		ADDR(0x40000000)
#define BOARD_MONITOR_BASE	ADDR(0x40000000)	/* kept from all contexts */
#define BOARD_MONITOR_SIZE	ADDR(0x01000000)
#define BOARD_MONITOR_LINK	ADDR(0x40200000)	/* above QEMU's own DTB */
#define BOARD_BM_BASE		ADDR(0x41000000)	/* boot manager's partition */
#define BOARD_BM_SIZE		ADDR(0x08000000)
#define BOARD_ENGINE_BASE	ADDR(0x49000000)	/* image engine's memory */
#define BOARD_ENGINE_SIZE	ADDR(0x07000000)
#define BOARD_SLOTS_BASE	ADDR(0x50000000)	/* slots follow in order */

/*
 * Flash of the firmware: the selector, and two banks (docs/firmware-update.md). A
 * bank is a sector for its header, then a firmware image: monitor, owner's key,
 * image engine, boot manager.
 */
#define BOARD_FLASH_BASE	ADDR(0x00000000)
#define BOARD_FLASH_SIZE	ADDR(0x04000000)
#define BOARD_FLASH_SECTOR	ADDR(0x00040000)	/* of both chips together */
#define BOARD_BANKS		2
#define BOARD_BANK_A		ADDR(0x00040000)
#define BOARD_BANK_B		ADDR(0x02000000)
#define BOARD_BANK_IMAGE	BOARD_FLASH_SECTOR	/* from the bank's start */
#define BOARD_IMAGE_SIZE	ADDR(0x01f80000)	/* that is left for it */
/* In the firmware image */
#define BOARD_FLASH_OWNER	ADDR(0x0007f000)	/* owner_key.h */
#define BOARD_FLASH_ENGINE	ADDR(0x00080000)	/* header, then payload */
#define BOARD_FLASH_BM		ADDR(0x00100000)	/* likewise */

/* The second bank of flash: NV state, the monitor's alone (docs/nv-format.md) */
#define BOARD_NV_BASE		ADDR(0x04000000)
#define BOARD_NV_SIZE		ADDR(0x04000000)
#define BOARD_NV_SECTOR		ADDR(0x00040000)	/* of both chips together */

/* GICv3 */
#define BOARD_GICD_BASE		ADDR(0x08000000)
#define BOARD_GICD_SIZE		ADDR(0x00010000)
#define BOARD_GICR_BASE		ADDR(0x080a0000)	/* 128 KiB each CPU */
#define BOARD_GICR_STRIDE	ADDR(0x00020000)

/* Devices that contexts may use directly */
#define BOARD_UART_BASE		ADDR(0x09000000)	/* PL011 */
#define BOARD_GPIO_BASE		ADDR(0x09030000)	/* PL061, power key */

/* The monitor's, which emulates one for each context at the same address */
#define BOARD_RTC_BASE		ADDR(0x09010000)	/* PL031 */

/* The monitor's alone */
#define BOARD_SMMU_BASE		ADDR(0x09050000)	/* SMMUv3 */

/* PCI Express host bridge, one bus without bridges */
#define BOARD_PCI_MMIO_BASE	ADDR(0x10000000)
#define BOARD_PCI_MMIO_SIZE	ADDR(0x2eff0000)
/*
 * Where the monitor puts memory of a function that it zeroes, when everybody's
 * decoders are off: aligned to its size, which is the most that can be zeroed.
 */
#define BOARD_PCI_SCRATCH_BASE	ADDR(0x10000000)
#define BOARD_PCI_SCRATCH_SIZE	ADDR(0x04000000)
#define BOARD_PCI_PIO_BASE	ADDR(0x3eff0000)
#define BOARD_PCI_PIO_SIZE	ADDR(0x00010000)
#define BOARD_PCI_ECAM_BASE	ADDR(0x4010000000)
#define BOARD_PCI_ECAM_SIZE	ADDR(0x10000000)
#define BOARD_PCI_MMIO64_BASE	ADDR(0x8000000000)
#define BOARD_PCI_MMIO64_SIZE	ADDR(0x8000000000)

/*
 * Tables below the root that all of devices.c and of PCI configuration space take:
 * one of level 2 and six of level 3 for the devices, one of each for the
 * configuration space.
 */
#define BOARD_DEVICE_TABLES	9

#ifndef __ASSEMBLER__
/*
 * Affinity of the CPU with this index (MPIDR_EL1 less its flag bits): up to 16
 * in a cluster with GICv3 (QEMU, hw/arm/virt.c, virt_cpu_mp_affinity()).
 */
static inline unsigned long board_mpidr(unsigned int cpu)
{
	return cpu;
}
#endif

#endif /* BOARD_H */
