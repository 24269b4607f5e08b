// SPDX-License-Identifier: GPL-2.0-only
/*
 * osti_smc.c - the calls into the switch monitor
 */
#include <linux/arm-smccc.h>
#include <linux/device.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/string.h>
#include <osti/abi.h>

#include "osti_answer.h"
#include "osti_smc.h"

/* @r: function and arguments before, results after. */
static void osti_smc(struct osti_regs *r)
{
	struct arm_smccc_1_2_regs args = {
		.a0 = r->x[0], .a1 = r->x[1], .a2 = r->x[2], .a3 = r->x[3],
		.a4 = r->x[4], .a5 = r->x[5], .a6 = r->x[6],
	};
	struct arm_smccc_1_2_regs res;

	arm_smccc_1_2_smc(&args, &res);
	*r = (struct osti_regs){ {
		res.a0, res.a1, res.a2, res.a3, res.a4, res.a5, res.a6, res.a7,
		res.a8, res.a9, res.a10, res.a11,
	} };
	/* A key may have come this way. */
	memzero_explicit(&res, sizeof(res));
}

/**
 * osti_smc_call() - one call, of whatever kind
 * @r:	function and arguments before, results after.
 * @may: as osti_answer_status() takes it.
 *
 * Return: as osti_answer_status(); says so in the log when the status breaks the
 * contract.
 */
int osti_smc_call(struct osti_regs *r, unsigned int may)
{
	u32 function = r->x[0];
	int err;

	osti_smc(r);
	err = osti_answer_status(r, may);
	if (err == -EIO)
		pr_err_ratelimited("osti: monitor answered call %#x with status %lld; module and firmware do not fit each other\n",
				   function, (s64)r->x[0]);
	return err;
}

static int osti_call2(u32 function, u64 arg1, u64 arg2, unsigned int may,
		      struct osti_regs *r)
{
	*r = (struct osti_regs){ { function, arg1, arg2 } };
	return osti_smc_call(r, may);
}

static int osti_call(u32 function, u64 arg, unsigned int may,
		     struct osti_regs *r)
{
	return osti_call2(function, arg, 0, may, r);
}

/**
 * osti_checked() - pass on a verdict over the results of a call
 * @function:	the call.
 * @err:	what osti_answer_*() said of them.
 *
 * Return: @err; says so in the log when it is an error.
 */
int osti_checked(u32 function, int err)
{
	if (err)
		pr_err_ratelimited("osti: monitor answered call %#x with values out of range; module and firmware do not fit each other\n",
				   function);
	return err;
}

/**
 * osti_smc_find() - look whether the monitor is there and speaks our language
 * @dev:	device for messages.
 * @major:	major version of the monitor's contract.
 * @minor:	minor version of it.
 *
 * Return: 0, -ENODEV (no monitor) or -EPROTO (other version); both are logged.
 */
int osti_smc_find(struct device *dev, u32 *major, u32 *minor)
{
	struct osti_regs r;

	/* Where SMC is not the conduit it may be an undefined instruction. */
	if (arm_smccc_1_1_get_conduit() != SMCCC_CONDUIT_SMC) {
		dev_err(dev, "no switch monitor: the firmware offers no SMC calling convention 1.1 or later; was the device started with the OSTI firmware?\n");
		return -ENODEV;
	}

	r = (struct osti_regs){ { OSTI_CALL_UID } };
	osti_smc(&r);
	if (osti_answer_uid(&r)) {
		dev_err(dev, "no switch monitor: UID call answered %08x %08x %08x %08x; was the device started with the OSTI firmware?\n",
			(u32)r.x[0], (u32)r.x[1], (u32)r.x[2], (u32)r.x[3]);
		return -ENODEV;
	}

	r = (struct osti_regs){ { OSTI_CALL_REVISION } };
	osti_smc(&r);
	if (osti_answer_revision(&r, major, minor)) {
		dev_err(dev, "switch monitor has call interface %u.%u, this module needs %u.x; install the module that came with the firmware\n",
			*major, *minor, OSTI_ABI_MAJOR);
		return -EPROTO;
	}
	return 0;
}

/**
 * osti_smc_info() - INFO
 * @info: filled, but for the ABI version.
 *
 * Return: 0, or -EIO (answer outside the contract).
 */
int osti_smc_info(struct osti_ioc_info *info)
{
	struct osti_regs r;
	int err;

	err = osti_call(OSTI_CALL_INFO, 0, 0, &r);
	if (err)
		return err;
	return osti_checked(OSTI_CALL_INFO, osti_answer_info(&r, info));
}

/**
 * osti_smc_slot() - SLOT_INFO
 * @slot: number of the slot; any value is allowed.
 * @info: filled.
 *
 * Return: 0, -EINVAL (no such slot) or -EIO (answer outside the contract).
 */
int osti_smc_slot(u32 slot, struct osti_ioc_slot *info)
{
	struct osti_regs r;
	int err;

	err = osti_call(OSTI_CALL_SLOT_INFO, slot, OSTI_MAY(OSTI_E_INVALID), &r);
	if (err)
		return err;
	info->slot = slot;
	return osti_checked(OSTI_CALL_SLOT_INFO, osti_answer_slot(&r, info));
}

/**
 * osti_smc_target_arm() - TARGET_ARM: the next SYSTEM_SUSPEND will switch
 * @target:	slot number or OSTI_CONTEXT_BM; any value is allowed.
 * @request:	OSTI_REQUEST_* | slot << 8; any value is allowed.
 *
 * Return: 0, -EINVAL (no such slot, own slot, no such request) or -EIO (answer
 * outside the contract).
 */
int osti_smc_target_arm(u32 target, u32 request)
{
	struct osti_regs r;

	return osti_call2(OSTI_CALL_TARGET_ARM, target, request,
			  OSTI_MAY(OSTI_E_INVALID), &r);
}

/**
 * osti_smc_target_cancel() - TARGET_CANCEL: the next SYSTEM_SUSPEND sleeps
 *
 * Return: 0, also if nothing was armed, or -EIO (answer outside the contract).
 */
int osti_smc_target_cancel(void)
{
	struct osti_regs r;

	return osti_call(OSTI_CALL_TARGET_CANCEL, 0, 0, &r);
}

/**
 * osti_smc_phase_mark() - PHASE_MARK: note the time of a phase
 * @phase: OSTI_PHASE_FROZEN, _DEVICES, _RESUMED or _USER.
 *
 * Return: 0, -ESTALE (no switch to mark, or marked already) or -EIO (answer
 * outside the contract).
 */
int osti_smc_phase_mark(unsigned int phase)
{
	struct osti_regs r;

	return osti_call(OSTI_CALL_PHASE_MARK, phase, OSTI_MAY(OSTI_E_STATE),
			 &r);
}

/**
 * osti_smc_phases() - PHASE_READ
 * @index:	0 = the newest record that concerns this OS; any value.
 * @phases:	filled.
 *
 * Return: 0, -ENOENT (no such record) or -EIO (answer outside the contract).
 */
int osti_smc_phases(u32 index, struct osti_ioc_phases *phases)
{
	struct osti_regs r;
	int err;

	BUILD_BUG_ON(ARRAY_SIZE(phases->time) != OSTI_PHASES);

	err = osti_call(OSTI_CALL_PHASE_READ, index, OSTI_MAY(OSTI_E_EMPTY),
			&r);
	if (err)
		return err;
	phases->index = index;
	return osti_checked(OSTI_CALL_PHASE_READ,
			    osti_answer_phases(&r, phases));
}

/**
 * osti_smc_ring() - EVENT_INFO
 * @nr:		OSTI_RING_*; any value is allowed.
 * @ring:	filled.
 *
 * Return: 0, -EINVAL (no such ring) or -EIO (answer outside the contract).
 */
int osti_smc_ring(u32 nr, struct osti_ioc_ring *ring)
{
	struct osti_regs r;
	int err;

	if (nr >= OSTI_RINGS)
		return -EINVAL;
	err = osti_call(OSTI_CALL_EVENT_INFO, nr, 0, &r);
	if (err)
		return err;
	ring->ring = nr;
	return osti_checked(OSTI_CALL_EVENT_INFO, osti_answer_ring(&r, ring));
}

/**
 * osti_smc_event() - EVENT_READ
 * @ring:	OSTI_RING_* that there is.
 * @seq:	sequence number of the record; any value.
 * @event:	filled.
 *
 * Return: 0, -ENOENT (overwritten, or not yet written) or -EIO (answer outside
 * the contract).
 */
int osti_smc_event(u32 ring, u64 seq, struct osti_event *event)
{
	struct osti_regs r;
	int err;

	err = osti_call2(OSTI_CALL_EVENT_READ, seq, ring,
			 OSTI_MAY(OSTI_E_EMPTY), &r);
	if (err)
		return err;
	return osti_checked(OSTI_CALL_EVENT_READ,
			    osti_answer_event(&r, ring, seq, event));
}

/**
 * osti_smc_image() - IMAGE_INFO
 * @slot:	number of the slot; any value is allowed.
 * @image:	filled.
 *
 * Return: 0, -EINVAL (no such slot), -ENODATA (no NV memory that can be
 * trusted, so no images) or -EIO (answer outside the contract).
 */
int osti_smc_image(u32 slot, struct osti_ioc_image *image)
{
	struct osti_regs r;
	int err;

	err = osti_call(OSTI_CALL_IMAGE_INFO, slot,
			OSTI_MAY(OSTI_E_INVALID) | OSTI_MAY(OSTI_E_HARDWARE),
			&r);
	if (err)
		return err;
	image->slot = slot;
	return osti_checked(OSTI_CALL_IMAGE_INFO,
			    osti_answer_image(&r, image));
}

/**
 * osti_smc_result() - REQUEST_RESULT
 * @request:	the request that was armed.
 * @sw:		result and detail are filled.
 *
 * Return: 0, -ENOENT (there is no answer) or -EIO (answer outside the
 * contract).
 */
int osti_smc_result(u32 request, struct osti_ioc_switch *sw)
{
	struct osti_regs r;
	int err;

	err = osti_call(OSTI_CALL_REQUEST_RESULT, 0, OSTI_MAY(OSTI_E_EMPTY),
			&r);
	if (err)
		return err;
	return osti_checked(OSTI_CALL_REQUEST_RESULT,
			    osti_answer_result(&r, request, sw));
}

/**
 * osti_smc_resume() - RESUME_INFO
 * @resume: filled.
 *
 * Return: 0, or -EIO (answer outside the contract).
 */
int osti_smc_resume(struct osti_resume *resume)
{
	struct osti_regs r;
	int err;

	err = osti_call(OSTI_CALL_RESUME_INFO, 0, 0, &r);
	if (err)
		return err;
	return osti_checked(OSTI_CALL_RESUME_INFO,
			    osti_answer_resume(&r, resume));
}

/**
 * osti_smc_good() - START_GOOD
 * @good: least_version is asked for, any value; accepted is filled.
 *
 * Return: 0, -EINVAL (above the version by which this OS was started, or that
 * is not known), -ENODATA (NV memory cannot be written) or -EIO (answer
 * outside the contract).
 */
int osti_smc_good(struct osti_ioc_good *good)
{
	struct osti_regs r;
	int err;

	err = osti_call(OSTI_CALL_START_GOOD, good->least_version,
			OSTI_MAY(OSTI_E_INVALID) | OSTI_MAY(OSTI_E_HARDWARE),
			&r);
	if (err)
		return err;
	return osti_checked(OSTI_CALL_START_GOOD, osti_answer_good(&r, good));
}
