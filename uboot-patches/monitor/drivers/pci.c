// SPDX-License-Identifier: GPL-2.0-only
/*
 * pci.c - who may see which PCI function, and how to stop one
 */
#include "pci.h"

#include "board.h"
#include "deadline.h"
#include "log.h"
#include "pci_regs.h"

#define RESET_MS	1000

static pa_t config_of(unsigned int devfn)
{
	return BOARD_PCI_ECAM_BASE + devfn * PCI_ECAM_FUNCTION_SIZE;
}

bool pci_visible(unsigned int devfn, unsigned int ctx)
{
	unsigned int i;

	for (i = 0; i < board_pci_nr_functions; i++) {
		const struct pci_function *f = &board_pci_functions[i];

		if (f->devfn != devfn)
			continue;
		switch (f->owner) {
		case PCI_SHARED:
			return true;
		case PCI_BOOT:
			return ctx == 0;
		case PCI_PRIVATE:
			return ctx != 0 && ctx == f->slot;
		default:
			return false;
		}
	}
	return false;
}

/* Where a function's virtio structures are; 0 = not found. */
struct virtio_caps {
	unsigned int common;
	unsigned int window;
};

static void disable_messages(pa_t cap, uint16_t enable)
{
	uint16_t control = arch_read16(cap + PCI_CAP_MSI_CONTROL);

	if (control & enable)
		arch_write16(cap + PCI_CAP_MSI_CONTROL, control & ~enable);
}

/* Does a capability of this size fit at @cap, and does it claim to be it? */
static bool virtio_cap_fits(pa_t config, unsigned int cap, unsigned int bytes)
{
	return cap + bytes <= PCI_CONFIG_BYTES &&
	       arch_read8(config + cap + VIRTIO_CAP_LEN) >= bytes;
}

/* The driver uses the first structure of a type that it can use (4.1.4.1). */
static void note_virtio_cap(pa_t config, unsigned int cap,
			    struct virtio_caps *found)
{
	uint8_t type;

	if (!virtio_cap_fits(config, cap, VIRTIO_CAP_BYTES))
		return;
	type = arch_read8(config + cap + VIRTIO_CAP_TYPE);
	if (type == VIRTIO_CAP_TYPE_COMMON && !found->common &&
	    arch_read8(config + cap + VIRTIO_CAP_BAR) < PCI_BARS &&
	    arch_read32(config + cap + VIRTIO_CAP_LENGTH) >
							VIRTIO_COMMON_STATUS)
		found->common = cap;
	if (type == VIRTIO_CAP_TYPE_WINDOW && !found->window &&
	    virtio_cap_fits(config, cap, VIRTIO_WINDOW_BYTES))
		found->window = cap;
}

/*
 * An OS cannot write to the list, but a device may be wrong: each step is
 * checked, and a list that is longer than its room is a loop.
 */
static int walk_caps(pa_t config, struct virtio_caps *found)
{
	unsigned int cap, n;

	if (!(arch_read16(config + PCI_STATUS) & PCI_STATUS_CAP_LIST))
		return 0;
	cap = arch_read8(config + PCI_CAPABILITY_LIST) & ~3U;
	for (n = 0; cap; n++) {
		if (n == PCI_CAP_MAX || cap < PCI_CAP_FIRST)
			return PCI_E_CONFIG;
		switch (arch_read8(config + cap + PCI_CAP_ID)) {
		case PCI_CAP_ID_MSI:
			disable_messages(config + cap, PCI_MSI_ENABLE);
			break;
		case PCI_CAP_ID_MSIX:
			disable_messages(config + cap, PCI_MSIX_ENABLE);
			break;
		case PCI_CAP_ID_VENDOR:
			note_virtio_cap(config, cap, found);
			break;
		}
		cap = arch_read8(config + cap + PCI_CAP_NEXT) & ~3U;
	}
	return 0;
}

/*
 * Virtio 1.2, section 4.1.4.9: the window's data register stands for the bytes
 * in the BAR that its other fields name.
 */
static int virtio_reset(pa_t config, const struct virtio_caps *caps)
{
	pa_t common = config + caps->common;
	pa_t window = config + caps->window;
	uint64_t deadline;
	bool late = false;

	if (!caps->common || !caps->window)
		return PCI_E_CONFIG;
	arch_write8(window + VIRTIO_CAP_BAR,
		    arch_read8(common + VIRTIO_CAP_BAR));
	arch_write32(window + VIRTIO_CAP_OFFSET,
		     arch_read32(common + VIRTIO_CAP_OFFSET) +
		     VIRTIO_COMMON_STATUS);
	arch_write32(window + VIRTIO_CAP_LENGTH, 1);

	arch_write8(window + VIRTIO_WINDOW_DATA, 0);
	deadline = deadline_in_ms(RESET_MS);
	while (arch_read8(window + VIRTIO_WINDOW_DATA) != 0) {
		if (late)
			return PCI_E_TIMEOUT;
		late = deadline_passed(deadline);
	}
	return 0;
}

int pci_quiesce(unsigned int devfn)
{
	pa_t config = config_of(devfn);
	struct virtio_caps caps = { 0, 0 };
	uint16_t vendor, command;
	int err;

	ASSERT(devfn < PCI_FUNCTIONS);
	vendor = arch_read16(config + PCI_VENDOR_ID);
	if (vendor == PCI_VENDOR_NONE ||
	    arch_read16(config + PCI_CLASS_DEVICE) == PCI_CLASS_HOST_BRIDGE)
		return 0;

	err = walk_caps(config, &caps);
	if (!err && vendor == PCI_VENDOR_VIRTIO)
		err = virtio_reset(config, &caps);

	command = arch_read16(config + PCI_COMMAND);
	arch_write16(config + PCI_COMMAND, command & ~(PCI_COMMAND_IO |
		     PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER));
	if (err == PCI_E_TIMEOUT)
		log_error("PCI %02x.%x: reset not done in %d ms", devfn >> 3,
			  devfn & 7, RESET_MS);
	else if (err)
		log_error("PCI %02x.%x: no way to reset it in its capabilities",
			  devfn >> 3, devfn & 7);
	return err;
}
