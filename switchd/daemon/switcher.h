/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * switcher.h - carries out a switch, or a request to the boot manager: hooks,
 * freeze, hooks
 *
 *	IDLE --start--> BEFORE --hooks done--> (frozen) --> AFTER --hooks--> IDLE
 *	                   \------hook failed------------->/
 *
 * One switch at a time. Between the hooks and the freeze what is dirty is written
 * to disks, if it is much, and logind tells others of it, if that is wanted
 * (ready.h). The freeze itself is the ioctl OSTI_SWITCH, made on the thread of the
 * event loop: every task of this OS stands still for its time anyway, so there is
 * nobody whom a second thread could serve; and a kernel that fails to freeze gives
 * up after its own time limit. How far a switch is, is noted for the next switchd
 * (switch_note.h), in case that this one is killed.
 *
 * post-resume.d runs after every switch that was begun, also when a pre-freeze
 * hook or the kernel refused: it undoes what pre-freeze hooks did, as far as
 * they came. OSTI_RESULT tells a hook which case it is: "ok", "cancelled" (by
 * a hook), "failed" (by the kernel).
 *
 * A request (OSTI_REQUEST_*) is a switch to the boot manager, which serves it
 * and resumes this OS; so all of this holds for requests, too, and "switch"
 * below means both.
 */
#ifndef SWITCHD_SWITCHER_H
#define SWITCHD_SWITCHER_H

#include <stdbool.h>
#include <stdint.h>

#include <systemd/sd-event.h>

#include "common/fault.h"
#include "daemon/device.h"
#include "daemon/inhibit.h"
#include "daemon/logind.h"

/* Directories of hooks inside of the configured one. */
#define SWITCHER_DIR_BEFORE "pre-freeze.d"
#define SWITCHER_DIR_AFTER "post-resume.d"

struct ready;
struct switcher;

struct switcher_result {
	uint32_t request; /* OSTI_REQUEST_* */
	uint32_t target; /* slot, also that which a request is about; or 0 */
	char target_name[24]; /* "menu" or "" for 0 */
	char what[64]; /* for people: "switch to work" */
	uint64_t record; /* phase record of the way back, or 0 */
	uint32_t resumed; /* OSTI_RESUMED_*: how this OS came back */
	/* Of the image that it came from last; 0, 0 if it never did. */
	uint64_t generation;
	uint64_t saved_at;
};

/* fault is NULL after a switch there and back. */
typedef void (*switcher_done)(const struct switcher_result *result,
			      const struct fault *fault, void *userdata);

/*
 * Called right after this OS was resumed, with the time of the resume on
 * CLOCK_BOOTTIME in microseconds; with 0 if the kernel did not freeze it.
 */
typedef void (*switcher_resumed)(uint64_t usec, void *userdata);

/*
 * device and inhibit stay the caller's and must live as long as the switcher.
 * How far a switch is, is noted in notes_dir, see switcher_recover().
 * Return: 0 and *ret, which the caller ends with switcher_free(), or negative
 * errno.
 */
int switcher_new(sd_event *event, struct device *device,
		 const struct inhibit *inhibit, const char *hooks_dir,
		 unsigned int hook_timeout_ms, const char *notes_dir,
		 switcher_resumed resumed, void *userdata,
		 struct switcher **ret);
void switcher_free(struct switcher *switcher); /* NULL is allowed */

/* Whether hooks run in units of their own (hook_unit.h); without a call: no. */
void switcher_set_hook_units(struct switcher *switcher, bool hook_units);

/*
 * Ends what an earlier switchd had begun: if it was killed in the middle of a
 * switch, post-resume hooks run, maybe some of them for the second time. Else
 * its last switch is ours. At most once, before any switch.
 */
void switcher_recover(struct switcher *switcher);

/*
 * Asked before a switch to a slot; not before a request about one. Return: 0, or
 * -1 and the fault with which it is refused.
 */
typedef int (*switcher_guard)(uint32_t slot, const char *name, void *userdata,
			      struct fault *fault);
void switcher_set_guard(struct switcher *switcher, switcher_guard guard,
			void *userdata);

/* What block locks of logind forbid. */
enum switcher_logind {
	SWITCHER_LOGIND_NEVER,
	/* This OS is hibernated, by request, or the device is powered off. */
	SWITCHER_LOGIND_HIBERNATE,
	SWITCHER_LOGIND_ALWAYS, /* each switch and request as well */
};

/* logind must live as long as the switcher. Without a call: nothing. */
void switcher_set_logind(struct switcher *switcher, const struct logind *logind,
			 enum switcher_logind forbid);

/*
 * Whether logind is to tell everybody that this OS goes to sleep, see prepare.h;
 * without a call: no.
 */
void switcher_set_prepare(struct switcher *switcher, bool prepare);

/* Locks do not count, nor what logind says: a person asks. */
#define SWITCHER_OVER_LOCKS 0x1u
/* Nor does what the guard says: somebody knows better. */
#define SWITCHER_OVER_GUARD 0x2u

/*
 * Starts a switch to what the text means (OSTI_REQUEST_NONE), see
 * slots_resolve(), or a request about the slot that it means, see slots_find().
 * For OSTI_REQUEST_POWER_OFF it does not count. flags are SWITCHER_*. What is
 * bound to fail is refused before anything happens. done (NULL is allowed) is called once, from
 * the event loop, never from in here; if 0 is returned.
 * Return: 0, or -1 and the fault: FAULT_BUSY, FAULT_INHIBITED,
 * FAULT_NO_TARGET, FAULT_NO_IMAGE, FAULT_SLOT_STATE, FAULT_NOT_SUPPORTED,
 * FAULT_DEVICE, FAULT_FAILED, and those of the guard.
 */
int switcher_start(struct switcher *switcher, uint32_t request,
		   const char *target, unsigned int flags, switcher_done done,
		   void *userdata, struct fault *fault);

/*
 * From now on no switch freezes this OS. One that has begun is cancelled when
 * its pre-freeze hooks are done, at once if it waits as ready.h says, and its
 * post-resume hooks run.
 */
void switcher_stop(struct switcher *switcher);

/* done is not called for this userdata any more; the switch goes on. */
void switcher_forget(struct switcher *switcher, const void *userdata);

/* True while a switch may yet freeze this OS: too late to inhibit it. */
bool switcher_will_freeze(const struct switcher *switcher);

/* What a switch waits for, see ready.h; NULL: nothing. */
const struct ready *switcher_ready(const struct switcher *switcher);

/*
 * Logind is ready for a switch that waits for it: this OS is frozen in here.
 * Return: 0 when it is back, or -1 and the fault: no switch waits, or it failed.
 */
int switcher_asleep(struct switcher *switcher, struct fault *fault);

/* The switch under way, as far as it is known; NULL if there is none. */
const struct switcher_result *switcher_current(const struct switcher *switcher);

/* The last switch that ended; NULL if there was none. *fault NULL = went well. */
const struct switcher_result *switcher_last(const struct switcher *switcher,
					    const struct fault **fault);

#endif /* SWITCHD_SWITCHER_H */
