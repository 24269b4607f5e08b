// SPDX-License-Identifier: GPL-2.0-only
/*
 * gicv3_own.c - interrupts that the monitor takes itself, while a context runs
 *
 * They are in Group 0 and have priority 0, so that they come as FIQ whatever the
 * context has masked in the GIC. The context can reach the same registers: none
 * of them is taken to be as it was left.
 */
#include "gicv3.h"

#include "arch.h"
#include "gicv3_internal.h"
#include "gicv3_regs.h"

#define SGI_BIT		(1U << GICV3_WAKE_SGI)
#define PPI_BIT		(1U << GICV3_SLICE_PPI)

static uint32_t private_read(unsigned int cpu, unsigned int reg)
{
	return arch_read32(pa_add(gicv3_sgi_frame(cpu), reg));
}

static void private_write(unsigned int cpu, unsigned int reg, uint32_t val)
{
	arch_write32(pa_add(gicv3_sgi_frame(cpu), reg), val);
}

static pa_t priority_of(unsigned int cpu, unsigned int intid)
{
	return pa_add(gicv3_sgi_frame(cpu), GIC_IPRIORITYR + intid);
}

/*
 * Other CPUs may do the same to another bit of this register at the same time,
 * so it is written only where it must be.
 */
static void set_group(unsigned int cpu, uint32_t bit, uint32_t group)
{
	const uint32_t old = private_read(cpu, GIC_IGROUPR);

	if ((old & bit) != group)
		private_write(cpu, GIC_IGROUPR, (old & ~bit) | group);
}

/* ---- The SGI that wakes a CPU ------------------------------------------------- */

int gicv3_sgi_wake(unsigned int cpu)
{
	int err = gicv3_redist_wake(cpu);

	/* The OS may have changed any of these. */
	if (gicv3_group0_on())
		err = GICV3_E_TIMEOUT;
	set_group(cpu, SGI_BIT, 0);
	arch_write8(priority_of(cpu, GICV3_WAKE_SGI), 0);
	private_write(cpu, GIC_ICACTIVER, SGI_BIT);
	private_write(cpu, GIC_ISENABLER, SGI_BIT);

	arch_barrier();
	private_write(cpu, GIC_ISPENDR, SGI_BIT);
	return err;
}

int gicv3_sgi_clear(unsigned int cpu)
{
	int err;

	private_write(cpu, GIC_ICENABLER, SGI_BIT);
	err = gicv3_settle_redist(cpu);
	private_write(cpu, GIC_ICPENDR, SGI_BIT);
	private_write(cpu, GIC_ICACTIVER, SGI_BIT);
	return err;
}

/* Is it pending as gicv3_sgi_wake() makes it? In Group 1 it is the OS's own. */
static bool sgi_came(unsigned int cpu)
{
	return private_read(cpu, GIC_ISPENDR) &
	       ~private_read(cpu, GIC_IGROUPR) & SGI_BIT;
}

/* ---- The timer that ends a slice ---------------------------------------------- */

/* It must not be enabled while it changes. */
static int slice_disable(unsigned int cpu)
{
	private_write(cpu, GIC_ICENABLER, PPI_BIT);
	return gicv3_settle_redist(cpu);
}

int gicv3_slice_begin(unsigned int cpu, struct gicv3_slice *was)
{
	/* A sleeping redistributor forgets what is written to it. */
	if (gicv3_redist_wake(cpu))
		return GICV3_E_TIMEOUT;
	was->group = private_read(cpu, GIC_IGROUPR) & PPI_BIT;
	was->enabled = private_read(cpu, GIC_ISENABLER) & PPI_BIT;
	was->active = private_read(cpu, GIC_ISACTIVER) & PPI_BIT;
	was->priority = arch_read8(priority_of(cpu, GICV3_SLICE_PPI));

	if (gicv3_group0_on() || slice_disable(cpu))
		return GICV3_E_TIMEOUT;
	set_group(cpu, PPI_BIT, 0);
	arch_write8(priority_of(cpu, GICV3_SLICE_PPI), 0);
	/* What is active is not signalled again, nor is an old edge wanted. */
	private_write(cpu, GIC_ICACTIVER, PPI_BIT);
	private_write(cpu, GIC_ICPENDR, PPI_BIT);
	private_write(cpu, GIC_ISENABLER, PPI_BIT);
	return 0;
}

int gicv3_slice_end(unsigned int cpu, const struct gicv3_slice *was)
{
	int err = slice_disable(cpu);

	private_write(cpu, GIC_ICPENDR, PPI_BIT);
	set_group(cpu, PPI_BIT, was->group);
	arch_write8(priority_of(cpu, GICV3_SLICE_PPI), was->priority);
	private_write(cpu, GIC_ISACTIVER, was->active);
	private_write(cpu, GIC_ISENABLER, was->enabled);
	if (sgi_came(cpu) && gicv3_sgi_clear(cpu))
		err = GICV3_E_TIMEOUT;
	return err;
}
