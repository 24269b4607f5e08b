/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * memory.h - what each context can reach, by CPU and by DMA
 *
 * One stage 2 table and one SMMU table per context, and a stage 2 table of the
 * image engine (engine.h). All functions are called with the monitor's lock held.
 */
#ifndef MEMORY_H
#define MEMORY_H

#include <stdbool.h>
#include <stdint.h>

#include "context.h"

/* A range of the device that every context has, at the board's own addresses. */
struct memory_device {
	pa_t base;
	uint64_t bytes;		/* of whole pages */
	/* No table has it, so that accesses trap. */
	bool emulated;
};

/* The board's list, in board/<name>/devices.c. */
extern const struct memory_device board_devices[];
extern const unsigned int board_nr_devices;

void memory_init(void);
/*
 * Let a context reach its RAM and its devices: fill its tables if they are
 * empty, or take back what memory_hide() did.
 */
void memory_grant(const struct context *ctx);
/*
 * Take a frozen context's RAM out of both its tables. No CPU runs in it and no
 * stream uses its table; from the return on nobody has a translation of it.
 */
void memory_hide(const struct context *ctx);
/* Empty the CPUs' table: from its return nothing of the context runs. */
void memory_revoke(const struct context *ctx);
/* Empty the SMMU's table, which no stream uses any more. */
void memory_revoke_dma(const struct context *ctx);
/* Zero the context's partition, which no table maps any more. */
void memory_wipe(const struct context *ctx);
/*
 * The context's CPU table is empty, and a CPU did not leave it: keep it so for
 * ever, and give the context another, with a VMID of its own. Each call comes
 * with a CPU that was lost, so there are never too many.
 */
void memory_abandon_root(const struct context *ctx);
/*
 * Show the configuration space of a PCI function that is lent to the context that
 * runs, or hide it again: from the return on none of its CPUs reaches it.
 */
void memory_show_pci(const struct context *ctx, unsigned int devfn);
void memory_hide_pci(const struct context *ctx, unsigned int devfn);
/* A PCI function was cut off: take its configuration space from everybody. */
void memory_drop_pci(unsigned int devfn);
/* Show an open slot to the boot manager at OSTI_WINDOW_IPA. */
void memory_open_window(const struct context *slot);
/*
 * Take it away. Returns 0, or an error of smmuv3_flush(): then functions that
 * are attached to the boot manager may still reach it.
 */
int memory_close_window(const struct context *slot);
/* Physical address of the context's stage 2 root, and its VMID. */
pa_t memory_root(const struct context *ctx);
uint16_t memory_vmid(const struct context *ctx);

/*
 * Let the image engine reach its code, the rest of @engine_bytes of its memory
 * from BOARD_ENGINE_BASE on, and the slot's partition if it has one, this for
 * reading or for writing too: at the IPAs of engine_abi.h. Its table is empty.
 */
void memory_engine_grant(const struct context *slot, bool writable,
			 uint64_t engine_bytes);
/* Empty its table, if it is not: from the return on nothing of it runs. */
void memory_engine_revoke(void);
/* As memory_abandon_root(), for the engine. */
void memory_engine_abandon(void);
/* Physical address of the engine's stage 2 root, and its VMID. */
pa_t memory_engine_root(void);
uint16_t memory_engine_vmid(void);

/* Devices that every context has: @index from 0; false behind the last. */
bool memory_device(unsigned int index, pa_t *base, uint64_t *bytes);
/* Is the IPA in the configuration space that hides PCI functions? */
bool memory_is_pci_config(ipa_t ipa);
/* Is it in the page of the real time clock, which rtc.c emulates? */
bool memory_is_rtc(ipa_t ipa);

#endif /* MEMORY_H */
