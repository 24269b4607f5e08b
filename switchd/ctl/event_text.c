// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * event_text.c - the arguments of an event in words
 */
#include "ctl/event_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include <osti/abi.h>

#include "common/names.h"

#define U32(x) ((uint32_t)(x))

static void write_target(uint64_t target, char *text)
{
	if (target == OSTI_CONTEXT_BM)
		snprintf(text, EVENT_TEXT_MAX, "target menu");
	else
		snprintf(text, EVENT_TEXT_MAX, "target slot %" PRIu64, target);
}

static void write_hardware(uint64_t kind, uint64_t which, char *text)
{
	switch (kind) {
	case OSTI_CUT_CPU:
		snprintf(text, EVENT_TEXT_MAX, "CPU %" PRIu64, which);
		break;
	case OSTI_CUT_PCI:
		snprintf(text, EVENT_TEXT_MAX,
			 "PCI function %02" PRIx64 ".%" PRIu64, which >> 3,
			 which & 7);
		break;
	default:
		snprintf(text, EVENT_TEXT_MAX, "kind %" PRIu64 ", %" PRIu64,
			 kind, which);
		break;
	}
}

/* A person agreed that a copy comes in. */
static void write_agreed(uint64_t slot, uint64_t made_at, char *text)
{
	const time_t time = (time_t)made_at;
	char date[24] = "?";
	struct tm tm;

	/* Its maker says when, so it may be anything. */
	if (made_at <= INT64_MAX && gmtime_r(&time, &tm))
		strftime(date, sizeof(date), "%Y-%m-%d %H:%M:%S", &tm);
	snprintf(text, EVENT_TEXT_MAX,
		 "to the copy of %s UTC that slot %" PRIu64 " brings", date,
		 slot);
}

void event_text(const struct osti_event *ev, char text[EVENT_TEXT_MAX])
{
	uint64_t a = ev->arg[0];
	uint64_t b = ev->arg[1];

	switch (ev->type) {
	case OSTI_EV_POWER_ON:
		snprintf(text, EVENT_TEXT_MAX,
			 "%" PRIu64 " CPUs, %" PRIu64 " slots", a, b);
		break;
	case OSTI_EV_BM_ENTER:
		snprintf(text, EVENT_TEXT_MAX, "reason %s", names_reason(a));
		break;
	case OSTI_EV_OPENED:
	case OSTI_EV_CLOSED:
	case OSTI_EV_OFF:
	case OSTI_EV_RESET:
	case OSTI_EV_KEY_READ:
	case OSTI_EV_KEY_IMPORTED:
		text[0] = '\0';
		break;
	case OSTI_EV_STARTED:
	case OSTI_EV_FROZEN:
	case OSTI_EV_RESUMED:
	case OSTI_EV_SUSPENDED:
		snprintf(text, EVENT_TEXT_MAX, "entry 0x%" PRIx64, a);
		break;
	case OSTI_EV_ARMED:
	case OSTI_EV_CANCELLED:
		write_target(a, text);
		break;
	case OSTI_EV_WOKEN:
		snprintf(text, EVENT_TEXT_MAX, "interrupt %" PRIu64, a);
		break;
	case OSTI_EV_LIMITED:
		snprintf(text, EVENT_TEXT_MAX,
			 "%" PRIu64 " acts left out since counter %" PRIu64, a,
			 b);
		break;
	case OSTI_EV_STAGE2_FAULT:
		snprintf(text, EVENT_TEXT_MAX,
			 "%s at 0x%" PRIx64 ", %" PRIu64 " times",
			 a & 1 ? "write" : "read", a & ~UINT64_C(1), b);
		break;
	case OSTI_EV_DMA_FAULT:
		snprintf(text, EVENT_TEXT_MAX,
			 "stream %" PRIu32 " at 0x%" PRIx64 ", %" PRIu32
			 " times",
			 U32(b >> 32), a, U32(b));
		break;
	case OSTI_EV_BAD_SMC:
		snprintf(text, EVENT_TEXT_MAX,
			 "function 0x%" PRIx64 ", %" PRIu64 " times", a, b);
		break;
	case OSTI_EV_BAD_CALL:
		snprintf(text, EVENT_TEXT_MAX,
			 "call 0x%" PRIx32 ", status -%" PRIu32 ", %" PRIu64
			 " times",
			 U32(a), U32(a >> 32), b);
		break;
	case OSTI_EV_TRAP:
		snprintf(text, EVENT_TEXT_MAX,
			 "ESR 0x%" PRIx64 ", %" PRIu64 " times", a, b);
		break;
	case OSTI_EV_SAVED:
		snprintf(text, EVENT_TEXT_MAX,
			 "generation %" PRIu64 ", %" PRIu64 " bytes", a, b);
		break;
	case OSTI_EV_RESTORED:
		snprintf(text, EVENT_TEXT_MAX, "%sgeneration %" PRIu64,
			 b ? "from a copy, " : "", a);
		break;
	case OSTI_EV_COPIED:
		snprintf(text, EVENT_TEXT_MAX,
			 "carried by slot %" PRIu64 ", %" PRIu64 " bytes", a,
			 b);
		break;
	case OSTI_EV_AGREED:
		write_agreed(a, b, text);
		break;
	case OSTI_EV_DISK_SHOWN:
		snprintf(text, EVENT_TEXT_MAX, "%s can be %s by slot %" PRIu64,
			 b == OSTI_DISK_STORE ? "the store" : "its disk",
			 b == OSTI_DISK_WRITE ? "written" : "read", a);
		break;
	case OSTI_EV_VERIFIED:
	case OSTI_EV_DROPPED:
	case OSTI_EV_RETIRED:
		snprintf(text, EVENT_TEXT_MAX, "generation %" PRIu64, a);
		break;
	case OSTI_EV_REJECTED:
		snprintf(text, EVENT_TEXT_MAX, "generation %" PRIu64 ": %s", b,
			 names_refusal_text(a));
		break;
	case OSTI_EV_GOOD:
		snprintf(text, EVENT_TEXT_MAX,
			 "version %" PRIu64 ", least accepted %" PRIu64, a, b);
		break;
	case OSTI_EV_REFUSED:
		snprintf(text, EVENT_TEXT_MAX, "version %" PRIu64 ": %s", b,
			 names_start_refusal(a));
		break;
	case OSTI_EV_NOT_GOOD:
		snprintf(text, EVENT_TEXT_MAX, "%" PRIu64 " starts in a row",
			 a);
		break;
	case OSTI_EV_CUT_OFF:
		write_hardware(a, b, text);
		break;
	default:
		snprintf(text, EVENT_TEXT_MAX,
			 "type %u, a 0x%" PRIx64 ", b 0x%" PRIx64, ev->type, a,
			 b);
		break;
	}
}
