// SPDX-License-Identifier: GPL-2.0-only
/*
 * device.c - what a context gets with the device, and what does not answer
 *
 * A PCI function is kept from memory by two locks, its own reset and the SMMU.
 * One is enough: a function of which either fails is cut off, so that nobody
 * can use it any more, and all others live. Only where both fail is isolation
 * gone.
 */
#include "device.h"

#include "cpu.h"
#include "event.h"
#include "gicv3.h"
#include "lock.h"
#include "log.h"
#include "memory.h"
#include "pci.h"
#include "smmuv3.h"

static void cut_off(const struct context *ctx, unsigned int devfn,
		    const char *why)
{
	pci_cut_off(devfn);
	memory_drop_pci(devfn);
	event_add(OSTI_EV_CUT_OFF, ctx->id, OSTI_CUT_PCI, devfn);
	log_error("PCI function %02x.%x %s: it stays cut off", devfn >> 3,
		  devfn & 7, why);
}

static int stop(const struct context *ctx, unsigned int devfn)
{
	const int busy = pci_quiesce(devfn);
	const int attached = smmuv3_detach(devfn);

	if (busy && attached)
		panic("PCI function %02x.%x neither stops nor is it detached",
		      devfn >> 3, devfn & 7);
	/*
	 * Attached, but reset and no bus master, it moves nothing; and to make
	 * it one takes its configuration space, which is nobody's from now on.
	 */
	if (!busy && !attached)
		return 0;
	cut_off(ctx, devfn, busy ? "does not stop" : "is not detached");
	return -1;
}

void device_take(const struct context *ctx)
{
	unsigned int devfn, i;

	LOCK_ASSERT_HELD();
	for (i = 0; pci_next(ctx->id, &i, &devfn);)
		stop(ctx, devfn);
	/* Not before all are off: see pci_zero(). */
	for (i = 0; pci_next(ctx->id, &i, &devfn);)
		if (pci_zero(devfn))
			cut_off(ctx, devfn, "keeps its memory");
}

void device_give(const struct context *ctx)
{
	unsigned int devfn, i;

	LOCK_ASSERT_HELD();
	/* One that may be attached all the same has not moved since its reset. */
	for (i = 0; pci_next(ctx->id, &i, &devfn);)
		if (smmuv3_attach(devfn, ctx->id))
			cut_off(ctx, devfn, "is not attached");
}

int device_lend(const struct context *ctx, unsigned int devfn)
{
	LOCK_ASSERT_HELD();
	if (smmuv3_attach(devfn, ctx->id)) {
		cut_off(ctx, devfn, "is not attached");
		return -1;
	}
	memory_show_pci(ctx, devfn);
	return 0;
}

int device_take_back(const struct context *ctx, unsigned int devfn)
{
	LOCK_ASSERT_HELD();
	memory_hide_pci(ctx, devfn);
	pci_mute(devfn);
	return stop(ctx, devfn);
}

void device_strand(const struct context *ctx)
{
	unsigned int devfn, i;

	LOCK_ASSERT_HELD();
	for (i = 0; pci_next(ctx->id, &i, &devfn);) {
		if (pci_quiesce(devfn))
			panic("PCI function %02x.%x does not stop, nor does the SMMU",
			      devfn >> 3, devfn & 7);
		cut_off(ctx, devfn, "has reached too much");
	}
}

void device_lose_cpus(const struct context *ctx, uint32_t lost)
{
	unsigned int cpu;

	LOCK_ASSERT_HELD();
	for (cpu = 0; cpu < cpu_count(); cpu++) {
		if (!(lost & 1U << cpu) || cpu_state(cpu) == CPU_LOST)
			continue;
		/*
		 * Here the device changes hands, and what comes next is meant
		 * to run here: an OS cannot go on elsewhere than it suspended.
		 */
		if (cpu == arch_cpu())
			panic("CPU %u takes no interrupts any more", cpu);
		cpu_cut_off(cpu);
		event_add(OSTI_EV_CUT_OFF, ctx->id, OSTI_CUT_CPU, cpu);
		log_error("CPU %u does not answer: it stays cut off", cpu);
	}
}
