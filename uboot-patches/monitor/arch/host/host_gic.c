// SPDX-License-Identifier: GPL-2.0-only
/*
 * host_gic.c - a GICv3 for unit tests
 */
#include "host_gic.h"

#include <string.h>

#include "board.h"
#include "gicv3_regs.h"
#include "host.h"
#include "log.h"

struct host_gic host_gic;

/* Bits of two for each INTID, of which the upper one is used, and back. */
static uint32_t spread(uint32_t bits)
{
	uint32_t val = 0;
	int i;

	for (i = 0; i < 16; i++)
		if (bits & 1U << i)
			val |= 2U << 2 * i;
	return val;
}

static uint32_t gather(uint32_t val)
{
	uint32_t bits = 0;
	int i;

	for (i = 0; i < 16; i++)
		if (val & 2U << 2 * i)
			bits |= 1U << i;
	return bits;
}

static uint32_t pending(const struct host_gic_bank *b)
{
	return b->latch | (b->line & ~b->edge);
}

static uint64_t bank_read(struct host_gic_bank *b, uint64_t reg,
			  uint64_t offset, unsigned int size)
{
	uint64_t val = 0;

	if (reg == GIC_IPRIORITYR) {
		memcpy(&val, &b->priority[offset], size);
		return val;
	}
	ASSERT(size == 4);
	switch (reg) {
	case GIC_IGROUPR:
		return b->group;
	case GIC_ISENABLER:
	case GIC_ICENABLER:
		return b->enabled;
	case GIC_ISPENDR:
	case GIC_ICPENDR:
		return pending(b);
	case GIC_ISACTIVER:
	case GIC_ICACTIVER:
		return b->active;
	case GIC_ICFGR:
		return spread(b->edge >> (offset ? 16 : 0));
	}
	panic("GIC model: register 0x%lx is not read", reg);
}

static void bank_write(struct host_gic_bank *b, uint64_t reg, uint64_t offset,
		       unsigned int size, uint64_t val, bool private)
{
	if (reg == GIC_IPRIORITYR) {
		memcpy(&b->priority[offset], &val, size);
		return;
	}
	ASSERT(size == 4);
	switch (reg) {
	case GIC_IGROUPR:
		b->group = val;
		return;
	case GIC_ISENABLER:
		b->enabled |= val;
		return;
	case GIC_ICENABLER:
		b->enabled &= ~val;
		return;
	case GIC_ISPENDR:
		b->latch |= val;
		return;
	case GIC_ICPENDR:
		b->latch &= ~val;
		return;
	case GIC_ISACTIVER:
		b->active |= val;
		return;
	case GIC_ICACTIVER:
		b->active &= ~val;
		return;
	case GIC_ICFGR:
		if (offset)
			b->edge = (b->edge & 0xffff) | gather(val) << 16;
		else if (!private)	/* SGIs are edge-triggered */
			b->edge = (b->edge & 0xffff0000) | gather(val);
		return;
	}
	panic("GIC model: register 0x%lx is not written", reg);
}

/* Which register, bank and offset in the bank's share of it. */
static uint64_t locate(uint64_t offset, unsigned int *bank, uint64_t *rest)
{
	uint64_t reg, share;

	if (offset >= GIC_ICFGR) {
		reg = GIC_ICFGR;
		share = 8;
	} else if (offset >= GIC_IPRIORITYR) {
		reg = GIC_IPRIORITYR;
		share = 32;
	} else {
		reg = offset & ~0x7fUL;
		share = 4;
	}
	*bank = (offset - reg) / share;
	*rest = (offset - reg) % share;
	return reg;
}

static bool bank_exists(unsigned int bank)
{
	return bank >= 1 && bank < host_gic.banks;
}

static bool is_route(uint64_t offset, unsigned int size)
{
	return size == 8 && offset >= GICD_IROUTER &&
	       offset < GICD_IROUTER + 8 * 1020;
}

static uint64_t dist_read(uint64_t offset, unsigned int size)
{
	unsigned int bank;
	uint64_t reg, rest;

	if (is_route(offset, size)) {
		bank = (offset - GICD_IROUTER) / 8 / 32;
		return bank_exists(bank) ?
			host_gic.route[(offset - GICD_IROUTER) / 8] : 0;
	}
	switch (offset) {
	case GICD_CTLR:
		return host_gic.ctlr | (host_gic.rwp_stuck ? GICD_CTLR_RWP : 0);
	case GICD_TYPER:
		return (host_gic.told_lines / 32 - 1) |
		       (host_gic.espi ? GICD_TYPER_ESPI : 0) |
		       (host_gic.nmi ? GICD_TYPER_NMI : 0);
	case GICD_PIDR2:
		return host_gic.arch << 4;
	}
	reg = locate(offset, &bank, &rest);
	return bank_exists(bank) ?
		bank_read(&host_gic.bank[bank], reg, rest, size) : 0;
}

static void dist_write(uint64_t offset, unsigned int size, uint64_t val)
{
	unsigned int bank;
	uint64_t reg, rest;

	if (is_route(offset, size)) {
		bank = (offset - GICD_IROUTER) / 8 / 32;
		if (bank_exists(bank))
			host_gic.route[(offset - GICD_IROUTER) / 8] = val;
		return;
	}
	if (offset == GICD_CTLR) {
		host_gic.ctlr = (host_gic.ctlr & ~3U) | (val & 3);
		return;
	}
	reg = locate(offset, &bank, &rest);
	if (bank_exists(bank))
		bank_write(&host_gic.bank[bank], reg, rest, size, val, false);
}

static uint64_t redist_read(uint64_t offset, unsigned int size)
{
	unsigned int frame = offset / BOARD_GICR_STRIDE, bank;
	uint64_t reg, rest;

	offset %= BOARD_GICR_STRIDE;
	switch (offset) {
	case GICR_CTLR:
		return host_gic.redist_rwp_stuck[frame] ? GICR_CTLR_RWP : 0;
	case GICR_TYPER:
		return (uint64_t)host_gic.affinity[frame] << 32 |
		       (host_gic.lpis ? GICR_TYPER_PLPIS : 0) |
		       (uint64_t)host_gic.ppinum[frame] << 27 |
		       (frame == host_gic.frames - 1 ? GICR_TYPER_LAST : 0);
	case GICR_WAKER:
		return host_gic.frame[frame].waker;
	}
	ASSERT(offset >= GICR_SGI_FRAME);
	if (host_gic.frame[frame].waker)
		return 0;
	reg = locate(offset - GICR_SGI_FRAME, &bank, &rest);
	ASSERT(bank == 0);
	return bank_read(&host_gic.frame[frame].bank, reg, rest, size);
}

static void waker_write(unsigned int frame, uint32_t val)
{
	uint32_t *waker = &host_gic.frame[frame].waker;

	if (val & GICR_WAKER_SLEEP)
		*waker = GICR_WAKER_SLEEP | GICR_WAKER_ASLEEP;
	else
		*waker = host_gic.waker_stuck[frame] ? GICR_WAKER_ASLEEP : 0;
}

static void redist_write(uint64_t offset, unsigned int size, uint64_t val)
{
	unsigned int frame = offset / BOARD_GICR_STRIDE, bank;
	uint64_t reg, rest;

	offset %= BOARD_GICR_STRIDE;
	switch (offset) {
	case GICR_WAKER:
		waker_write(frame, val);
		return;
	case GICR_PROPBASER:
		host_gic.frame[frame].propbaser = val;
		return;
	case GICR_PENDBASER:
		host_gic.frame[frame].pendbaser = val;
		return;
	}
	ASSERT(offset >= GICR_SGI_FRAME);
	if (host_gic.frame[frame].waker)
		return;
	reg = locate(offset - GICR_SGI_FRAME, &bank, &rest);
	ASSERT(bank == 0);
	bank_write(&host_gic.frame[frame].bank, reg, rest, size, val, true);
}

bool host_gic_signals(unsigned int frame, unsigned int group)
{
	const struct host_gic_bank *b = &host_gic.frame[frame].bank;
	uint32_t mask = group ? b->group : ~b->group;

	if (host_gic.frame[frame].waker || !(host_gic.ctlr & 1U << group))
		return false;
	return pending(b) & b->enabled & ~b->active & mask;
}

void host_gic_add(unsigned int cpus)
{
	unsigned int i;

	memset(&host_gic, 0, sizeof(host_gic));
	host_gic.banks = 9;
	host_gic.told_lines = 256;
	host_gic.arch = 3;
	host_gic.frames = cpus;
	host_gic.ctlr = GICD_CTLR_ARE | GICD_CTLR_DS;
	for (i = 0; i < cpus; i++) {
		host_gic.affinity[i] = i;
		host_gic.frame[i].waker = GICR_WAKER_SLEEP | GICR_WAKER_ASLEEP;
		host_gic.frame[i].bank.edge = 0xffff;
	}
	host_device_add(&(struct host_device) {
		BOARD_GICD_BASE, BOARD_GICD_SIZE, dist_read, dist_write });
	host_device_add(&(struct host_device) {
		BOARD_GICR_BASE, BOARD_GICR_STRIDE * cpus, redist_read,
		redist_write });
}
