/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * power.h - CPUs and the device being switched on and off, and waiting
 *
 * On the device these are calls into the PSCI firmware below the monitor
 * (Arm DEN 0022, section 5); arch/host scripts them.
 */
#ifndef POWER_H
#define POWER_H

#include <stdbool.h>
#include <stdint.h>

/* Is there a CPU with this index? */
bool power_cpu_exists(unsigned int cpu);
/*
 * Power a CPU on; it comes up in main_cpu(). Returns 0, or the PSCI error of
 * the firmware.
 */
int64_t power_cpu_on(unsigned int cpu);
/* Has the firmware taken the CPU's power away? */
bool power_cpu_is_off(unsigned int cpu);
/* Make a CPU that waits in EL2 or EL1 look up. Harmless to any other. */
void power_cpu_nudge(unsigned int cpu);

/* Power the calling CPU off. Returns only when the firmware refuses. */
void power_cpu_off(void);

/* Sleep until the calling CPU has an event or interrupt; may return early. */
void power_standby(void);
/*
 * Sleep until an interrupt is pending that the interrupt controller would
 * signal to the calling CPU. Returns its number; it stays pending.
 */
uint32_t power_wait_interrupt(void);

/*
 * What SMCCC_ARCH_FEATURES(@fid) of the firmware says about the calling CPU:
 * SMCCC_NOT_SUPPORTED also when it is too old to be asked (before SMCCC 1.1).
 */
int64_t power_arch_features(uint32_t fid);
/* Call a workaround of which power_arch_features() gave 0 or more. */
void power_arch_workaround(uint32_t fid, uint32_t arg);

/* Switch the device off or restart it. */
void power_system_off(void) __attribute__((noreturn));
void power_system_reset(void) __attribute__((noreturn));

#endif /* POWER_H */
