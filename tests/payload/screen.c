// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * screen.c - what one slot drew is not what the next one sees
 *
 * Runs in both slots, on a device with a display (bochs-display), whose 16 MiB
 * of screen memory no reset clears. Each slot fills them and leaves the display
 * decoding, and so another function, where the monitor works on such memory; the
 * next slot, and the first one later, look for what is left.
 */
#include "lib/arch.h"
#include "lib/cpu.h"
#include "lib/gic.h"
#include "lib/mem.h"
#include "lib/pci.h"
#include "lib/report.h"
#include "lib/smc.h"
#include "lib/switch.h"
#include "lib/timer.h"

#define SCREEN		0x3d000000UL	/* in the 32-bit window, free here */
#define SCREEN_BYTES	(16UL << 20)
#define SEED		0x5c4ee40000000000UL
/* The start of the window, where whoever allocates begins, too. */
#define WINDOW		0x10000000U
#define BAR_SIZE_MASK	(~(SCREEN_BYTES - 1) & 0xffffffff)

static bool show_screen(void)
{
	const uint64_t bar = pci_reg(BOARD_PCI_DISPLAY, PCI_BAR(0));

	if (!check(mmio_read32(pci_reg(BOARD_PCI_DISPLAY, PCI_VENDOR)) != PCI_NONE,
		   "there is no display: start the device with --display=none"))
		return false;
	mmio_write32(bar, 0xffffffff);
	check_eq("size of the screen memory", mmio_read32(bar) & ~0xfU,
		 BAR_SIZE_MASK);
	mmio_write32(bar, SCREEN);
	mmio_write16(pci_reg(BOARD_PCI_DISPLAY, PCI_COMMAND), PCI_COMMAND_MEMORY);
	return true;
}

static void test_empty(const char *name)
{
	uint64_t at;

	test_begin(name);
	check(!(mmio_read16(pci_reg(BOARD_PCI_DISPLAY, PCI_COMMAND)) &
		(PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER)),
	      "the display comes with its decoders on");
	if (show_screen())
		for (at = 0; at < SCREEN_BYTES; at += 8)
			if (!check(!mmio_read64(SCREEN + at),
				   "0x%lx of the screen holds 0x%lx of somebody",
				   at, mmio_read64(SCREEN + at)))
				break;
	test_end();
}

static void test_fill(void)
{
	const uint64_t rng = pci_reg(BOARD_PCI_RNG, PCI_BAR(4));
	uint64_t at;

	test_begin("fill");
	if (show_screen()) {
		for (at = 0; at < SCREEN_BYTES; at += 8)
			mmio_write64(SCREEN + at, mem_word(at, SEED));
		check_eq("last word of the screen",
			 mmio_read64(SCREEN + SCREEN_BYTES - 8),
			 mem_word(SCREEN_BYTES - 8, SEED));
	}
	test_end();
	/* Two in one place, for a monitor that believes a BAR. */
	mmio_write32(rng, WINDOW);
	mmio_write32(rng + 4, 0);
	mmio_write16(pci_reg(BOARD_PCI_RNG, PCI_COMMAND), PCI_COMMAND_MEMORY);
	mmio_write32(pci_reg(BOARD_PCI_DISPLAY, PCI_BAR(0)), WINDOW);
}

/* How long the monitor took, for whoever reads the log. */
static void note_switch(void)
{
	struct smc_regs regs;

	if (osti_call(&regs, OSTI_CALL_PHASE_READ, 0, 0) == OSTI_OK)
		report_note("%lu ns in the monitor",
			    (regs.x[3 + OSTI_PHASE_MON_EXIT] -
			     regs.x[3 + OSTI_PHASE_MON_ENTER]) * 1000000 /
			    counter_ms(1));
}

void payload_main(void)
{
	report_start("screen");
	gic_init();
	/* The boot manager comes in between here ... */
	if (self.slot == 1) {
		test_fill();
		switch_to(other_slot(), 0);
		note_switch();
		test_empty("empty-after-hot-switch");
		finish_pair();
	}
	/* ... and nobody here. */
	test_empty("empty-after-start");
	test_fill();
	switch_to(other_slot(), 0);
	finish_pair();
}
