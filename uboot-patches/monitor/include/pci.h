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
	PCI_ALIAS,		/* reads one slot's disk, or the store: disk.c */
	PCI_REMOVABLE,		/* of whichever slot runs; may come and go */
	PCI_EXCHANGE,		/* as shared, but no image depends on it */
};

struct pci_function {
	uint8_t devfn;
	uint8_t owner;		/* enum pci_owner */
	uint8_t slot;		/* PCI_PRIVATE, PCI_ALIAS: from 1; alias 0: store */
	/*
	 * Bit n: BAR n is memory that keeps things, and the monitor zeroes it
	 * when a context leaves. The board vouches that the function keeps
	 * nothing else worth hiding, so it need not be reset.
	 */
	uint8_t zero_bars;
};

/*
 * The board's list, in board/<name>/pci.c. A function that is not in it is
 * hidden.
 */
extern const struct pci_function board_pci_functions[];
extern const unsigned int board_pci_nr_functions;

enum pci_error {
	PCI_E_TIMEOUT		= -1,	/* does not end its reset */
	PCI_E_CONFIG		= -2,	/* no way to reset it */
	PCI_E_BAR		= -3,	/* its memory cannot be zeroed */
};

/*
 * Look at the functions that the board names, once, before the first context
 * is entered, and stop them all: what was before power-on is nobody's business.
 * A function that can be reset neither as virtio nor by a function level reset
 * (FLR), and of which no memory is zeroed, is from now on only its first
 * context's: of a shared one that is the boot manager. One that does not stop is
 * cut off.
 */
void pci_init(void);

/*
 * May the context (0 = boot manager, else slot) see the function? Says nothing
 * about whether there is one. devfn < PCI_FUNCTIONS.
 */
bool pci_visible(unsigned int devfn, unsigned int ctx);
/*
 * All functions that the context may see, one with each call: *@i is 0 before
 * the first. Returns false behind the last; else *@devfn is set.
 */
bool pci_next(unsigned int ctx, unsigned int *i, unsigned int *devfn);
/*
 * Need an OS that was frozen not find the function again? It may come and go then,
 * or be of use to who runs, but not to what is kept.
 */
bool pci_optional(unsigned int devfn);
/* From now on, until power-on, no context may see the function. */
void pci_cut_off(unsigned int devfn);
/*
 * A slot's disk, or with 0 the store: the first function that the board lists for
 * it with that owner, PCI_PRIVATE or PCI_ALIAS. False if there is none that
 * somebody else can be lent, because it is not there, cut off, or not to be reset.
 */
bool pci_disk(unsigned int slot, enum pci_owner owner, unsigned int *devfn);

/*
 * Take bus mastering and address decoding from a function, before pci_quiesce()
 * and where CPUs of the context still run: one that has its addresses could undo
 * the reset before it is switched off. Its configuration space was taken away.
 */
void pci_mute(unsigned int devfn);

/*
 * Stop a function that a context leaves behind in any state: put it to D0 and
 * reset it, so that it forgets its queues; then switch off its bus mastering,
 * address decoding and message interrupts. Its other registers are as the reset
 * leaves them. A function that does not exist, or a host bridge, is left alone;
 * one that is kept, or whose memory is zeroed, need not have a reset.
 *
 * All goes through configuration space, which works whatever the context did to
 * the BARs and the command register. An FLR takes 100 ms.
 *
 * Returns 0, or PCI_E_TIMEOUT or PCI_E_CONFIG (logged): it was switched off,
 * but may start to move data again when somebody lets it be bus master; keep
 * its stream detached and its configuration space away from everybody.
 */
int pci_quiesce(unsigned int devfn);

/*
 * Zero the memory of a function that the board names for that. All functions
 * that the leaving context could see have been stopped.
 * Returns 0, also where there is nothing to do, or PCI_E_BAR (logged).
 */
int pci_zero(unsigned int devfn);

#endif /* PCI_H */
