// SPDX-License-Identifier: GPL-2.0-only
/*
 * gicv3.c - save, silence and restore the interrupt controller
 *
 * The order of accesses is part of the contract and has a test: see
 * tests/unit/monitor/test_gicv3.c.
 */
#include "gicv3.h"

#include "arch.h"
#include "board.h"
#include "deadline.h"
#include "gicv3_internal.h"
#include "gicv3_regs.h"
#include "log.h"

#define SETTLE_MS	100
#define MAX_FRAMES	128
#define BANK_LINES	32

static const pa_t dist = { BOARD_GICD_BASE };
/* Banks of the distributor, from INTID 32 on. */
static unsigned int nr_shared;
static unsigned int nr_cpus;
static pa_t redist[OSTI_MAX_CPUS];
/* CPUs whose redistributor did not answer: bit n for CPU n. */
static uint32_t dead;

pa_t gicv3_sgi_frame(unsigned int cpu)
{
	ASSERT(cpu < nr_cpus);
	return pa_add(redist[cpu], GICR_SGI_FRAME);
}

/* Poll until (register & mask) == want. */
static int settle(pa_t reg, uint32_t mask, uint32_t want, const char *what)
{
	uint64_t deadline = deadline_in_ms(SETTLE_MS);
	bool late = false;

	while ((arch_read32(reg) & mask) != want) {
		if (late) {
			log_error("GIC: %s at 0x%lx does not settle in %d ms",
				  what, pa_value(reg), SETTLE_MS);
			return GICV3_E_TIMEOUT;
		}
		late = deadline_passed(deadline);
	}
	return 0;
}

static int settle_dist(void)
{
	return settle(pa_add(dist, GICD_CTLR), GICD_CTLR_RWP, 0,
		      "GICD_CTLR.RWP");
}

static bool is_dead(unsigned int cpu)
{
	return dead & 1U << cpu;
}

int gicv3_settle_redist(unsigned int cpu)
{
	int err = settle(pa_add(redist[cpu], GICR_CTLR), GICR_CTLR_RWP, 0,
			 "GICR_CTLR.RWP");

	if (err)
		dead |= 1U << cpu;
	return err;
}

static int write_ctlr(uint32_t val)
{
	arch_write32(pa_add(dist, GICD_CTLR), val);
	return settle_dist();
}

int gicv3_group0_on(void)
{
	const uint32_t ctlr = arch_read32(pa_add(dist, GICD_CTLR)) & ~GICD_CTLR_RWP;

	return ctlr & GICD_CTLR_GRP0 ? 0 : write_ctlr(ctlr | GICD_CTLR_GRP0);
}

int gicv3_redist_wake(unsigned int cpu)
{
	pa_t reg;
	uint32_t waker;
	int err;

	ASSERT(cpu < nr_cpus);
	reg = pa_add(redist[cpu], GICR_WAKER);
	waker = arch_read32(reg);
	if (waker & GICR_WAKER_SLEEP)
		arch_write32(reg, waker & ~GICR_WAKER_SLEEP);
	err = settle(reg, GICR_WAKER_ASLEEP, 0, "GICR_WAKER.ChildrenAsleep");
	if (err)
		dead |= 1U << cpu;
	return err;
}

uint32_t gicv3_dead_cpus(void)
{
	return dead;
}

static void wake_all(void)
{
	unsigned int cpu;

	for (cpu = 0; cpu < nr_cpus; cpu++)
		if (!is_dead(cpu))
			gicv3_redist_wake(cpu);
}

/*
 * What GICv3.1 and GICv3.3 added has registers of its own, which nothing here
 * saves or clears: an interrupt of one OS would be there for the next.
 */
static int refuse_additions(uint32_t typer)
{
	if (!(typer & (GICD_TYPER_ESPI | GICD_TYPER_NMI)))
		return 0;
	log_error("GIC: has extended SPIs or non-maskable interrupts (GICD_TYPER 0x%x), which cannot be kept",
		  typer);
	return GICV3_E_UNSUPPORTED;
}

static int init_dist(void)
{
	uint32_t ctlr = arch_read32(pa_add(dist, GICD_CTLR));
	uint32_t arch = GICD_PIDR2_ARCH(arch_read32(pa_add(dist, GICD_PIDR2)));
	uint32_t typer = arch_read32(pa_add(dist, GICD_TYPER));
	uint32_t lines = GICD_TYPER_LINES(typer);

	if (arch != 3 && arch != 4) {
		log_error("GIC: architecture %u, need GICv3: check -M gic-version",
			  arch);
		return GICV3_E_UNSUPPORTED;
	}
	if (!(ctlr & GICD_CTLR_DS)) {
		log_error("GIC: two security states (GICD_CTLR 0x%x), need one",
			  ctlr);
		return GICV3_E_UNSUPPORTED;
	}
	if (lines > GICV3_MAX_LINES) {
		log_error("GIC: %u lines, can keep %u: raise GICV3_MAX_LINES",
			  lines, GICV3_MAX_LINES);
		return GICV3_E_UNSUPPORTED;
	}
	/*
	 * QEMU 7.2 has one bank more than it tells. An OS can use it, so it
	 * must be kept too; elsewhere it reads as zero and ignores writes.
	 */
	if (lines < GICV3_MAX_LINES)
		lines += BANK_LINES;
	nr_shared = (lines - GICV3_PRIVATE) / BANK_LINES;
	return refuse_additions(typer);
}

static int init_redists(void)
{
	pa_t frame = pa_make(BOARD_GICR_BASE);
	unsigned int n, cpu;
	uint64_t typer;

	for (cpu = 0; cpu < nr_cpus; cpu++)
		redist[cpu] = pa_make(0);

	for (n = 0; n < MAX_FRAMES; n++) {
		typer = arch_read64(pa_add(frame, GICR_TYPER));
		if (typer & GICR_TYPER_PLPIS) {
			log_error("GIC: has LPIs, by which an OS could reach all memory: use -M virt-6.1,its=off");
			return GICV3_E_UNSUPPORTED;
		}
		if (GICR_TYPER_PPINUM(typer)) {
			log_error("GIC: has extended PPIs (GICR_TYPER 0x%llx), which cannot be kept",
				  (unsigned long long)typer);
			return GICV3_E_UNSUPPORTED;
		}
		if (GICR_TYPER_AFFINITY(typer) < nr_cpus)
			redist[GICR_TYPER_AFFINITY(typer)] = frame;
		if (typer & GICR_TYPER_LAST)
			break;
		frame = pa_add(frame, BOARD_GICR_STRIDE);
	}
	for (cpu = 0; cpu < nr_cpus; cpu++) {
		if (!pa_value(redist[cpu])) {
			log_error("GIC: no redistributor for CPU %u", cpu);
			return GICV3_E_NO_REDIST;
		}
	}
	return 0;
}

int gicv3_init(unsigned int cpus)
{
	int err;

	ASSERT(cpus >= 1 && cpus <= OSTI_MAX_CPUS);
	nr_cpus = cpus;
	dead = 0;
	err = init_dist();
	return err ? err : init_redists();
}

/*
 * A bank of 32 INTIDs: bank 0 in a redistributor's SGI frame, the others in
 * the distributor.
 */
static uint32_t bank_read(pa_t base, unsigned int reg, unsigned int bank)
{
	return arch_read32(pa_add(base, reg + 4 * bank));
}

static void bank_write(pa_t base, unsigned int reg, unsigned int bank,
		       uint32_t val)
{
	arch_write32(pa_add(base, reg + 4 * bank), val);
}

/* One bit for each INTID of a bank that is edge-triggered; SGIs always are. */
static uint32_t edge_mask(const uint32_t config[2], unsigned int bank)
{
	uint32_t mask = bank ? 0 : 0xffff;
	unsigned int i;

	for (i = 0; i < BANK_LINES; i++)
		if (config[i / 16] & GIC_ICFGR_EDGE << 2 * (i % 16))
			mask |= 1U << i;
	return mask;
}

static void bank_save(pa_t base, unsigned int bank, struct gicv3_bank *b)
{
	unsigned int i;

	b->group = bank_read(base, GIC_IGROUPR, bank);
	b->enabled = bank_read(base, GIC_ISENABLER, bank);
	b->active = bank_read(base, GIC_ISACTIVER, bank);
	for (i = 0; i < 2; i++)
		b->config[i] = bank_read(base, GIC_ICFGR, 2 * bank + i);
	for (i = 0; i < 8; i++)
		b->priority[i] = bank_read(base, GIC_IPRIORITYR, 8 * bank + i);
	/*
	 * ISPENDR does not tell a latched level-sensitive interrupt from an
	 * asserted line. Latching the latter would bring an interrupt to the
	 * context that its device has long forgotten.
	 */
	b->pending = bank_read(base, GIC_ISPENDR, bank) &
		     edge_mask(b->config, bank);
}

static void bank_configure(pa_t base, unsigned int bank,
			   const struct gicv3_bank *b)
{
	unsigned int i;

	bank_write(base, GIC_IGROUPR, bank, b->group);
	for (i = 0; i < 2; i++)
		bank_write(base, GIC_ICFGR, 2 * bank + i, b->config[i]);
	for (i = 0; i < 8; i++)
		bank_write(base, GIC_IPRIORITYR, 8 * bank + i, b->priority[i]);
}

static void bank_restore_status(pa_t base, unsigned int bank,
				const struct gicv3_bank *b)
{
	bank_write(base, GIC_ISACTIVER, bank, b->active);
	bank_write(base, GIC_ISPENDR, bank, b->pending);
}

/* Register of a shared interrupt, from 0. */
static pa_t route_of(unsigned int i)
{
	return pa_add(dist, GICD_IROUTER + 8 * (GICV3_PRIVATE + i));
}

/* Write a value to one register of every bank, also where none may listen. */
static void all_banks_write(unsigned int reg, uint32_t val)
{
	unsigned int i;

	for (i = 0; i < nr_shared; i++)
		bank_write(dist, reg, i + 1, val);
	for (i = 0; i < nr_cpus; i++)
		bank_write(gicv3_sgi_frame(i), reg, 0, val);
}

static int settle_all(void)
{
	unsigned int cpu;

	for (cpu = 0; cpu < nr_cpus; cpu++)
		if (!is_dead(cpu))
			gicv3_settle_redist(cpu);
	return settle_dist();
}

void gicv3_save(struct gicv3_state *state)
{
	unsigned int i;

	wake_all();
	state->ctlr = arch_read32(pa_add(dist, GICD_CTLR));
	for (i = 0; i < nr_shared; i++)
		bank_save(dist, i + 1, &state->shared[i]);
	for (i = 0; i < nr_shared * BANK_LINES; i++)
		state->route[i] = arch_read64(route_of(i));
	for (i = 0; i < nr_cpus; i++)
		if (!is_dead(i))
			bank_save(gicv3_sgi_frame(i), 0, &state->private[i]);
}

int gicv3_quiesce(void)
{
	unsigned int cpu;
	int err;

	wake_all();
	err = write_ctlr(GICD_CTLR_ARE | GICD_CTLR_DS);
	all_banks_write(GIC_ICENABLER, 0xffffffff);
	if (settle_all())
		err = GICV3_E_TIMEOUT;
	all_banks_write(GIC_ICPENDR, 0xffffffff);
	all_banks_write(GIC_ICACTIVER, 0xffffffff);

	/*
	 * Without LPIs these two mean nothing, but QEMU keeps what an OS wrote
	 * there, and the next one could read it.
	 */
	for (cpu = 0; cpu < nr_cpus; cpu++) {
		arch_write64(pa_add(redist[cpu], GICR_PROPBASER), 0);
		arch_write64(pa_add(redist[cpu], GICR_PENDBASER), 0);
	}
	return err;
}

int gicv3_restore(const struct gicv3_state *state)
{
	unsigned int i;
	int err;

	/* GICD_IROUTER can only be written with ARE on; the groups come last. */
	err = write_ctlr(GICD_CTLR_ARE | GICD_CTLR_DS);

	for (i = 0; i < nr_shared; i++)
		bank_configure(dist, i + 1, &state->shared[i]);
	for (i = 0; i < nr_shared * BANK_LINES; i++)
		arch_write64(route_of(i), state->route[i]);
	for (i = 0; i < nr_cpus; i++)
		if (!is_dead(i))
			bank_configure(gicv3_sgi_frame(i), 0, &state->private[i]);

	for (i = 0; i < nr_shared; i++)
		bank_restore_status(dist, i + 1, &state->shared[i]);
	for (i = 0; i < nr_cpus; i++)
		if (!is_dead(i))
			bank_restore_status(gicv3_sgi_frame(i), 0,
					    &state->private[i]);

	for (i = 0; i < nr_shared; i++)
		bank_write(dist, GIC_ISENABLER, i + 1,
			   state->shared[i].enabled);
	for (i = 0; i < nr_cpus; i++)
		if (!is_dead(i))
			bank_write(gicv3_sgi_frame(i), GIC_ISENABLER, 0,
				   state->private[i].enabled);

	if (write_ctlr((state->ctlr & (GICD_CTLR_GRP0 | GICD_CTLR_GRP1)) |
		       GICD_CTLR_ARE | GICD_CTLR_DS))
		err = GICV3_E_TIMEOUT;
	return err;
}

void gicv3_reset_state(struct gicv3_state *state)
{
	*state = (struct gicv3_state) {
		.ctlr = GICD_CTLR_ARE | GICD_CTLR_DS,
	};
}
