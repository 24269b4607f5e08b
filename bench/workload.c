// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * workload.c - what an OS has in its memory, and does, while it is measured
 */
#include "workload.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shell.h"

#define USES		30
#define USE_MS		120000
#define CHURNS		12

void workload_start(struct phone *ph)
{
	shell_do(ph->dev, "/bench/workload hold %d", WORKLOAD_MIB);
	workload_churn(ph, CHURNS, NULL);
}

void workload_use(struct phone *ph, int pause_ms)
{
	int id = shell_begin(ph->dev, "/bench/use %d %d", USES, pause_ms);

	if (shell_end(ph->dev, id, USE_MS))
		device_fail(ph->dev, "/bench/use failed");
}

void workload_check(struct phone *ph)
{
	shell_do(ph->dev, "/bench/workload check");
}

void workload_churn(struct phone *ph, int n, struct samples *s)
{
	char *text = shell_run(ph->dev, NULL, "/bench/workload churn %d", n);
	char *line, *save;
	int lines = 0;

	for (line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		lines++;
		if (s)
			samples_add(s, strtod(line, NULL));
	}
	if (lines != n)
		device_fail(ph->dev, "\"workload churn %d\" printed %d lines", n,
			    lines);
	free(text);
}

double workload_answer(struct phone *ph, int id, bool hook)
{
	char end[SHELL_PATTERN_LEN], back[64];
	const char *const patterns[] = { end, SHELL_PROMPT, back, NULL };
	bool seen[3] = { false, false, !hook };
	const struct console_match *m;
	double ms = 0;
	int code = 0;

	shell_end_pattern(id, end);
	snprintf(back, sizeof(back), "osti: %s is back", phone_name(PERSONAL));
	while (!seen[0] || !seen[1] || !seen[2]) {
		m = device_expect_any(ph->dev, patterns, PHONE_IMAGE_MS);
		seen[m->index] = true;
		if (m->index == 0) {
			ms = m->ms;
			code = atoi(m->group[1]);
		}
	}
	if (code)
		device_fail(ph->dev, "the command that %s was left by exited with %d, expected 0",
			    phone_name(PERSONAL), code);
	ph->at = PERSONAL;
	return ms;
}
