// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * blk.c - sectors of a virtio disk, one at a time
 *
 * Source: Virtual I/O Device (VIRTIO) Version 1.1, chapter 5.2.6.
 */
#include "blk.h"
#include "pci.h"
#include "report.h"
#include "virtio.h"

#define BLK_IN		0
#define BLK_OUT		1
#define ANSWER_MS	5000

static struct virtq queue;

static struct {
	uint32_t type;
	uint32_t reserved;
	uint64_t sector;
} header;

static uint8_t status;

bool blk_is_there(unsigned int dev)
{
	return mmio_read32(pci_reg(dev, PCI_VENDOR)) != PCI_NONE;
}

unsigned int blk_move(unsigned int dev, bool write, uint64_t sector,
		      uint8_t data[BLK_SECTOR])
{
	struct virtio disk;
	const char *error = virtio_open(&disk, dev);

	if (!check(!error, "disk %x: %s", dev, error ? error : ""))
		return BLK_SILENT;
	virtio_start(&disk, &queue, 0);
	header.type = write ? BLK_OUT : BLK_IN;
	header.sector = sector;
	status = BLK_SILENT;
	queue.desc[0] = (struct virtq_desc){
		.addr = (uint64_t)&header, .len = sizeof(header),
		.flags = VIRTQ_NEXT, .next = 1,
	};
	queue.desc[1] = (struct virtq_desc){
		.addr = (uint64_t)data, .len = BLK_SECTOR,
		.flags = VIRTQ_NEXT | (write ? 0 : VIRTQ_WRITE), .next = 2,
	};
	queue.desc[2] = (struct virtq_desc){
		.addr = (uint64_t)&status, .len = 1, .flags = VIRTQ_WRITE,
	};
	virtq_offer(&queue, 0);
	virtio_kick(&disk);
	virtio_wait(&disk, &queue, 1, ANSWER_MS);
	return *(volatile uint8_t *)&status;
}
