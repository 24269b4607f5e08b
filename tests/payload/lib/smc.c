// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * smc.c - calls into the monitor, PSCI and OSTI
 */
#include "smc.h"

struct osti_self self;

int64_t smc3(uint64_t id, uint64_t x1, uint64_t x2, uint64_t x3)
{
	struct smc_regs regs = { .x = { id, x1, x2, x3 } };

	smc_call(&regs);
	return regs.x[0];
}

int64_t osti_call(struct smc_regs *regs, uint32_t id, uint64_t x1, uint64_t x2)
{
	*regs = (struct smc_regs){ .x = { id, x1, x2 } };
	smc_call(regs);
	return regs->x[0];
}

void osti_self_read(void)
{
	struct smc_regs regs;

	osti_call(&regs, OSTI_CALL_INFO, 0, 0);
	self.slot = regs.x[1];
	self.nr_slots = regs.x[2];
	self.nr_cpus = regs.x[3];
	self.ram_bytes = regs.x[4];
	self.ram_base = regs.x[5];
	self.ram_end = self.ram_base + self.ram_bytes;
}

uint64_t osti_entries(void)
{
	struct smc_regs regs;

	osti_call(&regs, OSTI_CALL_SLOT_INFO, self.slot, 0);
	return regs.x[4];
}

uint64_t osti_event_next(unsigned int ring)
{
	struct smc_regs regs;

	osti_call(&regs, OSTI_CALL_EVENT_INFO, ring, 0);
	return regs.x[2];
}

int64_t osti_event_find(uint64_t from, unsigned int type, uint64_t a)
{
	const unsigned int ring = osti_event_ring(type);
	struct smc_regs regs;
	uint64_t seq, next;

	osti_call(&regs, OSTI_CALL_EVENT_INFO, ring, 0);
	seq = regs.x[1] > from ? regs.x[1] : from;
	for (next = regs.x[2]; seq < next; seq++) {
		if (osti_call(&regs, OSTI_CALL_EVENT_READ, seq, ring) !=
		    OSTI_OK)
			continue;
		if ((regs.x[3] & 0xffff) != type ||
		    (regs.x[3] >> 16 & 0xff) != self.slot)
			continue;
		if (a == OSTI_ANY || regs.x[4] == a)
			return seq;
	}
	return -1;
}
