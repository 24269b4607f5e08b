// SPDX-License-Identifier: GPL-2.0-only
/*
 * pci.c - who may see which PCI function, and how to stop one
 */
#include "pci.h"

#include "board.h"
#include "log.h"
#include "pci_bar.h"
#include "pci_regs.h"
#include "pci_reset.h"
#include "string.h"

enum state {
	AS_LISTED,		/* whoever the board says gets it */
	KEPT,			/* cannot be reset: its first context keeps it */
	CUT_OFF,		/* did not stop, or cannot be detached: nobody's */
};

static uint8_t states[PCI_FUNCTIONS];

static pa_t config_of(unsigned int devfn)
{
	return pa_make(BOARD_PCI_ECAM_BASE + devfn * PCI_ECAM_FUNCTION_SIZE);
}

/* ---- Who ------------------------------------------------------------------------ */

static const struct pci_function *find(unsigned int devfn)
{
	unsigned int i;

	for (i = 0; i < board_pci_nr_functions; i++)
		if (board_pci_functions[i].devfn == devfn)
			return &board_pci_functions[i];
	return NULL;
}

static bool sees(unsigned int ctx, const struct pci_function *f)
{
	if (states[f->devfn] == CUT_OFF)
		return false;
	switch (f->owner) {
	case PCI_SHARED:
	case PCI_EXCHANGE:
		/* The boot manager is the first that gets what is shared. */
		return ctx == 0 || states[f->devfn] != KEPT;
	case PCI_REMOVABLE:
		/* What somebody brought along is nothing for who starts slots. */
		return ctx != 0 && states[f->devfn] != KEPT;
	case PCI_BOOT:
		return ctx == 0;
	case PCI_PRIVATE:
		return ctx != 0 && ctx == f->slot;
	default:
		/* That of an alias: whoever disk.c lends it to. */
		return false;
	}
}

bool pci_visible(unsigned int devfn, unsigned int ctx)
{
	const struct pci_function *f = find(devfn);

	return f && sees(ctx, f);
}

bool pci_next(unsigned int ctx, unsigned int *i, unsigned int *devfn)
{
	while (*i < board_pci_nr_functions) {
		const struct pci_function *f = &board_pci_functions[(*i)++];

		*devfn = f->devfn;
		if (sees(ctx, f))
			return true;
	}
	return false;
}

bool pci_optional(unsigned int devfn)
{
	const struct pci_function *f = find(devfn);

	return f && (f->owner == PCI_REMOVABLE || f->owner == PCI_EXCHANGE);
}

void pci_cut_off(unsigned int devfn)
{
	ASSERT(devfn < PCI_FUNCTIONS);
	states[devfn] = CUT_OFF;
}

static bool is_there(pa_t config)
{
	return arch_read16(pa_add(config, PCI_VENDOR_ID)) != PCI_VENDOR_NONE &&
	       arch_read16(pa_add(config, PCI_CLASS_DEVICE)) != PCI_CLASS_HOST_BRIDGE;
}

bool pci_disk(unsigned int slot, enum pci_owner owner, unsigned int *devfn)
{
	unsigned int i;

	for (i = 0; i < board_pci_nr_functions; i++) {
		const struct pci_function *f = &board_pci_functions[i];

		if (f->owner != owner || f->slot != slot)
			continue;
		*devfn = f->devfn;
		return states[f->devfn] == AS_LISTED &&
		       is_there(config_of(f->devfn));
	}
	return false;
}

/* ---- How ------------------------------------------------------------------------ */

static unsigned int zero_bars(unsigned int devfn)
{
	const struct pci_function *f = find(devfn);

	return f ? f->zero_bars : 0;
}

static void complain(unsigned int devfn, int err)
{
	static const char * const texts[] = {
		[-PCI_E_TIMEOUT] = "its reset does not end",
		[-PCI_E_CONFIG] = "no way to reset it in its capabilities",
		[-PCI_E_BAR] = "its memory cannot be zeroed",
	};

	log_error("PCI %02x.%x: %s", devfn >> 3, devfn & 7, texts[-err]);
}

void pci_mute(unsigned int devfn)
{
	ASSERT(devfn < PCI_FUNCTIONS);
	pci_switch_off(config_of(devfn));
}

int pci_quiesce(unsigned int devfn)
{
	const pa_t config = config_of(devfn);
	struct pci_caps caps;
	int err;

	ASSERT(devfn < PCI_FUNCTIONS);
	if (!is_there(config))
		return 0;
	err = pci_caps_read(config, &caps);
	pci_power_up(config, &caps);
	if (!err && (pci_can_reset(config, &caps) ||
		     (states[devfn] != KEPT && !zero_bars(devfn))))
		err = pci_reset(config, &caps);
	pci_switch_off(config);
	if (err)
		complain(devfn, err);
	return err;
}

int pci_zero(unsigned int devfn)
{
	const pa_t config = config_of(devfn);
	unsigned int bars = zero_bars(devfn), bar;
	int err = 0;

	if (!bars || !is_there(config))
		return 0;
	for (bar = 0; bar < PCI_BARS && !err; bar++)
		if (bars & 1U << bar)
			err = pci_bar_zero(config, bar);
	if (err)
		complain(devfn, err);
	return err;
}

static void classify(unsigned int devfn)
{
	const pa_t config = config_of(devfn);
	struct pci_caps caps;

	if (!is_there(config) || pci_caps_read(config, &caps) ||
	    pci_can_reset(config, &caps) || zero_bars(devfn))
		return;
	log_warn("PCI %02x.%x cannot be reset: no second context gets it",
		 devfn >> 3, devfn & 7);
	states[devfn] = KEPT;
}

void pci_init(void)
{
	unsigned int i;

	memset(states, AS_LISTED, sizeof(states));
	for (i = 0; i < board_pci_nr_functions; i++) {
		const unsigned int devfn = board_pci_functions[i].devfn;

		classify(devfn);
		if (pci_quiesce(devfn))
			pci_cut_off(devfn);
	}
	/* All are off by now: none decodes where another's memory is put. */
	for (i = 0; i < board_pci_nr_functions; i++)
		if (pci_zero(board_pci_functions[i].devfn))
			pci_cut_off(board_pci_functions[i].devfn);
}
