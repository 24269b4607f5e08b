/* SPDX-License-Identifier: GPL-2.0-only */
/* What Kconfig cannot say about the OSTI boot manager on QEMU's virt. */
#ifndef __OSTI_QEMU_VIRT_H
#define __OSTI_QEMU_VIRT_H

/* IPA at which every context sees its RAM: OSTI_RAM_IPA of osti/abi.h */
#define CONFIG_SYS_SDRAM_BASE		0x40000000

#endif /* __OSTI_QEMU_VIRT_H */
