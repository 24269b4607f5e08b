// SPDX-License-Identifier: GPL-2.0-only
/*
 * Calls into the switch monitor
 */

#include <common.h>
#include <osti/abi.h>
#include <osti/bm/call.h>
#include <osti/bm/error.h>
#include <osti/bm/slots.h>

s64 osti_call(u32 id, u64 a1, u64 a2, u64 a3, struct osti_regs *regs)
{
	*regs = (struct osti_regs){ .x = { id, a1, a2, a3 } };
	osti_smc(regs);

	return (s64)regs->x[0];
}

s64 osti_call_through(u32 id, u64 a1, u64 a2, u64 a3, struct osti_regs *regs)
{
	s64 status;

	do {
		status = osti_call(id, a1, a2, a3, regs);
	} while (status == OSTI_AGAIN);

	return status;
}

static const char *status_str(s64 status)
{
	switch (status) {
	case OSTI_E_NOT_SUPPORTED:
		return "it does not know this call";
	case OSTI_E_INVALID:
		return "an argument is out of range";
	case OSTI_E_DENIED:
		return "not allowed for the boot manager";
	case OSTI_E_STATE:
		return "the state of the slots does not allow it";
	case OSTI_E_RANGE:
		return "an address is outside the slot";
	case OSTI_E_EMPTY:
		return "there is no such record";
	case OSTI_E_BUSY:
		return "other CPUs are on";
	case OSTI_E_HARDWARE:
		return "a CPU, a device or the NV memory does not work";
	case OSTI_E_IMAGE:
		return "the image is refused";
	case OSTI_E_NO_ROOM:
		return "there is no free memory that is large enough";
	case OSTI_E_START:
		return "the start is refused";
	case OSTI_E_AGREE:
		return "a person has to agree";
	case OSTI_E_NO_DISK:
		return "the board cannot show that disk";
	case OSTI_E_FIRMWARE:
		return "the firmware is refused";
	default:
		return "unknown status";
	}
}

int osti_call_refused(const char *what, const struct osti_slot *slot, s64 status)
{
	if (slot)
		osti_error("slot %u (%s): the switch monitor refused to %s: %s (%lld)",
			   slot->nr, slot->name, what, status_str(status),
			   status);
	else
		osti_error("the switch monitor refused to %s: %s (%lld)", what,
			   status_str(status), status);

	return -EIO;
}
