// SPDX-License-Identifier: GPL-2.0-only
/*
 * osti_switch.c - suspend this OS so that the monitor enters another one
 *
 * A switch is an ordinary suspend to RAM with a target armed in the monitor.
 * While a task is in osti_switch() nobody else can suspend the device: either
 * system_transition_mutex is taken, or that task, which does not stop in the
 * freezer, keeps the other suspend from freezing all tasks. So the armed
 * target is used by this suspend or by none.
 */
#include <linux/device.h>
#include <linux/errno.h>
#include <linux/suspend.h>
#include <osti/abi.h>

#include "osti.h"
#include "osti_answer.h"
#include "osti_backup.h"
#include "osti_compat.h"
#include "osti_smc.h"

/* The callbacks of syscore_ops have no argument, and there is one monitor. */
static struct osti *osti_syscore;

/* Times are for measuring: that one is missing must not stop a suspend. */
static void osti_mark(struct osti *osti, unsigned int phase)
{
	int err = osti_smc_phase_mark(phase);

	/* ESTALE: the monitor times no switch now, or has this time already. */
	if (err && err != -ESTALE)
		dev_warn(osti->dev, "time of phase %u not noted: error %d\n",
			 phase, err);
}

/*
 * The newest phase record that ends in this OS; record number 0 if there is
 * none. Records of a switch away may lie before it.
 */
static int osti_last_return(struct osti *osti, struct osti_ioc_phases *phases)
{
	u32 i;
	int err;

	for (i = 0; i < OSTI_PHASE_RECORDS; i++) {
		err = osti_smc_phases(i, phases);
		if (err == -ENOENT)
			break;
		if (err)
			return err;
		if (phases->target == osti->own_slot &&
		    phases->time[OSTI_PHASE_MON_EXIT])
			return 0;
	}
	*phases = (struct osti_ioc_phases){ .record = 0 };
	return 0;
}

/**
 * osti_switch_prepare() - "prepare" of the platform device: tasks are frozen
 * @dev: the platform device.
 *
 * Context: process, with user space frozen, before any device is suspended.
 * Return: 0; a positive value would let the PM core skip "complete".
 */
int osti_switch_prepare(struct device *dev)
{
	struct osti *osti = dev_get_drvdata(dev);

	osti_resume_prepare(osti);
	osti_net_stop();
	osti_input_stop();
	if (osti->stage == OSTI_STAGE_REQUESTED) {
		osti->stage = OSTI_STAGE_FROZEN;
		osti_mark(osti, OSTI_PHASE_FROZEN);
		osti_display_freeze(osti);
	} else {
		osti_wake_sleep();
	}
	return 0;
}

/* Last but for the other syscore callbacks; one CPU, interrupts off. */
static int osti_syscore_suspend(OSTI_SYSCORE_ARGS)
{
	struct osti *osti = osti_syscore;

	if (osti->stage == OSTI_STAGE_FROZEN) {
		osti->stage = OSTI_STAGE_DEVICES;
		osti_mark(osti, OSTI_PHASE_DEVICES);
	}
	return 0;
}

/* The first after the device is back; one CPU, interrupts off. */
static void osti_syscore_resume(OSTI_SYSCORE_ARGS)
{
	osti_resume_early(osti_syscore);
}

static struct osti_syscore osti_syscore_calls = {
	.ops = {
		.suspend = osti_syscore_suspend,
		.resume = osti_syscore_resume,
	},
};

/**
 * osti_switch_complete() - "complete" of the platform device: devices resumed
 * @dev: the platform device.
 *
 * Runs also after a suspend that failed, and after an ordinary one, whose
 * times are wanted for comparison.
 *
 * Context: process, with user space frozen, after all devices were resumed.
 */
void osti_switch_complete(struct device *dev)
{
	struct osti *osti = dev_get_drvdata(dev);
	bool image = osti_resume_check(osti);
	struct osti_ioc_phases phases;
	int err;

	osti_wake_end();
	osti_display_end();
	osti_input_start();
	osti_net_start();
	osti_backup_resumed(osti);
	err = osti_last_return(osti, &phases);
	if (err) {
		dev_warn(osti->dev, "phase records not readable: error %d\n",
			 err);
	} else if (image || phases.record > osti->last_return) {
		/* Numbers of records begin anew at power-on. */
		osti->last_return = phases.record;
		osti_mark(osti, OSTI_PHASE_RESUMED);
	}

	wake_up_interruptible(&osti->wait);
}

/* Say why pm_suspend() failed, and turn what is ambiguous into an errno. */
static int osti_suspend_failed(struct osti *osti, int err)
{
	int psci;

	switch (osti->stage) {
	case OSTI_STAGE_REQUESTED:
		if (err == -EINVAL) {
			dev_err(osti->dev, "switch failed: this kernel cannot suspend to RAM; does /sys/power/mem_sleep name \"deep\"?\n");
			return -EOPNOTSUPP;
		}
		dev_warn(osti->dev, "switch failed: error %d before all tasks were frozen\n",
			 err);
		return err;
	case OSTI_STAGE_FROZEN:
		dev_warn(osti->dev, "switch failed: error %d while suspending devices; the lines above may name the device\n",
			 err);
		return err;
	default:
		psci = osti_answer_psci(err);
		if (psci != err)
			dev_warn(osti->dev, "switch failed: firmware refused SYSTEM_SUSPEND with PSCI error %d\n",
				 err);
		else
			dev_warn(osti->dev, "switch failed: error %d in the last step; a wake-up event came first if it is %d\n",
				 err, -EBUSY);
		return psci;
	}
}

/* What became of the request. */
static int osti_switch_result(struct osti_ioc_switch *sw)
{
	int err;

	err = osti_smc_result(sw->request, sw);
	if (err != -ENOENT)
		return err;
	/* A person resumed this OS, or the boot manager was reset. */
	sw->result = OSTI_RESULT_FAILED;
	sw->detail = ENODATA;
	return 0;
}

/*
 * pm_suspend() returns 0 also when /sys/power/pm_test made it stop half way,
 * so ask the monitor whether this OS was away. When it came from an image, the
 * records before and after may be of different power-ons.
 */
static int osti_switch_check(struct osti *osti, u64 images, u64 before,
			     struct osti_ioc_switch *sw)
{
	struct osti_ioc_phases phases;
	int err;

	if (osti->images != images) {
		sw->resumed = osti->image_reason;
		return 0;
	}
	err = osti_last_return(osti, &phases);
	if (err)
		return err;
	if (phases.record <= before) {
		dev_err(osti->dev, "switch failed: the kernel did not really suspend; is /sys/power/pm_test \"none\"?\n");
		return -EOPNOTSUPP;
	}
	if (phases.kind == OSTI_SWITCH_SUSPEND) {
		dev_err(osti->dev, "switch failed: the device slept instead; the monitor did not use the armed target\n");
		return -EIO;
	}
	sw->record = phases.record;
	sw->resumed = OSTI_RESUMED_HOT;
	return sw->request ? osti_switch_result(sw) : 0;
}

static int osti_switch_locked(struct osti *osti, struct osti_ioc_switch *sw)
{
	struct osti_ioc_phases before;
	u64 images = osti->images;
	int cancel, err;

	err = osti_last_return(osti, &before);
	if (err)
		return err;
	err = osti_smc_target_arm(sw->target, sw->request);
	if (err)
		return err;

	osti->stage = OSTI_STAGE_REQUESTED;
	osti_pci_pull(osti);
	err = pm_suspend(PM_SUSPEND_MEM);
	if (err)
		err = osti_suspend_failed(osti, err);
	else
		err = osti_switch_check(osti, images, before.record, sw);
	osti->stage = OSTI_STAGE_IDLE;
	osti_pci_put_in(osti);
	if (!err)
		return 0;

	/* Else the next ordinary suspend would become a switch. */
	cancel = osti_smc_target_cancel();
	if (cancel)
		dev_err(osti->dev, "target %u stays armed: error %d; the next suspend may switch to it\n",
			sw->target, cancel);
	return err;
}

/**
 * osti_switch() - freeze this OS and enter another, or ask the boot manager
 * @osti:	the monitor.
 * @sw:		target and request, of which any value is allowed; the rest is 0
 *		and gets filled.
 *
 * Context: process; sleeps while this OS is frozen.
 * Return: 0 when this OS was frozen and runs again. Else a negative errno, and
 * no target is armed: -EBUSY (a switch is under way, or a task, device,
 * wake-up event or CPU was in the way), -EINVAL (no such slot, own slot, no
 * such request), -EOPNOTSUPP (this kernel cannot suspend to RAM, or only tests
 * it), -EIO (the monitor broke its contract, or refused to suspend), or what the
 * suspend code of a device returned.
 */
int osti_switch(struct osti *osti, struct osti_ioc_switch *sw)
{
	int err;

	if (!mutex_trylock(&osti->switch_lock))
		return -EBUSY;
	err = osti_switch_locked(osti, sw);
	osti->last_error = err;
	if (!err)
		osti->switches++;
	mutex_unlock(&osti->switch_lock);
	return err;
}

/**
 * osti_switch_init() - start to observe suspends
 * @osti: the monitor.
 *
 * Context: process, in probe.
 * Return: 0, -EBUSY (there is another monitor already), -EIO, or an errno of
 * osti_random_init() or osti_wake_init().
 */
int osti_switch_init(struct osti *osti)
{
	struct osti_ioc_phases phases;
	int err;

	if (osti_syscore) {
		dev_err(osti->dev, "a second switch monitor in the device tree; only the first is used\n");
		return -EBUSY;
	}

	/* How this OS was started is not a return from a suspend. */
	err = osti_last_return(osti, &phases);
	if (err)
		return err;
	osti->last_return = phases.record;
	err = osti_resume_init(osti);
	if (err)
		return err;
	err = osti_random_init(osti);
	if (err)
		return err;
	err = osti_wake_init();
	if (err)
		goto err_random;

	osti_syscore = osti;
	osti_compat_syscore(&osti_syscore_calls);
	return 0;

err_random:
	osti_random_exit(osti);
	return err;
}

/**
 * osti_switch_exit() - undo osti_switch_init()
 * @osti: the monitor.
 *
 * Context: process, in remove; so user space is not frozen, and none of the
 * callbacks can be running.
 */
void osti_switch_exit(struct osti *osti)
{
	osti_compat_syscore_end(&osti_syscore_calls);
	osti_syscore = NULL;
	osti_wake_exit();
	osti_random_exit(osti);
}
