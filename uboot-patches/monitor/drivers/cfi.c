// SPDX-License-Identifier: GPL-2.0-only
/*
 * cfi.c - flash: CFI parallel NOR with Intel's command set
 *
 * Single words, no buffered writes: what is written is small or rare, and after a
 * power cut it must be clear which words were done.
 */
#include "cfi.h"

#include "arch.h"
#include "board.h"
#include "cfi_regs.h"
#include "deadline.h"
#include "lock.h"
#include "log.h"

/* Several times what chips of this kind take when they are worn out. */
#define PROGRAM_MS	100
#define ERASE_MS	20000

#define BLANK_WORD	0xffffffffU

struct place {
	uint64_t base, bytes, sector;
	const char *name;
};

static const struct place places[CFI_FLASHES] = {
	[CFI_FIRMWARE] = { BOARD_FLASH_BASE, BOARD_FLASH_SIZE,
			   BOARD_FLASH_SECTOR, "firmware's" },
	[CFI_NV] = { BOARD_NV_BASE, BOARD_NV_SIZE, BOARD_NV_SECTOR, "NV" },
};

static const struct place *place(enum cfi_flash flash)
{
	ASSERT(flash < CFI_FLASHES);
	return &places[flash];
}

static pa_t address(const struct place *at, uint32_t offset)
{
	return pa_make(at->base + offset);
}

static void command(const struct place *at, uint32_t offset, uint8_t cmd)
{
	arch_write32(address(at, offset), CFI_BOTH(cmd));
}

/*
 * All data lines high: if a chip waits for a word to program since before a
 * reset, it programs nothing.
 */
static void read_array(const struct place *at)
{
	arch_write32(address(at, 0), CFI_READ_ARRAY);
}

/* ---- Query --------------------------------------------------------------- */

static bool query_is(const struct place *at, unsigned int index, uint8_t want)
{
	return arch_read32(address(at, index * CFI_BUS_BYTES)) == CFI_BOTH(want);
}

static unsigned int query8(const struct place *at, unsigned int index)
{
	return arch_read32(address(at, index * CFI_BUS_BYTES)) & 0xff;
}

static unsigned int query16(const struct place *at, unsigned int index)
{
	return query8(at, index) | query8(at, index + 1) << 8;
}

static int check_query(const struct place *at)
{
	unsigned int set, log2_size, regions, sectors;
	uint64_t sector;

	if (!query_is(at, CFI_QRY, 'Q') || !query_is(at, CFI_QRY + 1, 'R') ||
	    !query_is(at, CFI_QRY + 2, 'Y')) {
		log_error("%s flash: no pair of 16-bit CFI chips at 0x%lx",
			  at->name, (unsigned long)at->base);
		return CFI_E_ABSENT;
	}

	set = query16(at, CFI_COMMAND_SET);
	log2_size = query8(at, CFI_DEVICE_SIZE);
	regions = query8(at, CFI_REGIONS);
	sectors = query16(at, CFI_REGION_SECTORS) + 1;
	sector = (uint64_t)query16(at, CFI_REGION_SIZE) * 256 * CFI_CHIPS;
	if ((set != CFI_SET_INTEL_EXTENDED && set != CFI_SET_INTEL) ||
	    log2_size > 32 || CFI_CHIPS * (1UL << log2_size) != at->bytes ||
	    regions != 1 || sector != at->sector ||
	    sectors * sector != at->bytes) {
		log_error("%s flash: command set %u, 2^%u bytes each chip, %u regions, %u sectors of 0x%lx bytes: not what board.h says",
			  at->name, set, log2_size, regions, sectors,
			  (unsigned long)sector);
		return CFI_E_UNSUPPORTED;
	}
	return 0;
}

int cfi_init(enum cfi_flash flash)
{
	const struct place *at = place(flash);
	int err;

	LOCK_ASSERT_HELD();
	/* A reset may have come within a command: the first one ends that. */
	read_array(at);
	read_array(at);
	command(at, 0, CFI_CMD_CLEAR_STATUS);
	command(at, CFI_QUERY_AT * CFI_BUS_BYTES, CFI_CMD_QUERY);
	err = check_query(at);
	read_array(at);
	return err;
}

/* ---- Read ---------------------------------------------------------------- */

static void check_range(const struct place *at, uint32_t offset, size_t bytes)
{
	ASSERT(offset % CFI_BUS_BYTES == 0 && bytes % CFI_BUS_BYTES == 0);
	ASSERT(offset <= at->bytes && bytes <= at->bytes - offset);
}

void cfi_read(enum cfi_flash flash, uint32_t offset, void *buf, size_t bytes)
{
	const struct place *at = place(flash);
	uint8_t *out = buf;
	size_t i;

	LOCK_ASSERT_HELD();
	check_range(at, offset, bytes);
	for (i = 0; i < bytes; i += CFI_BUS_BYTES) {
		uint32_t word = arch_read32(address(at, offset + i));

		out[i] = word;
		out[i + 1] = word >> 8;
		out[i + 2] = word >> 16;
		out[i + 3] = word >> 24;
	}
}

/* ---- Write --------------------------------------------------------------- */

/* Wait until both chips are done with what they do at @offset. */
static int settle(const struct place *at, uint32_t offset, unsigned int ms,
		  const char *what)
{
	uint64_t deadline = deadline_in_ms(ms);
	bool late = false;
	uint32_t status;

	for (;;) {
		status = arch_read32(address(at, offset));
		if ((status & CFI_BOTH(CFI_SR_READY)) == CFI_BOTH(CFI_SR_READY))
			break;
		if (late) {
			log_error("%s flash: %s at 0x%x: status 0x%x, not done in %u ms",
				  at->name, what, offset, status, ms);
			return CFI_E_TIMEOUT;
		}
		late = deadline_passed(deadline);
	}
	if (status & CFI_BOTH(CFI_SR_ERRORS)) {
		log_error("%s flash: %s at 0x%x failed with status 0x%x",
			  at->name, what, offset, status);
		return CFI_E_STATUS;
	}
	return 0;
}

/*
 * The status is cleared here, not before a command: QEMU clears its ready bit
 * too, and sets it when the next command is done.
 */
static int finish(const struct place *at, int err)
{
	if (err)
		command(at, 0, CFI_CMD_CLEAR_STATUS);
	read_array(at);
	return err;
}

static int verify(const struct place *at, uint32_t offset, uint32_t want,
		  const char *what)
{
	uint32_t word = arch_read32(address(at, offset));

	if (word == want)
		return 0;
	log_error("%s flash: %s at 0x%x: reads 0x%x, should read 0x%x: worn out",
		  at->name, what, offset, word, want);
	return CFI_E_VERIFY;
}

static uint32_t word_at(const uint8_t *p)
{
	return p[0] | p[1] << 8 | p[2] << 16 | (uint32_t)p[3] << 24;
}

int cfi_program(enum cfi_flash flash, uint32_t offset, const void *data,
		size_t bytes)
{
	const struct place *at = place(flash);
	const uint8_t *in = data;
	int err = 0;
	size_t i;

	LOCK_ASSERT_HELD();
	check_range(at, offset, bytes);
	for (i = 0; !err && i < bytes; i += CFI_BUS_BYTES) {
		command(at, offset + i, CFI_CMD_PROGRAM);
		arch_write32(address(at, offset + i), word_at(in + i));
		err = settle(at, offset + i, PROGRAM_MS, "programming");
	}
	err = finish(at, err);
	for (i = 0; !err && i < bytes; i += CFI_BUS_BYTES)
		err = verify(at, offset + i, word_at(in + i), "programming");
	return err;
}

int cfi_erase(enum cfi_flash flash, uint32_t offset)
{
	const struct place *at = place(flash);
	uint32_t i;
	int err;

	LOCK_ASSERT_HELD();
	check_range(at, offset, at->sector);
	ASSERT(offset % at->sector == 0);
	command(at, offset, CFI_CMD_ERASE);
	command(at, offset, CFI_CMD_CONFIRM);
	err = finish(at, settle(at, offset, ERASE_MS, "erasing"));
	for (i = 0; !err && i < at->sector; i += CFI_BUS_BYTES)
		err = verify(at, offset + i, BLANK_WORD, "erasing");
	return err;
}
