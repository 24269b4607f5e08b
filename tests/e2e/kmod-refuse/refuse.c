// SPDX-License-Identifier: GPL-2.0-only
/*
 * refuse.c - a device that does not want to be suspended
 *
 * For the test of a switch that fails: while the parameter "refuse" is 1 the
 * suspend of its platform device fails with EBUSY. Change it at run time in
 * /sys/module/refuse/parameters/refuse.
 */
#include <linux/err.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/pm.h>

static bool refuse;
module_param(refuse, bool, 0644);
MODULE_PARM_DESC(refuse, "let each suspend fail with EBUSY");

static struct platform_device *refuse_device;

static int refuse_suspend(struct device *dev)
{
	if (!READ_ONCE(refuse))
		return 0;
	dev_info(dev, "refusing to suspend, as asked\n");
	return -EBUSY;
}

static int refuse_resume(struct device *dev)
{
	return 0;
}

static DEFINE_SIMPLE_DEV_PM_OPS(refuse_pm_ops, refuse_suspend, refuse_resume);

static struct platform_driver refuse_driver = {
	.driver = {
		.name = "osti-refuse",
		.pm = pm_sleep_ptr(&refuse_pm_ops),
	},
};

static int __init refuse_init(void)
{
	int err;

	err = platform_driver_register(&refuse_driver);
	if (err)
		return err;

	refuse_device = platform_device_register_simple("osti-refuse",
							PLATFORM_DEVID_NONE,
							NULL, 0);
	if (IS_ERR(refuse_device)) {
		platform_driver_unregister(&refuse_driver);
		return PTR_ERR(refuse_device);
	}
	return 0;
}
module_init(refuse_init);

static void __exit refuse_exit(void)
{
	platform_device_unregister(refuse_device);
	platform_driver_unregister(&refuse_driver);
}
module_exit(refuse_exit);

MODULE_DESCRIPTION("OSTI test: a device that refuses to suspend");
MODULE_LICENSE("GPL");
