// SPDX-License-Identifier: GPL-2.0-only
/*
 * Devices by their PCI numbers, and no others
 */

#include <common.h>
#include <dm.h>
#include <pci.h>
#include <dm/device-internal.h>
#include <osti/bm/pci.h>

/* The device must be of a class that the boot manager has a driver for. */
static int probe_class(struct udevice *dev, int id)
{
	if (!dev || device_get_uclass_id(dev) != id)
		return -ENODEV;

	return device_probe(dev);
}

int osti_pci_device(u32 devno, int id, struct udevice **devp)
{
	int ret;

	ret = dm_pci_bus_find_bdf(PCI_BDF(0, devno, 0), devp);
	if (ret)
		return ret;

	return probe_class(*devp, id);
}

int osti_pci_child(u32 devno, int id, struct udevice **devp)
{
	struct udevice *pci;
	int ret;

	ret = dm_pci_bus_find_bdf(PCI_BDF(0, devno, 0), &pci);
	if (ret)
		return ret;
	ret = device_probe(pci);
	if (ret)
		return ret;
	ret = device_find_first_child(pci, devp);
	if (ret)
		return ret;

	return probe_class(*devp, id);
}
