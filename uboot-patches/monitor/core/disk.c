// SPDX-License-Identifier: GPL-2.0-only
/*
 * disk.c - the disk of a slot that does not run, shown to the slot that carries it
 *
 * To be read, it is a function of its own, which refuses writes by itself: so
 * nothing that the carrier does can change the disk under a frozen memory. To be
 * written, it is the slot's own function, which the slot cannot use, being in the
 * middle of an import.
 */
#include "disk.h"

#include "device.h"
#include "event.h"
#include "lock.h"
#include "log.h"
#include "pci.h"
#include "slot.h"
#include "string.h"
#include "transfer.h"

static struct {
	const struct context *to;	/* NULL: none is shown */
	const struct context *slot;
	unsigned int devfn;
} shown;

void disk_init(void)
{
	memset(&shown, 0, sizeof(shown));
}

/*
 * The slot is frozen, and nobody but the carrier itself does anything with it. Or
 * it has an image that can be resumed, which the carrier copies.
 */
static bool may_read(const struct context *to, const struct context *slot)
{
	return slot->state == OSTI_SLOT_FROZEN ||
	       (slot->state == OSTI_SLOT_SAVING &&
		transfer_carries(to, slot)) ||
	       transfer_carries_stored(to, slot);
}

static int64_t may_see(const struct context *to, const struct context *slot,
		       uint64_t access)
{
	if (shown.to)
		return OSTI_E_STATE;
	if (access == OSTI_DISK_WRITE)
		return transfer_may_write_disk(to, slot);
	if (access == OSTI_DISK_STORE)
		return transfer_carries_stored(to, slot) ? OSTI_OK :
							   OSTI_E_STATE;
	return may_read(to, slot) ? OSTI_OK : OSTI_E_STATE;
}

/* PCI_ALIAS of no slot is the store's. */
static bool find(const struct context *slot, uint64_t access,
		 unsigned int *devfn)
{
	return pci_disk(access == OSTI_DISK_STORE ? 0 : slot->id,
			access == OSTI_DISK_WRITE ? PCI_PRIVATE : PCI_ALIAS,
			devfn);
}

/* An image that could be resumed has the disk as it was until now. */
static int64_t give_up(const struct context *slot)
{
	return transfer_give_up(slot, false) ? OSTI_E_HARDWARE : OSTI_OK;
}

static int64_t show(const struct context *to, const struct context *slot,
		    unsigned int devfn, uint64_t access)
{
	if (device_lend(to, devfn))
		return OSTI_E_HARDWARE;
	shown.to = to;
	shown.slot = slot;
	shown.devfn = devfn;
	event_add(OSTI_EV_DISK_SHOWN, slot->id, to->id, access);
	log_debug("slot %u: %s can be %s by slot %u", slot->id,
		  access == OSTI_DISK_STORE ? "the store" : "its disk",
		  access == OSTI_DISK_WRITE ? "written" : "read", to->id);
	return OSTI_OK;
}

int64_t disk_show(const struct context *to, const struct context *slot,
		  uint64_t access, uint64_t *devfn)
{
	int64_t ret = may_see(to, slot, access);
	unsigned int found;

	LOCK_ASSERT_HELD();
	if (ret)
		return ret;
	if (!find(slot, access, &found))
		return OSTI_E_NO_DISK;
	if (access == OSTI_DISK_WRITE)
		ret = give_up(slot);
	if (!ret)
		ret = show(to, slot, found, access);
	*devfn = found;
	return ret;
}

static int64_t hide(void)
{
	const struct context *to = shown.to;
	const unsigned int devfn = shown.devfn;

	log_debug("slot %u: what was shown of it is hidden again",
		  shown.slot->id);
	disk_init();
	return device_take_back(to, devfn) ? OSTI_E_HARDWARE : OSTI_OK;
}

int64_t disk_hide(const struct context *to, const struct context *slot)
{
	LOCK_ASSERT_HELD();
	return shown.to == to && shown.slot == slot ? hide() : OSTI_OK;
}

/* One that does not stop is cut off, and nothing else is to be done. */
void disk_end(const struct context *slot)
{
	LOCK_ASSERT_HELD();
	if (shown.slot == slot)
		hide();
}

void disk_leave(const struct context *ctx)
{
	LOCK_ASSERT_HELD();
	if (shown.to == ctx)
		hide();
}
