/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * platform.h - what a slot finds at which IPA, and what it must not find
 *
 * Source: QEMU 7.2 hw/arm/virt.c, base_memmap, extended_memmap, a15irqmap. Where
 * PCI devices are: the board's board_pci.h.
 */
#ifndef PAYLOAD_PLATFORM_H
#define PAYLOAD_PLATFORM_H

#include <qemu-virt/board_pci.h>

#define MAX_CPUS		8

/* Mapped for every slot */
#define GICD_BASE		0x08000000UL
#define GICR_BASE		0x080a0000UL
#define GICR_STRIDE		0x00020000UL
#define UART_BASE		0x09000000UL
#define RTC_BASE		0x09010000UL
#define ECAM_BASE		0x4010000000UL
#define ECAM_SIZE		0x10000000UL
/* End of the 32-bit PCI window, far from where a boot manager allocates. */
#define PCI_BAR_BASE		0x3e000000UL
#define PCI_BAR_STRIDE		0x00010000UL

/* Hidden from every slot */
#define FLASH_BASE		0x00000000UL
#define FLASH_SIZE		0x08000000UL	/* both banks */
#define NV_BASE			0x04000000UL	/* the second */
#define NV_SECTOR		0x00040000UL
#define FWCFG_BASE		0x09020000UL
#define SMMU_BASE		0x09050000UL
#define SMMU_SIZE		0x00020000UL
#define VIRTIO_MMIO_BASE	0x0a000000UL
#define PLATFORM_BUS_BASE	0x0c000000UL

/*
 * Physical memory of the whole device; a slot must not reach it as such. The
 * monitor has 16 MiB; its start is where a slot's own image lies.
 */
#define PHYS_RAM_BASE		0x40000000UL
#define PHYS_MONITOR_BASE	0x40800000UL

/* Interrupts */
#define INTID_CNTV		27
#define INTID_CNTP		30
#define INTID_RTC		34	/* level */
#define INTID_UNUSED_A		160	/* SPIs that no device drives */
#define INTID_UNUSED_B		161
#define INTID_PCI(dev)		(35 + (dev) % 4)

#endif /* PAYLOAD_PLATFORM_H */
