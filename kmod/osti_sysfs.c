// SPDX-License-Identifier: GPL-2.0-only
/*
 * osti_sysfs.c - attributes in /sys/class/misc/osti, see docs/sysfs-osti
 */
#include <linux/device.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <osti/abi.h>

#include "osti.h"
#include "osti_answer.h"
#include "osti_smc.h"

/* Largest number of attributes for each slot, and their order in the list. */
#define OSTI_SLOT_ATTRS		7

static struct osti *to_osti(struct device *dev)
{
	/* The misc core stores the miscdevice here. */
	return container_of(dev_get_drvdata(dev), struct osti, misc);
}

static ssize_t abi_version_show(struct device *dev,
				struct device_attribute *attr, char *buf)
{
	struct osti *osti = to_osti(dev);

	return sysfs_emit(buf, "%u.%u\n", osti->abi_major, osti->abi_minor);
}
static DEVICE_ATTR_RO(abi_version);

static ssize_t slot_show(struct device *dev, struct device_attribute *attr,
			 char *buf)
{
	return sysfs_emit(buf, "%u\n", to_osti(dev)->own_slot);
}
static DEVICE_ATTR_RO(slot);

static ssize_t nr_slots_show(struct device *dev, struct device_attribute *attr,
			     char *buf)
{
	return sysfs_emit(buf, "%u\n", to_osti(dev)->nr_slots);
}
static DEVICE_ATTR_RO(nr_slots);

static ssize_t show_name(char *buf, u32 slot)
{
	struct osti_ioc_slot info;
	int err;

	err = osti_smc_slot(slot, &info);
	if (err)
		return err;
	return sysfs_emit(buf, "%s\n", info.name);
}

static ssize_t name_show(struct device *dev, struct device_attribute *attr,
			 char *buf)
{
	return show_name(buf, to_osti(dev)->own_slot);
}
static DEVICE_ATTR_RO(name);

static ssize_t armed_show(struct device *dev, struct device_attribute *attr,
			  char *buf)
{
	struct osti_ioc_info info;
	int err;

	err = osti_smc_info(&info);
	if (err)
		return err;
	if (info.armed == OSTI_TARGET_NONE)
		return sysfs_emit(buf, "none\n");
	return sysfs_emit(buf, "%u\n", info.armed);
}
static DEVICE_ATTR_RO(armed);

static ssize_t switches_show(struct device *dev, struct device_attribute *attr,
			     char *buf)
{
	return sysfs_emit(buf, "%llu\n", READ_ONCE(to_osti(dev)->switches));
}
static DEVICE_ATTR_RO(switches);

static ssize_t last_error_show(struct device *dev,
			       struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%d\n", -READ_ONCE(to_osti(dev)->last_error));
}
static DEVICE_ATTR_RO(last_error);

static ssize_t resume_reason_show(struct device *dev,
				  struct device_attribute *attr, char *buf)
{
	struct osti_resume resume;
	int err;

	err = osti_smc_resume(&resume);
	if (err)
		return err;
	return sysfs_emit(buf, "%s\n", osti_resume_name(resume.reason));
}
static DEVICE_ATTR_RO(resume_reason);

static ssize_t generation_show(struct device *dev,
			       struct device_attribute *attr, char *buf)
{
	struct osti_resume resume;
	int err;

	err = osti_smc_resume(&resume);
	if (err)
		return err;
	return sysfs_emit(buf, "%llu\n", resume.generation);
}
static DEVICE_ATTR_RO(generation);

static ssize_t identity_show(struct device *dev, struct device_attribute *attr,
			     char *buf)
{
	return sysfs_emit(buf, "%*phN\n", OSTI_IDENTITY,
			  to_osti(dev)->identity);
}
static DEVICE_ATTR_RO(identity);

static u32 attr_slot(struct device_attribute *attr)
{
	struct dev_ext_attribute *ext;

	ext = container_of(attr, struct dev_ext_attribute, attr);
	return (unsigned long)ext->var;
}

static ssize_t slot_name_show(struct device *dev,
			      struct device_attribute *attr, char *buf)
{
	return show_name(buf, attr_slot(attr));
}

static ssize_t slot_state_show(struct device *dev,
			       struct device_attribute *attr, char *buf)
{
	static const char * const names[] = {
#define OSTI_SLOT_STATE(name, text) \
	[OSTI_SLOT_##name] = text,
#include <osti/names.h>
	};
	struct osti_ioc_slot info;
	int err;

	err = osti_smc_slot(attr_slot(attr), &info);
	if (err)
		return err;
	return sysfs_emit(buf, "%s\n", names[info.state]);
}

static ssize_t slot_image_show(struct device *dev,
			       struct device_attribute *attr, char *buf)
{
	static const char * const names[] = {
		[OSTI_GENERATION_NONE] = "none",
		[OSTI_GENERATION_STORED] = "stored",
		[OSTI_GENERATION_CONSUMED] = "consumed",
		[OSTI_GENERATION_RETIRED] = "retired",
	};
	struct osti_ioc_image image;
	int err;

	err = osti_smc_image(attr_slot(attr), &image);
	if (err)
		return err;
	return sysfs_emit(buf, "%s\n", names[image.state]);
}

static ssize_t slot_generation_show(struct device *dev,
				    struct device_attribute *attr, char *buf)
{
	struct osti_ioc_image image;
	int err;

	err = osti_smc_image(attr_slot(attr), &image);
	if (err)
		return err;
	return sysfs_emit(buf, "%llu\n", image.generation);
}

static ssize_t slot_least_version_show(struct device *dev,
				       struct device_attribute *attr, char *buf)
{
	struct osti_ioc_slot info;
	int err;

	err = osti_smc_slot(attr_slot(attr), &info);
	if (err)
		return err;
	return sysfs_emit(buf, "%llu\n", info.least_version);
}

static ssize_t slot_starts_show(struct device *dev,
				struct device_attribute *attr, char *buf)
{
	struct osti_ioc_slot info;
	int err;

	err = osti_smc_slot(attr_slot(attr), &info);
	if (err)
		return err;
	return sysfs_emit(buf, "%llu\n", info.starts);
}

static ssize_t slot_version_show(struct device *dev,
				 struct device_attribute *attr, char *buf)
{
	struct osti_ioc_slot info;
	int err;

	err = osti_smc_slot(attr_slot(attr), &info);
	if (err)
		return err;
	return sysfs_emit(buf, "%llu\n", info.version);
}

#define OSTI_SLOT_ATTR(n)						\
	static struct dev_ext_attribute slot##n##_name = {		\
		__ATTR(slot##n##_name, 0444, slot_name_show, NULL),	\
		(void *)n##UL						\
	};								\
	static struct dev_ext_attribute slot##n##_state = {		\
		__ATTR(slot##n##_state, 0444, slot_state_show, NULL),	\
		(void *)n##UL						\
	};								\
	static struct dev_ext_attribute slot##n##_least_version = {	\
		__ATTR(slot##n##_least_version, 0444,			\
		       slot_least_version_show, NULL),			\
		(void *)n##UL						\
	};								\
	static struct dev_ext_attribute slot##n##_starts = {		\
		__ATTR(slot##n##_starts, 0444, slot_starts_show, NULL),	\
		(void *)n##UL						\
	};								\
	static struct dev_ext_attribute slot##n##_version = {		\
		__ATTR(slot##n##_version, 0444, slot_version_show,	\
		       NULL),						\
		(void *)n##UL						\
	};								\
	static struct dev_ext_attribute slot##n##_image = {		\
		__ATTR(slot##n##_image, 0444, slot_image_show, NULL),	\
		(void *)n##UL						\
	};								\
	static struct dev_ext_attribute slot##n##_generation = {	\
		__ATTR(slot##n##_generation, 0444,			\
		       slot_generation_show, NULL),			\
		(void *)n##UL						\
	}

OSTI_SLOT_ATTR(1);
OSTI_SLOT_ATTR(2);
OSTI_SLOT_ATTR(3);
OSTI_SLOT_ATTR(4);
OSTI_SLOT_ATTR(5);
OSTI_SLOT_ATTR(6);
OSTI_SLOT_ATTR(7);
OSTI_SLOT_ATTR(8);

static struct attribute *osti_attrs[] = {
	&dev_attr_abi_version.attr,
	&dev_attr_slot.attr,
	&dev_attr_nr_slots.attr,
	&dev_attr_name.attr,
	&dev_attr_armed.attr,
	&dev_attr_switches.attr,
	&dev_attr_last_error.attr,
	&dev_attr_resume_reason.attr,
	&dev_attr_generation.attr,
	&dev_attr_identity.attr,
	NULL
};

static struct attribute *osti_slot_attrs[] = {
	&slot1_name.attr.attr, &slot1_state.attr.attr,
	&slot1_least_version.attr.attr, &slot1_starts.attr.attr,
	&slot1_version.attr.attr,
	&slot1_image.attr.attr, &slot1_generation.attr.attr,
	&slot2_name.attr.attr, &slot2_state.attr.attr,
	&slot2_least_version.attr.attr, &slot2_starts.attr.attr,
	&slot2_version.attr.attr,
	&slot2_image.attr.attr, &slot2_generation.attr.attr,
	&slot3_name.attr.attr, &slot3_state.attr.attr,
	&slot3_least_version.attr.attr, &slot3_starts.attr.attr,
	&slot3_version.attr.attr,
	&slot3_image.attr.attr, &slot3_generation.attr.attr,
	&slot4_name.attr.attr, &slot4_state.attr.attr,
	&slot4_least_version.attr.attr, &slot4_starts.attr.attr,
	&slot4_version.attr.attr,
	&slot4_image.attr.attr, &slot4_generation.attr.attr,
	&slot5_name.attr.attr, &slot5_state.attr.attr,
	&slot5_least_version.attr.attr, &slot5_starts.attr.attr,
	&slot5_version.attr.attr,
	&slot5_image.attr.attr, &slot5_generation.attr.attr,
	&slot6_name.attr.attr, &slot6_state.attr.attr,
	&slot6_least_version.attr.attr, &slot6_starts.attr.attr,
	&slot6_version.attr.attr,
	&slot6_image.attr.attr, &slot6_generation.attr.attr,
	&slot7_name.attr.attr, &slot7_state.attr.attr,
	&slot7_least_version.attr.attr, &slot7_starts.attr.attr,
	&slot7_version.attr.attr,
	&slot7_image.attr.attr, &slot7_generation.attr.attr,
	&slot8_name.attr.attr, &slot8_state.attr.attr,
	&slot8_least_version.attr.attr, &slot8_starts.attr.attr,
	&slot8_version.attr.attr,
	&slot8_image.attr.attr, &slot8_generation.attr.attr,
	NULL
};

static_assert(ARRAY_SIZE(osti_slot_attrs) ==
	      OSTI_MAX_SLOTS * OSTI_SLOT_ATTRS + 1);

static umode_t osti_slot_visible(struct kobject *kobj, struct attribute *attr,
				 int index)
{
	u32 slot = index / OSTI_SLOT_ATTRS + 1;

	return slot <= to_osti(kobj_to_dev(kobj))->nr_slots ? attr->mode : 0;
}

static const struct attribute_group osti_group = {
	.attrs = osti_attrs,
};

static const struct attribute_group osti_slot_group = {
	.attrs = osti_slot_attrs,
	.is_visible = osti_slot_visible,
};

const struct attribute_group *osti_sysfs_groups[] = {
	&osti_group,
	&osti_slot_group,
	NULL
};
