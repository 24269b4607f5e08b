// SPDX-License-Identifier: GPL-2.0-only
/*
 * A firmware that an operating system hands over goes into flash
 *
 * The monitor verifies and writes it; here it is carried: docs/firmware-update.md.
 */

#include <common.h>
#include <mapmem.h>
#include <asm/unaligned.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <osti/abi.h>
#include <osti/bm/call.h>
#include <osti/bm/error.h>
#include <osti/bm/exchange.h>
#include <osti/bm/firmware.h>
#include <osti/bm/fit.h>
#include <osti/bm/progress.h>
#include <osti/bm/slots.h>
#include <osti/bootimage.h>
#include <osti/firmware.h>

/* Percent of the bar when all is read, erased, and written. */
#define PERCENT_READ	10
#define PERCENT_ERASED	20
#define PERCENT_WRITTEN	90
/* How many sectors an image takes is the monitor's to know; about so many. */
#define MOST_SECTORS	8

static const char *reason(u64 why)
{
	switch (why) {
	case OSTI_FIRMWARE_E_SIGNATURE:
		return "not signed with this device's key";
	case OSTI_FIRMWARE_E_FORMAT:
		return "no firmware that is known here";
	case OSTI_FIRMWARE_E_BOARD:
		return "for another board";
	case OSTI_FIRMWARE_E_VERSION:
		return "older than the device accepts";
	case OSTI_FIRMWARE_E_NOT_NEWER:
		return "not newer than what runs: sign it with a higher version";
	case OSTI_FIRMWARE_E_ROOM:
		return "too large for its place in flash";
	case OSTI_FIRMWARE_E_IMAGE:
		return "not what was signed: hand it over again";
	default:
		return "the monitor does not say why";
	}
}

/* What the monitor has against it. */
static int answer(const struct osti_exchange *ex, s64 status,
		  const struct osti_regs *regs, u64 *why)
{
	osti_progress_end();
	switch (status) {
	case OSTI_E_FIRMWARE:
		return osti_exchange_refused(ex, reason(regs->x[1]),
					     OSTI_BOOT_E_FIRMWARE + regs->x[1],
					     why);
	case OSTI_E_STATE:
		osti_error("new firmware of %s: the firmware that runs is on trial: call its start good first",
			   ex->slot->name);
		return -EBUSY;
	case OSTI_E_HARDWARE:
		osti_error("new firmware of %s: the flash cannot be written: the device keeps the firmware that runs",
			   ex->slot->name);
		return -EIO;
	default:
		return osti_call_refused("install a firmware", ex->slot, status);
	}
}

static int stop(void)
{
	osti_progress_end();
	puts("osti: stopped by Esc: the device keeps the firmware that runs\n");

	return -ECANCELED;
}

static s64 erase(struct osti_regs *regs)
{
	s64 status;
	u64 done = 0;

	do {
		status = osti_call(OSTI_CALL_FIRMWARE_ERASE, 0, 0, 0, regs);
		done = min_t(u64, done + 1, MOST_SECTORS);
		osti_progress(done, MOST_SECTORS, PERCENT_READ, PERCENT_ERASED);
	} while (status == OSTI_AGAIN);

	return status;
}

static s64 write(const u8 *image, u64 bytes, struct osti_regs *regs)
{
	s64 status = OSTI_OK;
	u64 done, piece;

	for (done = 0; done < bytes && !status; done += piece) {
		piece = min_t(u64, bytes - done, OSTI_FIRMWARE_PAGE);
		status = osti_call(OSTI_CALL_FIRMWARE_WRITE, done,
				   map_to_sysmem(image + done), piece, regs);
		osti_progress(done + piece, bytes, PERCENT_ERASED,
			      PERCENT_WRITTEN);
	}

	return status;
}

/* From here on nothing stops it: half of it would be of no use. */
static s64 put(const u8 *file, u64 bytes, struct osti_regs *regs)
{
	s64 status;

	status = osti_call(OSTI_CALL_FIRMWARE_BEGIN, map_to_sysmem(file),
			   get_unaligned_le64(file + OSTI_FIRMWARE_LENGTH), 0,
			   regs);
	if (!status)
		status = erase(regs);
	if (!status)
		status = write(file + OSTI_FIRMWARE_IMAGE, bytes, regs);

	return status ? status : osti_call_through(OSTI_CALL_FIRMWARE_FINISH,
						   0, 0, 0, regs);
}

int osti_firmware_install(const struct osti_slot *slot, u64 *why)
{
	struct osti_exchange ex = { .slot = slot, .what = "firmware" };
	struct osti_regs regs;
	size_t room;
	const u8 *file = osti_fit_memory(&room);
	s64 status;
	int ret;

	ret = osti_exchange_open(&ex);
	if (!ret)
		ret = osti_exchange_header(&ex, why);
	if (ret)
		return ret;
	osti_progress_begin();
	ret = osti_exchange_read(&ex, PERCENT_READ);
	if (ret == -ECANCELED)
		return stop();
	if (!ret && (ex.bytes <= OSTI_FIRMWARE_IMAGE ||
		     memcmp(file, OSTI_FIRMWARE_MAGIC, 8)))
		ret = osti_exchange_refused(&ex, "it is no firmware",
					    OSTI_BOOT_E_FIT, why);
	if (ret) {
		osti_progress_end();
		return ret;
	}
	status = put(file, ex.bytes - OSTI_FIRMWARE_IMAGE, &regs);
	if (status)
		return answer(&ex, status, &regs, why);
	osti_progress_end();
	puts("osti: a new firmware is in flash: the next power-on tries it\n");

	return 0;
}

/* ---- Which one runs ---------------------------------------------------------------- */

static u32 state_of(const struct osti_regs *info, u32 bank)
{
	return info->x[4 + 2 * bank] & 0xff;
}

static u64 version_of(const struct osti_regs *info, u32 bank)
{
	return info->x[3 + 2 * bank];
}

static u32 tries_of(const struct osti_regs *info, u32 bank)
{
	return info->x[4 + 2 * bank] >> 8;
}

void osti_firmware_print(void)
{
	struct osti_regs info;
	u32 own, other;

	if (osti_call(OSTI_CALL_FIRMWARE_INFO, 0, 0, 0, &info))
		return;
	own = info.x[1];
	other = !own;
	printf("firmware version %llu", version_of(&info, own));
	if (state_of(&info, own) == OSTI_FIRMWARE_TRIAL)
		printf(", on trial, %u more to come", tries_of(&info, own));
	putc('\n');
	if (state_of(&info, other) != OSTI_FIRMWARE_TRIAL)
		return;
	if (tries_of(&info, other))
		printf("firmware version %llu is tried at the next power-on\n",
		       version_of(&info, other));
	else
		printf("firmware version %llu was tried, and no start was called good\n",
		       version_of(&info, other));
}
