// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_slot.c - the state machine of a slot, and its table in the docs
 */
#include "test.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "host.h"
#include "slot.h"

#define STATES	OSTI_SLOT_STATES
#define NO	0xff
/* Tests run at the top of the tree. */
#define DOCS	"docs/state-machines.md"

/* In the order of enum slot_event. */
static const uint8_t expected[STATES][SLOT_EVENTS] = {
	/*	open close start freeze resume stop export import commit abort */
	[OSTI_SLOT_EMPTY] = {
		OSTI_SLOT_LOADING, NO, NO, NO, NO, NO, NO,
		OSTI_SLOT_RESTORING, NO, NO
	},
	[OSTI_SLOT_LOADING] = {
		NO, OSTI_SLOT_EMPTY, OSTI_SLOT_RUNNING, NO, NO, NO, NO,
		NO, NO, NO
	},
	[OSTI_SLOT_RUNNING] = {
		NO, NO, NO, OSTI_SLOT_FROZEN, NO, OSTI_SLOT_EMPTY, NO,
		NO, NO, NO
	},
	[OSTI_SLOT_FROZEN] = {
		NO, NO, NO, NO, OSTI_SLOT_RUNNING, NO,
		OSTI_SLOT_SAVING, NO, NO, NO
	},
	[OSTI_SLOT_SAVING] = {
		NO, NO, NO, NO, NO, NO, NO, NO, OSTI_SLOT_EMPTY,
		OSTI_SLOT_FROZEN
	},
	[OSTI_SLOT_RESTORING] = {
		NO, NO, NO, NO, NO, NO, NO, NO, OSTI_SLOT_FROZEN,
		OSTI_SLOT_EMPTY
	},
};

static struct context make_slot(uint8_t state)
{
	struct context slot;

	/* Not zero, so that a member that changes shows. */
	memset(&slot, 0xa5, sizeof(slot));
	slot.id = 2;
	slot.state = state;
	return slot;
}

static int setup(void **state)
{
	(void)state;
	host_reset();
	return 0;
}

static void test_every_move(void **state)
{
	unsigned int from, event;

	(void)state;
	for (from = 0; from < STATES; from++) {
		for (event = 0; event < SLOT_EVENTS; event++) {
			const uint8_t to = expected[from][event];
			const int64_t ret = to == NO ? OSTI_E_STATE : OSTI_OK;
			struct context want = make_slot(to == NO ? from : to);
			struct context slot = make_slot(from);
			struct context before = make_slot(from);

			assert_int_equal(slot_may(&slot, event), ret);
			assert_memory_equal(&slot, &before, sizeof(slot));
			assert_int_equal(slot_transition(&slot, event), ret);
			assert_memory_equal(&slot, &want, sizeof(slot));
		}
	}
}

/* The boot manager has no state, and there are no others. */
static void test_bugs(void **state)
{
	struct context bm = make_slot(OSTI_SLOT_EMPTY);
	struct context slot = make_slot(STATES);

	(void)state;
	bm.id = OSTI_CONTEXT_BM;
	expect_assert_failure(slot_transition(&bm, SLOT_EV_OPEN));
	assert_int_equal(bm.state, OSTI_SLOT_EMPTY);
	expect_assert_failure(slot_transition(&slot, SLOT_EV_OPEN));
	assert_int_equal(slot.state, STATES);
	slot.state = OSTI_SLOT_EMPTY;
	expect_assert_failure(slot_may(&slot, SLOT_EVENTS));
}

static void test_names(void **state)
{
	(void)state;
	assert_string_equal(slot_state_name(OSTI_SLOT_EMPTY), "empty");
	assert_string_equal(slot_state_name(OSTI_SLOT_LOADING), "loading");
	assert_string_equal(slot_state_name(OSTI_SLOT_RUNNING), "running");
	assert_string_equal(slot_state_name(OSTI_SLOT_FROZEN), "frozen");
	assert_string_equal(slot_state_name(OSTI_SLOT_SAVING), "saving");
	assert_string_equal(slot_state_name(OSTI_SLOT_RESTORING), "restoring");
	assert_string_equal(slot_state_name(STATES), "?");
	assert_string_equal(slot_state_name(0xff), "?");
}

/* ---- The table in the docs ----------------------------------------------- */

#define COLUMNS	(SLOT_EVENTS + 1)
#define CELL	64

/*
 * Cut a row of a Markdown table into cells, without spaces and backquotes, in
 * small letters. Returns false when the line is no row of COLUMNS cells.
 */
static bool read_row(const char *line, char cell[COLUMNS][CELL])
{
	unsigned int col = 0, len = 0;

	if (*line++ != '|')
		return false;
	for (; *line && *line != '\n'; line++) {
		if (*line == '|') {
			if (col == COLUMNS)
				return false;
			cell[col++][len] = '\0';
			len = 0;
		} else if (*line != ' ' && *line != '`') {
			if (col == COLUMNS || len == CELL - 1)
				return false;
			cell[col][len++] = tolower((unsigned char)*line);
		}
	}
	return col == COLUMNS && len == 0;
}

static uint8_t state_named(const char *name)
{
	unsigned int i;

	for (i = 0; i < STATES; i++)
		if (!strcmp(name, slot_state_name(i)))
			return i;
	fail_msg(DOCS ": '%s' is no state of a slot", name);
	return 0;
}

static bool is_heading(char cell[COLUMNS][CELL])
{
	static const char * const names[COLUMNS] = {
		"state", "open", "close", "start", "freeze", "resume", "stop",
		"export", "import", "commit", "abort",
	};
	unsigned int i;

	for (i = 0; i < COLUMNS; i++)
		if (strcmp(cell[i], names[i]))
			return false;
	return true;
}

static void check_row(char cell[COLUMNS][CELL], unsigned int *seen)
{
	const uint8_t from = state_named(cell[0]);
	unsigned int event;

	if (*seen & 1U << from)
		fail_msg(DOCS ": two rows for '%s'", cell[0]);
	*seen |= 1U << from;
	for (event = 0; event < SLOT_EVENTS; event++) {
		struct context slot = make_slot(from);
		const char *to = cell[event + 1];

		if (slot_transition(&slot, event) != OSTI_OK) {
			if (strcmp(to, "-"))
				fail_msg(DOCS ": %s, column %u: '%s', but the code refuses it",
					 cell[0], event + 1, to);
		} else if (strcmp(to, slot_state_name(slot.state))) {
			fail_msg(DOCS ": %s, column %u: '%s', but the code goes to '%s'",
				 cell[0], event + 1, to,
				 slot_state_name(slot.state));
		}
	}
}

static void test_docs(void **state)
{
	char line[512], cell[COLUMNS][CELL];
	bool in_table = false;
	unsigned int seen = 0;
	FILE *f;

	(void)state;
	f = fopen(DOCS, "r");
	if (!f)
		fail_msg("cannot read " DOCS ": run the test at the top of the tree");
	while (fgets(line, sizeof(line), f)) {
		if (!read_row(line, cell)) {
			in_table = false;
			continue;
		}
		if (is_heading(cell))
			in_table = true;
		else if (in_table && !strchr("-:", cell[0][0]))
			check_row(cell, &seen);
	}
	fclose(f);
	if (seen != (1U << STATES) - 1)
		fail_msg(DOCS ": the table of slot states is missing or lacks a state (rows found: %x)",
			 seen);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_every_move, setup),
		cmocka_unit_test_setup(test_bugs, setup),
		cmocka_unit_test_setup(test_names, setup),
		cmocka_unit_test_setup(test_docs, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
