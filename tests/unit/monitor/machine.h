/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * machine.h - a whole device on which the core of the monitor is tested
 *
 * The models of arch/host behind the real drivers: GIC, SMMU, PCI bus 0 as
 * scripts/run-qemu sets it up, clock, flash with a boot manager, and CPUs.
 */
#ifndef MACHINE_H
#define MACHINE_H

#include <stdbool.h>
#include <stdint.h>

#include "board_pci.h"
#include "flash.h"
#include "owner_key.h"
#include "pci.h"
#include "smccc.h"

/* PCI functions of the board, by devfn. */
#define MACHINE_BRIDGE		PCI_DEVFN(BOARD_PCI_BRIDGE, 0)
#define MACHINE_NET		PCI_DEVFN(BOARD_PCI_NET, 0)
#define MACHINE_KEYBOARD	PCI_DEVFN(BOARD_PCI_KEYBOARD, 0)
#define MACHINE_RNG		PCI_DEVFN(BOARD_PCI_RNG, 0)
#define MACHINE_DISPLAY		PCI_DEVFN(BOARD_PCI_DISPLAY, 0)
#define MACHINE_BOOT_DISK	PCI_DEVFN(BOARD_PCI_BOOT, 0)
#define MACHINE_REMOVABLE	PCI_DEVFN(BOARD_PCI_REMOVABLE, 0)
#define MACHINE_EXCHANGE	PCI_DEVFN(BOARD_PCI_EXCHANGE, 0)
#define MACHINE_DISK(slot)	PCI_DEVFN(BOARD_PCI_DISK(slot), 0)
/* Its read-only alias */
#define MACHINE_ALIAS(slot)	PCI_DEVFN(BOARD_PCI_ALIAS(slot), 0)
/* The store's */
#define MACHINE_STORE		PCI_DEVFN(BOARD_PCI_STORE_ALIAS, 0)

#define MACHINE_PAYLOAD_MAX	8192

/* Seconds since 1970 at power-on. */
#define MACHINE_NOW		1795700000U

/*
 * Boot manager and image engine in flash; good after machine_reset(), a test may
 * change them.
 */
struct machine_flash {
	struct flash_header header;
	uint8_t payload[MACHINE_PAYLOAD_MAX];
};

extern struct machine_flash machine_flash;
extern struct machine_flash machine_engine_flash;
/* The owner's key there, as machine_reset() has put it: OWNER_KEY's. */
extern uint8_t machine_owner[OWNER_KEY_BYTES];
/* What nv_init() is expected to return. */
extern int machine_nv_init;

/* Power-on: nothing of the monitor has run. */
void machine_reset(unsigned int cpus);
/* What main.c does before it enters the boot manager. */
void machine_init(void);
/* All of main.c: returns with the boot manager in EL1. */
void machine_boot(unsigned int cpus);

/* Likewise, with a flash that osti-nv has made. */
#define MACHINE_KEY_BYTES	32
void machine_boot_provisioned(unsigned int cpus,
			      const uint8_t key[MACHINE_KEY_BYTES]);
/* Power off and on: of all memory the NV flash alone keeps what it has. */
void machine_power_cycle(unsigned int cpus);

/* An SMC: its registers before and after, and what the CPU does next. */
struct machine_smc {
	uint64_t before[SMCCC_REGS];
	uint64_t x[SMCCC_REGS];
	enum outcome outcome;
	struct cpu_entry entry;
};

/* The CPU host_cpu makes a call; x4..x11 of it hold what no call gives. */
struct machine_smc machine_smc(uint64_t fid, uint64_t a, uint64_t b,
			       uint64_t c);
/* With arguments that x4 and x5 have too. */
struct machine_smc machine_smc5(uint64_t fid, uint64_t a, uint64_t b,
				uint64_t c, uint64_t d, uint64_t e);
/* With all that a call can have: x1..x6. */
struct machine_smc machine_smc_with(uint64_t fid, const uint64_t arg[6]);
/* As above, where the call only gives a status: that. */
int64_t machine_call(uint64_t fid, uint64_t a, uint64_t b, uint64_t c);
/* Fails unless all registers but x0 and @results (bit n: xn) were kept. */
void machine_assert_kept(const struct machine_smc *smc, unsigned int results);

/* Where the kernel of a good start statement begins (statement.h). */
#define MACHINE_ENTRY		0x40280000UL

/* The boot manager opens and starts a slot, as a good statement says. */
void machine_start(unsigned int slot);
/* Likewise, one that is open; what it is told. */
struct machine_smc machine_start_open(unsigned int slot);
/* The running slot arms a target and suspends; what it is told. */
struct machine_smc machine_suspend(unsigned int target, uint64_t entry,
				   uint64_t arg);
/* Likewise, with a request to the boot manager. */
struct machine_smc machine_request(uint64_t request);
/* For cmocka: slot 1 of two CPUs runs, after 2 was started and frozen. */
int machine_setup_slot(void **state);
/* The running slot powers a CPU on, which arrives in EL1 at once. */
void machine_cpu_on(unsigned int cpu);

/*
 * Does the access of a device go through? The context whose partition it
 * reaches, or -1. One that fails may leave a fault in the SMMU's queue.
 */
int machine_dma_reaches(unsigned int devfn, uint64_t iova);
/* Likewise of a CPU in the given context. */
int machine_cpu_reaches(unsigned int ctx, uint64_t ipa);
/* Is the function's configuration space in the context's table? */
bool machine_sees_function(unsigned int ctx, unsigned int devfn);

/* Newest event of that type, as the boot manager sees it; fails without. */
struct event_record machine_last_event(unsigned int type);
unsigned int machine_count_events(unsigned int type);

/*
 * Fill some words all over a partition, or tell whether they are all zero. Of an
 * empty slot: where it was last, or the lowest partition.
 */
void machine_mark(unsigned int ctx);
bool machine_is_zero(unsigned int ctx);

/* Nobody has the image engine: its memory is zero, its table is empty. */
bool machine_engine_is_gone(void);

#endif /* MACHINE_H */
