// SPDX-License-Identifier: GPL-2.0-only
/*
 * cfi.c - the NV flash: CFI parallel NOR with Intel's command set
 *
 * Single words, no buffered writes: what is written is small, and after a power
 * cut it must be clear which words were done.
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

static pa_t address(uint32_t offset)
{
	return pa_make(BOARD_NV_BASE + offset);
}

static void command(uint32_t offset, uint8_t cmd)
{
	arch_write32(address(offset), CFI_BOTH(cmd));
}

/*
 * All data lines high: if a chip waits for a word to program since before a
 * reset, it programs nothing.
 */
static void read_array(void)
{
	arch_write32(address(0), CFI_READ_ARRAY);
}

/* ---- Query --------------------------------------------------------------- */

static bool query_is(unsigned int index, uint8_t want)
{
	return arch_read32(address(index * CFI_BUS_BYTES)) == CFI_BOTH(want);
}

static unsigned int query8(unsigned int index)
{
	return arch_read32(address(index * CFI_BUS_BYTES)) & 0xff;
}

static unsigned int query16(unsigned int index)
{
	return query8(index) | query8(index + 1) << 8;
}

static int check_query(void)
{
	unsigned int set, log2_size, regions, sectors;
	uint64_t sector;

	if (!query_is(CFI_QRY, 'Q') || !query_is(CFI_QRY + 1, 'R') ||
	    !query_is(CFI_QRY + 2, 'Y')) {
		log_error("NV flash: no pair of 16-bit CFI chips at 0x%lx",
			  BOARD_NV_BASE);
		return CFI_E_ABSENT;
	}

	set = query16(CFI_COMMAND_SET);
	log2_size = query8(CFI_DEVICE_SIZE);
	regions = query8(CFI_REGIONS);
	sectors = query16(CFI_REGION_SECTORS) + 1;
	sector = (uint64_t)query16(CFI_REGION_SIZE) * 256 * CFI_CHIPS;
	if ((set != CFI_SET_INTEL_EXTENDED && set != CFI_SET_INTEL) ||
	    log2_size > 32 || CFI_CHIPS * (1UL << log2_size) != BOARD_NV_SIZE ||
	    regions != 1 || sector != BOARD_NV_SECTOR ||
	    sectors * sector != BOARD_NV_SIZE) {
		log_error("NV flash: command set %u, 2^%u bytes each chip, %u regions, %u sectors of 0x%lx bytes: not what board.h says",
			  set, log2_size, regions, sectors,
			  (unsigned long)sector);
		return CFI_E_UNSUPPORTED;
	}
	return 0;
}

int cfi_init(void)
{
	int err;

	LOCK_ASSERT_HELD();
	/* A reset may have come within a command: the first one ends that. */
	read_array();
	read_array();
	command(0, CFI_CMD_CLEAR_STATUS);
	command(CFI_QUERY_AT * CFI_BUS_BYTES, CFI_CMD_QUERY);
	err = check_query();
	read_array();
	return err;
}

/* ---- Read ---------------------------------------------------------------- */

static void check_range(uint32_t offset, size_t bytes)
{
	ASSERT(offset % CFI_BUS_BYTES == 0 && bytes % CFI_BUS_BYTES == 0);
	ASSERT(offset <= BOARD_NV_SIZE && bytes <= BOARD_NV_SIZE - offset);
}

void cfi_read(uint32_t offset, void *buf, size_t bytes)
{
	uint8_t *out = buf;
	size_t i;

	LOCK_ASSERT_HELD();
	check_range(offset, bytes);
	for (i = 0; i < bytes; i += CFI_BUS_BYTES) {
		uint32_t word = arch_read32(address(offset + i));

		out[i] = word;
		out[i + 1] = word >> 8;
		out[i + 2] = word >> 16;
		out[i + 3] = word >> 24;
	}
}

/* ---- Write --------------------------------------------------------------- */

/* Wait until both chips are done with what they do at @offset. */
static int settle(uint32_t offset, unsigned int ms, const char *what)
{
	uint64_t deadline = deadline_in_ms(ms);
	bool late = false;
	uint32_t status;

	for (;;) {
		status = arch_read32(address(offset));
		if ((status & CFI_BOTH(CFI_SR_READY)) == CFI_BOTH(CFI_SR_READY))
			break;
		if (late) {
			log_error("NV flash: %s at 0x%x: status 0x%x, not done in %u ms",
				  what, offset, status, ms);
			return CFI_E_TIMEOUT;
		}
		late = deadline_passed(deadline);
	}
	if (status & CFI_BOTH(CFI_SR_ERRORS)) {
		log_error("NV flash: %s at 0x%x failed with status 0x%x",
			  what, offset, status);
		return CFI_E_STATUS;
	}
	return 0;
}

/*
 * The status is cleared here, not before a command: QEMU clears its ready bit
 * too, and sets it when the next command is done.
 */
static int finish(int err)
{
	if (err)
		command(0, CFI_CMD_CLEAR_STATUS);
	read_array();
	return err;
}

static int verify(uint32_t offset, uint32_t want, const char *what)
{
	uint32_t word = arch_read32(address(offset));

	if (word == want)
		return 0;
	log_error("NV flash: %s at 0x%x: reads 0x%x, should read 0x%x: worn out",
		  what, offset, word, want);
	return CFI_E_VERIFY;
}

static uint32_t word_at(const uint8_t *p)
{
	return p[0] | p[1] << 8 | p[2] << 16 | (uint32_t)p[3] << 24;
}

int cfi_program(uint32_t offset, const void *data, size_t bytes)
{
	const uint8_t *in = data;
	int err = 0;
	size_t i;

	LOCK_ASSERT_HELD();
	check_range(offset, bytes);
	for (i = 0; !err && i < bytes; i += CFI_BUS_BYTES) {
		command(offset + i, CFI_CMD_PROGRAM);
		arch_write32(address(offset + i), word_at(in + i));
		err = settle(offset + i, PROGRAM_MS, "programming");
	}
	err = finish(err);
	for (i = 0; !err && i < bytes; i += CFI_BUS_BYTES)
		err = verify(offset + i, word_at(in + i), "programming");
	return err;
}

int cfi_erase(uint32_t offset)
{
	uint32_t i;
	int err;

	LOCK_ASSERT_HELD();
	check_range(offset, BOARD_NV_SECTOR);
	ASSERT(offset % BOARD_NV_SECTOR == 0);
	command(offset, CFI_CMD_ERASE);
	command(offset, CFI_CMD_CONFIRM);
	err = finish(settle(offset, ERASE_MS, "erasing"));
	for (i = 0; !err && i < BOARD_NV_SECTOR; i += CFI_BUS_BYTES)
		err = verify(offset + i, BLANK_WORD, "erasing");
	return err;
}
