// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_nv_states.c - the states of a generation, and their table in the docs
 */
#include "test.h"

#include <stdio.h>
#include <string.h>

#include "nv_device.h"

/* Tests run at the top of the tree. */
#define DOCS	"docs/state-machines.md"
#define SLOT	2
#define CELL	16

static const struct {
	const char *name;
	enum nv_state state;
} names[] = {
	{ "none", NV_NONE }, { "begun", NV_BEGUN }, { "stored", NV_STORED },
	{ "consumed", NV_CONSUMED }, { "retired", NV_RETIRED },
};

static enum nv_state state_of(const char *name)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (!strcmp(names[i].name, name))
			return names[i].state;
	fail_msg(DOCS ": '%s' is no state of a generation", name);
	return NV_NONE;
}

/* A slot whose newest generation is in that state; its number. */
static uint64_t reach(enum nv_state state)
{
	uint64_t generation = 0;

	assert_int_equal(setup_ready(NULL), 0);
	if (state != NV_NONE)
		assert_int_equal(nv_begin(SLOT, &generation), 0);
	if (state != NV_NONE && state != NV_BEGUN)
		assert_int_equal(nv_store(SLOT, generation), 0);
	if (state == NV_RETIRED)
		assert_int_equal(nv_retire(SLOT, generation), 0);
	if (state == NV_CONSUMED)
		assert_int_equal(nv_consume(SLOT, generation), 0);
	return generation;
}

enum { BEGIN, STORE, RETIRE, CONSUME, CALLS };

/* What the call makes of it, or the same where it is refused. */
static int try_call(unsigned int call, uint64_t generation)
{
	uint64_t next;

	switch (call) {
	case BEGIN:
		return nv_begin(SLOT, &next);
	case STORE:
		/* There is no number to store without one that was begun. */
		return generation ? nv_store(SLOT, generation) : NV_E_STATE;
	case RETIRE:
		return nv_retire(SLOT, generation);
	default:
		return nv_consume(SLOT, generation);
	}
}

static void check_row(const char *from, char to[CALLS][CELL])
{
	unsigned int call;

	for (call = 0; call < CALLS; call++) {
		const uint64_t generation = reach(state_of(from));
		const int err = try_call(call, generation);

		if (!strcmp(to[call], "-")) {
			if (!err)
				fail_msg(DOCS ": %s, column %u: '-', but the code takes it",
					 from, call + 1);
			continue;
		}
		if (err)
			fail_msg(DOCS ": %s, column %u: the code refuses it",
				 from, call + 1);
		assert_slot(SLOT, generation + (call == BEGIN),
			    state_of(to[call]));
		/* And so it is after the next power-on. */
		assert_int_equal(power_on(), 0);
		assert_slot(SLOT, generation + (call == BEGIN),
			    state_of(to[call]));
	}
}

static void test_docs(void **state)
{
	char line[256], from[CELL], to[CALLS][CELL];
	unsigned int rows = 0;
	bool in_table = false;
	FILE *f = fopen(DOCS, "r");

	(void)state;
	if (!f)
		fail_msg("cannot read " DOCS ": run the test at the top of the tree");
	while (fgets(line, sizeof(line), f)) {
		if (sscanf(line, "| %15s | %15s | %15s | %15s | %15s |",
			   from, to[BEGIN], to[STORE], to[RETIRE],
			   to[CONSUME]) != 5) {
			in_table = in_table && line[0] == '|';
		} else if (!strcmp(from, "generation")) {
			in_table = true;
		} else if (in_table) {
			check_row(from, to);
			rows++;
		}
	}
	fclose(f);
	assert_int_equal(rows, ARRAY_SIZE(names));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_docs, setup_ready),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
