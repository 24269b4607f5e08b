// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * shell.c - run commands in the shell on a device's console
 */
#include "shell.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fail.h"

#define MAX_COMMAND	800
#define MONITOR_LINE	"osti-mon: "
#define SHOWN		1000	/* characters of output in a message */

/*
 * Markers are unique in the transcript. They are typed with quotes inside, so
 * that the echo of the command line does not look like the marker itself.
 */
static int last_id;
static char command[MAX_COMMAND + 1];	/* the last one, for messages */

static int type_command(struct device *dev, const char *fmt, va_list ap)
{
	char line[MAX_COMMAND + 64];
	int n = vsnprintf(command, sizeof(command), fmt, ap);

	if (n < 0 || n > MAX_COMMAND)
		test_fail("shell: the command is longer than %d characters: %s",
			  MAX_COMMAND, command);
	last_id++;
	snprintf(line, sizeof(line), "echo '@'@b%d; { %s; }; echo '@'@e%d $?\n",
		 last_id, command, last_id);
	device_send(dev, line);
	return last_id;
}

void shell_end_pattern(int id, char pattern[SHELL_PATTERN_LEN])
{
	/* With its line end: half a number is a number, too. */
	snprintf(pattern, SHELL_PATTERN_LEN, "@@e%d ([0-9]+)\n", id);
}

/* Also waits for the prompt, so that nothing is typed before it. */
static int wait_end(struct device *dev, int id, double ms, size_t *mark)
{
	char pattern[SHELL_PATTERN_LEN];
	const struct console_match *m;
	int code;

	shell_end_pattern(id, pattern);
	m = device_expect(dev, pattern, ms);
	code = atoi(m->group[1]);
	if (mark)
		*mark = console_mark(device_console(dev));
	device_expect(dev, SHELL_PROMPT, SHELL_MS);
	return code;
}

static bool is_kernel_line(const char *line)
{
	double time;
	int n = 0;

	return sscanf(line, "[%lf] %n", &time, &n) == 1 && n > 0;
}

static void drop_kernel_lines(char *text)
{
	char *to = text, *line, *next;

	for (line = text; *line; line = next) {
		next = strchr(line, '\n');
		next = next ? next + 1 : line + strlen(line);
		if (is_kernel_line(line))
			continue;
		memmove(to, line, next - line);
		to += next - line;
	}
	*to = '\0';
}

/* The monitor shares the serial port; its lines may begin anywhere. */
static void drop_monitor_lines(char *text)
{
	char *line, *end;

	while ((line = strstr(text, MONITOR_LINE))) {
		end = strchrnul(line, '\n');
		if (*end)
			end++;
		memmove(line, end, strlen(end) + 1);
	}
}

static char *run(struct device *dev, int *code, const char *fmt, va_list ap)
{
	struct console *con = device_console(dev);
	char pattern[48], *text, *end;
	size_t from, to;
	int id, ret;

	id = type_command(dev, fmt, ap);
	snprintf(pattern, sizeof(pattern), "@@b%d$", id);
	device_expect(dev, pattern, SHELL_MS);
	from = console_mark(con) + 1;
	ret = wait_end(dev, id, SHELL_MS, &to);
	text = console_text(con, from, to);
	end = strstr(text, "@@e");
	if (end)
		*end = '\0';
	drop_monitor_lines(text);
	drop_kernel_lines(text);
	if (*text && text[strlen(text) - 1] == '\n')
		text[strlen(text) - 1] = '\0';
	if (code)
		*code = ret;
	else if (ret)
		device_fail(dev, "the command \"%s\" exited with %d, expected 0; it printed:\n%.*s",
			    command, ret, SHOWN, text);
	return text;
}

char *shell_run(struct device *dev, int *code, const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = run(dev, code, fmt, ap);
	va_end(ap);
	return text;
}

void shell_do(struct device *dev, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	free(run(dev, NULL, fmt, ap));
	va_end(ap);
}

long long shell_number(struct device *dev, const char *fmt, ...)
{
	long long number;
	va_list ap;
	char *text, *end;

	va_start(ap, fmt);
	text = run(dev, NULL, fmt, ap);
	va_end(ap);
	number = strtoll(text, &end, 0);
	if (end == text || *end)
		device_fail(dev, "the command \"%s\" printed \"%.*s\", expected a number",
			    command, SHOWN, text);
	free(text);
	return number;
}

json_t *shell_json(struct device *dev, const char *fmt, ...)
{
	json_error_t error;
	json_t *json;
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = run(dev, NULL, fmt, ap);
	va_end(ap);
	json = json_loads(text, 0, &error);
	if (!json)
		device_fail(dev, "the command \"%s\" printed no JSON: %s at line %d",
			    command, error.text, error.line);
	free(text);
	return json;
}

int shell_begin(struct device *dev, const char *fmt, ...)
{
	va_list ap;
	int id;

	va_start(ap, fmt);
	id = type_command(dev, fmt, ap);
	va_end(ap);
	return id;
}

int shell_end(struct device *dev, int id, double ms)
{
	return wait_end(dev, id, ms, NULL);
}
