// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * probe.c - accesses that may fault
 */
#include "arch.h"
#include "probe.h"

/* leaf.S: 0 = went through; an exception makes them return 1. */
#define LEAF(name) uint64_t leaf_##name(uint64_t addr, uint64_t val)

LEAF(read8);
LEAF(read16);
LEAF(read32);
LEAF(read64);
LEAF(write8);
LEAF(write16);
LEAF(write32);
LEAF(write64);
LEAF(ldp);
LEAF(stp);
LEAF(ldr_q);
LEAF(ldxr);
LEAF(dc_zva);
LEAF(dc_civac);
LEAF(ldr_post);
LEAF(ldadd);
LEAF(exec);

static bool probe(uint64_t (*leaf)(uint64_t, uint64_t), uint64_t a, uint64_t b)
{
	struct cpu *cpu = &cpus[cpu_index()];
	uint64_t failed;

	cpu->fault.taken = false;
	cpu->probing = true;
	failed = leaf(a, b);
	/* An abort that comes late must not be taken for the next probe's. */
	dsb();
	isb();
	cpu->probing = false;
	return !failed;
}

#define PROBE_READ(bits)						\
bool probe_read##bits(uint64_t addr, uint64_t *val)			\
{									\
	return probe(leaf_read##bits, addr, (uint64_t)val);		\
}

#define PROBE_WRITE(bits)						\
bool probe_write##bits(uint64_t addr, uint64_t val)			\
{									\
	return probe(leaf_write##bits, addr, val);			\
}

#define PROBE(name)							\
bool probe_##name(uint64_t addr)					\
{									\
	return probe(leaf_##name, addr, 0);				\
}

PROBE_READ(8)
PROBE_READ(16)
PROBE_READ(32)
PROBE_READ(64)
PROBE_WRITE(8)
PROBE_WRITE(16)
PROBE_WRITE(32)
PROBE_WRITE(64)
PROBE(ldp)
PROBE(stp)
PROBE(ldr_q)
PROBE(ldxr)
PROBE(dc_zva)
PROBE(dc_civac)
PROBE(ldr_post)
PROBE(ldadd)

bool probe_exec(uint64_t addr)
{
	bool done;

	/* Device memory is not executable with the MMU on. */
	mmu_off();
	done = probe(leaf_exec, addr, 0);
	mmu_on();
	return done;
}

bool probe_call(uint64_t (*leaf)(uint64_t *val), uint64_t *val)
{
	struct cpu *cpu = &cpus[cpu_index()];
	uint64_t failed;

	cpu->fault.taken = false;
	cpu->probing = true;
	failed = leaf(val);
	cpu->probing = false;
	return !failed;
}

const struct fault *fault(void)
{
	return &cpus[cpu_index()].fault;
}

bool fault_is_external(uint64_t addr, unsigned int ec)
{
	const struct fault *f = fault();

	return f->taken && ESR_EC(f->esr) == ec &&
	       ESR_FSC(f->esr) == FSC_EXTERNAL && f->far == addr;
}
