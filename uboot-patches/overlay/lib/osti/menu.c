// SPDX-License-Identifier: GPL-2.0-only
/*
 * The boot menu, and what the boot manager does by itself
 */

#include <common.h>
#include <command.h>
#include <console.h>
#include <time.h>
#include <linux/delay.h>
#include <osti/abi.h>
#include <osti/bm/hibernate.h>
#include <osti/bm/keys.h>
#include <osti/bm/menu.h>
#include <osti/bm/monitor.h>
#include <osti/bm/request.h>
#include <osti/bm/room.h>
#include <osti/bm/saved.h>
#include <osti/bm/slotkey.h>
#include <osti/bm/start.h>

/* What happens when nobody presses a key. */
enum act {
	ACT_WAIT,		/* nothing */
	ACT_ENTER,		/* start or resume a slot after the delay */
	ACT_ENTER_NOW,		/* the same without menu and delay */
	ACT_POWER_OFF,		/* power off after the delay */
};

struct plan {
	enum act act;
	u32 slot;
};

/* As many starts of a slot that nobody called good, and none comes by itself. */
#define STARTS_MAX	3

/**
 * struct second - a slot for which the same key once more means more
 * @slot:	its number, or 0: there is none
 * @back:	its retired image is resumed; else it is started cold
 * @consent:	what a cold start means
 */
struct second {
	u32 slot;
	bool back;
	enum osti_consent consent;
};

/* What a key did: the menu ends, is shown again, or only wants a next key. */
enum verdict {
	MENU_LEAVE,
	MENU_SHOW,
	MENU_STAY,
};

static const char *slot_name(u32 nr, struct osti_slot *slot)
{
	if (!nr || osti_slot_get(nr, slot))
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
static int decide_power_on(const struct osti_device *dev, struct plan *plan)
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
	plan->act = ACT_ENTER;

	return 0;
}

/* Somebody else goes on; if there is nobody, this act follows. */
static int decide_other(const struct osti_device *dev, enum act nobody,
			struct plan *plan)
{
	int frozen = osti_slots_frozen(dev, &plan->slot);

	if (frozen < 0)
		return frozen;
	plan->act = frozen ? ACT_ENTER : nobody;

	return 0;
}

/* Is this the end of one start too many? One that hibernated did not end. */
static bool ended_again(const struct osti_reason *reason)
{
	struct osti_slot slot;

	if (reason->request || osti_slot_get(reason->slot, &slot) ||
	    slot.starts < STARTS_MAX)
		return false;
	osti_error("slot %u (%s): was started %llu times, and no start was called good: it is not started again by itself: choose it to try once more",
		   slot.nr, slot.name, slot.starts);

	return true;
}

/* docs/boot-manager.md has this as a table. */
static int decide(const struct osti_device *dev,
		  const struct osti_reason *reason, struct plan *plan)
{
	plan->act = ACT_WAIT;
	plan->slot = 0;
	switch (reason->why) {
	case OSTI_REASON_POWER_ON:
		return decide_power_on(dev, plan);
	case OSTI_REASON_SWITCH:
	case OSTI_REASON_RESET:
		if (reason->why == OSTI_REASON_RESET && ended_again(reason))
			return decide_other(dev, ACT_WAIT, plan);
		plan->act = ACT_ENTER_NOW;
		plan->slot = reason->slot;
		break;
	case OSTI_REASON_OFF:
		return decide_other(dev, ended_again(reason) ? ACT_WAIT :
				    ACT_POWER_OFF, plan);
	default:
		/* The menu was asked for, or something went wrong. */
		break;
	}

	return 0;
}

/* Return: true when the time is over, false when a key stopped it */
static bool countdown(const struct osti_device *dev, const struct plan *plan)
{
	ulong start = get_timer(0);
	u32 left = CONFIG_OSTI_MENU_DELAY;
	struct osti_saved saved;
	struct osti_slot slot;
	const char *verb = "starting";

	if (plan->act == ACT_POWER_OFF) {
		printf("osti: nothing is left to run: power off in %u s, any key stops this\n",
		       left);
	} else {
		if (osti_slot_get(plan->slot, &slot) ||
		    osti_saved_get(&slot, &saved))
			return false;
		if (slot.state == OSTI_SLOT_FROZEN ||
		    saved.state != OSTI_SAVED_NONE)
			verb = "resuming";
		printf("osti: %s slot %u (%s) in %u s, any key stops this\n",
		       verb, slot.nr, slot.name, left);
	}
	while (get_timer(start) < CONFIG_OSTI_MENU_DELAY * 1000UL) {
		if (tstc())
			return false;
		udelay(1000);
	}

	return true;
}

static int show(const struct osti_device *dev)
{
	int ret;

	printf("\nOSTI boot menu\n%u CPU%s, switch monitor %u.%u\n\n",
	       dev->nr_cpus, dev->nr_cpus == 1 ? "" : "s", dev->major,
	       dev->minor);
	ret = osti_slots_print(dev);
	if (ret)
		return ret;
	printf("\n  1-%u start or resume a slot, h hibernate a slot, k import a slot's key, r restart the boot manager, p power off%s\n",
	       dev->nr_slots,
	       IS_ENABLED(CONFIG_OSTI_SHELL) ? ", c command shell" : "");

	return 0;
}

/* Is a cold start what is left of a slot that could not be entered? */
static bool cold_is_left(u32 nr, int err)
{
	struct osti_saved saved;
	struct osti_slot slot;

	/* Esc stopped it, or there is no memory for a cold start either. */
	if (err == -ECANCELED || err == -ENOMEM)
		return false;
	/* It was a cold start already, which needs a person. */
	if (err == -EACCES)
		return true;

	return !osti_slot_get(nr, &slot) && slot.state == OSTI_SLOT_EMPTY &&
	       !osti_saved_get(&slot, &saved) &&
	       saved.state != OSTI_SAVED_NONE;
}

/* A person has chosen the slot a second time. */
static int enter_again(const struct osti_device *dev,
		       const struct second *second)
{
	struct osti_slot slot;
	int ret;

	ret = osti_slot_get(second->slot, &slot);
	if (ret)
		return ret;
	if (second->back)
		return osti_resume_image(dev, &slot);

	return osti_start(dev, &slot, second->consent);
}

/* Enter a slot, and note whether another choice of it shall do more. */
static void enter(const struct osti_device *dev, u32 nr, struct second *second)
{
	struct second next = { .slot = nr, .consent = OSTI_CONSENT_NONE };
	bool first = nr != second->slot;
	int ret;

	ret = first ? osti_enter(dev, nr) : enter_again(dev, second);
	if (first && ret == -EREMOTE)
		next.back = true;
	else if ((first || second->back) && cold_is_left(nr, ret))
		next.consent = OSTI_CONSENT_START;
	else if (!first && ret == -EROFS)
		next.consent = OSTI_CONSENT_ANYWAY;
	else
		next.slot = 0;
	*second = next;
	/* A choice is one that was made after the error was read. */
	osti_keys_drop();
}

static void print_second(const struct second *second)
{
	if (!second->slot)
		return;
	if (second->back)
		printf("osti: press %u again to take it back: it goes on from what is here\n",
		       second->slot);
	else
		printf("osti: press %u again to start it cold%s; its image is given up for good\n",
		       second->slot, second->consent == OSTI_CONSENT_ANYWAY ?
		       " all the same" : "");
}

/* Return: true if a slot was chosen */
static bool ask_slot(const struct osti_device *dev, const char *what,
		     struct osti_slot *slot)
{
	int key;

	printf("osti: %s which slot? 1-%u, any other key to go back\n", what,
	       dev->nr_slots);
	key = osti_key_get();

	return key >= '1' && key < '1' + (int)dev->nr_slots &&
	       !osti_slot_get(key - '0', slot);
}

static void hibernate_asked(const struct osti_device *dev)
{
	struct osti_slot slot;

	if (ask_slot(dev, "hibernate", &slot) && osti_can_hibernate(&slot))
		osti_hibernate(dev, &slot);
}

static void import_asked(const struct osti_device *dev)
{
	struct osti_slot slot;

	if (ask_slot(dev, "import the key of", &slot))
		osti_key_ask(&slot);
}

static void power_off_asked(const struct osti_device *dev)
{
	int frozen = osti_slots_frozen(dev, NULL);

	if (frozen) {
		if (frozen > 0)
			printf("osti: %d frozen slot%s would be lost: s to hibernate and power off, p again to power off, any other key to go back\n",
			       frozen, frozen == 1 ? "" : "s");
		else
			puts("osti: frozen slots may be lost: p again to power off, any other key to go back\n");
		switch (osti_key_get()) {
		case 'p':
			break;
		case 's':
			if (frozen > 0 && !osti_hibernate_all(dev))
				break;
			return;
		default:
			return;
		}
	}
	osti_power_off();
}

static enum verdict act_on_key(const struct osti_device *dev, int key,
			       struct second *second)
{
	if (key >= '1' && key < '1' + (int)dev->nr_slots) {
		enter(dev, key - '0', second);
		return MENU_SHOW;
	}
	second->slot = 0;
	switch (key) {
	case 'h':
		hibernate_asked(dev);
		return MENU_SHOW;
	case 'k':
		import_asked(dev);
		return MENU_SHOW;
	case 'p':
		power_off_asked(dev);
		return MENU_SHOW;
	case 'r':
		puts("osti: restarting the boot manager\n");
		do_reset(NULL, 0, 0, NULL);
		return MENU_SHOW;
	case 'c':
		if (!IS_ENABLED(CONFIG_OSTI_SHELL))
			return MENU_STAY;
		puts("osti: command shell, \"osti menu\" goes back to the menu\n");
		return MENU_LEAVE;
	case '\r':
	case '\n':
		return MENU_SHOW;
	default:
		return MENU_STAY;
	}
}

static int run_menu(const struct osti_device *dev, const struct plan *plan)
{
	enum act act = plan->act;
	enum verdict verdict = MENU_SHOW;
	struct second second = { 0 };
	int ret;

	if (act == ACT_ENTER_NOW)
		enter(dev, plan->slot, &second);
	while (verdict != MENU_LEAVE) {
		if (verdict == MENU_SHOW) {
			ret = show(dev);
			if (ret)
				return ret;
		}
		if ((act == ACT_ENTER || act == ACT_POWER_OFF) &&
		    countdown(dev, plan)) {
			if (act == ACT_ENTER)
				enter(dev, plan->slot, &second);
			else
				osti_power_off();
			/* It did not work, so a person has to choose. */
			act = ACT_WAIT;
			verdict = MENU_SHOW;
			continue;
		}
		act = ACT_WAIT;
		print_second(&second);
		puts("osti: waiting for a key\n");
		verdict = act_on_key(dev, osti_key_get(), &second);
	}

	return 0;
}

int osti_menu(void)
{
	struct plan plan = { .act = ACT_WAIT };
	struct osti_device dev;
	int ret;

	ret = osti_device_get(&dev);
	if (ret)
		return ret;
	osti_keys_drop();

	return run_menu(&dev, &plan);
}

int osti_boot(void)
{
	struct osti_reason reason;
	struct osti_device dev;
	struct plan plan;
	int ret;

	ret = osti_device_get(&dev);
	if (ret)
		return ret;
	ret = osti_reason_get(&reason);
	if (ret)
		return ret;
	osti_keys_drop();
	print_reason(&reason);
	ret = osti_saved_refresh(&dev);
	if (ret)
		return ret;
	/* A slot that is gone from memory by its own wish is switched off. */
	if (reason.why == OSTI_REASON_REQUEST && !osti_request(&dev, &reason))
		reason.why = OSTI_REASON_OFF;
	ret = decide(&dev, &reason, &plan);
	if (ret)
		return ret;

	return run_menu(&dev, &plan);
}
