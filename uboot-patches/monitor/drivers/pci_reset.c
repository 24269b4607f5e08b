// SPDX-License-Identifier: GPL-2.0-only
/*
 * pci_reset.c - make a PCI function forget what it was told
 */
#include "pci_reset.h"

#include "deadline.h"
#include "log.h"
#include "pci.h"
#include "pci_regs.h"

#define RESET_MS	1000
/* PCI Express 3.0, 6.6.2: 100 ms after a reset; before it, for what is under way */
#define FLR_MS		100
/* PCI Power Management 1.2, 5.4 "State transition recovery time": D3 to D0 */
#define POWER_UP_MS	10

/* ---- Capabilities --------------------------------------------------------------- */

static void disable_messages(pa_t cap, uint16_t enable)
{
	uint16_t control = arch_read16(pa_add(cap, PCI_CAP_MSI_CONTROL));

	if (control & enable)
		arch_write16(pa_add(cap, PCI_CAP_MSI_CONTROL), control & ~enable);
}

/* Does a capability of this size fit at @cap, and does it claim to be it? */
static bool cap_fits(pa_t config, unsigned int cap, unsigned int bytes)
{
	return cap + bytes <= PCI_CONFIG_BYTES &&
	       arch_read8(pa_add(config, cap + PCI_CAP_LEN)) >= bytes;
}

/* The driver uses the first structure of a type that it can use (4.1.4.1). */
static void note_virtio_cap(pa_t config, unsigned int cap,
			    struct pci_caps *found)
{
	uint8_t type;

	if (!cap_fits(config, cap, VIRTIO_CAP_BYTES))
		return;
	type = arch_read8(pa_add(config, cap + VIRTIO_CAP_TYPE));
	if (type == VIRTIO_CAP_TYPE_COMMON && !found->common &&
	    arch_read8(pa_add(config, cap + VIRTIO_CAP_BAR)) < PCI_BARS &&
	    arch_read32(pa_add(config, cap + VIRTIO_CAP_LENGTH)) >
							VIRTIO_COMMON_STATUS)
		found->common = cap;
	if (type == VIRTIO_CAP_TYPE_WINDOW && !found->window &&
	    cap_fits(config, cap, VIRTIO_WINDOW_BYTES))
		found->window = cap;
}

static void note_cap(pa_t config, unsigned int cap, struct pci_caps *found)
{
	switch (arch_read8(pa_add(config, cap + PCI_CAP_ID))) {
	case PCI_CAP_ID_POWER:
		if (cap + PCI_POWER_BYTES <= PCI_CONFIG_BYTES)
			found->power = cap;
		break;
	case PCI_CAP_ID_MSI:
		disable_messages(pa_add(config, cap), PCI_MSI_ENABLE);
		break;
	case PCI_CAP_ID_MSIX:
		disable_messages(pa_add(config, cap), PCI_MSIX_ENABLE);
		break;
	case PCI_CAP_ID_VENDOR:
		note_virtio_cap(config, cap, found);
		break;
	case PCI_CAP_ID_EXPRESS:
		if (cap + PCI_EXPRESS_BYTES <= PCI_CONFIG_BYTES &&
		    arch_read32(pa_add(config, cap + PCI_EXPRESS_CAPS)) &
							PCI_EXPRESS_CAPS_FLR)
			found->express = cap;
		break;
	case PCI_CAP_ID_ADVANCED:
		if (cap_fits(config, cap, PCI_ADVANCED_BYTES) &&
		    arch_read8(pa_add(config, cap + PCI_ADVANCED_CAPS)) &
							PCI_ADVANCED_CAPS_FLR)
			found->advanced = cap;
		break;
	}
}

int pci_caps_read(pa_t config, struct pci_caps *found)
{
	unsigned int cap, n;

	*found = (struct pci_caps) { 0 };
	if (!(arch_read16(pa_add(config, PCI_STATUS)) & PCI_STATUS_CAP_LIST))
		return 0;
	/*
	 * An OS cannot write to the list, but a device may be wrong: each step
	 * is checked, and a list that is longer than its room is a loop.
	 */
	cap = arch_read8(pa_add(config, PCI_CAPABILITY_LIST)) & ~3U;
	for (n = 0; cap; n++) {
		if (n == PCI_CAP_MAX || cap < PCI_CAP_FIRST)
			return PCI_E_CONFIG;
		note_cap(config, cap, found);
		cap = arch_read8(pa_add(config, cap + PCI_CAP_NEXT)) & ~3U;
	}
	return 0;
}

/* ---- Ways to reset -------------------------------------------------------------- */

static void wait_ms(unsigned int ms)
{
	const uint64_t end = deadline_in_ms(ms);

	while (!deadline_passed(end))
		;
}

void pci_power_up(pa_t config, const struct pci_caps *caps)
{
	const pa_t reg = pa_add(config, caps->power + PCI_POWER_CONTROL);
	uint16_t control;

	if (!caps->power)
		return;
	control = arch_read16(reg);
	if (!(control & PCI_POWER_STATE))
		return;
	/* Writing 1 would clear the event that is noted there. */
	arch_write16(reg, control & ~(PCI_POWER_STATE | PCI_POWER_EVENT));
	wait_ms(POWER_UP_MS);
}

/*
 * Virtio 1.2, section 4.1.4.9: the window's data register stands for the bytes
 * in the BAR that its other fields name.
 */
static int virtio_reset(pa_t config, const struct pci_caps *caps)
{
	pa_t common = pa_add(config, caps->common);
	pa_t window = pa_add(config, caps->window);
	uint64_t deadline;
	bool late = false;

	arch_write8(pa_add(window, VIRTIO_CAP_BAR),
		    arch_read8(pa_add(common, VIRTIO_CAP_BAR)));
	arch_write32(pa_add(window, VIRTIO_CAP_OFFSET),
		     arch_read32(pa_add(common, VIRTIO_CAP_OFFSET)) +
		     VIRTIO_COMMON_STATUS);
	arch_write32(pa_add(window, VIRTIO_CAP_LENGTH), 1);

	arch_write8(pa_add(window, VIRTIO_WINDOW_DATA), 0);
	deadline = deadline_in_ms(RESET_MS);
	while (arch_read8(pa_add(window, VIRTIO_WINDOW_DATA)) != 0) {
		if (late)
			return PCI_E_TIMEOUT;
		late = deadline_passed(deadline);
	}
	return 0;
}

/* What the function asked for may come yet; it does not matter if it does not. */
static void wait_for_pending(pa_t status, uint16_t pending)
{
	const uint64_t end = deadline_in_ms(FLR_MS);

	while (arch_read16(status) & pending && !deadline_passed(end))
		;
}

static int flr(pa_t config, const struct pci_caps *caps)
{
	const uint16_t vendor = arch_read16(pa_add(config, PCI_VENDOR_ID));
	pa_t cap = pa_add(config, caps->express);
	uint64_t deadline;
	bool late = false;

	pci_switch_off(config);
	if (caps->express) {
		wait_for_pending(pa_add(cap, PCI_EXPRESS_STATUS),
				 PCI_EXPRESS_STATUS_PENDING);
		arch_write16(pa_add(cap, PCI_EXPRESS_CONTROL),
			     arch_read16(pa_add(cap, PCI_EXPRESS_CONTROL)) |
			     PCI_EXPRESS_CONTROL_FLR);
	} else {
		cap = pa_add(config, caps->advanced);
		/* Control and status in one: the status is read-only. */
		wait_for_pending(pa_add(cap, PCI_ADVANCED_CONTROL),
				 PCI_ADVANCED_STATUS_PENDING);
		arch_write8(pa_add(cap, PCI_ADVANCED_CONTROL),
			    PCI_ADVANCED_CONTROL_FLR);
	}
	wait_ms(FLR_MS);
	deadline = deadline_in_ms(RESET_MS);
	while (arch_read16(pa_add(config, PCI_VENDOR_ID)) != vendor) {
		if (late)
			return PCI_E_TIMEOUT;
		late = deadline_passed(deadline);
	}
	return 0;
}

static bool has_virtio(pa_t config, const struct pci_caps *caps)
{
	return arch_read16(pa_add(config, PCI_VENDOR_ID)) == PCI_VENDOR_VIRTIO &&
	       caps->common && caps->window;
}

bool pci_can_reset(pa_t config, const struct pci_caps *caps)
{
	return has_virtio(config, caps) || caps->express || caps->advanced;
}

int pci_reset(pa_t config, const struct pci_caps *caps)
{
	int err = PCI_E_CONFIG;

	if (has_virtio(config, caps))
		err = virtio_reset(config, caps);
	if (err && (caps->express || caps->advanced))
		err = flr(config, caps);
	return err;
}

void pci_switch_off(pa_t config)
{
	uint16_t command = arch_read16(pa_add(config, PCI_COMMAND));

	arch_write16(pa_add(config, PCI_COMMAND), command & ~(PCI_COMMAND_IO |
		     PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER));
}
