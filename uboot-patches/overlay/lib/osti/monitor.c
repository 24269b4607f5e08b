// SPDX-License-Identifier: GPL-2.0-only
/*
 * Calls into the switch monitor
 */

#include <common.h>
#include <display_options.h>
#include <time.h>
#include <vsprintf.h>
#include <asm/system.h>
#include <linux/sizes.h>
#include <osti/abi.h>
#include <osti/bm/monitor.h>
#include <osti/bm/progress.h>
#include <osti/bm/saved.h>

void osti_error(const char *fmt, ...)
{
	va_list args;

	osti_progress_end();
	puts("osti: error: ");
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	putc('\n');
}

s64 osti_call(u32 id, u64 a1, u64 a2, u64 a3, struct osti_regs *regs)
{
	*regs = (struct osti_regs){ .x = { id, a1, a2, a3 } };
	osti_smc(regs);

	return (s64)regs->x[0];
}

s64 osti_call_through(u32 id, u64 a1, u64 a2, u64 a3, struct osti_regs *regs)
{
	s64 status;

	do {
		status = osti_call(id, a1, a2, a3, regs);
	} while (status == OSTI_AGAIN);

	return status;
}

static const char *status_str(s64 status)
{
	switch (status) {
	case OSTI_E_NOT_SUPPORTED:
		return "it does not know this call";
	case OSTI_E_INVALID:
		return "an argument is out of range";
	case OSTI_E_DENIED:
		return "not allowed for the boot manager";
	case OSTI_E_STATE:
		return "the state of the slots does not allow it";
	case OSTI_E_RANGE:
		return "an address is outside the slot";
	case OSTI_E_EMPTY:
		return "there is no such record";
	case OSTI_E_BUSY:
		return "other CPUs are on";
	case OSTI_E_HARDWARE:
		return "a CPU, a device or the NV memory does not work";
	case OSTI_E_IMAGE:
		return "the image is refused";
	case OSTI_E_NO_ROOM:
		return "there is no free memory that is large enough";
	case OSTI_E_START:
		return "the start is refused";
	case OSTI_E_AGREE:
		return "a person has to agree";
	case OSTI_E_NO_DISK:
		return "the board cannot show that disk";
	default:
		return "unknown status";
	}
}

int osti_refused(const char *what, const struct osti_slot *slot, s64 status)
{
	if (slot)
		osti_error("slot %u (%s): the switch monitor refused to %s: %s (%lld)",
			   slot->nr, slot->name, what, status_str(status),
			   status);
	else
		osti_error("the switch monitor refused to %s: %s (%lld)", what,
			   status_str(status), status);

	return -EIO;
}

static bool monitor_present(void)
{
	struct osti_regs regs;

	/* The monitor has EL2, so whoever is called from there is another. */
	if (current_el() != 1)
		return false;
	osti_call(OSTI_CALL_UID, 0, 0, 0, &regs);

	return (u32)regs.x[0] == OSTI_UID_0 && (u32)regs.x[1] == OSTI_UID_1 &&
	       (u32)regs.x[2] == OSTI_UID_2 && (u32)regs.x[3] == OSTI_UID_3;
}

int osti_device_get(struct osti_device *dev)
{
	struct osti_regs regs;
	s64 status;

	if (!monitor_present()) {
		osti_error("no switch monitor: this U-Boot was not started by one; start the device from its firmware image");
		return -ENODEV;
	}
	osti_call(OSTI_CALL_REVISION, 0, 0, 0, &regs);
	dev->major = regs.x[0];
	dev->minor = regs.x[1];
	if (dev->major != OSTI_ABI_MAJOR) {
		osti_error("the switch monitor speaks version %u.%u, this boot manager %u.%u: build both from the same source",
			   dev->major, dev->minor, OSTI_ABI_MAJOR,
			   OSTI_ABI_MINOR);
		return -EPROTO;
	}
	status = osti_call(OSTI_CALL_INFO, 0, 0, 0, &regs);
	if (status) {
		osti_refused("describe the device", NULL, status);
		return -EPROTO;
	}
	dev->nr_slots = regs.x[2];
	dev->nr_cpus = regs.x[3];
	dev->hz = regs.x[6];
	if (regs.x[1] != OSTI_CONTEXT_BM || !dev->nr_slots ||
	    dev->nr_slots > OSTI_MAX_SLOTS || !dev->nr_cpus ||
	    dev->nr_cpus > OSTI_MAX_CPUS || !dev->hz) {
		osti_error("the switch monitor describes an impossible device: context %llu, %u slots, %u CPUs, %llu Hz",
			   regs.x[1], dev->nr_slots, dev->nr_cpus, dev->hz);
		return -EPROTO;
	}

	return 0;
}

int osti_reason_get(struct osti_reason *reason)
{
	struct osti_regs regs;
	s64 status = osti_call(OSTI_CALL_BM_REASON, 0, 0, 0, &regs);

	if (status)
		return osti_refused("tell why the boot manager runs", NULL,
				    status);
	reason->why = regs.x[1];
	reason->slot = regs.x[2];
	reason->last = regs.x[3];
	reason->request = regs.x[4];

	return 0;
}

int osti_slot_get(u32 nr, struct osti_slot *slot)
{
	struct osti_regs regs;
	s64 status = osti_call(OSTI_CALL_SLOT_INFO, nr, 0, 0, &regs);
	int i;

	if (status) {
		osti_error("slot %u: the switch monitor refused to describe it: %s (%lld)",
			   nr, status_str(status), status);
		return -EIO;
	}
	slot->nr = nr;
	slot->state = regs.x[1];
	slot->bytes = regs.x[2];
	slot->frozen_at = regs.x[3];
	slot->entries = regs.x[4];
	for (i = 0; i < OSTI_NAME_LEN; i++)
		slot->name[i] = regs.x[5 + i / 8] >> (8 * (i % 8));
	slot->name[OSTI_NAME_LEN] = '\0';
	slot->least = regs.x[7];
	slot->starts = regs.x[8];
	slot->key = regs.x[10];

	return 0;
}

int osti_slot_find(const struct osti_device *dev, const char *arg,
		   struct osti_slot *slot)
{
	char *end;
	ulong nr = dectoul(arg, &end);
	u32 i;

	if (end != arg && !*end && nr >= 1 && nr <= dev->nr_slots)
		return osti_slot_get(nr, slot);
	for (i = 1; i <= dev->nr_slots; i++) {
		int ret = osti_slot_get(i, slot);

		if (ret)
			return ret;
		if (!strcmp(arg, slot->name))
			return 0;
	}
	osti_error("no slot \"%s\": give a number from 1 to %u, or a name that \"osti list\" shows",
		   arg, dev->nr_slots);

	return -ENOENT;
}

int osti_slots_frozen(const struct osti_device *dev, u32 *last)
{
	struct osti_slot slot;
	u64 newest = 0;
	int count = 0;
	u32 i;

	if (last)
		*last = 0;
	for (i = 1; i <= dev->nr_slots; i++) {
		int ret = osti_slot_get(i, &slot);

		if (ret)
			return ret;
		if (slot.state != OSTI_SLOT_FROZEN)
			continue;
		count++;
		if (last && slot.frozen_at >= newest) {
			newest = slot.frozen_at;
			*last = i;
		}
	}

	return count;
}

static int print_empty(const struct osti_slot *slot)
{
	struct osti_saved saved;
	int ret = osti_saved_get(slot, &saved);

	if (ret)
		return ret;
	osti_saved_print(&saved);

	return 0;
}

int osti_slots_print(const struct osti_device *dev)
{
	struct osti_slot slot;
	u32 i;

	printf("  Slot  Name                  Size  State\n");
	for (i = 1; i <= dev->nr_slots; i++) {
		int ret = osti_slot_get(i, &slot);

		if (ret)
			return ret;
		printf("  %4u  %-16s  %4llu MiB  ", i, slot.name,
		       slot.bytes / SZ_1M);
		switch (slot.state) {
		case OSTI_SLOT_EMPTY:
			ret = print_empty(&slot);
			if (ret)
				return ret;
			break;
		case OSTI_SLOT_LOADING:
			puts("open for loading\n");
			break;
		case OSTI_SLOT_FROZEN:
			printf("frozen since %llu s\n",
			       (get_ticks() - slot.frozen_at) / dev->hz);
			break;
		case OSTI_SLOT_SAVING:
			puts("being hibernated\n");
			break;
		case OSTI_SLOT_RESTORING:
			puts("being resumed from its image\n");
			break;
		default:
			printf("unknown state %u\n", slot.state);
			break;
		}
	}

	return 0;
}
