// SPDX-License-Identifier: GPL-2.0-only
/*
 * context.c - the boot manager and the slots, as they were configured
 */
#include "context.h"

#include "board.h"
#include "log.h"
#include "string.h"

#define MIB	(1024ULL * 1024)

struct slot_config {
	const char *name;
	uint64_t mib;
};

#define SLOT(n)	{ CONFIG_OSTI_SLOT##n##_NAME, CONFIG_OSTI_SLOT##n##_MIB }

static const struct slot_config slot_configs[] = {
	SLOT(1),
#if CONFIG_OSTI_NR_SLOTS >= 2
	SLOT(2),
#endif
#if CONFIG_OSTI_NR_SLOTS >= 3
	SLOT(3),
#endif
#if CONFIG_OSTI_NR_SLOTS >= 4
	SLOT(4),
#endif
#if CONFIG_OSTI_NR_SLOTS >= 5
	SLOT(5),
#endif
#if CONFIG_OSTI_NR_SLOTS >= 6
	SLOT(6),
#endif
#if CONFIG_OSTI_NR_SLOTS >= 7
	SLOT(7),
#endif
#if CONFIG_OSTI_NR_SLOTS >= 8
	SLOT(8),
#endif
};

#define NR_SLOTS	(sizeof(slot_configs) / sizeof(slot_configs[0]))

_Static_assert(NR_SLOTS == CONFIG_OSTI_NR_SLOTS, "a slot has no settings");
_Static_assert(NR_SLOTS <= OSTI_MAX_SLOTS, "too many slots");

_Static_assert(BOARD_RAM_BASE + CONFIG_OSTI_RAM_MIB * MIB > BOARD_SLOTS_BASE,
	       "RAM ends below the slots: raise OSTI_RAM_MIB");

static struct context contexts[NR_CONTEXTS];

static void context_set_name(struct context *ctx, const char *name)
{
	unsigned int i;

	for (i = 0; i < OSTI_NAME_LEN && *name; i++)
		ctx->name[i] = *name++;
}

void context_init(void)
{
	const uint64_t room = BOARD_RAM_BASE + CONFIG_OSTI_RAM_MIB * MIB -
			      BOARD_SLOTS_BASE;
	unsigned int i;

	for (i = 0; i <= NR_SLOTS; i++) {
		struct context *ctx = &contexts[i];

		memset(ctx, 0, sizeof(*ctx));
		ctx->id = i;
		ctx->target = OSTI_TARGET_NONE;
		if (i == OSTI_CONTEXT_BM) {
			context_set_name(ctx, "boot manager");
			ctx->base = pa_make(BOARD_BM_BASE);
			ctx->size = BOARD_BM_SIZE;
			continue;
		}
		context_set_name(ctx, slot_configs[i - 1].name);
		ctx->state = OSTI_SLOT_EMPTY;
		ctx->size = slot_configs[i - 1].mib * MIB;
		/* All at once need not fit: some can be in the store. */
		if (ctx->size > room)
			panic("slot %u does not fit the %u MiB that %u MiB of RAM leave for slots: lower its size or raise OSTI_RAM_MIB",
			      i, (unsigned int)(room / MIB),
			      CONFIG_OSTI_RAM_MIB);
	}
}

unsigned int context_slots(void)
{
	return NR_SLOTS;
}

struct context *context_get(unsigned int id)
{
	ASSERT(id <= NR_SLOTS);
	return &contexts[id];
}

bool context_is_slot(uint64_t slot)
{
	return slot >= 1 && slot <= NR_SLOTS;
}

bool context_owns(const struct context *ctx, ipa_t ipa, uint64_t bytes)
{
	uint64_t at;

	/* No sum is formed, so nothing can wrap. */
	if (ipa_before(ipa, context_ram()))
		return false;
	at = ipa_offset(ipa, context_ram());
	return at < ctx->size && bytes <= ctx->size - at;
}
