// SPDX-License-Identifier: GPL-2.0-only
/*
 * pci.c - who owns which PCI function of the device
 *
 * Where each is: board_pci.h.
 */
#include "board_pci.h"
#include "pci.h"

#define SHARED(dev)	{ PCI_DEVFN(dev, 0), PCI_SHARED, 0, 0 }
#define ZEROED(dev, b)	{ PCI_DEVFN(dev, 0), PCI_SHARED, 0, b }
#define BOOT(dev)	{ PCI_DEVFN(dev, 0), PCI_BOOT, 0, 0 }
#define REMOVABLE(dev)	{ PCI_DEVFN(dev, 0), PCI_REMOVABLE, 0, 0 }
#define EXCHANGE(dev)	{ PCI_DEVFN(dev, 0), PCI_EXCHANGE, 0, 0 }
#define PRIVATE(s)	{ PCI_DEVFN(BOARD_PCI_DISK(s), 0), PCI_PRIVATE, s, 0 }
#define ALIAS(s)	{ PCI_DEVFN(BOARD_PCI_ALIAS(s), 0), PCI_ALIAS, s, 0 }
#define STORE_ALIAS(dev) { PCI_DEVFN(dev, 0), PCI_ALIAS, 0, 0 }

const struct pci_function board_pci_functions[] = {
	SHARED(BOARD_PCI_BRIDGE),
	SHARED(BOARD_PCI_NET),
	SHARED(BOARD_PCI_KEYBOARD),
	SHARED(BOARD_PCI_RNG),
	/*
	 * bochs-display, which has no reset (QEMU 7.2,
	 * hw/display/bochs-display.c): BAR 0 is its screen memory. What BAR 2
	 * keeps is a handful of 16-bit registers that say how it is shown.
	 */
	ZEROED(BOARD_PCI_DISPLAY, 1 << 0),
	BOOT(BOARD_PCI_BOOT),
	BOOT(BOARD_PCI_STORE),
	/* osti,removable of the device tree names it for the slots. */
	REMOVABLE(BOARD_PCI_REMOVABLE),
	PRIVATE(1), PRIVATE(2), PRIVATE(3), PRIVATE(4),
	PRIVATE(5), PRIVATE(6), PRIVATE(7), PRIVATE(8),
	ALIAS(1), ALIAS(2), ALIAS(3), ALIAS(4),
	ALIAS(5), ALIAS(6), ALIAS(7), ALIAS(8),
	STORE_ALIAS(BOARD_PCI_STORE_ALIAS),
	/* osti,exchange of the device tree names it for the slots. */
	EXCHANGE(BOARD_PCI_EXCHANGE),
};

const unsigned int board_pci_nr_functions =
	sizeof(board_pci_functions) / sizeof(board_pci_functions[0]);
