// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * gic.c - GICv3 with one security state (Arm IHI 0069, chapter 12)
 */
#include "arch.h"
#include "gic.h"
#include "platform.h"
#include "rand.h"
#include "smc.h"

#define GICD_CTLR		0x0000
#define GICD_CTLR_ENABLE	0x13	/* groups 0 and 1, ARE */
#define GICD_TYPER		0x0004
#define GIC_IGROUPR		0x0080
#define GIC_ISENABLER		0x0100
#define GIC_ICENABLER		0x0180
#define GIC_ISPENDR		0x0200
#define GIC_ICPENDR		0x0280
#define GIC_ISACTIVER		0x0300
#define GIC_ICACTIVER		0x0380
#define GIC_IPRIORITYR		0x0400
#define GIC_ICFGR		0x0c00
#define GICD_IROUTER		0x6000
#define GICR_WAKER		0x0014
#define GICR_WAKER_SLEEP	(1 << 1)
#define GICR_WAKER_ASLEEP	(1 << 2)
#define GICR_SGI_FRAME		0x10000

#define PRIORITY		0xa0a0a0a0

/* Lines that a device or timer drives: their pending bit is not ours. */
#define PPI_DRIVEN		0xffff0000
#define SPI_DRIVEN		0x000000ff	/* of INTID 32..63 */

static uint64_t frame(unsigned int cpu, unsigned int intid)
{
	return intid < 32 ? GICR_BASE + cpu * GICR_STRIDE + GICR_SGI_FRAME
			  : GICD_BASE;
}

static void set_bit(unsigned int cpu, unsigned int intid, unsigned int reg)
{
	mmio_write32(frame(cpu, intid) + reg + intid / 32 * 4, 1U << intid % 32);
}

static bool get_bit(unsigned int cpu, unsigned int intid, unsigned int reg)
{
	return mmio_read32(frame(cpu, intid) + reg + intid / 32 * 4) >>
	       intid % 32 & 1;
}

static unsigned int nr_lines(void)
{
	unsigned int lines = 32 * ((mmio_read32(GICD_BASE + GICD_TYPER) & 31) + 1);

	return lines > 1020 ? 1020 : lines;
}

/* One bank of 32 interrupts into its plain state. */
static void reset_bank(uint64_t base, unsigned int bank)
{
	unsigned int i;

	mmio_write32(base + GIC_ICENABLER + bank * 4, ~0U);
	mmio_write32(base + GIC_ICACTIVER + bank * 4, ~0U);
	mmio_write32(base + GIC_IGROUPR + bank * 4, ~0U);
	for (i = 0; i < 8; i++)
		mmio_write32(base + GIC_IPRIORITYR + (bank * 8 + i) * 4,
			     PRIORITY);
	if (bank) {
		mmio_write32(base + GIC_ICFGR + bank * 8, 0);
		mmio_write32(base + GIC_ICFGR + bank * 8 + 4, 0);
	}
	mmio_write32(base + GIC_ICPENDR + bank * 4, ~0U);
}

void gic_init(void)
{
	unsigned int cpu, i;

	mmio_write32(GICD_BASE + GICD_CTLR, GICD_CTLR_ENABLE);
	for (i = 1; i < nr_lines() / 32; i++)
		reset_bank(GICD_BASE, i);
	for (i = 32; i < nr_lines(); i++)
		mmio_write64(GICD_BASE + GICD_IROUTER + i * 8, 0);
	for (cpu = 0; cpu < self.nr_cpus; cpu++) {
		uint64_t gicr = GICR_BASE + cpu * GICR_STRIDE;

		mmio_write32(gicr + GICR_WAKER,
			     mmio_read32(gicr + GICR_WAKER) & ~GICR_WAKER_SLEEP);
		while (mmio_read32(gicr + GICR_WAKER) & GICR_WAKER_ASLEEP)
			;
		reset_bank(gicr + GICR_SGI_FRAME, 0);
	}
	gic_cpu_init();
}

void gic_cpu_init(void)
{
	write_sysreg(S3_0_C12_C12_5, 1);	/* ICC_SRE_EL1 */
	isb();
	write_sysreg(S3_0_C12_C8_4, 0);		/* ICC_AP0R0_EL1 */
	write_sysreg(S3_0_C12_C9_0, 0);		/* ICC_AP1R0_EL1 */
	write_sysreg(S3_0_C12_C12_4, 0);	/* ICC_CTLR_EL1 */
	write_sysreg(S3_0_C12_C12_3, 0);	/* ICC_BPR1_EL1 */
	write_sysreg(S3_0_C4_C6_0, 0xff);	/* ICC_PMR_EL1 */
	write_sysreg(S3_0_C12_C12_7, 1);	/* ICC_IGRPEN1_EL1 */
	isb();
}

void gic_enable(unsigned int cpu, unsigned int intid, bool edge)
{
	uint64_t cfg = frame(cpu, intid) + GIC_ICFGR + intid / 16 * 4;
	uint32_t bit = 2U << intid % 16 * 2;

	if (intid >= 16)
		mmio_write32(cfg, edge ? mmio_read32(cfg) | bit
				       : mmio_read32(cfg) & ~bit);
	set_bit(cpu, intid, GIC_ISENABLER);
}

void gic_disable(unsigned int cpu, unsigned int intid)
{
	set_bit(cpu, intid, GIC_ICENABLER);
}

bool gic_enabled(unsigned int cpu, unsigned int intid)
{
	return get_bit(cpu, intid, GIC_ISENABLER);
}

bool gic_pending(unsigned int cpu, unsigned int intid)
{
	return get_bit(cpu, intid, GIC_ISPENDR);
}

bool gic_active(unsigned int cpu, unsigned int intid)
{
	return get_bit(cpu, intid, GIC_ISACTIVER);
}

void gic_pend(unsigned int cpu, unsigned int intid)
{
	set_bit(cpu, intid, GIC_ISPENDR);
}

void gic_unpend(unsigned int cpu, unsigned int intid)
{
	set_bit(cpu, intid, GIC_ICPENDR);
}

void gic_activate(unsigned int cpu, unsigned int intid)
{
	set_bit(cpu, intid, GIC_ISACTIVER);
}

unsigned int gic_take(void)
{
	unsigned int intid = read_sysreg(S3_0_C12_C12_0) & 0xffffff;

	if (intid >= 1020)
		return 1023;
	gic_disable(cpu_index(), intid);
	write_sysreg(S3_0_C12_C12_1, intid);
	isb();
	return intid;
}

/*
 * The interrupts of a bank whose pending state is latched. That of a level
 * is a matter of the device: nobody can save a level that has gone.
 */
static uint32_t latched(uint64_t base, unsigned int bank)
{
	uint32_t mask = 0;
	unsigned int i;

	for (i = 0; i < 32; i++)
		if (mmio_read32(base + GIC_ICFGR + bank * 8 + i / 16 * 4) >>
		    i % 16 * 2 & 2)
			mask |= 1U << i;
	return bank ? mask : mask | 0xffff;
}

static void scramble_bank(uint64_t base, unsigned int bank, uint32_t driven,
			  struct rand *rand)
{
	unsigned int i;

	reset_bank(base, bank);
	for (i = 0; i < 8; i++)
		mmio_write32(base + GIC_IPRIORITYR + (bank * 8 + i) * 4,
			     rand_next(rand));
	if (bank)
		mmio_write32(base + GIC_ICFGR + bank * 8,
			     rand_next(rand) & 0xaaaaaaaa);
	mmio_write32(base + GIC_ICFGR + bank * 8 + 4,
		     rand_next(rand) & 0xaaaaaaaa);
	mmio_write32(base + GIC_IGROUPR + bank * 4, rand_next(rand));
	mmio_write32(base + GIC_ISENABLER + bank * 4, rand_next(rand));
	mmio_write32(base + GIC_ISPENDR + bank * 4, rand_next(rand) &
		     latched(base, bank) & ~driven);
	mmio_write32(base + GIC_ISACTIVER + bank * 4, rand_next(rand));
}

void gic_scramble(unsigned int nr_cpus, uint64_t seed)
{
	struct rand rand = { seed };
	unsigned int i;

	for (i = 1; i < nr_lines() / 32; i++)
		scramble_bank(GICD_BASE, i, i == 1 ? SPI_DRIVEN : 0, &rand);
	for (i = 32; i < nr_lines(); i++)
		mmio_write64(GICD_BASE + GICD_IROUTER + i * 8,
			     rand_below(&rand, nr_cpus));
	for (i = 0; i < nr_cpus; i++)
		scramble_bank(GICR_BASE + i * GICR_STRIDE + GICR_SGI_FRAME, 0,
			      PPI_DRIVEN, &rand);
}

static void keep(struct gic_state *state, uint64_t addr, uint32_t ignore)
{
	if (state->words >= GIC_STATE_WORDS)
		return;
	state->addr[state->words] = addr;
	state->val[state->words++] = mmio_read32(addr) & ~ignore;
}

static void read_bank(struct gic_state *state, uint64_t base, unsigned int bank,
		      uint32_t driven)
{
	unsigned int i;

	keep(state, base + GIC_IGROUPR + bank * 4, 0);
	keep(state, base + GIC_ISENABLER + bank * 4, 0);
	keep(state, base + GIC_ISPENDR + bank * 4, driven);
	keep(state, base + GIC_ISACTIVER + bank * 4, 0);
	for (i = 0; i < 8; i++)
		keep(state, base + GIC_IPRIORITYR + (bank * 8 + i) * 4, 0);
	keep(state, base + GIC_ICFGR + bank * 8, 0);
	keep(state, base + GIC_ICFGR + bank * 8 + 4, 0);
}

void gic_read_state(unsigned int nr_cpus, struct gic_state *state)
{
	unsigned int i;

	state->words = 0;
	keep(state, GICD_BASE + GICD_CTLR, 0);
	for (i = 1; i < nr_lines() / 32; i++)
		read_bank(state, GICD_BASE, i, i == 1 ? SPI_DRIVEN : 0);
	for (i = 32; i < nr_lines(); i++)
		keep(state, GICD_BASE + GICD_IROUTER + i * 8, 0);
	for (i = 0; i < nr_cpus; i++)
		read_bank(state, GICR_BASE + i * GICR_STRIDE + GICR_SGI_FRAME, 0,
			  PPI_DRIVEN);
}
