// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * courier.c - a slot that carries copies of CARRY_SLOT, and the person who
 * agrees
 */
#include "test.h"

#include <string.h>

#include "courier.h"

#include "context.h"
#include "slot.h"
#include "world.h"

void courier_begin(uint64_t seed)
{
	carry_boot();
	context_get(COURIER)->size = COURIER_BYTES;
	carry_freeze(CARRY_SLOT, seed);
	machine_start(COURIER);
	assert_ptr_equal(world_current(), context_get(COURIER));
}

void courier_leave(unsigned int target)
{
	assert_int_equal(machine_suspend(target, MACHINE_ENTRY, 0).outcome,
			 OUTCOME_ENTER);
}

void courier_resume(void)
{
	assert_int_equal(machine_smc(OSTI_CALL_SLOT_RESUME, COURIER, 0, 0)
			 .outcome, OUTCOME_ENTER);
	assert_ptr_equal(world_current(), context_get(COURIER));
}

void courier_hibernate(struct carry_image *local)
{
	courier_leave(OSTI_CONTEXT_BM);
	carry_export(CARRY_SLOT, local);
	carry_commit_export();
	assert_int_equal(context_get(CARRY_SLOT)->state, OSTI_SLOT_EMPTY);
	courier_resume();
}

int64_t courier_ask(const struct carry_image *image)
{
	memcpy(carry_buffer(OSTI_IMAGE_HEADER), image->file, OSTI_IMAGE_HEADER);
	return machine_call(OSTI_CALL_RESTORE_ASK, CARRY_SLOT, CARRY_BUFFER, 0);
}

bool courier_agree(const struct carry_image *image)
{
	struct machine_smc smc;

	assert_int_equal(courier_ask(image), OSTI_OK);
	assert_int_equal(machine_request(OSTI_REQUEST_RESTORE | CARRY_SLOT << 8)
			 .outcome, OUTCOME_ENTER);
	smc = machine_smc(OSTI_CALL_RESTORE_INFO, 0, 0, 0);
	assert_int_equal(smc.x[0], OSTI_OK);
	assert_int_equal(smc.x[1], CARRY_SLOT);
	assert_int_equal(smc.x[2], COURIER);
	assert_int_equal(smc.x[3], image->generation);
	assert_int_equal(smc.x[4], CARRY_SAVED_AT);
	assert_memory_equal(&smc.x[5], image->file + OSTI_IMAGE_H_DEVICE,
			    OSTI_IMAGE_DEVICE);
	assert_int_equal(machine_call(OSTI_CALL_RESTORE_GRANT, CARRY_SLOT, 0,
				      0), OSTI_OK);
	courier_resume();
	return smc.x[7];
}
