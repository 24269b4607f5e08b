// SPDX-License-Identifier: GPL-2.0-only
/*
 * power.c - CPUs and the device on and off, by the PSCI firmware below
 */
#include "power.h"

#include "arch_arm64.h"
#include "board.h"
#include "gicv3.h"
#include "psci.h"
#include "smccc.h"
#include "sysreg.h"

#define INTID_SPECIAL	1020
#define PMR_ALL		0xff

void secondary_entry(void);

/* SMC to the firmware: arguments and result per SMCCC, x0..x3. */
static int64_t firmware(uint64_t fid, uint64_t a, uint64_t b, uint64_t c)
{
	register uint64_t x0 asm("x0") = fid;
	register uint64_t x1 asm("x1") = a;
	register uint64_t x2 asm("x2") = b;
	register uint64_t x3 asm("x3") = c;

	asm volatile("smc #0"
		     : "+r" (x0), "+r" (x1), "+r" (x2), "+r" (x3)
		     :
		     : "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12",
		       "x13", "x14", "x15", "x16", "x17", "memory");
	/* Statuses are 32 bits wide in both forms of PSCI's and SMCCC's calls. */
	return (int32_t)x0;
}

static int64_t affinity_info(unsigned int cpu)
{
	return firmware(PSCI_64(PSCI_AFFINITY_INFO), board_mpidr(cpu), 0, 0);
}

bool power_cpu_exists(unsigned int cpu)
{
	return affinity_info(cpu) >= 0;
}

int64_t power_cpu_on(unsigned int cpu)
{
	return firmware(PSCI_64(PSCI_CPU_ON), board_mpidr(cpu),
			(uint64_t)secondary_entry, cpu);
}

bool power_cpu_is_off(unsigned int cpu)
{
	return affinity_info(cpu) == PSCI_AFF_OFF;
}

void power_cpu_off(void)
{
	firmware(PSCI_CPU_OFF, 0, 0, 0);
}

void power_cpu_nudge(unsigned int cpu)
{
	/* Out of WFI by an interrupt, out of WFE by an event. */
	gicv3_sgi_wake(cpu);
	asm volatile("dsb sy; sev" : : : "memory");
}

void power_standby(void)
{
	struct icc_mask mask;

	/*
	 * Whatever the context has masked, the monitor's own SGI must be able
	 * to end this sleep, so that no CPU can be kept from going off.
	 */
	icc_open(&mask);
	asm volatile("dsb sy; wfi" : : : "memory");
	icc_close(&mask);
}

uint32_t power_wait_interrupt(void)
{
	uint64_t group1 = sysreg_read(ICC_IGRPEN1_EL1);
	uint64_t mask = sysreg_read(ICC_PMR_EL1);
	uint32_t intid;

	/*
	 * Linux puts its redistributor to sleep and its group off before
	 * SYSTEM_SUSPEND: on a real device the power controller would see the
	 * wake request. Here the CPU itself waits for it.
	 */
	gicv3_redist_wake(arch_cpu());
	sysreg_write(ICC_PMR_EL1, PMR_ALL);
	sysreg_write(ICC_IGRPEN1_EL1, 1);
	isb();
	for (;;) {
		intid = HPPIR_INTID(sysreg_read(ICC_HPPIR1_EL1));
		if (intid < INTID_SPECIAL)
			break;
		asm volatile("dsb sy; wfi" : : : "memory");
	}
	sysreg_write(ICC_IGRPEN1_EL1, group1);
	sysreg_write(ICC_PMR_EL1, mask);
	isb();
	return intid;
}

/*
 * Firmware that does not know SMCCC_ARCH_FEATURES may do anything but answer:
 * PSCI tells whether it does. DEN 0028, sections 7.2 and 7.3.
 */
int64_t power_arch_features(uint32_t fid)
{
	if (firmware(PSCI_FEATURES, SMCCC_VERSION, 0, 0) < 0 ||
	    firmware(SMCCC_VERSION, 0, 0, 0) < SMCCC_VERSION_1_1)
		return SMCCC_NOT_SUPPORTED;
	return firmware(SMCCC_ARCH_FEATURES, fid, 0, 0);
}

void power_arch_workaround(uint32_t fid, uint32_t arg)
{
	firmware(fid, arg, 0, 0);
}

void power_system_off(void)
{
	for (;;)
		firmware(PSCI_SYSTEM_OFF, 0, 0, 0);
}

void power_system_reset(void)
{
	for (;;)
		firmware(PSCI_SYSTEM_RESET, 0, 0, 0);
}
