// SPDX-License-Identifier: GPL-2.0-only
/*
 * call_firmware.c - the OSTI calls about the firmware
 */
#include "call.h"

#include "firmware.h"
#include "nv.h"

static uint64_t state_of(const struct firmware_bank *bank)
{
	if (!bank->whole)
		return OSTI_FIRMWARE_NONE;
	if (bank->good)
		return OSTI_FIRMWARE_GOOD;
	return OSTI_FIRMWARE_TRIAL | (uint64_t)bank->tries << 8;
}

int64_t call_firmware_info(struct call *c)
{
	struct firmware_bank bank[FIRMWARE_BANKS];
	unsigned int i;

	c->res[1] = firmware_running(bank);
	c->res[2] = nv_firmware_floor();
	for (i = 0; i < FIRMWARE_BANKS; i++) {
		c->res[3 + 2 * i] = bank[i].version;
		c->res[4 + 2 * i] = state_of(&bank[i]);
	}
	return OSTI_OK;
}

int64_t call_firmware_begin(struct call *c)
{
	const uint64_t bytes = c->arg[2];
	uint8_t *buf;
	int64_t ret;

	if (bytes < OSTI_FIRMWARE_MIN || bytes > OSTI_FIRMWARE_MAX)
		return OSTI_E_INVALID;
	ret = call_buffer(c, c->arg[1], bytes, &buf);
	return ret ? ret : firmware_begin(buf, bytes, &c->res[1]);
}

int64_t call_firmware_erase(struct call *c)
{
	(void)c;
	return firmware_erase();
}

int64_t call_firmware_write(struct call *c)
{
	const uint64_t bytes = c->arg[3];
	uint8_t *buf;
	int64_t ret;

	if (!bytes || bytes > FIRMWARE_PIECE)
		return OSTI_E_INVALID;
	ret = call_buffer(c, c->arg[2], bytes, &buf);
	return ret ? ret : firmware_write(c->arg[1], buf, bytes);
}

int64_t call_firmware_finish(struct call *c)
{
	return firmware_finish(&c->res[1]);
}
