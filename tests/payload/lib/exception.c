// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * exception.c - what happens at an exception
 */
#include "arch.h"
#include "cpu.h"
#include "gic.h"
#include "report.h"

#define VECTOR_SYNC	4
#define VECTOR_IRQ	5

struct frame {
	uint64_t x[31];
	uint64_t elr;
	uint64_t spsr;
	uint64_t pad;
};

_Static_assert(sizeof(struct frame) == 272, "FRAME in vectors.S");

void exception(struct frame *frame, unsigned int kind);

void exception(struct frame *frame, unsigned int kind)
{
	struct cpu *cpu = &cpus[cpu_index()];
	uint64_t esr = read_sysreg(esr_el1);
	uint64_t far = read_sysreg(far_el1);

	if (kind == VECTOR_IRQ) {
		cpu->last_irq = gic_take();
		cpu->irqs++;
		return;
	}
	if (kind != VECTOR_SYNC || !cpu->probing)
		report_abort("unexpected exception: vector %u ESR 0x%lx ELR 0x%lx (image + 0x%lx) FAR 0x%lx on CPU %u",
			     kind, esr, frame->elr,
			     frame->elr - (uint64_t)image_start, far,
			     cpu_index());

	/* A probe is a leaf function: leave it, with "faulted" as result. */
	cpu->probing = false;
	cpu->fault = (struct fault){
		.taken = true, .esr = esr, .far = far, .elr = frame->elr,
		.x3 = frame->x[3],
	};
	frame->x[0] = 1;
	frame->elr = frame->x[30];
}
