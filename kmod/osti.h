/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * osti.h - what the files of osti.ko share
 */
#ifndef OSTI_H
#define OSTI_H

#include <linux/kref.h>
#include <linux/miscdevice.h>
#include <linux/mutex.h>
#include <linux/notifier.h>
#include <linux/poll.h>
#include <linux/sysfs.h>
#include <linux/types.h>
#include <linux/wait.h>
#include <osti/abi.h>

struct cred;
struct device;
struct file;
struct osti_ioc_switch;
struct osti_transfer;
struct pci_dev;
struct virtio_device;

/* As many bytes as a VM generation ID has. */
#define OSTI_IDENTITY	16

/* How far the kernel came with the suspend of a switch. */
enum osti_stage {
	OSTI_STAGE_IDLE,	/* no switch is under way */
	OSTI_STAGE_REQUESTED,	/* target armed, pm_suspend() called */
	OSTI_STAGE_FROZEN,	/* tasks are frozen */
	OSTI_STAGE_DEVICES,	/* devices are suspended, one CPU is left */
};

/**
 * struct osti - the switch monitor as the module sees it
 * @ref:	one for the driver, one for each open file.
 * @dev:	the platform device, referenced.
 * @misc:	/dev/osti.
 * @gone:	set when the driver was unbound; open files then get -ENODEV.
 *		What they may still be doing needs this structure and the CPU
 *		only, so nobody has to wait for them.
 * @abi_major:	version of the monitor's contract.
 * @abi_minor:	version of it.
 * @own_slot:	the slot that this OS runs in.
 * @nr_slots:	number of slots of the device.
 * @wait:	sleepers for events.
 * @switch_lock: held for the whole of a switch; guards what follows.
 * @stage:	also written by the suspend callbacks, which run only while
 *		the task that holds @switch_lock waits in pm_suspend(), or
 *		find OSTI_STAGE_IDLE.
 * @switches:	how many switches away and back succeeded.
 * @last_error:	result of the last switch, 0 or a negative errno.
 * @last_return: number of the newest phase record that ends in this OS;
 *		used by the suspend callbacks alone, after probe.
 * @images:	how often this OS came back from an image. Written by the
 *		suspend callbacks, like the next seven, while all tasks but the
 *		one in pm_suspend() are frozen.
 * @image_reason: OSTI_RESUMED_IMAGE or _COPY, if @images is not 0.
 * @image_generation: generation of the image that this OS came from last, or 0.
 * @image_frozen_at: counter when that was frozen; with the generation it tells
 *		one image from another.
 * @images_told: @images when user space was last told of one.
 * @resume_error: of the question whether this OS came from an image, or 0.
 * @reseed_error: of beginning random numbers anew, or 0.
 * @identity:	of what this OS is since it started or came from an image last;
 *		written as @images, the first number drawn after @images rose.
 * @rtc_zone:	how far the RTC was set off UTC when this OS was frozen, in seconds;
 *		written by the suspend callbacks.
 * @random:	/dev/urandom.
 * @random_cred: of the kernel.
 * @transfer_lock: guards @transfer. Never held while user memory is touched,
 *		or where a task can be frozen.
 * @transfer:	the one that may be in the monitor, or NULL.
 * @pm:		observes suspends, for as long as the driver is bound.
 * @suspending:	a suspend has begun, or has not ended.
 */
struct osti {
	struct kref ref;
	struct device *dev;
	struct miscdevice misc;
	bool gone;

	u32 abi_major;
	u32 abi_minor;
	u32 own_slot;
	u32 nr_slots;

	wait_queue_head_t wait;

	struct mutex switch_lock;	/* one switch at a time */
	enum osti_stage stage;
	u64 switches;
	int last_error;

	u64 last_return;

	u64 images;
	u32 image_reason;
	u64 image_generation;
	u64 image_frozen_at;
	u64 images_told;
	int resume_error;
	int reseed_error;
	u8 identity[OSTI_IDENTITY];
	s64 rtc_zone;

	struct file *random;
	const struct cred *random_cred;

	struct mutex transfer_lock;	/* guards the pointer; begins and ends */
	struct osti_transfer *transfer;

	struct notifier_block pm;
	bool suspending;
};

/**
 * struct osti_reader - an open file
 * @osti:	the monitor, referenced.
 * @lock:	guards what follows; never held while waiting for an event.
 * @next:	of each ring, sequence number of the event that read() gives next.
 * @images:	@osti->images when @next was right: sequence numbers begin anew
 *		at power-on.
 */
struct osti_reader {
	struct osti *osti;
	struct mutex lock;	/* guards next and images */
	u64 next[OSTI_RINGS];
	u64 images;
};

/* osti_main.c */
void osti_put(struct osti *osti);

/* osti_dev.c */
int osti_dev_register(struct osti *osti);
void osti_dev_unregister(struct osti *osti);

/* osti_event.c */
int osti_event_open(struct osti_reader *reader);
ssize_t osti_event_read(struct file *file, char __user *buf, size_t count,
			loff_t *pos);
__poll_t osti_event_poll(struct file *file, poll_table *table);

/* osti_switch.c */
int osti_switch(struct osti *osti, struct osti_ioc_switch *sw);
int osti_switch_init(struct osti *osti);
void osti_switch_exit(struct osti *osti);
int osti_switch_prepare(struct device *dev);
void osti_switch_complete(struct device *dev);

/* osti_pci.c */
struct pci_dev *osti_pci_scan(unsigned int devfn);
void osti_pci_pull(struct osti *osti);
void osti_pci_put_in(struct osti *osti);

/* osti_resume.c */
int osti_resume_init(struct osti *osti);
void osti_resume_prepare(struct osti *osti);
void osti_resume_early(struct osti *osti);
bool osti_resume_check(struct osti *osti);
const char *osti_resume_name(u32 reason);

/* osti_random.c */
int osti_random_init(struct osti *osti);
void osti_random_exit(struct osti *osti);
int osti_random_reseed(struct osti *osti, const void *secret, size_t bytes);

/* osti_key.c */
long osti_get_slot_key(void __user *arg);
long osti_get_disk_key(void __user *arg);
long osti_get_carrier(void __user *arg);
long osti_restore_ask(void __user *arg);

/* osti_sysfs.c */
extern const struct attribute_group *osti_sysfs_groups[];

/* osti_virtio.c */
struct virtio_device *osti_virtio_parent(struct device *dev);

/* osti_input.c */
void osti_input_stop(void);
void osti_input_start(void);

/* osti_display.c */
void osti_display_freeze(struct osti *osti);
int osti_display_resume(struct device *dev);
void osti_display_end(void);

/* osti_wake.c */
int osti_wake_init(void);
void osti_wake_exit(void);
void osti_wake_sleep(void);
void osti_wake_end(void);

/* osti_net.c */
void osti_net_stop(void);
void osti_net_start(void);

#endif /* OSTI_H */
