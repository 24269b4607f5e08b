// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an operating system asks of the boot manager
 */

#include <common.h>
#include <asm/byteorder.h>
#include <osti/abi.h>
#include <osti/bm/call.h>
#include <osti/bm/clock.h>
#include <osti/bm/device.h>
#include <osti/bm/error.h>
#include <osti/bm/firmware.h>
#include <osti/bm/hibernate.h>
#include <osti/bm/install.h>
#include <osti/bm/keys.h>
#include <osti/bm/leave.h>
#include <osti/bm/request.h>
#include <osti/bm/restore.h>
#include <osti/bm/resume.h>
#include <osti/bm/saved.h>
#include <osti/bm/slots.h>
#include <osti/bm/store.h>

#define CONSENT_MS	30000

struct answer {
	u32 result;
	u64 detail;
};

static struct answer answer_error(int err)
{
	switch (err) {
	case 0:
		return (struct answer){ OSTI_RESULT_DONE, 0 };
	case -ECANCELED:
		return (struct answer){ OSTI_RESULT_DECLINED, 0 };
	default:
		return (struct answer){ OSTI_RESULT_FAILED, -err };
	}
}

static struct answer hibernate(const struct osti_device *dev,
			       const struct osti_slot *slot)
{
	struct osti_store store;
	int ret;

	if (!osti_hibernate_possible(slot))
		return (struct answer){ OSTI_RESULT_STATE, slot->nr };
	ret = osti_store_open(slot, &store);
	if (ret) {
		osti_store_explain(slot, ret);
		return (struct answer){ OSTI_RESULT_NO_STORE, 0 };
	}

	return answer_error(osti_hibernate(dev, slot));
}

static struct answer retire(const struct osti_device *dev,
			    const struct osti_slot *slot)
{
	struct answer answer = { OSTI_RESULT_DONE, 0 };
	int ret;

	if (slot->state != OSTI_SLOT_EMPTY)
		answer = hibernate(dev, slot);
	if (answer.result)
		return answer;
	ret = osti_saved_retire(slot);
	if (ret == -ENOENT)
		return (struct answer){ OSTI_RESULT_NO_IMAGE, 0 };

	return answer_error(ret);
}

static struct answer power_off(const struct osti_device *dev)
{
	struct osti_store store;
	struct osti_slot slot = { .nr = 0 };
	int ret;

	/* Better to know before the first slot has left memory. */
	while ((ret = osti_slots_next(dev, &slot)) > 0) {
		if (slot.state != OSTI_SLOT_FROZEN)
			continue;
		ret = osti_store_open(&slot, &store);
		if (ret) {
			osti_store_explain(&slot, ret);
			return (struct answer){ OSTI_RESULT_NO_STORE, slot.nr };
		}
	}
	if (!ret)
		ret = osti_hibernate_all(dev);
	if (ret)
		return answer_error(ret);

	return answer_error(osti_leave_power_off());
}

/* Return: true if there is an image that can be looked at, else the answer */
static bool have_image(const struct osti_slot *slot,
		       const struct osti_saved *saved, struct answer *answer)
{
	if (saved->state == OSTI_SAVED_MISSING && saved->store_err) {
		osti_store_explain(slot, saved->store_err);
		*answer = (struct answer){ OSTI_RESULT_NO_STORE, 0 };
		return false;
	}
	if (saved->state == OSTI_SAVED_NONE ||
	    saved->state == OSTI_SAVED_MISSING) {
		osti_error("slot %u (%s): there is no image of it", slot->nr,
			   slot->name);
		*answer = (struct answer){ OSTI_RESULT_NO_IMAGE, 0 };
		return false;
	}

	return true;
}

static struct answer verify(const struct osti_slot *slot)
{
	struct osti_saved saved;
	struct answer answer;
	int ret;

	ret = osti_saved_get(slot, &saved);
	if (ret)
		return answer_error(ret);
	if (!have_image(slot, &saved, &answer))
		return answer;
	if (slot->state != OSTI_SLOT_EMPTY)
		return (struct answer){ OSTI_RESULT_STATE, slot->nr };
	ret = osti_restore_verify(slot, &saved);
	if (ret == -EKEYREJECTED)
		return (struct answer){ OSTI_RESULT_REFUSED, -saved.error };

	return answer_error(ret);
}

/* Whoever loses something is not the one who asks. */
static bool person_agrees(void)
{
	osti_keys_drop();
	printf("y within %d s to agree, any other key to decline\n",
	       CONSENT_MS / 1000);
	if (osti_keys_wait(CONSENT_MS) == 'y')
		return true;
	puts("osti: declined\n");

	return false;
}

static struct answer drop(const struct osti_slot *asks,
			  const struct osti_slot *slot)
{
	struct osti_saved saved;
	int ret;

	ret = osti_saved_get(slot, &saved);
	if (ret)
		return answer_error(ret);
	/* One that is missing can be given up as well. */
	if (saved.state == OSTI_SAVED_NONE) {
		osti_error("slot %u (%s): there is no image of it", slot->nr,
			   slot->name);
		return (struct answer){ OSTI_RESULT_NO_IMAGE, 0 };
	}
	printf("osti: slot %u (%s) wants the image of slot %u (%s) to be given up for good: ",
	       asks->nr, asks->name, slot->nr, slot->name);
	if (!person_agrees())
		return (struct answer){ OSTI_RESULT_DECLINED, 0 };

	return answer_error(osti_saved_drop(slot));
}

static void describe_copy(const struct osti_slot *asks,
			  const struct osti_slot *slot,
			  const struct osti_regs *info)
{
	printf("osti: slot %u (%s) wants a copy to take the place of slot %u (%s), made ",
	       asks->nr, asks->name, slot->nr, slot->name);
	osti_clock_print(info->x[4]);
	if (info->x[7])
		puts(" on this device");
	else
		printf(" on device %016llx%016llx", cpu_to_be64(info->x[5]),
		       cpu_to_be64(info->x[6]));
	printf(", as of image %llu\nosti: what slot %u (%s) is now, its disk too, ends with it: ",
	       info->x[3], slot->nr, slot->name);
}

/* Its image stays good until the copy is complete, or begins to write the disk. */
static struct answer make_empty(const struct osti_device *dev,
				const struct osti_slot *slot)
{
	if (slot->state == OSTI_SLOT_EMPTY)
		return (struct answer){ OSTI_RESULT_DONE, 0 };

	return hibernate(dev, slot);
}

static struct answer restore(const struct osti_device *dev,
			     const struct osti_slot *asks,
			     const struct osti_slot *slot)
{
	struct osti_regs info;
	struct answer answer;
	s64 status;

	status = osti_call(OSTI_CALL_RESTORE_INFO, 0, 0, 0, &info);
	if (status || info.x[1] != slot->nr || info.x[2] != asks->nr) {
		osti_error("slot %u (%s) has not said which copy shall take the place of slot %u (%s)",
			   asks->nr, asks->name, slot->nr, slot->name);
		return (struct answer){ OSTI_RESULT_NO_IMAGE, 0 };
	}
	describe_copy(asks, slot, &info);
	if (!person_agrees())
		return (struct answer){ OSTI_RESULT_DECLINED, 0 };
	answer = make_empty(dev, slot);
	if (answer.result)
		return answer;
	status = osti_call(OSTI_CALL_RESTORE_GRANT, slot->nr, 0, 0, &info);
	if (status)
		return answer_error(osti_call_refused("agree to the copy", slot,
						 status));

	return answer;
}

/*
 * What a slot starts by is its own matter: nobody asks for another. A firmware is in
 * its name, too, since that is handed over likewise.
 */
static struct answer boot_image(const struct osti_slot *asks, u32 request,
				const struct osti_slot *slot)
{
	u64 why = 0;
	int ret = -EPERM;

	if (asks->nr != slot->nr)
		osti_error("slot %u (%s) asks for a boot image of another slot",
			   asks->nr, asks->name);
	else if (request == OSTI_REQUEST_BOOT_INSTALL)
		ret = osti_install(slot, &why);
	else if (request == OSTI_REQUEST_FIRMWARE)
		ret = osti_firmware_install(slot, &why);
	else
		ret = osti_install_report(slot);
	switch (ret) {
	case -EKEYREJECTED:
		return (struct answer){ OSTI_RESULT_REFUSED, why };
	case -ENOMEDIUM:
		return (struct answer){ OSTI_RESULT_NO_STORE, 0 };
	case -EBUSY:
		return (struct answer){ OSTI_RESULT_STATE, slot->nr };
	default:
		return answer_error(ret);
	}
}

static struct answer serve(const struct osti_device *dev, u32 request,
			   const struct osti_slot *asks)
{
	struct osti_slot slot;
	int ret;

	if (OSTI_REQUEST_OF(request) == OSTI_REQUEST_POWER_OFF)
		return power_off(dev);
	ret = osti_slots_get(OSTI_REQUEST_SLOT(request), &slot);
	if (ret)
		return answer_error(ret);
	switch (OSTI_REQUEST_OF(request)) {
	case OSTI_REQUEST_HIBERNATE:
		return hibernate(dev, &slot);
	case OSTI_REQUEST_VERIFY:
		return verify(&slot);
	case OSTI_REQUEST_DROP:
		return drop(asks, &slot);
	case OSTI_REQUEST_RETIRE:
		return retire(dev, &slot);
	case OSTI_REQUEST_RESTORE:
		return restore(dev, asks, &slot);
	case OSTI_REQUEST_BOOT_INSTALL:
	case OSTI_REQUEST_BOOT_LIST:
	case OSTI_REQUEST_FIRMWARE:
		return boot_image(asks, OSTI_REQUEST_OF(request), &slot);
	default:
		osti_error("slot %u (%s) asks for what this boot manager does not know (%#x): build monitor and boot manager from the same source",
			   asks->nr, asks->name, request);
		return (struct answer){ OSTI_RESULT_FAILED, ENOSYS };
	}
}

static int give_answer(const struct osti_slot *asks, u32 request,
		       const struct answer *answer)
{
	struct osti_regs regs = {
		.x = {
			OSTI_CALL_BM_ANSWER, asks->nr, request, answer->result,
			answer->detail,
		},
	};

	osti_smc(&regs);
	if (regs.x[0])
		return osti_call_refused("hand the answer over", asks,
				    (s64)regs.x[0]);

	return 0;
}

int osti_request(const struct osti_device *dev,
		 const struct osti_reason *reason)
{
	struct osti_slot asks;
	struct answer answer;
	int ret;

	ret = osti_slots_get(reason->slot, &asks);
	if (ret)
		return ret;
	answer = serve(dev, reason->request, &asks);
	ret = osti_slots_get(reason->slot, &asks);
	if (ret)
		return ret;
	if (asks.state != OSTI_SLOT_FROZEN)
		return 0;
	/* Without an answer it goes on all the same, and knows of none. */
	give_answer(&asks, reason->request, &answer);

	return osti_resume(&asks);
}
