/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pci_reset.h - make a PCI function forget what it was told
 *
 * For pci.c and pci_bar.c. @config is where the function's configuration space
 * is; all goes through it, so it works whatever an OS did to the BARs and the
 * command register.
 */
#ifndef PCI_RESET_H
#define PCI_RESET_H

#include <stdbool.h>
#include <stdint.h>

#include "arch.h"

/* Where a function's capabilities are; 0 = none, or of no use. */
struct pci_caps {
	unsigned int power;	/* power management */
	unsigned int common;	/* virtio's common structure */
	unsigned int window;	/* virtio's window */
	unsigned int express;	/* PCI Express, with function level reset */
	unsigned int advanced;	/* Advanced Features, likewise */
};

/*
 * Find them, and switch message interrupts off on the way.
 * Returns 0, or PCI_E_CONFIG for a list that makes no sense; then @found has
 * what came before the fault.
 */
int pci_caps_read(pa_t config, struct pci_caps *found);

/* Put the function to D0, in which it listens; it may sleep in D3. */
void pci_power_up(pa_t config, const struct pci_caps *caps);

/* Is there a way to reset the function: as virtio, or by FLR? */
bool pci_can_reset(pa_t config, const struct pci_caps *caps);
/*
 * Reset it, as virtio or, where that is none or fails, by FLR.
 * Returns 0, PCI_E_CONFIG (no way) or PCI_E_TIMEOUT.
 */
int pci_reset(pa_t config, const struct pci_caps *caps);

/* No bus mastering, no decoding. */
void pci_switch_off(pa_t config);

#endif /* PCI_RESET_H */
