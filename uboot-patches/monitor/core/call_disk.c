// SPDX-License-Identifier: GPL-2.0-only
/*
 * call_disk.c - the OSTI calls about the disk of a slot that is carried
 */
#include "call.h"

#include "disk.h"

/* Another slot, which x1 names. */
static int64_t other_slot(struct call *c, struct context **slot)
{
	int64_t ret;

	if (c->ctx->id == OSTI_CONTEXT_BM)
		return OSTI_E_DENIED;
	ret = call_slot(c, slot);
	return !ret && *slot == c->ctx ? OSTI_E_INVALID : ret;
}

int64_t call_disk_show(struct call *c)
{
	struct context *slot;
	int64_t ret = other_slot(c, &slot);

	if (ret)
		return ret;
	if (c->arg[2] > OSTI_DISK_STORE)
		return OSTI_E_INVALID;
	return disk_show(c->ctx, slot, c->arg[2], &c->res[1]);
}

int64_t call_disk_hide(struct call *c)
{
	struct context *slot;
	int64_t ret = other_slot(c, &slot);

	return ret ? ret : disk_hide(c->ctx, slot);
}
