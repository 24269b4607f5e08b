/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pci_bar.h - zero the memory of a PCI function
 */
#ifndef PCI_BAR_H
#define PCI_BAR_H

#include "arch.h"

/*
 * Zero all memory behind a BAR of the function whose configuration space is at
 * @config: @bar below PCI_BARS, memory without side effects, of 32 or 64 bits.
 * The function's decoders are off, as are those of every other function: for a
 * moment it decodes BOARD_PCI_SCRATCH_BASE. The BAR is 0 afterwards.
 *
 * Returns 0, or PCI_E_BAR: it is no such BAR, is larger than
 * BOARD_PCI_SCRATCH_SIZE, or does not keep what is written.
 */
int pci_bar_zero(pa_t config, unsigned int bar);

#endif /* PCI_BAR_H */
