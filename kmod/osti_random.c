// SPDX-License-Identifier: GPL-2.0-only
/*
 * osti_random.c - random numbers that no other copy of this OS draws
 *
 * Two copies of an OS have the same random number generator, and whoever knew
 * its state when the image was made would know its numbers now. So bytes that
 * were never told before go into its pool, and it must reseed from there before
 * anybody draws a number: the kernel's own reseed of a resume comes only after
 * tasks run again.
 *
 * add_vmfork_randomness(), which is made for this, is not exported where VMGENID
 * is built in, as it is in Debian. add_hwgenerator_randomness() reseeds only a
 * generator that never was seeded, and lets its caller sleep. What reseeds at
 * once and is offered to everybody is RNDRESEEDCRNG of random(4). It neither
 * sleeps nor allocates, so it is called with interrupts off; only the file is
 * opened in good time. With the reseed all numbers that were drawn in advance,
 * by each CPU and in batches, are thrown away by random.c.
 */
#include <linux/cred.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/init_task.h>
#include <linux/random.h>

#include "osti.h"

#define OSTI_RANDOM_PATH	"/dev/urandom"

/**
 * osti_random_init() - get what osti_random_reseed() needs
 * @osti: the monitor.
 *
 * Context: process, in probe.
 * Return: 0, -ENOMEM, or the error of opening /dev/urandom, which is logged.
 */
int osti_random_init(struct osti *osti)
{
	struct file *file;

	/* Whoever suspends need not be the one who may reseed. */
	osti->random_cred = prepare_kernel_cred(&init_task);
	if (!osti->random_cred)
		return -ENOMEM;
	file = filp_open(OSTI_RANDOM_PATH, O_RDONLY, 0);
	if (IS_ERR(file)) {
		dev_err(osti->dev, OSTI_RANDOM_PATH " cannot be opened, error %ld; load the module when /dev is there\n",
			PTR_ERR(file));
		put_cred(osti->random_cred);
		return PTR_ERR(file);
	}
	osti->random = file;
	return 0;
}

/**
 * osti_random_exit() - undo osti_random_init()
 * @osti: the monitor.
 */
void osti_random_exit(struct osti *osti)
{
	fput(osti->random);
	put_cred(osti->random_cred);
}

/**
 * osti_random_reseed() - begin the kernel's random numbers anew
 * @osti:	the monitor.
 * @secret:	that no other copy of this OS was told.
 * @bytes:	of it.
 *
 * Context: any that may use the monitor's file; also with interrupts off.
 * Return: 0, or the errno of RNDRESEEDCRNG. The secret then takes effect with
 * the kernel's own next reseed.
 */
int osti_random_reseed(struct osti *osti, const void *secret, size_t bytes)
{
	const struct cred *old;
	long err;

	add_device_randomness(secret, bytes);
	old = override_creds(osti->random_cred);
	err = vfs_ioctl(osti->random, RNDRESEEDCRNG, 0);
	revert_creds(old);
	/* Not seeded yet: the first seed takes all of the pool. */
	return err == -ENODATA ? 0 : err;
}
