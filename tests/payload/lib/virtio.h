/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * virtio.h - a virtio 1.0 PCI device with one split queue
 *
 * Source: Virtual I/O Device (VIRTIO) Version 1.1, chapters 2.6, 3.1, 4.1.
 */
#ifndef PAYLOAD_VIRTIO_H
#define PAYLOAD_VIRTIO_H

#include <stdbool.h>
#include <stdint.h>

#define VIRTQ_SIZE		16
#define VIRTQ_NEXT		1
#define VIRTQ_WRITE		2	/* the device writes */

struct virtq_desc {
	uint64_t addr;
	uint32_t len;
	uint16_t flags;
	uint16_t next;
};

struct virtq {
	struct virtq_desc desc[VIRTQ_SIZE];
	struct {
		uint16_t flags;
		uint16_t idx;
		uint16_t ring[VIRTQ_SIZE];
		uint16_t event;
	} avail;
	struct {
		uint16_t flags;
		uint16_t idx;
		struct {
			uint32_t id;
			uint32_t len;
		} ring[VIRTQ_SIZE];
		uint16_t event;
	} used __attribute__((aligned(64)));
} __attribute__((aligned(4096)));

struct virtio {
	unsigned int dev;
	uint64_t common;
	uint64_t notify;
	uint64_t device;
};

/* Where the device looks for a queue's parts. */
struct virtq_place {
	uint64_t desc;
	uint64_t avail;
	uint64_t used;
};

#define VIRTIO_NEEDS_RESET	0x40

/*
 * Find, map and reset device 00:dev.0, and negotiate VERSION_1 and
 * ACCESS_PLATFORM. An error text, or NULL.
 */
const char *virtio_open(struct virtio *virtio, unsigned int dev);
/* Empty the queue, let queue 0 be at @place (NULL: at @q) and go. */
void virtio_start(struct virtio *virtio, struct virtq *q,
		  const struct virtq_place *place);
void virtio_reset(struct virtio *virtio);
uint8_t virtio_status(struct virtio *virtio);

/* Offer the chain that begins at descriptor @head; tell the device. */
void virtq_offer(struct virtq *q, uint16_t head);
void virtio_kick(struct virtio *virtio);
/*
 * Until the device has used @count chains or has given up, @ms at most. True
 * if used.
 */
bool virtio_wait(struct virtio *virtio, struct virtq *q, uint16_t count,
		 unsigned int ms);

#endif /* PAYLOAD_VIRTIO_H */
