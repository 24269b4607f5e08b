/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * board_pci.h - where the device's PCI functions are
 *
 * Device numbers on bus 0, function 0. This is the one place: the monitor, the boot
 * manager and the device tree include it, and scripts/pci-number reads it for
 * what puts the device together. So nothing is in here but numbers.
 */
#ifndef BOARD_PCI_H
#define BOARD_PCI_H

#define BOARD_PCI_BRIDGE	0x00	/* host bridge, always there */
#define BOARD_PCI_NET		0x01	/* network */
#define BOARD_PCI_KEYBOARD	0x02
#define BOARD_PCI_RNG		0x03	/* random numbers */
#define BOARD_PCI_DISPLAY	0x04
#define BOARD_PCI_BOOT		0x05	/* boot disk: what starts in the slots */
#define BOARD_PCI_STORE		0x06	/* store disk: hibernation images */
#define BOARD_PCI_REMOVABLE	0x07	/* removable disk */
#define BOARD_PCI_DISKS		0x08	/* data disk of slot 1, and so on to 8 */
#define BOARD_PCI_ALIASES	0x10	/* the same disks, read-only */
#define BOARD_PCI_STORE_ALIAS	0x18	/* the store disk, read-only */
#define BOARD_PCI_EXCHANGE	0x19	/* exchange disk: new boot images */

/* Data disk of a slot, from 1, and its alias */
#define BOARD_PCI_DISK(slot)	(BOARD_PCI_DISKS + (slot) - 1)
#define BOARD_PCI_ALIAS(slot)	(BOARD_PCI_ALIASES + (slot) - 1)

#endif /* BOARD_PCI_H */
