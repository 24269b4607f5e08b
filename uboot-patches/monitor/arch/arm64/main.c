// SPDX-License-Identifier: GPL-2.0-only
/*
 * main.c - from reset to the first context, and the way in of every other CPU
 */
#include <stdatomic.h>

#include "arch_arm64.h"
#include "board.h"
#include "context.h"
#include "disk.h"
#include "engine.h"
#include "help.h"
#include "event.h"
#include "firmware.h"
#include "gicv3.h"
#include "lock.h"
#include "log.h"
#include "memory.h"
#include "nv.h"
#include "owner_key.h"
#include "partition.h"
#include "pci.h"
#include "phase.h"
#include "power.h"
#include "rtc.h"
#include "smmuv3.h"
#include "sweep.h"
#include "sysreg.h"
#include "restore.h"
#include "transfer.h"
#include "world.h"

void main_cpu(unsigned int cpu) __attribute__((noreturn));

static atomic_flag lock = ATOMIC_FLAG_INIT;
static bool booted;

void lock_or_stop(void)
{
	while (atomic_flag_test_and_set_explicit(&lock, memory_order_acquire))
		if (cpu_must_stop())
			cpu_power_off();
	if (cpu_must_stop()) {
		lock_release();
		cpu_power_off();
	}
}

void lock_release(void)
{
	atomic_flag_clear_explicit(&lock, memory_order_release);
}

void cpu_power_off(void)
{
	/* PSCI_CPU_OFF of the firmware returns only if it refuses. */
	for (;;)
		power_cpu_off();
}

static void read_owner_key(void)
{
	switch (owner_key_init()) {
	case OWNER_KEY_OK:
		break;
	case OWNER_KEY_E_NONE:
		panic("nobody owns this firmware: osti-provision --firmware, or put-owner, gives it an owner's key");
	default:
		panic("the owner's key in the firmware image is no RSA key that can be used");
	}
}

static void boot(struct cpu_entry *entry)
{
	console_init();
	setup_cpu();
	context_init();
	cpu_init();
	event_init();
	phase_init();
	log_info("OSTI switch monitor " OSTI_VERSION ", " BOARD_NAME
		 ", %u CPUs, %u slots", cpu_count(), context_slots());
	if (gicv3_init(cpu_count()) || gicv3_quiesce())
		panic("no interrupt controller that the monitor can keep apart");
	if (smmuv3_init())
		panic("no SMMU: start QEMU with -M virt,iommu=smmuv3");
	pci_init();
	memory_init();
	sweep_init();
	partition_init();
	read_owner_key();
	engine_init();
	world_init();
	transfer_init();
	disk_init();
	restore_init();
	if (nv_init())
		log_warn("there is no hibernation on this device");
	firmware_init();
	rtc_init();
	/* The boot manager is one more context; there is nothing to return to. */
	if (world_boot(entry) != OUTCOME_ENTER)
		panic("the boot manager was not entered");
	booted = true;
}

/* This CPU was called to help. With the lock held. */
static void help(void) __attribute__((noreturn));

static void help(void)
{
	cpu_arrive_helper();
	lock_release();
	clean_cpu();
	help_loop();
	lock_or_stop();
	cpu_leave();
	lock_release();
	cpu_power_off();
}

void main_cpu(unsigned int cpu)
{
	struct cpu_entry entry;

	if (!booted) {
		ASSERT(cpu == 0);
		boot(&entry);
		enter_el1(&entry);
	}

	setup_cpu();
	cpu_note_power();
	lock_or_stop();
	if (cpu_is_helper(cpu))
		help();
	cpu_arrive(&entry);
	lock_release();
	enter_el1(&entry);
}
