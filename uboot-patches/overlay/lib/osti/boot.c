// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the boot manager does by itself, for the reason that it was entered
 */

#include <common.h>
#include <osti/abi.h>
#include <osti/bm/boot.h>
#include <osti/bm/device.h>
#include <osti/bm/error.h>
#include <osti/bm/kept.h>
#include <osti/bm/keys.h>
#include <osti/bm/menu.h>
#include <osti/bm/request.h>
#include <osti/bm/saved.h>
#include <osti/bm/slots.h>

/* As many starts of a slot that nobody called good, and none comes by itself. */
#define STARTS_MAX	3

static const char *slot_name(u32 nr, struct osti_slot *slot)
{
	if (!nr || osti_slots_get(nr, slot))
		return "?";

	return slot->name;
}

static void print_request(u32 request)
{
	struct osti_slot slot;
	u32 nr = OSTI_REQUEST_SLOT(request);

	switch (OSTI_REQUEST_OF(request)) {
	case OSTI_REQUEST_HIBERNATE:
		printf("to hibernate slot %u (%s)\n", nr, slot_name(nr, &slot));
		break;
	case OSTI_REQUEST_POWER_OFF:
		puts("to hibernate everything and power off\n");
		break;
	case OSTI_REQUEST_VERIFY:
		printf("to verify the image of slot %u (%s)\n", nr,
		       slot_name(nr, &slot));
		break;
	case OSTI_REQUEST_DROP:
		printf("to give the image of slot %u (%s) up\n", nr,
		       slot_name(nr, &slot));
		break;
	case OSTI_REQUEST_RETIRE:
		printf("to put slot %u (%s) away, which lives elsewhere now\n",
		       nr, slot_name(nr, &slot));
		break;
	case OSTI_REQUEST_RESTORE:
		printf("for a copy to take the place of slot %u (%s)\n", nr,
		       slot_name(nr, &slot));
		break;
	case OSTI_REQUEST_BOOT_INSTALL:
		printf("to install a boot image of slot %u (%s)\n", nr,
		       slot_name(nr, &slot));
		break;
	case OSTI_REQUEST_BOOT_LIST:
		printf("which boot images slot %u (%s) has\n", nr,
		       slot_name(nr, &slot));
		break;
	case OSTI_REQUEST_FIRMWARE:
		puts("to install a firmware\n");
		break;
	default:
		printf("for something unknown (%#x)\n", request);
		break;
	}
}

static void print_reason(const struct osti_reason *reason)
{
	struct osti_slot slot;
	u32 nr = reason->slot;

	puts("osti: reason: ");
	switch (reason->why) {
	case OSTI_REASON_POWER_ON:
		puts("the device was switched on\n");
		break;
	case OSTI_REASON_SWITCH:
		printf("switch to empty slot %u (%s)\n", nr,
		       slot_name(nr, &slot));
		break;
	case OSTI_REASON_MENU:
		nr = reason->last;
		printf("slot %u (%s) asked for the boot menu\n", nr,
		       slot_name(nr, &slot));
		break;
	case OSTI_REASON_OFF:
		printf("slot %u (%s) was switched off\n", nr,
		       slot_name(nr, &slot));
		break;
	case OSTI_REASON_RESET:
		printf("slot %u (%s) asked for a restart\n", nr,
		       slot_name(nr, &slot));
		break;
	case OSTI_REASON_RESTART:
		puts("the boot manager was restarted\n");
		break;
	case OSTI_REASON_REQUEST:
		printf("slot %u (%s) asked ", nr, slot_name(nr, &slot));
		print_request(reason->request);
		break;
	default:
		printf("unknown (%u)\n", reason->why);
		break;
	}
}

/* What was active last goes on; without an image the configuration counts. */
static int decide_power_on(const struct osti_device *dev, struct osti_plan *plan)
{
	u64 saved_at;
	int ret;

	ret = osti_saved_newest(dev, &plan->slot, &saved_at);
	if (ret)
		return ret;
	if (!plan->slot) {
		if (dev->nr_slots < CONFIG_OSTI_DEFAULT_SLOT) {
			osti_error("the default slot is %u, but the device has %u: set OSTI_DEFAULT_SLOT and build the firmware again",
				   CONFIG_OSTI_DEFAULT_SLOT, dev->nr_slots);
			return 0;
		}
		plan->slot = CONFIG_OSTI_DEFAULT_SLOT;
	}
	plan->act = OSTI_ACT_ENTER;

	return 0;
}

/* Somebody else goes on; if there is nobody, this act follows. */
static int decide_other(const struct osti_device *dev, enum osti_act nobody,
			struct osti_plan *plan)
{
	int frozen = osti_slots_frozen(dev, &plan->slot);

	if (frozen < 0)
		return frozen;
	plan->act = frozen ? OSTI_ACT_ENTER : nobody;

	return 0;
}

/* Is this the end of one start too many? One that hibernated did not end. */
static bool ended_again(const struct osti_reason *reason)
{
	struct osti_slot slot;

	if (reason->request || osti_slots_get(reason->slot, &slot) ||
	    slot.starts < STARTS_MAX)
		return false;
	/* What was on trial is not started again, but what was before it. */
	if (slot.starts < STARTS_MAX + OSTI_BOOT_TRIES &&
	    osti_kept_tries_over(&slot))
		return false;
	osti_error("slot %u (%s): was started %llu times, and no start was called good: it is not started again by itself: choose it to try once more",
		   slot.nr, slot.name, slot.starts);

	return true;
}

/* docs/boot-manager.md has this as a table. */
static int decide(const struct osti_device *dev,
		  const struct osti_reason *reason, struct osti_plan *plan)
{
	plan->act = OSTI_ACT_WAIT;
	plan->slot = 0;
	switch (reason->why) {
	case OSTI_REASON_POWER_ON:
		return decide_power_on(dev, plan);
	case OSTI_REASON_SWITCH:
	case OSTI_REASON_RESET:
		if (reason->why == OSTI_REASON_RESET && ended_again(reason))
			return decide_other(dev, OSTI_ACT_WAIT, plan);
		plan->act = OSTI_ACT_ENTER_NOW;
		plan->slot = reason->slot;
		break;
	case OSTI_REASON_OFF:
		return decide_other(dev, ended_again(reason) ? OSTI_ACT_WAIT :
				    OSTI_ACT_POWER_OFF, plan);
	default:
		/* The menu was asked for, or something went wrong. */
		break;
	}

	return 0;
}

int osti_boot(void)
{
	struct osti_reason reason;
	struct osti_device dev;
	struct osti_plan plan;
	int ret;

	ret = osti_device_get(&dev);
	if (ret)
		return ret;
	ret = osti_device_reason(&reason);
	if (ret)
		return ret;
	osti_keys_drop();
	print_reason(&reason);
	ret = osti_saved_refresh(&dev);
	if (!ret)
		ret = osti_kept_settle(&dev);
	if (ret)
		return ret;
	/* A slot that is gone from memory by its own wish is switched off. */
	if (reason.why == OSTI_REASON_REQUEST && !osti_request(&dev, &reason))
		reason.why = OSTI_REASON_OFF;
	ret = decide(&dev, &reason, &plan);
	if (ret)
		return ret;

	return osti_menu(&dev, &plan);
}
