// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_stages_docs.c - which call is for which stage of an image: the tables in
 * the docs, and the code
 */
#include "test.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "context.h"
#include "machine.h"
#include "transfer_state.h"

#define SLOT	2

/* Tests run at the top of the tree. */
#define DOCS	"docs/state-machines.md"
#define CELL	32
#define COLUMNS	10

struct row {
	char cell[COLUMNS][CELL];
	unsigned int cells;
};

/* Cut a row of a Markdown table into cells, without spaces. */
static bool read_row(const char *line, struct row *row)
{
	unsigned int len = 0;

	memset(row, 0, sizeof(*row));
	if (*line++ != '|')
		return false;
	for (; *line && *line != '\n'; line++) {
		if (row->cells == COLUMNS)
			return false;
		if (*line == '|') {
			row->cells++;
			len = 0;
		} else if (*line != ' ') {
			if (len == CELL - 1)
				return false;
			row->cell[row->cells][len++] = *line;
		}
	}
	return len == 0;
}

struct name {
	const char *name;
	unsigned int number;
};

static const struct name stage_names[] = {
	{ "scan", STAGE_SCAN }, { "chunks", STAGE_CHUNKS },
	{ "seal", STAGE_SEAL }, { "sealed", STAGE_SEALED },
	{ "give", STAGE_GIVE }, { "reopen", STAGE_REOPEN },
	{ "known", STAGE_KNOWN },
	{ "manifest", STAGE_MANIFEST }, { "open", STAGE_OPEN },
	{ "place", STAGE_PLACE }, { "clean", STAGE_CLEAN }, { NULL, 0 },
};

static const struct name export_ops[] = {
	{ "SCAN", OP_SCAN }, { "TABLE", OP_TABLE }, { "HAVE", OP_HAVE },
	{ "CHUNK", OP_CHUNK }, { "ATTACH", OP_ATTACH }, { "SEAL", OP_SEAL }, { "READ", OP_READ },
	{ "COMMIT", OP_COMMIT_EXPORT }, { "ABORT", OP_ABORT_EXPORT },
	{ NULL, 0 },
};

static const struct name stored_ops[] = {
	{ "GIVE", OP_GIVE }, { "OPEN", OP_REOPEN }, { "TABLE", OP_TABLE },
	{ "HAVE", OP_HAVE }, { "ATTACH", OP_ATTACH }, { "SEAL", OP_SEAL },
	{ "READ", OP_READ }, { "COMMIT", OP_COMMIT_EXPORT },
	{ "ABORT", OP_ABORT_EXPORT }, { NULL, 0 },
};

static const struct name import_ops[] = {
	{ "WRITE", OP_WRITE }, { "OPEN", OP_OPEN }, { "TABLE", OP_TABLE },
	{ "CHUNK", OP_PLACE }, { "ATTACH", OP_ATTACH }, { "CHECK", OP_CHECK },
	{ "COMMIT", OP_COMMIT_IMPORT }, { "ABORT", OP_ABORT_IMPORT },
	{ NULL, 0 },
};

static unsigned int number_of(const struct name *names, const char *name)
{
	for (; names->name; names++)
		if (!strcmp(names->name, name))
			return names->number;
	fail_msg(DOCS ": '%s' is neither stage nor call", name);
	return 0;
}

/* What the code says, in the words of the tables. */
static const char *answer_of(unsigned int stage, unsigned int op)
{
	unsigned int ended;

	transfer.stage = stage;
	if (stage != STAGE_CLEAN)
		return transfer_may(op) ? "-" : "x";
	for (ended = 0; ended < OPS; ended++) {
		transfer.ended_by = ended;
		if (ended != op && !transfer_may(op))
			return "x";
	}
	transfer.ended_by = op;
	assert_int_equal(transfer_may(op), OSTI_OK);
	return "ended";
}

static bool can_end(unsigned int op)
{
	return op == OP_SCAN || op == OP_CHUNK || op == OP_SEAL ||
	       op == OP_COMMIT_EXPORT || op == OP_GIVE || op == OP_REOPEN ||
	       op == OP_OPEN || op == OP_PLACE ||
	       op == OP_CHECK || op == OP_COMMIT_IMPORT;
}

/* Marks what it has read; all else of the stage must be refused. */
static void check_row(const struct row *row, const struct row *heading,
		      const struct name *ops, bool seen[STAGES][OPS])
{
	const unsigned int stage = number_of(stage_names, row->cell[0]);
	unsigned int i;

	assert_int_equal(row->cells, heading->cells);
	for (i = 1; i < row->cells; i++) {
		const unsigned int op = number_of(ops, heading->cell[i]);
		const char *is = answer_of(stage, op);

		/* What never ends an image need not be asked. */
		if (!strcmp(is, "ended") && !can_end(op))
			is = "-";
		if (strcmp(row->cell[i], is))
			fail_msg(DOCS ": stage %s, call %s: '%s', but the code says '%s'",
				 row->cell[0], heading->cell[i], row->cell[i],
				 is);
		seen[stage][op] = true;
	}
}

static void read_tables(bool seen[STAGES][OPS])
{
	const struct name *ops = NULL;
	struct row row, heading;
	char line[512];
	FILE *f = fopen(DOCS, "r");

	if (!f)
		fail_msg("cannot read " DOCS ": run the test at the top of the tree");
	while (fgets(line, sizeof(line), f)) {
		if (!read_row(line, &row)) {
			ops = NULL;
		} else if (!strcmp(row.cell[0], "export") &&
			   !strcmp(row.cell[1], "SCAN")) {
			context_get(SLOT)->state = OSTI_SLOT_SAVING;
			ops = export_ops;
			heading = row;
		} else if (!strcmp(row.cell[0], "stored") &&
			   !strcmp(row.cell[1], "GIVE")) {
			context_get(SLOT)->state = OSTI_SLOT_EMPTY;
			ops = stored_ops;
			heading = row;
		} else if (!strcmp(row.cell[0], "import") &&
			   !strcmp(row.cell[1], "WRITE")) {
			context_get(SLOT)->state = OSTI_SLOT_RESTORING;
			ops = import_ops;
			heading = row;
		} else if (ops && row.cell[0][0] != '-') {
			check_row(&row, &heading, ops, seen);
		}
	}
	fclose(f);
}

static void test_docs(void **state)
{
	bool seen[STAGES][OPS] = { { false } };
	unsigned int stage, op;

	(void)state;
	machine_boot(1);
	transfer.slot = context_get(SLOT);
	read_tables(seen);
	/* A call of the other kind, or of none, is not in the tables. */
	for (stage = 0; stage < STAGES; stage++) {
		unsigned int rows = 0;

		for (op = 0; op < OPS; op++) {
			rows += seen[stage][op];
			if (!seen[stage][op])
				assert_string_equal(answer_of(stage, op), "-");
		}
		assert_true(rows || stage == STAGE_NONE);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_docs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
