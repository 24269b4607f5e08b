/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pci.h - who may see which PCI function, and how to stop one
 *
 * One bus, number 0. A function is named by its devfn: device << 3 | function.
 */
#ifndef PCI_H
#define PCI_H

#include <stdbool.h>
#include <stdint.h>

#include "arch.h"

#define PCI_FUNCTIONS		256
#define PCI_DEVFN(dev, fn)	((dev) << 3 | (fn))

enum pci_owner {
	PCI_HIDDEN,		/* nobody's */
	PCI_SHARED,		/* of whichever context has the device */
	PCI_BOOT,		/* the boot manager's */
	PCI_PRIVATE,		/* one slot's */
};

struct pci_function {
	uint8_t devfn;
	uint8_t owner;		/* enum pci_owner */
	uint8_t slot;		/* with PCI_PRIVATE: from 1 */
};

/*
 * The board's list, in board/<name>/pci.c. A function that is not in it is
 * hidden.
 */
extern const struct pci_function board_pci_functions[];
extern const unsigned int board_pci_nr_functions;

enum pci_error {
	PCI_E_TIMEOUT		= -1,	/* does not end its reset */
	PCI_E_CONFIG		= -2,	/* capabilities make no sense */
};

/*
 * May the context (0 = boot manager, else slot) see the function? Says nothing
 * about whether there is one. devfn < PCI_FUNCTIONS.
 */
bool pci_visible(unsigned int devfn, unsigned int ctx);

/*
 * Stop a function that a context leaves behind in any state: reset it if it is
 * a virtio device, so that it forgets its queues; then switch off its bus
 * mastering, address decoding and message interrupts. Its other registers
 * stay. A function that does not exist, or a host bridge, is left alone.
 *
 * The reset goes through the window in configuration space, which works
 * whatever the context did to the BARs and the command register.
 *
 * Returns 0, or PCI_E_TIMEOUT or PCI_E_CONFIG (logged): it was switched off,
 * but may start to move data again when somebody lets it be bus master; keep
 * its stream detached.
 */
int pci_quiesce(unsigned int devfn);

#endif /* PCI_H */
