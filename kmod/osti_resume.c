// SPDX-License-Identifier: GPL-2.0-only
/*
 * osti_resume.c - what a resume from an image needs and a suspend does not
 *
 * An image may be resumed days later, on a device whose counter began anew,
 * and it may be a copy of an OS that goes on elsewhere.
 */
#include <linux/device.h>
#include <linux/errno.h>
#include <linux/kobject.h>
#include <linux/random.h>
#include <linux/rtc.h>
#include <linux/string.h>
#include <linux/timekeeping.h>
#include <osti/abi.h>

#include "osti.h"
#include "osti_answer.h"
#include "osti_clock.h"
#include "osti_smc.h"

/**
 * osti_resume_name() - name of a reason
 * @reason: OSTI_RESUMED_*.
 *
 * Return: a word, as sysfs and uevents tell it.
 */
const char *osti_resume_name(u32 reason)
{
	static const char * const names[] = {
		[OSTI_RESUMED_COLD] = "cold",
		[OSTI_RESUMED_HOT] = "hot",
		[OSTI_RESUMED_IMAGE] = "image",
		[OSTI_RESUMED_COPY] = "copy",
	};

	return names[reason];
}

static int osti_read_rtc(time64_t *seconds)
{
	struct rtc_device *rtc = rtc_class_open("rtc0");
	struct rtc_time tm;
	int err;

	if (!rtc)
		return -ENODEV;
	err = rtc_read_time(rtc, &tm);
	rtc_class_close(rtc);
	if (!err)
		*seconds = rtc_tm_to_time64(&tm);
	return err;
}

/**
 * osti_resume_prepare() - before a suspend: what time does the RTC show?
 * @osti: the monitor.
 *
 * Context: process, with user space frozen, before any device is suspended.
 */
void osti_resume_prepare(struct osti *osti)
{
	time64_t rtc;

	osti->rtc_zone = osti_read_rtc(&rtc) ? 0 :
			 osti_clock_zone(rtc, ktime_get_real_seconds());
}

/*
 * The kernel takes the time of a suspend from the counter, if that is larger
 * than before, else from the RTC. After a power-off the counter says nothing,
 * whatever it is, so the RTC decides.
 */
static void osti_set_clock(struct osti *osti, const struct osti_resume *resume)
{
	/* Nobody may have set the RTC to local time where a copy runs. */
	const s64 zone = resume->reason == OSTI_RESUMED_COPY ? 0 :
			 osti->rtc_zone;
	const time64_t saved_at = resume->saved_at - zone;
	const time64_t now = ktime_get_real_seconds();
	/* Within the second that the RTC counts, as the kernel does at boot. */
	struct timespec64 ts = { .tv_nsec = NSEC_PER_SEC / 2 };
	enum osti_clock_verdict verdict;
	int err;

	err = osti_read_rtc(&ts.tv_sec);
	if (err) {
		dev_warn(osti->dev, "the clock may be wrong: rtc0 cannot be read, error %d\n",
			 err);
		return;
	}
	ts.tv_sec -= zone;
	verdict = osti_clock_judge(ts.tv_sec, saved_at, now);
	if (verdict == OSTI_CLOCK_LOST)
		dev_warn(osti->dev, "the clock may be wrong: rtc0 says %ptT, so it has lost the time; set it and the clock\n",
			 &ts.tv_sec);
	if (verdict == OSTI_CLOCK_BACK)
		dev_warn(osti->dev, "rtc0 says %ptT, and when this OS was saved a clock said %ptT: what it says now is believed\n",
			 &ts.tv_sec, &saved_at);
	if (verdict == OSTI_CLOCK_LOST || verdict == OSTI_CLOCK_RIGHT)
		return;
	err = do_settimeofday64(&ts);
	if (err)
		dev_warn(osti->dev, "the clock cannot be set to %ptT: error %d\n",
			 &ts.tv_sec, err);
	else
		dev_info(osti->dev, "clock set to %ptT, it was off by %lld s\n",
			 &ts.tv_sec, ts.tv_sec - now);
}

static void osti_tell(struct osti *osti, const struct osti_resume *resume)
{
	char reason[24], generation[40], identity[14 + 2 * OSTI_IDENTITY + 1];
	char *env[4] = { };
	int err;

	dev_info(osti->dev, "back from %s of generation %llu\n",
		 resume->reason == OSTI_RESUMED_COPY ?
		 "an image that may run elsewhere, too," : "the image",
		 resume->generation);

	snprintf(reason, sizeof(reason), "OSTI_RESUMED=%s",
		 osti_resume_name(resume->reason));
	snprintf(generation, sizeof(generation), "OSTI_GENERATION=%llu",
		 resume->generation);
	snprintf(identity, sizeof(identity), "OSTI_IDENTITY=%*phN",
		 OSTI_IDENTITY, osti->identity);
	env[0] = reason;
	env[1] = generation;
	env[2] = identity;
	err = kobject_uevent_env(&osti->misc.this_device->kobj, KOBJ_CHANGE,
				 env);
	if (err)
		dev_warn(osti->dev, "uevent not sent: error %d\n", err);
	sysfs_notify(&osti->misc.this_device->kobj, NULL, "identity");
}

/* Is it from another image than the one that this OS knows of? */
static bool osti_resume_is_new(const struct osti *osti,
			       const struct osti_resume *resume)
{
	return (resume->reason == OSTI_RESUMED_IMAGE ||
		resume->reason == OSTI_RESUMED_COPY) &&
	       (resume->generation != osti->image_generation ||
		resume->frozen_at != osti->image_frozen_at);
}

/**
 * osti_resume_early() - the first thing after a suspend: is this another device?
 * @osti: the monitor.
 *
 * If this OS came from an image, its random numbers get a new beginning here,
 * before anybody can draw one. Knows one image from another, so it may be called
 * after each suspend.
 *
 * Context: one CPU, interrupts off.
 */
void osti_resume_early(struct osti *osti)
{
	struct osti_resume resume;

	osti->resume_error = osti_smc_resume(&resume);
	if (!osti->resume_error && osti_resume_is_new(osti, &resume)) {
		osti->images++;
		osti->image_reason = resume.reason;
		osti->image_generation = resume.generation;
		osti->image_frozen_at = resume.frozen_at;
		osti->reseed_error = osti_random_reseed(osti, resume.secret,
							sizeof(resume.secret));
		/* Nobody drew before: in another copy of this OS it is another. */
		get_random_bytes(osti->identity, sizeof(osti->identity));
	}
	memzero_explicit(&resume, sizeof(resume));
}

/**
 * osti_resume_check() - after a suspend: did this OS come back from an image?
 * @osti: the monitor.
 *
 * If so, does the rest of what such a resume needs. May be called after each
 * suspend, also one that failed.
 *
 * Context: process, with user space frozen, after all devices were resumed.
 * Return: true if it came from an image.
 */
bool osti_resume_check(struct osti *osti)
{
	struct osti_resume resume;
	int err;

	err = osti->resume_error ?: osti_smc_resume(&resume);
	osti->resume_error = 0;
	if (err) {
		dev_warn(osti->dev, "not known whether this OS comes from an image: error %d\n",
			 err);
		return false;
	}
	if (osti->images_told == osti->images)
		return false;

	osti->images_told = osti->images;
	if (osti->reseed_error)
		dev_warn(osti->dev, "other copies of this OS may have the same random numbers for a moment: they could not be begun anew, error %d\n",
			 osti->reseed_error);
	osti_set_clock(osti, &resume);
	osti_tell(osti, &resume);
	memzero_explicit(&resume, sizeof(resume));
	return true;
}

/**
 * osti_resume_init() - what this OS is before the first resume
 * @osti: the monitor.
 *
 * Context: process, in probe.
 * Return: 0 or -EIO.
 */
int osti_resume_init(struct osti *osti)
{
	struct osti_resume resume;
	int err;

	err = osti_smc_resume(&resume);
	if (err)
		return err;
	osti->image_generation = resume.generation;
	osti->image_frozen_at = resume.frozen_at;
	memzero_explicit(&resume, sizeof(resume));
	get_random_bytes(osti->identity, sizeof(osti->identity));
	return 0;
}
