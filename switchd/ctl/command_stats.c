// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * switchctl stats: how long the last switches took, phase by phase
 */
#include "ctl/commands.h"

#include <inttypes.h>
#include <string.h>

#include <osti/abi.h>

#include "common/names.h"
#include "ctl/stats_svg.h"

#define BAR_WIDTH 40

struct record {
	json_int_t number;
	json_int_t source;
	json_int_t target;
	json_int_t slept;
	const char *kind; /* these two belong to the reply */
	json_t *times;
	struct stats_row row;
};

struct table {
	struct record record[OSTI_PHASE_RECORDS]; /* the newest first */
	size_t n;
	json_int_t hz;
	struct stats_row median; /* of the hot switches */
};

static int unpack_record(json_t *value, uint64_t hz, struct record *ret,
			 struct fault *fault)
{
	uint64_t time[OSTI_PHASES];
	size_t i;

	if (commands_unpack(value, fault, "{s:I,s:I,s:I,s:s,s:o,s:I}", "record",
			    &ret->number, "source", &ret->source, "target",
			    &ret->target, "kind", &ret->kind, "times",
			    &ret->times, "slept", &ret->slept) < 0)
		return -1;
	if (json_array_size(ret->times) != OSTI_PHASES) {
		fault_set(fault, FAULT_UNREACHABLE,
			  "switchd's reply makes no sense: %zu phase marks",
			  json_array_size(ret->times));
		return -1;
	}
	for (i = 0; i < OSTI_PHASES; i++)
		time[i] = (uint64_t)json_integer_value(
			json_array_get(ret->times, i));
	stats_compute(time, (uint64_t)ret->slept, hz, &ret->row);
	return 0;
}

static bool is_hot(const struct record *record)
{
	return strcmp(record->kind, names_switch_kind(OSTI_SWITCH_HOT)) == 0;
}

static void compute_median(struct table *table)
{
	double total[OSTI_PHASE_RECORDS];
	double phase[STATS_PHASES][OSTI_PHASE_RECORDS];
	size_t n = 0;
	size_t i;
	size_t k;

	/* A start of an OS takes seconds: it says nothing about a switch. */
	for (i = 0; i < table->n; i++) {
		if (!is_hot(&table->record[i]))
			continue;
		for (k = 0; k < STATS_PHASES; k++)
			phase[k][n] = table->record[i].row.phase[k];
		total[n++] = table->record[i].row.total;
	}
	for (k = 0; k < STATS_PHASES; k++)
		table->median.phase[k] = stats_median(phase[k], n);
	table->median.total = stats_median(total, n);
}

static int unpack_table(json_t *reply, struct table *table, struct fault *fault)
{
	json_t *records;
	json_t *value;
	size_t i;

	if (commands_unpack(reply, fault, "{s:I,s:o}", "counter_hz", &table->hz,
			    "records", &records) < 0)
		return -1;
	table->n = json_array_size(records);
	if (table->hz <= 0 || table->n > OSTI_PHASE_RECORDS) {
		fault_set(
			fault, FAULT_UNREACHABLE,
			"switchd's reply makes no sense: counter or number of records");
		return -1;
	}
	json_array_foreach(records, i, value) {
		if (unpack_record(value, (uint64_t)table->hz, &table->record[i],
				  fault) < 0)
			return -1;
	}
	compute_median(table);
	return 0;
}

static json_t *json_ms(double ms)
{
	return ms < 0 ? json_null() : json_real(ms);
}

static json_t *json_row(const struct stats_row *row)
{
	json_t *object = json_object();
	size_t i;

	for (i = 0; i < STATS_PHASES; i++)
		json_object_set_new(object, stats_phase_name(i),
				    json_ms(row->phase[i]));
	json_object_set_new(object, "total", json_ms(row->total));
	return object;
}

static void print_table_json(const struct table *table)
{
	json_t *records = json_array();
	json_auto_t *all = NULL;
	size_t i;

	for (i = 0; i < table->n; i++) {
		const struct record *record = &table->record[i];

		json_array_append_new(
			records,
			json_pack("{s:I,s:I,s:I,s:s,s:O,s:I,s:o}", "record",
				  record->number, "source", record->source,
				  "target", record->target, "kind",
				  record->kind, "times", record->times, "slept",
				  record->slept, "ms", json_row(&record->row)));
	}
	all = json_pack("{s:I,s:o,s:o}", "counter_hz", table->hz, "records",
			records, "median_ms", json_row(&table->median));
	commands_print_json(all);
}

static void print_ms(double ms)
{
	if (ms < 0)
		printf(" %9s", "-");
	else
		printf(" %9.3f", ms);
}

static void print_row(const struct stats_row *row)
{
	size_t i;

	print_ms(row->total);
	for (i = 0; i < STATS_PHASES; i++)
		print_ms(row->phase[i]);
	putchar('\n');
}

static void print_bars(const struct stats_row *row)
{
	double max = 0;
	size_t i;

	for (i = 0; i < STATS_PHASES; i++)
		if (row->phase[i] > max)
			max = row->phase[i];
	puts("\nMedian per phase of the hot switches, in ms:");
	for (i = 0; i < STATS_PHASES; i++) {
		unsigned int n = stats_bar(row->phase[i], max, BAR_WIDTH);

		printf("  %-8s", stats_phase_name(i));
		print_ms(row->phase[i]);
		if (n)
			printf("  %.*s", (int)n,
			       "########################################");
		putchar('\n');
	}
}

static void print_table(const struct table *table)
{
	size_t i;

	if (!table->n) {
		puts("No switch yet.");
		return;
	}
	printf("%6s  %-6s %-12s %9s", "RECORD", "SLOTS", "KIND", "TOTAL");
	for (i = 0; i < STATS_PHASES; i++)
		printf(" %9s", stats_phase_name(i));
	putchar('\n');
	for (i = 0; i < table->n; i++) {
		const struct record *record = &table->record[i];

		printf("%6" PRId64 "  %" PRId64 " > %-2" PRId64 " %-12s",
		       (int64_t)record->number, (int64_t)record->source,
		       (int64_t)record->target, record->kind);
		print_row(&record->row);
	}
	if (table->median.total < 0)
		return;
	printf("%6s  %-6s %-12s", "median", "", "hot");
	print_row(&table->median);
	print_bars(&table->median);
}

/* A start of an OS takes seconds: beside it nothing of a switch is to be seen. */
static void print_table_svg(const struct table *table)
{
	struct stats_svg_bar bars[OSTI_PHASE_RECORDS];
	size_t n = 0;
	size_t i;

	for (i = 0; i < table->n; i++) {
		const struct record *record = &table->record[i];

		if (!is_hot(record))
			continue;
		bars[n].number = record->number;
		bars[n].source = record->source;
		bars[n].target = record->target;
		bars[n++].row = record->row;
	}
	stats_svg(stdout, bars, n, &table->median);
}

int command_stats(struct connection *connection, const struct options *options,
		  struct fault *fault)
{
	json_auto_t *reply = NULL;
	struct table table;

	if (connection_call(connection, "stats",
			    json_pack("{s:i}", "count", options->count),
			    COMMANDS_TIMEOUT_MS, &reply, fault) < 0)
		return -1;
	memset(&table, 0, sizeof(table));
	if (unpack_table(reply, &table, fault) < 0)
		return -1;
	if (options->json)
		print_table_json(&table);
	else if (options->svg)
		print_table_svg(&table);
	else
		print_table(&table);
	return 0;
}
