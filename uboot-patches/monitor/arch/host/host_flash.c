// SPDX-License-Identifier: GPL-2.0-only
/*
 * host_flash.c - flash for unit tests
 *
 * Follows the J3 datasheet where QEMU 7.2 (hw/block/pflash_cfi01.c) is more
 * lenient. Commands are plain numbers here, so that a wrong macro shows.
 */
#include "host_flash.h"

#include <string.h>

#include "host.h"
#include "log.h"

static uint8_t nv_data[HOST_FLASH_BYTES];
static uint8_t firmware_data[BOARD_FLASH_SIZE];

struct host_flash host_flash = { .data = nv_data, .bytes = sizeof(nv_data) };
struct host_flash host_firmware = {
	.data = firmware_data, .bytes = sizeof(firmware_data),
};

struct chips {
	struct host_flash *flash;
	uint64_t sector;
	/* What a read returns, and which command waits for its second cycle; 0: none */
	enum { ARRAY, STATUS, QUERY } mode;
	uint8_t pending;
	uint32_t pending_at;
	/* Of each chip */
	uint8_t status[HOST_FLASH_CHIPS];
	unsigned int busy;
	/* How many operations do nothing from now on */
	unsigned int failing;
};

static struct chips nv = { .flash = &host_flash, .sector = BOARD_NV_SECTOR };
static struct chips firmware = {
	.flash = &host_firmware, .sector = BOARD_FLASH_SECTOR,
};

static uint64_t next_random(struct chips *c)
{
	c->flash->cut_seed ^= c->flash->cut_seed << 13;
	c->flash->cut_seed ^= c->flash->cut_seed >> 7;
	c->flash->cut_seed ^= c->flash->cut_seed << 17;
	return c->flash->cut_seed;
}

static uint32_t get_word(struct chips *c, uint64_t offset)
{
	const uint8_t *p = &c->flash->data[offset];

	return p[0] | p[1] << 8 | p[2] << 16 | (uint32_t)p[3] << 24;
}

static void set_word(struct chips *c, uint64_t offset, uint32_t val)
{
	unsigned int i;

	for (i = 0; i < 4; i++)
		c->flash->data[offset + i] = val >> 8 * i;
}

/* ---- Power cut ----------------------------------------------------------- */

/* Some of the bits that should become zero do. Seed 0: none; 1: all. */
static void program_in_part(struct chips *c, uint64_t offset, uint32_t val)
{
	uint32_t keep = 0xffffffff;

	if (c->flash->cut_seed == 1)
		keep = 0;
	else if (c->flash->cut_seed)
		keep = next_random(c);
	set_word(c, offset, get_word(c, offset) & (val | keep));
}

/*
 * Erasing clears all bits first, then sets them: at any moment any word is old,
 * zero, blank or between. Seed 0: nothing happened; 1: all is blank.
 */
static void erase_in_part(struct chips *c, uint64_t sector)
{
	uint64_t i;

	if (!c->flash->cut_seed)
		return;
	for (i = sector; i < sector + c->sector; i += 4) {
		uint64_t dice = c->flash->cut_seed == 1 ? 1 : next_random(c);
		uint32_t random = dice >> 32;

		switch (dice % 4) {
		case 0:
			set_word(c, i, 0);
			break;
		case 1:
			set_word(c, i, 0xffffffff);
			break;
		case 2:
			set_word(c, i, random);
			break;
		default:
			break;
		}
	}
}

static bool cut_now(struct chips *c)
{
	return c->flash->cut_at && c->flash->writes == c->flash->cut_at;
}

static void power_gone(struct chips *c)
{
	c->flash->cut_hook();
	panic("the test goes on without power");
}

/* ---- Operations ---------------------------------------------------------- */

enum failure { NONE, HALF, FULL };

static enum failure fails_now(struct chips *c)
{
	if (!c->flash->fail_at) {
		if (!c->failing)
			return NONE;
		c->failing--;
		return FULL;
	}
	if (--c->flash->fail_at)
		return NONE;
	c->failing = c->flash->fail_more;
	c->flash->stuck |= c->flash->fail_hang;
	return HALF;
}

static void start(struct chips *c, bool failed, uint8_t error)
{
	unsigned int chip;

	for (chip = 0; chip < HOST_FLASH_CHIPS; chip++)
		c->status[chip] |= 0x80;
	if (failed)
		c->status[c->flash->fail_chip] |= error;
	c->mode = STATUS;
	c->pending = 0;
	c->busy = c->flash->busy_reads;
}

static void program(struct chips *c, uint64_t offset, uint32_t val)
{
	enum failure failed = fails_now(c);

	c->flash->programs++;
	if (cut_now(c)) {
		program_in_part(c, offset, val);
		power_gone(c);
	}
	if (val != 0xffffffff && val & ~get_word(c, offset))
		panic("flash: 0x%x at 0x%lx cannot become 0x%x without an erase",
		      get_word(c, offset), offset, val);
	/* A cell that is worn out stays as it was. */
	if (failed == FULL)
		val = 0xffffffff;
	else if (failed && !c->flash->fail_done)
		val |= c->flash->fail_chip ? 0xffff0000 : 0xffff;
	set_word(c, offset, get_word(c, offset) & val);
	start(c, failed, c->flash->fail_status);
}

static void erase(struct chips *c, uint64_t offset)
{
	uint64_t sector = offset & ~(c->sector - 1);
	enum failure failed = fails_now(c);

	c->flash->erases++;
	if (cut_now(c)) {
		erase_in_part(c, sector);
		power_gone(c);
	}
	if (failed != FULL)
		memset(&c->flash->data[sector], 0xff, c->sector);
	if (failed == HALF && !c->flash->fail_done)
		set_word(c, sector + c->sector - 4,
			 c->flash->fail_chip ? 0xfeffffff : 0xfffffffe);
	start(c, failed, c->flash->fail_status);
}

/* ---- Bus ----------------------------------------------------------------- */

static uint32_t read_status(struct chips *c)
{
	uint32_t val = c->status[0] | (uint32_t)c->status[1] << 16;

	if (c->flash->stuck)
		return val & ~0x00800080U;
	/* The chips need not be done at the same time. */
	if (c->busy)
		return c->busy-- % 2 ? val & ~0x00800080U : val & ~0x00800000U;
	return val;
}

static uint64_t flash_read(struct chips *c, uint64_t offset, unsigned int size)
{
	if (size != 4)
		panic("flash: read of %u bytes", size);
	if (c->flash->absent)
		return 0xffffffff;
	switch (c->mode) {
	case STATUS:
		return read_status(c);
	case QUERY:
		if (offset / 4 >= sizeof(c->flash->query))
			return 0;
		return c->flash->query[offset / 4] * 0x00010001U;
	default:
		if (offset >= c->flash->bytes)
			panic("flash: read at 0x%lx, of no use to anybody",
			      offset);
		return get_word(c, offset);
	}
}

static void first_cycle(struct chips *c, uint64_t offset, uint32_t val)
{
	switch (val) {
	case 0x00200020:
	case 0x00400040:
		c->pending = val;
		c->pending_at = offset;
		c->mode = STATUS;
		break;
	case 0x00500050:
		memset(c->status, c->flash->no_ready_after_clear ? 0 : 0x80,
		       sizeof(c->status));
		c->mode = ARRAY;
		break;
	case 0x00980098:
		if (offset != 0x55 * 4)
			panic("flash: query at 0x%lx", offset);
		c->mode = QUERY;
		break;
	case 0xffffffff:
		c->mode = ARRAY;
		break;
	default:
		panic("flash: unknown command 0x%x at 0x%lx", val, offset);
	}
}

static void second_cycle(struct chips *c, uint64_t offset, uint32_t val)
{
	if (c->pending == 0x20 && val == 0xffffffff) {
		/* Not what an erase waits for: a sequence error. */
		start(c, false, 0);
		memset(c->status, 0xb0, sizeof(c->status));
		return;
	}
	if (offset != c->pending_at)
		panic("flash: command 0x%x at 0x%x goes on at 0x%lx", c->pending,
		      c->pending_at, offset);
	if (c->pending == 0x40)
		program(c, offset, val);
	else if (val == 0x00d000d0)
		erase(c, offset);
	else
		panic("flash: 0x%x does not confirm an erase", val);
}

static void flash_write(struct chips *c, uint64_t offset, unsigned int size, uint64_t val)
{
	if (size != 4)
		panic("flash: write of %u bytes", size);
	if (c->flash->absent)
		return;
	c->flash->writes++;
	/* A chip that is at work hears nothing but suspend. */
	if (c->mode == STATUS && !c->pending && (c->flash->stuck || c->busy))
		return;
	if (c->pending)
		second_cycle(c, offset, val);
	else
		first_cycle(c, offset, val);
	if (cut_now(c))
		power_gone(c);
}

/* ---- Set-up -------------------------------------------------------------- */

static void reset(struct chips *c)
{
	memset(&c->flash->absent, 0,
	       sizeof(*c->flash) - offsetof(struct host_flash, absent));
	c->mode = ARRAY;
	c->pending = 0;
	c->busy = 0;
	c->failing = 0;
	memset(c->status, 0x80, sizeof(c->status));
}

void host_flash_reset(void)
{
	reset(&nv);
	reset(&firmware);
}

static uint64_t nv_read(uint64_t offset, unsigned int size)
{
	return flash_read(&nv, offset, size);
}

static void nv_write(uint64_t offset, unsigned int size, uint64_t val)
{
	flash_write(&nv, offset, size, val);
}

static uint64_t firmware_read(uint64_t offset, unsigned int size)
{
	/* What head.S has copied is read in words of 8 bytes: flash.c. */
	if (size == 8)
		return flash_read(&firmware, offset, 4) |
		       flash_read(&firmware, offset + 4, 4) << 32;
	return flash_read(&firmware, offset, size);
}

static void firmware_write(uint64_t offset, unsigned int size, uint64_t val)
{
	flash_write(&firmware, offset, size, val);
}

static void add(struct chips *c, const struct host_device *device)
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

	memset(c->flash->data, 0xff, c->flash->bytes);
	memcpy(c->flash->query, query, sizeof(query));
	reset(c);
	host_device_add(device);
}

void host_flash_add(void)
{
	static const struct host_device device = {
		.base = BOARD_NV_BASE,
		.bytes = BOARD_NV_SIZE,
		.read = nv_read,
		.write = nv_write,
	};

	add(&nv, &device);
}

void host_firmware_add(void)
{
	static const struct host_device device = {
		.base = BOARD_FLASH_BASE,
		.bytes = BOARD_FLASH_SIZE,
		.read = firmware_read,
		.write = firmware_write,
	};

	add(&firmware, &device);
}

static bool idle(const struct chips *c)
{
	return c->mode == ARRAY && !c->pending &&
	       !((c->status[0] | c->status[1]) & 0x7f);
}

bool host_flash_idle(void)
{
	return idle(&nv);
}

bool host_firmware_idle(void)
{
	return idle(&firmware);
}

void host_flash_pend(uint8_t cmd)
{
	nv.pending = cmd;
	nv.pending_at = 0;
	nv.mode = STATUS;
}
