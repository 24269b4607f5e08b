// SPDX-License-Identifier: GPL-2.0-only
/*
 * Devices by their PCI numbers, and no others
 */

#include <common.h>
#include <dm.h>
#include <pci.h>
#include <dm/device-internal.h>
#include <osti/bm/pci.h>

int osti_pci_child(u32 devno, int id, struct udevice **devp)
{
	struct udevice *pci, *child;
	int ret;

	ret = dm_pci_bus_find_bdf(PCI_BDF(0, devno, 0), &pci);
	if (ret)
		return ret;
	ret = device_probe(pci);
	if (ret)
		return ret;
	ret = device_find_first_child(pci, &child);
	if (ret)
		return ret;
	if (!child || device_get_uclass_id(child) != id)
		return -ENODEV;
	ret = device_probe(child);
	if (ret)
		return ret;
	*devp = child;

	return 0;
}
