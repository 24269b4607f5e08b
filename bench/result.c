// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * result.c - samples, statistics, and the report of a bench
 */
#include "result.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RESULTS_MAX	192
#define NOTES_MAX	32

struct result {
	char name[48];
	const char *unit;
	double value, p99;
	int n;			/* 0: a single number */
	enum goal goal;
	double limit;
};

static struct result results[RESULTS_MAX];
static int nr_results;
static const char *notes[NOTES_MAX];
static int nr_notes;

void samples_add(struct samples *s, double value)
{
	if (s->n == SAMPLES_MAX) {
		fprintf(stderr, "bench: more than %d samples\n", SAMPLES_MAX);
		abort();
	}
	s->value[s->n++] = value;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

double samples_median(struct samples *s)
{
	if (!s->n) {
		fprintf(stderr, "bench: a median of nothing\n");
		abort();
	}
	qsort(s->value, s->n, sizeof(s->value[0]), by_value);
	return (s->value[(s->n - 1) / 2] + s->value[s->n / 2]) / 2;
}

double samples_p99(struct samples *s)
{
	qsort(s->value, s->n, sizeof(s->value[0]), by_value);
	return s->value[(s->n * 99 + 99) / 100 - 1];
}

static struct result *add(const char *name, double value, const char *unit,
			  enum goal goal, double limit)
{
	struct result *r = &results[nr_results];

	if (nr_results == RESULTS_MAX) {
		fprintf(stderr, "bench: more than %d results\n", RESULTS_MAX);
		abort();
	}
	nr_results++;
	snprintf(r->name, sizeof(r->name), "%s", name);
	r->unit = unit;
	r->value = value;
	r->goal = goal;
	r->limit = limit;
	return r;
}

void result_value(const char *name, double value, const char *unit,
		  enum goal goal, double limit)
{
	add(name, value, unit, goal, limit);
}

void result_samples(const char *name, struct samples *s, const char *unit,
		    enum goal goal, double limit)
{
	struct result *r = add(name, samples_median(s), unit, goal, limit);

	r->p99 = samples_p99(s);
	r->n = s->n;
}

void result_note(const char *text)
{
	if (nr_notes == NOTES_MAX) {
		fprintf(stderr, "bench: more than %d notes\n", NOTES_MAX);
		abort();
	}
	notes[nr_notes++] = text;
}

static bool met(const struct result *r)
{
	switch (r->goal) {
	case GOAL_AT_MOST:
		return r->value <= r->limit;
	case GOAL_AT_LEAST:
		return r->value >= r->limit;
	default:
		return true;
	}
}

static int print_table(void)
{
	const struct result *r;
	int missed = 0, i;
	char text[32];

	printf("\n%-28s %12s %12s %6s  %-6s goal\n", "", "median", "p99", "n",
	       "unit");
	for (i = 0; i < nr_results; i++) {
		r = &results[i];
		printf("%-28s %12.6g ", r->name, r->value);
		if (r->n)
			printf("%12.6g %6d", r->p99, r->n);
		else
			printf("%12s %6s", "", "");
		printf("  %-6s", r->unit);
		if (r->goal != GOAL_NONE) {
			snprintf(text, sizeof(text), "%s %g",
				 r->goal == GOAL_AT_MOST ? "<=" : ">=", r->limit);
			printf(" %-8s %s", text, met(r) ? "met" : "MISSED");
		}
		missed += !met(r);
		printf("\n");
	}
	printf("\n");
	for (i = 0; i < nr_notes; i++)
		printf("%s\n", notes[i]);
	return missed;
}

/* What another run left: of that, all that was not measured now is kept. */
static json_t *begin_file(const char *path, bool keep)
{
	json_t *all = keep ? json_load_file(path, 0, NULL) : NULL;

	return json_is_object(all) ? all : json_object();
}

int result_write(const char *path, bool keep)
{
	json_t *all = begin_file(path, keep), *one;
	const struct result *r;
	char temporary[512];
	int i;

	for (i = 0; i < nr_results; i++) {
		r = &results[i];
		one = json_pack("{s:f, s:s}", r->n ? "median" : "value",
				r->value, "unit", r->unit);
		if (r->n) {
			json_object_set_new(one, "p99", json_real(r->p99));
			json_object_set_new(one, "n", json_integer(r->n));
		}
		if (r->goal != GOAL_NONE) {
			json_object_set_new(one, r->goal == GOAL_AT_MOST ?
					    "at_most" : "at_least",
					    json_real(r->limit));
			json_object_set_new(one, "met", json_boolean(met(r)));
		}
		json_object_set_new(all, r->name, one);
	}
	snprintf(temporary, sizeof(temporary), "%s.new", path);
	if (json_dump_file(all, temporary, JSON_INDENT(2)) ||
	    rename(temporary, path)) {
		perror(path);
		exit(1);
	}
	json_decref(all);
	return print_table();
}
