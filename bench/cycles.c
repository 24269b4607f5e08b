// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cycles.c - switches and suspends, measured by guest/bounce.c
 */
#include "cycles.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shell.h"

#define CYCLE_MS	5000	/* deadline for one round trip or suspend */

static void parse_record(struct phone *ph, const json_t *array, double *phase,
			 double per_ms)
{
	double ticks;
	int k;

	if (json_array_size(array) != 1 + OSTI_PHASES)
		device_fail(ph->dev, "bounce printed a record with %zu numbers",
			    json_array_size(array));
	for (k = 0; k < OSTI_PHASES; k++) {
		ticks = json_number_value(json_array_get(array, 1 + k));
		phase[k] = ticks < 0 ? -1 : ticks / per_ms;
	}
}

static void parse_cycle(struct phone *ph, const char *line, struct cycle *c,
			double per_ms)
{
	json_t *array = json_loads(line, 0, NULL);
	size_t i;

	if (json_array_size(array) < 3 || json_array_size(array) > 5)
		device_fail(ph->dev, "bounce printed \"%s\"", line);
	c->total = json_number_value(json_array_get(array, 0)) / per_ms;
	c->slept = json_number_value(json_array_get(array, 1)) / per_ms;
	c->error = json_integer_value(json_array_get(array, 2));
	c->nr_records = json_array_size(array) - 3;
	for (i = 3; i < json_array_size(array); i++)
		parse_record(ph, json_array_get(array, i), c->phase[i - 3],
			     per_ms);
	json_decref(array);
}

/* What bounce left in /tmp/bounce of the OS at the console. */
static void read_cycles(struct phone *ph, struct cycles *out, int n)
{
	char *text, *line, *save, *hz;

	text = shell_run(ph->dev, NULL, "cat /tmp/bounce");
	hz = strstr(text, "hz ");
	if (!hz || sscanf(hz, "hz %lf", &out->hz) != 1)
		device_fail(ph->dev, "bounce told no counter frequency");
	*hz = '\0';
	out->n = 0;
	for (line = strtok_r(text, "\n", &save); line && out->n < n;
	     line = strtok_r(NULL, "\n", &save))
		parse_cycle(ph, line, &out->cycle[out->n++], out->hz / 1000);
	if (out->n != n)
		device_fail(ph->dev, "bounce printed %d cycles, expected %d",
			    out->n, n);
	free(text);
}

void cycles_bounce(struct phone *ph, const char *mode, struct cycles *out, int n)
{
	int far, near;

	phone_switch_key(ph, WORK);
	far = shell_begin(ph->dev, "/data/bounce switch %d %d >/tmp/bounce",
			  PERSONAL, n + 1);
	phone_back(ph, PERSONAL);
	near = shell_begin(ph->dev, "/data/bounce %s %d %d >/tmp/bounce", mode,
			   WORK, n);
	if (shell_end(ph->dev, near, n * CYCLE_MS))
		device_fail(ph->dev, "bounce failed");
	read_cycles(ph, out, strcmp(mode, "mixed") ? n : 2 * n);

	/* Its last switch is still open on the other side. */
	phone_key(ph, WORK);
	if (shell_end(ph->dev, far, PHONE_SWITCH_MS))
		device_fail(ph->dev, "bounce failed in %s", phone_name(WORK));
	ph->at = WORK;
	out->far_failures = shell_number(ph->dev, "sed -n 's/^failures //p' /tmp/bounce");
	phone_switch_key(ph, PERSONAL);
}

int cycles_failures(const struct cycles *c)
{
	int i, n = c->far_failures;

	for (i = 0; i < c->n; i++)
		n += c->cycle[i].error != 0;
	return n;
}

void cycles_totals(const struct cycles *c, struct samples *s)
{
	int i;

	s->n = 0;
	for (i = 0; i < c->n; i++)
		if (!c->cycle[i].error)
			samples_add(s, c->cycle[i].total - c->cycle[i].slept);
}

void cycles_span(const struct cycles *c, int from, int to, struct samples *s)
{
	const double *phase;
	int i, k;

	s->n = 0;
	for (i = 0; i < c->n; i++) {
		for (k = 0; k < c->cycle[i].nr_records; k++) {
			phase = c->cycle[i].phase[k];
			if (phase[from] >= 0 && phase[to] >= 0)
				samples_add(s, phase[to] - phase[from]);
		}
	}
}
