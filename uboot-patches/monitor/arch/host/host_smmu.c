// SPDX-License-Identifier: GPL-2.0-only
/*
 * host_smmu.c - an SMMUv3 for unit tests
 *
 * Reads descriptors by their own bit numbers, not by the driver's macros, so
 * that a wrong macro shows.
 */
#include "host_smmu.h"

#include <string.h>

#include "board.h"
#include "host.h"
#include "log.h"
#include "smmuv3_regs.h"

#define STREAMS		256
#define TLB_ENTRIES	64

struct host_smmu host_smmu;

/* What was cached of STE and CD. */
static struct config {
	bool cached;
	int event;
	uint64_t ttb;
	uint16_t asid;
	bool record;
} configs[STREAMS];

static struct {
	uint16_t asid;
	uint64_t page, pa;
} tlb[TLB_ENTRIES];
static unsigned int nr_tlb;

static uint64_t bits(uint64_t val, int high, int low)
{
	return val >> low & (~0UL >> (63 - high + low));
}

static uint32_t log2_of(uint64_t base)
{
	return base & 0x1f;
}

static uint32_t queue_mask(uint64_t base)
{
	return (2U << log2_of(base)) - 1;
}

static uint64_t queue_entry(uint64_t base, uint32_t index, unsigned int bytes)
{
	return (base & 0xfffffffffffe0UL) +
	       (index & ((1U << log2_of(base)) - 1)) * bytes;
}

/* ---- Commands ---------------------------------------------------------------------- */

static void forget_asid(uint16_t asid)
{
	unsigned int i, kept = 0;

	for (i = 0; i < nr_tlb; i++)
		if (tlb[i].asid != asid)
			tlb[kept++] = tlb[i];
	nr_tlb = kept;
}

static bool do_command(uint64_t dw0, uint64_t dw1)
{
	unsigned int i;

	switch (dw0 & 0xff) {
	case 0x03: /* CFGI_STE */
		if (bits(dw0, 63, 32) < STREAMS)
			configs[bits(dw0, 63, 32)].cached = false;
		return true;
	case 0x04: /* CFGI_STE_RANGE; all, if the range is 31 */
		if (bits(dw1, 4, 0) != 31)
			return false;
		for (i = 0; i < STREAMS; i++)
			configs[i].cached = false;
		return true;
	case 0x11: /* TLBI_NH_ASID */
		forget_asid(bits(dw0, 63, 48));
		return true;
	case 0x30: /* TLBI_NSNH_ALL */
		nr_tlb = 0;
		return true;
	case 0x46: /* SYNC */
		return true;
	default:
		return false;
	}
}

static void consume(void)
{
	uint32_t mask = queue_mask(host_smmu.cmdq_base);

	if (!(host_smmu.cr0 & 8) || host_smmu.cmdq_stuck)
		return;
	while ((host_smmu.cmdq_cons & mask) != (host_smmu.cmdq_prod & mask)) {
		uint64_t entry = queue_entry(host_smmu.cmdq_base,
					     host_smmu.cmdq_cons, 16);
		uint64_t dw0 = host_device_read64(entry);
		uint64_t dw1 = host_device_read64(entry + 8);

		if ((host_smmu.gerror ^ host_smmu.gerrorn) & 1)
			return;
		if (host_smmu.always_bad ||
		    (host_smmu.bad_opcode &&
		     (dw0 & 0xff) == host_smmu.bad_opcode) ||
		    !do_command(dw0, dw1)) {
			host_smmu.cmdq_cons = (host_smmu.cmdq_cons & mask) |
					      1U << 24;
			host_smmu.gerror ^= 1;
			return;
		}
		if (host_smmu.nr_commands < HOST_SMMU_COMMANDS) {
			host_smmu.command[host_smmu.nr_commands][0] = dw0;
			host_smmu.command[host_smmu.nr_commands++][1] = dw1;
		}
		host_smmu.cmdq_cons = (host_smmu.cmdq_cons + 1) & mask;
	}
}

/* ---- Registers ----------------------------------------------------------------------- */

static uint32_t *reg_of(uint64_t offset)
{
	switch (offset) {
	case 0x00:
		return &host_smmu.idr0;
	case 0x04:
		return &host_smmu.idr1;
	case 0x14:
		return &host_smmu.idr5;
	case 0x20:
		return &host_smmu.cr0;
	case 0x28:
		return &host_smmu.cr1;
	case 0x2c:
		return &host_smmu.cr2;
	case 0x44:
		return &host_smmu.gbpa;
	case 0x50:
	case 0x54:
		return &host_smmu.irq_ctrl;
	case 0x60:
		return &host_smmu.gerror;
	case 0x64:
		return &host_smmu.gerrorn;
	case 0x88:
		return &host_smmu.strtab_cfg;
	case 0x98:
		return &host_smmu.cmdq_prod;
	case 0x9c:
		return &host_smmu.cmdq_cons;
	case 0x100a8:
		return &host_smmu.eventq_prod;
	case 0x100ac:
		return &host_smmu.eventq_cons;
	}
	panic("SMMU model: no register 0x%lx", offset);
}

static uint64_t reg_read(uint64_t offset, unsigned int size)
{
	ASSERT(size == 4);
	if (offset == 0x24)
		return host_smmu.cr0_stuck ? ~host_smmu.cr0 : host_smmu.cr0;
	return *reg_of(offset);
}

/* Registers that may only be written while what they govern is off. */
static void check_off(uint64_t offset)
{
	switch (offset) {
	case 0x28:
	case 0x2c:
	case 0x80:
	case 0x88:
		ASSERT(!(host_smmu.cr0 & 1));
		break;
	case 0x90:
	case 0x9c:
		ASSERT(!(host_smmu.cr0 & 8));
		break;
	case 0xa0:
	case 0x100a8:
		ASSERT(!(host_smmu.cr0 & 4));
		break;
	}
}

static void reg_write(uint64_t offset, unsigned int size, uint64_t val)
{
	check_off(offset);
	if (size == 8) {
		ASSERT(offset == 0x80 || offset == 0x90 || offset == 0xa0);
		if (offset == 0x80)
			host_smmu.strtab_base = val;
		else if (offset == 0x90)
			host_smmu.cmdq_base = val;
		else
			host_smmu.eventq_base = val;
		return;
	}
	ASSERT(size == 4 && offset >= 0x20 && offset != 0x54 && offset != 0x60);
	*reg_of(offset) = val;
	if (offset == 0x44 && !host_smmu.gbpa_stuck)
		host_smmu.gbpa &= ~(1U << 31);
	if (offset == 0x20 || offset == 0x64 || offset == 0x98)
		consume();
}

/* ---- Translation --------------------------------------------------------------------- */

static void load_config(uint32_t stream, struct config *c)
{
	uint64_t ste = (host_smmu.strtab_base & 0xfffffffffffc0UL) +
		       64UL * stream;
	uint64_t dw0 = host_device_read64(ste);
	uint64_t cd, cd0, cd1;

	*c = (struct config) { .cached = true };
	c->event = 0x04; /* C_BAD_STE */
	if (!(dw0 & 1))
		return;
	if (!(bits(dw0, 3, 1) & 4)) {
		c->event = HOST_SMMU_ABORT;
		return;
	}
	/* Stage 1 only, one CD, no stalls */
	if (bits(dw0, 3, 1) != 5 || bits(dw0, 5, 4) || bits(dw0, 63, 59) ||
	    bits(host_device_read64(ste + 8), 27, 27))
		return;

	c->event = 0x0a; /* C_BAD_CD */
	cd = dw0 & 0xfffffffffffc0UL;
	cd0 = host_device_read64(cd);
	cd1 = host_device_read64(cd + 8);
	/* V, AA64 and A; not S, HA, HD, ENDI; EPD1; 4 KiB; 39 bit; 40 bit */
	if (!bits(cd0, 31, 31) || !bits(cd0, 41, 41) || !bits(cd0, 46, 46) ||
	    bits(cd0, 44, 42) || bits(cd0, 15, 14) || !bits(cd0, 30, 30) ||
	    bits(cd0, 7, 6) || bits(cd0, 5, 0) != 25 || bits(cd0, 34, 32) != 2)
		return;
	if ((host_device_read64(cd + 24) & 0xff) != 0xff) /* MAIR */
		return;
	c->event = 0;
	c->ttb = cd1 & 0xfffffffffff0UL;
	c->asid = bits(cd0, 63, 48);
	c->record = bits(cd0, 45, 45);
}

/* Returns an event's type or 0. */
static int walk(const struct config *c, uint64_t iova, uint64_t *pa)
{
	uint64_t table = c->ttb;
	int level, shift;
	uint64_t pte;

	if (iova >> 39)
		return 0x10; /* F_TRANSLATION */
	for (level = 1; ; level++) {
		shift = 39 - 9 * level;
		pte = host_device_read64(table + 8 * (iova >> shift & 511));
		if (!(pte & 1) || (level == 3 && !(pte & 2)))
			return 0x10;
		if (level == 3 || !(pte & 2))
			break;
		table = pte & 0xfffffffff000UL;
	}
	if (!bits(pte, 10, 10))
		return 0x12; /* F_ACCESS */
	if (bits(pte, 7, 6) != 1)
		return 0x13; /* F_PERMISSION */
	*pa = (pte & 0xfffffffff000UL) | (iova & ((1UL << shift) - 1));
	return 0;
}

static int fault(uint32_t stream, int type, uint64_t iova, bool write)
{
	const uint64_t dw[4] = {
		type | (uint64_t)stream << 32,
		write ? 0 : 1UL << 35,
		type >= 0x10 ? iova : 0,
	};

	host_smmu_event(dw);
	return type;
}

int host_smmu_access(uint32_t stream, uint64_t iova, bool write, uint64_t *pa)
{
	struct config *c;
	unsigned int i;
	int event;

	if (!(host_smmu.cr0 & 1)) {
		if (host_smmu.gbpa & 1U << 20)
			return HOST_SMMU_ABORT;
		*pa = iova;
		return 0;
	}
	ASSERT((host_smmu.strtab_cfg & 0x3f) == 8);
	if (stream >= STREAMS)
		return fault(stream, 0x02, 0, write);
	c = &configs[stream];
	if (!c->cached)
		load_config(stream, c);
	if (c->event == HOST_SMMU_ABORT)
		return HOST_SMMU_ABORT;
	if (c->event)
		return fault(stream, c->event, 0, write);

	for (i = 0; i < nr_tlb; i++) {
		if (tlb[i].asid == c->asid && tlb[i].page == iova >> 12) {
			*pa = tlb[i].pa | (iova & 0xfff);
			return 0;
		}
	}
	event = walk(c, iova, pa);
	if (event)
		return c->record ? fault(stream, event, iova, write) : event;
	if (nr_tlb == TLB_ENTRIES)
		nr_tlb = 0;
	tlb[nr_tlb].asid = c->asid;
	tlb[nr_tlb].page = iova >> 12;
	tlb[nr_tlb++].pa = *pa & ~0xfffUL;
	return 0;
}

void host_smmu_event(const uint64_t dw[4])
{
	uint32_t mask = queue_mask(host_smmu.eventq_base);
	uint32_t size = (mask + 1) / 2;
	uint32_t prod = host_smmu.eventq_prod;
	uint64_t entry = queue_entry(host_smmu.eventq_base, prod, 32);
	int i;

	if (!(host_smmu.cr0 & 4))
		return;
	if (((prod ^ host_smmu.eventq_cons) & mask) == size) {
		if (host_smmu.full_is_gerror) {
			if (!((host_smmu.gerror ^ host_smmu.gerrorn) & 4))
				host_smmu.gerror ^= 4;
		} else if (!((prod ^ host_smmu.eventq_cons) & 1U << 31)) {
			host_smmu.eventq_prod ^= 1U << 31;
		}
		return;
	}
	for (i = 0; i < 4; i++)
		host_device_write64(entry + 8 * i, dw[i]);
	host_smmu.eventq_prod = ((prod + 1) & mask) | (prod & 1U << 31);
}

void host_smmu_add(void)
{
	memset(&host_smmu, 0, sizeof(host_smmu));
	memset(configs, 0, sizeof(configs));
	nr_tlb = 0;
	/* As QEMU 7.2, smmuv3_init_regs() */
	host_smmu.idr0 = 1U << 1 | 2U << 2 | 1U << 4 | 1U << 12 | 2U << 21 |
			 1U << 24 | 1U << 26 | 1U << 27;
	host_smmu.idr1 = 16 | 19U << 16 | 19U << 21;
	host_smmu.idr5 = 4 | 7U << 4;
	host_device_add(&(struct host_device) {
		BOARD_SMMU_BASE, 0x20000, reg_read, reg_write });
}
