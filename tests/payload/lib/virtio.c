// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * virtio.c - a virtio 1.0 PCI device with one split queue
 */
#include "mem.h"
#include "pci.h"
#include "timer.h"
#include "virtio.h"

#define VIRTIO_VENDOR		0x1af4
#define CAP_COMMON		1
#define CAP_NOTIFY		2
#define CAP_DEVICE		4

/* Common configuration, 4.1.4.3 */
#define FEATURE_SELECT		0x00
#define FEATURE			0x04
#define DRIVER_SELECT		0x08
#define DRIVER			0x0c
#define STATUS			0x14
#define QUEUE_SELECT		0x16
#define QUEUE_SIZE		0x18
#define QUEUE_ENABLE		0x1c
#define QUEUE_DESC		0x20
#define QUEUE_AVAIL		0x28
#define QUEUE_USED		0x30

#define STATUS_ACKNOWLEDGE	1
#define STATUS_DRIVER		2
#define STATUS_DRIVER_OK	4
#define STATUS_FEATURES_OK	8

/* Bits 32 and 33: VERSION_1, ACCESS_PLATFORM */
#define FEATURES_HIGH		3

static const char *map(struct virtio *virtio)
{
	unsigned int dev = virtio->dev, cap;

	if (mmio_read16(pci_reg(dev, PCI_VENDOR)) != VIRTIO_VENDOR)
		return "not a virtio device";
	if (!(mmio_read16(pci_reg(dev, PCI_STATUS)) & PCI_STATUS_CAPS))
		return "no capabilities";
	for (cap = mmio_read8(pci_reg(dev, PCI_CAPS)); cap;
	     cap = mmio_read8(pci_reg(dev, cap + 1))) {
		unsigned int type = mmio_read8(pci_reg(dev, cap + 3));
		unsigned int bar = mmio_read8(pci_reg(dev, cap + 4));
		uint64_t base = PCI_BAR_BASE + dev * PCI_BAR_STRIDE;
		uint64_t where;

		if (mmio_read8(pci_reg(dev, cap)) != PCI_CAP_VENDOR)
			continue;
		if (type != CAP_COMMON && type != CAP_NOTIFY &&
		    type != CAP_DEVICE)
			continue;
		where = base + mmio_read32(pci_reg(dev, cap + 8));
		mmio_write32(pci_reg(dev, PCI_BAR(bar)), base);
		if ((mmio_read32(pci_reg(dev, PCI_BAR(bar))) & 6) == 4)
			mmio_write32(pci_reg(dev, PCI_BAR(bar + 1)), 0);
		if (type == CAP_COMMON)
			virtio->common = where;
		else if (type == CAP_NOTIFY)
			virtio->notify = where;
		else
			virtio->device = where;
	}
	if (!virtio->common || !virtio->notify)
		return "no modern interface";
	mmio_write16(pci_reg(dev, PCI_COMMAND), PCI_COMMAND_MEMORY |
		     PCI_COMMAND_MASTER | PCI_COMMAND_INTX_OFF);
	return NULL;
}

uint8_t virtio_status(struct virtio *virtio)
{
	return mmio_read8(virtio->common + STATUS);
}

static void add_status(struct virtio *virtio, uint8_t bits)
{
	mmio_write8(virtio->common + STATUS, virtio_status(virtio) | bits);
}

void virtio_reset(struct virtio *virtio)
{
	mmio_write8(virtio->common + STATUS, 0);
	wait_for(virtio_status(virtio) == 0, 1000);
}

static const char *negotiate(struct virtio *virtio)
{
	virtio_reset(virtio);
	add_status(virtio, STATUS_ACKNOWLEDGE);
	add_status(virtio, STATUS_DRIVER);
	mmio_write32(virtio->common + FEATURE_SELECT, 1);
	if ((mmio_read32(virtio->common + FEATURE) & FEATURES_HIGH) !=
	    FEATURES_HIGH)
		return "device is not behind an IOMMU (iommu_platform=on)";
	mmio_write32(virtio->common + DRIVER_SELECT, 0);
	mmio_write32(virtio->common + DRIVER, 0);
	mmio_write32(virtio->common + DRIVER_SELECT, 1);
	mmio_write32(virtio->common + DRIVER, FEATURES_HIGH);
	add_status(virtio, STATUS_FEATURES_OK);
	if (!(virtio_status(virtio) & STATUS_FEATURES_OK))
		return "device refuses the features";
	return NULL;
}

const char *virtio_open(struct virtio *virtio, unsigned int dev)
{
	const char *error;

	*virtio = (struct virtio){ .dev = dev };
	error = map(virtio);
	return error ? error : negotiate(virtio);
}

static void write_addr(uint64_t reg, uint64_t addr)
{
	mmio_write32(reg, addr);
	mmio_write32(reg + 4, addr >> 32);
}

void virtio_start(struct virtio *virtio, struct virtq *q,
		  const struct virtq_place *place)
{
	struct virtq_place own = {
		.desc = (uint64_t)q->desc,
		.avail = (uint64_t)&q->avail,
		.used = (uint64_t)&q->used,
	};

	/* A device keeps its place in the rings until it is reset. */
	negotiate(virtio);
	if (!place)
		place = &own;
	memset(q, 0, sizeof(*q));
	mmio_write16(virtio->common + QUEUE_SELECT, 0);
	mmio_write16(virtio->common + QUEUE_SIZE, VIRTQ_SIZE);
	write_addr(virtio->common + QUEUE_DESC, place->desc);
	write_addr(virtio->common + QUEUE_AVAIL, place->avail);
	write_addr(virtio->common + QUEUE_USED, place->used);
	mmio_write16(virtio->common + QUEUE_ENABLE, 1);
	add_status(virtio, STATUS_DRIVER_OK);
}

void virtq_offer(struct virtq *q, uint16_t head)
{
	q->avail.ring[q->avail.idx % VIRTQ_SIZE] = head;
	dsb();
	q->avail.idx++;
	dsb();
}

void virtio_kick(struct virtio *virtio)
{
	/* Queue 0 has notification offset 0 in QEMU's devices. */
	mmio_write16(virtio->notify, 0);
}

static bool used(struct virtq *q, uint16_t count)
{
	dsb();
	return *(volatile uint16_t *)&q->used.idx == count;
}

bool virtio_wait(struct virtio *virtio, struct virtq *q, uint16_t count,
		 unsigned int ms)
{
	wait_for(used(q, count) ||
		 virtio_status(virtio) & VIRTIO_NEEDS_RESET, ms);
	return used(q, count);
}
