// SPDX-License-Identifier: GPL-2.0-only
/*
 * host_flash.c - the NV flash for unit tests
 *
 * Follows the J3 datasheet where QEMU 7.2 (hw/block/pflash_cfi01.c) is more
 * lenient. Commands are plain numbers here, so that a wrong macro shows.
 */
#include "host_flash.h"

#include <string.h>

#include "host.h"
#include "log.h"

struct host_flash host_flash;

/* What a read returns, and which command waits for its second cycle; 0: none */
static enum { ARRAY, STATUS, QUERY } mode;
static uint8_t pending;
static uint32_t pending_at;
/* Of each chip */
static uint8_t status[HOST_FLASH_CHIPS];
static unsigned int busy;
/* How many operations do nothing from now on */
static unsigned int failing;

static uint64_t next_random(void)
{
	host_flash.cut_seed ^= host_flash.cut_seed << 13;
	host_flash.cut_seed ^= host_flash.cut_seed >> 7;
	host_flash.cut_seed ^= host_flash.cut_seed << 17;
	return host_flash.cut_seed;
}

static uint32_t get_word(uint64_t offset)
{
	const uint8_t *p = &host_flash.data[offset];

	return p[0] | p[1] << 8 | p[2] << 16 | (uint32_t)p[3] << 24;
}

static void set_word(uint64_t offset, uint32_t val)
{
	unsigned int i;

	for (i = 0; i < 4; i++)
		host_flash.data[offset + i] = val >> 8 * i;
}

/* ---- Power cut ----------------------------------------------------------- */

/* Some of the bits that should become zero do. Seed 0: none; 1: all. */
static void program_in_part(uint64_t offset, uint32_t val)
{
	uint32_t keep = 0xffffffff;

	if (host_flash.cut_seed == 1)
		keep = 0;
	else if (host_flash.cut_seed)
		keep = next_random();
	set_word(offset, get_word(offset) & (val | keep));
}

/*
 * Erasing clears all bits first, then sets them: at any moment any word is old,
 * zero, blank or between. Seed 0: nothing happened; 1: all is blank.
 */
static void erase_in_part(uint64_t sector)
{
	uint64_t i;

	if (!host_flash.cut_seed)
		return;
	for (i = sector; i < sector + BOARD_NV_SECTOR; i += 4) {
		uint64_t dice = host_flash.cut_seed == 1 ? 1 : next_random();
		uint32_t random = dice >> 32;

		switch (dice % 4) {
		case 0:
			set_word(i, 0);
			break;
		case 1:
			set_word(i, 0xffffffff);
			break;
		case 2:
			set_word(i, random);
			break;
		default:
			break;
		}
	}
}

static bool cut_now(void)
{
	return host_flash.cut_at && host_flash.writes == host_flash.cut_at;
}

static void power_gone(void)
{
	host_flash.cut_hook();
	panic("the test goes on without power");
}

/* ---- Operations ---------------------------------------------------------- */

enum failure { NONE, HALF, FULL };

static enum failure fails_now(void)
{
	if (!host_flash.fail_at) {
		if (!failing)
			return NONE;
		failing--;
		return FULL;
	}
	if (--host_flash.fail_at)
		return NONE;
	failing = host_flash.fail_more;
	host_flash.stuck |= host_flash.fail_hang;
	return HALF;
}

static void start(bool failed, uint8_t error)
{
	unsigned int chip;

	for (chip = 0; chip < HOST_FLASH_CHIPS; chip++)
		status[chip] |= 0x80;
	if (failed)
		status[host_flash.fail_chip] |= error;
	mode = STATUS;
	pending = 0;
	busy = host_flash.busy_reads;
}

static void program(uint64_t offset, uint32_t val)
{
	enum failure failed = fails_now();

	host_flash.programs++;
	if (cut_now()) {
		program_in_part(offset, val);
		power_gone();
	}
	if (val != 0xffffffff && val & ~get_word(offset))
		panic("flash: 0x%x at 0x%lx cannot become 0x%x without an erase",
		      get_word(offset), offset, val);
	/* A cell that is worn out stays as it was. */
	if (failed == FULL)
		val = 0xffffffff;
	else if (failed && !host_flash.fail_done)
		val |= host_flash.fail_chip ? 0xffff0000 : 0xffff;
	set_word(offset, get_word(offset) & val);
	start(failed, host_flash.fail_status);
}

static void erase(uint64_t offset)
{
	uint64_t sector = offset & ~(BOARD_NV_SECTOR - 1);
	enum failure failed = fails_now();

	host_flash.erases++;
	if (cut_now()) {
		erase_in_part(sector);
		power_gone();
	}
	if (failed != FULL)
		memset(&host_flash.data[sector], 0xff, BOARD_NV_SECTOR);
	if (failed == HALF && !host_flash.fail_done)
		set_word(sector + BOARD_NV_SECTOR - 4,
			 host_flash.fail_chip ? 0xfeffffff : 0xfffffffe);
	start(failed, host_flash.fail_status);
}

/* ---- Bus ----------------------------------------------------------------- */

static uint32_t read_status(void)
{
	uint32_t val = status[0] | (uint32_t)status[1] << 16;

	if (host_flash.stuck)
		return val & ~0x00800080U;
	/* The chips need not be done at the same time. */
	if (busy)
		return busy-- % 2 ? val & ~0x00800080U : val & ~0x00800000U;
	return val;
}

static uint64_t flash_read(uint64_t offset, unsigned int size)
{
	if (size != 4)
		panic("flash: read of %u bytes", size);
	if (host_flash.absent)
		return 0xffffffff;
	switch (mode) {
	case STATUS:
		return read_status();
	case QUERY:
		if (offset / 4 >= sizeof(host_flash.query))
			return 0;
		return host_flash.query[offset / 4] * 0x00010001U;
	default:
		if (offset >= HOST_FLASH_BYTES)
			panic("flash: read at 0x%lx, of no use to anybody",
			      offset);
		return get_word(offset);
	}
}

static void first_cycle(uint64_t offset, uint32_t val)
{
	switch (val) {
	case 0x00200020:
	case 0x00400040:
		pending = val;
		pending_at = offset;
		mode = STATUS;
		break;
	case 0x00500050:
		memset(status, host_flash.no_ready_after_clear ? 0 : 0x80,
		       sizeof(status));
		mode = ARRAY;
		break;
	case 0x00980098:
		if (offset != 0x55 * 4)
			panic("flash: query at 0x%lx", offset);
		mode = QUERY;
		break;
	case 0xffffffff:
		mode = ARRAY;
		break;
	default:
		panic("flash: unknown command 0x%x at 0x%lx", val, offset);
	}
}

static void second_cycle(uint64_t offset, uint32_t val)
{
	if (pending == 0x20 && val == 0xffffffff) {
		/* Not what an erase waits for: a sequence error. */
		start(false, 0);
		memset(status, 0xb0, sizeof(status));
		return;
	}
	if (offset != pending_at)
		panic("flash: command 0x%x at 0x%x goes on at 0x%lx", pending,
		      pending_at, offset);
	if (pending == 0x40)
		program(offset, val);
	else if (val == 0x00d000d0)
		erase(offset);
	else
		panic("flash: 0x%x does not confirm an erase", val);
}

static void flash_write(uint64_t offset, unsigned int size, uint64_t val)
{
	if (size != 4)
		panic("flash: write of %u bytes", size);
	if (host_flash.absent)
		return;
	host_flash.writes++;
	/* A chip that is at work hears nothing but suspend. */
	if (mode == STATUS && !pending && (host_flash.stuck || busy))
		return;
	if (pending)
		second_cycle(offset, val);
	else
		first_cycle(offset, val);
	if (cut_now())
		power_gone();
}

/* ---- Set-up -------------------------------------------------------------- */

void host_flash_reset(void)
{
	memset(&host_flash.absent, 0,
	       sizeof(host_flash) - offsetof(struct host_flash, absent));
	mode = ARRAY;
	pending = 0;
	busy = 0;
	failing = 0;
	memset(status, 0x80, sizeof(status));
}

void host_flash_add(void)
{
	/* QEMU 7.2, pflash_cfi01_fill_cfi_table(), of hw/arm/virt.c's flash */
	static const uint8_t query[sizeof(host_flash.query)] = {
		[0x10] = 'Q', 'R', 'Y', 0x01, 0x00, 0x31,
		[0x1b] = 0x45, 0x55,
		[0x1f] = 0x07, 0x07, 0x0a, 0x00, 0x04, 0x04, 0x04,
		[0x27] = 25, 0x02, 0x00, 0x0b, 0x00, 0x01, 0xff, 0x00, 0x00,
		0x02, 'P', 'R', 'I', '1', '0',
		[0x3f] = 0x01,
	};
	static const struct host_device device = {
		.base = BOARD_NV_BASE,
		.bytes = BOARD_NV_SIZE,
		.read = flash_read,
		.write = flash_write,
	};

	memset(host_flash.data, 0xff, sizeof(host_flash.data));
	memcpy(host_flash.query, query, sizeof(query));
	host_flash_reset();
	host_device_add(&device);
}

bool host_flash_idle(void)
{
	return mode == ARRAY && !pending && !((status[0] | status[1]) & 0x7f);
}

void host_flash_pend(uint8_t cmd)
{
	pending = cmd;
	pending_at = 0;
	mode = STATUS;
}
