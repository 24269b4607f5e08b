/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * osti/names.h - what events and states of slots are called
 *
 * OSTI_EVENT(name, text)       OSTI_EV_<name> of osti/abi.h
 * OSTI_SLOT_STATE(name, text)  OSTI_SLOT_<name>
 *
 * No include guard: it is included where a list is wanted, with the macro of that
 * list defined, and takes the definition away. What people read everywhere is
 * these texts, and sysfs and switchd's answers have them, so they stay.
 */
#ifdef OSTI_EVENT
OSTI_EVENT(REDACTED,		"redacted")
OSTI_EVENT(POWER_ON,		"power-on")
OSTI_EVENT(BM_ENTER,		"boot-manager")
OSTI_EVENT(OPENED,		"opened")
OSTI_EVENT(CLOSED,		"closed")
OSTI_EVENT(STARTED,		"started")
OSTI_EVENT(ARMED,		"armed")
OSTI_EVENT(CANCELLED,		"cancelled")
OSTI_EVENT(FROZEN,		"frozen")
OSTI_EVENT(RESUMED,		"resumed")
OSTI_EVENT(SUSPENDED,		"suspended")
OSTI_EVENT(WOKEN,		"woken")
OSTI_EVENT(OFF,			"off")
OSTI_EVENT(RESET,		"reset")
OSTI_EVENT(LIMITED,		"limited")
OSTI_EVENT(STAGE2_FAULT,	"stage2-fault")
OSTI_EVENT(DMA_FAULT,		"dma-fault")
OSTI_EVENT(BAD_SMC,		"bad-smc")
OSTI_EVENT(BAD_CALL,		"bad-call")
OSTI_EVENT(TRAP,		"trap")
OSTI_EVENT(SAVED,		"saved")
OSTI_EVENT(VERIFIED,		"verified")
OSTI_EVENT(RESTORED,		"restored")
OSTI_EVENT(REJECTED,		"rejected")
OSTI_EVENT(DROPPED,		"dropped")
OSTI_EVENT(COPIED,		"copied")
OSTI_EVENT(AGREED,		"agreed")
OSTI_EVENT(DISK_SHOWN,		"disk-shown")
OSTI_EVENT(KEY_READ,		"key-read")
OSTI_EVENT(KEY_IMPORTED,	"key-imported")
OSTI_EVENT(RETIRED,		"retired")
OSTI_EVENT(GOOD,		"good")
OSTI_EVENT(REFUSED,		"refused")
OSTI_EVENT(NOT_GOOD,		"not-good")
OSTI_EVENT(CUT_OFF,		"cut-off")
#undef OSTI_EVENT
#endif

#ifdef OSTI_SLOT_STATE
OSTI_SLOT_STATE(EMPTY,		"empty")
OSTI_SLOT_STATE(LOADING,	"loading")
OSTI_SLOT_STATE(RUNNING,	"running")
OSTI_SLOT_STATE(FROZEN,		"frozen")
OSTI_SLOT_STATE(SAVING,		"saving")
OSTI_SLOT_STATE(RESTORING,	"restoring")
#undef OSTI_SLOT_STATE
#endif
