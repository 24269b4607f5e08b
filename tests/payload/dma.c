// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * dma.c - a device must not reach what its slot cannot reach
 *
 * Runs in both slots, each hostile to the other. virtio-rng writes to any
 * address that one gives it, the slot's own disk reads from and writes to any.
 * Each slot fills its memory with words that depend on address and slot, lets
 * the other attack, and looks whether all words are still there.
 *
 * The first half of the data disk is not touched; its end is used as scratch.
 */
#include "lib/arch.h"
#include "lib/cpu.h"
#include "lib/gic.h"
#include "lib/mem.h"
#include "lib/pci.h"
#include "lib/report.h"
#include "lib/smc.h"
#include "lib/switch.h"
#include "lib/timer.h"
#include "lib/virtio.h"

#define SEED_1		0xd3a0000000000011
#define SEED_2		0xd3a0000000000022
#define DEADLINE_MS	10000
/* How long a device that was refused may take to say so. */
#define REFUSAL_MS	200

#define ROUNDS		4

#define SECTOR		512
#define BLK_IN		0	/* disk to memory */
#define BLK_OUT		1
#define BLK_OK		0

static struct virtq queue;
static uint8_t buffer[4096] __attribute__((aligned(4096)));
static struct {
	uint32_t type;
	uint32_t reserved;
	uint64_t sector;
} blk_header;
static volatile uint8_t blk_status;
static struct virtio rng, blk;
static uint64_t events_from;

static uint64_t own_seed(void)
{
	return self.slot == 1 ? SEED_1 : SEED_2;
}

/* Where a slot has nothing: as IPA none of its own, physically others'. */
static const struct {
	const char *name;
	uint64_t addr;
} targets[] = {
	{ "address 0", 0 },
	{ "flash", 0x00100000 },
	{ "NV flash", 0x04000000 },
	{ "distributor", GICD_BASE },
	{ "UART", UART_BASE },
	{ "fw_cfg", FWCFG_BASE + 16 },
	{ "SMMU", SMMU_BASE + 0x80 },
	{ "virtio-mmio", VIRTIO_MMIO_BASE },
	{ "PCI memory", PCI_BAR_BASE },
	{ "below RAM", OSTI_RAM_IPA - 4096 },
	{ "3 GiB", 0xc0000000 },
	{ "boot manager's window", OSTI_WINDOW_IPA },
	{ "ECAM", ECAM_BASE + (BOARD_PCI_BOOT << 15) },
	{ "bit 39", 0x8040000000 },
	{ "bit 40", 0x10040000000 },
	{ "bit 48", 0x1000040000000 },
	{ "bit 63", 0x8000000040000000 },
	{ "the last page", 0xfffffffffffff000 },
};

#define NR_TARGETS	(sizeof(targets) / sizeof(*targets))

/* Pages beyond own RAM in which, physically, the neighbour may lie. */
#define STRIDE		(16UL << 20)
#define NR_STRIDES	80

/* ---- One request each ------------------------------------------------------ */

/* Let the device write @len random bytes to @addr. True if it says it did. */
static bool rng_request(uint64_t addr, uint32_t len, unsigned int ms)
{
	queue.desc[0] = (struct virtq_desc){
		.addr = addr, .len = len, .flags = VIRTQ_WRITE,
	};
	virtq_offer(&queue, 0);
	virtio_kick(&rng);
	return virtio_wait(&rng, &queue, queue.avail.idx, ms);
}

/* One sector between the disk and @addr. True if the device says so. */
static bool blk_request(uint32_t type, uint64_t sector, uint64_t addr,
			unsigned int ms)
{
	blk_header.type = type;
	blk_header.sector = sector;
	blk_status = 0xff;
	queue.desc[0] = (struct virtq_desc){
		.addr = (uint64_t)&blk_header, .len = sizeof(blk_header),
		.flags = VIRTQ_NEXT, .next = 1,
	};
	queue.desc[1] = (struct virtq_desc){
		.addr = addr, .len = SECTOR,
		.flags = VIRTQ_NEXT | (type == BLK_IN ? VIRTQ_WRITE : 0),
		.next = 2,
	};
	queue.desc[2] = (struct virtq_desc){
		.addr = (uint64_t)&blk_status, .len = 1, .flags = VIRTQ_WRITE,
	};
	virtq_offer(&queue, 0);
	virtio_kick(&blk);
	return virtio_wait(&blk, &queue, queue.avail.idx, ms) &&
	       blk_status == BLK_OK;
}

static uint64_t scratch_sector(void)
{
	uint64_t sectors = mmio_read32(blk.device) |
			   (uint64_t)mmio_read32(blk.device + 4) << 32;

	return sectors - 8;
}

static bool all_are(const uint8_t *p, size_t n, uint8_t val)
{
	while (n--)
		if (*p++ != val)
			return false;
	return true;
}

/* ---- Tests ----------------------------------------------------------------- */

static void open_devices(void)
{
	const char *error;

	error = virtio_open(&rng, BOARD_PCI_RNG);
	check(!error, "random numbers: %s", error ? error : "");
	error = virtio_open(&blk, BOARD_PCI_DISK(self.slot));
	check(!error, "own disk: %s", error ? error : "");
}

/* The way that the attacks take does work, and leads to own memory. */
static void test_own_memory(void)
{
	/* An own address that means the monitor if it is not translated */
	uint64_t spot = PHYS_MONITOR_BASE;
	uint64_t *words = (uint64_t *)spot;
	unsigned int i;

	test_begin("own-memory");
	open_devices();
	memset(buffer, 0, sizeof(buffer));
	virtio_start(&rng, &queue, NULL);
	check(rng_request((uint64_t)buffer, 64, DEADLINE_MS) &&
	      !all_are(buffer, 64, 0), "no random numbers");
	if (check(spot + 64 <= (uint64_t)image_start ||
		  spot >= (uint64_t)image_end, "0x%lx is in the image", spot)) {
		check(rng_request(spot, 64, DEADLINE_MS) &&
		      words[0] != mem_word(spot, own_seed()),
		      "no random numbers at 0x%lx", spot);
		for (i = 0; i < 8; i++)
			words[i] = mem_word(spot + i * 8, own_seed());
	}
	virtio_reset(&rng);

	virtio_start(&blk, &queue, NULL);
	for (i = 0; i < SECTOR; i++)
		buffer[i] = i + self.slot;
	check(blk_request(BLK_OUT, scratch_sector(), (uint64_t)buffer,
			  DEADLINE_MS), "write to own disk failed: %u",
	      blk_status);
	memset(buffer, 0, SECTOR);
	check(blk_request(BLK_IN, scratch_sector(), (uint64_t)buffer,
			  DEADLINE_MS), "read of own disk failed: %u",
	      blk_status);
	for (i = 0; i < SECTOR; i++)
		if (!check(buffer[i] == (uint8_t)(i + self.slot),
			   "byte %u of the disk is 0x%x", i, buffer[i]))
			break;
	virtio_reset(&blk);
	test_end();
}

static void attack_write(uint64_t addr)
{
	virtio_start(&rng, &queue, NULL);
	rng_request(addr, 64, REFUSAL_MS);
	virtio_reset(&rng);
	virtio_start(&blk, &queue, NULL);
	blk_request(BLK_IN, scratch_sector(), addr, REFUSAL_MS);
	virtio_reset(&blk);
}

/* Let the disk fetch from @addr; what it got must not be somebody's memory. */
static void attack_read(const char *name, uint64_t addr)
{
	virtio_start(&blk, &queue, NULL);
	memset(buffer, 0x5a, SECTOR);
	if (!check(blk_request(BLK_OUT, scratch_sector(), (uint64_t)buffer,
			       DEADLINE_MS), "cannot write own disk"))
		return;
	blk_request(BLK_OUT, scratch_sector(), addr, REFUSAL_MS);
	virtio_reset(&blk);

	virtio_start(&blk, &queue, NULL);
	memset(buffer, 0xa5, SECTOR);
	if (check(blk_request(BLK_IN, scratch_sector(), (uint64_t)buffer,
			      DEADLINE_MS), "cannot read own disk"))
		check(all_are(buffer, SECTOR, 0x5a) ||
		      all_are(buffer, SECTOR, 0) ||
		      all_are(buffer, SECTOR, 0xff),
		      "%s (0x%lx) leaked to the disk: 0x%lx", name, addr,
		      *(uint64_t *)buffer);
	virtio_reset(&blk);
}

static void test_buffers(void)
{
	unsigned int i;

	test_begin("buffers");
	events_from = osti_event_next(OSTI_RING_OFFENCES);
	for (i = 0; i < NR_TARGETS; i++) {
		attack_write(targets[i].addr);
		attack_read(targets[i].name, targets[i].addr);
	}
	for (i = 0; i < NR_STRIDES; i++) {
		uint64_t addr = self.ram_end + i * STRIDE;

		attack_write(addr);
		if (i % 4 == 0)
			attack_read("beyond RAM", addr);
	}
	/* The last words of RAM are good, what follows is not. */
	attack_write(self.ram_end - 32);
	for (i = 8; i <= 32; i += 8)
		*(uint64_t *)(self.ram_end - i) = mem_word(self.ram_end - i,
							   own_seed());
	test_end();
}

/* The rings themselves in places that are not the slot's. */
static void test_rings(void)
{
	unsigned int i;

	test_begin("rings");
	for (i = 0; i < NR_TARGETS + NR_STRIDES; i++) {
		uint64_t addr = i < NR_TARGETS ? targets[i].addr & ~4095UL :
				self.ram_end + (i - NR_TARGETS) * STRIDE;
		struct virtq_place place = {
			.desc = (uint64_t)queue.desc,
			.avail = (uint64_t)&queue.avail,
			.used = addr,
		};

		virtio_start(&rng, &queue, &place);
		rng_request((uint64_t)buffer, 64, 20);
		virtio_reset(&rng);
		if (i % 8)
			continue;
		place.desc = addr;
		place.avail = addr + 0x400;
		place.used = addr + 0x800;
		virtio_start(&rng, &queue, &place);
		virtio_kick(&rng);
		virtio_reset(&rng);
	}
	test_end();
}

/* The monitor knows of all that. */
static void test_events(void)
{
	struct smc_regs regs;
	int64_t seq;

	test_begin("events");
	seq = osti_event_find(events_from, OSTI_EV_DMA_FAULT, OSTI_ANY);
	if (check(seq >= 0, "no DMA fault was recorded")) {
		osti_call(&regs, OSTI_CALL_EVENT_READ, seq,
			  OSTI_RING_OFFENCES);
		check_eq("stream of the first fault", regs.x[5] >> 32,
			 BOARD_PCI_RNG << 3);
		check_eq("count of the first fault", (uint32_t)regs.x[5], 1);
		check_eq("address of the first fault", regs.x[4] & ~4095UL, 0);
	}
	test_end();
}

static void check_intact(const char *name)
{
	uint64_t where = 0;

	test_begin(name);
	check(mem_intact(own_seed(), &where), "0x%lx holds 0x%lx, not 0x%lx",
	      where, *(uint64_t *)where, mem_word(where, own_seed()));
	test_end();
}

/*
 * The live queue and its buffers lie where the next slot has RAM, too. Each
 * slot has places of its own, so that it can tell what the other's queue did
 * here from what its own did.
 */
#define LIVE_STRIDE	(8UL << 20)

static uint64_t live_page(unsigned int i)
{
	return self.ram_end - (i + 1) * LIVE_STRIDE + self.slot * 65536;
}

static struct virtq *live_queue(void)
{
	return (struct virtq *)live_page(VIRTQ_SIZE);
}

/*
 * Leave with all descriptors offered; half of the time the device has just
 * been told.
 */
static void leave_live(bool kicked)
{
	struct virtq *q = live_queue();
	unsigned int i;

	virtio_start(&rng, q, NULL);
	for (i = 0; i < VIRTQ_SIZE; i++) {
		q->desc[i] = (struct virtq_desc){
			.addr = live_page(i), .len = 4096,
			.flags = VIRTQ_WRITE,
		};
		virtq_offer(q, i);
	}
	if (kicked)
		virtio_kick(&rng);
	switch_to(other_slot(), 0);
}

/* What the device wrote while its slot ran was the slot's own wish. */
static void repair(void)
{
	unsigned int i, j;

	for (i = 0; i <= VIRTQ_SIZE; i++) {
		uint64_t addr = live_page(i);

		for (j = 0; j < 4096; j += 8)
			*(uint64_t *)(addr + j) = mem_word(addr + j, own_seed());
	}
}

/* Take over from a hostile slot: bus mastering on, before any reset. */
static void take_over(void)
{
	uint64_t where = 0;

	test_begin("take-over");
	check(mem_intact(own_seed(), &where), "0x%lx has changed in the switch",
	      where);
	check(!(mmio_read16(pci_reg(BOARD_PCI_RNG, PCI_COMMAND)) & PCI_COMMAND_MASTER),
	      "the device comes with bus mastering on");
	mmio_write16(pci_reg(BOARD_PCI_RNG, PCI_COMMAND), PCI_COMMAND_MEMORY |
		     PCI_COMMAND_MASTER | PCI_COMMAND_INTX_OFF);
	/* To read all memory takes longer than any request under way. */
	check(mem_intact(own_seed(), &where),
	      "0x%lx was written by a queue of the last slot", where);
	/* And the device can be used again. */
	open_devices();
	memset(buffer, 0, 64);
	virtio_start(&rng, &queue, NULL);
	check(rng_request((uint64_t)buffer, 64, DEADLINE_MS) &&
	      !all_are(buffer, 64, 0), "no random numbers after the switch");
	virtio_reset(&rng);
	test_end();
}

static void attack(void)
{
	test_own_memory();
	test_buffers();
	test_rings();
	test_events();
	check_intact("own-memory-after-attack");
}

void payload_main(void)
{
	unsigned int round;

	report_start("dma");
	gic_init();
	mem_fill(own_seed());
	/* Slot 2 attacks first. */
	if (self.slot == 1) {
		switch_to(other_slot(), 0);
		take_over();
	}
	attack();
	for (round = 0; round < ROUNDS; round++) {
		leave_live(round & 1);
		repair();
		take_over();
	}
	check_intact("memory-at-end");
	/* Slot 2 is one turn ahead. */
	if (self.slot == 2)
		switch_to(other_slot(), 0);
	finish_pair();
}
