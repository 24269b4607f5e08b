/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * smc.h - calls into the monitor, PSCI and OSTI
 */
#ifndef PAYLOAD_SMC_H
#define PAYLOAD_SMC_H

#include <stdint.h>

#include "psci.h"
#include "../../../include/osti/abi.h"

/* x0..x30 before and after a call. */
struct smc_regs {
	uint64_t x[31];
};

/* SMC #0 (or another conduit) with all of x0..x30 from and back to @regs. */
void smc_call(struct smc_regs *regs);
void smc_call_imm1(struct smc_regs *regs);
void hvc_call(struct smc_regs *regs);

/* Call with up to three arguments; the signed value of x0. */
int64_t smc3(uint64_t id, uint64_t x1, uint64_t x2, uint64_t x3);

/* PSCI's results are 32-bit integers, whatever the identifier. */
static inline int psci(uint32_t id, uint64_t x1, uint64_t x2, uint64_t x3)
{
	return (int32_t)smc3(id, x1, x2, x3);
}

/* The same, but @id and arguments as SMC64. */
static inline int psci64(uint32_t id, uint64_t x1, uint64_t x2, uint64_t x3)
{
	return (int32_t)smc3(id | PSCI_SMC64, x1, x2, x3);
}

/* Call an OSTI function; results in regs->x[1..11]. The status. */
int64_t osti_call(struct smc_regs *regs, uint32_t id, uint64_t x1, uint64_t x2);

/* OSTI_CALL_INFO, read once at the start. */
struct osti_self {
	unsigned int slot;
	unsigned int nr_slots;
	unsigned int nr_cpus;
	uint64_t ram_bytes;
	uint64_t ram_base;
	uint64_t ram_end;
};

extern struct osti_self self;
void osti_self_read(void);

/* How often the caller's slot was entered since power-on. */
uint64_t osti_entries(void);

/* The ring where events of a type are. */
static inline unsigned int osti_event_ring(unsigned int type)
{
	return type >= OSTI_EV_STAGE2_FAULT && type <= OSTI_EV_TRAP ?
	       OSTI_RING_OFFENCES : OSTI_RING_ACTS;
}

/*
 * Look for an event of @type about the own slot with sequence number >= @from
 * and, unless @a is OSTI_ANY, argument a. Its sequence number, or -1.
 */
#define OSTI_ANY	(~0UL)
int64_t osti_event_find(uint64_t from, unsigned int type, uint64_t a);

/* Sequence number that the next event of a ring will get. */
uint64_t osti_event_next(unsigned int ring);

#endif /* PAYLOAD_SMC_H */
