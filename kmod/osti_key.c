// SPDX-License-Identifier: GPL-2.0-only
/*
 * osti_key.c - slot keys, disk keys, and the copy that shall come in
 */
#include <linux/capability.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <osti/abi.h>
#include <osti/image.h>

#include "osti.h"
#include "osti_answer.h"
#include "osti_smc.h"

/* Any page holds a header, and begins where the monitor may look. */
static_assert(OSTI_IMAGE_HEADER <= PAGE_SIZE);

/* What such a call tells, for root. @may: what else it may answer. */
static long osti_get_key(u32 call, unsigned int may, void __user *arg,
			 size_t bytes)
{
	u8 key[sizeof(struct osti_ioc_disk_key)];
	struct osti_regs r = { { call } };
	long err;

	/* It opens what lies in a cloud, too: root in a container is not enough. */
	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	err = osti_smc_call(&r, OSTI_MAY(OSTI_E_HARDWARE) | may);
	if (!err) {
		osti_answer_key(&r, key, bytes);
		if (copy_to_user(arg, key, bytes))
			err = -EFAULT;
		memzero_explicit(key, sizeof(key));
	}
	memzero_explicit(&r, sizeof(r));
	return err;
}

/**
 * osti_get_slot_key() - OSTI_GET_SLOT_KEY, see osti/ioctl.h
 * @arg: struct osti_ioc_key of the caller.
 *
 * Return: 0, -EPERM, -EFAULT, -ENODATA or -EIO.
 */
long osti_get_slot_key(void __user *arg)
{
	return osti_get_key(OSTI_CALL_SLOT_KEY, 0, arg,
			    sizeof(struct osti_ioc_key));
}

/**
 * osti_get_disk_key() - OSTI_GET_DISK_KEY, see osti/ioctl.h
 * @arg: struct osti_ioc_disk_key of the caller.
 *
 * Return: 0, -EPERM, -EACCES, -EFAULT, -ENODATA or -EIO.
 */
long osti_get_disk_key(void __user *arg)
{
	return osti_get_key(OSTI_CALL_DISK_KEY, OSTI_MAY(OSTI_E_DENIED), arg,
			    sizeof(struct osti_ioc_disk_key));
}

/**
 * osti_get_carrier() - OSTI_GET_CARRIER, see osti/ioctl.h
 * @arg: struct osti_ioc_carrier of the caller.
 *
 * Return: 0, -EFAULT, -EINVAL, -ENODATA or -EIO.
 */
long osti_get_carrier(void __user *arg)
{
	struct osti_regs r = { { OSTI_CALL_CARRIER_KEY } };
	struct osti_ioc_carrier carrier;
	int err;

	if (copy_from_user(&carrier, arg, sizeof(carrier)))
		return -EFAULT;
	r.x[1] = carrier.slot;
	err = osti_smc_call(&r, OSTI_MAY(OSTI_E_INVALID) |
			    OSTI_MAY(OSTI_E_HARDWARE));
	if (err)
		return err;
	osti_answer_carrier(&r, &carrier);
	return copy_to_user(arg, &carrier, sizeof(carrier)) ? -EFAULT : 0;
}

/* @header: a page that holds it. */
static int osti_ask(struct osti_ioc_restore *ask, const void *header)
{
	struct osti_regs r = { { OSTI_CALL_RESTORE_ASK } };
	int err;

	r.x[1] = ask->slot;
	r.x[2] = virt_to_phys(header);
	err = osti_smc_call(&r, OSTI_MAY(OSTI_E_INVALID) |
			    OSTI_MAY(OSTI_E_IMAGE) | OSTI_MAY(OSTI_E_HARDWARE));
	ask->reason = err == -EBADMSG ? r.x[1] : 0;
	return err;
}

/**
 * osti_restore_ask() - OSTI_RESTORE_ASK, see osti/ioctl.h
 * @arg: struct osti_ioc_restore of the caller.
 *
 * Return: 0, -EFAULT, -EINVAL, -EBADMSG, -ENODATA, -ENOMEM or -EIO.
 */
long osti_restore_ask(void __user *arg)
{
	struct osti_ioc_restore ask;
	void *header;
	int err;

	if (copy_from_user(&ask, arg, sizeof(ask)))
		return -EFAULT;
	header = (void *)__get_free_page(GFP_KERNEL);
	if (!header)
		return -ENOMEM;
	if (copy_from_user(header, u64_to_user_ptr(ask.header),
			   OSTI_IMAGE_HEADER))
		err = -EFAULT;
	else
		err = osti_ask(&ask, header);
	free_page((unsigned long)header);
	if (err && err != -EBADMSG)
		return err;
	return copy_to_user(arg, &ask, sizeof(ask)) ? -EFAULT : err;
}
