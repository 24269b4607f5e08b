// SPDX-License-Identifier: GPL-2.0-only
/*
 * pci.c - who owns which PCI function of the device
 *
 * The device's command line puts each function where this table says; on
 * QEMU that is addr= of every -device.
 */
#include "pci.h"

#define SHARED(dev)	{ PCI_DEVFN(dev, 0), PCI_SHARED, 0, 0 }
#define ZEROED(dev, b)	{ PCI_DEVFN(dev, 0), PCI_SHARED, 0, b }
#define BOOT(dev)	{ PCI_DEVFN(dev, 0), PCI_BOOT, 0, 0 }
#define REMOVABLE(dev)	{ PCI_DEVFN(dev, 0), PCI_REMOVABLE, 0, 0 }
#define PRIVATE(dev, s)	{ PCI_DEVFN(dev, 0), PCI_PRIVATE, s, 0 }
#define ALIAS(dev, s)	{ PCI_DEVFN(dev, 0), PCI_ALIAS, s, 0 }

const struct pci_function board_pci_functions[] = {
	SHARED(0x00),		/* host bridge */
	SHARED(0x01),		/* network */
	SHARED(0x02),		/* keyboard */
	SHARED(0x03),		/* random numbers */
	/*
	 * bochs-display, which has no reset (QEMU 7.2,
	 * hw/display/bochs-display.c): BAR 0 is its screen memory. What BAR 2
	 * keeps is a handful of 16-bit registers that say how it is shown.
	 */
	ZEROED(0x04, 1 << 0),
	BOOT(0x05),		/* boot disk */
	BOOT(0x06),		/* store disk */
	/* osti,removable of the device tree names it for the slots. */
	REMOVABLE(0x07),	/* removable disk */
	PRIVATE(0x08, 1),	/* data disk of slot 1, and so on */
	PRIVATE(0x09, 2),
	PRIVATE(0x0a, 3),
	PRIVATE(0x0b, 4),
	PRIVATE(0x0c, 5),
	PRIVATE(0x0d, 6),
	PRIVATE(0x0e, 7),
	PRIVATE(0x0f, 8),
	ALIAS(0x10, 1),		/* the same disk, read-only, and so on */
	ALIAS(0x11, 2),
	ALIAS(0x12, 3),
	ALIAS(0x13, 4),
	ALIAS(0x14, 5),
	ALIAS(0x15, 6),
	ALIAS(0x16, 7),
	ALIAS(0x17, 8),
	ALIAS(0x18, 0),		/* the store disk, read-only */
};

const unsigned int board_pci_nr_functions =
	sizeof(board_pci_functions) / sizeof(board_pci_functions[0]);
