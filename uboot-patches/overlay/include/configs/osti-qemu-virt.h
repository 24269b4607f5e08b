/* SPDX-License-Identifier: GPL-2.0-only */
/* What Kconfig cannot say about the OSTI boot manager on QEMU's virt. */
#ifndef __OSTI_QEMU_VIRT_H
#define __OSTI_QEMU_VIRT_H

/* IPA at which every context sees its RAM: OSTI_RAM_IPA of osti/abi.h */
#define CONFIG_SYS_SDRAM_BASE		0x40000000

/* BOARD_GICD_BASE, BOARD_GICR_BASE and its stride of the monitor's board.h */
#define GICD_BASE			0x08000000UL
#define GICR_BASE			0x080a0000UL
#define GICR_STRIDE			0x00020000UL

#endif /* __OSTI_QEMU_VIRT_H */
