/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * probe.h - accesses that may fault
 *
 * Each gives true when the access went through; else fault() tells what
 * happened. Addresses are identity mapped, as device memory outside RAM.
 */
#ifndef PAYLOAD_PROBE_H
#define PAYLOAD_PROBE_H

#include <stdbool.h>
#include <stdint.h>

#include "cpu.h"

bool probe_read8(uint64_t addr, uint64_t *val);
bool probe_read16(uint64_t addr, uint64_t *val);
bool probe_read32(uint64_t addr, uint64_t *val);
bool probe_read64(uint64_t addr, uint64_t *val);
bool probe_write8(uint64_t addr, uint64_t val);
bool probe_write16(uint64_t addr, uint64_t val);
bool probe_write32(uint64_t addr, uint64_t val);
bool probe_write64(uint64_t addr, uint64_t val);

/* Accesses whose syndrome does not describe the instruction (ISV = 0). */
bool probe_ldp(uint64_t addr);
bool probe_stp(uint64_t addr);
bool probe_ldr_q(uint64_t addr);
bool probe_ldxr(uint64_t addr);
bool probe_dc_zva(uint64_t addr);
bool probe_dc_civac(uint64_t addr);
/* Load with writeback of x3, see struct fault. */
bool probe_ldr_post(uint64_t addr);
/* Atomic add (FEAT_LSE); only where ID_AA64ISAR0_EL1 has it. */
bool probe_ldadd(uint64_t addr);

/* Fetch an instruction at @addr; nothing there may be executable. */
bool probe_exec(uint64_t addr);

/* Run a function of one's own as a probe: leaf, result 0 = went through. */
bool probe_call(uint64_t (*leaf)(uint64_t *val), uint64_t *val);

/* The exception of the last probe of this CPU that faulted. */
const struct fault *fault(void);

/* An access of this CPU faulted as an external abort at @addr. */
bool fault_is_external(uint64_t addr, unsigned int ec);

#endif /* PAYLOAD_PROBE_H */
