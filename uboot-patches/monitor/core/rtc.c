// SPDX-License-Identifier: GPL-2.0-only
/*
 * rtc.c - each context's own real time clock
 *
 * Sums and differences of seconds wrap at 32 bits, which is what makes them
 * right for any offset.
 */
#include "rtc.h"

#include "arch.h"
#include "context.h"
#include "lock.h"
#include "log.h"
#include "nv.h"
#include "pl031.h"
#include "pl031_regs.h"

#define ID_REGS		8

/*
 * The flash wears, and an OS can set its clock and leave as often as it likes:
 * it gets one record in this time. Setting a clock to what it shows already may
 * move it by a second, as Linux does every eleven minutes: that gets none.
 */
#define SAVE_SECONDS	600
#define SAVE_SLACK	1

/*
 * RTCPeriphID0..3, RTCPCellID0..3: part 0x031 of Arm, revision 1. Constants, so
 * that an OS finds the same clock on every device that its image may run on.
 */
static const uint8_t ids[ID_REGS] = {
	0x31, 0x10, 0x14, 0x00, 0x0d, 0xf0, 0x05, 0xb1
};

void rtc_init(void)
{
	int64_t saved;
	unsigned int i;

	pl031_init();
	for (i = 0; i <= context_slots(); i++) {
		struct context *ctx = context_get(i);

		if (i != OSTI_CONTEXT_BM && nv_clock(i, &saved))
			ctx->rtc.offset = saved;
		rtc_reset(ctx);
	}
}

void rtc_reset(struct context *ctx)
{
	struct rtc_state *r = &ctx->rtc;

	LOCK_ASSERT_HELD();
	if (ctx->id == OSTI_CONTEXT_BM)
		r->offset = 0;
	r->load = 0;
	r->match = 0;
	r->enabled = false;
	r->raised = false;
	r->left_at = pl031_now();
}

static void save(struct context *slot)
{
	struct rtc_state *r = &slot->rtc;
	int64_t saved;

	if (!nv_clock(slot->id, &saved))
		saved = 0;
	if (r->offset - (uint32_t)saved + SAVE_SLACK <= 2 * SAVE_SLACK ||
	    arch_counter() < r->save_from)
		return;
	r->save_from = arch_counter() + SAVE_SECONDS * arch_counter_hz();
	if (nv_set_clock(slot->id, (int32_t)r->offset))
		log_warn("slot %u has its own time only until power-off",
			 slot->id);
}

/* When the alarm is due, by the hardware's clock. */
static uint32_t due(const struct rtc_state *r)
{
	return r->match - r->offset;
}

void rtc_leave(struct context *ctx)
{
	struct rtc_state *r = &ctx->rtc;

	LOCK_ASSERT_HELD();
	/* In this order: an alarm that rises in between is seen twice. */
	r->left_at = pl031_now();
	r->raised = pl031_raised();
	pl031_quiet();
	if (ctx->id != OSTI_CONTEXT_BM)
		save(ctx);
}

void rtc_enter(struct context *ctx)
{
	struct rtc_state *r = &ctx->rtc;

	LOCK_ASSERT_HELD();
	/* In this order: what is due from here on the hardware raises. */
	pl031_set_match(due(r));
	/* If that second still lasts: what it brought is in "raised". */
	if (due(r) == r->left_at)
		pl031_clear();
	/* Later than left_at and not later than now, also where these wrap. */
	if (due(r) - r->left_at - 1 < pl031_now() - r->left_at)
		r->raised = true;
	if (r->raised)
		pl031_raise();
	pl031_enable(r->enabled);
}

uint64_t rtc_read(const struct context *ctx, uint64_t offset,
		  unsigned int bytes)
{
	const struct rtc_state *r = &ctx->rtc;

	LOCK_ASSERT_HELD();
	if (bytes != 4 || offset % 4)
		return 0;
	switch (offset) {
	case PL031_DR:
		return (uint32_t)(pl031_now() + r->offset);
	case PL031_MR:
		return r->match;
	case PL031_LR:
		return r->load;
	case PL031_CR:
		return PL031_CR_START;
	case PL031_IMSC:
		return r->enabled ? PL031_ALARM : 0;
	case PL031_RIS:
		return pl031_raised() ? PL031_ALARM : 0;
	case PL031_MIS:
		return r->enabled && pl031_raised() ? PL031_ALARM : 0;
	}
	if (offset >= PL031_ID && (offset - PL031_ID) / 4 < ID_REGS)
		return ids[(offset - PL031_ID) / 4];
	return 0;
}

void rtc_write(struct context *ctx, uint64_t offset, unsigned int bytes,
	       uint64_t val)
{
	struct rtc_state *r = &ctx->rtc;

	LOCK_ASSERT_HELD();
	if (bytes != 4)
		return;
	switch (offset) {
	case PL031_LR:
		r->load = val;
		r->offset = r->load - pl031_now();
		pl031_set_match(due(r));
		break;
	case PL031_MR:
		r->match = val;
		pl031_set_match(due(r));
		break;
	case PL031_IMSC:
		r->enabled = val & PL031_ALARM;
		pl031_enable(r->enabled);
		break;
	case PL031_ICR:
		if (val & PL031_ALARM)
			pl031_clear();
		break;
	}
}

uint64_t rtc_seconds(const struct context *ctx, uint64_t seconds)
{
	if (!seconds || seconds > UINT32_MAX)
		return seconds;
	return (uint32_t)(seconds + ctx->rtc.offset);
}
