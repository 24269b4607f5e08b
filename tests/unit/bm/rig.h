/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rig.h - the boot manager on the monitor: a device with slots of a few MiB
 *
 * The boot manager's own files run on the machine of machine.h; its SMCs go to the
 * monitor's core by a call. What is an operating system's is done here in its name.
 */
#ifndef BM_RIG_H
#define BM_RIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdnoreturn.h>

#include "uboot.h"

#define RIG_SLOTS		3
#define RIG_NOW		1795700000U
#define RIG_HEAP		0x1000000
/* No contents: the slot was started cold. */
#define RIG_COLD		0

enum rig_end {
	RIG_ENTERED = 1,	/* a slot runs */
	RIG_WAITS,		/* for a person's key */
	RIG_OFF,
	RIG_RESET,
	RIG_RETURNED,	/* it gave up */
};

/* ---- Power ---------------------------------------------------------------------- */

/* What all devices of a test have, for processes that are forked then. */
void rig_prepare(void);
/* A new device: keys in its NV flash, nothing in its store. */
void rig_new(void);
/* Memory that the boot manager has for boot images; rig_new() makes it plenty. */
extern size_t rig_fit_room;
/* Power off and on, with what NV flash and store have. */
void rig_power_cycle(void);
/* Likewise, with what they have here. */
void rig_power_on(const uint8_t *flash, const uint8_t *medium);

/* ---- Boot manager ------------------------------------------------------------------ */

/* It starts, and acts on the reason; a person presses these keys, or none. */
enum rig_end rig_boot(const struct uboot_key *keys);

/* ---- Who runs ---------------------------------------------------------------------- */

/* Its number. */
unsigned int rig_running(void);
/* Something that differs with the number is what it has in its memory now. */
void rig_fill(unsigned int contents);
/* Which of 1..@last is it; RIG_COLD when it was started just now. Else fails. */
unsigned int rig_contents(unsigned int last);
/* It switches to a slot; what the boot manager does, if it is needed. */
enum rig_end rig_switch(unsigned int slot, const struct uboot_key *keys);
/* It asks for something, OSTI_REQUEST_* of a slot; what the boot manager does. */
enum rig_end rig_request(unsigned int request, unsigned int slot,
			 const struct uboot_key *keys);
/* The answer that it got, OSTI_RESULT_*. */
unsigned int rig_answer(uint64_t *detail);
/* It powers itself off, or restarts. */
enum rig_end rig_system_off(const struct uboot_key *keys);
enum rig_end rig_system_reset(const struct uboot_key *keys);

/* Its version, 0 if that is not known. */
uint64_t rig_version(void);
/* It calls its start good, and older ones too old, or not. */
void rig_good(bool keep_older);

/* ---- Boot images ---------------------------------------------------------------------- */

/* What a boot image of the tests can be, that is installed; nothing: a good one. */
enum rig_image {
	RIG_IMAGE_GOOD,
	RIG_IMAGE_UNSIGNED,	/* its statement was changed */
	RIG_IMAGE_ALTERED,	/* its kernel was changed */
	RIG_IMAGE_SHORT,	/* its kernel has another length */
	RIG_IMAGE_NO_FIT,
};

/* An image with a version from 1 to RIG_VERSIONS lies on the exchange disk. */
#define RIG_VERSIONS	8
#define RIG_IMAGE_BYTES	6000
void rig_hand_over(unsigned int slot, unsigned int version,
		   enum rig_image what);

/* ---- Looking at it ------------------------------------------------------------------ */

/* OSTI_SLOT_* */
unsigned int rig_state(unsigned int slot);
/* Did the boot manager's console show that? */
bool rig_said(const char *text);

/* ---- For uboot.c -------------------------------------------------------------------- */

noreturn void rig_leave(enum rig_end how);
noreturn void rig_fail(const char *why);
uint8_t *rig_heap(void);
uint64_t rig_ticks(void);
unsigned int rig_slot_named(const char *name);

#endif /* BM_RIG_H */
