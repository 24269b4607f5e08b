// SPDX-License-Identifier: GPL-2.0-only
/*
 * osti_answer.c - check what the monitor answered and unpack it
 *
 * The monitor is trusted, but a firmware of another version, or a file in
 * flash that is damaged, must end as an error here and not as a wrong number
 * in user space.
 */
#include <linux/errno.h>
#include <linux/string.h>
#include <osti/abi.h>
#include <osti/image.h>

#include "osti_answer.h"

/* Without anything that a later minor version added, this module can work. */
#define OSTI_MINOR_NEEDED	0

/* Results of PSCI (Arm DEN 0022, "Return error codes"). */
#define PSCI_DENIED		(-3)
#define PSCI_INVALID_ADDRESS	(-9)

static __u64 bits(__u64 val, unsigned int shift, unsigned int count)
{
	return (val >> shift) & ((1ULL << count) - 1);
}

/* Bytes travel in registers with the first one in the lowest bits. */
static void unpack_bytes(void *to, const __u64 *from, unsigned int bytes)
{
	__u8 *p = to;
	unsigned int i;

	for (i = 0; i < bytes; i++)
		p[i] = bits(from[i / 8], 8 * (i % 8), 8);
}

/* OSTI_E_IMAGE says why; without a reason that there is it makes no sense. */
static int refused(const struct osti_regs *r)
{
	return r->x[1] >= 1 && r->x[1] <= -OSTI_IMAGE_E_LAST ? -EBADMSG : -EIO;
}

/**
 * osti_answer_status() - turn the status of a call into an errno
 * @r:	registers after the call.
 * @may: OSTI_MAY() of each error that the call may answer, OSTI_MAY_AGAIN if it
 *	may have to be made again; 0 if it cannot fail.
 *
 * Return: 0, or for an error that it may answer -EINVAL, -ESTALE (wrong state),
 * -ENOENT (no such record), -ENODATA (no NV memory), -EBADMSG (image refused,
 * x[1] is a good reason), -ENOMEM (no room), -EACCES (nobody agreed, or denied),
 * -EOPNOTSUPP (the board has no such disk) or -EAGAIN; -EIO for all others: they
 * break the contract.
 */
int osti_answer_status(const struct osti_regs *r, unsigned int may)
{
	__s64 status = (__s64)r->x[0];

	if (status == OSTI_OK)
		return 0;
	if (status == OSTI_AGAIN && may & OSTI_MAY_AGAIN)
		return -EAGAIN;
	if (status > 0 || status < OSTI_E_LAST || !(may & OSTI_MAY(status)))
		return -EIO;

	switch (status) {
	case OSTI_E_INVALID:
		return -EINVAL;
	case OSTI_E_STATE:
		return -ESTALE;
	case OSTI_E_EMPTY:
		return -ENOENT;
	case OSTI_E_HARDWARE:
		return -ENODATA;
	case OSTI_E_IMAGE:
		return refused(r);
	case OSTI_E_NO_ROOM:
		return -ENOMEM;
	case OSTI_E_AGREE:
	case OSTI_E_DENIED:
		return -EACCES;
	case OSTI_E_NO_DISK:
		return -EOPNOTSUPP;
	default:
		return -EIO;
	}
}

/**
 * osti_answer_uid() - is this the switch monitor?
 * @r: registers after OSTI_CALL_UID.
 *
 * Return: 0, or -ENODEV if somebody else, or nobody, answered.
 */
int osti_answer_uid(const struct osti_regs *r)
{
	/* A 32-bit call leaves the upper halves of its results undefined. */
	if ((__u32)r->x[0] != OSTI_UID_0 || (__u32)r->x[1] != OSTI_UID_1 ||
	    (__u32)r->x[2] != OSTI_UID_2 || (__u32)r->x[3] != OSTI_UID_3)
		return -ENODEV;
	return 0;
}

/**
 * osti_answer_revision() - can this module talk to that monitor?
 * @r:		registers after OSTI_CALL_REVISION.
 * @major:	major version of the monitor's contract, set in any case.
 * @minor:	minor version of it, set in any case.
 *
 * Return: 0, or -EPROTO if the major version is another one.
 */
int osti_answer_revision(const struct osti_regs *r, __u32 *major,
			 __u32 *minor)
{
	*major = (__u32)r->x[0];
	*minor = (__u32)r->x[1];

	/* Both are small numbers; a set sign bit is a refused call. */
	if (*major != OSTI_ABI_MAJOR || (__s32)*minor < OSTI_MINOR_NEEDED)
		return -EPROTO;
	return 0;
}

/**
 * osti_answer_info() - unpack OSTI_CALL_INFO
 * @r:		registers after the call, status OSTI_OK.
 * @info:	filled, but for the ABI version.
 *
 * Return: 0, or -EIO if a value is out of its range. The caller of this
 * module is always in a slot, so context 0 is out of range too.
 */
int osti_answer_info(const struct osti_regs *r, struct osti_ioc_info *info)
{
	if (r->x[2] < 1 || r->x[2] > OSTI_MAX_SLOTS ||
	    r->x[1] < 1 || r->x[1] > r->x[2] ||
	    r->x[3] < 1 || r->x[3] > OSTI_MAX_CPUS ||
	    !r->x[4] || r->x[5] != OSTI_RAM_IPA || !r->x[6] ||
	    (r->x[7] > r->x[2] && r->x[7] != OSTI_TARGET_NONE))
		return -EIO;

	info->own_slot = r->x[1];
	info->nr_slots = r->x[2];
	info->nr_cpus = r->x[3];
	info->armed = r->x[7];
	info->ram_bytes = r->x[4];
	info->counter_hz = r->x[6];
	return 0;
}

/**
 * osti_answer_slot() - unpack OSTI_CALL_SLOT_INFO
 * @r:		registers after the call, status OSTI_OK.
 * @slot:	filled, but for the slot's number.
 *
 * Return: 0, or -EIO if a value is out of its range.
 */
int osti_answer_slot(const struct osti_regs *r, struct osti_ioc_slot *slot)
{
	if (r->x[1] >= OSTI_SLOT_STATES || !r->x[2] ||
	    (r->x[1] == OSTI_SLOT_EMPTY && r->x[9]) ||
	    r->x[10] > OSTI_KEY_IMPORTED)
		return -EIO;

	slot->state = r->x[1];
	slot->bytes = r->x[2];
	slot->frozen_at = r->x[3];
	slot->entries = r->x[4];
	memset(slot->name, 0, sizeof(slot->name));
	unpack_bytes(slot->name, &r->x[5], OSTI_NAME_LEN);
	slot->least_version = r->x[7];
	slot->starts = r->x[8];
	slot->version = r->x[9];
	slot->key_origin = r->x[10];
	slot->reserved = 0;
	return 0;
}

/**
 * osti_answer_phases() - unpack OSTI_CALL_PHASE_READ
 * @r:	registers after the call, status OSTI_OK.
 * @p:	filled, but for the index.
 *
 * Return: 0, or -EIO if a value is out of its range.
 */
int osti_answer_phases(const struct osti_regs *r, struct osti_ioc_phases *p)
{
	__u64 source = bits(r->x[2], 0, 8);
	__u64 target = bits(r->x[2], 8, 8);
	__u64 kind = r->x[2] >> 16;

	if (!r->x[1] || source > OSTI_MAX_SLOTS || target > OSTI_MAX_SLOTS ||
	    kind > OSTI_SWITCH_BM)
		return -EIO;

	p->source = source;
	p->target = target;
	p->kind = kind;
	p->record = r->x[1];
	memcpy(p->time, &r->x[3], sizeof(p->time));
	p->slept = r->x[10];
	return 0;
}

/**
 * osti_answer_ring() - unpack OSTI_CALL_EVENT_INFO
 * @r:		registers after the call, status OSTI_OK.
 * @ring:	filled, but for the ring's number.
 *
 * Return: 0, or -EIO if the numbers contradict each other.
 */
int osti_answer_ring(const struct osti_regs *r, struct osti_ioc_ring *ring)
{
	if (r->x[1] > r->x[2])
		return -EIO;

	ring->reserved = 0;
	ring->oldest = r->x[1];
	ring->next = r->x[2];
	unpack_bytes(ring->base, &r->x[4], sizeof(ring->base));
	unpack_bytes(ring->head, &r->x[8], sizeof(ring->head));
	return 0;
}

/**
 * osti_answer_event() - unpack OSTI_CALL_EVENT_READ
 * @r:		registers after the call, status OSTI_OK.
 * @ring:	OSTI_RING_* that was asked.
 * @seq:	sequence number that was asked for.
 * @ev:		filled.
 *
 * An unknown type is passed on: a newer monitor of the same major version may
 * have more of them.
 *
 * Return: 0, or -EIO if it is another record or a value is out of its range.
 */
int osti_answer_event(const struct osti_regs *r, __u32 ring, __u64 seq,
		      struct osti_event *ev)
{
	__u64 slot = bits(r->x[3], 16, 8);
	__u64 cpu = r->x[3] >> 24;

	if (r->x[1] != seq || slot > OSTI_MAX_SLOTS || cpu >= OSTI_MAX_CPUS)
		return -EIO;

	memset(ev, 0, sizeof(*ev));
	ev->seq = r->x[1];
	ev->time = r->x[2];
	ev->type = bits(r->x[3], 0, 16);
	ev->slot = slot;
	ev->cpu = cpu;
	ev->ring = ring;
	ev->arg[0] = r->x[4];
	ev->arg[1] = r->x[5];
	unpack_bytes(ev->digest, &r->x[6], sizeof(ev->digest));
	return 0;
}

/**
 * osti_answer_image() - unpack OSTI_CALL_IMAGE_INFO
 * @r:		registers after the call, status OSTI_OK.
 * @image:	filled, but for the slot's number.
 *
 * Return: 0, or -EIO if a value is out of its range.
 */
int osti_answer_image(const struct osti_regs *r, struct osti_ioc_image *image)
{
	if (r->x[1] > OSTI_GENERATION_LAST ||
	    r->x[3] > OSTI_NOTE_LAST || r->x[4] > (__u32)-1)
		return -EIO;

	image->state = r->x[1];
	image->generation = r->x[2];
	image->note = r->x[3];
	image->reason = r->x[4];
	image->saved_at = r->x[5];
	image->bytes = r->x[6];
	return 0;
}

/**
 * osti_answer_result() - unpack OSTI_CALL_REQUEST_RESULT
 * @r:		registers after the call, status OSTI_OK.
 * @request:	the request that was armed.
 * @sw:		result and detail are filled.
 *
 * Return: 0, or -EIO if it answers another request or a value is out of its
 * range.
 */
int osti_answer_result(const struct osti_regs *r, __u32 request,
		       struct osti_ioc_switch *sw)
{
	if (r->x[1] != request || r->x[2] > OSTI_RESULT_LAST)
		return -EIO;

	sw->result = r->x[2];
	sw->detail = r->x[3];
	return 0;
}

/**
 * osti_answer_resume() - unpack OSTI_CALL_RESUME_INFO
 * @r:		registers after the call, status OSTI_OK.
 * @resume:	filled.
 *
 * Return: 0, or -EIO if a value is out of its range.
 */
int osti_answer_resume(const struct osti_regs *r, struct osti_resume *resume)
{
	int from_image = r->x[1] == OSTI_RESUMED_IMAGE ||
			 r->x[1] == OSTI_RESUMED_COPY;

	if (r->x[1] > OSTI_RESUMED_COPY || (from_image && !r->x[2]))
		return -EIO;

	resume->reason = r->x[1];
	resume->generation = r->x[2];
	resume->frozen_at = r->x[3];
	resume->saved_at = r->x[4];
	unpack_bytes(resume->secret, &r->x[5], sizeof(resume->secret));
	return 0;
}

/**
 * osti_answer_good() - unpack OSTI_CALL_START_GOOD
 * @r:		registers after the call, status OSTI_OK.
 * @good:	least_version is what was asked for; accepted is filled.
 *
 * Return: 0, or -EIO if less was raised than was asked for.
 */
int osti_answer_good(const struct osti_regs *r, struct osti_ioc_good *good)
{
	if (r->x[1] < good->least_version)
		return -EIO;

	good->accepted = r->x[1];
	return 0;
}

/**
 * osti_answer_key() - unpack OSTI_CALL_SLOT_KEY or OSTI_CALL_DISK_KEY
 * @r:		registers after the call, status OSTI_OK.
 * @key:	filled. The caller wipes it, and the registers, after use.
 * @bytes:	of the key.
 */
void osti_answer_key(const struct osti_regs *r, __u8 *key, unsigned int bytes)
{
	unpack_bytes(key, &r->x[1], bytes);
}

/**
 * osti_answer_carrier() - unpack OSTI_CALL_CARRIER_KEY
 * @r:		registers after the call, status OSTI_OK.
 * @carrier:	filled, but for the slot's number.
 */
void osti_answer_carrier(const struct osti_regs *r,
			 struct osti_ioc_carrier *carrier)
{
	carrier->reserved = 0;
	unpack_bytes(carrier->id, &r->x[1], sizeof(carrier->id));
	unpack_bytes(carrier->key, &r->x[3], sizeof(carrier->key));
}

/**
 * osti_answer_psci() - errno for what SYSTEM_SUSPEND answered
 * @err: what pm_suspend() returned after all devices were suspended.
 *
 * Linux 6.1 hands the PSCI result of a refused SYSTEM_SUSPEND through
 * unchanged, where -9 would read as EBADF.
 *
 * Return: -EBUSY for DENIED (other CPUs are still on), -EIO for any other
 * PSCI error, and @err itself if it is none.
 */
int osti_answer_psci(int err)
{
	if (err == PSCI_DENIED)
		return -EBUSY;
	if (err < 0 && err >= PSCI_INVALID_ADDRESS)
		return -EIO;
	return err;
}
