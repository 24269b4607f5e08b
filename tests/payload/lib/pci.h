/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pci.h - PCI functions by ECAM
 */
#ifndef PAYLOAD_PCI_H
#define PAYLOAD_PCI_H

#include "arch.h"
#include "platform.h"

#define PCI_VENDOR		0x00
#define PCI_COMMAND		0x04
#define PCI_COMMAND_MEMORY	(1 << 1)
#define PCI_COMMAND_MASTER	(1 << 2)
#define PCI_COMMAND_INTX_OFF	(1 << 10)
#define PCI_STATUS		0x06
#define PCI_STATUS_CAPS		(1 << 4)
#define PCI_BAR(n)		(0x10 + (n) * 4)
#define PCI_CAPS		0x34
#define PCI_CAP_VENDOR		0x09

#define PCI_NONE		0xffffffffU

/* Address of a register of 00:dev.0. */
static inline uint64_t pci_reg(unsigned int dev, unsigned int reg)
{
	return ECAM_BASE + ((uint64_t)dev << 15) + reg;
}

#endif /* PAYLOAD_PCI_H */
