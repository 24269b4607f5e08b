// SPDX-License-Identifier: GPL-2.0-only
/*
 * osti_main.c - driver of the switch monitor, OSTI
 *
 * Binds to the device-tree node that the boot manager makes for an OS that
 * runs in a slot, and offers /dev/osti to its user space.
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/pm.h>
#include <linux/slab.h>

#include "osti.h"
#include "osti_disk.h"
#include "osti_smc.h"

static void osti_free(struct kref *ref)
{
	struct osti *osti = container_of(ref, struct osti, ref);

	put_device(osti->dev);
	mutex_destroy(&osti->switch_lock);
	mutex_destroy(&osti->transfer_lock);
	kfree(osti);
}

/**
 * osti_put() - drop a reference; the last one frees
 * @osti: the monitor.
 */
void osti_put(struct osti *osti)
{
	kref_put(&osti->ref, osti_free);
}

static struct osti *osti_new(struct device *dev)
{
	struct osti *osti;

	osti = kzalloc(sizeof(*osti), GFP_KERNEL);
	if (!osti)
		return NULL;

	kref_init(&osti->ref);
	osti->dev = get_device(dev);
	init_waitqueue_head(&osti->wait);
	mutex_init(&osti->switch_lock);
	mutex_init(&osti->transfer_lock);
	return osti;
}

/*
 * What osti_probe() set up, taken down when the driver is unbound. No "remove" of
 * the driver, as its type is another one in each series of kernels.
 */
static void osti_unbind(void *data)
{
	struct osti *osti = data;

	osti_dev_unregister(osti);
	osti_disk_exit(osti);
	osti_switch_exit(osti);
	osti_put(osti);
}

static int osti_probe(struct platform_device *pdev)
{
	struct osti_ioc_info info;
	struct osti *osti;
	u32 major, minor;
	int err;

	err = osti_smc_find(&pdev->dev, &major, &minor);
	if (err)
		return err;
	err = osti_smc_info(&info);
	if (err)
		return err;

	osti = osti_new(&pdev->dev);
	if (!osti)
		return -ENOMEM;
	osti->abi_major = major;
	osti->abi_minor = minor;
	osti->own_slot = info.own_slot;
	osti->nr_slots = info.nr_slots;
	platform_set_drvdata(pdev, osti);

	err = osti_switch_init(osti);
	if (err)
		goto err_put;
	err = osti_disk_init(osti);
	if (err)
		goto err_switch;
	err = osti_dev_register(osti);
	if (err)
		goto err_disk;
	err = devm_add_action_or_reset(&pdev->dev, osti_unbind, osti);
	if (err)
		return err;

	dev_info(&pdev->dev, "slot %u of %u, call interface %u.%u\n",
		 osti->own_slot, osti->nr_slots, major, minor);
	return 0;

err_disk:
	osti_disk_exit(osti);
err_switch:
	osti_switch_exit(osti);
err_put:
	osti_put(osti);
	return err;
}

/*
 * "prepare" is the first callback after the tasks were frozen, "complete" the
 * last before they thaw: what lies between them is the devices' share.
 */
static const struct dev_pm_ops osti_pm_ops = {
	.prepare = osti_switch_prepare,
	.resume_early = osti_display_resume,
	.complete = osti_switch_complete,
};

static const struct of_device_id osti_of_match[] = {
	{ .compatible = "osti,monitor-1" },
	{ }
};
MODULE_DEVICE_TABLE(of, osti_of_match);

static struct platform_driver osti_driver = {
	.probe = osti_probe,
	.driver = {
		.name = "osti",
		.of_match_table = osti_of_match,
		.pm = pm_sleep_ptr(&osti_pm_ops),
	},
};
module_platform_driver(osti_driver);

MODULE_DESCRIPTION("OSTI: switch between resident operating systems");
MODULE_AUTHOR("The OSTI project");
MODULE_LICENSE("GPL");
