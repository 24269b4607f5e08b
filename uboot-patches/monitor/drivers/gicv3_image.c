// SPDX-License-Identifier: GPL-2.0-only
/*
 * gicv3_image.c - the interrupt controller's state as bytes of an image
 *
 * Nothing in it needs to be believed: each value goes to a register that the
 * slot's OS could write itself.
 */
#include "gicv3.h"

#include "image_bytes.h"

#define VERSION		1

struct cursor {
	uint8_t *out;
	const uint8_t *in;
};

static void put32(struct cursor *c, uint32_t val)
{
	image_put32(c->out, val);
	c->out += 4;
}

static uint32_t get32(struct cursor *c)
{
	c->in += 4;
	return image_get32(c->in - 4);
}

static void put_bank(struct cursor *c, const struct gicv3_bank *bank)
{
	unsigned int i;

	put32(c, bank->group);
	put32(c, bank->enabled);
	put32(c, bank->pending);
	put32(c, bank->active);
	for (i = 0; i < 2; i++)
		put32(c, bank->config[i]);
	for (i = 0; i < 8; i++)
		put32(c, bank->priority[i]);
}

static void get_bank(struct cursor *c, struct gicv3_bank *bank)
{
	unsigned int i;

	bank->group = get32(c);
	bank->enabled = get32(c);
	bank->pending = get32(c);
	bank->active = get32(c);
	for (i = 0; i < 2; i++)
		bank->config[i] = get32(c);
	for (i = 0; i < 8; i++)
		bank->priority[i] = get32(c);
}

void gicv3_image_write(const struct gicv3_state *state,
		       uint8_t out[GICV3_IMAGE_BYTES])
{
	struct cursor c = { .out = out };
	unsigned int i;

	put32(&c, VERSION);
	put32(&c, state->ctlr);
	for (i = 0; i < GICV3_SHARED_BANKS; i++)
		put_bank(&c, &state->shared[i]);
	for (i = 0; i < OSTI_MAX_CPUS; i++)
		put_bank(&c, &state->private[i]);
	for (i = 0; i < GICV3_MAX_LINES - GICV3_PRIVATE; i++) {
		put32(&c, state->route[i]);
		put32(&c, state->route[i] >> 32);
	}
}

bool gicv3_image_ok(const uint8_t *in, uint32_t bytes)
{
	return bytes == GICV3_IMAGE_BYTES && image_get32(in) == VERSION;
}

void gicv3_image_read(const uint8_t *in, struct gicv3_state *state)
{
	struct cursor c = { .in = in + 4 };
	unsigned int i;

	state->ctlr = get32(&c);
	for (i = 0; i < GICV3_SHARED_BANKS; i++)
		get_bank(&c, &state->shared[i]);
	for (i = 0; i < OSTI_MAX_CPUS; i++)
		get_bank(&c, &state->private[i]);
	for (i = 0; i < GICV3_MAX_LINES - GICV3_PRIVATE; i++) {
		state->route[i] = get32(&c);
		state->route[i] |= (uint64_t)get32(&c) << 32;
	}
}
