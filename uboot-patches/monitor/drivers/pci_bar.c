// SPDX-License-Identifier: GPL-2.0-only
/*
 * pci_bar.c - zero the memory of a PCI function
 *
 * What the OS wrote to the BAR does not matter: the monitor puts the memory
 * where the board says, which lies in its own tables, and takes it away again.
 */
#include "pci_bar.h"

#include "board.h"
#include "pci.h"
#include "pci_regs.h"
#include "pci_reset.h"

#define PAGE	4096

static void put(pa_t reg, bool wide, uint32_t low, uint32_t high)
{
	arch_write32(reg, low);
	if (wide)
		arch_write32(pa_add(reg, 4), high);
}

/* Bytes of the BAR, by section 6.2.5.1; 0 for one that cannot be zeroed here. */
static uint32_t size_of(pa_t reg, bool wide)
{
	uint32_t size;

	put(reg, wide, UINT32_MAX, UINT32_MAX);
	size = ~(arch_read32(reg) & ~PCI_BAR_FLAGS) + 1;
	if (wide && arch_read32(pa_add(reg, 4)) != UINT32_MAX)
		return 0;
	if (size > BOARD_PCI_SCRATCH_SIZE || size % PAGE || size & (size - 1))
		return 0;
	return size;
}

static int zero_at(pa_t config, pa_t reg, bool wide, uint32_t size)
{
	const pa_t at = pa_make(BOARD_PCI_SCRATCH_BASE);
	int err = 0;

	put(reg, wide, pa_value(at), 0);
	if ((arch_read32(reg) & ~PCI_BAR_FLAGS) != pa_value(at))
		return PCI_E_BAR;
	arch_write16(pa_add(config, PCI_COMMAND),
		     arch_read16(pa_add(config, PCI_COMMAND)) | PCI_COMMAND_MEMORY);
	/* A read comes behind the writes before it. */
	arch_read16(pa_add(config, PCI_COMMAND));
	arch_zero(at, size);
	if (arch_read32(at) || arch_read32(pa_add(at, size - 4)))
		err = PCI_E_BAR;
	pci_switch_off(config);
	return err;
}

int pci_bar_zero(pa_t config, unsigned int bar)
{
	const pa_t reg = pa_add(config, PCI_BAR(bar));
	const uint32_t flags = arch_read32(reg) & PCI_BAR_FLAGS;
	const bool wide = (flags & PCI_BAR_TYPE) == PCI_BAR_64_BIT;
	uint32_t size;
	int err = PCI_E_BAR;

	/* It is mapped as memory, so a read by speculation must do no harm. */
	if (flags & PCI_BAR_IO || !(flags & PCI_BAR_PREFETCH) ||
	    (wide && bar + 1 == PCI_BARS))
		return PCI_E_BAR;
	size = size_of(reg, wide);
	if (size)
		err = zero_at(config, reg, wide, size);
	/* As after a reset; the OS that owns it knows where it was. */
	put(reg, wide, 0, 0);
	return err;
}
