// SPDX-License-Identifier: GPL-2.0-only
/*
 * osti_pci.c - PCI functions that come and go
 *
 * A removable disk is seen by all systems, each while it runs. What one has in its
 * caches of a file system there is wrong as soon as another has written. So it is
 * as with a stick that is pulled before a switch and put in again after it: who
 * still has it mounted is left with errors, and the file system as it was written
 * last. The device tree says where such disks are.
 */
#include <linux/device.h>
#include <linux/of.h>
#include <linux/pci.h>

#include "osti.h"

#define OSTI_REMOVABLE	"osti,removable"

/**
 * osti_pci_scan() - look for a function that was not there before
 * @devfn: which, on bus 0.
 *
 * Context: process.
 * Return: the function, referenced and with its driver, or NULL.
 */
struct pci_dev *osti_pci_scan(unsigned int devfn)
{
	struct pci_dev *pdev = NULL;
	struct pci_bus *bus;

	pci_lock_rescan_remove();
	bus = pci_find_bus(0, 0);
	if (bus) {
		pci_scan_slot(bus, devfn);
		pci_bus_assign_resources(bus);
		pci_bus_add_devices(bus);
		pdev = pci_get_slot(bus, devfn);
	}
	pci_unlock_rescan_remove();
	return pdev;
}

/* Where the removable function number @i is; false: there are no more. */
static bool osti_pci_removable(const struct osti *osti, unsigned int i,
			       u32 *devfn)
{
	return !of_property_read_u32_index(osti->dev->of_node, OSTI_REMOVABLE,
					   i, devfn);
}

/**
 * osti_pci_pull() - give removable functions back, before a freeze
 * @osti: the monitor.
 *
 * What was written to file systems that are still mounted there goes out first.
 *
 * Context: process, with all tasks running.
 */
void osti_pci_pull(struct osti *osti)
{
	struct pci_dev *pdev;
	unsigned int i;
	u32 devfn;

	for (i = 0; osti_pci_removable(osti, i, &devfn); i++) {
		pdev = pci_get_domain_bus_and_slot(0, 0, devfn);
		if (!pdev)
			continue;
		pci_stop_and_remove_bus_device_locked(pdev);
		pci_dev_put(pdev);
	}
}

/**
 * osti_pci_put_in() - look for removable functions, after a freeze
 * @osti: the monitor.
 *
 * There may be none, or another one than before.
 *
 * Context: process, with all tasks running.
 */
void osti_pci_put_in(struct osti *osti)
{
	unsigned int i;
	u32 devfn;

	for (i = 0; osti_pci_removable(osti, i, &devfn); i++)
		pci_dev_put(osti_pci_scan(devfn));
}
