// SPDX-License-Identifier: GPL-2.0-only
/*
 * The boot menu: what is shown, and what keys do
 */

#include <common.h>
#include <command.h>
#include <console.h>
#include <time.h>
#include <osti/abi.h>
#include <osti/bm/device.h>
#include <osti/bm/enter.h>
#include <osti/bm/firmware.h>
#include <osti/bm/hibernate.h>
#include <osti/bm/keys.h>
#include <osti/bm/leave.h>
#include <osti/bm/list.h>
#include <osti/bm/menu.h>
#include <osti/bm/nap.h>
#include <osti/bm/resume.h>
#include <osti/bm/saved.h>
#include <osti/bm/slotkey.h>
#include <osti/bm/slots.h>
#include <osti/bm/start.h>

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

/* Return: true when the time is over, false when a key stopped it */
static bool countdown(const struct osti_plan *plan)
{
	ulong start = get_timer(0);
	u32 left = CONFIG_OSTI_MENU_DELAY;
	struct osti_saved saved;
	struct osti_slot slot;
	const char *verb = "starting";

	if (plan->act == OSTI_ACT_POWER_OFF) {
		printf("osti: nothing is left to run: power off in %u s, any key stops this\n",
		       left);
	} else {
		if (osti_slots_get(plan->slot, &slot) ||
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
		osti_nap();
	}

	return true;
}

static int show(const struct osti_device *dev)
{
	int ret;

	printf("\nOSTI boot menu\n%u CPU%s, switch monitor %u.%u\n",
	       dev->nr_cpus, dev->nr_cpus == 1 ? "" : "s", dev->major,
	       dev->minor);
	osti_firmware_print();
	putc('\n');
	ret = osti_list_slots(dev);
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

	return !osti_slots_get(nr, &slot) && slot.state == OSTI_SLOT_EMPTY &&
	       !osti_saved_get(&slot, &saved) &&
	       saved.state != OSTI_SAVED_NONE;
}

/* A person has chosen the slot a second time. */
static int enter_again(const struct osti_device *dev,
		       const struct second *second)
{
	struct osti_slot slot;
	int ret;

	ret = osti_slots_get(second->slot, &slot);
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
	key = osti_keys_get();

	return key >= '1' && key < '1' + (int)dev->nr_slots &&
	       !osti_slots_get(key - '0', slot);
}

static void hibernate_asked(const struct osti_device *dev)
{
	struct osti_slot slot;

	if (ask_slot(dev, "hibernate", &slot) && osti_hibernate_possible(&slot))
		osti_hibernate(dev, &slot);
}

static void import_asked(const struct osti_device *dev)
{
	struct osti_slot slot;

	if (ask_slot(dev, "import the key of", &slot))
		osti_slotkey_ask(&slot);
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
		switch (osti_keys_get()) {
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
	osti_leave_power_off();
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

int osti_menu(const struct osti_device *dev, const struct osti_plan *plan)
{
	enum osti_act act = plan->act;
	enum verdict verdict = MENU_SHOW;
	struct second second = { 0 };
	int ret;

	if (act == OSTI_ACT_ENTER_NOW)
		enter(dev, plan->slot, &second);
	while (verdict != MENU_LEAVE) {
		if (verdict == MENU_SHOW) {
			ret = show(dev);
			if (ret)
				return ret;
		}
		if ((act == OSTI_ACT_ENTER || act == OSTI_ACT_POWER_OFF) &&
		    countdown(plan)) {
			if (act == OSTI_ACT_ENTER)
				enter(dev, plan->slot, &second);
			else
				osti_leave_power_off();
			/* It did not work, so a person has to choose. */
			act = OSTI_ACT_WAIT;
			verdict = MENU_SHOW;
			continue;
		}
		act = OSTI_ACT_WAIT;
		print_second(&second);
		puts("osti: waiting for a key\n");
		verdict = act_on_key(dev, osti_keys_get(), &second);
	}

	return 0;
}
