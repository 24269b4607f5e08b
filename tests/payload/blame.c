// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * blame.c - a slot's DMA faults are its own, however many
 *
 * Slot 1 lets a device fault more often than the SMMU's queue can hold, after
 * its last call and before it suspends. Slot 2, which never did wrong, looks
 * whether anything was booked to it.
 */
#include "lib/arch.h"
#include "lib/cpu.h"
#include "lib/gic.h"
#include "lib/pci.h"
#include "lib/report.h"
#include "lib/smc.h"
#include "lib/switch.h"
#include "lib/timer.h"
#include "lib/virtio.h"

/* The queue holds 128 (SMMUV3_EVENTS); each request faults once or more. */
#define QUEUE		128
#define FAULTS		200
#define REFUSAL_MS	200

static struct virtq queue;

static void fault(struct virtio *rng)
{
	/* Below RAM there is nothing of the slot's. */
	virtio_start(rng, &queue, NULL);
	queue.desc[0] = (struct virtq_desc){
		.addr = OSTI_RAM_IPA - 4096, .len = 64, .flags = VIRTQ_WRITE,
	};
	virtq_offer(&queue, 0);
	virtio_kick(rng);
	virtio_wait(rng, &queue, 1, REFUSAL_MS);
}

static void flood_and_switch(void)
{
	struct smc_regs regs;
	struct virtio rng;
	const char *error;
	unsigned int i;
	int64_t status;

	error = virtio_open(&rng, BOARD_PCI_RNG);
	if (error)
		report_abort("random numbers: %s", error);
	status = osti_call(&regs, OSTI_CALL_TARGET_ARM, other_slot(), 0);
	if (status != OSTI_OK)
		report_abort("TARGET_ARM gave %ld", status);
	/* No call from here on: the monitor looks at the queue in each. */
	for (i = 0; i < FAULTS; i++)
		fault(&rng);
	status = cpu_suspend(0);
	if (status != CPU_RESUMED)
		report_abort("SYSTEM_SUSPEND gave %ld", status);
}

static void test_own(uint64_t from)
{
	struct smc_regs regs;
	uint64_t seq = from;
	int64_t found;
	uint32_t most = 0;

	test_begin("own-faults");
	while ((found = osti_event_find(seq, OSTI_EV_DMA_FAULT, OSTI_ANY)) >=
	       0) {
		osti_call(&regs, OSTI_CALL_EVENT_READ, found,
			  OSTI_RING_OFFENCES);
		most = regs.x[5];
		seq = found + 1;
	}
	/* Of an offence the 1st, 2nd, 4th ... are recorded. */
	check_eq("faults that were booked", most, QUEUE);
	test_end();
}

static void test_none(void)
{
	int64_t seq;

	test_begin("no-faults");
	seq = osti_event_find(0, OSTI_EV_DMA_FAULT, OSTI_ANY);
	check(seq < 0, "event %ld says that this slot's devices faulted", seq);
	test_end();
}

void payload_main(void)
{
	uint64_t from;

	report_start("blame");
	gic_init();
	from = osti_event_next(OSTI_RING_OFFENCES);
	/* Slot 2 must be there already: after a start it is not the next. */
	switch_to(other_slot(), 0);
	if (self.slot == 2) {
		test_none();
		switch_to(other_slot(), 0);
		finish_pair();
	}
	flood_and_switch();
	test_own(from);
	finish_pair();
}
