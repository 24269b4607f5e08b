// SPDX-License-Identifier: GPL-2.0-only
/*
 * The start statement of a boot image: what the monitor says of it, and where
 * it wants kernel and RAM disk to lie
 */

#include <common.h>
#include <mapmem.h>
#include <asm/unaligned.h>
#include <linux/sizes.h>
#include <osti/abi.h>
#include <osti/bm/call.h>
#include <osti/bm/error.h>
#include <osti/bm/fit.h>
#include <osti/bm/slots.h>
#include <osti/bm/start.h>
#include <osti/bm/statement.h>
#include <osti/start.h>

static u64 field(const struct osti_fit *img, u32 at)
{
	return get_unaligned_le64(img->statement + at);
}

int osti_statement_refused(const struct osti_slot *slot,
			   const struct osti_fit *img, u64 why)
{
	switch (why) {
	case OSTI_START_E_SIGNATURE:
		osti_error("%s: bad signature: its start statement was changed, or signed with another key: sign it with the key of this firmware",
			   img->file);
		break;
	case OSTI_START_E_FORMAT:
		osti_error("%s: its start statement is signed, but not understood: make it with the osti-sign of this firmware",
			   img->file);
		break;
	case OSTI_START_E_SLOT:
		osti_error("%s: is for another slot: its start statement does not name \"%s\": use the image of this slot, or sign one for it",
			   img->file, slot->name);
		break;
	case OSTI_START_E_VERSION:
		osti_error("%s: too old: it has version %llu, and slot %u (%s) accepts %llu and later: use a newer image",
			   img->file, field(img, OSTI_START_S_VERSION),
			   slot->nr, slot->name, slot->least);
		break;
	case OSTI_START_E_ROOM:
		osti_error("slot %u (%s): too large: kernel and RAM disk of %s do not fit its %llu KiB: make the slot larger or the image smaller",
			   slot->nr, slot->name, img->file,
			   slot->bytes / SZ_1K);
		break;
	case OSTI_START_E_KERNEL:
		osti_error("%s: bad hash of its kernel: the file was damaged or changed: put it there again",
			   img->file);
		break;
	case OSTI_START_E_RAMDISK:
		osti_error("%s: bad hash of its ramdisk: the file was damaged or changed: put it there again",
			   img->file);
		break;
	default:
		osti_error("%s: refused for a reason that is not known here (%llu): build monitor and boot manager from the same source",
			   img->file, why);
		break;
	}

	return -EKEYREJECTED;
}

int osti_statement_check(const struct osti_slot *slot,
			 const struct osti_fit *img, u64 *told)
{
	struct osti_regs regs;
	s64 status;

	*told = 0;
	if (img->statement_len < OSTI_START_MIN ||
	    img->statement_len > OSTI_START_MAX) {
		osti_error("%s: damaged: its start statement has %zu bytes: make it again",
			   img->file, img->statement_len);
		return -ENOEXEC;
	}
	status = osti_call(OSTI_CALL_START_CHECK, slot->nr,
			   map_to_sysmem(img->statement), img->statement_len,
			   &regs);
	if (status == OSTI_E_START) {
		*told = regs.x[1];
		return osti_statement_refused(slot, img, regs.x[1]);
	}
	if (status)
		return osti_call_refused("check its start statement", slot, status);
	*told = regs.x[2];

	return 0;
}

/* Does what the file has have the length that the statement tells? */
static int compare(const struct osti_fit *img, const char *what, size_t len,
		   u64 told)
{
	if (len == told)
		return 0;
	osti_error("%s: its %s has %zu bytes, its start statement tells of %llu: make it again",
		   img->file, what, len, told);

	return -EBADMSG;
}

static bool fits(u64 offset, u64 len, u64 room)
{
	return offset <= room && len <= room - offset;
}

int osti_statement_layout(const struct osti_slot *slot,
			  const struct osti_fit *img,
			  struct osti_layout *layout)
{
	u64 room = min_t(u64, slot->bytes, OSTI_WINDOW_MAX);
	int ret;

	ret = compare(img, "kernel", img->kernel_len,
		      field(img, OSTI_START_S_KERNEL_LEN));
	if (!ret)
		ret = compare(img, "ramdisk", img->initrd_len,
			      field(img, OSTI_START_S_RAMDISK_LEN));
	if (ret)
		return ret;
	layout->kernel = field(img, OSTI_START_S_KERNEL);
	layout->initrd = field(img, OSTI_START_S_RAMDISK);
	if (!fits(layout->kernel, img->kernel_len, room) ||
	    !fits(layout->initrd, img->initrd_len, room))
		return osti_statement_refused(slot, img, OSTI_START_E_ROOM);

	return 0;
}
