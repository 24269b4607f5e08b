/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * osti/bm/pci.h - devices by their PCI numbers
 */
#ifndef _OSTI_BM_PCI_H
#define _OSTI_BM_PCI_H

#include <linux/types.h>
#include "board_pci.h"

struct udevice;

/**
 * osti_pci_device() - start the driver of a PCI device
 * @devno:	device number on bus 0, BOARD_PCI_*
 * @id:		UCLASS_* that it should be of
 * @devp:	result
 * Return: 0 or negative errno; prints nothing
 */
int osti_pci_device(u32 devno, int id, struct udevice **devp);

/**
 * osti_pci_child() - start the driver of what a PCI device carries, as virtio does
 * @devno:	device number on bus 0, BOARD_PCI_*
 * @id:		UCLASS_* that it should be of
 * @devp:	result
 * Return: 0 or negative errno; prints nothing
 */
int osti_pci_child(u32 devno, int id, struct udevice **devp);

#endif /* _OSTI_BM_PCI_H */
